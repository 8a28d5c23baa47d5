import type { AgentId, Instant } from "@svara/kernel";
import type { Input, ItemId } from "@svara/routing";
import type { TimedInput } from "../scenario.ts";
import { renamed } from "./floor-record.ts";
import { keyOf, type PartOf } from "./part-of.ts";

type Assigned = Extract<Input, { readonly type: "item.assigned" }>;
type AboutPart = Extract<
  Input,
  { type: "item.ended" | "item.phase_set" | "wrapup.finished" | "wrapup.extended" | "wrapup.requested" }
>;

/**
 * Parts of agents in work that no queue gave: outbound, internal, consultations. Each gets a name of its own, since the
 * same contact may wait in a queue as well.
 */
export class OtherWork {
  readonly inputs: TimedInput[] = [];
  #count = 0;
  readonly #live = new Map<string, ItemId>();
  /** Whose live part is over, while there may be a wrap-up. */
  readonly #ended = new Map<string, ItemId>();

  /** How many parts there were. */
  get count(): number {
    return this.#count;
  }

  assigned(input: Assigned, at: Instant): void {
    const itemId = renamed(input.itemId, `part${++this.#count}`);
    this.#live.set(keyOf(input), itemId);
    this.inputs.push({ at, input: { ...input, itemId } });
  }

  /** Keeps what concerns such a part; whether it did. */
  told(input: AboutPart, at: Instant): boolean {
    const key = keyOf(input);
    const itemId = this.#live.get(key) ?? this.#ended.get(key);
    if (itemId === undefined) return false;
    this.inputs.push({ at, input: { ...input, itemId } });
    if (input.type === "item.ended") {
      this.#live.delete(key);
      this.#ended.set(key, itemId);
    }
    return true;
  }

  /** Whether a wrap-up that begins is one of these. */
  wraps(part: PartOf): boolean {
    return this.#ended.has(keyOf(part));
  }

  /** A wrap-up is over; whether it was one of these. */
  wrapUpEnded(part: PartOf): boolean {
    return this.#ended.delete(keyOf(part));
  }

  /** The agent has the item from a queue now. */
  queueWork(part: PartOf): void {
    this.#ended.delete(keyOf(part));
  }

  /** The program started anew: whatever was in hand is over. */
  restart(at: Instant): void {
    for (const [key, itemId] of this.#live) {
      const agentId = key.slice(key.indexOf(" ") + 1) as AgentId;
      this.inputs.push({ at, input: { type: "item.ended", itemId, agentId, wrapUp: "skip" } });
    }
    this.#live.clear();
    this.#ended.clear();
  }
}
