import type { Clock } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../database/index.ts";
import {
  forgetOldVersions,
  forgetReasons,
  forgetSteps,
  forgetWishes,
  forgetWord,
} from "./plan-retention.repository.ts";

const DAY_MS = 86_400_000;
/** Why somebody was away is asked about as long as a year's leave is reckoned. */
const REASONS_DAYS = 365;
/** Wishes and the word of publications have had their use by then. */
const WORD_DAYS = 365;
/** Quarrels over a week that is past are over by then; what held in the end stays. */
const HISTORY_DAYS = 90;
const KEPT_VERSIONS = 50;

/** How many rows of planning were emptied or taken away. */
export interface PlanRetention {
  readonly reasons: number;
  readonly versions: number;
  readonly steps: number;
  readonly word: number;
  readonly wishes: number;
}

/**
 * Forgets what planning needs no more: reasons and kinds of leave a year after it, the ways by which a roster came to be
 * three months after its days. Who worked when stays.
 */
export async function applyPlanRetention(db: Kysely<DB>, clock: Pick<Clock, "now">): Promise<PlanRetention> {
  const before = (days: number): number => clock.now() - days * DAY_MS;
  return withScope(db, WHOLE_CENTRE, async (tx) => ({
    reasons: await forgetReasons(tx, before(REASONS_DAYS)),
    versions: await forgetOldVersions(tx, before(HISTORY_DAYS), KEPT_VERSIONS),
    steps: await forgetSteps(tx, before(HISTORY_DAYS)),
    word: await forgetWord(tx, before(WORD_DAYS)),
    wishes: await forgetWishes(tx, before(WORD_DAYS)),
  }));
}
