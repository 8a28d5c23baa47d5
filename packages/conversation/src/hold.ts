import type { AgentId } from "@svara/kernel";
import { isConference, resumeConference } from "./conference.ts";
import { connectAgent } from "./connect.ts";
import { enterPlace } from "./customer.ts";
import { enterHandler } from "./handlers.ts";
import { agentLeg, currentAgentOf, play } from "./legs.ts";
import type { Leg } from "./state.ts";
import type { Turn } from "./turn.ts";

/** The customer hears music, the agent's leg stays. `remote`: the agent's phone did it. */
export function holdCustomer(turn: Turn, agentId: AgentId, remote: boolean): void {
  const { place } = turn.state;
  if (place.at !== "talk" && place.at !== "conference") return;
  play(turn, place.legId, "music");
  turn.write("leg.held", { legId: place.legId, agentId }, { by: "agent" });
  if (place.at === "conference")
    return enterPlace(turn, { at: "hold", legId: place.legId, agentId: place.agentId, remote });
  enterHandler(turn, agentId, "held");
  enterPlace(turn, { at: "hold", legId: place.legId, agentId, remote });
}

export function resumeCustomer(turn: Turn, agentId: AgentId): void {
  const { place } = turn.state;
  const own = agentLeg(turn, agentId);
  if (place.at !== "hold" || own === undefined) return;
  turn.write("leg.resumed", { legId: place.legId, agentId }, { by: "agent" });
  if (isConference(turn)) return resumeConference(turn);
  connectAgent(turn, agentId, own);
}

/** A phone put us on hold. An agent's: as if they had asked for hold. A customer's: noted, the talk goes on. */
export function holdByPhone(turn: Turn, leg: Leg): void {
  const { place } = turn.state;
  if (leg.state !== "up") return;
  if (leg.role === "customer")
    return turn.write("leg.held", { contactId: leg.contactId, legId: leg.legId }, { by: "customer" });
  const agentId = currentAgentOf(turn, leg);
  const withCustomer = place.at === "talk" && place.with.kind === "agent" && place.with.agentId === agentId;
  if (agentId !== undefined && withCustomer && turn.state.side === undefined)
    holdCustomer(turn, agentId, true);
}

export function resumeByPhone(turn: Turn, leg: Leg): void {
  const { place } = turn.state;
  if (leg.state !== "up") return;
  if (leg.role === "customer")
    return turn.write("leg.resumed", { contactId: leg.contactId, legId: leg.legId }, { by: "customer" });
  const agentId = currentAgentOf(turn, leg);
  if (agentId === undefined || place.at !== "hold" || place.agentId !== agentId || !place.remote) return;
  if (turn.state.side === undefined) resumeCustomer(turn, agentId);
}
