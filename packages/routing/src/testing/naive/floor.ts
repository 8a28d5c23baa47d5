import type { AgentId, Instant, OfferId, QueueId, SiteId } from "@svara/kernel";
import type { Candidate, Decision, Explanation, IgnoreCode } from "../../decision.ts";
import type { InputType } from "../../input.ts";
import {
  type AgentConfig,
  DEFAULT_RULES,
  type HandlingPhase,
  type Medium,
  type Presence,
  type QueueConfig,
  type RouterRules,
  type WorkItem,
  type WrapUpRule,
} from "../../model.ts";

/** What of an explanation follows from the rules alone: of a choice by asking or by hand only the kind. */
export interface PlainExplanation {
  readonly choice: Explanation["choice"];
  readonly rules: number;
  readonly step: number;
  readonly strategy?: string;
  /** All of them, the best first. */
  readonly ranking?: readonly Candidate[];
  readonly considered?: number;
  readonly trade?: Explanation["trade"];
}

type Without<D, K extends string> = D extends unknown ? Omit<D, K> : never;

/** A decision without the id of its offer, and with as much of an explanation as the rules give. */
export type PlainDecision = Without<Decision, "offerId" | "explain"> & {
  readonly explain?: PlainExplanation;
};

/** An item in a line, whether it rings or not. */
export interface Waiting {
  item: WorkItem;
  /** Every queue since it came to the router. */
  visited: QueueId[];
  attempts: number;
  retryAt: Instant | null;
  /** Offers in a row that failed by our doing. */
  failures: number;
  dormant: boolean;
  late: boolean;
  /** Of this entry into the queue. */
  enteredAt: Instant;
  armed: number;
  steps: number;
  alone: boolean;
  preferredWaitMs: number;
  sites: readonly SiteId[] | null;
  applied: string[];
  /** No question more in this queue. */
  settled: boolean;
  /** Its clock was looked at at this instant: what is due then has come. */
  seenAt: Instant;
  /** Questions up to and with this instant were asked. */
  askedAt: Instant;
}

export interface InHand {
  itemId: string;
  medium: Medium;
  queueId: QueueId | null;
  /** How it waited, if it did. */
  waiting: Waiting | null;
  phase: HandlingPhase;
  /** Of work set aside: its phase before, and for whom. */
  aside: { phase: HandlingPhase; byItemId: string } | null;
  since: Instant;
  takenAt: Instant;
  asideMs: number;
  wrapUpWanted: boolean;
  forced: boolean;
  ownRule: WrapUpRule | null;
  /** End of a limited wrap-up, or of the lease of what rings or dials. */
  until: Instant | null;
  armed: number;
  /** The number of the attempt to call back, and whether it still runs. */
  attempt: number | null;
  attempting: boolean;
}

export interface Person {
  config: AgentConfig;
  loggedIn: boolean;
  leaving: boolean;
  retired: boolean;
  presence: Presence;
  connected: boolean;
  graceUntil: Instant | null;
  graceArmed: number;
  unreachable: Medium[];
  busyOther: boolean;
  misses: number;
  restUntil: Instant | null;
  restReason: string;
  restArmed: number;
  idleSince: Instant;
  loggedInAt: Instant;
  workedMs: number;
  occupancy: number;
  lastOffer: number;
  inHand: InHand[];
  /** The media open at the end of the last step; `changed`: its configuration is another since. */
  wasOpen: Medium[];
  changed: boolean;
  told: { state: string; reason: string | null; itemId: string | null; since: Instant };
}

export interface RingingOffer {
  id: OfferId;
  waiting: Waiting;
  person: Person;
  until: Instant;
  armed: number;
}

/** What happened in a queue, for the figures that rules look at. */
export interface Past {
  answers: { at: Instant; inTarget: boolean }[];
  goneLate: Instant[];
  /** RT43 */
  handled: number;
  meanHandleMs: number;
  /** RT87: n taught, w and g. */
  taught: number;
  waitedMs: number;
  gone: number;
  /** RT85 */
  lastServed: { at: Instant; waitMs: number } | null;
}

/** Everything there is, in plain lists. */
export interface NaiveFloor {
  now: Instant;
  rules: RouterRules;
  revision: number;
  queues: QueueConfig[];
  past: Map<QueueId, Past>;
  people: Person[];
  line: Waiting[];
  offers: RingingOffer[];
  /** Items of which questions of overflow may be due. */
  asking: Waiting[];
  armed: number;
  offered: number;
  /** By item and agent: how often. */
  offeredTo: Map<string, number>;
  lookAt: Instant | null;
  lookArmed: number;
  lineChanged: boolean;
  out: PlainDecision[];
}

export function emptyFloor(): NaiveFloor {
  return {
    now: 0,
    rules: DEFAULT_RULES,
    revision: 0,
    queues: [],
    past: new Map(),
    people: [],
    line: [],
    offers: [],
    asking: [],
    armed: 0,
    offered: 0,
    offeredTo: new Map(),
    lookAt: null,
    lookArmed: 0,
    lineChanged: false,
    out: [],
  };
}

export function emit(floor: NaiveFloor, decision: PlainDecision): void {
  floor.out.push(decision);
}

export function ignore(floor: NaiveFloor, input: InputType, code: IgnoreCode, id: string): void {
  emit(floor, { type: "ignored", at: floor.now, input, code, id });
}

export function queueOf(floor: NaiveFloor, id: QueueId | null | undefined): QueueConfig | undefined {
  return floor.queues.find((queue) => queue.id === id);
}

export function personOf(floor: NaiveFloor, id: AgentId | undefined): Person | undefined {
  return floor.people.find((person) => person.config.id === id);
}

export function offerTo(floor: NaiveFloor, person: Person): RingingOffer | undefined {
  return floor.offers.find((offer) => offer.person === person);
}

export function offerOf(floor: NaiveFloor, waiting: Waiting): RingingOffer | undefined {
  return floor.offers.find((offer) => offer.waiting === waiting);
}

export function pastOf(floor: NaiveFloor, queueId: QueueId): Past {
  const known = floor.past.get(queueId);
  if (known) return known;
  const past: Past = {
    answers: [],
    goneLate: [],
    handled: 0,
    meanHandleMs: 0,
    taught: 0,
    waitedMs: 0,
    gone: 0,
    lastServed: null,
  };
  floor.past.set(queueId, past);
  return past;
}

export function remove<T>(list: T[], value: T): void {
  const i = list.indexOf(value);
  if (i >= 0) list.splice(i, 1);
}

/** Compares place by place. */
export function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
