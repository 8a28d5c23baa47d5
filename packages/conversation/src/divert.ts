import type { AgentId } from "@svara/kernel";
import { targetRefusal } from "./commands.ts";
import { addParty, partyOf } from "./conference.ts";
import { callOther, queueConsult } from "./consult.ts";
import { unreserve } from "./handlers.ts";
import type { ConsultDestination, Refusal } from "./inputs.ts";
import { leave, legOf, silence } from "./legs.ts";
import { enterQueue } from "./queueing.ts";
import { ringTarget } from "./transfer.ts";
import type { Turn } from "./turn.ts";

/**
 * A call that rings at an agent goes on to where they have diverted their calls, as if that had been called. Offers are the
 * router's to give to another.
 */
export function divert(turn: Turn, of: AgentId, to: ConsultDestination): Refusal | undefined {
  const { handlers, place, side, conference } = turn.state;
  const ringing = handlers[of];
  const leg = legOf(turn, ringing?.legId);
  if (ringing?.state !== "ringing" || leg === undefined) return "not_ringing";
  const refusal = targetRefusal(turn, to);
  if (refusal) return refusal;
  if (place.at === "transferring" && place.transfer.ringing === leg.legId) {
    const { transferId, kind, from } = place.transfer;
    letGo(turn, of);
    if (to.kind !== "queue") ringTarget(turn, { transferId, kind, ...(from && { from }), target: to });
    else {
      const { queueId, priority } = to;
      if (from)
        turn.write(
          "transfer.completed",
          { agentId: from },
          { transferId, kind, target: { kind: "queue", queueId } },
        );
      leave(turn, place.legId);
      silence(turn, place.legId);
      const initiation = from ? "transfer" : "new";
      enterQueue(turn, { queueId, initiation, wait: true, ...(priority !== undefined && { priority }) });
    }
    return undefined;
  }
  if (side?.other?.legId === leg.legId) {
    if (to.kind === "queue" && side.internal) return "wrong_state";
    letGo(turn, of);
    delete side.other;
    side.to = to;
    if (to.kind === "queue") queueConsult(turn, side, to);
    else callOther(turn, to);
    return undefined;
  }
  const by = conference?.parties.find((party) => party.kind === "agent" && party.agentId !== of);
  if (conference === undefined || !partyOf(turn, leg) || by?.kind !== "agent") return "not_ringing";
  if (to.kind === "queue") return "wrong_state";
  letGo(turn, of);
  conference.parties = conference.parties.filter((party) => party.kind !== "agent" || party.agentId !== of);
  addParty(turn, by.agentId, to);
  return undefined;
}

function letGo(turn: Turn, of: AgentId): void {
  unreserve(turn, of, "diverted", "withdrawn");
}
