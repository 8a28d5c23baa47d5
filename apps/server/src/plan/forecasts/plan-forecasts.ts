import { addDays, dayOf } from "@svara/calendar";
import type { AdjustmentChange, ForecastDetail, ForecastSummary } from "@svara/contracts";
import type { Instant, QueueId } from "@svara/kernel";
import { type Tx, withScope } from "../../database/index.ts";
import { conflict, forbidden, invalid, notFound } from "../../http/http-error.ts";
import type { Caller } from "../../rights/access.ts";
import { planScope } from "../plan-queues.ts";
import { adjusted } from "./adjusted.ts";
import {
  type AdjustmentRow,
  adjustmentsOf,
  deleteForecast,
  type ForecastRow,
  findForecast,
  insertAdjustment,
  listForecasts,
  type SeriesRow,
  seriesHeads,
  seriesOf,
  undoAdjustment,
  withRequirement,
} from "./forecast.repository.ts";
import { comparedUntil, type ForecastAccuracy, forecastAccuracy } from "./forecast-accuracy.ts";
import type { ForecastParts } from "./forecast-maker.ts";
import { seriesView } from "./forecast-views.ts";

const LISTED = 200;

/** Forecasts as they are stored: read, changed by planners with a reason, compared with what came. */
export class PlanForecasts {
  readonly #parts: ForecastParts;

  constructor(parts: ForecastParts) {
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
      const changed = await this.#changedTotals(tx, [...changes.values()].flat());
      return rows.flatMap((row) => {
        const seen = (heads.get(row.id) ?? []).filter((head) => this.#sees(caller, head));
        return seen.length === 0
          ? []
          : [
              this.#summary(
                row,
                seen.map((head) => ({
                  ...head,
                  contacts: changed.get(`${row.id} ${head.queueId}`) ?? head.contacts,
                })),
                changes.get(row.id) ?? [],
                required.has(row.id),
              ),
            ];
      });
    });
  }

  /** One with its intervals, or with those of one day only. @throws HttpError 404 */
  async get(
    caller: Caller,
    id: string,
    { intervalsOf }: { readonly intervalsOf?: string | undefined } = {},
  ): Promise<ForecastDetail> {
    const { db, queues } = this.#parts;
    return withScope(db, planScope(caller, "plan.view"), async (tx) => {
      const { row, all, series } = await this.#found(tx, caller, id);
      const changes = await adjustmentsOf(tx, [id]);
      const holding = changes.filter((one) => one.undoneAt === null);
      const heads = all.filter((head) => this.#sees(caller, head));
      const required = await withRequirement(tx, [id]);
      const views = series.map((one) =>
        seriesView(one, holding, {
          name: queues.nameOf(one.queueId),
          medium: queues.mediumOf(one.queueId),
          timeZone: row.timeZone,
          ...(intervalsOf !== undefined && { intervalsOf }),
        }),
      );
      return {
        ...this.#summary(row, heads, changes, required.has(id)),
        contacts: views.reduce((sum, { days }) => sum + days.reduce((all, { mean }) => all + mean, 0), 0),
        series: views,
        changes: changes
          .filter((one) => one.queueId === null || series.some((own) => own.queueId === one.queueId))
          .map((one) => this.#changeView(one)),
        may: { edit: this.#mayEdit(caller, all) },
      };
    });
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
      const { row, all, series } = await this.#found(tx, caller, id);
      const touched = all.filter(({ queueId }) => wish.queueId === null || queueId === wish.queueId);
      const shown = series.filter(({ queueId }) => wish.queueId === null || queueId === wish.queueId);
      if (shown.length === 0)
        throw invalid([{ field: "queueId", code: "unknown", message: "the forecast has no such queue" }]);
      if (!this.#mayEdit(caller, touched)) throw forbidden("plan.edit");
      const first = Math.min(...shown.map(({ fromAt }) => fromAt));
      const last = Math.max(...shown.map(({ toAt }) => toAt));
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
      await this.#note(tx, caller, "forecast_changed", row);
      return this.#changeView(change);
    });
  }

  /** Takes a change back; twice is harmless. @throws HttpError 403, 404 */
  async undo(caller: Caller, id: string, adjustmentId: string): Promise<void> {
    const { db, clock } = this.#parts;
    await withScope(db, planScope(caller, "plan.edit"), async (tx) => {
      const { row, all } = await this.#found(tx, caller, id);
      const change = (await adjustmentsOf(tx, [id])).find((one) => one.id === adjustmentId);
      if (!change) throw notFound("change of the forecast");
      const touched = all.filter(({ queueId }) => change.queueId === null || queueId === change.queueId);
      if (touched.length === 0 || !this.#mayEdit(caller, touched)) throw forbidden("plan.edit");
      await undoAdjustment(tx, adjustmentId, caller.userId, clock.now());
      await this.#note(tx, caller, "forecast_change_undone", row);
    });
  }

  /** @throws HttpError 403, 404, 409 `in_use` */
  async remove(caller: Caller, id: string): Promise<void> {
    await withScope(this.#parts.db, planScope(caller, "plan.edit"), async (tx) => {
      const { row, all } = await this.#found(tx, caller, id);
      if (!this.#mayEdit(caller, all)) throw forbidden("plan.edit");
      if ((await withRequirement(tx, [id])).has(id))
        throw conflict("in_use", "A requirement was made of this forecast: remove that first");
      await deleteForecast(tx, id);
      await this.#note(tx, caller, "forecast_removed", row);
    });
  }

  /** The forecast beside what came. @throws HttpError 404 */
  async accuracy(caller: Caller, id: string): Promise<ForecastAccuracy> {
    const { clock, history } = this.#parts;
    const detail = await this.get(caller, id);
    const until = comparedUntil(detail, clock.now());
    const { from } = dayOf(detail.firstDay, detail.timeZone);
    const queueIds = detail.series.map(({ queue }) => queue.id as QueueId);
    const span = { queueIds, from, to: until };
    const came = until > from ? await history.past(planScope(caller, "plan.view"), span) : [];
    return forecastAccuracy(detail, came, until);
  }

  /** `series`: what the caller sees of it; `all`: what a change of the whole touches, seen or not. */
  async #found(tx: Tx, caller: Caller, id: string) {
    const row = await findForecast(tx, id);
    const series = (row ? await seriesOf(tx, [id]) : []).filter((one) => this.#sees(caller, one));
    if (!row || series.length === 0) throw notFound("forecast");
    return { row, all: await seriesHeads(tx, [id]), series };
  }

  async #note(
    tx: Tx,
    { userId, address }: Caller,
    action: "forecast_changed" | "forecast_change_undone" | "forecast_removed",
    { id, clientId }: ForecastRow,
  ): Promise<void> {
    await this.#parts.audit.noteIn(tx, { action, userId, address, clientId, subjectId: id });
  }

  #sees(caller: Caller, series: Pick<SeriesRow, "queueId" | "clientId">): boolean {
    return this.#parts.queues.may(caller, "plan.view", { id: series.queueId, clientId: series.clientId });
  }

  #mayEdit(caller: Caller, series: readonly Pick<SeriesRow, "queueId" | "clientId">[]): boolean {
    return series.every(({ queueId, clientId }) =>
      this.#parts.queues.may(caller, "plan.edit", { id: queueId, clientId }),
    );
  }

  /** The contacts of series that planners changed, by forecast and queue. */
  async #changedTotals(tx: Tx, changes: readonly AdjustmentRow[]): Promise<ReadonlyMap<string, number>> {
    const holding = Map.groupBy(
      changes.filter((one) => one.undoneAt === null),
      (one) => one.forecastId,
    );
    const totals = new Map<string, number>();
    for (const row of await seriesOf(tx, [...holding.keys()])) {
      const intervals = adjusted(
        row.result.intervals,
        (holding.get(row.forecastId) ?? []).map(({ queueId, fromAt, toAt, change }) => ({
          queueId,
          from: fromAt,
          to: toAt,
          change,
        })),
        row.queueId,
      );
      totals.set(
        `${row.forecastId} ${row.queueId}`,
        intervals.reduce((sum, { mean }) => sum + mean, 0),
      );
    }
    return totals;
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
