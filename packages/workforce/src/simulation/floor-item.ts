import type { AgentId, Instant, QueueId } from "@svara/kernel";
import { type AttemptOutcome, hashOf, type Input, type ItemId, type MadeOffer } from "@svara/routing";
import type { Arrival, ArrivalSource } from "./arrivals.ts";
import type { Stay } from "./floor-tally.ts";
import type { QueueTally } from "./queue-tally.ts";

/** An item on the simulated floor. */
export class FloorItem implements Stay {
  readonly id: ItemId;
  /** Of the id. */
  readonly hash: number;
  arrival: Arrival;
  phase: "waiting" | "dialing" | "talking" | "interrupted" | "done" = "waiting";
  /** Counts its stays in the line: what was planned in an earlier one counts no more. */
  stay = 0;
  /** Counts the planned ends of talk; only the last one counts. */
  part = 0;
  offer: MadeOffer | null = null;
  /** The offer that was accepted last. */
  taken: MadeOffer | null = null;
  /** Offers that were missed so far. */
  missed = 0;
  agentId: AgentId | null = null;
  /** An agent had it in hand and gave it back: nobody hangs up any more. */
  isGivenBack = false;
  /** Attempts to call back so far. */
  attempts = 0;
  isCallback: boolean;
  /** Of the talk that is still to come. */
  leftMs: number;
  talkEndsAt: Instant = 0;
  mayCrossSell: boolean;
  /** Where it is counted as waiting. */
  queue: QueueTally | null = null;
  enteredAt: Instant = 0;
  /** Of which queue's system it is a part: it waits there, or is in hand. */
  systemOf: QueueId | null = null;
  /** Its live part is over, and an agent wraps it up. */
  isWrappedUp = false;

  constructor(arrival: Arrival) {
    this.id = arrival.item.id;
    this.hash = hashOf(arrival.item.id);
    this.arrival = arrival;
    this.leftMs = arrival.talkMs;
    this.isCallback = arrival.item.callback !== undefined;
    this.mayCrossSell = arrival.extraTalkMs !== undefined;
  }
}

/** What will happen on the simulated floor. What was planned for an earlier stay, offer or part of a talk counts no more. */
export type FloorEvent =
  /** The next item of a source; there is one such event for each, used again and again. */
  | { readonly kind: "arrival"; readonly source: ArrivalSource }
  | { readonly kind: "return"; readonly item: FloorItem }
  | { readonly kind: "answer"; readonly item: FloorItem; readonly offer: MadeOffer }
  | { readonly kind: "miss"; readonly item: FloorItem; readonly offer: MadeOffer; readonly input: Input }
  | { readonly kind: "hang_up"; readonly item: FloorItem; readonly stay: number }
  | { readonly kind: "leave"; readonly item: FloorItem; readonly stay: number }
  | { readonly kind: "change"; readonly item: FloorItem; readonly stay: number; readonly input: Input }
  | {
      readonly kind: "attempted";
      readonly item: FloorItem;
      readonly agentId: AgentId;
      readonly outcome: AttemptOutcome;
    }
  | { readonly kind: "talk_end"; readonly item: FloorItem; readonly part: number }
  | { readonly kind: "wrap_up_end"; readonly item: FloorItem; readonly agentId: AgentId }
  | { readonly kind: "back"; readonly agentId: AgentId }
  | { readonly kind: "agenda" };
