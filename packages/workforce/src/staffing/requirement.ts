import { type Instant, SvaraError } from "@svara/kernel";
import {
  agentsFor,
  headcountOf,
  type QueueDemand,
  type QueueFigures,
  type StaffingTargets,
  type TargetName,
} from "../queueing/index.ts";
import { agentsForLoads } from "./agents-for-loads.ts";
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
  /** Mean handling time of the contacts of the interval. */
  readonly ahtMs: number;
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

const LOOKS = [1 / 6, 3 / 6, 5 / 6]; // of an interval
const GONE_ERLANG = 0.1; // the tail after closing ends below: nobody is there nine times of ten
const MOST_TAIL_MS = 6 * 3_600_000;

/**
 * The requirement of each interval. Under `offered_load` an interval is staffed as a queue that always has the offered load of
 * that time, looked at three times where it changes quickly (the modified offered load; Jennings, Mandelbaum, Massey & Whitt, "Server staffing to meet time-varying demand",
 * Management Science 42, 1996), with the model that the patience implies: Erlang C, Erlang A or M/M/n+G.
 * Throws `workforce.bad_demand`, `workforce.bad_distribution`, `workforce.bad_target`, and what `agentsFor` throws.
 */
export function requirement(options: RequirementOptions): IntervalRequirement[] {
  const { demand, method = "offered_load", concurrency = 1, atLeast = 0, shrinkage = 0 } = options;
  const { from, intervalMs, arrivals } = demand;
  checkWhole("concurrency", concurrency, 1);
  checkWhole("atLeast", atLeast, 0);
  if (!(shrinkage >= 0 && shrinkage <= 0.99))
    throw badTarget("shrinkage", `is from 0 to 0.99, not ${shrinkage}`);
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
    if (method === "interval") {
      const loadErlang = (count * ahtMs) / intervalMs;
      return needOf({ at, count, ahtMs, loadErlang, loads: [loadErlang] }, options);
    }
    const loads = LOOKS.map((part) => load.at(at + part * intervalMs));
    return needOf({ at, count, ahtMs, loadErlang: load.mean(at, at + intervalMs), loads }, options);
  });
}

function needOf(
  interval: {
    readonly at: Instant;
    readonly count: number;
    readonly ahtMs: number;
    readonly loadErlang: number;
    readonly loads: readonly number[];
  },
  options: RequirementOptions,
): IntervalRequirement {
  const { at, count, ahtMs, loadErlang, loads } = interval;
  const { targets, patience = null, shrinkage = 0, concurrency = 1, atLeast = 0 } = options;
  const answer = isSteady(loads)
    ? agentsFor({ lambdaPerHour: (loadErlang / ahtMs) * 3_600_000, ahtS: ahtMs / 1000, patience }, targets)
    : agentsForLoads({ loads, ahtMs, patience, targets });
  const needed = Math.ceil(answer.agents / concurrency);
  const agents = count > 0 ? Math.max(needed, atLeast) : needed;
  return {
    at,
    arrivals: count,
    ahtMs,
    loadErlang,
    agents,
    headcount: headcountOf(agents, shrinkage),
    decidedBy: agents === 0 ? null : agents > needed ? "atLeast" : answer.decidedBy,
    figures: loadErlang > 0 ? answer.figures : null,
  };
}

/** Whether the load changes by less than a quarter of its own chance. */
function isSteady(loads: readonly number[]): boolean {
  const most = Math.max(...loads);
  return most - Math.min(...loads) <= Math.sqrt(most) / 4;
}

function checkWhole(field: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw badTarget(field, `is a whole number of ${least} or more, not ${value}`);
}

function badTarget(field: string, problem: string): SvaraError {
  return new SvaraError(`${field} ${problem}`, { code: "workforce.bad_target", field, httpStatus: 422 });
}
