import type { AgentId, Instant, OfferId, QueueId } from "@svara/kernel";
import {
  type Decision,
  type Input,
  type ItemId,
  type JournalEntry,
  JournalledRouter,
  type QueueConfig,
  Router,
} from "@svara/routing";
import { type ArrivalSource, sourcesOf } from "./arrivals.ts";
import { type Sampler, sampler } from "./distribution.ts";
import { EventHeap } from "./event-heap.ts";
import { type FloorEvent, FloorItem } from "./floor-item.ts";
import type { FloorTally } from "./floor-tally.ts";
import {
  checkScenario,
  type MissedOffer,
  type NextStay,
  type Scenario,
  type TimedInput,
} from "./scenario.ts";
import { shiftInputs } from "./shifts.ts";
import { chanceFor } from "./streams.ts";

/** What a run counted beside the tally. */
export interface RunCounts {
  /** Things that happened on the floor: arrivals, answers, hang-ups, ends of talk and wrap-up, changes of shift. */
  readonly events: number;
  /** Inputs and timers that the router handled. */
  readonly steps: number;
  readonly decisions: number;
  /** Inputs that the router refused: on a sound scenario none but those that came too late. */
  readonly ignored: number;
  /** When the last thing happened. */
  readonly endedAt: Instant;
}

type ItemDecision = Exclude<
  Extract<Decision, { readonly itemId: unknown }>,
  { readonly type: "agent.state_changed" }
>;

/**
 * One run of a scenario: the world around the real router. Customers come, hang up and talk; agents answer, wrap up and
 * follow their shifts; who gets whom is the router's alone (WF1). Events of one instant happen in the order in which they
 * were planned, the router's timers before them.
 */
export class FloorRun {
  readonly #scenario: Scenario;
  readonly #tally: FloorTally;
  readonly #router: Router;
  /** The router itself, or with a journal beside it. */
  readonly #told: Pick<Router, "handle" | "advance">;
  readonly #events = new EventHeap<FloorEvent>();
  readonly #items = new Map<ItemId, FloorItem>();
  readonly #agenda: readonly TimedInput[];
  readonly #sources: readonly ArrivalSource[];
  readonly #laterDelay: Sampler;
  /** Offers that are answered within the instant. */
  #answers: FloorItem[] = [];
  /** Whose offer was missed in this step, until the router says what becomes of the agent. */
  #missed: { readonly agentId: AgentId; readonly returnAfterMs: number | null } | null = null;
  /** Queues whose agents must ask for a wrap-up. */
  readonly #wrapsOnRequest = new Set<QueueId>();
  /** Items between two stays. */
  #coming = 0;
  #agendaNext = 0;
  #now: Instant;
  #count = 0;
  #steps = 0;
  #decisions = 0;
  #ignored = 0;

  constructor(
    scenario: Scenario,
    options: {
      readonly tally: FloorTally;
      readonly seed: number;
      readonly replication: number;
      readonly journal?: ((entry: JournalEntry) => void) | undefined;
    },
  ) {
    checkScenario(scenario);
    this.#scenario = scenario;
    this.#tally = options.tally;
    this.#router = new Router({ routerId: "simulation", epoch: options.replication + 1 });
    this.#told = options.journal ? new JournalledRouter(this.#router, options.journal) : this.#router;
    this.#now = scenario.from;
    this.#agenda = [...shiftInputs(scenario.shifts, scenario.from), ...(scenario.agenda ?? [])].sort(
      (a, b) => a.at - b.at,
    );
    this.#laterDelay = sampler(
      scenario.answering?.delay ?? { kind: "deterministic", ms: 0 },
      chanceFor(options.seed, options.replication, scenario.arrivals.length, "answer"),
    );
    this.#sources = sourcesOf(scenario, options);
  }

  run(): RunCounts {
    const { from, to, atClose } = this.#scenario;
    for (const input of this.#scenario.configuration) this.#tell(input, from);
    this.#planAgenda();
    for (const source of this.#sources) this.#planArrival(source);
    for (;;) {
      const at = this.#events.nextAt;
      const due = this.#router.nextDue() ?? Number.POSITIVE_INFINITY;
      const next = Math.min(at, due);
      if (next === Number.POSITIVE_INFINITY) break;
      if (next >= to && (atClose === "stop" || this.#items.size + this.#coming === 0)) break;
      if (next >= to + LONGEST_DRAIN_MS) break;
      this.#now = next;
      if (due <= at) this.#advance(due);
      else this.#happen();
    }
    this.#tally.close(Math.max(to, this.#now));
    return {
      events: this.#count,
      steps: this.#steps,
      decisions: this.#decisions,
      ignored: this.#ignored,
      endedAt: this.#now,
    };
  }

  #happen(): void {
    const event = this.#events.pop();
    if (event === undefined) return;
    switch (event.kind) {
      case "arrival":
        this.#planArrival(event.source);
        this.#arrive(new FloorItem(event.arrival));
        return;
      case "return":
        this.#coming--;
        this.#arrive(event.item);
        return;
      case "answer":
        if (event.item.offerId === event.offerId) this.#answer(event.item);
        return;
      case "miss":
        if (event.item.offerId === event.offerId) this.#do(event.input);
        return;
      case "hang_up":
        if (this.#stillWaits(event) && !event.item.isGivenBack) this.#withdraw(event.item, "customer_gone");
        return;
      case "leave":
        if (this.#stillWaits(event) && !event.item.isGivenBack) {
          this.#withdraw(event.item, event.item.arrival.leave?.reason ?? "flow");
        }
        return;
      case "change":
        if (this.#stillWaits(event)) this.#do(event.input);
        return;
      case "attempted": {
        const { item, agentId, outcome } = event;
        if (item.phase !== "dialing") return; // the lease was over
        if (outcome === "answered") this.#answered(item, agentId, this.#now);
        this.#do({ type: "callback.attempted", itemId: item.id, agentId, outcome });
        return;
      }
      case "talk_end":
        if (event.item.part === event.part && event.item.phase === "talking") this.#endTalk(event.item);
        return;
      case "wrap_up_end":
        this.#do({ type: "wrapup.finished", itemId: event.item.id, agentId: event.agentId });
        return;
      case "back":
        this.#do({
          type: "agent.presence_set",
          agentId: event.agentId,
          presence: { state: "available" },
        });
        return;
      case "agenda": {
        const timed = this.#agenda[this.#agendaNext++];
        this.#planAgenda();
        if (timed) this.#do(timed.input);
        return;
      }
    }
  }

  #planAgenda(): void {
    const timed = this.#agenda[this.#agendaNext];
    if (timed) this.#events.push(Math.max(timed.at, this.#now), { kind: "agenda" });
  }

  #planArrival(source: ArrivalSource): void {
    const arrival = source.next();
    if (arrival) this.#events.push(arrival.at, { kind: "arrival", source, arrival });
  }

  #arrive(item: FloorItem): void {
    const { arrival } = item;
    const stay = ++item.stay;
    item.phase = "waiting";
    this.#items.set(item.id, item);
    this.#do({ type: "item.queued", item: arrival.item });
    if (item.phase !== "waiting") return;
    if (arrival.patienceMs <= 0) this.#withdraw(item, "customer_gone");
    else if (arrival.patienceMs < Number.POSITIVE_INFINITY) {
      this.#events.push(this.#now + arrival.patienceMs, { kind: "hang_up", item, stay });
    }
    if (arrival.leave) this.#events.push(this.#now + arrival.leave.afterMs, { kind: "leave", item, stay });
    for (const { afterMs, input } of arrival.changes ?? []) {
      this.#events.push(this.#now + afterMs, { kind: "change", item, stay, input });
    }
  }

  #stillWaits(event: { readonly item: FloorItem; readonly stay: number }): boolean {
    return event.item.phase === "waiting" && event.item.stay === event.stay;
  }

  #withdraw(item: FloorItem, reason: Extract<Input, { type: "item.withdrawn" }>["reason"]): void {
    this.#do({ type: "item.withdrawn", itemId: item.id, reason });
    this.#finish(item, reason === "customer_gone" ? "end" : "leave");
  }

  #answer(item: FloorItem): void {
    if (item.offerId !== null) this.#do({ type: "offer.accepted", offerId: item.offerId });
  }

  #answered(item: FloorItem, agentId: AgentId, at: Instant): void {
    this.#startTalk(item, agentId, at);
    if (!item.isGivenBack) this.#comeAgain(item, "answer");
  }

  #startTalk(item: FloorItem, agentId: AgentId, at: Instant): void {
    item.phase = "talking";
    item.agentId = agentId;
    item.talkEndsAt = at + item.leftMs;
    this.#events.push(item.talkEndsAt, { kind: "talk_end", item, part: ++item.part });
  }

  #dial(item: FloorItem, agentId: AgentId, at: Instant): void {
    item.phase = "dialing";
    item.agentId = agentId;
    const { dialMs, outcome } = item.arrival.attempts?.[item.attempts++] ?? ANSWERED_AT_ONCE;
    this.#events.push(at + dialMs, { kind: "attempted", item, agentId, outcome });
  }

  #endTalk(item: FloorItem): void {
    const { agentId, arrival } = item;
    if (agentId === null) return;
    if (item.mayCrossSell) {
      item.mayCrossSell = false;
      const answer = this.#do({ type: "crosssell.asked", itemId: item.id, agentId });
      if (answer.some((d) => d.type === "crosssell.answered" && d.allowed)) {
        this.#tally.crossSold(arrival.item.queueId, this.#now);
        item.leftMs = arrival.extraTalkMs ?? 0;
        this.#startTalk(item, agentId, this.#now);
        return;
      }
    }
    const { wrapUpMs = 0 } = arrival;
    if (wrapUpMs > 0 && Number.isFinite(wrapUpMs) && this.#wrapsOnRequest.has(arrival.item.queueId)) {
      this.#do({ type: "wrapup.requested", itemId: item.id, agentId, wanted: true });
    }
    item.phase = "done";
    this.#do({ type: "item.ended", itemId: item.id, agentId });
    this.#finish(item, "talk");
  }

  /** The item has left the floor, unless it comes again. */
  #finish(item: FloorItem, after: "talk" | "leave" | "end"): void {
    item.phase = "done";
    this.#items.delete(item.id);
    this.#comeAgain(item, after);
  }

  #comeAgain(item: FloorItem, after: NextStay["after"] | "end"): void {
    const { next } = item.arrival;
    if (next === undefined || next.after !== after) return;
    const at = this.#now + next.gapMs;
    const again = new FloorItem({ ...next.arrival, at, item: { ...next.arrival.item, queuedAt: at } });
    this.#coming++;
    this.#events.push(at, { kind: "return", item: again });
  }

  /** Something happened: the router hears of it, and whoever answers at once does. */
  #do(input: Input): Decision[] {
    this.#count++;
    const decisions = this.#tell(input, this.#now);
    this.#answerNow();
    return decisions;
  }

  #advance(at: Instant): void {
    const decisions = this.#told.advance(at);
    this.#steps++;
    this.#tally.observe(undefined, at, decisions);
    this.#hear(decisions);
    this.#answerNow();
  }

  #answerNow(): void {
    while (this.#answers.length > 0) {
      const answers = this.#answers;
      this.#answers = [];
      for (const item of answers) {
        this.#count++;
        if (item.offerId !== null) {
          this.#tell({ type: "offer.accepted", offerId: item.offerId }, this.#now);
        }
      }
    }
  }

  #tell(input: Input, at: Instant): Decision[] {
    if (input.type === "config.queue_set") this.#noteQueue(input.queue);
    const decisions = this.#told.handle(input, at);
    this.#steps++;
    this.#tally.observe(input, at, decisions);
    this.#hear(decisions);
    return decisions;
  }

  #noteQueue({ id, wrapUp }: QueueConfig): void {
    if (wrapUp.mode === "requested") this.#wrapsOnRequest.add(id);
    else this.#wrapsOnRequest.delete(id);
  }

  #hear(decisions: readonly Decision[]): void {
    this.#decisions += decisions.length;
    for (const decision of decisions) this.#react(decision);
    this.#missed = null;
  }

  #react(decision: Decision): void {
    if (decision.type === "ignored") this.#ignored++;
    else if (decision.type === "presence.changed") this.#planReturn(decision);
    else if ("itemId" in decision && decision.type !== "agent.state_changed") {
      const item = this.#items.get(decision.itemId);
      if (item) this.#reactFor(item, decision);
    }
  }

  #reactFor(item: FloorItem, decision: ItemDecision): void {
    switch (decision.type) {
      case "offer":
        this.#ring(item, decision);
        return;
      case "offer.accepted":
        item.offerId = null;
        if (item.isCallback) this.#dial(item, decision.agentId, decision.at);
        else this.#answered(item, decision.agentId, decision.at);
        return;
      case "offer.timed_out":
      case "offer.refused":
      case "offer.failed":
        this.#offerMissed(item, decision.agentId);
        return;
      case "offer.withdrawn":
        item.offerId = null;
        if (item.arrival.misses[item.missed]?.outcome === "cut") item.missed++;
        return;
      case "wrapup.started":
        this.#planWrapUp(item, decision);
        return;
      case "item.interrupted":
        if (item.phase !== "talking") return;
        item.phase = "interrupted";
        item.leftMs = Math.max(0, item.talkEndsAt - decision.at);
        return;
      case "item.resumed":
        if (item.phase === "interrupted") this.#startTalk(item, decision.agentId, decision.at);
        return;
      case "item.returned":
        if (item.phase !== "interrupted") return;
        item.phase = "waiting";
        item.isGivenBack = true;
        return;
      case "item.overflowed":
        if (decision.left) this.#finish(item, "end");
        return;
      case "item.orphaned":
        this.#finish(item, "end");
        return;
      case "callback.promised":
        item.isCallback = true;
        item.stay++; // nobody is on the line who could hang up
        return;
      case "callback.failed":
        item.phase = "waiting";
        if (decision.nextAt === null) this.#finish(item, "end");
        return;
      default:
        return;
    }
  }

  #ring(item: FloorItem, offer: { readonly at: Instant; readonly offerId: OfferId }): void {
    const { offerId, at } = offer;
    const { misses, answerDelayMs: ownMs } = item.arrival;
    item.offerId = offerId;
    const miss = misses[item.missed];
    if (miss && miss.outcome !== "cut") {
      this.#planMiss(item, offer, miss);
      return;
    }
    // after a miss that no record knows somebody else answers, in another time
    const delayMs = miss || item.missed > misses.length ? this.#laterDelay() : ownMs;
    const answerDelayMs = miss ? longerThan(miss.ringMs, delayMs) : delayMs;
    if (answerDelayMs === 0) this.#answers.push(item);
    else this.#events.push(at + answerDelayMs, { kind: "answer", item, offerId });
  }

  /** What became of the offer in the record becomes of it again; a time-out is the router's own. */
  #planMiss(
    item: FloorItem,
    offer: { readonly at: Instant; readonly offerId: OfferId },
    { outcome, ringMs }: MissedOffer,
  ): void {
    if (outcome === "timed_out" || outcome === "cut") return;
    const { offerId } = offer;
    const input: Input =
      outcome === "refused"
        ? { type: "offer.refused", offerId }
        : { type: "offer.failed", offerId, reason: outcome };
    this.#events.push(offer.at + ringMs, { kind: "miss", item, offerId, input });
  }

  #planWrapUp(
    item: FloorItem,
    { at, until, agentId }: Extract<Decision, { readonly type: "wrapup.started" }>,
  ): void {
    const endsAt = at + (item.arrival.wrapUpMs ?? Number.POSITIVE_INFINITY);
    if (until !== null && endsAt >= until) return; // the router ends it at its limit
    this.#events.push(Number.isFinite(endsAt) ? endsAt : at, { kind: "wrap_up_end", item, agentId });
  }

  #offerMissed(item: FloorItem, agentId: AgentId): void {
    item.offerId = null;
    const known = item.arrival.misses[item.missed++];
    const isKnown = known !== undefined && known.outcome !== "cut";
    const returnAfterMs = isKnown ? known.awayMs : (this.#scenario.answering?.returnAfterMs ?? null);
    this.#missed = { agentId, returnAfterMs };
  }

  /** Who is sent away for a missed call comes back; who is away for another reason does by the agenda. */
  #planReturn(changed: Extract<Decision, { readonly type: "presence.changed" }>): void {
    const missed = this.#missed;
    if (missed === null || changed.agentId !== missed.agentId) return;
    this.#missed = null;
    if (missed.returnAfterMs === null || changed.presence.state === "available") return;
    this.#events.push(changed.at + missed.returnAfterMs, { kind: "back", agentId: changed.agentId });
  }
}

/** A time of which is known that it is longer than `overMs`. */
function longerThan(overMs: number, drawnMs: number): number {
  return drawnMs > overMs ? drawnMs : overMs + 1 + drawnMs;
}

const ANSWERED_AT_ONCE = { dialMs: 0, outcome: "answered" } as const;
const LONGEST_DRAIN_MS = 7 * 24 * 3_600_000; // who is not served a week after closing never will be
