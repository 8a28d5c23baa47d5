import type { AgentId, LegId } from "@svara/kernel";
import { enterPlace } from "./customer.ts";
import { startHandler, unreserve } from "./handlers.ts";
import type { Refusal } from "./inputs.ts";
import { addIncoming, ring, ringLimitMs } from "./legs.ts";
import type { Handler } from "./state.ts";
import type { Turn } from "./turn.ts";

/** An agent takes the call that rings at a colleague. What the router offers is its own to give to another. */
export function pickUp(
  turn: Turn,
  agentId: AgentId,
  of: AgentId,
  calledIn: LegId | undefined,
): Refusal | undefined {
  const { handlers, side } = turn.state;
  const before = handlers[agentId];
  if (agentId === of || (before !== undefined && before.state !== "wrap_up")) return "same_agent";
  const ringing = handlers[of];
  if (ringing?.state !== "ringing" || ringing.legId === undefined) return "not_ringing";
  // an offer is the router's; who calls for themselves, or fetches a parked customer, cannot be taken from
  const isOwnCall = ringing.purpose === "pickup" || ringing.purpose === "outbound" || side?.asker === of;
  if (ringing.purpose === "offer" || isOwnCall) return "not_ringing";
  takePlace(turn, ringing, ringing.legId, agentId, calledIn);
  return undefined;
}

function takePlace(
  turn: Turn,
  ringing: Handler,
  oldLeg: LegId,
  agentId: AgentId,
  calledIn: LegId | undefined,
): void {
  const { contactId, purpose, agentId: of } = ringing;
  const target = { kind: "agent", agentId } as const;
  turn.write("call.picked_up", { contactId, agentId }, { fromAgentId: of });
  unreserve(turn, of, "answered_elsewhere", "withdrawn", "answered_elsewhere");
  turn.emit({ to: "router", type: "agent.reserved", agentId, contactId, purpose });
  const timeoutMs = ringLimitMs(turn, target);
  const leg =
    calledIn === undefined
      ? ring(turn, { target, role: "agent", purpose, contactId, timeoutMs, asked: true })
      : addIncoming(turn, { legId: calledIn, role: "agent", purpose, contactId, agentId });
  startHandler(turn, { agentId, contactId, purpose, legId: leg.legId });
  replace(turn, { of, oldLeg }, { agentId, legId: leg.legId });
}

/** Whatever waits for the old leg waits for the new one. */
function replace(
  turn: Turn,
  old: { readonly of: AgentId; readonly oldLeg: LegId },
  now: { readonly agentId: AgentId; readonly legId: LegId },
): void {
  const { place, side, conference } = turn.state;
  const { agentId, legId } = now;
  if (place.at === "transferring" && place.transfer.ringing === old.oldLeg) {
    const target = { kind: "agent", agentId } as const;
    enterPlace(turn, { ...place, transfer: { ...place.transfer, ringing: legId, target } });
  }
  if (side?.other?.legId === old.oldLeg) side.other = { kind: "agent", agentId, legId };
  if (conference)
    conference.parties = conference.parties.map((party) =>
      party.kind === "agent" && party.agentId === old.of ? { kind: "agent", agentId } : party,
    );
}
