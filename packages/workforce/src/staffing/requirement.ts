import { type Instant, SvaraError } from "@svara/kernel";
import {
  agentsFor,
  headcountOf,
  type QueueDemand,
  type QueueFigures,
  type StaffingTargets,
  type TargetName,
} from "../queueing/index.ts";
import { meanMsOf } from "./limited-mean.ts";
import { handlingOf, type IntervalDemand, OfferedLoad } from "./offered-load.ts";

/** How many agents a queue or skill group needs, and for what. */
export interface RequirementOptions {
  readonly demand: IntervalDemand;
  readonly targets: StaffingTargets;
  /** As `agentsFor` takes it: null or absent, nobody hangs up. */
  readonly patience?: QueueDemand["patience"];
  /**
   * `offered_load` (if absent): by the load that lags behind the arrivals, and on after closing until it is gone. `interval`:
   * each interval for itself as if it lasted for ever, the usual way of other tools, which is short of agents after each peak.
   */
  readonly method?: "offered_load" | "interval";
  /** The least while contacts come; 0 if absent. */
  readonly atLeast?: number;
  /** Share of the paid time in which agents are not there for contacts: 0 to 0.99; 0 if absent. */
  readonly shrinkage?: number;
  /** Contacts that an agent has at once (chats); 1 if absent. The handling time is that under such work. */
  readonly concurrency?: number;
}

/** What an interval needs. */
export interface IntervalRequirement {
  readonly at: Instant;
  /** Contacts expected; 0 in the tail after the last interval, in which those who came are served. */
  readonly arrivals: number;
  /** Mean over the interval, in erlang. */
  readonly loadErlang: number;
  /** At work in this queue. */
  readonly agents: number;
  /** To be planned so that so many are at work. */
  readonly headcount: number;
  /** What decided: a target, or the least that was asked for. Null where nobody is needed. */
  readonly decidedBy: TargetName | "atLeast" | null;
  /** What to expect with so many; null where nobody comes. */
  readonly figures: QueueFigures | null;
}

const GONE_ERLANG = 0.1; // the tail after closing ends below: nobody is there nine times of ten
const MOST_TAIL_MS = 6 * 3_600_000;

/**
 * The requirement of each interval. Under `offered_load` an interval is staffed as a queue that always has its mean offered
 * load (the modified offered load; Jennings, Mandelbaum, Massey & Whitt, "Server staffing to meet time-varying demand",
 * Management Science 42, 1996), with the model that the patience implies: Erlang C, Erlang A or M/M/n+G.
 * Throws `workforce.bad_demand`, `workforce.bad_distribution`, `workforce.bad_target`, and what `agentsFor` throws.
 */
export function requirement(options: RequirementOptions): IntervalRequirement[] {
  const { demand, method = "offered_load", concurrency = 1, atLeast = 0 } = options;
  const { from, intervalMs, arrivals } = demand;
  checkWhole("concurrency", concurrency, 1);
  checkWhole("atLeast", atLeast, 0);
  const load = new OfferedLoad(demand);
  const close = from + arrivals.length * intervalMs;
  const end =
    method === "interval"
      ? close
      : Math.min(load.emptyAfter(close, GONE_ERLANG, intervalMs), close + MOST_TAIL_MS);
  return Array.from({ length: Math.round((end - from) / intervalMs) }, (_, index) => {
    const at = from + index * intervalMs;
    const count = arrivals[index] ?? 0;
    const ahtMs = meanMsOf(handlingOf(demand, Math.min(index, arrivals.length - 1)));
    const loadErlang = method === "interval" ? (count * ahtMs) / intervalMs : load.mean(at, at + intervalMs);
    return needOf({ at, count, ahtMs, loadErlang }, options);
  });
}

function needOf(
  interval: {
    readonly at: Instant;
    readonly count: number;
    readonly ahtMs: number;
    readonly loadErlang: number;
  },
  options: RequirementOptions,
): IntervalRequirement {
  const { at, count, ahtMs, loadErlang } = interval;
  const { targets, patience = null, shrinkage = 0, concurrency = 1, atLeast = 0 } = options;
  const answer = agentsFor(
    { lambdaPerHour: (loadErlang / ahtMs) * 3_600_000, ahtS: ahtMs / 1000, patience },
    targets,
    { shrinkage },
  );
  const needed = Math.ceil(answer.agents / concurrency);
  const agents = count > 0 ? Math.max(needed, atLeast) : needed;
  return {
    at,
    arrivals: count,
    loadErlang,
    agents,
    headcount: headcountOf(agents, shrinkage),
    decidedBy: agents === 0 ? null : agents > needed ? "atLeast" : answer.decidedBy,
    figures: loadErlang > 0 ? answer.figures : null,
  };
}

function checkWhole(field: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new SvaraError(`${field} is a whole number of ${least} or more, not ${value}`, {
    code: "workforce.bad_target",
    field,
    httpStatus: 422,
  });
}
