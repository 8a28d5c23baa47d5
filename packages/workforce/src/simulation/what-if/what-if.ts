import type { QueuePolicy } from "@svara/insight";
import { type Instant, type QueueId, SvaraError } from "@svara/kernel";
import { type Dissatisfaction, fitDissatisfaction } from "../../forecasting/dissatisfaction.ts";
import { BlockPlan } from "../block-plan.ts";
import { FloorRun } from "../floor-run.ts";
import { FloorTally } from "../floor-tally.ts";
import type { Scenario } from "../scenario.ts";
import { type Assumption, assumptionsOf } from "./assumptions.ts";
import { checkChange } from "./check-change.ts";
import type { FloorRecord } from "./floor-record.ts";
import type { ObservedWait } from "./patience-fit.ts";
import { observedWaits, recordedScenario, type WhatIfChange } from "./recorded-scenario.ts";
import {
  differencesOf,
  type Estimates,
  errorsOf,
  estimatesOf,
  type FloorNumbers,
  type Numbers,
  numbersOf,
} from "./what-if-figures.ts";

/** What to ask of a record. */
export interface WhatIfOptions extends WhatIfChange {
  /** 1 if absent. */
  readonly seed?: number;
  /** 20 if absent. */
  readonly replications?: number;
}

/** What happened beside what would have happened. */
export interface Comparison {
  readonly happened: Numbers;
  /** Simulated under the rules and the staff of the record. */
  readonly sameRules: Estimates;
  /** `sameRules` less `happened`: what the model itself gets wrong. */
  readonly modelError: Estimates;
  /** Simulated under the rules and staff that were asked for; null when none were. */
  readonly changed: Estimates | null;
  /** `changed` less `sameRules`, run by run with the same chance. */
  readonly difference: Estimates | null;
}

/** A queue with what its service level counts as in time: that of the record's reader, or its own target. */
export interface QueueComparison extends Comparison {
  readonly queueId: QueueId;
  readonly thresholdMs: number;
  /** What waiting did to those who called it, by the whole second. */
  readonly dissatisfaction: Dissatisfaction;
}

/** The answer, as plain JSON. */
export interface WhatIfResult {
  readonly from: Instant;
  readonly to: Instant;
  readonly seed: number;
  readonly replications: number;
  /** Of the intervals: `halfWidth` on either side of `value`. */
  readonly confidence: number;
  /** Judges all queues if the reader was given one, else those without a target of their own. */
  readonly policy: QueuePolicy;
  readonly queues: readonly QueueComparison[];
  readonly total: Comparison;
  /** Of all queues together; a journal knows no scores. */
  readonly dissatisfaction: Dissatisfaction;
  readonly assumptions: readonly Assumption[];
}

/**
 * Asks what would have been under other rules or with other staff, with the recorded arrivals. Without either it shows how
 * near the model comes to what happened. Throws `workforce.bad_scenario`, and `workforce.rules_file` or `workforce.staff_file`
 * for a change that names what the record does not know.
 */
export function whatIf(record: FloorRecord, options: WhatIfOptions = {}): WhatIfResult {
  const { seed = 1, replications = 20 } = options;
  const policyOf = (queueId: QueueId): QueuePolicy =>
    record.happened.queues.get(queueId)?.policy ?? record.policy;
  if (!Number.isInteger(replications) || replications < 1) {
    throw new SvaraError(`a what-if needs at least one replication, not ${replications}`, {
      code: "workforce.bad_scenario",
      httpStatus: 422,
      field: "replications",
    });
  }
  const lengthMs = record.to - record.from;
  const happened = numbersOf(record.happened, lengthMs);
  const asItWas = recordedScenario(record);
  const change: WhatIfChange = {
    ...(options.rules ? { rules: options.rules } : {}),
    ...(options.staff ? { staff: options.staff } : {}),
  };
  checkChange(record, change);
  const isChanged = options.rules !== undefined || options.staff !== undefined;
  const run = (scenario: Scenario): FloorNumbers[] =>
    Array.from({ length: replications }, (_, replication) => {
      const tally = new FloorTally({ plan: new BlockPlan(scenario.from, scenario.to, 1), policyOf });
      new FloorRun(scenario, { tally, seed, replication }).run();
      return numbersOf(tally, lengthMs);
    });
  const same = run(asItWas.scenario);
  const changed = isChanged ? run(recordedScenario(record, change).scenario) : null;
  const compare = (of: (floor: FloorNumbers) => Numbers): Comparison => {
    const was = of(happened);
    const sameRuns = same.map(of);
    const changedRuns = changed?.map(of);
    return {
      happened: was,
      sameRules: estimatesOf(sameRuns),
      modelError: errorsOf(sameRuns, was),
      changed: changedRuns ? estimatesOf(changedRuns) : null,
      difference: changedRuns ? differencesOf(changedRuns, sameRuns) : null,
    };
  };
  const queueIds = new Set(
    [happened, ...same, ...(changed ?? [])].flatMap((floor) => [...floor.queues.keys()]),
  );
  const waits = observedWaits(record);
  return {
    from: record.from,
    to: record.to,
    seed,
    replications,
    confidence: 0.95,
    policy: record.policy,
    queues: [...queueIds].map((queueId) => ({
      queueId,
      thresholdMs: policyOf(queueId).thresholdMs,
      ...compare((floor) => floor.queues.get(queueId) ?? NOTHING),
      dissatisfaction: bySecond(waits.get(queueId) ?? []),
    })),
    total: compare((floor) => floor.total),
    dissatisfaction: bySecond([...waits.values()].flat()),
    assumptions: assumptionsOf(record, asItWas, change, { seed, replications }),
  };
}

/** Steps of a curve by the second are as many as seconds, however many called. */
function bySecond(waits: readonly ObservedWait[]): Dissatisfaction {
  return fitDissatisfaction(
    waits.map(({ waitMs, gaveUp }) => ({ waitMs: 1000 * Math.ceil(waitMs / 1000), gaveUp })),
  );
}

const NOTHING = numbersOf(new FloorTally({ plan: new BlockPlan(0, 1, 1) }), 1).total;
