import type { ApprovalRulesDraft } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { RosterDecision } from "@svara/workforce/rostering";
import type { RequestRow } from "./request.repository.ts";

/** What rules say of a request: granted without a person, or why a person is asked. */
export type Approval =
  | { readonly granted: true }
  | {
      readonly granted: false;
      /** A word, translated as `plan.requests.why.<word>`. */
      readonly why:
        | "no_rules"
        | "by_person"
        | "breaks_rules"
        | "too_late"
        | "cover_too_low"
        | "cover_unknown"
        | "leaves_gap";
    };

const DAY_MS = 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const NOTHING_HOURS = 1e-6; // rounding of sums of quarters

/**
 * Decides by rules. `decisions` are what the request does to each roster that holds its time; none: no roster is made for it
 * yet. Nothing that breaks a labour rule or a contract is granted without a person.
 */
export function approvalOf(
  request: Pick<RequestRow, "kind" | "fromAt">,
  rules: Pick<ApprovalRulesDraft, "leave" | "swap" | "overtime"> | undefined,
  decisions: readonly RosterDecision[],
  now: Instant,
): Approval {
  if (!rules) return person("no_rules");
  if (!rules[request.kind].byRules) return person("by_person");
  if (decisions.some(({ allowed }) => !allowed)) return person("breaks_rules");
  switch (request.kind) {
    case "leave": {
      const { noticeDays, minCover } = rules.leave;
      if (request.fromAt - now < noticeDays * DAY_MS) return person("too_late");
      if (decisions.length === 0 && minCover > 0) return person("cover_unknown");
      return decisions.every((decision) => coverAfter(decision) >= minCover)
        ? { granted: true }
        : person("cover_too_low");
    }
    case "swap":
      if (request.fromAt - now < rules.swap.noticeHours * HOUR_MS) return person("too_late");
      return decisions.every(({ effects }) => effects.shortHoursDelta <= NOTHING_HOURS)
        ? { granted: true }
        : person("leaves_gap");
    case "overtime":
      return request.fromAt < now ? person("too_late") : { granted: true };
  }
}

/** The lowest share of the requirement that remains in a quarter which the change touches; 1 where nobody is needed. */
export function coverAfter({ effects }: Pick<RosterDecision, "effects">): number {
  return Math.min(
    1e9,
    ...effects.intervals.map(({ required, after }) => (required > 0 ? after / required : 1e9)),
  );
}

function person(why: Extract<Approval, { granted: false }>["why"]): Approval {
  return { granted: false, why };
}
