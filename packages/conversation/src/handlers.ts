import { type AgentId, type ContactId, type LegId, type QueueId, SvaraError } from "@svara/kernel";
import type { Doer, HandlerSegmentKind, SegmentEnd } from "@svara/ledger";
import type { HangupWord, LegPurpose } from "./effects.ts";
import { hang } from "./legs.ts";
import type { Handler, HandlerState } from "./state.ts";
import type { Turn } from "./turn.ts";

/**
 *            ┌► dialing ─┐
 * ringing ───┼───────────┴► talking ◄──► held ◄──► consulting        each ──► wrap_up ──► (left)
 *            ├► consulting      ▲ └► detached ─┘                     ringing, dialing, parked ──► (left)
 *            │                  ├─► parked (a consulted agent)
 *            └► conferenced ◄───┴─ held, consulting, detached        conferenced ──► talking | held | detached
 */
const NEXT: Readonly<Record<HandlerState, readonly HandlerState[]>> = {
  ringing: ["dialing", "talking", "consulting", "conferenced"],
  dialing: ["talking"],
  talking: ["dialing", "held", "consulting", "parked", "conferenced", "detached", "wrap_up"],
  held: ["talking", "consulting", "conferenced", "detached", "wrap_up"],
  consulting: ["talking", "held", "conferenced", "detached", "wrap_up"],
  parked: ["talking"],
  conferenced: ["talking", "held", "detached", "wrap_up"],
  detached: ["talking", "consulting", "conferenced", "wrap_up"],
  wrap_up: ["ringing"],
};

const SEGMENT: Readonly<Record<HandlerState, HandlerSegmentKind>> = {
  ringing: "ring",
  dialing: "ring",
  talking: "talk",
  held: "hold",
  consulting: "consult",
  parked: "hold",
  conferenced: "talk",
  detached: "hold",
  wrap_up: "wrap_up",
};

/** An agent begins to ring for a contact, or is in it at once. After-contact work of theirs on the same contact ends here. */
export function startHandler(
  turn: Turn,
  start: {
    readonly agentId: AgentId;
    readonly contactId: ContactId;
    readonly purpose: LegPurpose;
    readonly legId: LegId;
    readonly state?: "ringing" | "talking" | "conferenced";
  },
): Handler {
  const { agentId, contactId, purpose, legId, state = "ringing" } = start;
  const before = turn.state.handlers[agentId]?.state;
  if (before !== undefined && before !== "wrap_up")
    throw new SvaraError(`agent ${agentId} is already ${before}`, { code: "conversation.illegal_move" });
  leaveHandler(turn, agentId, "completed");
  const handler: Handler = { agentId, contactId, purpose, legId, state, since: turn.at };
  turn.state.handlers[agentId] = handler;
  startSegment(turn, handler);
  tellActivity(turn, handler);
  return handler;
}

/** The one door by which an agent's part changes: asserts legality, changes the segment, tells the router. */
export function enterHandler(
  turn: Turn,
  agentId: AgentId,
  next: HandlerState,
  reason: SegmentEnd = "next",
): void {
  const handler = handlerOf(turn, agentId);
  if (handler.state === next) return;
  if (!NEXT[handler.state].includes(next)) {
    throw new SvaraError(`agent ${agentId} cannot go from ${handler.state} to ${next}`, {
      code: "conversation.illegal_move",
    });
  }
  const changes = SEGMENT[handler.state] !== SEGMENT[next];
  if (changes) endSegment(turn, handler, reason);
  handler.state = next;
  handler.since = turn.at;
  delete handler.until;
  if (next === "wrap_up") {
    delete handler.legId;
    stopMoving(turn, handler);
  }
  if (changes) startSegment(turn, handler);
  tellActivity(turn, handler);
}

/** The agent's part is over. */
export function leaveHandler(turn: Turn, agentId: AgentId, reason: SegmentEnd): void {
  const handler = turn.state.handlers[agentId];
  if (handler === undefined) return;
  endSegment(turn, handler, reason);
  stopMoving(turn, handler);
  delete turn.state.handlers[agentId];
}

/** The other device of an agent whose part is over need not ring any more. */
function stopMoving(turn: Turn, handler: Handler): void {
  hang(turn, handler.moving, "cancelled", "us");
  delete handler.moving;
}

/** A consulted agent takes over the customer: their part goes on under the main contact. */
export function moveHandler(turn: Turn, agentId: AgentId, contactId: ContactId, state: HandlerState): void {
  const handler = handlerOf(turn, agentId);
  endSegment(turn, handler, "next");
  handler.contactId = contactId;
  handler.state = state;
  handler.since = turn.at;
  startSegment(turn, handler);
  tellActivity(turn, handler);
}

/** The agent gives the customer on to a higher line of support, and wraps up. */
export function escalateFrom(
  turn: Turn,
  agentId: AgentId,
  to: { readonly queueId: QueueId; readonly tier: number; readonly reason?: string },
): void {
  const { contactId, state } = turn;
  const legId = state.handlers[agentId]?.legId;
  enterHandler(turn, agentId, "wrap_up", "transferred");
  hang(turn, legId, "normal", "agent");
  const queuedAt = state.firstQueuedAt ?? turn.at;
  turn.emit({ to: "router", type: "item.escalated", contactId, agentId, queuedAt, ...to });
}

/** Sends the agent off the contact: hangs up their leg, tells the router, starts after-contact work if asked. */
export function releaseAgent(
  turn: Turn,
  agentId: AgentId,
  release: {
    readonly reason: SegmentEnd;
    readonly wrapUp: boolean;
    readonly lost?: boolean;
    /** Whose doing the end of the agent's leg is. */
    readonly by?: Doer;
    /** Told to a phone that has not been answered. */
    readonly word?: HangupWord;
  },
): void {
  const handler = turn.state.handlers[agentId];
  if (handler === undefined || handler.state === "wrap_up") return;
  const { contactId, legId } = handler;
  const { lastQueueId } = turn.state;
  if (release.wrapUp) enterHandler(turn, agentId, "wrap_up", release.reason);
  else leaveHandler(turn, agentId, release.reason);
  hang(turn, legId, release.word ?? "normal", release.by ?? "us");
  turn.emit({
    to: "router",
    type: "item.ended",
    contactId,
    agentId,
    ...(contactId === turn.contactId && lastQueueId && { queueId: lastQueueId }),
    wrapUp: release.wrapUp,
    lost: release.lost ?? false,
    ...(turn.state.callback &&
      !release.wrapUp && { notReached: turn.state.result?.outcome ?? "failed_tech" }),
  });
}

/** A directly rung agent will not have the contact after all. */
export function unreserve(
  turn: Turn,
  agentId: AgentId,
  cause: string,
  reason: SegmentEnd,
  word: HangupWord = "cancelled",
): void {
  const handler = turn.state.handlers[agentId];
  if (handler === undefined) return;
  const { contactId, legId } = handler;
  leaveHandler(turn, agentId, reason);
  hang(turn, legId, word, "us");
  turn.emit({ to: "router", type: "agent.released", agentId, contactId, cause });
}

function handlerOf(turn: Turn, agentId: AgentId): Handler {
  const handler = turn.state.handlers[agentId];
  if (handler === undefined)
    throw new SvaraError(`agent ${agentId} is not on the contact`, { code: "conversation.not_on_contact" });
  return handler;
}

function tellActivity(turn: Turn, handler: Handler): void {
  const { agentId, contactId, state } = handler;
  if (state === "ringing" || state === "wrap_up") return;
  const activity = state === "parked" ? "held" : state;
  turn.emit({ to: "router", type: "agent.activity", contactId, agentId, activity });
}

function startSegment(turn: Turn, handler: Handler): void {
  const { agentId, contactId, legId } = handler;
  const kind = SEGMENT[handler.state];
  const segmentId = turn.ids.next();
  handler.segment = { segmentId, kind };
  turn.write(
    "segment.started",
    { contactId, segmentId, agentId, ...(legId && { legId }) },
    { party: "handler", kind },
  );
}

function endSegment(turn: Turn, handler: Handler, reason: SegmentEnd): void {
  const { agentId, contactId, segment } = handler;
  if (segment === undefined) return;
  delete handler.segment;
  turn.write(
    "segment.ended",
    { contactId, segmentId: segment.segmentId, agentId },
    { party: "handler", kind: segment.kind, reason },
  );
}
