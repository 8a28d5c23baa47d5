import { setImmediate as breath } from "node:timers/promises";
import { dayOf, type LocalDate } from "@svara/calendar";
import type { AgentAdherence } from "@svara/contracts";
import type { Clock, Instant } from "@svara/kernel";
import { type AdherenceFigures, adherence, type RosterShift } from "@svara/workforce/rostering";
import type { Kysely } from "kysely";
import { type DB, WHOLE_CENTRE, withScope } from "../../database/index.ts";
import type { Office } from "../../office/office.ts";
import { publishedShifts } from "../rosters/roster.repository.ts";
import { agentName, placeTimeZone } from "../rosters/roster-place.ts";
import type { AgentStateSpan } from "./agent-line.ts";
import { statesOf } from "./agent-states.ts";
import { reasonKinds } from "./reason-kinds.ts";

/** Adherence of agents over a span of time, with the states it was reckoned from. */
export interface AdherenceFound {
  readonly until: Instant;
  readonly agents: readonly AgentAdherence[];
  readonly states: ReadonlyMap<string, readonly AgentStateSpan[]>;
}

const RECKONED_AT_ONCE = 10; // agents; a few milliseconds

/** Compares what agents did, by the ledger, with what was published for them. */
export class AdherenceService {
  readonly #parts: { readonly db: Kysely<DB>; readonly clock: Clock; readonly office: Office };

  constructor(parts: { readonly db: Kysely<DB>; readonly clock: Clock; readonly office: Office }) {
    this.#parts = parts;
  }

  /** The zone of an agent's days: that of the site, or the centre's. */
  timeZoneOf(teamId: string | null, siteId: string | null): string {
    return placeTimeZone(this.#parts.office.catalogue, { teamId, siteId: teamId === null ? siteId : null });
  }

  /** A day on the calendar of a zone. */
  day(agentIds: readonly string[], date: LocalDate, timeZone: string): Promise<AdherenceFound> {
    const { from, to } = dayOf(date, timeZone);
    return this.between(agentIds, from, to);
  }

  /** Up to the present where the span lasts. */
  async between(agentIds: readonly string[], from: Instant, to: Instant): Promise<AdherenceFound> {
    const { db, clock, office } = this.#parts;
    const now = clock.now();
    const until = Math.max(from, Math.min(to, now));
    const { shifts, states } = await withScope(db, WHOLE_CENTRE, async (tx) => ({
      shifts: await publishedShifts(tx, { agentIds, from, to }),
      states: await statesOf(tx, { agentIds, from, to, now }, reasonKinds(office.catalogue)),
    }));
    const byAgent = Map.groupBy(shifts, ({ agentId }) => String(agentId));
    const agents: AgentAdherence[] = [];
    for (const [n, agentId] of agentIds.entries()) {
      if (n > 0 && n % RECKONED_AT_ONCE === 0) await breath(); // calls go on in between
      const theirs = states.get(agentId) ?? [];
      agents.push(this.#of(agentId, byAgent.get(agentId) ?? [], theirs, { from, to: until }));
    }
    return { until, states, agents };
  }

  #of(
    agentId: string,
    shifts: readonly RosterShift[],
    states: readonly AgentStateSpan[],
    period: { readonly from: Instant; readonly to: Instant },
  ): AgentAdherence {
    const { total, exceptions } = adherence(shifts, states, period);
    return {
      ...total,
      agentId,
      agentName: agentName(this.#parts.office.catalogue, agentId),
      shifts: shifts.map((shift) => ({ ...shift, parts: [...shift.parts] })),
      exceptions: exceptions.map((exception) => ({ ...exception })),
    };
  }
}

/** The sum of several agents' figures. */
export function totalOf(agents: readonly AdherenceFigures[]): AdherenceFigures {
  const sum = (of: (figures: AdherenceFigures) => number): number =>
    agents.reduce((total, figures) => total + of(figures), 0);
  const scheduledMs = sum((each) => each.scheduledMs);
  const inAdherenceMs = sum((each) => each.inAdherenceMs);
  const scheduledOnQueueMs = sum((each) => each.scheduledOnQueueMs);
  const actualOnQueueMs = sum((each) => each.actualOnQueueMs);
  return {
    scheduledMs,
    inAdherenceMs,
    adherence: scheduledMs > 0 ? inAdherenceMs / scheduledMs : null,
    scheduledOnQueueMs,
    actualOnQueueMs,
    conformance: scheduledOnQueueMs > 0 ? actualOnQueueMs / scheduledOnQueueMs : null,
  };
}
