import { dayOf, INTERVAL_MS } from "@svara/calendar";
import type {
  ForecastSeries,
  RequirementDetail,
  RequirementInterval,
  RequirementSummary,
  StaffingInputs,
} from "@svara/contracts";
import { runWorkerJob } from "@svara/jobs";
import type { ClientId, Clock, Ids, Instant, QueueId } from "@svara/kernel";
import type { Kysely } from "kysely";
import { type DB, type Scope, type Tx, withScope } from "../../database/index.ts";
import { forbidden, invalid, notFound } from "../../http/http-error.ts";
import type { Audit } from "../../identity/audit.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanForecasts } from "../forecasts/plan-forecasts.ts";
import { waitingNow } from "../history/queue-stay.repository.ts";
import type { PlanJobContext } from "../plan-jobs.ts";
import { type PlanQueue, type PlanQueues, planScope } from "../plan-queues.ts";
import {
  deleteRequirement,
  findRequirement,
  lastInputs,
  listRequirements,
  type NamedRequirement,
  type RequirementHead,
  type RequirementRow,
  type RequirementSeriesRow,
  requirementHeads,
  requirementSeries,
  requirementsOfSpan,
  storeRequirement,
} from "./requirement.repository.ts";
import type { StaffingRequest } from "./staffing-thread.ts";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly audit: Audit;
  readonly queues: PlanQueues;
  readonly forecasts: PlanForecasts;
}

export interface RequirementWish {
  readonly forecastId: string;
  readonly name?: string | undefined;
  readonly queues: readonly { readonly queueId: string; readonly inputs: StaffingInputs }[];
}

/** What rosters are made for, of one queue. */
export interface RequirementInForce {
  readonly queueId: QueueId;
  /** Of the newest interval; null: there is none. */
  readonly requirementId: string | null;
  readonly intervals: readonly RequirementInterval[];
}

const THREAD = new URL("./staffing-thread.ts", import.meta.url);
const LISTED = 200;
/** The field's habits where nothing is known. */
const USUAL = { shrinkage: 0.3, handleScv: 1, minimumAgents: 1 } as const;

/** How many agents forecasts ask for: reckoned beside the main thread, stored with the forecast, read by rosters. */
export class PlanRequirements {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async list(caller: Caller): Promise<RequirementSummary[]> {
    return withScope(this.#parts.db, planScope(caller, "plan.view"), async (tx) => {
      const rows = await listRequirements(tx, LISTED);
      const heads = Map.groupBy(
        await requirementHeads(
          tx,
          rows.map(({ id }) => id),
        ),
        (head) => head.requirementId,
      );
      return rows.flatMap((row) => {
        const seen = (heads.get(row.id) ?? []).filter((head) => this.#may(caller, "plan.view", head));
        return seen.length === 0 ? [] : [this.#summary(row, seen)];
      });
    });
  }

  /** @throws HttpError 404 */
  async get(caller: Caller, id: string): Promise<RequirementDetail> {
    const { db, queues } = this.#parts;
    return withScope(db, planScope(caller, "plan.view"), async (tx) => {
      const { row, all, series } = await this.#found(tx, caller, id);
      const heads = all.filter((head) => this.#may(caller, "plan.view", head));
      return {
        ...this.#summary(row, heads),
        series: series.map(({ queueId, inputs, intervals }) => ({
          queue: { id: queueId, name: queues.nameOf(queueId) },
          inputs,
          intervals: [...intervals],
        })),
        may: { edit: all.every((one) => this.#may(caller, "plan.edit", one)) },
      };
    });
  }

  /** By what the queues of a forecast would be staffed. @throws HttpError 404 */
  async inputs(caller: Caller, forecastId: string) {
    const { db, forecasts, queues } = this.#parts;
    const { series } = await forecasts.get(caller, forecastId);
    const ids = series.map(({ queue }) => queue.id as QueueId);
    const [last, waiting] = await withScope(db, planScope(caller, "plan.view"), async (tx) => [
      await lastInputs(tx, ids),
      await waitingNow(tx, ids),
    ]);
    return series.map(({ queue, handling, patience }) => ({
      queue,
      inputs: inputsOf(queues.one(caller, queue.id), {
        handling,
        patience,
        last: last.get(queue.id as QueueId),
        waiting: waiting.get(queue.id as QueueId) ?? 0,
      }),
      learnt: handling.basis !== "given",
    }));
  }

  /** Checks a wish; the work can begin. @throws HttpError 400, 403, 404 */
  async prepare(caller: Caller, wish: RequirementWish) {
    const { forecasts, queues, ids, clock } = this.#parts;
    const forecast = await forecasts.get(caller, wish.forecastId);
    const wanted = wish.queues.map(({ queueId, inputs }, index) => {
      const series = forecast.series.find(({ queue }) => queue.id === queueId);
      if (!series)
        throw invalid([
          { field: `queues.${index}.queueId`, code: "unknown", message: "the forecast has no such queue" },
        ]);
      checkTarget(inputs, `queues.${index}.inputs.target`);
      return { queue: queues.one(caller, queueId, "plan.edit"), series, inputs };
    });
    const row: RequirementRow = {
      id: ids.next(),
      clientId: forecast.clientId as ClientId,
      forecastId: forecast.id,
      name: wish.name ?? forecast.name,
      madeAt: clock.now(),
      madeBy: caller.userId,
    };
    const span = {
      from: dayOf(forecast.firstDay, forecast.timeZone).from,
      to: dayOf(forecast.lastDay, forecast.timeZone).to,
    };
    return {
      queues: wanted.map(({ queue }) => queue),
      run: (context: PlanJobContext) => this.#make(caller, { row, span, wanted }, context),
    };
  }

  /** @throws HttpError 403, 404 */
  async remove(caller: Caller, id: string): Promise<void> {
    await withScope(this.#parts.db, planScope(caller, "plan.edit"), async (tx) => {
      const { row, all } = await this.#found(tx, caller, id);
      if (!all.every((one) => this.#may(caller, "plan.edit", one))) throw forbidden("plan.edit");
      await deleteRequirement(tx, id);
      await this.#note(tx, caller, "requirement_removed", row);
    });
  }

  /** Of each queue the newest requirement of every quarter of an hour in a span. Who may ask is checked by the caller. */
  async inForce(
    scope: Scope,
    queueIds: readonly QueueId[],
    span: { readonly from: Instant; readonly to: Instant },
  ): Promise<RequirementInForce[]> {
    const rows = await withScope(this.#parts.db, scope, (tx) =>
      requirementsOfSpan(tx, queueIds, span.from, span.to),
    );
    return queueIds.map((queueId) => {
      const own = rows.filter((row) => row.queueId === queueId);
      const intervals = new Map<Instant, RequirementInterval>();
      const covered: { from: Instant; to: Instant }[] = [];
      for (const { intervals: told, fromAt, toAt } of own) {
        for (const one of told) {
          const newer = covered.some(({ from, to }) => one.at >= from && one.at < to);
          if (!newer && one.at >= span.from && one.at < span.to) intervals.set(one.at, one);
        }
        covered.push({ from: fromAt, to: toAt });
      }
      return {
        queueId,
        requirementId: own[0]?.requirementId ?? null,
        intervals: [...intervals.values()].toSorted((a, b) => a.at - b.at),
      };
    });
  }

  async #make(
    caller: Caller,
    work: {
      readonly row: RequirementRow;
      readonly span: { readonly from: Instant; readonly to: Instant };
      readonly wanted: readonly {
        readonly queue: PlanQueue;
        readonly series: ForecastSeries;
        readonly inputs: StaffingInputs;
      }[];
    },
    { signal, report }: PlanJobContext,
  ): Promise<{ readonly requirementId: string }> {
    const { row, span, wanted } = work;
    report({ progress: 0, step: "staffing" });
    const requests = wanted.map(({ series, inputs }) => ({
      expected: series.intervals.map(({ at, mean }) => ({ at, mean })),
      inputs,
    }));
    const answers = await runWorkerJob<readonly StaffingRequest[], number, RequirementInterval[][]>(
      THREAD,
      requests,
      { signal, onProgress: (progress) => report({ progress, step: "staffing" }) },
    );
    const series = wanted.map(({ queue, inputs }, index): RequirementSeriesRow => {
      const intervals = answers[index] ?? [];
      return {
        requirementId: row.id,
        clientId: row.clientId,
        queueId: queue.id,
        // whole days, so that it stands for their closed hours too
        fromAt: span.from,
        toAt: Math.max(span.to, (intervals.at(-1)?.at ?? 0) + INTERVAL_MS),
        inputs,
        intervals,
      };
    });
    await withScope(this.#parts.db, planScope(caller, "plan.edit"), async (tx) => {
      await storeRequirement(tx, row, series);
      await this.#note(tx, caller, "requirement_made", row);
    });
    return { requirementId: row.id };
  }

  async #note(
    tx: Tx,
    { userId, address }: Caller,
    action: "requirement_made" | "requirement_removed",
    { id, clientId }: Pick<RequirementRow, "id" | "clientId">,
  ): Promise<void> {
    await this.#parts.audit.noteIn(tx, { action, userId, address, clientId, subjectId: id });
  }

  /** `series`: what the caller sees of it; `all`: what removing it takes along, seen or not. */
  async #found(tx: Tx, caller: Caller, id: string) {
    const row = await findRequirement(tx, id);
    const series = (row ? await requirementSeries(tx, [id]) : []).filter((one) =>
      this.#may(caller, "plan.view", one),
    );
    if (!row || series.length === 0) throw notFound("requirement");
    return { row, all: await requirementHeads(tx, [id]), series };
  }

  #may(
    caller: Caller,
    permission: "plan.view" | "plan.edit",
    { queueId, clientId }: Pick<RequirementHead, "queueId" | "clientId">,
  ): boolean {
    return this.#parts.queues.may(caller, permission, { id: queueId, clientId });
  }

  #summary(row: NamedRequirement, heads: readonly RequirementHead[]): RequirementSummary {
    const { queues } = this.#parts;
    return {
      id: row.id,
      clientId: row.clientId,
      forecast: { id: row.forecastId, name: row.forecastName },
      name: row.name,
      queues: heads.map(({ queueId }) => ({ id: queueId, name: queues.nameOf(queueId) })),
      from: Math.min(...heads.map(({ fromAt }) => fromAt)),
      to: Math.max(...heads.map(({ toAt }) => toAt)),
      timeZone: queues.timeZoneOf(row.clientId),
      madeAt: row.madeAt,
      madeBy: queues.userName(row.madeBy),
      agentHours: heads.reduce((sum, { agentQuarters }) => sum + agentQuarters, 0) / 4,
      peakAgents: Math.max(0, ...heads.map(({ peak }) => peak)),
    };
  }
}

/** Some target must be there, and one of waiting where nobody gives up on their own. */
function checkTarget({ work, target, patienceS }: StaffingInputs, field: string): void {
  const { serviceLevel, maxMeanWaitS, maxAbandon, maxOccupancy } = target;
  if (work === "back_office") {
    if (serviceLevel) return;
    throw invalid([{ field: `${field}.serviceLevel`, code: "required", message: "say the promised time" }]);
  }
  if (!serviceLevel && maxMeanWaitS === null && maxAbandon === null && maxOccupancy === null)
    throw invalid([{ field, code: "required", message: "give at least one target" }]);
  if (maxAbandon !== null && patienceS === null)
    throw invalid([
      { field: `${field}.maxAbandon`, code: "needs_patience", message: "without a patience nobody gives up" },
    ]);
}

/** Media whose work can wait. */
const BACK_OFFICE: ReadonlySet<string> = new Set(["email", "fax", "letter", "task"]);

/** The last ones used, with what has been learnt since; else the queue's own target. */
function inputsOf(
  { value }: PlanQueue,
  known: {
    readonly handling: ForecastSeries["handling"];
    readonly patience: ForecastSeries["patience"];
    readonly last: StaffingInputs | undefined;
    /** Contacts in the queue now. */
    readonly waiting: number;
  },
): StaffingInputs {
  const { handling, patience, last, waiting } = known;
  const { thresholdMs, target } = value.serviceLevel;
  const work = last?.work ?? (BACK_OFFICE.has(value.medium) ? "back_office" : "live");
  const learnt = {
    backlog: work === "back_office" ? waiting : 0,
    handleS: Math.max(1, Math.round(handling.meanMs / 100) / 10),
    handleScv: Math.min(50, Math.round((handling.scv ?? USUAL.handleScv) * 100) / 100),
    patienceS:
      patience.meanMs === null ? (last?.patienceS ?? null) : Math.max(1, Math.round(patience.meanMs / 1000)),
    patienceCurve: patience.curve.length < 2 ? null : patience.curve.map(curvePoint),
  };
  const { handleS, handleScv } = handling.basis === "given" && last ? last : learnt;
  if (last) return { ...last, work, ...learnt, handleS, handleScv };
  return {
    work,
    target: {
      serviceLevel: {
        share: Math.min(0.999, Math.max(0.01, target)),
        thresholdS: Math.max(1, thresholdMs / 1000),
        basis: "abandonsOut",
      },
      maxMeanWaitS: null,
      maxAbandon: null,
      maxOccupancy: null,
    },
    shrinkage: USUAL.shrinkage,
    minimumAgents: USUAL.minimumAgents,
    ...learnt,
  };
}

function curvePoint({ atMs, survival }: ForecastSeries["patience"]["curve"][number]) {
  return { atS: atMs / 1000, survival: Math.round(survival * 10_000) / 10_000 };
}
