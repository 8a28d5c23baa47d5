import { dayOf, INTERVAL_MS, localDate, type Period } from "@svara/calendar";
import type { HistoryInterval } from "@svara/contracts";
import type { ContactId, Instant, QueueId } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, type Scope, type Tx, withScope } from "../../database/index.ts";
import { importedCounts } from "./history-import.repository.ts";
import { type HistoryOverview, historyOverviews } from "./history-overview.repository.ts";
import { type OwnInterval, ownIntervals, type Steps } from "./queue-quarter.repository.ts";
import {
  contactsOfStays,
  firstOwnStays,
  type Span,
  type StayCount,
  type StaySample,
  staySamples,
} from "./queue-stay.repository.ts";

/** Contacts of one queue in one quarter of an hour, with what is known of their handling. */
export interface PastInterval {
  readonly queueId: QueueId;
  readonly at: Instant;
  readonly offered: number;
  readonly handled: number;
  /** Sum over the handled. */
  readonly handleMs: number;
  readonly source: "own" | "imported";
}

const HOUR_MS = 3_600_000;

/**
 * What happened, for planning: own stays in queues, and before the first of them what was imported. Who may ask is checked
 * by the caller; every question is bounded to the clients of `scope`.
 */
export class PlanHistory {
  readonly #db: Kysely<DB>;

  constructor(db: Kysely<DB>) {
    this.#db = db;
  }

  /** By quarter of an hour; those without a contact are left out. */
  async past(scope: Scope, span: Span): Promise<PastInterval[]> {
    const rows = await withScope(this.#db, scope, (tx) =>
      readSteps(tx, span, { everyMs: INTERVAL_MS }, new Map()),
    );
    return rows.map(({ queueId, at, source, offered, handled, handleMs }) => ({
      queueId,
      at,
      source,
      offered,
      handled,
      handleMs,
    }));
  }

  /** By steps of the clocks: quarters, hours, or days of the zone. */
  async steps(
    scope: Scope,
    question: Span & {
      readonly by: "interval" | "hour" | "day";
      readonly timeZone: string;
      readonly thresholdsMs: ReadonlyMap<QueueId, number>;
    },
  ): Promise<HistoryInterval[]> {
    const { by, timeZone, thresholdsMs } = question;
    const days = by === "day" ? daysOf(question, timeZone) : [];
    const stepMs = by === "hour" ? HOUR_MS : INTERVAL_MS;
    const steps = by === "day" ? { starts: days.map(({ from }) => from) } : { everyMs: stepMs };
    const rows = await withScope(this.#db, scope, (tx) => readSteps(tx, question, steps, thresholdsMs));
    const ends = new Map(days.map(({ from, to }) => [from, to]));
    return rows.map((row) => viewOf(row, ends.get(row.at) ?? row.at + stepMs));
  }

  /** Stays that are over, newest first, at most `limit` of each queue. */
  samples(scope: Scope, span: Span, limit: number): Promise<StaySample[]> {
    return withScope(this.#db, scope, (tx) => staySamples(tx, span, limit));
  }

  /** The contacts that a count was made of. */
  contactsBehind(span: Span, count: StayCount, limit: number, scope: Scope): Promise<ContactId[]> {
    return withScope(this.#db, scope, (tx) => contactsOfStays(tx, span, count, limit));
  }

  /** How much is known of each queue, by days of its own clocks. */
  overviews(
    scope: Scope,
    queues: readonly { readonly id: QueueId; readonly timeZone: string }[],
  ): Promise<ReadonlyMap<QueueId, HistoryOverview>> {
    return withScope(this.#db, scope, (tx) => historyOverviews(tx, queues));
  }
}

type Imported = Awaited<ReturnType<typeof importedCounts>>[number];

interface Step extends OwnInterval {
  readonly source: "own" | "imported";
}

/** What imports do not tell. */
const NOT_KNOWN = { answered: 0, answeredInTime: 0, abandoned: 0, answerWaitMs: 0 } as const;

/** Own contacts, and of each queue the imports before its first own one; a day with both is an own one. */
async function readSteps(
  tx: Tx,
  span: Span,
  steps: Steps,
  thresholdsMs: ReadonlyMap<QueueId, number>,
): Promise<Step[]> {
  const own = await ownIntervals(tx, span, steps, thresholdsMs);
  const first = await firstOwnStays(tx, span.queueIds);
  const before = new Map([...first].map(([queueId, at]) => [queueId, stepBeginning(at, steps)]));
  const imported = await importedCounts(tx, span, steps, before);
  const told = new Map(
    own.map((one): [string, Step] => [`${one.queueId} ${one.at}`, { ...one, source: "own" }]),
  );
  for (const one of imported) {
    const key = `${one.queueId} ${one.at}`;
    const there = told.get(key);
    told.set(key, there ? together(there, one) : { ...NOT_KNOWN, ...one, source: "imported" });
  }
  return [...told.values()].toSorted((a, b) =>
    a.queueId === b.queueId ? a.at - b.at : a.queueId < b.queueId ? -1 : 1,
  );
}

/** Steps of equal length are told by one source; a day may begin with imports. */
function stepBeginning(at: Instant, steps: Steps): Instant {
  return "everyMs" in steps ? at - (at % steps.everyMs) : at;
}

function together(own: Step, { offered, handled, handleMs }: Imported): Step {
  return {
    ...own,
    offered: own.offered + offered,
    handled: own.handled + handled,
    handleMs: own.handleMs + handleMs,
  };
}

function viewOf(step: Step, to: Instant): HistoryInterval {
  const { queueId, at, source, offered, answered, answeredInTime, abandoned, answerWaitMs } = step;
  const { handled, handleMs } = step;
  const isOwn = source === "own";
  return {
    queueId,
    at,
    to,
    source,
    offered,
    answered: isOwn ? answered : null,
    answeredInTime: isOwn ? answeredInTime : null,
    abandoned: isOwn ? abandoned : null,
    averageAnswerMs: isOwn && answered > 0 ? answerWaitMs / answered : null,
    handled,
    averageHandleMs: handled > 0 ? handleMs / handled : null,
  };
}

/** The local days of a span, each from its own midnight to the next. */
function daysOf({ from, to }: Pick<Span, "from" | "to">, timeZone: string): Period[] {
  const days: Period[] = [];
  for (let at = from; at < to; at = days.at(-1)?.to ?? to)
    days.push(dayOf(localDate(at, timeZone), timeZone));
  return days;
}
