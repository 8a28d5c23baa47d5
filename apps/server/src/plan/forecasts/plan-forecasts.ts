import { addDays, dayOf, INTERVAL_MS, localDate, WEEKDAYS } from "@svara/calendar";
import type { AdjustmentChange, ForecastDetail, ForecastSeries, ForecastSummary } from "@svara/contracts";
import { runWorkerJob } from "@svara/jobs";
import type { Clock, Ids, Instant, QueueId } from "@svara/kernel";
import type { Forecast, ForecastMethod } from "@svara/workforce/forecasting";
import type { Kysely } from "kysely";
import { type DB, withScope } from "../../database/index.ts";
import { hoursKind, openingHoursOf } from "../../hours/hours-kind.ts";
import { conflict, forbidden, HttpError, invalid, notFound } from "../../http/http-error.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanHistory } from "../history/plan-history.ts";
import type { PlanJobContext } from "../plan-jobs.ts";
import { type PlanQueue, type PlanQueues, planScope } from "../plan-queues.ts";
import { specialDayKind, specialDaysOf } from "../special-days/special-day-kind.ts";
import { flatForecast, usualHours } from "./flat-forecast.ts";
import {
  type AdjustmentRow,
  adjustmentsOf,
  deleteForecast,
  type ForecastRow,
  findForecast,
  insertAdjustment,
  listForecasts,
  type SeriesRow,
  type StoredForecast,
  seriesHeads,
  seriesOf,
  storeForecast,
  undoAdjustment,
  withRequirement,
} from "./forecast.repository.ts";
import type { SeriesAnswer, SeriesRequest } from "./forecast-thread.ts";
import { patienceView, seriesView } from "./forecast-views.ts";
import { ownHandling } from "./queue-outlook.repository.ts";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly office: Office;
  readonly queues: PlanQueues;
  readonly history: PlanHistory;
}

/** What is to be forecast. */
export interface ForecastWish {
  readonly queueIds: readonly string[];
  readonly name?: string | undefined;
  readonly firstDay: string;
  readonly days: number;
  readonly method?: ForecastMethod | "auto" | undefined;
  readonly flat?:
    | {
        readonly contactsPerDay: number;
        readonly handleS: number;
        readonly hoursId?: string | undefined;
      }
    | undefined;
}

/** A wish that was looked at: the work can begin. */
export interface ReadyForecast {
  readonly row: ForecastRow;
  readonly queues: readonly PlanQueue[];
  readonly run: (context: PlanJobContext) => Promise<{ readonly forecastId: string }>;
}

const DAY_MS = 86_400_000;
/** Older history says nothing about the days to come that newer does not say better. */
const LEARNT_MS = 730 * DAY_MS;
/** Handling time and patience are those of the last weeks: they change with people and systems. */
const OUTLOOK_MS = 56 * DAY_MS;
/** Each weekday must have been seen. */
const LEAST_DAYS = 7;
const MOST_WAITS = 20_000;
const FEWEST_HANDLED = 30;
const THREAD = new URL("./forecast-thread.ts", import.meta.url);
const USUAL_HANDLE_MS = 300_000;
const LISTED = 200;

/** Forecasts: made beside the main thread, stored whole, changed by planners with a reason, compared with what came. */
export class PlanForecasts {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Newest first, as far as the caller sees one of their queues. */
  async list(caller: Caller): Promise<ForecastSummary[]> {
    return withScope(this.#parts.db, planScope(caller, "plan.view"), async (tx) => {
      const rows = await listForecasts(tx, LISTED);
      const ids = rows.map(({ id }) => id);
      const heads = Map.groupBy(await seriesHeads(tx, ids), (head) => head.forecastId);
      const changes = Map.groupBy(await adjustmentsOf(tx, ids), (one) => one.forecastId);
      const required = await withRequirement(tx, ids);
      return rows.flatMap((row) => {
        const seen = (heads.get(row.id) ?? []).filter((head) => this.#sees(caller, head));
        return seen.length === 0
          ? []
          : [this.#summary(row, seen, changes.get(row.id) ?? [], required.has(row.id))];
      });
    });
  }

  /** One with its intervals. @throws HttpError 404 */
  async get(caller: Caller, id: string): Promise<ForecastDetail> {
    const { db, queues } = this.#parts;
    return withScope(db, planScope(caller, "plan.view"), async (tx) => {
      const { row, series } = await this.#found(tx, caller, id);
      const changes = await adjustmentsOf(tx, [id]);
      const holding = changes.filter((one) => one.undoneAt === null);
      const heads = (await seriesHeads(tx, [id])).filter((head) => this.#sees(caller, head));
      const required = await withRequirement(tx, [id]);
      return {
        ...this.#summary(row, heads, changes, required.has(id)),
        series: series.map((one) =>
          seriesView(one, holding, {
            name: queues.nameOf(one.queueId),
            medium: this.#medium(one.queueId),
            timeZone: row.timeZone,
          }),
        ),
        changes: changes
          .filter((one) => one.queueId === null || series.some((own) => own.queueId === one.queueId))
          .map((one) => this.#changeView(one)),
        may: { edit: this.#mayEdit(caller, series) },
      };
    });
  }

  /** Checks a wish and gathers what it needs. @throws HttpError 400, 403, 404, 422 `history_too_short` */
  async prepare(caller: Caller, wish: ForecastWish): Promise<ReadyForecast> {
    const { clock, ids, queues } = this.#parts;
    const wanted = queues.ofOneClient(caller, wish.queueIds, "plan.edit");
    const [first] = wanted;
    if (!first) throw invalid([{ field: "queueIds", code: "required", message: "name a queue" }]);
    const row: ForecastRow = {
      id: ids.next(),
      clientId: first.clientId,
      name:
        wish.name ??
        wanted
          .map(({ name }) => name)
          .join(", ")
          .slice(0, 120),
      basis: wish.flat ? "flat" : "history",
      firstDay: wish.firstDay,
      days: wish.days,
      timeZone: first.timeZone,
      madeAt: clock.now(),
      madeBy: caller.userId,
    };
    for (const queue of wish.flat ? wanted : []) this.#flat(wish, queue, 0); // its faults are told at once
    const requests = wish.flat ? [] : await this.#requests(caller, wish, wanted);
    return {
      row,
      queues: wanted,
      run: (context) => this.#make(caller, wish, row, wanted, requests, context),
    };
  }

  /** @throws HttpError 400, 403, 404 */
  async adjust(
    caller: Caller,
    id: string,
    wish: {
      readonly queueId: string | null;
      readonly from: Instant;
      readonly to: Instant;
      readonly change: AdjustmentChange;
      readonly reason: string;
    },
  ) {
    const { db, ids, clock } = this.#parts;
    return withScope(db, planScope(caller, "plan.edit"), async (tx) => {
      const { row, series } = await this.#found(tx, caller, id);
      const touched = series.filter(({ queueId }) => wish.queueId === null || queueId === wish.queueId);
      if (touched.length === 0)
        throw invalid([{ field: "queueId", code: "unknown", message: "the forecast has no such queue" }]);
      if (!this.#mayEdit(caller, touched)) throw forbidden("plan.edit");
      const first = Math.min(...touched.map(({ fromAt }) => fromAt));
      const last = Math.max(...touched.map(({ toAt }) => toAt));
      if (wish.to <= wish.from)
        throw invalid([{ field: "to", code: "before_from", message: "the span ends before it begins" }]);
      if (wish.to <= first || wish.from >= last)
        throw invalid([{ field: "from", code: "outside", message: "the forecast has no interval there" }]);
      const change: AdjustmentRow = {
        id: ids.next(),
        forecastId: id,
        clientId: row.clientId,
        queueId: wish.queueId as QueueId | null,
        fromAt: wish.from,
        toAt: wish.to,
        change: wish.change,
        reason: wish.reason,
        madeAt: clock.now(),
        madeBy: caller.userId,
        undoneAt: null,
        undoneBy: null,
      };
      await insertAdjustment(tx, change);
      return this.#changeView(change);
    });
  }

  /** Takes a change back; twice is harmless. @throws HttpError 403, 404 */
  async undo(caller: Caller, id: string, adjustmentId: string): Promise<void> {
    const { db, clock } = this.#parts;
    await withScope(db, planScope(caller, "plan.edit"), async (tx) => {
      const { series } = await this.#found(tx, caller, id);
      const change = (await adjustmentsOf(tx, [id])).find((one) => one.id === adjustmentId);
      if (!change) throw notFound("change of the forecast");
      const touched = series.filter(({ queueId }) => change.queueId === null || queueId === change.queueId);
      if (touched.length === 0 || !this.#mayEdit(caller, touched)) throw forbidden("plan.edit");
      await undoAdjustment(tx, adjustmentId, caller.userId, clock.now());
    });
  }

  /** @throws HttpError 403, 404, 409 `in_use` */
  async remove(caller: Caller, id: string): Promise<void> {
    await withScope(this.#parts.db, planScope(caller, "plan.edit"), async (tx) => {
      const { series } = await this.#found(tx, caller, id);
      if (!this.#mayEdit(caller, series)) throw forbidden("plan.edit");
      if ((await withRequirement(tx, [id])).has(id))
        throw conflict("in_use", "A requirement was made of this forecast: remove that first");
      await deleteForecast(tx, id);
    });
  }

  /** The forecast beside what came, of days about which something is known. @throws HttpError 404 */
  async accuracy(caller: Caller, id: string) {
    const { clock, history } = this.#parts;
    const detail = await this.get(caller, id);
    const now = clock.now();
    const until = Math.min(now - (now % INTERVAL_MS), dayOf(detail.lastDay, detail.timeZone).to);
    const from = dayOf(detail.firstDay, detail.timeZone).from;
    const queueIds = detail.series.map(({ queue }) => queue.id as QueueId);
    const came =
      until > from ? await history.past(planScope(caller, "plan.view"), { queueIds, from, to: until }) : [];
    const actual = new Map(came.map(({ queueId, at, offered }) => [`${queueId} ${at}`, offered]));
    const days: AccuracyDay[] = [];
    const intervals: { queueId: string; at: Instant; forecast: number; actual: number }[] = [];
    for (const { queue, intervals: planned } of detail.series) {
      const byAt = new Map(planned.map((one) => [one.at, one]));
      for (let i = 0; i < detail.days; i++) {
        const date = addDays(detail.firstDay, i);
        const day = dayOf(date, detail.timeZone);
        if (day.from >= until) break;
        const day_ = { queueId: queue.id, date, from: day.from, to: Math.min(day.to, until) };
        const line = { ...day_, forecast: 0, actual: 0, absoluteError: 0, inside80: 0, intervals: 0 };
        for (let at = line.from; at < line.to; at += INTERVAL_MS) {
          const one = byAt.get(at);
          const there = actual.get(`${queue.id} ${at}`) ?? 0;
          if (!one && there === 0) continue;
          const mean = one?.mean ?? 0;
          line.forecast += mean;
          line.actual += there;
          line.absoluteError += Math.abs(mean - there);
          line.intervals += 1;
          if (one && there >= one.quantiles.p100 - 0.5 && there <= one.quantiles.p900 + 0.5)
            line.inside80 += 1;
          intervals.push({ queueId: queue.id, at, forecast: mean, actual: there });
        }
        if (line.actual > 0) days.push(line);
      }
    }
    const known = new Set(days.map(({ queueId, date }) => `${queueId} ${date}`));
    return {
      until: Math.max(until, from),
      days,
      intervals: intervals.filter(({ queueId, at }) =>
        known.has(`${queueId} ${localDate(at, detail.timeZone)}`),
      ),
    };
  }

  async #requests(
    caller: Caller,
    wish: ForecastWish,
    queues: readonly PlanQueue[],
  ): Promise<SeriesRequest[]> {
    const { clock, history, office } = this.#parts;
    const requests: SeriesRequest[] = [];
    const scope = planScope(caller, "plan.edit");
    const specials = office.catalogue.inUse(specialDayKind).map(({ value }) => value);
    for (const queue of queues) {
      const today = localDate(clock.now(), queue.timeZone);
      const [end = today] = [wish.firstDay, today].toSorted();
      const to = dayOf(end, queue.timeZone).from;
      const past = await history.past(scope, { queueIds: [queue.id], from: to - LEARNT_MS, to });
      const days = new Set(
        past.filter(({ offered }) => offered > 0).map(({ at }) => localDate(at, queue.timeZone)),
      );
      if (days.size < LEAST_DAYS) throw tooShort(queue, days.size);
      requests.push({
        history: {
          series: { queueId: queue.id, medium: queue.value.medium },
          timeZone: queue.timeZone,
          intervalMs: INTERVAL_MS,
          counts: past.map(({ at, offered }) => ({ at, count: offered })),
          gaps: "zero",
        },
        options: {
          horizonDays: wish.days,
          firstDay: wish.firstDay,
          method: wish.method ?? "auto",
          specialDays: specialDaysOf(specials, queue),
        },
        waits: await this.#waits(caller, queue),
      });
    }
    return requests;
  }

  async #waits(caller: Caller, queue: PlanQueue) {
    const { clock, history } = this.#parts;
    const now = clock.now();
    const span = { queueIds: [queue.id], from: now - OUTLOOK_MS, to: now };
    const stays = await history.samples(planScope(caller, "plan.edit"), span, MOST_WAITS);
    return stays.flatMap(({ waitMs, outcome }) =>
      waitMs === null ? [] : [{ waitMs, gaveUp: outcome === "abandoned" }],
    );
  }

  async #make(
    caller: Caller,
    wish: ForecastWish,
    row: ForecastRow,
    queues: readonly PlanQueue[],
    requests: readonly SeriesRequest[],
    { signal, report }: PlanJobContext,
  ): Promise<{ readonly forecastId: string }> {
    report({ progress: 0, step: "learning" });
    const answers =
      requests.length === 0
        ? []
        : await runWorkerJob<readonly SeriesRequest[], number, SeriesAnswer[]>(THREAD, requests, {
            signal,
            onProgress: (progress) => report({ progress, step: "learning" }),
          });
    const series: SeriesRow[] = [];
    for (const [index, queue] of queues.entries()) {
      const answer = answers[index];
      const result = wish.flat
        ? this.#flat(wish, queue, wish.flat.contactsPerDay)
        : storedOf(answer?.forecast);
      series.push({
        forecastId: row.id,
        clientId: row.clientId,
        queueId: queue.id,
        fromAt: dayOf(row.firstDay, row.timeZone).from,
        toAt: dayOf(addDays(row.firstDay, row.days), row.timeZone).from,
        result,
        handling: await this.#handling(caller, queue, wish.flat?.handleS),
        patience: patienceView(answer?.patience ?? null, this.#parts.clock.now() - OUTLOOK_MS, row.madeAt),
      });
    }
    await withScope(this.#parts.db, planScope(caller, "plan.edit"), (tx) => storeForecast(tx, row, series));
    return { forecastId: row.id };
  }

  #flat(wish: ForecastWish, queue: PlanQueue, contactsPerDay: number): StoredForecast {
    const own = this.#parts.office.catalogue
      .inUse(hoursKind)
      .filter(({ value }) => value.clientId === queue.clientId)
      .toSorted((a, b) => (a.value.name < b.value.name ? -1 : 1));
    const asked = own.find(({ id }) => id === wish.flat?.hoursId);
    if (wish.flat?.hoursId !== undefined && !asked)
      throw invalid([
        { field: "flat.hoursId", code: "unknown", message: "the client has no such opening hours" },
      ]);
    // hours round the clock are there for lines that never close: few queues are meant by them
    const usual =
      own.find(({ value }) => WEEKDAYS.some((day) => (value.weekly[day] ?? []).length === 0)) ?? own[0];
    const chosen = asked ?? usual;
    const hours = chosen ? openingHoursOf(chosen.value) : usualHours(queue.timeZone);
    const { firstDay, days } = wish;
    return flatForecast({ firstDay, days, timeZone: queue.timeZone, hours, contactsPerDay });
  }

  /** Of own contacts where there are enough, else of imported figures, else a planner's word. */
  async #handling(
    caller: Caller,
    queue: PlanQueue,
    givenS: number | undefined,
  ): Promise<ForecastSeries["handling"]> {
    const { db, clock, history } = this.#parts;
    const unknown = { medianMs: null, scv: null, from: null, to: null };
    if (givenS !== undefined) return { basis: "given", samples: 0, meanMs: givenS * 1000, ...unknown };
    const scope = planScope(caller, "plan.edit");
    const now = clock.now();
    const span = { from: now - OUTLOOK_MS, to: now };
    const own = await withScope(db, scope, (tx) => ownHandling(tx, queue.id, span));
    if (own && own.samples >= FEWEST_HANDLED) return { basis: "own", ...own };
    const past = await history.past(scope, { queueIds: [queue.id], ...span });
    const handled = past.reduce((sum, one) => sum + one.handled, 0);
    if (handled <= 0) return { basis: "given", samples: 0, meanMs: USUAL_HANDLE_MS, ...unknown };
    const meanMs = past.reduce((sum, one) => sum + one.handleMs, 0) / handled;
    const from = past[0]?.at ?? null;
    return { basis: "imported", samples: handled, meanMs, ...unknown, from, to: past.at(-1)?.at ?? null };
  }

  async #found(tx: Parameters<typeof findForecast>[0], caller: Caller, id: string) {
    const row = await findForecast(tx, id);
    const series = (row ? await seriesOf(tx, [id]) : []).filter((one) => this.#sees(caller, one));
    if (!row || series.length === 0) throw notFound("forecast");
    return { row, series };
  }

  #sees(caller: Caller, series: Pick<SeriesRow, "queueId" | "clientId">): boolean {
    return this.#parts.queues.may(caller, "plan.view", { id: series.queueId, clientId: series.clientId });
  }

  #mayEdit(caller: Caller, series: readonly Pick<SeriesRow, "queueId" | "clientId">[]): boolean {
    return series.every(({ queueId, clientId }) =>
      this.#parts.queues.may(caller, "plan.edit", { id: queueId, clientId }),
    );
  }

  #medium(queueId: QueueId): string {
    return this.#parts.queues.mediumOf(queueId);
  }

  #summary(
    row: ForecastRow,
    heads: Awaited<ReturnType<typeof seriesHeads>>,
    changes: readonly AdjustmentRow[],
    hasRequirement: boolean,
  ): ForecastSummary {
    const { queues } = this.#parts;
    const contacts = heads.reduce((sum, head) => sum + head.contacts, 0);
    const known = heads.filter((head) => head.wape !== null);
    const weight = known.reduce((sum, head) => sum + head.contacts, 0);
    const methods = [...new Set(heads.map(({ method }) => method))];
    return {
      ...row,
      queues: heads.map(({ queueId }) => ({ id: queueId, name: queues.nameOf(queueId) })),
      lastDay: addDays(row.firstDay, row.days - 1),
      contacts,
      method: methods.length === 1 ? (methods[0] ?? "") : "mixed",
      expectedWape:
        weight > 0 ? known.reduce((sum, head) => sum + (head.wape ?? 0) * head.contacts, 0) / weight : null,
      madeBy: queues.userName(row.madeBy),
      adjustments: changes.filter((one) => one.undoneAt === null).length,
      hasRequirement,
    };
  }

  #changeView(change: AdjustmentRow) {
    const { queues } = this.#parts;
    const { id, queueId, fromAt, toAt, reason, madeAt } = change;
    return {
      id,
      queueId,
      from: fromAt,
      to: toAt,
      change: change.change,
      reason,
      madeAt,
      madeBy: queues.userName(change.madeBy),
      undone:
        change.undoneAt === null ? null : { at: change.undoneAt, by: queues.userName(change.undoneBy ?? "") },
    };
  }
}

interface AccuracyDay {
  readonly queueId: string;
  readonly date: string;
  readonly from: Instant;
  readonly to: Instant;
  readonly forecast: number;
  readonly actual: number;
  readonly absoluteError: number;
  readonly inside80: number;
  readonly intervals: number;
}

function storedOf(forecast: Forecast | null | undefined): StoredForecast {
  if (!forecast) throw new Error("a series without a flat guess is learnt");
  const { intervals, days, method, choices, scores, history, notes } = forecast;
  return {
    intervals,
    days: days.map((day) => ({ ...day, special: [...day.special] })),
    method,
    choices: choices.map((choice) => ({ ...choice })),
    scores: scores.map((score) => ({ ...score })),
    history: { ...history },
    notes: notes.map((note) => ({ ...note })),
  };
}

function tooShort(queue: PlanQueue, days: number): HttpError {
  return new HttpError(
    `${queue.name} has ${days} days of history; a forecast needs ${LEAST_DAYS} at least, and 6 weeks to choose its method`,
    { status: 422, code: "history_too_short", field: "queueIds" },
  );
}
