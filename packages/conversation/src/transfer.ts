import type { AgentId, LegId, QueueId } from "@svara/kernel";
import type { TransferTarget } from "@svara/ledger";
import { connectAgent, connectExternal, customerLeg } from "./connect.ts";
import { dismissCustomer, enterPlace } from "./customer.ts";
import { escalateFrom, releaseAgent, startHandler, unreserve } from "./handlers.ts";
import type { Destination, FlowInput, Target } from "./inputs.ts";
import { hang, join, leave, legOf, play, ring, ringLimitMs, silence } from "./legs.ts";
import { enterQueue } from "./queueing.ts";
import type { Leg, Transfer } from "./state.ts";
import type { Turn } from "./turn.ts";

/** How long the last message may take before we hang up without its end. */
const FAREWELL_LIMIT_MS = 10_000;

/** The destination as the ledger may know it: without a number. */
export function ledgerTarget(to: Destination): TransferTarget {
  switch (to.kind) {
    case "agent":
      return { kind: "agent", agentId: to.agentId };
    case "queue":
      return { kind: "queue", queueId: to.queueId };
    case "entry_point":
      return { kind: "entry_point", entryPointId: to.entryPointId };
    case "number":
      return { kind: "number" };
  }
}

/** Blind transfer: the agent is free at once; the customer hears ring-back, or the music of the queue. */
export function transferBlind(turn: Turn, agentId: AgentId, to: Destination): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  const transferId = turn.ids.next();
  const about = { transferId, kind: "blind", target: ledgerTarget(to) } as const;
  turn.write("transfer.started", { agentId }, about);
  leave(turn, customer);
  if (to.kind === "queue") {
    turn.write("transfer.completed", { agentId }, about);
    toQueue(turn, to.queueId, to.priority);
  } else if (to.kind === "entry_point") {
    turn.write("transfer.completed", { agentId }, about);
    silence(turn, customer);
    enterPlace(turn, { at: "flow", legId: customer }, "transferred");
    turn.emit({ to: "flow", type: "flow.run", entryPointId: to.entryPointId });
  } else {
    ringTarget(turn, { transferId, kind: "blind", from: agentId, target: to });
  }
  releaseAgent(turn, agentId, { reason: "transferred", wrapUp: true, by: "agent" });
}

/** To a higher line of support: the customer waits at the place of their first queue entry, the agent wraps up. */
export function escalate(
  turn: Turn,
  agentId: AgentId,
  to: { readonly queueId: QueueId; readonly tier: number; readonly reason?: string },
): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  const { queueId, tier, reason } = to;
  turn.write("contact.escalated", { agentId }, { tier, toQueueId: queueId, ...(reason && { reason }) });
  leave(turn, customer);
  silence(turn, customer);
  enterQueue(turn, { queueId, initiation: "transfer", front: true, byRouter: true });
  escalateFrom(turn, agentId, { queueId, tier, ...(reason && { reason }) });
}

function toQueue(turn: Turn, queueId: QueueId, priority: number | undefined): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  silence(turn, customer);
  enterQueue(turn, { queueId, initiation: "transfer", ...(priority !== undefined && { priority }) });
}

/** The flow calls somebody for the customer. An agent who has a part in the contact already is not reached. */
export function ringForFlow(turn: Turn, input: Extract<FlowInput, { type: "flow.ring" }>): void {
  const { to, ringTimeoutMs } = input;
  if (turn.state.place.at !== "flow") return;
  const before = to.kind === "agent" ? turn.state.handlers[to.agentId]?.state : undefined;
  if (before !== undefined && before !== "wrap_up") return;
  ringTarget(turn, { transferId: turn.ids.next(), kind: "blind", target: to }, ringTimeoutMs);
}

/** Rings the target while the customer hears that it rings. */
export function ringTarget(
  turn: Turn,
  transfer: Omit<Transfer, "ringing" | "returning">,
  timeoutMs?: number,
): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  const purpose = transfer.from === undefined ? "direct" : "transfer";
  const leg = callDirectly(turn, transfer.target, purpose, timeoutMs);
  hearRinging(turn, leg.legId);
  enterPlace(
    turn,
    { at: "transferring", legId: customer, transfer: { ...transfer, ringing: leg.legId, returning: false } },
    "transferred",
  );
}

/** Rings a target for the main contact, reserving it when it is an agent. */
function callDirectly(
  turn: Turn,
  target: Target,
  purpose: "transfer" | "return" | "direct",
  timeoutMs = ringLimitMs(turn, target),
): Leg {
  const { contactId } = turn;
  if (target.kind === "agent")
    turn.emit({ to: "router", type: "agent.reserved", agentId: target.agentId, contactId, purpose });
  const near = customerLeg(turn);
  const leg = ring(turn, {
    target,
    role: target.kind === "agent" ? "agent" : "external",
    purpose,
    contactId,
    timeoutMs,
    ...(near && { near }),
  });
  if (target.kind === "agent")
    startHandler(turn, { agentId: target.agentId, contactId, purpose, legId: leg.legId });
  return leg;
}

/** The customer hears that it rings: what the called network plays, or ring-back of ours. */
export function hearRinging(turn: Turn, ringing: LegId): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  if (!legOf(turn, ringing)?.early) return void play(turn, customer, "ringback");
  join(turn, "main", customer);
  join(turn, "main", ringing);
}

/** The target of a transfer (or the agent to whom it returns) answered. */
export function transferAnswered(turn: Turn, leg: Leg): void {
  const { place } = turn.state;
  if (place.at !== "transferring" || place.transfer.ringing !== leg.legId) return;
  const { transfer } = place;
  const { transferId, kind, target, from } = transfer;
  if (!transfer.returning && from !== undefined)
    turn.write("transfer.completed", { agentId: from }, { transferId, kind, target: ledgerTarget(target) });
  if (leg.agentId === undefined) return connectExternal(turn, leg.legId);
  const purpose = transfer.returning ? "return" : from === undefined ? "direct" : "transfer";
  turn.emit({
    to: "router",
    type: "item.assigned",
    contactId: turn.contactId,
    agentId: leg.agentId,
    purpose,
  });
  connectAgent(turn, leg.agentId, leg.legId);
}

/**
 * The target did not answer: back to the agent who transferred while they are in after-contact work of this contact,
 * else to the front of the last queue, else a last message.
 */
export function transferNotAnswered(turn: Turn, leg: Leg, cause: string): void {
  const { place } = turn.state;
  if (place.at !== "transferring" || place.transfer.ringing !== leg.legId) return;
  const { transfer } = place;
  hang(turn, leg.legId, "cancelled", "us");
  if (leg.agentId !== undefined) unreserve(turn, leg.agentId, cause, "not_answered");
  const { from } = transfer;
  if (from === undefined) return backToFlow(turn, cause, leg.agentId);
  if (!transfer.returning) {
    const { transferId, kind, target } = transfer;
    const unanswered = cause === "no_answer" || cause === "busy" || cause === "refused";
    turn.write(
      "transfer.cancelled",
      { agentId: from },
      { transferId, kind, target: ledgerTarget(target), reason: unanswered ? "not_answered" : "failed" },
    );
    if (turn.state.handlers[from]?.state === "wrap_up") return returnTo(turn, { ...transfer, from });
  }
  requeueOrPart(turn);
}

/** Whom the flow called for the customer did not come: it has them again. */
function backToFlow(turn: Turn, cause: string, agentId: AgentId | undefined): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  leave(turn, customer);
  silence(turn, customer);
  enterPlace(turn, { at: "flow", legId: customer });
  turn.emit({ to: "flow", type: "flow.not_reached", cause, ...(agentId && { agentId }) });
}

/** Rings the agent from whom the customer comes. */
export function returnTo(
  turn: Turn,
  transfer: Omit<Transfer, "ringing" | "returning"> & { readonly from: AgentId },
): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  const leg = callDirectly(turn, { kind: "agent", agentId: transfer.from }, "return");
  play(turn, customer, "ringback");
  enterPlace(turn, {
    at: "transferring",
    legId: customer,
    transfer: { ...transfer, ringing: leg.legId, returning: true },
  });
}

/** A customer whom nobody has any more waits at the front of the last queue, or hears that we failed. */
export function requeueOrPart(turn: Turn): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  const queueId = turn.state.lastQueueId ?? turn.settings.fallbackQueueId;
  if (queueId !== undefined) {
    leave(turn, customer);
    silence(turn, customer);
    return enterQueue(turn, { queueId, initiation: "transfer", front: true });
  }
  const playbackId = play(turn, customer, "technical_fault");
  if (playbackId === undefined)
    return dismissCustomer(turn, { outcome: "failed_tech", by: "us", reason: "failed_tech" });
  enterPlace(turn, {
    at: "farewell",
    legId: customer,
    playbackId,
    until: turn.at + FAREWELL_LIMIT_MS,
    outcome: "failed_tech",
  });
}

/** The customer's last message has been heard, or took too long. */
export function farewellOver(turn: Turn): void {
  const { place } = turn.state;
  if (place.at !== "farewell") return;
  dismissCustomer(turn, { outcome: place.outcome, by: "us", reason: "failed_tech" });
}

/** The customer hung up while the target rang. */
export function abandonTransfer(turn: Turn): void {
  const { place } = turn.state;
  if (place.at !== "transferring") return;
  const { transferId, kind, target, from, ringing, returning } = place.transfer;
  const leg = turn.state.legs[ringing];
  if (leg?.agentId !== undefined && turn.state.handlers[leg.agentId]?.legId === ringing)
    unreserve(turn, leg.agentId, "customer_ended", "withdrawn");
  hang(turn, ringing, "cancelled", "customer");
  if (!returning && from !== undefined)
    turn.write(
      "transfer.cancelled",
      { agentId: from },
      { transferId, kind, target: ledgerTarget(target), reason: "customer_ended" },
    );
}
