import type { Instant, Random } from "@svara/kernel";
import type { ItemId, WorkItem } from "@svara/routing";
import { CallbackChance, RetrialChance } from "./customer-chance.ts";
import { type Sampler, sampler, survivalSampler } from "./distribution.ts";
import {
  type ArrivalStream,
  type NextStay,
  type PoissonStream,
  poissonItemId,
  type RatePiece,
  type RecordedItem,
  type Scenario,
} from "./scenario.ts";
import { chanceFor, type Purpose } from "./streams.ts";

/** An item that comes, with all that chance has in store for it. */
export interface Arrival {
  readonly at: Instant;
  readonly item: WorkItem;
  readonly talkMs: number;
  /** Undefined: until the limit of the queue's wrap-up. */
  readonly wrapUpMs: number | undefined;
  readonly patienceMs: number;
  readonly answerDelayMs: number;
  /** The extra talk of a candidate for cross-selling. */
  readonly extraTalkMs: number | undefined;
  /** What else the record knows of it, or chance decided. */
  readonly known: KnownFate;
  /** The same item again, `gapMs` after its live part; its `at` means nothing. */
  readonly next: (Pick<NextStay, "after" | "gapMs"> & { readonly arrival: Arrival }) | null;
  /** Of a customer who may try again: the chance, the customer's number for it, and the attempts made with this one. */
  readonly retrial: RetrialChance | null;
  readonly retrialNumber: number;
  readonly attempt: number;
}

/** What becomes of an item that is no matter of time alone. */
type KnownFate = Pick<RecordedItem, "leave" | "changes" | "attempts" | "misses">;

const NOTHING_KNOWN: KnownFate = {};

/** The arrivals of one stream in one replication, in order; all of an item's chance is drawn when it comes (WF3). */
export class ArrivalSource {
  readonly #stream: ArrivalStream;
  readonly #number: number;
  readonly #to: Instant;
  readonly #clock: PoissonClock | undefined;
  readonly #talk: Sampler;
  readonly #wrapUp: Sampler | undefined;
  readonly #patience: (overMs: number) => number;
  readonly #answerDelay: Sampler | undefined;
  readonly #crossSell: { readonly wanted: () => boolean; readonly talk: Sampler } | undefined;
  readonly #callbacks: CallbackChance | undefined;
  readonly #retrials: RetrialChance | undefined;
  /** The common words of the items of a Poisson stream that has no others. */
  readonly #plain: boolean;
  #count = 0;
  #digits = "";
  /** The item that comes next, where `plan` found one. */
  pending: Arrival | undefined;

  constructor(
    stream: ArrivalStream,
    options: {
      readonly number: number;
      readonly seed: number;
      readonly replication: number;
      readonly from: Instant;
      readonly to: Instant;
      readonly answerDelay: Parameters<typeof sampler>[0] | undefined;
    },
  ) {
    const { number, seed, replication, from, to, answerDelay } = options;
    const chance = (purpose: Purpose): Random =>
      chanceFor(seed, replication, stream.chance ?? number, purpose);
    this.#stream = stream;
    this.#number = number;
    this.#to = to;
    this.#clock =
      stream.kind === "poisson" ? new PoissonClock(stream.rates, from, chance("arrival")) : undefined;
    this.#talk = sampler(stream.talk, chance("talk"));
    this.#wrapUp = stream.wrapUp && sampler(stream.wrapUp, chance("wrap_up"));
    this.#patience =
      stream.patience.kind === "survival"
        ? survivalSampler(stream.patience, chance("patience"))
        : sampler(stream.patience, chance("patience"));
    this.#answerDelay = answerDelay && sampler(answerDelay, chance("answer"));
    if (stream.crossSell) {
      const { probability, talk } = stream.crossSell;
      const random = chance("cross_sell");
      this.#crossSell = {
        wanted: () => random.next() < probability,
        talk: sampler(talk, chance("extra_talk")),
      };
    }
    this.#callbacks = stream.callback && new CallbackChance(stream.callback, chance("callback"));
    this.#retrials = stream.retrial && new RetrialChance(stream.retrial, stream.patience, chance("retrial"));
    this.#plain = stream.kind === "poisson" && Object.keys(stream.item).every((word) => COMMON.has(word));
  }

  /** Draws the item that comes next, if there is one. */
  plan(): Arrival | undefined {
    this.pending = this.next();
    return this.pending;
  }

  /** The next item before the end of arrivals. */
  next(): Arrival | undefined {
    const stream = this.#stream;
    const count = this.#count++;
    if (stream.kind === "recorded") {
      const recorded = stream.items[count];
      return recorded && recorded.at < this.#to ? this.#drawn(recorded) : undefined;
    }
    const at = this.#clock?.next() ?? Number.POSITIVE_INFINITY;
    if (at >= this.#to) return undefined;
    const id = this.#idOf(count);
    return this.#drawn({
      at,
      item: this.#plain ? plainItem(stream.item, id, at) : { ...stream.item, id, queuedAt: at },
    });
  }

  /** `poissonItemId`, with most of its digits kept: to write a number takes long. */
  #idOf(count: number): ItemId {
    if (count < THOUSAND) return poissonItemId(this.#number, count);
    if (count % THOUSAND === 0 || this.#digits === "") {
      this.#digits = poissonItemId(this.#number, Math.floor(count / THOUSAND));
    }
    return (this.#digits + LAST_DIGITS[count % THOUSAND]) as ItemId;
  }

  #drawn(given: RecordedItem): Arrival {
    // drawn even where the record knows better: item n meets the same chance whatever came before it
    const talkMs = this.#talk();
    const wrapUpMs = this.#wrapUp?.();
    const patienceMs = this.#patience(given.patienceOverMs ?? 0);
    const answerDelayMs = this.#answerDelay?.() ?? 0;
    const wanted = this.#crossSell?.wanted() ?? false;
    const extraTalkMs = this.#crossSell?.talk();
    const callback = this.#callbacks?.draw(given.item.id);
    const retrialNumber = this.#retrials?.draw() ?? 0;
    return {
      at: given.at,
      item: given.item,
      talkMs: given.talkMs ?? talkMs,
      wrapUpMs: given.wrapUpMs ?? wrapUpMs,
      patienceMs: given.patienceMs ?? patienceMs,
      answerDelayMs: given.answerDelayMs ?? answerDelayMs,
      extraTalkMs: wanted ? extraTalkMs : undefined,
      known: callback ?? (this.#stream.kind === "poisson" ? NOTHING_KNOWN : given),
      next: given.next
        ? {
            after: given.next.after,
            gapMs: given.next.gapMs,
            arrival: this.#drawn({ ...given.next, at: Number.POSITIVE_INFINITY }),
          }
        : null,
      retrial: this.#retrials ?? null,
      retrialNumber,
      attempt: 1,
    };
  }
}

/** The next attempt of a customer who was not served; null: there is none. */
export function nextAttempt(arrival: Arrival, now: Instant): Arrival | null {
  const again = arrival.retrial?.again(arrival.retrialNumber, arrival.attempt) ?? null;
  if (again === null) return null;
  const { item, attempt } = arrival;
  const at = now + again.delayMs;
  const id = `${item.id.replace(/~\d+$/, "")}~${attempt + 1}` as ItemId;
  return {
    ...arrival,
    at,
    item: { ...item, id, queuedAt: at },
    patienceMs: again.patienceMs,
    known: NOTHING_KNOWN,
    next: null,
    attempt: attempt + 1,
  };
}

const THOUSAND = 1000;
const LAST_DIGITS = Array.from({ length: THOUSAND }, (_, n) => String(n).padStart(3, "0"));

const COMMON: ReadonlySet<string> = new Set(["medium", "clientId", "queueId", "initiation"]);

/** The same as a spread, word by word: a million times an hour of simulation it counts. */
function plainItem(
  { medium, clientId, queueId, initiation }: PoissonStream["item"],
  id: ItemId,
  queuedAt: Instant,
): WorkItem {
  return { medium, clientId, queueId, initiation, id, queuedAt };
}

/** The arrivals of every stream of a scenario in one replication. */
export function sourcesOf(
  { arrivals, from, to, answering }: Scenario,
  { seed, replication }: { readonly seed: number; readonly replication: number },
): ArrivalSource[] {
  return arrivals.map(
    (stream, number) =>
      new ArrivalSource(stream, { number, seed, replication, from, to, answerDelay: answering?.delay }),
  );
}

/** Instants of a Poisson process: unit-rate gaps laid along the accumulated rate, so that a change of rate bends nothing else. */
class PoissonClock {
  readonly #pieces: readonly RatePiece[];
  readonly #random: Random;
  #piece: number;
  #at: Instant;
  /** Of the piece. */
  #perMs = 0;
  #end: Instant = 0;

  constructor(pieces: readonly RatePiece[], from: Instant, random: Random) {
    this.#pieces = pieces;
    this.#random = random;
    this.#piece = pieces.findLastIndex((piece) => piece.from <= from);
    this.#at = from;
    this.#enter();
  }

  next(): Instant {
    let left = -Math.log(1 - this.#random.next());
    for (;;) {
      const perMs = this.#perMs;
      const reached = perMs > 0 ? this.#at + left / perMs : Number.POSITIVE_INFINITY;
      if (reached <= this.#end) {
        this.#at = reached;
        return Math.round(reached);
      }
      left -= (this.#end - this.#at) * perMs;
      this.#at = this.#end;
      this.#piece++;
      this.#enter();
    }
  }

  #enter(): void {
    this.#perMs = (this.#pieces[this.#piece]?.perHour ?? 0) / 3_600_000;
    this.#end = this.#pieces[this.#piece + 1]?.from ?? Number.POSITIVE_INFINITY;
  }
}
