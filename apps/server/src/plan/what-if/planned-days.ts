import { addDays, dayOf, INTERVAL_MS, localDate } from "@svara/calendar";
import type { ForecastSeries, WhatIfDay } from "@svara/contracts";
import type { Clock, QueueId } from "@svara/kernel";
import type { QueueConfig } from "@svara/routing";
import {
  type Assumption,
  type Distribution,
  type PlannedAgent,
  type PlannedDay,
  type PlannedQueue,
  serves,
} from "@svara/workforce";
import type { Kysely } from "kysely";
import { agentsOf, routerRulesOf, storedQueueConfig } from "../../centre/centre-model-of.ts";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { conflict } from "../../http/http-error.ts";
import { agentConfig } from "../../live/router-config.ts";
import type { Office } from "../../office/office.ts";
import { queueKind } from "../../queues/queue-kind.ts";
import type { Caller } from "../../rights/access.ts";
import type { PlanForecasts } from "../forecasts/plan-forecasts.ts";
import { type PlanQueues, planScope } from "../plan-queues.ts";
import { publishedShifts } from "../rosters/roster.repository.ts";
import type { PlanRequirements } from "../staffing/plan-requirements.ts";
import { type DayForecast, forecastsOfDay, newestCovering } from "./forecasts-in-force.ts";
import { instantOf } from "./simulated-day.ts";

/** A day that can be simulated. */
export interface PlannedDayChoice {
  readonly date: string;
  readonly queues: { readonly id: string; readonly name: string }[];
  readonly hasRoster: boolean;
  readonly hasRequirement: boolean;
}

type ForecastDay = Extract<WhatIfDay, { readonly kind: "forecast" }>;
type Said = (code: string, text: string, params?: Assumption["params"]) => void;

interface Parts {
  readonly db: Kysely<DB>;
  readonly clock: Clock;
  readonly office: Office;
  readonly queues: PlanQueues;
  readonly forecasts: PlanForecasts;
  readonly requirements: PlanRequirements;
}

const DAYS_AHEAD = 42;
const USUAL_SCV = 1; // of handling times where nobody measured it; the shape of service matters little

/** Days to come as they are planned: contacts of the forecast, agents of the roster, of the requirement, or a number. */
export class PlannedDays {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Days from today on that have a forecast of a queue that the caller may see. */
  async list(caller: Caller, timeZone: string): Promise<PlannedDayChoice[]> {
    const { db, clock, forecasts, requirements, queues } = this.#parts;
    const today = localDate(clock.now(), timeZone);
    const all = await forecasts.list(caller);
    const dates = Array.from({ length: DAYS_AHEAD }, (_, i) => addDays(today, i));
    const span = { from: dayOf(today, timeZone).from, to: dayOf(dates.at(-1) ?? today, timeZone).to };
    const covered = new Map(dates.map((date) => [date, [...newestCovering(all, date).keys()]] as const));
    const queueIds = [...new Set([...covered.values()].flat())] as QueueId[];
    if (queueIds.length === 0) return [];
    const required = new Set(
      (await requirements.inForce(planScope(caller, "plan.view"), queueIds, span)).flatMap(
        ({ queueId, intervals }) => [
          ...new Set(intervals.map(({ at }) => `${queueId} ${localDate(at, timeZone)}`)),
        ],
      ),
    );
    const rostered = new Set(
      (await withScope(db, WHOLE_CENTRE, (tx) => publishedShifts(tx, span))).map(({ date }) => date),
    );
    return dates.flatMap((date) => {
      const ids = covered.get(date) ?? [];
      return ids.length === 0
        ? []
        : [
            {
              date,
              queues: ids.map((id) => ({ id, name: queues.nameOf(id) })),
              hasRoster: rostered.has(date),
              hasRequirement: ids.every((id) => required.has(`${id} ${date}`)),
            },
          ];
    });
  }

  /** @throws HttpError 409 where a part of the plan is missing */
  async day(
    caller: Caller,
    asked: ForecastDay,
    timeZone: string,
  ): Promise<{ readonly day: PlannedDay; readonly assumptions: readonly Assumption[] }> {
    const { catalogue } = this.#parts.office;
    const { date, queueIds } = asked;
    const { from, to } = dayOf(date, timeZone);
    const assumptions: Assumption[] = [];
    const say: Said = (code, text, params = {}) => assumptions.push({ code, params, text });
    const found = await forecastsOfDay(this.#parts.forecasts, caller, date, timeZone);
    const agents = await this.#agentsByQueue(caller, asked, timeZone);
    say(
      "planned_contacts",
      "Contacts come by chance at the rates of the forecast; the forecast's own error is not in the intervals.",
    );
    const queues = queueIds.map((queueId): PlannedQueue => {
      const forecast = found.get(queueId);
      const stored = catalogue.get(queueKind, queueId);
      if (!forecast || !stored) throw noForecast(this.#parts.queues.nameOf(queueId), date);
      const own = agents?.get(queueId);
      return {
        queue: soundQueue(storedQueueConfig(stored, catalogue), new Set<string>(queueIds)),
        contacts: contactsOf(forecast, from, to),
        talk: handlingOf(forecast.series.handling, queueId, say),
        patience: patienceOf(forecast.series.patience, queueId, say),
        ...(own ? { agents: own } : {}),
      };
    });
    const roster = asked.staff.kind === "roster" ? await this.#roster(queues, { from, to }) : [];
    const [code, text] = STAFF_WORDS[asked.staff.kind];
    say(code, text);
    return {
      day: { from, to, intervalMs: INTERVAL_MS, queues, roster, rules: routerRulesOf(catalogue) },
      assumptions,
    };
  }

  /** By interval of the day; undefined where they come by roster. */
  async #agentsByQueue(
    caller: Caller,
    { date, queueIds, staff }: ForecastDay,
    timeZone: string,
  ): Promise<ReadonlyMap<string, readonly number[]> | undefined> {
    if (staff.kind === "roster") return undefined;
    const { from, to } = dayOf(date, timeZone);
    const starts = Array.from({ length: (to - from) / INTERVAL_MS }, (_, i) => from + i * INTERVAL_MS);
    if (staff.kind === "fixed") {
      const begin = instantOf(date, staff.from, timeZone);
      const end = instantOf(date, staff.to, timeZone);
      const counts = starts.map((at) => (at >= begin && at < end ? staff.agents : 0));
      return new Map(queueIds.map((id) => [id, counts]));
    }
    const found = await this.#parts.requirements.inForce(
      planScope(caller, "plan.view"),
      queueIds as QueueId[],
      { from, to },
    );
    return new Map(
      found.map(({ queueId, intervals }) => {
        if (intervals.length === 0)
          throw conflict(
            "no_requirement",
            `Queue ${this.#parts.queues.nameOf(queueId)} has no requirement on ${date}; make one first`,
            "day.staff",
          );
        const byAt = new Map(intervals.map(({ at, agents }) => [at, agents]));
        return [queueId, starts.map((at) => byAt.get(at) ?? 0)];
      }),
    );
  }

  /** Who by the published roster works on the day and serves one of the queues. */
  async #roster(
    queues: readonly PlannedQueue[],
    span: { readonly from: number; readonly to: number },
  ): Promise<PlannedAgent[]> {
    const { db, office } = this.#parts;
    const { catalogue } = office;
    const shifts = await withScope(db, WHOLE_CENTRE, (tx) => publishedShifts(tx, span));
    const byAgent = Map.groupBy(shifts, ({ agentId }) => String(agentId));
    const known = agentsOf(catalogue, catalogue.inUse(queueKind));
    const roster = [...known.values()].flatMap((model): PlannedAgent[] => {
      const agent = agentConfig(model);
      const own = byAgent.get(agent.id);
      if (!own || !queues.some(({ queue }) => serves(agent, queue))) return [];
      return [
        {
          agent,
          shifts: own.map(({ from, to, parts }) => ({
            from,
            to,
            breaks: parts.map((part) => ({ from: part.from, to: part.to })),
          })),
        },
      ];
    });
    if (roster.length === 0)
      throw conflict("no_roster", "No published shift of this day serves the queues", "day.staff");
    return roster;
  }
}

const STAFF_WORDS = {
  roster: [
    "planned_roster",
    "Agents keep their published shifts and breaks exactly; those who share other queues serve only these.",
  ],
  required: [
    "planned_required",
    "In each quarter of an hour just as many agents are there as required, for one queue each.",
  ],
  fixed: [
    "planned_fixed",
    "The same number of agents is there for each queue all the time, for that queue alone.",
  ],
} as const;

function noForecast(queue: string, date: string) {
  return conflict("no_forecast", `Queue ${queue} has no forecast for ${date}; make one first`, "day.date");
}

/** Handling times are of talk and wrap-up together; what overflows into queues that are not simulated stays. */
function soundQueue(queue: QueueConfig, there: ReadonlySet<string>): QueueConfig {
  const { overflow, ...rest } = queue;
  const kept = overflow?.filter(({ to }) => to.kind !== "queue" || there.has(to.queueId));
  return { ...rest, wrapUp: { mode: "off" }, ...(kept?.length ? { overflow: kept } : {}) };
}

function contactsOf({ intervals }: DayForecast, from: number, to: number): number[] {
  const byAt = new Map(intervals.map(({ at, mean }) => [at, mean]));
  return Array.from({ length: (to - from) / INTERVAL_MS }, (_, i) => byAt.get(from + i * INTERVAL_MS) ?? 0);
}

function handlingOf(
  { meanMs, scv, samples }: ForecastSeries["handling"],
  queueId: string,
  say: Said,
): Distribution {
  const mean = Math.round(meanMs / 1000);
  say(
    "planned_handling",
    `In queue ${queueId} handling takes ${mean} s in the mean (from ${samples} contacts).`,
    {
      queueId,
      meanMs,
      samples: Math.round(samples),
    },
  );
  return { kind: "lognormal", meanMs, scv: scv ?? USUAL_SCV };
}

function patienceOf(
  { basis, meanMs, curve }: ForecastSeries["patience"],
  queueId: string,
  say: Said,
): Distribution {
  if (basis === "none" || meanMs === null) {
    say("planned_patience_none", `In queue ${queueId} nobody is known to have given up, so nobody will.`, {
      queueId,
    });
    return { kind: "never" };
  }
  say(
    "planned_patience",
    `In queue ${queueId} patience is as learnt from those who waited, mean ${Math.round(meanMs / 1000)} s.`,
    { queueId, meanMs },
  );
  if (curve.length < 2) return { kind: "exponential", meanMs };
  return {
    kind: "survival",
    atMs: curve.map(({ atMs }) => atMs),
    survival: curve.map(({ survival }) => survival),
    tailMeanMs: meanMs,
  };
}
