import type { ContactSummary } from "@svara/contracts";
import type { TFunction } from "i18next";

type Outcome = NonNullable<ContactSummary["outcome"]>;

/** How a contact ended, in words; one without an outcome still goes on. */
export function outcomeName(outcome: string | null, t: TFunction): string {
  return outcome === null ? t("outcome.ongoing") : t(`outcome.${outcome as Outcome}`);
}

/** The tone of the state palette in which an outcome is shown. */
export function outcomeTone(outcome: string | null): "talking" | "available" | "trouble" | "held" | "away" {
  switch (outcome) {
    case null:
      return "talking";
    case "answered":
    case "transferred_out":
      return "available";
    case "abandoned_ivr":
    case "abandoned_queue":
    case "failed_tech":
    case "blocked":
    case "rejected":
    case "live_abandoned":
      return "trouble";
    case "out_of_hours":
    case "timeout":
    case "overflow":
    case "no_answer":
    case "busy":
      return "held";
    default:
      return "away";
  }
}
