import { dayOf, INTERVAL_MS, intervalStart, localDate, type Period } from "@svara/calendar";
import type { HistoryInterval, PlanToday, TodayAgent, TodayInterval, TodayQueue } from "@svara/contracts";
import type { Clock, Instant, QueueId } from "@svara/kernel";
import type { AgentConfig, QueueConfig } from "@svara/routing";
import { serves } from "@svara/workforce";
import type { RosterShift } from "@svara/workforce/rostering";
import type { Kysely } from "kysely";
import { agentsOf, storedQueueConfig } from "../../centre/centre-model-of.ts";
import { centreKind } from "../../clients/centre-kind.ts";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { agentConfig } from "../../live/router-config.ts";
import type { Office } from "../../office/office.ts";
import { reasonKind } from "../../organisation/organisation-kinds.ts";
import { queueKind } from "../../queues/queue-kind.ts";
import type { Caller } from "../../rights/access.ts";
import { reasonKinds } from "../adherence/reason-kinds.ts";
import type { PlanForecasts } from "../forecasts/plan-forecasts.ts";
import type { PlanHistory } from "../history/plan-history.ts";
import type { PlanQueue, PlanQueues } from "../plan-queues.ts";
import { listOffers } from "../requests/request.repository.ts";
import { publishedShifts } from "../rosters/roster.repository.ts";
import { agentPlace, officeAgents } from "../rosters/roster-place.ts";
import type { PlanRequirements, RequirementInForce } from "../staffing/plan-requirements.ts";
import { type DayForecast, forecastsOfDay } from "../what-if/forecasts-in-force.ts";
import { adherenceNow } from "./adherence-now.ts";
import { type AgentDay, DayStates } from "./day-states.ts";
import { Recent } from "./recent.ts";
import type { Reforecasts } from "./reforecasts.ts";
import { requiredFor, restOfDay } from "./rest-of-day.ts";
import { rostersOfAgents } from "./rosters-of-agents.repository.ts";
import { sharedAgents } from "./share-agents.ts";
import { type OpenOffer, todayProposals } from "./today-proposals.ts";

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly office: Office;
  readonly queues: PlanQueues;
  readonly history: PlanHistory;
  readonly forecasts: PlanForecasts;
  readonly requirements: PlanRequirements;
  readonly reforecasts: Reforecasts;
}

/** What is known of the whole centre today; of it each reader sees a part. */
export interface CentreToday {
  readonly now: Instant;
  readonly date: string;
  readonly timeZone: string;
  readonly from: Instant;
  readonly to: Instant;
  /** Beginnings of the intervals. */
  readonly starts: readonly Instant[];
  readonly queueIds: readonly QueueId[];
  readonly configs: ReadonlyMap<string, QueueConfig>;
  readonly agents: ReadonlyMap<string, AgentConfig>;
  /** By agent. */
  readonly shifts: ReadonlyMap<string, readonly RosterShift[]>;
  /** In which an agent stands today. */
  readonly rosterIds: ReadonlyMap<string, string>;
  readonly states: ReadonlyMap<string, AgentDay>;
  readonly requirements: ReadonlyMap<string, RequirementInForce>;
  /** Overtime that is on offer. */
  readonly offers: readonly OpenOffer[];
  /** By queue and interval. */
  readonly scheduled: ReadonlyMap<string, readonly number[]>;
  readonly onDuty: ReadonlyMap<string, readonly number[]>;
}

const FRESH_MS = 8_000; // screens look every quarter of a minute
const PLAN_FRESH_MS = 30_000;

/** The day as planned, as it goes, and as it is expected to go on. */
export class PlanDay {
  readonly #parts: Parts;
  readonly #recent: Recent;
  readonly #states: DayStates;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#recent = new Recent(parts.clock);
    this.#states = new DayStates(parts.db);
  }

  /** Queues whose business, and agents whose work, the caller's plan.view covers. */
  async get(caller: Caller): Promise<PlanToday> {
    const { queues, forecasts } = this.#parts;
    const centre = await this.#centre();
    const { now, date, timeZone, from, to } = centre;
    const seen = queues.seen(caller);
    const planned = await this.#recent.ask(`forecasts ${caller.actor} ${date}`, PLAN_FRESH_MS, () =>
      forecastsOfDay(forecasts, caller, date, timeZone),
    );
    const past = await this.#past(centre, seen);
    const views = seen.map((queue) => this.#queue(queue, centre, planned.get(queue.id), past));
    const agents = this.#agents(caller, centre);
    const patienceMs = new Map(
      [...planned].flatMap(([id, { series }]) =>
        series.patience.meanMs === null ? [] : [[id, series.patience.meanMs] as const],
      ),
    );
    return {
      date,
      timeZone,
      now,
      from,
      to,
      queues: views,
      agents,
      proposals: todayProposals({ centre, queues: views, agents, patienceMs }),
      hasForecast: planned.size > 0,
      // a closed day of a requirement has no interval, and still is planned
      hasRequirement: seen.some(({ id }) => (centre.requirements.get(id)?.requirementId ?? null) !== null),
      hasRoster: centre.shifts.size > 0,
    };
  }

  async #centre(): Promise<CentreToday> {
    const { db, clock, office, requirements } = this.#parts;
    const { catalogue } = office;
    const now = clock.now();
    const timeZone = catalogue.inUse(centreKind)[0]?.value.timeZone ?? "UTC";
    const date = localDate(now, timeZone);
    const { from, to } = dayOf(date, timeZone);
    const starts = Array.from(
      { length: Math.round((to - from) / INTERVAL_MS) },
      (_, i) => from + i * INTERVAL_MS,
    );
    const stored = catalogue.inUse(queueKind);
    const queueIds = stored.map(({ id }) => id as QueueId);
    const configs = new Map(stored.map((one) => [one.id, storedQueueConfig(one, catalogue)]));
    const models = [...agentsOf(catalogue, stored).values()];
    const agents = new Map(models.map((model) => [String(model.id), agentConfig(model)]));
    const agentIds = [...agents.keys()];
    // what planners change is read each time: they look for it at once
    const { shifts, rosterIds, offers } = await withScope(db, WHOLE_CENTRE, async (tx) => ({
      shifts: await publishedShifts(tx, { from, to }),
      rosterIds: await rostersOfAgents(tx, { from, to }),
      offers: await listOffers(tx, { after: now }),
    }));
    const states = await this.#recent.ask(`states ${date}`, FRESH_MS, () =>
      this.#states.of({ agentIds, from, to, now }, reasonKinds(catalogue), catalogue.all(reasonKind)),
    );
    const inForce = await this.#recent.ask(`required ${date}`, PLAN_FRESH_MS, () =>
      requirements.inForce(WHOLE_CENTRE, queueIds, { from, to }),
    );
    const byQueue = new Map(inForce.map((one) => [String(one.queueId), one]));
    const byAgent = Map.groupBy(shifts, ({ agentId }) => String(agentId));
    const required = queueIds.map((queueId) => {
      const byAt = new Map(byQueue.get(queueId)?.intervals.map((one) => [one.at, one.agents]));
      return starts.map((at) => byAt.get(at) ?? 0);
    });
    const served = new Map(
      [...agents].map(([id, agent]) => [
        id,
        queueIds.flatMap((queueId, i) => {
          const queue = configs.get(queueId);
          return queue && serves(agent, queue) ? [i] : [];
        }),
      ]),
    );
    const grid = { from, intervalMs: INTERVAL_MS, count: starts.length };
    const shared = (
      spansOf: (agentId: string) => readonly Period[],
    ): ReadonlyMap<string, readonly number[]> => {
      const rows = sharedAgents(
        agentIds.map((id) => ({ queues: served.get(id) ?? [], spans: spansOf(id) })),
        grid,
        required,
      );
      return new Map(queueIds.map((queueId, i) => [queueId, rows[i] ?? []]));
    };
    return {
      now,
      date,
      timeZone,
      from,
      to,
      starts,
      queueIds,
      configs,
      agents,
      shifts: byAgent,
      rosterIds,
      offers: offers.map(({ teamId, fromAt, toAt, seats, taken }) => ({
        teamId,
        from: fromAt,
        to: toAt,
        seats: seats - taken,
      })),
      states,
      requirements: byQueue,
      scheduled: shared((id) => (byAgent.get(id) ?? []).flatMap(workingSpans)),
      onDuty: shared((id) => states.get(id)?.onQueue ?? []),
    };
  }

  async #past(
    { from, to, timeZone, date }: CentreToday,
    seen: readonly PlanQueue[],
  ): Promise<ReadonlyMap<string, HistoryInterval>> {
    const ids = seen.map(({ id }) => id);
    const thresholdsMs = new Map(seen.map(({ id, value }) => [id, value.serviceLevel.thresholdMs]));
    const steps = await this.#recent.ask(`past ${date} ${ids.join()}`, FRESH_MS, () =>
      this.#parts.history.steps(WHOLE_CENTRE, {
        queueIds: ids,
        from,
        to,
        by: "interval",
        timeZone,
        thresholdsMs,
      }),
    );
    return new Map(steps.map((step) => [`${step.queueId} ${step.at}`, step]));
  }

  #queue(
    queue: PlanQueue,
    centre: CentreToday,
    planned: DayForecast | undefined,
    past: ReadonlyMap<string, HistoryInterval>,
  ): TodayQueue {
    const { starts, now } = centre;
    const running = intervalStart(now);
    const forecast = new Map(planned?.intervals.map((one) => [one.at, one]));
    const required = new Map(centre.requirements.get(queue.id)?.intervals.map((one) => [one.at, one]));
    const scheduled = centre.scheduled.get(queue.id) ?? [];
    const onDuty = centre.onDuty.get(queue.id) ?? [];
    const came = (at: Instant): number => past.get(`${queue.id} ${at}`)?.offered ?? 0;
    const rest = planned
      ? restOfDay(
          planned.intervals.map(({ at, mean, quantiles }) => ({
            at,
            forecast: mean,
            low: quantiles.p100,
            high: quantiles.p900,
            actual: at < running ? came(at) : null,
          })),
          this.#parts.reforecasts.of(queue, running),
        )
      : undefined;
    const expected = new Map(rest?.intervals.map((one) => [one.at, one]));
    const intervals = starts.map((at, i): TodayInterval => {
      const step = past.get(`${queue.id} ${at}`);
      const plan = forecast.get(at);
      const now_ = expected.get(at);
      const need = required.get(at);
      const factor = plan && now_ && plan.mean > 0 ? now_.mean / plan.mean : 1;
      const ended = (step?.answered ?? 0) + (step?.abandoned ?? 0);
      const elapsed = Math.min(1, Math.max(0, (now - at) / INTERVAL_MS));
      return {
        at,
        forecast: plan?.mean ?? null,
        low: plan?.quantiles.p100 ?? null,
        high: plan?.quantiles.p900 ?? null,
        actual: at <= now ? (step?.offered ?? 0) : null,
        answered: at <= now ? (step?.answered ?? 0) : null,
        abandoned: at <= now ? (step?.abandoned ?? 0) : null,
        serviceLevel: step && ended > 0 ? (step.answeredInTime ?? 0) / ended : null,
        reforecast: now_?.mean ?? null,
        reforecastLow: now_?.low ?? null,
        reforecastHigh: now_?.high ?? null,
        required: need ? requiredFor(need, factor) : null,
        scheduled: centre.shifts.size > 0 ? (scheduled[i] ?? 0) : null,
        // of the interval that goes on: by the part that is over
        onDuty: at <= now && elapsed > 0 ? (onDuty[i] ?? 0) / elapsed : null,
      };
    });
    const over = intervals.filter(({ at }) => at < running);
    const sum = (list: readonly TodayInterval[], of: (one: TodayInterval) => number | null): number =>
      list.reduce((total, one) => total + (of(one) ?? 0), 0);
    const ended = sum(intervals, (one) => (one.answered ?? 0) + (one.abandoned ?? 0));
    const inTime = sum(intervals, ({ serviceLevel, answered, abandoned }) =>
      serviceLevel === null ? 0 : serviceLevel * ((answered ?? 0) + (abandoned ?? 0)),
    );
    const open = intervals.filter(({ at }) => at >= running);
    return {
      queue: { id: queue.id, name: queue.name },
      forecast: planned ? { id: planned.forecast.id, name: planned.forecast.name } : null,
      hasRequirement: required.size > 0,
      thresholdMs: queue.value.serviceLevel.thresholdMs,
      target: queue.value.serviceLevel.target,
      reforecastBy: rest?.by ?? null,
      soFar: {
        forecast: planned ? sum(over, ({ forecast: mean }) => mean) : null,
        actual: sum(over, ({ actual }) => actual),
        serviceLevel: ended > 0 ? inTime / ended : null,
        abandoned: sum(intervals, ({ abandoned }) => abandoned),
      },
      rest: {
        forecast: planned ? sum(open, ({ forecast: mean }) => mean) : null,
        reforecast: planned ? sum(open, ({ reforecast }) => reforecast) : null,
      },
      intervals,
    };
  }

  /** With a shift today or logged in, whom the caller's grants over people or the centre reach. */
  #agents(caller: Caller, { shifts, states, now }: CentreToday): TodayAgent[] {
    const { catalogue } = this.#parts.office;
    return officeAgents(catalogue).flatMap(({ id, name, agent }): TodayAgent[] => {
      const own = shifts.get(id) ?? [];
      const last = states.get(id)?.last;
      if (own.length === 0 && (last?.to ?? 0) < now - FRESH_MS) return [];
      if (!caller.access.covers("plan.view", agentPlace(catalogue, id))) return [];
      const found = adherenceNow(own, last, now, FRESH_MS);
      // where nobody is rostered, working without a shift is no fault
      const problem = shifts.size === 0 ? { problem: null, problemSince: null } : {};
      return [{ agentId: id, name, teamId: agent.teamId, ...found, ...problem }];
    });
  }
}

/** When a shift's agent takes contacts. */
function workingSpans({ from, to, parts }: RosterShift): Period[] {
  const spans: Period[] = [];
  let at = from;
  for (const part of parts) {
    if (part.from > at) spans.push({ from: at, to: part.from });
    at = Math.max(at, part.to);
  }
  if (to > at) spans.push({ from: at, to });
  return spans;
}
