import { Conversation, type ConversationInput } from "@svara/conversation";
import { CountingIds } from "@svara/kernel/testing";
import type { CaseResult } from "./bench-case.ts";
import { perSecond } from "./per-second.ts";

const agentId = "anna";

/** A recorded call with a hold, from the first leg to the end of wrap-up. */
function oneCall(): number {
  const ids = new CountingIds("x");
  const call = new Conversation(
    { contactId: "contact", clientId: "client", switchId: "switch", record: true },
    ids,
  );
  let at = Date.UTC(2026, 0, 5, 8);
  let inputs = 0;
  const tell = (input: ConversationInput): string | undefined => {
    inputs++;
    at += 1_000;
    const { effects } = call.handle(input, at);
    const made = effects.find((e) => e.type === "leg.originate");
    return made?.type === "leg.originate" ? made.legId : undefined;
  };
  tell({ type: "start.inbound", legId: "customer" });
  tell({ type: "leg.answered", legId: "customer" });
  tell({ type: "queue.entered", queueId: "queue", initiation: "new" });
  const legId = tell({
    type: "offer.made",
    offerId: "offer",
    contactId: "contact",
    agentId,
    ringTimeoutMs: 20_000,
  });
  if (legId === undefined) throw new Error("the offer has made no leg");
  tell({ type: "leg.ringing", legId });
  tell({ type: "leg.answered", legId });
  tell({ type: "hold", agentId });
  tell({ type: "resume", agentId });
  tell({ type: "hang_up", agentId });
  tell({ type: "leg.ended", legId: "customer", by: "us", cause: "normal" });
  tell({ type: "leg.ended", legId, by: "us", cause: "normal" });
  tell({ type: "wrap_up.finished", agentId, reason: "completed" });
  if (!call.closed) throw new Error("the contact is not closed");
  return inputs;
}

/** How fast the machine of one live contact takes its inputs. */
export function conversation(): CaseResult {
  const value = perSecond(oneCall);
  const conditions = "inbound call, queue, one hold, wrap-up: 12 inputs each, one thread";
  return {
    group: {
      title: "Conversation",
      figures: [
        { id: "conversation.inputs", what: "inputs", value, unit: "/s", better: "higher", conditions },
      ],
    },
    detail: null,
  };
}
