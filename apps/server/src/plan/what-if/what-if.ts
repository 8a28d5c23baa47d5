import { dayOf } from "@svara/calendar";
import type {
  PlanJob,
  WhatIfDay,
  WhatIfDraft,
  WhatIfFigure,
  WhatIfIntervals,
  WhatIfResult,
  WhatIfSummary,
  WhatIfTotals,
} from "@svara/contracts";
import { runWorkerJob } from "@svara/jobs";
import type { Clock, Ids } from "@svara/kernel";
import type { ComparedQueue, DaySide } from "@svara/workforce";
import type { Kysely } from "kysely";
import { centreKind } from "../../clients/centre-kind.ts";
import { type Database, type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { conflict, forbidden, HttpError, notFound } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import { userKind } from "../../identity/user-kind.ts";
import { ROUTER_ID } from "../../live/live-parts.ts";
import type { Catalogue } from "../../office/catalogue.ts";
import { queueKind } from "../../queues/queue-kind.ts";
import type { Caller, Place } from "../../rights/access.ts";
import type { PlanJobContext, PlanJobs } from "../plan-jobs.ts";
import { rulesOf } from "./day-change-of.ts";
import type { PlannedDays } from "./planned-days.ts";
import { recordedDays } from "./recorded-days.repository.ts";
import { placesOf } from "./simulated-day.ts";
import {
  countWhatIfs,
  deleteWhatIf,
  findWhatIf,
  insertWhatIf,
  listWhatIfs,
  renameWhatIf,
  type StoredWhatIf,
  type WholeWhatIf,
} from "./what-if.repository.ts";
import type { WhatIfOutcome, WhatIfProgress, WhatIfRequest } from "./what-if-work.ts";

const THREAD = new URL("./what-if-thread.ts", import.meta.url);
const MOST_KEPT = 200;
const MOST_DAYS_BACK_MS = 62 * 86_400_000;
const TIME_LIMIT_MS = 300_000; // of simulating; by then twenty runs of a day of thirty thousand contacts are done

interface Parts {
  readonly database: Pick<Database, "db" | "connection">;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly audit: Audit;
  readonly catalogue: Catalogue;
  readonly jobs: PlanJobs;
  readonly planned: PlannedDays;
}

/** Days simulated as they are and otherwise. */
export class WhatIfs {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Who holds plan.view over the whole centre sees which days were recorded; nobody else may simulate them. */
  async days(caller: Caller) {
    const timeZone = this.#timeZone;
    const wholeCentre = caller.access.covers("plan.view", {});
    const from = this.#parts.clock.now() - MOST_DAYS_BACK_MS;
    const recorded = wholeCentre
      ? await withScope(this.#db, WHOLE_CENTRE, (tx) =>
          recordedDays(tx, { routerId: ROUTER_ID, timeZone, from }),
        )
      : [];
    const planned = await this.#parts.planned.list(caller, timeZone);
    return { timeZone, wholeCentre, recorded, planned };
  }

  /** Those whose days and queues the caller's plan.view covers. */
  async list(caller: Caller): Promise<WhatIfSummary[]> {
    const all = await listWhatIfs(this.#db, MOST_KEPT);
    return all
      .filter(({ draft }) => this.#covers(caller, "plan.view", draft.day))
      .map((one) => this.#summary(one));
  }

  /** @throws HttpError 404 also for one that the caller may not see */
  async get(caller: Caller, id: string, queueId: string | undefined): Promise<WhatIfResult> {
    const found = await this.#seen(caller, id);
    const { comparison, assumptions, rulesFile, absent } = found.result;
    const wanted = comparison.queues.find((queue) => queue.queueId === (queueId ?? null));
    if (!wanted) throw notFound("queue");
    return {
      ...this.#summary(found),
      from: comparison.from,
      to: comparison.to,
      intervalMs: comparison.intervalMs,
      runs: comparison.replications,
      queues: comparison.queues.map((queue) => this.#totals(totalsOf(queue))),
      intervals: intervalsOf(wanted),
      assumptions: assumptions.map(({ code, params, text }) => ({ code, text, params: this.#named(params) })),
      rulesFile,
      absent: absent.flatMap((agentId) => this.#agent(caller, agentId)),
    };
  }

  /** Needs plan.edit for everything that the day tells of. @throws HttpError 403, 409, 429; SvaraError 422 */
  async run(caller: Caller, draft: WhatIfDraft): Promise<PlanJob> {
    const places = this.#mayRun(caller, draft.day);
    rulesOf(draft.change); // a fault is told before any work begins
    const { jobs, planned } = this.#parts;
    if ((await countWhatIfs(this.#db)) >= MOST_KEPT)
      throw conflict(
        "too_many_what_ifs",
        `${MOST_KEPT} simulations are kept; delete some that you no longer need`,
      );
    const timeZone = this.#timeZone;
    const source: WhatIfRequest["source"] =
      draft.day.kind === "recorded"
        ? this.#journal(draft.day.date, timeZone)
        : { kind: "planned", ...(await planned.day(caller, draft.day, timeZone)) };
    const { change, costs, replications, seed } = draft;
    const { date } = draft.day;
    const request: WhatIfRequest = {
      source,
      date,
      timeZone,
      change,
      costs,
      replications,
      seed,
      timeLimitMs: TIME_LIMIT_MS,
    };
    return jobs.start({
      kind: "what_if",
      caller,
      places,
      run: async (context) => {
        const outcome = await simulated(request, context);
        return { id: await this.#keep(caller, draft, timeZone, outcome) };
      },
    });
  }

  async rename(caller: Caller, id: string, name: string): Promise<void> {
    const found = await this.#seen(caller, id);
    this.#mayRun(caller, found.draft.day);
    await renameWhatIf(this.#db, id, name);
  }

  async remove(caller: Caller, id: string): Promise<void> {
    const found = await this.#seen(caller, id);
    this.#mayRun(caller, found.draft.day);
    await deleteWhatIf(this.#db, id);
    const { userId, address } = caller;
    await this.#parts.audit.note({ action: "what_if_removed", userId, address, subjectId: id });
  }

  get #db(): Kysely<DB> {
    return this.#parts.database.db;
  }

  get #timeZone(): string {
    return this.#parts.catalogue.inUse(centreKind)[0]?.value.timeZone ?? "UTC";
  }

  #covers(caller: Caller, permission: "plan.view" | "plan.edit", day: WhatIfDay): boolean {
    return placesOf(day, this.#parts.catalogue).every((place) => caller.access.covers(permission, place));
  }

  #mayRun(caller: Caller, day: WhatIfDay): Place[] {
    const places = placesOf(day, this.#parts.catalogue);
    if (places.every((place) => caller.access.covers("plan.edit", place))) return places;
    if (day.kind === "recorded")
      throw new HttpError(
        "A recorded day holds the contacts of every client, since they share agents: simulating it needs plan.edit over the whole centre",
        { status: 403, code: "whole_centre_needed" },
      );
    throw forbidden("plan.edit");
  }

  async #seen(caller: Caller, id: string): Promise<WholeWhatIf> {
    const found = await findWhatIf(this.#db, id);
    if (!found || !this.#covers(caller, "plan.view", found.draft.day)) throw notFound("simulation");
    return found;
  }

  #journal(date: string, timeZone: string): WhatIfRequest["source"] {
    const { from, to } = dayOf(date, timeZone);
    if (from > this.#parts.clock.now())
      throw conflict("day_to_come", "That day has not come yet", "day.date");
    return { kind: "journal", connection: this.#parts.database.connection, routerId: ROUTER_ID, from, to };
  }

  async #keep(caller: Caller, draft: WhatIfDraft, timeZone: string, result: WhatIfOutcome): Promise<string> {
    const { ids, clock } = this.#parts;
    const { name, ...rest } = draft;
    const all = result.comparison.queues.find(({ queueId }) => queueId === null);
    if (!all) throw new Error("a comparison without its total");
    const id = ids.next();
    await insertWhatIf(this.#db, {
      id,
      name,
      createdAt: clock.now(),
      createdBy: caller.displayName,
      timeZone,
      draft: rest,
      total: totalsOf(all),
      result,
    });
    return id;
  }

  #summary({ id, name, createdAt, createdBy, timeZone, draft, total }: StoredWhatIf): WhatIfSummary {
    return { id, name, ...draft, createdAt, createdBy, timeZone, total: this.#totals(total) };
  }

  #totals(totals: Omit<WhatIfTotals, "queueName">): WhatIfTotals {
    return { ...totals, queueName: totals.queueId === null ? null : this.#queueName(totals.queueId) };
  }

  #queueName(queueId: string): string {
    return this.#parts.catalogue.get(queueKind, queueId)?.value.name ?? queueId;
  }

  /** An agent whom the caller may see. */
  #agent(caller: Caller, id: string): { id: string; name: string }[] {
    const user = this.#parts.catalogue.get(userKind, id);
    return user && caller.access.covers("users.view", userKind.placeOf(user.value, id))
      ? [{ id, name: user.value.displayName }]
      : [];
  }

  /** People read names. */
  #named(params: Readonly<Record<string, string | number | null>>): Record<string, string | number | null> {
    const { queueId } = params;
    return typeof queueId === "string" ? { ...params, queue: this.#queueName(queueId) } : { ...params };
  }
}

function simulated(request: WhatIfRequest, { signal, report }: PlanJobContext): Promise<WhatIfOutcome> {
  return runWorkerJob<WhatIfRequest, WhatIfProgress, WhatIfOutcome>(THREAD, request, {
    signal,
    onProgress: (progress) => {
      if (progress.step === "reading") report({ step: "reading", figures: { entries: progress.entries } });
      else
        report({
          step: "simulating",
          progress: progress.done / progress.all,
          figures: { replications: progress.done },
        });
    },
  });
}

function totalsOf({
  queueId,
  happened,
  base,
  changed,
  difference,
}: ComparedQueue): Omit<WhatIfTotals, "queueName"> {
  return {
    queueId,
    happened: happened && copy(happened.day),
    base: copy(base.day),
    changed: changed && copy(changed.day),
    difference: difference && copy(difference),
  };
}

function intervalsOf({ queueId, happened, base, changed }: ComparedQueue): WhatIfIntervals {
  const side = ({ intervals }: DaySide): WhatIfIntervals["base"] =>
    mapped(intervals, ({ value, halfWidth, p10, p50, p90 }) => ({
      value: [...value],
      halfWidth: [...halfWidth],
      p10: [...p10],
      p50: [...p50],
      p90: [...p90],
    }));
  return {
    queueId,
    happened: happened && mapped(happened.intervals, (values) => [...values]),
    base: side(base),
    changed: changed && side(changed),
  };
}

function copy<T>(figures: Readonly<Record<WhatIfFigure, T>>): Record<WhatIfFigure, T> {
  return { ...figures };
}

function mapped<T, U>(
  figures: Readonly<Record<WhatIfFigure, T>>,
  of: (value: T) => U,
): Record<WhatIfFigure, U> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, of(value)])) as Record<
    WhatIfFigure,
    U
  >;
}
