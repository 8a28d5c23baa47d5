import type { RosterDecisionView } from "@svara/contracts";
import type { RosterDecision, RosterShift } from "@svara/workforce/rostering";
import type { Tx } from "../../database/index.ts";
import { conflict } from "../../http/http-error.ts";
import { isSame } from "../rosters/publication.ts";
import {
  lockRosters,
  publishedShifts,
  type RosterRow,
  readRoster,
  rostersBetween,
  writeDraft,
} from "../rosters/roster.repository.ts";
import { merged, type Rosters } from "../rosters/rosters.ts";
import type { ChangedRoster, RequestRow } from "./request.repository.ts";
import { changeOf, concernedAgents } from "./request-change.ts";

/** What granting a request does to one roster, as agents see it. */
export interface RequestEffect {
  readonly roster: RosterRow;
  readonly before: readonly RosterShift[];
  readonly decision: RosterDecision;
}

/** What requests do to rosters: judged, carried out, and put back. */
export class RequestEffects {
  readonly #rosters: Rosters;

  constructor(rosters: Rosters) {
    this.#rosters = rosters;
  }

  /** As `of`, in rosters that nobody else changes until the decision is made. */
  async lockedOf(tx: Tx, request: RequestRow): Promise<RequestEffect[]> {
    await lockRosters(tx, request.fromAt, request.toAt);
    return this.of(tx, request);
  }

  /** Published rosters that hold its time, with what it does to each. */
  async of(tx: Tx, request: RequestRow): Promise<RequestEffect[]> {
    const rosters = this.#rosters;
    const concerned = concernedAgents(request);
    const effects: RequestEffect[] = [];
    for (const roster of await rostersBetween(tx, request.fromAt, request.toAt)) {
      if (roster.version === 0) continue;
      const found = await rosters.caseOf(tx, roster);
      if (!concerned.every((id) => found.agents.some((agent) => agent.id === id))) continue;
      const shifts = await publishedShifts(tx, { rosterId: roster.id });
      const change = changeOf(request, shifts);
      if (!change) continue;
      const before = shifts.filter(({ agentId }) => concerned.includes(agentId));
      effects.push({ roster, before, decision: rosters.decide(found, shifts, change) });
    }
    return effects;
  }

  /** Makes some agents' shifts what holds, and tells them. */
  async put(
    tx: Tx,
    roster: RosterRow,
    agentIds: readonly string[],
    shifts: readonly RosterShift[],
    actor: string,
    note: string,
  ): Promise<void> {
    const locked = await readRoster(tx, roster.id, true);
    const now = await publishedShifts(tx, { rosterId: roster.id });
    await this.#rosters.publishShifts(tx, locked, merged(now, agentIds, shifts), { actor, note });
  }

  /** The planner's drafts follow, where the same shifts are in them. */
  async intoDrafts(tx: Tx, request: RequestRow, actor: string): Promise<void> {
    const rosters = this.#rosters;
    const concerned = concernedAgents(request);
    for (const { id } of await rostersBetween(tx, request.fromAt, request.toAt)) {
      const roster = await readRoster(tx, id, true);
      const change = changeOf(request, roster.draft);
      const found = await rosters.caseOf(tx, roster);
      if (!change || !concerned.every((one) => found.agents.some((agent) => agent.id === one))) continue;
      if (request.kind === "overtime" && roster.version === 0) continue;
      const { shifts } = rosters.decide(found, roster.draft, change);
      await this.#writeDraft(tx, roster, concerned, shifts, actor, `request_${request.kind}`);
    }
  }

  async #writeDraft(
    tx: Tx,
    roster: RosterRow,
    agentIds: readonly string[],
    shifts: readonly RosterShift[],
    actor: string,
    what: string,
  ): Promise<void> {
    await this.#rosters.writeShifts(tx, roster, {
      actor,
      what,
      agentIds,
      shifts: merged(roster.draft, agentIds, shifts),
    });
    if (roster.publishedRevision === roster.draftRevision)
      await writeDraft(tx, roster.id, { publishedRevision: roster.draftRevision + 1 });
  }

  /** Puts back what a decision changed. @throws HttpError 409 `request_moved_on` */
  async restore(tx: Tx, changed: ChangedRoster, actor: string): Promise<void> {
    const { rosterId, agentIds, before, after } = changed;
    const roster = await readRoster(tx, rosterId, true);
    const ofThem = (shifts: readonly RosterShift[]) =>
      shifts.filter(({ agentId }) => agentIds.includes(agentId));
    const now = ofThem(await publishedShifts(tx, { rosterId }));
    if (!areSame(now, after))
      throw conflict("request_moved_on", "The shifts were changed again since: change the roster instead");
    await this.put(tx, roster, agentIds, before, actor, "undo");
    const fresh = await readRoster(tx, rosterId, true);
    if (areSame(ofThem(fresh.draft), after))
      await this.#writeDraft(tx, fresh, agentIds, before, actor, "request_undo");
  }
}

/** The effects of several rosters in one; null when none is touched. */
export function seenOf(decisions: readonly RosterDecision[]): RosterDecisionView | null {
  if (decisions.length === 0) return null;
  const sum = (of: (decision: RosterDecision) => number): number =>
    decisions.reduce((total, decision) => total + of(decision), 0);
  return {
    allowed: decisions.every(({ allowed }) => allowed),
    violations: decisions.flatMap(({ violations }) => [...violations]).slice(0, 100),
    effects: {
      intervals: decisions.flatMap(({ effects }) => [...effects.intervals]).slice(0, 2000),
      shortHoursDelta: sum(({ effects }) => effects.shortHoursDelta),
      overHoursDelta: sum(({ effects }) => effects.overHoursDelta),
      paidMinutesDelta: sum(({ effects }) => effects.paidMinutesDelta),
    },
  };
}

function areSame(a: readonly RosterShift[], b: readonly RosterShift[]): boolean {
  const key = ({ agentId, from }: RosterShift): string => `${agentId} ${from}`;
  const others = new Map(b.map((shift) => [key(shift), shift]));
  return (
    a.length === b.length &&
    a.every((shift) => {
      const other = others.get(key(shift));
      return other !== undefined && isSame(shift, other);
    })
  );
}
