import { describe, expect, it } from "vitest";
import { checkFlow } from "./check-flow.ts";
import { type EntryPointForm, entryPointFlow, waitingFlow } from "./entry-point.ts";
import type { Flow } from "./flow.ts";
import { FlowRig } from "./testing.ts";

const form: EntryPointForm = {
  language: "en",
  greeting: "default",
  recordingNotice: true,
  hoursId: "office",
  queueId: "sales",
  music: "default",
  announcePosition: true,
  announceEstimatedWait: true,
  announceEverySec: 30,
  closedThen: { kind: "hangup" },
  unstaffedThen: { kind: "queue", queueId: "backup" },
};

const entry = (changes: Partial<EntryPointForm> = {}): Flow =>
  entryPointFlow({ ...form, ...changes }, { flowId: "f", version: 3 });

/** A rig whose customer waits in the queue since 0 ms. */
function waiting(changes: Partial<EntryPointForm> = {}): FlowRig {
  const rig = new FlowRig(entry(changes));
  rig.send({ type: "start" });
  rig.played();
  rig.played();
  return rig;
}

describe("a run", () => {
  it("[FL6] plays one step after the other, also past a file that fails", () => {
    const rig = new FlowRig(entry());
    expect(rig.send({ type: "start" })).toEqual(["step hours open", "step greeting", "play greeting"]);
    expect(rig.played("failed")).toEqual(["step notice", "play recording-notice"]);
    expect(rig.played()).toEqual([
      "notice system:en.recording-notice complete",
      "step queue",
      "enter sales new",
      "music default",
    ]);
    expect(rig.run.queueId).toBe("sales");
  });

  it("[FL7] outside the hours the closed message is played, then comes what the form says", () => {
    const rig = new FlowRig(entry());
    rig.world.open = false;
    expect(rig.send({ type: "start" })).toEqual(["step hours closed", "step closed", "play closed"]);
    expect(rig.played()).toEqual(["step closed-hangup", "hangup out_of_hours"]);
    expect(rig.run.over).toBe(true);
  });

  it("[FL8] nobody on duty passes the customer on, when the step says where; a full queue likewise", () => {
    const rig = new FlowRig(entry({ greeting: "mine", recordingNotice: false }));
    rig.world.staffed = false;
    rig.send({ type: "start" });
    expect(rig.played()).toEqual(["step queue unstaffed", "step unstaffed", "play unstaffed"]);
    expect(rig.played()).toEqual(["step unstaffed-queue", "enter backup new", "music default"]);
    const full = new FlowRig({
      ...entry(),
      start: "queue",
      steps: {
        queue: { kind: "queue", queueId: "sales", music: { kind: "default" }, whenFull: "end" },
        end: { kind: "hangup", outcome: "overflow" },
      },
    });
    full.world.full = true;
    expect(full.send({ type: "start" })).toEqual(["step queue full", "step end", "hangup overflow"]);
  });

  it("[FL23] who comes to a full queue hears that all agents are busy", () => {
    const rig = new FlowRig(entry({ recordingNotice: false }));
    rig.world.full = true;
    rig.send({ type: "start" });
    expect(rig.played()).toEqual(["step queue full", "step full", "play all-agents-busy"]);
    expect(rig.played()).toEqual(["step full-hangup", "hangup overflow"]);
  });

  it("[FL9] position and estimated wait are spoken into the music as they are at that instant", () => {
    const rig = waiting();
    rig.world.position = 3;
    rig.world.estimatedWaitMs = 125_000;
    expect(rig.run.nextDue()).toBe(8_000);
    expect(rig.wait(8_000)).toEqual(["silence", "play all-agents-busy-wait position-3 wait-3"]);
    expect(rig.played("done", 6_000)).toEqual(["music default"]);
    rig.world.position = 1;
    rig.world.estimatedWaitMs = undefined;
    expect(rig.wait(24_000)).toEqual(["silence", "play thanks-for-waiting position-next"]);
  });

  it("[FL9] what is not known is not said, and the music goes on", () => {
    const rig = waiting();
    expect(rig.wait(100_000)).toEqual([]);
    expect(rig.run.nextDue()).toBe(128_000);
    const silent = waiting({ announcePosition: false, announceEstimatedWait: false });
    expect(silent.run.nextDue()).toBeUndefined();
  });

  it("[FL9] music that breaks off begins again; music that cannot be played is left alone", () => {
    const rig = waiting();
    expect(rig.played("done")).toEqual(["music default"]);
    expect(rig.played("failed")).toEqual([]);
  });

  const timed: Flow = {
    flowId: "t",
    version: 1,
    language: "sv",
    start: "queue",
    steps: {
      queue: {
        kind: "queue",
        queueId: "sales",
        music: { kind: "uploaded", promptId: "tune" },
        announce: { position: true, estimatedWait: false, firstAfterSec: 8, everySec: 20 },
        timeoutSec: 10,
        whenTimeout: "other",
      },
      other: { kind: "queue", queueId: "backup", music: { kind: "default" } },
    },
  };

  it("[FL10] the time-out takes the customer out, also in the middle of an announcement", () => {
    const rig = new FlowRig(timed);
    rig.world.position = 2;
    rig.send({ type: "start" });
    rig.wait(8_000);
    expect(rig.wait(2_000)).toEqual([
      "silence",
      "leave sales timeout",
      "step queue timeout",
      "step other",
      "enter backup overflow",
      "music default",
    ]);
  });

  it("[FL11] a run for a transferred customer enters by transfer", () => {
    const flow = waitingFlow(
      { language: "ru", queueId: "support", music: { kind: "default" } },
      { flowId: "w", version: 1 },
    );
    const rig = new FlowRig(flow, { initiation: "transfer" });
    expect(rig.send({ type: "start" })).toEqual(["step queue", "enter support transfer", "music default"]);
  });

  it("[FL12] a notice that was cut short is proof of nothing", () => {
    const rig = new FlowRig(entry({ greeting: "mine" }));
    rig.send({ type: "start" });
    rig.played();
    expect(rig.send({ type: "stop" })).toEqual(["silence", "notice system:en.recording-notice cut"]);
  });

  it("[FL13] stop silences once, and nothing happens afterwards", () => {
    const rig = waiting();
    expect(rig.send({ type: "stop" })).toEqual(["silence"]);
    expect(rig.send({ type: "stop" })).toEqual([]);
    expect(rig.wait(100_000)).toEqual([]);
    expect(rig.run.over).toBe(true);
  });

  it("[FL14] every step is written with the way taken", () => {
    const rig = new FlowRig(entry());
    rig.send({ type: "start" });
    expect(rig.effects[0]).toEqual({
      type: "flow.step",
      flowId: "f",
      flowVersion: 3,
      step: "hours",
      stepKind: "hours",
      exit: "open",
    });
  });

  it("[FL15] late is as if in time; playbacks of others and old ones change nothing", () => {
    const rig = new FlowRig(timed);
    rig.world.position = 2;
    rig.send({ type: "start" });
    const late = rig.wait(60_000);
    expect(late).toEqual([
      "silence",
      "play all-agents-busy-wait position-2",
      "silence",
      "leave sales timeout",
      "step queue timeout",
      "step other",
      "enter backup overflow",
      "music default",
    ]);
    expect(rig.send({ type: "playback.ended", playbackId: "p-1", reason: "stopped" })).toEqual([]);
    expect(rig.send({ type: "dtmf", digit: "1" })).toEqual([]);
  });
});

describe("the form", () => {
  const refs = {
    queues: new Set(["sales", "backup"]),
    hours: new Set(["office"]),
    prompts: new Set(["a", "b", "c", "d"]),
  };

  it("[FL16] becomes a graph without faults, whatever is filled in", () => {
    const then = [{ kind: "hangup" }, { kind: "queue", queueId: "backup" }] as const;
    for (const greeting of [{}, { greeting: "default" }, { greeting: "a" }])
      for (const recordingNotice of [true, false])
        for (const closedThen of then)
          for (const unstaffed of [{}, ...then.map((unstaffedThen) => ({ unstaffedThen }))])
            for (const hours of [{}, { hoursId: "office", closedMessage: "b" }]) {
              const { greeting: _g, hoursId: _h, unstaffedThen: _u, ...rest } = form;
              const flow = entryPointFlow(
                { ...rest, ...greeting, ...hours, ...unstaffed, recordingNotice, closedThen },
                { flowId: "f", version: 1 },
              );
              expect(checkFlow(flow, refs)).toEqual([]);
            }
  });

  it("[FL17] without hours always open, without unstaffedThen everybody waits", () => {
    const { greeting: _g, hoursId: _h, unstaffedThen: _u, ...rest } = form;
    const rig = new FlowRig(entryPointFlow({ ...rest, recordingNotice: false }, { flowId: "f", version: 1 }));
    rig.world.open = false;
    rig.world.staffed = false;
    expect(rig.send({ type: "start" })).toEqual(["step queue", "enter sales new", "music default"]);
  });
});
