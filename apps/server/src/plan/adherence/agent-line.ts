import type { Instant } from "@svara/kernel";
import type { AgentState, LedgerEvent, Medium } from "@svara/ledger";
import type { ActualKind, StateSpan } from "@svara/workforce/rostering";

/** A state as the ledger has it, with the kind that shifts are compared with. */
export interface AgentStateSpan extends StateSpan {
  readonly state: string;
  readonly reason: string | null;
}

/** The reason codes that are planned work; those of rest; the others are neither. */
export interface ReasonKinds {
  kindOf(reasonId: string | undefined): ActualKind;
}

interface SlotState {
  readonly state: AgentState;
  readonly reason?: string;
}

const UNKNOWN: SlotState = { state: "unknown" };

/**
 * The reducer of one agent's line: their slots as one, of which the busiest tells what the agent does. Hand it the agent's
 * events in order, from a sign-in on. A stretch goes to `ended` once it is known to be over; what came before `from` is cut off.
 */
export class AgentLine {
  readonly #from: Instant;
  readonly #reasons: ReasonKinds;
  readonly #ended: (span: AgentStateSpan) => void;
  /** While signed in; the slot whose state began first stands first. */
  #slots: Map<Medium, SlotState> | undefined;
  /** Since when the slots are as they are. */
  #since: Instant = Number.NEGATIVE_INFINITY;
  /** May still go on: what follows may be the same. */
  #last: AgentStateSpan | undefined;

  constructor(parts: {
    readonly from: Instant;
    readonly reasons: ReasonKinds;
    readonly ended: (span: AgentStateSpan) => void;
  }) {
    this.#from = parts.from;
    this.#reasons = parts.reasons;
    this.#ended = parts.ended;
  }

  apply(event: LedgerEvent): void {
    switch (event.type) {
      case "agent.logged_in":
        this.#tell(event.at);
        this.#slots = new Map(event.payload.slots.map((slot) => [slot, UNKNOWN]));
        return;
      case "agent.logged_out":
        this.#tell(event.at);
        this.#slots = undefined;
        return;
      case "agent.state_changed": {
        const { slot, state, reason } = event.payload;
        const slots = this.#slots;
        if (!slots) return;
        // who signed in without a slot did something unknown until now
        if (slots.size === 0) slots.set(slot, UNKNOWN);
        this.#tell(event.at);
        slots.delete(slot);
        slots.set(slot, { state, ...(reason !== undefined && { reason }) });
      }
    }
  }

  /** What is not told as ended yet, as it stands at `to`: up to two stretches. */
  tail(to: Instant): readonly AgentStateSpan[] {
    const last = this.#last;
    const going = this.#going(to);
    if (!going) return last ? [last] : [];
    if (!last) return [going];
    return isOne(last, going) ? [{ ...last, to }] : [last, going];
  }

  #tell(at: Instant): void {
    const going = this.#going(at);
    this.#since = Math.max(this.#since, at);
    if (!going) return;
    if (this.#last && isOne(this.#last, going)) this.#last = { ...this.#last, to: going.to };
    else {
      if (this.#last) this.#ended(this.#last);
      this.#last = going;
    }
  }

  #going(to: Instant): AgentStateSpan | undefined {
    const from = Math.max(this.#since, this.#from);
    if (!this.#slots || to <= from) return undefined;
    let leading: SlotState | undefined;
    for (const slot of this.#slots.values()) if (!leading || rank(slot) < rank(leading)) leading = slot;
    if (!leading) return undefined;
    const { state, reason } = leading;
    const kind = state === "not_ready" ? this.#reasons.kindOf(reason) : kindOfState(state);
    return { from, to, state, reason: reason ?? null, kind };
  }
}

function isOne(a: AgentStateSpan, b: AgentStateSpan): boolean {
  return a.to === b.from && a.state === b.state && a.reason === b.reason && a.kind === b.kind;
}

const OFF_QUEUE: ReadonlySet<AgentState> = new Set(["not_ready", "not_responding", "monitoring", "unknown"]);

function kindOfState(state: AgentState): ActualKind {
  return OFF_QUEUE.has(state) ? "off_queue" : "on_queue";
}

/** Of several slots at once the busiest tells what the agent does. */
function rank({ state }: SlotState): number {
  if (state === "unknown") return 3;
  if (OFF_QUEUE.has(state)) return 2;
  return state === "available" ? 1 : 0;
}
