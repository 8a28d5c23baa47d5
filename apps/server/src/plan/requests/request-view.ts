import type { PlanRequest, RosterDecisionView } from "@svara/contracts";
import type { Catalogue } from "../../office/catalogue.ts";
import type { Caller } from "../../rights/access.ts";
import { agentName, agentPlace, placeName } from "../rosters/roster-place.ts";
import { actorName } from "../rosters/roster-view.ts";
import type { OfferRow, RequestRow, StepRow } from "./request.repository.ts";
import { concernedAgents } from "./request-change.ts";
import { BY_RULES } from "./requests.ts";

/** Who looks at a request, and when. */
export interface RequestReader {
  readonly catalogue: Catalogue;
  readonly caller: Caller;
  readonly now: number;
}

/**
 * A request as its reader may see it. Why somebody asks for leave, and what kind of leave it is, is for the agent and those
 * who plan or decide; a colleague reads the words that go with a swap.
 */
export function requestView(
  { catalogue, caller, now }: RequestReader,
  request: RequestRow,
  steps: readonly StepRow[],
  decision: RosterDecisionView | null = request.decision?.seen ?? null,
): PlanRequest {
  const { agentId, colleagueId, state } = request;
  const own = caller.agentId === agentId;
  const asked = caller.agentId !== undefined && caller.agentId === colleagueId;
  const covers = (permission: "plan.approve" | "plan.edit" | "plan.view"): boolean =>
    concernedAgents(request).every((id) => caller.access.covers(permission, agentPlace(catalogue, id)));
  const decides = covers("plan.approve") && !concernedAgents(request).includes(caller.userId);
  const plans = covers("plan.approve") || covers("plan.edit");
  const knowsWhy = own || plans || (asked && request.kind === "swap");
  const isOpen = state === "asked" || state === "with_colleague";
  return {
    id: request.id,
    kind: request.kind,
    state,
    agentId,
    agentName: agentName(catalogue, agentId),
    from: request.fromAt,
    to: request.toAt,
    leaveKind: knowsWhy ? request.leaveKind : null,
    reason: knowsWhy ? request.reason : null,
    colleague: colleagueId === null ? null : { id: colleagueId, name: agentName(catalogue, colleagueId) },
    mine: request.decision?.mine ?? null,
    theirs: request.decision?.theirs ?? null,
    offerId: request.offerId,
    createdAt: request.createdAt,
    decidedAt: request.decidedAt,
    decidedBy:
      request.decidedBy === null || request.decidedBy === BY_RULES
        ? null
        : actorName(catalogue, request.decidedBy),
    decidedByRules: request.decidedBy === BY_RULES,
    decisionNote: knowsWhy ? request.decisionNote : "",
    // the cover of a whole roster is no agent's business
    decision: plans || caller.access.covers("plan.view", {}) ? decision : null,
    may: {
      decide: decides && state === "asked",
      undo: decides && (state === "granted" || state === "refused") && request.fromAt > now,
      withdraw: own && isOpen,
      answer: asked && state === "with_colleague",
    },
    steps: steps.map(({ at, actor, what, note }) => ({
      at,
      by: actor === BY_RULES ? null : actorName(catalogue, actor),
      what,
      note: knowsWhy ? note : "",
    })),
  };
}

export function offerView(catalogue: Catalogue, offer: OfferRow) {
  const { id, teamId, siteId, fromAt, toAt, seats, taken, note, createdAt, closedAt } = offer;
  return {
    id,
    teamId,
    siteId,
    placeName: placeName(catalogue, offer),
    from: fromAt,
    to: toAt,
    seats,
    taken,
    note,
    createdAt,
    closed: closedAt !== null,
  };
}
