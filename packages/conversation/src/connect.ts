import type { AgentId, LegId } from "@svara/kernel";
import { enterPlace } from "./customer.ts";
import { enterHandler } from "./handlers.ts";
import { join } from "./legs.ts";
import { forgetSilence } from "./recording.ts";
import type { Turn } from "./turn.ts";

/** The customer's leg, while the customer takes part. */
export function customerLeg(turn: Turn): LegId | undefined {
  const { place } = turn.state;
  return "legId" in place ? place.legId : undefined;
}

/** Brings the customer and the agent's answered leg together in the main bridge. */
export function connectAgent(turn: Turn, agentId: AgentId, legId: LegId): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  // a pause asked for by another agent ends with that agent
  if (turn.state.customerSegment?.agentId !== agentId) forgetSilence(turn);
  turn.state.served = true;
  join(turn, "main", customer);
  join(turn, "main", legId);
  enterHandler(turn, agentId, "talking");
  enterPlace(turn, { at: "talk", legId: customer, with: { kind: "agent", agentId } });
}

/** Brings the customer and a party outside the house together; from here nobody of ours is with them. */
export function connectExternal(turn: Turn, legId: LegId): void {
  const customer = customerLeg(turn);
  if (customer === undefined) return;
  join(turn, "main", customer);
  join(turn, "main", legId);
  enterPlace(turn, { at: "talk", legId: customer, with: { kind: "external", legId } });
}
