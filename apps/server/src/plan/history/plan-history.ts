import { dayOf, INTERVAL_MS, localDate, type Period } from "@svara/calendar";
import type { HistoryInterval } from "@svara/contracts";
import type { ContactId, Instant, QueueId } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, type Scope, type Tx, withScope } from "../../database/index.ts";
import { importedCounts, importedSpans } from "./history-import.repository.ts";
import { type HistoryOverview, historyOverviews } from "./history-overview.repository.ts";
import {
  contactsOfStays,
  firstOwnStays,
  ownIntervals,
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

/** How far back a queue's history goes. */
export interface HistorySpan {
  readonly firstOwn: Instant | null;
  readonly first: Instant | null;
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
    const rows = await withScope(this.#db, scope, (tx) => readSteps(tx, span, INTERVAL_MS, new Map()));
    return rows.map(({ own, imported, queueId, at, source }) => ({
      queueId,
      at,
      source,
      offered: own?.offered ?? imported?.offered ?? 0,
      handled: own?.handled ?? imported?.handled ?? 0,
      handleMs: own?.handleMs ?? imported?.handleMs ?? 0,
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
    const stepMs = by === "interval" ? INTERVAL_MS : by === "hour" ? HOUR_MS : INTERVAL_MS;
    const rows = await withScope(this.#db, scope, (tx) => readSteps(tx, question, stepMs, thresholdsMs));
    return by === "day" ? daysOf(rows, timeZone) : rows.map((row) => viewOf(row, stepMs));
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

  /** Since when something is known of each queue. */
  async spans(scope: Scope, queueIds: readonly QueueId[]): Promise<ReadonlyMap<QueueId, HistorySpan>> {
    return withScope(this.#db, scope, async (tx) => {
      const own = await firstOwnStays(tx, queueIds);
      const imported = await importedSpans(tx, queueIds);
      return new Map(
        queueIds.map((queueId) => {
          const firstOwn = own.get(queueId) ?? null;
          const firstImported = imported.get(queueId)?.first ?? null;
          const known = [firstOwn, firstImported].filter((at) => at !== null);
          return [queueId, { firstOwn, first: known.length === 0 ? null : Math.min(...known) }] as const;
        }),
      );
    });
  }
}

type Own = Awaited<ReturnType<typeof ownIntervals>>[number];
type Imported = Awaited<ReturnType<typeof importedCounts>>[number];

interface Step {
  readonly queueId: QueueId;
  readonly at: Instant;
  readonly source: "own" | "imported";
  readonly own?: Own;
  readonly imported?: Imported;
}

/** Own stays, and of each queue the imports before its first own one. */
async function readSteps(
  tx: Tx,
  span: Span,
  stepMs: number,
  thresholdsMs: ReadonlyMap<QueueId, number>,
): Promise<Step[]> {
  const own = await ownIntervals(tx, span, stepMs, thresholdsMs);
  const first = await firstOwnStays(tx, span.queueIds);
  const imported = await importedCounts(tx, span, stepMs);
  return [
    ...own.map((one): Step => ({ queueId: one.queueId, at: Number(one.at), source: "own", own: one })),
    ...imported
      .filter(({ queueId, at }) => Number(at) + stepMs <= (first.get(queueId) ?? Number.POSITIVE_INFINITY))
      .map((one): Step => ({ queueId: one.queueId, at: Number(one.at), source: "imported", imported: one })),
  ].toSorted((a, b) => (a.queueId === b.queueId ? a.at - b.at : a.queueId < b.queueId ? -1 : 1));
}

function viewOf({ queueId, at, source, own, imported }: Step, stepMs: number): HistoryInterval {
  const handled = own?.handled ?? imported?.handled ?? 0;
  const handleMs = own?.handleMs ?? imported?.handleMs ?? 0;
  return {
    queueId,
    at,
    to: at + stepMs,
    source,
    offered: own?.offered ?? imported?.offered ?? 0,
    answered: own?.answered ?? null,
    answeredInTime: own?.answeredInTime ?? null,
    abandoned: own?.abandoned ?? null,
    averageAnswerMs: own && own.answered > 0 ? own.answerWaitMs / own.answered : null,
    handled,
    averageHandleMs: handled > 0 ? handleMs / handled : null,
  };
}

/** Quarters of an hour added up to local days; a day with own contacts is an own one. */
function daysOf(steps: readonly Step[], timeZone: string): HistoryInterval[] {
  const starts = new DayStarts(timeZone);
  const byDay = Map.groupBy(steps, (step) => `${step.queueId} ${starts.of(step.at).from}`);
  return [...byDay.values()].flatMap((day) => {
    const [first] = day;
    if (!first) return [];
    const sum = (of: (one: Own) => number): number =>
      day.reduce((total, { own }) => total + (own ? of(own) : 0), 0);
    const isOwn = day.some(({ own }) => own !== undefined);
    const offered = day.reduce((total, one) => total + (one.own?.offered ?? one.imported?.offered ?? 0), 0);
    const handled = day.reduce((total, one) => total + (one.own?.handled ?? one.imported?.handled ?? 0), 0);
    const handleMs = day.reduce(
      (total, one) => total + (one.own?.handleMs ?? one.imported?.handleMs ?? 0),
      0,
    );
    const answered = sum((own) => own.answered);
    return {
      queueId: first.queueId,
      at: starts.of(first.at).from,
      to: starts.of(first.at).to,
      source: isOwn ? ("own" as const) : ("imported" as const),
      offered,
      answered: isOwn ? answered : null,
      answeredInTime: isOwn ? sum((own) => own.answeredInTime) : null,
      abandoned: isOwn ? sum((own) => own.abandoned) : null,
      averageAnswerMs: answered > 0 ? sum((own) => own.answerWaitMs) / answered : null,
      handled,
      averageHandleMs: handled > 0 ? handleMs / handled : null,
    };
  });
}

/** The local day of an instant, each reckoned once. */
class DayStarts {
  readonly #timeZone: string;
  #day: Period = { from: 0, to: 0 };

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
  }

  of(at: Instant): Period {
    if (at < this.#day.from || at >= this.#day.to)
      this.#day = dayOf(localDate(at, this.#timeZone), this.#timeZone);
    return this.#day;
  }
}
