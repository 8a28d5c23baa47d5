import type { AgentId, LegId } from "@svara/kernel";
import type { PayloadOf } from "@svara/ledger";
import { connectAgent, customerLeg } from "./connect.ts";
import { enterPlace } from "./customer.ts";
import { releaseAgent, startHandler, unreserve } from "./handlers.ts";
import type { Refusal } from "./inputs.ts";
import { addIncoming, hang, leave, play, ring, ringLimitMs } from "./legs.ts";
import type { Leg } from "./state.ts";
import { requeueOrPart, returnTo } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/** The customer hears music in a slot; the agent is in after-contact work. */
export function parkCustomer(turn: Turn, agentId: AgentId, timeoutMs: number | undefined): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  const parkId = turn.ids.next();
  const until = turn.at + (timeoutMs ?? turn.settings.parkTimeoutMs ?? 90_000);
  turn.write("park.started", { agentId }, { parkId });
  leave(turn, customer);
  play(turn, customer, "music");
  enterPlace(turn, { at: "parked", legId: customer, parkId, agentId, until }, "transferred");
  turn.emit({ to: "house", type: "park.started", parkId, contactId: turn.contactId, agentId, until });
  releaseAgent(turn, agentId, { reason: "transferred", wrapUp: true, by: "agent" });
}

/** An agent fetches the customer: their phone has called in, or their device is rung. */
export function fetchParked(turn: Turn, agentId: AgentId, calledIn: LegId | undefined): Refusal | undefined {
  const { place, handlers } = turn.state;
  if (place.at !== "parked") return "not_parked";
  if (place.fetching) return "taken";
  const before = handlers[agentId];
  if (before !== undefined && before.state !== "wrap_up") return "same_agent";
  const { contactId } = turn;
  const purpose = "pickup";
  turn.emit({ to: "router", type: "agent.reserved", agentId, contactId, purpose });
  const target = { kind: "agent", agentId } as const;
  const leg =
    calledIn === undefined
      ? ring(turn, {
          target,
          role: "agent",
          purpose,
          contactId,
          timeoutMs: ringLimitMs(turn, target),
          near: place.legId,
        })
      : addIncoming(turn, { legId: calledIn, role: "agent", purpose, contactId, agentId });
  startHandler(turn, { agentId, contactId, purpose, legId: leg.legId });
  enterPlace(turn, { ...place, fetching: { agentId, legId: leg.legId } });
  return undefined;
}

/** Whoever fetches the customer is on the line. */
export function parkedFetched(turn: Turn, leg: Leg): void {
  const { place } = turn.state;
  if (place.at !== "parked" || place.fetching?.legId !== leg.legId) return;
  const { agentId } = place.fetching;
  endPark(turn, "picked_up", agentId);
  const { contactId } = turn;
  turn.emit({ to: "router", type: "item.assigned", contactId, agentId, purpose: "pickup" });
  connectAgent(turn, agentId, leg.legId);
}

/** Whoever wanted to fetch the customer did not come on the line: they stay, or their time is over by now. */
export function parkedNotFetched(turn: Turn, leg: Leg, cause: string): void {
  const { place } = turn.state;
  if (place.at !== "parked" || place.fetching?.legId !== leg.legId) return;
  const { fetching, ...parked } = place;
  unreserve(turn, fetching.agentId, cause, "not_answered");
  enterPlace(turn, parked);
  if (turn.at >= parked.until) parkOver(turn);
}

/** Nobody fetched the customer: they come back to the agent who parked them, and from there into the queue. */
export function parkOver(turn: Turn): void {
  const { place } = turn.state;
  if (place.at !== "parked") return;
  const { parkId, agentId } = place;
  endPark(turn, "timed_out");
  const before = turn.state.handlers[agentId]?.state;
  if (before !== undefined && before !== "wrap_up") return requeueOrPart(turn);
  returnTo(turn, {
    transferId: parkId,
    kind: "blind",
    from: agentId,
    target: { kind: "agent", agentId },
  });
}

/** The customer, or we, end the call while it is parked; who fetches them is called off. */
export function abandonPark(turn: Turn, reason: "customer_ended" | "ended"): void {
  const { place } = turn.state;
  if (place.at !== "parked") return;
  endPark(turn, reason);
  if (place.fetching === undefined) return;
  unreserve(turn, place.fetching.agentId, reason, "withdrawn");
  hang(turn, place.fetching.legId, "cancelled", "customer");
}

function endPark(turn: Turn, reason: PayloadOf<"park.ended">["reason"], agentId?: AgentId): void {
  const { place } = turn.state;
  if (place.at !== "parked") return;
  const { parkId } = place;
  turn.write("park.ended", agentId ? { agentId } : {}, { parkId, reason });
  turn.emit({ to: "house", type: "park.ended", parkId });
}
