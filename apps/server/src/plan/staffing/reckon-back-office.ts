import { INTERVAL_MS } from "@svara/calendar";
import type { RequirementInterval, StaffingInputs } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import { backlogWorkload } from "@svara/workforce/forecasting";
import { headcountOf } from "@svara/workforce/queueing";

/**
 * What work that can wait asks for: in each open quarter of an hour as much is done as keeps the promised time, spread as
 * evenly as it allows. What waits already counts as coming when the plan begins. The weeks after the plan are taken to be like
 * it, so that its end is staffed as its middle is.
 */
export function reckonBackOffice(
  expected: readonly { readonly at: Instant; readonly mean: number }[],
  inputs: StaffingInputs,
): RequirementInterval[] {
  const ordered = expected.toSorted((a, b) => a.at - b.at);
  const first = ordered[0]?.at;
  if (first === undefined) return [];
  const { target, handleS, shrinkage, minimumAgents } = inputs;
  const promisedMs = (target.serviceLevel?.thresholdS ?? USUAL_PROMISE_S) * 1000;
  const weeks = Math.ceil(((ordered.at(-1)?.at ?? first) + INTERVAL_MS - first) / WEEK_MS);
  const endless = [...ordered, ...ordered.map(({ at, mean }) => ({ at: at + weeks * WEEK_MS, mean }))];
  const { intervals } = backlogWorkload({
    intervalMs: INTERVAL_MS,
    workingIntervals: endless.map(({ at }) => at),
    arrivals: endless.map(({ at, mean }) => ({ at, count: mean })),
    backlog: inputs.backlog > 0 ? [{ cameAt: first, count: inputs.backlog }] : [],
    responseTargetMs: promisedMs,
  });
  const came = new Map(ordered.map(({ at, mean }) => [at, mean]));
  return intervals.slice(0, ordered.length).map(({ at, items }) => {
    const load = (items * handleS * 1000) / INTERVAL_MS;
    const needed = Math.ceil(load / (target.maxOccupancy ?? 1) - ROUNDING);
    const agents = Math.max(needed, minimumAgents);
    return {
      at,
      contacts: rounded(came.get(at) ?? 0),
      load: rounded(load),
      agents,
      headcount: headcountOf(agents, shrinkage),
      serviceLevel: null,
      meanWaitS: null,
      abandon: null,
      occupancy: agents > 0 ? rounded(load / agents) : null,
      decidedBy: needed >= minimumAgents ? "promisedTime" : "atLeast",
    };
  });
}

const WEEK_MS = 7 * 86_400_000;
const USUAL_PROMISE_S = 86_400;
/** A load of 3 that is 3.0000000001 by its sums asks for three. */
const ROUNDING = 1e-6;

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
