import { type AgentId, type Instant, SvaraError } from "@svara/kernel";
import type {
  AttemptOutcome,
  Input,
  ItemId,
  Medium,
  OfferFailure,
  Presence,
  WithdrawReason,
  WorkItem,
} from "@svara/routing";
import type { Distribution } from "./distribution.ts";

/** An input of the router at its instant. */
export interface TimedInput {
  readonly at: Instant;
  readonly input: Input;
}

/** What happens on a simulated floor. The router is the live one, so queues, agents and rules are its own inputs. */
export interface Scenario {
  /** Arrivals and figures begin. */
  readonly from: Instant;
  /** Arrivals and figures over time (queue length, occupancy) end. */
  readonly to: Instant;
  /** After `to`: `drain` lets everybody who came be served or leave, `stop` ends at once and they count as waiting. */
  readonly atClose: "drain" | "stop";
  /** Given to the router at `from`, in this order. */
  readonly configuration: readonly Input[];
  readonly shifts: readonly Shift[];
  /** Further inputs at their instants, ascending: changes of configuration, a recorded day's presence. */
  readonly agenda?: readonly TimedInput[];
  readonly arrivals: readonly ArrivalStream[];
  /** How agents answer what rings; at once if absent. */
  readonly answering?: Answering;
}

/** When an agent works. An agent whose shift ends during a contact finishes it first (the router's own rule). */
export interface Shift {
  readonly agentId: AgentId;
  readonly from: Instant;
  /** Absent: to the end. */
  readonly to?: Instant;
  readonly breaks?: readonly Break[];
  /** The media whose endpoint is there; voice if absent. */
  readonly media?: readonly Medium[];
}

/** A planned absence inside a shift; it begins when the work in hand has ended. */
export interface Break {
  readonly from: Instant;
  readonly to: Instant;
  /** `break`, paid and not productive, if absent. */
  readonly presence?: Extract<Presence, { readonly state: "not_ready" }>;
}

/** How agents answer. */
export interface Answering {
  /** From the offer to the answer. One that lasts longer than the queue's ring time is a miss (RONA). */
  readonly delay: Distribution;
  /** After a miss that no record knows, until the agent is available again; never if absent. */
  readonly returnAfterMs?: number;
}

/** Work that comes, with what it takes. Every stream has chance of its own (WF3). */
export type ArrivalStream = PoissonStream | RecordedStream;

/** Times of an item, drawn where the record does not give them. */
interface StreamTimes {
  /** From the answer to the end of the live part. */
  readonly talk: Distribution;
  /** Wrap-up, where the queue has one; at most its limit. Absent: the whole limit, or none without a limit. */
  readonly wrapUp?: Distribution;
  /** From the queue entry until the customer hangs up. */
  readonly patience: Distribution;
  /** A second phase with the same agent after the first, when chance and the router's policy allow it. */
  readonly crossSell?: CrossSell;
  /** Customers who would rather be called than wait. */
  readonly callback?: CallbackOffer;
  /** Customers who were not served try again. */
  readonly retrial?: Retrial;
  /** Which chance it draws, by `chanceNumber`; its place among the streams if absent. */
  readonly chance?: number;
}

/** Whoever still waits after so long may keep the place and be called instead; nobody waits on the line then. */
export interface CallbackOffer {
  readonly afterMs: number;
  /** The share that says yes, 0 to 1. */
  readonly probability: number;
  /** From the dialling to its outcome. */
  readonly dial: Distribution;
  /** The share of attempts that reach the customer, 0 to 1; 1 if absent. How often it is tried is the queue's rule. */
  readonly reached?: number;
}

/** Whoever gave up, or was turned away, tries again after a while, as a contact of its own with the same work in it. */
export interface Retrial {
  /** The share of those that does, each time, 0 to 1. */
  readonly probability: number;
  readonly delay: Distribution;
  /** How often at most; 10 if absent. */
  readonly mostTimes?: number;
}

/** Extra sales offered at the end of a contact. */
export interface CrossSell {
  /** The share of customers who are candidates. */
  readonly probability: number;
  readonly talk: Distribution;
}

/** Arrivals of a Poisson process whose rate is constant by pieces. */
export interface PoissonStream extends StreamTimes {
  readonly kind: "poisson";
  /** What each item is, but for id and time. */
  readonly item: Omit<WorkItem, "id" | "queuedAt">;
  /** Ascending; before the first none come, and the last holds to the end. */
  readonly rates: readonly RatePiece[];
}

/** A rate from an instant on. */
export interface RatePiece {
  readonly from: Instant;
  readonly perHour: number;
}

/** Arrivals as they were recorded, ascending by `at`. */
export interface RecordedStream extends StreamTimes {
  readonly kind: "recorded";
  readonly items: readonly RecordedItem[];
}

/** A recorded queue entry; what is absent is drawn from the stream's distributions. */
export interface RecordedItem {
  readonly at: Instant;
  readonly item: WorkItem;
  readonly talkMs?: number;
  readonly wrapUpMs?: number;
  /** `Infinity`: does not hang up. */
  readonly patienceMs?: number;
  /** Waited so long without hanging up: the patience drawn is longer. Asks for a stream whose patience is a `survival`. */
  readonly patienceOverMs?: number;
  readonly answerDelayMs?: number;
  /** What became of its first offers, before the one that is answered. */
  readonly misses?: readonly MissedOffer[];
  /** Of a call-back: the outcomes of its attempts in order; further ones are answered at once. */
  readonly attempts?: readonly { readonly dialMs: number; readonly outcome: AttemptOutcome }[];
  /** The flow takes it out of the queue after so long, if it still waits. */
  readonly leave?: { readonly afterMs: number; readonly reason: WithdrawReason };
  /** What is told of it while it waits: moved, facts known, call-back wished. */
  readonly changes?: readonly { readonly afterMs: number; readonly input: Input }[];
  /** The same item comes back into a queue. */
  readonly next?: NextStay;
}

/** An offer that nobody answered. */
export interface MissedOffer {
  /**
   * `timed_out`: the whole ring time of the queue. `cut`: it still rang when the customer, the agent or the record went away;
   * whoever rings would have answered later than that.
   */
  readonly outcome: "timed_out" | "refused" | "cut" | OfferFailure;
  /** From the offer to the refusal, the failure or the cut. */
  readonly ringMs: number;
  /** Until the agent, whom the router sent away for it, is available again; null: until the agenda says so. */
  readonly awayMs: number | null;
}

/**
 * A later stay of an item: `gapMs` after its talk ended (a transfer), after it was answered (a warm transfer, while the agent
 * still talks; its item has an id of its own), or after the flow took it out of the queue before.
 */
export interface NextStay extends Omit<RecordedItem, "at"> {
  readonly after: "answer" | "talk" | "leave";
  readonly gapMs: number;
}

/** Throws `workforce.bad_scenario` for one that ends before it begins. */
export function checkScenario({ from, to }: Scenario): void {
  if (Number.isFinite(from) && Number.isFinite(to) && from < to) return;
  throw new SvaraError(`a scenario runs from an instant to a later one, not from ${from} to ${to}`, {
    code: "workforce.bad_scenario",
    httpStatus: 422,
  });
}

/** An item's id within a scenario: the stream's number and the item's own. */
export function poissonItemId(stream: number, count: number): ItemId {
  return `${stream}-${count}` as ItemId;
}
