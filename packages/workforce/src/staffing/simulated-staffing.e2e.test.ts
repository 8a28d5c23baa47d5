import { expect, test } from "vitest";
import { OfferedLoad } from "./offered-load.ts";
import { simulatedStaffing } from "./simulated-staffing.ts";

const QUARTER = 900_000;

/** A morning that doubles within the hour and falls again: 60 to 180 contacts an hour of ten minutes, twelve hours. */
const DEMAND = {
  from: 0,
  intervalMs: QUARTER,
  arrivals: Array.from({ length: 48 }, (_, i) => 30 + 15 * Math.sin((2 * Math.PI * i) / 16)),
  handling: { kind: "exponential", meanMs: 600_000 },
} as const;
const TARGETS = { serviceLevel: { share: 0.8, thresholdS: 20 } };

test("[WF68] the simulated router confirms the model within an agent, and every interval meets its target", () => {
  const found = simulatedStaffing({
    demand: DEMAND,
    targets: TARGETS,
    patience: 180,
    seed: 1,
    replications: 150,
  });
  expect(found.settled).toBe(true);
  for (const { agents, modelled, serviceLevel } of found.intervals.slice(1)) {
    expect(Math.abs(agents - modelled)).toBeLessThanOrEqual(1);
    expect((serviceLevel.value ?? 0) + 2 * (serviceLevel.halfWidth ?? 0)).toBeGreaterThan(0.78);
  }
});

test("[WF66] with patience as long as talks, iterated simulation of the router finds the staff of the square-root rule", () => {
  const load = new OfferedLoad(DEMAND);
  const { intervals } = simulatedStaffing({
    demand: DEMAND,
    targets: { maxPWait: 0.1 },
    patience: 600,
    seed: 3,
    replications: 100,
  });
  // within the half-hour after opening the load rises too fast for its mean
  const apart = intervals.slice(2).map(({ agents, at }) => {
    const m = load.mean(at, at + QUARTER);
    return agents - Math.ceil(m + 1.28155 * Math.sqrt(m));
  });
  expect(Math.max(...apart.map(Math.abs))).toBeLessThanOrEqual(2);
  const further = intervals.filter(({ agents, modelled }) => Math.abs(agents - modelled) > 1);
  expect(further.length).toBeLessThanOrEqual(2); // of 48, by the chance of the simulation
});
