import type { AgentId, TrunkId } from "@svara/kernel";
import type { CentreModel } from "./centre-model.ts";

/** An outbound call that somebody or something wants to make. */
export interface PlannedCall {
  readonly number: string;
  readonly agentId?: AgentId;
  /** A new contact begins by it; absent or false: a contact that goes on asks for it. */
  readonly begins?: boolean;
  /** Asked for by name; otherwise the first trunk that can. */
  readonly trunkId?: TrunkId;
}

export type Verdict =
  | { readonly allowed: true; readonly trunkId: TrunkId; readonly callerNumber?: string }
  | { readonly allowed: false; readonly reason: "no_lines" | "not_allowed" | "malformed" | "draining" };

/** A rule that may forbid a call; rules are asked in order, and the first word against it stands. */
export type CallRule = (
  call: PlannedCall,
  model: CentreModel,
) => Extract<Verdict, { allowed: false }>["reason"] | undefined;

/** Only what a telephone can dial: E.164 with or without plus, or a short number. */
const dialable: CallRule = (call) => (/^\+?[0-9*#]{2,20}$/.test(call.number) ? undefined : "malformed");

/**
 * The one gate of all outbound dialling, by whom or whatever. Compliance and fraud rules are added to its list;
 * without a trunk that may carry the call it is refused.
 */
export class CallGate {
  readonly #rules: readonly CallRule[];

  constructor(rules: readonly CallRule[] = []) {
    this.#rules = [dialable, ...rules];
  }

  placeCall(call: PlannedCall, model: CentreModel): Verdict {
    for (const rule of this.#rules) {
      const reason = rule(call, model);
      if (reason) return { allowed: false, reason };
    }
    const trunk = [...model.trunks.values()].find(
      (t) => t.peer && (!call.trunkId || t.trunkId === call.trunkId),
    );
    if (!trunk) return { allowed: false, reason: "no_lines" };
    return {
      allowed: true,
      trunkId: trunk.trunkId,
      ...(trunk.callerNumber ? { callerNumber: trunk.callerNumber } : {}),
    };
  }
}
