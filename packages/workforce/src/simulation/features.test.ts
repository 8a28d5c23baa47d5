import type { QueueId } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { pairedDifferences } from "./compare-simulations.ts";
import type { Distribution } from "./distribution.ts";
import type { PoissonStream, Scenario } from "./scenario.ts";
import { replicate, type SimulationOptions, simulate, summarise } from "./simulate.ts";
import {
  agents,
  CLIENT,
  exponential,
  floor,
  HOUR_MS,
  NEVER,
  queue,
  queueId,
  stream,
} from "./testing/floors.ts";

const HANG_UP_AT_ONCE: Distribution = { kind: "deterministic", ms: 0 };

/** A morning of 100 calls an hour of 3 minutes, which change their minds at the time of an exponential minute. */
function morning(staff: number, more: Partial<PoissonStream> = {}): Scenario {
  const calls = stream("q", 100, { talk: exponential(180_000), patience: exponential(60_000) });
  return floor({
    lengthMs: 4 * HOUR_MS,
    queues: [queue("q")],
    staff: agents("a", staff),
    arrivals: [{ ...calls, ...more }],
  });
}

const total = (scenario: Scenario, options: Partial<SimulationOptions> = {}) =>
  simulate(scenario, { seed: 1, replications: 20, ...options });

describe("customers who try again", () => {
  test("[WF101] who gave up or was turned away comes again with the chance given, and is counted apart", () => {
    const retrial = { probability: 0.5, delay: exponential(120_000) };
    const nobody = morning(1, {
      patience: HANG_UP_AT_ONCE,
      talk: { kind: "deterministic", ms: 8 * HOUR_MS },
      retrial,
    });
    const { total: lost } = total(nobody);
    const first = (lost.offered.value ?? 0) - (lost.retrials.value ?? 0);
    expect(first).toBeGreaterThan(380);
    expect((lost.retrials.value ?? 0) / first).toBeCloseTo(0.98, 1); // 1/2 + 1/4 + ... less those after closing
    const full = queue("q", {
      overflow: [{ id: "full", afterMs: 0, lengthOver: 0, to: { kind: "hang_up" } }],
    });
    const scenario = morning(1, { patience: NEVER, retrial: { ...retrial, probability: 1, mostTimes: 2 } });
    const blocked = total({ ...scenario, configuration: [full, ...scenario.configuration.slice(1)] });
    expect(blocked.total.counts.retrials).toBeGreaterThan(0.9 * blocked.total.counts.flowOut * (2 / 3));
    expect(blocked.total.counts.retrials).toBeLessThan(blocked.total.counts.flowOut);
  });

  test("[WF101] more staff serve the same customers: whoever comes the first time comes at the same time", () => {
    const retrial = { probability: 0.7, delay: exponential(60_000) };
    const firsts = [4, 6].map((staff) => {
      const { counts } = total(morning(staff, { retrial }), { replications: 3 }).total;
      return counts.offered - counts.retrials;
    });
    expect(firsts[0]).toBe(firsts[1]);
  });
});

test("[WF102] who would rather be called keeps the place, hangs up no more, and is called", () => {
  const callback = { afterMs: 30_000, probability: 1, dial: { kind: "deterministic", ms: 5000 } as const };
  const { total: without } = total(morning(4));
  const { total: all, run } = total(morning(4, { callback }));
  expect(all.counts.callback).toBeGreaterThan(0.3 * without.counts.abandoned);
  expect(all.counts.abandoned).toBeLessThan(without.counts.abandoned);
  expect(all.counts.offered).toBe(
    all.counts.answered + all.counts.abandoned + all.counts.callback + all.counts.waiting,
  );
  expect(run.ignored).toBe(0);
  const { total: half } = total(morning(4, { callback: { ...callback, probability: 0.5, reached: 0.6 } }));
  expect(half.counts.callback).toBeLessThan(all.counts.callback);
  expect(half.counts.callback).toBeGreaterThan(0);
});

test("[WF103] intervals add up to the whole; a stay belongs to the interval in which it came", () => {
  const options = { seed: 2, replications: 5 };
  const scenario = morning(5);
  const { intervals, total: cut, agents: groups } = simulate(scenario, { ...options, intervalMs: 900_000 });
  const whole = simulate(scenario, options);
  expect(cut).toEqual(whole.total);
  expect(groups).toEqual(whole.agents);
  expect(intervals).toHaveLength(16);
  for (const name of ["offered", "answered", "abandoned"] as const) {
    const sum = (intervals ?? []).reduce((all, interval) => all + (interval.total[name].value ?? 0), 0);
    expect(sum).toBeCloseTo(whole.total[name].value ?? 0, 9);
  }
  const uneven = simulate(scenario, { ...options, intervalMs: 3_000_000 }).intervals?.at(-1);
  expect([uneven?.from, uneven?.to]).toEqual([4 * 3_000_000, 4 * HOUR_MS]);
  expect(uneven?.agents.get("all")?.meanLoggedIn.value).toBeCloseTo(5, 9);
});

test("[WF104] those in the system are looked at as often as asked; without a limit they are Poisson at the offered load", () => {
  const scenario = morning(40, { patience: NEVER });
  const { samples } = simulate(scenario, { seed: 3, replications: 60, sampleEveryMs: 600_000 });
  expect(samples?.at).toHaveLength(24);
  const late = (samples?.total ?? []).slice(6).flat();
  const mean = late.reduce((sum, n) => sum + n, 0) / late.length;
  const variance = late.reduce((sum, n) => sum + (n - mean) ** 2, 0) / late.length;
  expect(mean).toBeGreaterThan(4.7);
  expect(mean).toBeLessThan(5.3);
  expect(variance / mean).toBeGreaterThan(0.85);
  expect(variance / mean).toBeLessThan(1.15);
  expect(samples?.total[0]?.every((n) => n === 0)).toBe(true);
  expect(samples?.queues.get(queueId("q"))?.[20]).toEqual(samples?.total[20]);
});

test("[WF105] stops at the first replication at which the figure is known well enough, ten at least", () => {
  const scenario = morning(5);
  const precision = {
    figure: "meanWaitMs",
    queueId: "q" as QueueId,
    halfWidth: 0.1,
    isRelative: true,
  } as const;
  const result = simulate(scenario, { seed: 4, precision, replications: 300 });
  expect(result.isPrecise).toBe(true);
  expect(result.replications).toBeGreaterThan(10);
  expect(result.replications).toBeLessThan(300);
  const { value, halfWidth } = result.total.meanWaitMs;
  expect(halfWidth ?? 1).toBeLessThanOrEqual(0.1 * (value ?? 0));
  const options = { seed: 4 };
  const fewer = Array.from({ length: result.replications - 1 }, (_, n) => replicate(scenario, options, n));
  const before = summarise(scenario, { ...options, precision }, fewer);
  expect(before.isPrecise).toBe(false);
  expect(
    simulate(scenario, { seed: 4, precision: { ...precision, halfWidth: 1e-6 }, replications: 12 }),
  ).toMatchObject({
    replications: 12,
    isPrecise: false,
  });
  for (const wrong of [
    { ...precision, halfWidth: 0 },
    { ...precision, figure: "mood" as "occupancy" },
  ]) {
    expect(() => simulate(scenario, { seed: 1, precision: wrong })).toThrow(/precision|figure/);
  }
});

test("[WF105] a figure that has not varied yet is looked at thirty times; a share of a figure is one of what is true", () => {
  const precision = { figure: "abandoned", halfWidth: 1 } as const;
  const calm = simulate(morning(40), { seed: 4, precision, replications: 300 });
  expect(calm.queues.get("q" as QueueId)?.counts.abandoned).toBe(0);
  expect(calm).toMatchObject({ replications: 30, isPrecise: true });
  const scenario = morning(5);
  const wide = { figure: "meanWaitMs", halfWidth: 0.1, isRelative: true } as const;
  const rough = simulate(scenario, { seed: 4, precision: wide, replications: 300 });
  const { value, halfWidth } = rough.total.meanWaitMs;
  expect(rough.isPrecise).toBe(true);
  expect(halfWidth ?? 1).toBeLessThanOrEqual((0.1 / 1.1) * (value ?? 0));
});

test("[WF106] the difference of two figures is the one less the other, whatever the size of the runs", () => {
  const options = { seed: 3 };
  const runs = (staff: number) => Array.from({ length: 8 }, (_, n) => replicate(morning(staff), options, n));
  const [few, more] = [runs(4), runs(6)];
  const [a, b] = [summarise(morning(4), options, few).total, summarise(morning(6), options, more).total];
  const { total } = pairedDifferences(few, more);
  expect(total.meanWaitMs.value).toBeCloseTo((b.meanWaitMs.value ?? 0) - (a.meanWaitMs.value ?? 0), 6);
  expect(total.abandonRate.value).toBeCloseTo((b.abandonRate.value ?? 0) - (a.abandonRate.value ?? 0), 9);
  expect(total.serviceLevel.value).toBeCloseTo(
    (b.serviceLevel.SL4.value ?? 0) - (a.serviceLevel.SL4.value ?? 0),
    9,
  );
});

test("[WF106] differences are taken run by run, and are known better than the figures", () => {
  const runs = [5, 6].map((staff) =>
    Array.from({ length: 20 }, (_, n) => replicate(morning(staff), { seed: 5 }, n)),
  );
  const [five = [], six = []] = runs;
  const { total: difference } = pairedDifferences(five, six);
  expect(difference.offered).toEqual({ value: 0, halfWidth: 0 });
  const apart = [five, six].map((side) => summarise(morning(5), { seed: 5 }, side).total.abandonRate);
  const widths = apart.map(({ halfWidth }) => halfWidth ?? 0);
  expect(difference.abandonRate.value).toBeLessThan(0);
  expect(difference.abandonRate.halfWidth ?? 1).toBeLessThan(0.8 * Math.hypot(...widths));
});

test("[WF107] agents with several slots serve as many chats at once, beside no call", () => {
  const chat: PoissonStream = {
    kind: "poisson",
    item: { medium: "chat", clientId: CLIENT, queueId: queueId("chat"), initiation: "new" },
    rates: [{ from: 0, perHour: 60 }],
    talk: exponential(600_000),
    patience: exponential(120_000),
  };
  const voice = stream("voice", 20, { talk: exponential(180_000), patience: NEVER });
  const scenario = (chats: number): Scenario => {
    const capacity = { apart: [["voice", "chat"]] } as const;
    const staff = agents("a", 5, { slots: { voice: 1, chat: chats }, capacity });
    const made = floor({
      lengthMs: 8 * HOUR_MS,
      queues: [queue("voice", { priority: 1 }), queue("chat", { media: ["chat"] })],
      staff,
      arrivals: [voice, chat],
    });
    return { ...made, shifts: made.shifts.map((shift) => ({ ...shift, media: ["voice", "chat"] })) };
  };
  const [one, three] = [1, 3].map((chats) => total(scenario(chats), { replications: 8 }));
  const lost = (result: typeof one) => result?.queues.get(queueId("chat"))?.abandonRate.value ?? 1;
  expect(lost(one)).toBeGreaterThan(0.4);
  expect(lost(three)).toBeLessThan(0.15);
});

test("[WF108] rules change during the day: from noon on everybody may serve both queues", () => {
  const own = ["one", "two"].flatMap((name, i) =>
    agents(name, i === 0 ? 8 : 2, { queueIds: [queueId(name)] }),
  );
  const times = { talk: exponential(180_000), patience: exponential(120_000) };
  const scenario = floor({
    lengthMs: 8 * HOUR_MS,
    queues: [queue("one"), queue("two")],
    staff: own,
    arrivals: [stream("one", 80, times), stream("two", 80, times)],
  });
  const agenda = own.map((agent) => {
    const { queueIds: _, ...all } = agent;
    return { at: 4 * HOUR_MS, input: { type: "config.agent_set", agent: all } as const };
  });
  const { intervals } = simulate(
    { ...scenario, agenda },
    { seed: 6, replications: 10, intervalMs: 4 * HOUR_MS },
  );
  const lost = intervals?.map(({ queues }) => queues.get(queueId("two"))?.abandonRate.value ?? 0) ?? [];
  expect(lost[0]).toBeGreaterThan(0.4);
  expect(lost[1]).toBeLessThan(0.15);
});
