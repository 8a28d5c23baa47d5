import { DIVERSION_CASES, type Diversions, type DiversionTarget } from "@svara/contracts";
import { dialString } from "../../format/phone-number.ts";

/** The cases in the order in which they are looked at. */
export const DIVERSIONS = DIVERSION_CASES;

/** A target as it is being chosen: each kind keeps what was entered for it. */
export interface DiversionDraft {
  readonly kind: "none" | DiversionTarget["kind"];
  readonly agentId: string | null;
  readonly queueId: string | null;
  readonly number: string;
}

export function draftOf(target: DiversionTarget | null): DiversionDraft {
  return {
    kind: target?.kind ?? "none",
    agentId: target?.kind === "agent" ? target.agentId : null,
    queueId: target?.kind === "queue" ? target.queueId : null,
    number: target?.kind === "number" ? target.number : "",
  };
}

/** Null: not diverted; undefined: something is still missing. */
export function targetOf(draft: DiversionDraft): DiversionTarget | null | undefined {
  switch (draft.kind) {
    case "none":
      return null;
    case "agent":
      return draft.agentId === null ? undefined : { kind: "agent", agentId: draft.agentId };
    case "queue":
      return draft.queueId === null ? undefined : { kind: "queue", queueId: draft.queueId };
    case "number": {
      const number = dialString(draft.number);
      return number.replace("+", "").length < 2 ? undefined : { kind: "number", number };
    }
  }
}

/** All cases as they are to be sent, or the first that is not complete. */
export function diversionsOf(
  drafts: Readonly<Record<keyof Diversions, DiversionDraft>>,
): { readonly diversions: Diversions } | { readonly missing: keyof Diversions } {
  const diversions: Diversions = { always: null, busy: null, no_answer: null, unreachable: null };
  for (const when of DIVERSIONS) {
    const target = targetOf(drafts[when]);
    if (target === undefined) return { missing: when };
    diversions[when] = target;
  }
  return { diversions };
}
