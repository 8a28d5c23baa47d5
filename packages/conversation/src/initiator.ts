import type { LegId } from "@svara/kernel";
import type { ContactOutcome } from "@svara/ledger";
import type { HangupWord } from "./effects.ts";
import { legOf } from "./legs.ts";
import type { Turn } from "./turn.ts";

/**
 * The other party has answered. True when the phone that called in must be answered first: the two are brought together
 * when it is.
 */
export function answerInitiator(turn: Turn, legId: LegId): boolean {
  if (legOf(turn, legId)?.state !== "incoming") return false;
  turn.emit({ to: "switch", type: "leg.answer", legId });
  return true;
}

/** What a phone that still rings is told of an outcome. */
export function wordOf(outcome: ContactOutcome): HangupWord {
  switch (outcome) {
    case "busy":
      return "busy";
    case "invalid":
      return "not_found";
    case "rejected": // that a colleague does not want to is between the two
    case "no_answer":
    case "failed_tech":
      return "unavailable";
    default:
      return "normal";
  }
}
