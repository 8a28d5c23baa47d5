import { connectAgent, customerLeg } from "./connect.ts";
import { enterPlace } from "./customer.ts";
import { releaseAgent } from "./handlers.ts";
import { legOf, play, silence } from "./legs.ts";
import { leaveQueue } from "./queueing.ts";
import type { Leg, Offer } from "./state.ts";
import type { Turn } from "./turn.ts";

/** How long a greeting may take before the join comes without its end. */
const GREETING_LIMIT_MS = 10_000;

/** Plays to an agent what they are to hear before the join; false when there is nothing. */
export function greet(turn: Turn, leg: Leg): boolean {
  const { greet: greeting } = leg;
  if (greeting === undefined) return false;
  delete leg.greet;
  play(turn, leg.legId, greeting.announcement ? "announcement" : "beep", greeting);
  leg.greetingUntil = turn.at + GREETING_LIMIT_MS;
  return true;
}

/** The leg whose greeting this playback is. */
export function greetedBy(turn: Turn, playbackId: string): Leg | undefined {
  return turn.legs().find((leg) => leg.greetingUntil !== undefined && leg.playing?.playbackId === playbackId);
}

/** The agent who accepted hears the announcement; the customer, who waits until the join, hears ring-back. */
export function announce(turn: Turn, offer: Offer, leg: Leg): boolean {
  const { place } = turn.state;
  if (place.at !== "queue" || !greet(turn, leg)) return false;
  const { legId, queueId, initiation, enteredAt } = place;
  const { agentId } = offer;
  play(turn, legId, "ringback");
  enterPlace(turn, {
    at: "announcing",
    legId,
    queueId,
    initiation,
    enteredAt,
    agentId,
    agentLegId: leg.legId,
  });
  return true;
}

/** The announcement has been heard: the wait is over. */
export function announced(turn: Turn): void {
  const { place } = turn.state;
  if (place.at !== "announcing") return;
  leaveQueue(turn, "answered");
  connectAgent(turn, place.agentId, place.agentLegId);
}

/** The agent has gone before the join: the customer goes on waiting in the same queue entry, in front. */
export function announcedAgentGone(turn: Turn): void {
  const { place, firstQueuedAt } = turn.state;
  const customer = customerLeg(turn);
  if (place.at !== "announcing" || customer === undefined) return;
  const { agentId, queueId, initiation, enteredAt } = place;
  releaseAgent(turn, agentId, { reason: "agent_ended", wrapUp: false, by: "agent" });
  silence(turn, customer);
  enterPlace(turn, { at: "queue", legId: customer, queueId, initiation, enteredAt });
  turn.emit({
    to: "router",
    type: "item.queued",
    contactId: turn.contactId,
    queueId,
    initiation,
    queuedAt: firstQueuedAt ?? enteredAt,
    internal: false,
  });
  turn.emit({ to: "flow", type: "flow.wait", queueId, initiation });
}

/** Whether this leg belongs to the agent whom the announcement keeps from the customer. */
export function isAnnouncing(turn: Turn, leg: Leg | undefined): boolean {
  const { place } = turn.state;
  return place.at === "announcing" && legOf(turn, place.agentLegId) === leg;
}
