import { addDays, dayOf, INTERVAL_MS, localDate, WEEKDAYS } from "@svara/calendar";
import type { ForecastSeries } from "@svara/contracts";
import { runWorkerJob } from "@svara/jobs";
import type { Clock, Ids } from "@svara/kernel";
import type { Forecast, ForecastMethod } from "@svara/workforce/forecasting";
import type { Kysely } from "kysely";
import { type DB, withScope } from "../../database/index.ts";
import { hoursKind, openingHoursOf } from "../../hours/hours-kind.ts";
import { HttpError, invalid } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import type { Office } from "../../office/office.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanHistory } from "../history/plan-history.ts";
import type { PlanJobContext } from "../plan-jobs.ts";
import { type PlanQueue, type PlanQueues, planScope } from "../plan-queues.ts";
import { specialDayKind, specialDaysOf } from "../special-days/special-day-kind.ts";
import { flatForecast, usualHours } from "./flat-forecast.ts";
import {
  type ForecastRow,
  type SeriesRow,
  type StoredForecast,
  storeForecast,
} from "./forecast.repository.ts";
import type { SeriesAnswer, SeriesRequest } from "./forecast-thread.ts";
import { patienceView } from "./forecast-views.ts";
import { ownHandling } from "./queue-outlook.repository.ts";

export interface ForecastParts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly office: Office;
  readonly audit: Audit;
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
/** Of all queues together: each is 96 intervals with their bands, read and told as one. */
const MOST_DAYS = 2_000;
const MOST_WAITS = 20_000;
const FEWEST_HANDLED = 30;
const THREAD = new URL("./forecast-thread.ts", import.meta.url);
const USUAL_HANDLE_MS = 300_000;

/** Makes forecasts: gathers what a queue's history tells, has it learnt in a thread of its own, and stores the result. */
export class ForecastMaker {
  readonly #parts: ForecastParts;

  constructor(parts: ForecastParts) {
    this.#parts = parts;
  }

  /** Checks a wish and gathers what it needs. @throws HttpError 400, 403, 404, 422 `history_too_short` */
  async prepare(caller: Caller, wish: ForecastWish): Promise<ReadyForecast> {
    const { clock, ids, queues } = this.#parts;
    const wanted = queues.ofOneClient(caller, wish.queueIds, "plan.edit");
    const [first] = wanted;
    if (!first) throw invalid([{ field: "queueIds", code: "required", message: "name a queue" }]);
    if (wanted.length * wish.days > MOST_DAYS)
      throw invalid([
        {
          field: "days",
          code: "too_many",
          message: `${wanted.length} queues times ${wish.days} days is more than ${MOST_DAYS}: ask for fewer days or queues`,
        },
      ]);
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
    const answers: SeriesAnswer[] = [];
    // queue by queue: the history of all of them would hold this thread while it is copied to the other
    for (const [index, request] of requests.entries()) {
      report({ progress: index / requests.length, step: "learning" });
      answers.push(await runWorkerJob<SeriesRequest, never, SeriesAnswer>(THREAD, request, { signal }));
    }
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
    await withScope(this.#parts.db, planScope(caller, "plan.edit"), async (tx) => {
      await storeForecast(tx, row, series);
      await this.#parts.audit.noteIn(tx, {
        action: "forecast_made",
        userId: caller.userId,
        address: caller.address,
        clientId: row.clientId,
        subjectId: row.id,
      });
    });
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
