import type { AgentId, LegId } from "@svara/kernel";
import { enterPlace } from "./customer.ts";
import { enterHandler } from "./handlers.ts";
import { play, ring, ringLimitMs } from "./legs.ts";
import type { Turn } from "./turn.ts";

/** The agent is on the line and hears ring-back: now the customer is called. */
export function dialCustomer(turn: Turn, agentId: AgentId, legId: LegId): void {
  const { dial } = turn.state;
  enterHandler(turn, agentId, "dialing");
  play(turn, legId, "ringback");
  if (dial === undefined) return;
  const leg = ring(turn, {
    target: dial,
    role: "customer",
    purpose: "outbound",
    contactId: turn.contactId,
    timeoutMs: ringLimitMs(turn, dial),
    near: legId,
  });
  enterPlace(turn, { at: "dialing", legId: leg.legId });
}
