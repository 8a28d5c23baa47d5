import type { ActualKind } from "@svara/workforce/rostering";
import type { Catalogue } from "../../office/catalogue.ts";
import { reasonKind } from "../../organisation/organisation-kinds.ts";
import type { ReasonKinds } from "./agent-line.ts";

const REST = new Set(["break", "lunch"]);

/**
 * What a not-ready reason is for adherence: `break` and `lunch` are rest, a reason that is productive (training, meeting,
 * coaching, work away from the queue) is an activity, everything else is neither.
 */
export function reasonKinds(catalogue: Catalogue): ReasonKinds {
  return {
    kindOf(reasonId): ActualKind {
      const reason = reasonId === undefined ? undefined : catalogue.get(reasonKind, reasonId)?.value;
      if (!reason) return "off_queue";
      if (REST.has(reason.code)) return "rest";
      return reason.productive ? "activity" : "off_queue";
    },
  };
}
