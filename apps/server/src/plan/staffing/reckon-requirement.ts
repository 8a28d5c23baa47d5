import { INTERVAL_MS } from "@svara/calendar";
import type { RequirementInterval, StaffingInputs } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { PatienceInput, StaffingTargets } from "@svara/workforce/queueing";
import { type IntervalRequirement, requirement } from "@svara/workforce/staffing";
import { reckonBackOffice } from "./reckon-back-office.ts";

/** Contacts that are expected in quarters of an hour; those that are not named are closed. */
export interface ExpectedInterval {
  readonly at: Instant;
  readonly mean: number;
}

/** So long without an open quarter parts one day from the next: what was in hand before is done. */
const APART_MS = 4 * 3_600_000;
/** A run without a pause is cut after a day; the hours before a cut are reckoned again for what they leave over. */
const LONGEST = 96;
const LEAD = 16;

/**
 * What a queue's expected contacts ask for, quarter by quarter: the modified offered load, which lags behind the contacts,
 * begins at opening with nobody in hand, and goes on after closing until everybody is served.
 */
export function reckonRequirement(
  expected: readonly ExpectedInterval[],
  inputs: StaffingInputs,
): RequirementInterval[] {
  if (inputs.work === "back_office") return reckonBackOffice(expected, inputs);
  const needs = new Map<Instant, RequirementInterval>();
  for (const { from, counts, lead } of runsOf(expected)) {
    const intervals = requirement({
      demand: {
        from,
        intervalMs: INTERVAL_MS,
        arrivals: counts,
        handling: handlingOf(inputs),
        before: lead > 0 ? "steady" : "closed",
      },
      targets: targetsOf(inputs),
      patience: patienceOf(inputs),
      shrinkage: inputs.shrinkage,
      atLeast: inputs.minimumAgents,
    });
    for (const one of intervals.slice(lead)) {
      const before = needs.get(one.at);
      const view = viewOf(one, inputs);
      // the tail of one run may reach into the next: the greater need holds
      if (!before || before.agents < view.agents) needs.set(one.at, view);
    }
  }
  return [...needs.values()].toSorted((a, b) => a.at - b.at);
}

interface Run {
  readonly from: Instant;
  readonly counts: readonly number[];
  /** Intervals at the beginning that are only there for what they leave over. */
  readonly lead: number;
}

/** Stretches without a long pause, the gaps in them as 0; very long ones cut, with the hours before as a lead. */
function runsOf(expected: readonly ExpectedInterval[]): Run[] {
  const ordered = expected.toSorted((a, b) => a.at - b.at);
  const stretches: { from: Instant; counts: number[] }[] = [];
  for (const { at, mean } of ordered) {
    let current = stretches.at(-1);
    const end = current ? current.from + current.counts.length * INTERVAL_MS : 0;
    if (!current || at - end >= APART_MS) {
      current = { from: at, counts: [] };
      stretches.push(current);
    } else for (let gap = end; gap < at; gap += INTERVAL_MS) current.counts.push(0);
    current.counts.push(mean);
  }
  return stretches.flatMap(({ from, counts }) => {
    const runs: Run[] = [];
    for (let first = 0; first < counts.length; first += LONGEST) {
      const lead = Math.min(LEAD, first);
      runs.push({
        from: from + (first - lead) * INTERVAL_MS,
        counts: counts.slice(first - lead, first + LONGEST),
        lead,
      });
    }
    return runs;
  });
}

function handlingOf({ handleS, handleScv }: StaffingInputs) {
  const meanMs = handleS * 1000;
  return handleScv > 0
    ? ({ kind: "lognormal", meanMs, scv: handleScv } as const)
    : ({ kind: "deterministic", ms: meanMs } as const);
}

/** The measured curve, else an exponential patience, else nobody gives up. */
function patienceOf({ patienceS, patienceCurve }: StaffingInputs): number | PatienceInput | null {
  if (patienceS === null || patienceCurve === null) return patienceS;
  return { dist: "empirical", points: patienceCurve, between: "lines", tailMeanS: patienceS };
}

/** The targets that are given, in the words of the queueing models. */
function targetsOf({ target }: Pick<StaffingInputs, "target">): StaffingTargets {
  const { serviceLevel, maxMeanWaitS, maxAbandon, maxOccupancy } = target;
  return {
    ...(serviceLevel && { serviceLevel }),
    ...(maxMeanWaitS !== null && { maxMeanWaitS }),
    ...(maxAbandon !== null && { maxAbandon }),
    ...(maxOccupancy !== null && { maxOccupancy }),
  };
}

function viewOf(one: IntervalRequirement, { target }: StaffingInputs): RequirementInterval {
  const { at, arrivals, loadErlang, agents, headcount, decidedBy, figures } = one;
  const thresholdS = target.serviceLevel?.thresholdS;
  const within = figures?.within.find((each) => each.thresholdS === thresholdS) ?? figures?.within[0];
  return {
    at,
    contacts: rounded(arrivals),
    load: rounded(loadErlang),
    agents,
    headcount: rounded(headcount),
    serviceLevel: within ? rounded(within.serviceLevel[target.serviceLevel?.basis ?? "abandonsOut"]) : null,
    meanWaitS: figures ? rounded(figures.meanWaitAllS) : null,
    abandon: figures ? rounded(figures.pAbandon) : null,
    occupancy: figures ? rounded(figures.occupancy) : null,
    decidedBy,
  };
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
