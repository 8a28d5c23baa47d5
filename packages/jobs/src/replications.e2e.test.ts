import type { AgentId, ClientId, QueueId } from "@svara/kernel";
import { type Scenario, simulate } from "@svara/workforce";
import { describe, expect, test } from "vitest";
import { runComparison, runReplications } from "./replications.ts";

const HOUR_MS = 3_600_000;
const queueId = "q" as QueueId;
const clientId = "client" as ClientId;

function hours(count: number): Scenario {
  const staff = Array.from({ length: 6 }, (_, n) => `agent-${n}` as AgentId);
  return {
    from: 0,
    to: count * HOUR_MS,
    atClose: "drain",
    configuration: [
      {
        type: "config.queue_set",
        queue: {
          id: queueId,
          clientId,
          media: ["voice"],
          requiredSkills: [],
          priority: 0,
          ringTimeoutMs: 18_000,
          wrapUp: { mode: "off" },
        },
      },
      ...staff.map(
        (id) => ({ type: "config.agent_set", agent: { id, skills: {}, slots: { voice: 1 } } }) as const,
      ),
    ],
    shifts: staff.map((agentId) => ({ agentId, from: 0 })),
    arrivals: [
      {
        kind: "poisson",
        item: { medium: "voice", clientId, queueId, initiation: "new" },
        rates: [{ from: 0, perHour: 100 }],
        talk: { kind: "exponential", meanMs: 180_000 },
        patience: { kind: "exponential", meanMs: 120_000 },
      },
    ],
  };
}

describe("replications in threads", { timeout: 60_000 }, () => {
  test("[WF109] the figures are those of one thread, whatever their number, with and without a precision", async () => {
    const options = { seed: 7, replications: 9, intervalMs: 900_000 };
    const alone = simulate(hours(2), options);
    const seen: number[] = [];
    const onProgress = ({ done }: { readonly done: number }): void => void seen.push(done);
    expect(await runReplications(hours(2), options, { threads: 2, onProgress })).toEqual(alone);
    expect(seen.at(-1)).toBe(9);
    const precision = { figure: "serviceLevel", halfWidth: 0.02 } as const;
    const narrow = { seed: 7, replications: 200, precision };
    const stopped = await runReplications(hours(2), narrow, { threads: 2 });
    expect(stopped).toEqual(simulate(hours(2), narrow));
    expect(stopped.replications).toBeLessThan(200);
  });

  test("[WF106] two scenarios are compared pair by pair, as many of one as of the other", async () => {
    const more = { ...hours(2), shifts: [...hours(2).shifts, { agentId: "agent-6" as AgentId, from: 0 }] };
    const seventh = { id: "agent-6" as AgentId, skills: {}, slots: { voice: 1 } };
    const after = {
      ...more,
      configuration: [...more.configuration, { type: "config.agent_set", agent: seventh } as const],
    };
    const compared = await runComparison(hours(2), after, { seed: 7, replications: 8 }, { threads: 2 });
    expect(compared.after.replications).toBe(8);
    expect(compared.difference.total.offered).toEqual({ value: 0, halfWidth: 0 });
    const { value, halfWidth } = compared.difference.total.abandonRate;
    expect((value ?? 0) + (halfWidth ?? 1)).toBeLessThan(0);
  });

  test("[WF109] it is cancelled at once, and a scenario that is none is told", async () => {
    const stop = new AbortController();
    const running = runReplications(
      hours(1000),
      { seed: 1, replications: 1000 },
      { threads: 1, signal: stop.signal, onProgress: () => stop.abort() },
    );
    await expect(running).rejects.toMatchObject({ code: "job.cancelled" });
    const backwards = { ...hours(1), from: 2 * HOUR_MS };
    await expect(runReplications(backwards, { seed: 1 }, { threads: 1 })).rejects.toMatchObject({
      code: "workforce.bad_scenario",
    });
  });
});
