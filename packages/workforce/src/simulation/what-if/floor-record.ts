import type { QueuePolicy } from "@svara/insight";
import type { AgentId, Instant, QueueId } from "@svara/kernel";
import type {
  AgentConfig,
  AttemptOutcome,
  Input,
  ItemId,
  QueueConfig,
  WithdrawReason,
  WorkItem,
} from "@svara/routing";
import type { FloorTally } from "../floor-tally.ts";
import type { MissedOffer, NextStay, TimedInput } from "../scenario.ts";

/** One stay of one item in the line, as the journal told it. */
export interface RecordedStay {
  readonly at: Instant;
  /** As it was queued. */
  readonly item: WorkItem;
  /** How it ended; `open` when the record ended first, or was cut by a new start of the program. */
  outcome: "answered" | "abandoned" | "left" | "open";
  /** From `at` to the end of the stay. */
  waitMs: number;
  /** Of those who `left`. */
  leaveReason: WithdrawReason | null;
  /** From the offer that was accepted to its acceptance. */
  ringMs: number | null;
  /** Without the time in which it was set aside. Null: the record does not know the end of the talk. */
  talkMs: number | null;
  /** Null: there was none, or it lasted to its limit. */
  wrapUpMs: number | null;
  /** Promised a call back while it waited: from then on nobody could hang up. */
  promisedMs: number | null;
  readonly changes: { readonly afterMs: number; readonly input: Input }[];
  readonly misses: { -readonly [K in keyof MissedOffer]: MissedOffer[K] }[];
  readonly attempts: { dialMs: number; outcome: AttemptOutcome }[];
  /** The item's next stay. */
  next: { readonly after: NextStay["after"]; readonly gapMs: number; readonly stay: RecordedStay } | null;
}

/** What a journal tells of a floor: everything that came from outside, and what became of it. */
export interface FloorRecord {
  readonly from: Instant;
  /** Just after the last entry. */
  readonly to: Instant;
  readonly entries: number;
  /** First stays of items in order of coming; later ones hang on them. */
  readonly stays: readonly RecordedStay[];
  /** Changes of configuration as recorded. */
  readonly configuration: readonly TimedInput[];
  /** Log-ins, breaks, presence, reachability. */
  readonly staffing: readonly TimedInput[];
  /** Work that no queue gave: outbound, internal, consultations. Its items have ids of their own. */
  readonly otherWork: readonly TimedInput[];
  /** The last configuration of each queue and agent. */
  readonly queues: ReadonlyMap<QueueId, QueueConfig>;
  readonly agents: ReadonlyMap<AgentId, AgentConfig>;
  /** Places in the configuration whose numbers could not be reckoned with: left out, or at their usual value. */
  readonly mended: readonly string[];
  /** What happened, counted from the decisions. */
  readonly happened: FloorTally;
  /** That of the reader, or the usual one. */
  readonly policy: QueuePolicy;
  readonly facts: RecordFacts;
}

/** What the model must leave out or assume, in numbers. */
export interface RecordFacts {
  /** Items that waited when the record began. */
  readonly waitingAtStart: number;
  readonly inHandAtStart: number;
  /** Offers that nobody answered, or that were refused or failed. */
  readonly missedOffers: number;
  /** New starts of the program within the record. */
  readonly restarts: number;
  /** Items that were assigned by hand while they waited. */
  readonly pickedByHand: number;
  /** Parts of agents in work that no queue gave. */
  readonly otherWork: number;
  /** Talks whose end the record does not know. */
  readonly unfinished: number;
}

/** Whether the item is a call-back, of whom nobody is on the line. */
export function isCallback(stay: RecordedStay): boolean {
  return stay.item.callback !== undefined;
}

/** The first stays and all that follow them. */
export function* allStays(stays: readonly RecordedStay[]): Iterable<RecordedStay> {
  for (const first of stays) {
    for (let stay: RecordedStay | undefined = first; stay; stay = stay.next?.stay) yield stay;
  }
}

/** The id of an item in the simulated floor that must not meet another of the same name. */
export function renamed(itemId: ItemId, part: string): ItemId {
  return `${itemId}#${part}` as ItemId;
}
