import type { AgentId, CustomerId, LegId } from "@svara/kernel";
import { connectAgent } from "./connect.ts";
import { callOther } from "./consult.ts";
import { dismissCustomer, enterPlace } from "./customer.ts";
import { dialCustomer } from "./dial-customer.ts";
import { enterHandler, releaseAgent, startHandler, unreserve } from "./handlers.ts";
import { answerInitiator, wordOf } from "./initiator.ts";
import type { StartInput } from "./inputs.ts";
import { addLeg, agentLeg, hang, play, ring, ringLimitMs } from "./legs.ts";
import { ringOffer } from "./queueing.ts";
import type { Turn } from "./turn.ts";

type Inbound = Extract<StartInput, { type: "start.inbound" }>;
type Outbound = Extract<StartInput, { type: "start.outbound" }>;
type Internal = Extract<StartInput, { type: "start.internal" }>;
type Callback = Extract<StartInput, { type: "start.callback" }>;

/** A customer's leg came in: we answer it and the flow has them. */
export function startInbound(turn: Turn, input: Inbound): void {
  const { legId, entryPointId, trunkId, endpointId, customerId, divertedFrom } = input;
  open(turn, "inbound");
  turn.write(
    "contact.created",
    { legId },
    { medium: "voice", direction: "inbound", origin: "customer", ...(entryPointId && { entryPointId }) },
  );
  classify(turn, customerId);
  addLeg(
    turn,
    {
      legId,
      role: "customer",
      direction: "in",
      purpose: "customer",
      contactId: turn.contactId,
      state: "incoming",
      ...(trunkId && { trunkId }),
    },
    { ...(endpointId && { endpointId }), ...(divertedFrom && { divertedFrom }) },
  );
  enterPlace(turn, { at: "flow", legId });
  turn.emit({ to: "switch", type: "leg.answer", legId });
}

/** An agent dials a customer. */
export function startOutbound(turn: Turn, input: Outbound): void {
  const { agentId, to, customerId, linkedTo } = input;
  open(turn, "outbound");
  turn.write(
    "contact.created",
    { agentId },
    { medium: "voice", direction: "outbound", origin: "agent", ...(linkedTo && { linkedTo }) },
  );
  classify(turn, customerId);
  turn.state.dial = to;
  callInitiator(turn, agentId, "outbound", input.legId);
}

/** A customer who asked for it is called back: first the offer rings the agent. */
export function startCallback(turn: Turn, input: Callback): void {
  const { agentId, offerId, ringTimeoutMs, explain, queueId, to, linkedTo } = input;
  const { contactId, state } = turn;
  open(turn, "outbound");
  turn.write("contact.created", {}, { medium: "voice", direction: "outbound", origin: "callback", linkedTo });
  state.dial = to;
  state.callback = { queueId };
  state.lastQueueId = queueId;
  ringOffer(turn, { offerId, contactId, agentId, ringTimeoutMs, ...(explain && { explain }) });
}

/** An agent calls a colleague: a side call that is the contact itself. */
export function startInternal(turn: Turn, input: Internal): void {
  const { agentId, toAgentId, autoAnswer, diverted, linkedTo } = input;
  open(turn, "internal");
  turn.write(
    "contact.created",
    { agentId },
    { medium: "voice", direction: "internal", origin: "agent", ...(linkedTo && { linkedTo }) },
  );
  turn.state.side = {
    contactId: turn.contactId,
    internal: true,
    transferId: turn.ids.next(),
    asker: agentId,
    to: diverted ?? { kind: "agent", agentId: toAgentId, ...(autoAnswer && { autoAnswer }) },
    state: "asker_ringing",
  };
  callInitiator(turn, agentId, "internal", input.legId);
}

function open(turn: Turn, direction: "inbound" | "outbound" | "internal"): void {
  turn.state.phase = "open";
  turn.state.direction = direction;
}

function classify(turn: Turn, customerId: CustomerId | undefined): void {
  if (customerId) turn.write("contact.classified", {}, { customerId, by: "caller_id" });
}

/** Rings the agent who asked for the call. A desk phone that called in is on the line already: it rings until the other answers. */
function callInitiator(
  turn: Turn,
  agentId: AgentId,
  purpose: "outbound" | "internal",
  legId: LegId | undefined,
): void {
  const { contactId } = turn;
  turn.emit({ to: "router", type: "agent.reserved", agentId, contactId, purpose });
  if (legId === undefined) {
    const target = { kind: "agent", agentId } as const;
    const timeoutMs = ringLimitMs(turn, target);
    const leg = ring(turn, { target, role: "agent", purpose, contactId, timeoutMs });
    startHandler(turn, { agentId, contactId, purpose, legId: leg.legId });
    return;
  }
  addLeg(turn, { legId, role: "agent", direction: "in", purpose, contactId, agentId, state: "incoming" });
  turn.emit({ to: "switch", type: "leg.ring", legId });
  startHandler(turn, { agentId, contactId, purpose, legId });
  initiatorAnswered(turn, agentId, legId);
}

/** The agent who asked for the call is on the line: now the customer (or the colleague) is called. */
export function initiatorAnswered(turn: Turn, agentId: AgentId, legId: LegId): void {
  const { side } = turn.state;
  const { contactId } = turn;
  const purpose = side ? "internal" : "outbound";
  turn.emit({ to: "router", type: "item.assigned", contactId, agentId, purpose });
  if (side === undefined || side.to.kind === "queue") return dialCustomer(turn, agentId, legId);
  enterHandler(turn, agentId, "dialing");
  play(turn, legId, "ringback");
  callOther(turn, side.to);
}

/** The agent who asked for an outbound call never came on the line. */
export function initiatorNotAnswered(turn: Turn, agentId: AgentId, cause: string): void {
  unreserve(turn, agentId, cause, "not_answered");
  turn.state.result = { outcome: "cancelled", endedBy: "agent" };
}

/** The called customer answered. */
export function outboundAnswered(turn: Turn, agentId: AgentId): void {
  const own = agentLeg(turn, agentId);
  if (own === undefined || answerInitiator(turn, own)) return;
  connectAgent(turn, agentId, own);
}

const OUTCOMES = {
  busy: "busy",
  no_answer: "no_answer",
  refused: "rejected",
  not_found: "invalid",
} as const;

/** The called customer was not reached, or the agent gave up: the word for it is the contact's outcome. */
export function outboundFailed(
  turn: Turn,
  agentId: AgentId,
  by: "customer" | "agent" | "carrier" | "us",
  cause: string,
): void {
  const reached = Object.hasOwn(OUTCOMES, cause) ? OUTCOMES[cause as keyof typeof OUTCOMES] : "failed_tech";
  const outcome = by === "agent" ? "cancelled" : reached;
  const { place } = turn.state;
  if ("legId" in place) hang(turn, place.legId, "cancelled", by);
  dismissCustomer(turn, { outcome, by, reason: "not_answered" });
  const reason = by === "agent" ? "agent_ended" : "not_answered";
  releaseAgent(turn, agentId, { reason, wrapUp: false, by, word: wordOf(outcome) });
}
