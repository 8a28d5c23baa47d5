import { describe, expect, it } from "vitest";
import { checkFlow } from "./check-flow.ts";
import { farewellFlow, waitingFlow } from "./entry-point.ts";
import { FlowRig } from "./testing.ts";

const identity = { flowId: "f", version: 1 };

function waiting(): FlowRig {
  const rig = new FlowRig(
    waitingFlow({ queueId: "sales", language: "en", music: { kind: "default" } }, identity),
  );
  rig.send({ type: "start" });
  return rig;
}

const offer = { kind: "system", name: "callback-offer", language: "en" } as const;

describe("what rules say to a waiting customer", () => {
  it("[FL24] takes the music's place, and the music goes on after it", () => {
    const rig = waiting();
    const said = { type: "say", prompts: [{ kind: "uploaded", promptId: "busy-day" }] } as const;
    expect(rig.send(said, 60_000)).toEqual(["silence", "play busy-day"]);
    expect(rig.played()).toEqual(["music default"]);
    // said again while it is still said: the later one is heard
    rig.send(said);
    expect(rig.send(said)).toEqual(["silence", "play busy-day"]);
  });

  it("[FL24] says nothing to a customer who does not wait", () => {
    const rig = waiting();
    rig.send({ type: "stop" });
    expect(rig.send({ type: "say", prompts: [offer] })).toEqual([]);
  });

  it("[FL25] key 1 accepts an offered call-back, once, also in the middle of the offer", () => {
    const rig = waiting();
    expect(rig.send({ type: "dtmf", digit: "1" })).toEqual([]);
    rig.send({ type: "say", prompts: [offer], offersCallback: true });
    expect(rig.send({ type: "dtmf", digit: "2" })).toEqual([]);
    expect(rig.send({ type: "dtmf", digit: "1" })).toEqual(["callback accepted"]);
    expect(rig.send({ type: "dtmf", digit: "1" })).toEqual([]);
  });

  it("[FL25] the key holds while the music plays again, and not after the offer was taken back", () => {
    const rig = waiting();
    rig.send({ type: "say", prompts: [offer], offersCallback: true });
    rig.played();
    expect(rig.send({ type: "dtmf", digit: "1" }, 40_000)).toEqual(["callback accepted"]);
    rig.send({ type: "say", prompts: [offer], offersCallback: true });
    rig.send({ type: "callback.off" });
    expect(rig.send({ type: "dtmf", digit: "1" })).toEqual([]);
  });
});

describe("last words", () => {
  it("[FL26] are heard to their end; without any the call ends at once", () => {
    const prompts = [{ kind: "system", name: "callback-promised", language: "en" }] as const;
    const flow = farewellFlow({ language: "en", prompts, outcome: "callback_requested" }, identity);
    const refs = { queues: new Set<string>(), hours: new Set<string>(), prompts: new Set<string>() };
    expect(checkFlow(flow, refs)).toEqual([]);
    const rig = new FlowRig(flow);
    expect(rig.send({ type: "start" })).toEqual(["step farewell", "play callback-promised"]);
    expect(rig.played()).toEqual(["step end", "hangup callback_requested"]);

    const silent = new FlowRig(farewellFlow({ language: "en", prompts: [], outcome: "overflow" }, identity));
    expect(silent.send({ type: "start" })).toEqual(["step end", "hangup overflow"]);
  });
});
