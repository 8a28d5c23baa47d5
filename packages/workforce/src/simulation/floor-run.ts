import type { AgentId, Instant, QueueId } from "@svara/kernel";
import {
  type AgentState,
  type Decision,
  DirectRouter,
  IdTable,
  type Input,
  type JournalEntry,
  KNOWN_HASHES,
  type MadeOffer,
  type OtherDecision,
  type QueueConfig,
  type RouterListener,
  type ToldAgent,
  type WithdrawReason,
} from "@svara/routing";
import { AgentTime } from "./agent-tally.ts";
import { type Arrival, type ArrivalSource, nextAttempt, sourcesOf } from "./arrivals.ts";
import { EventHeap } from "./event-heap.ts";
import { type FloorEvent, FloorItem } from "./floor-item.ts";
import { type FloorTally, outcomeOf } from "./floor-tally.ts";
import { JournalPort, type RouterPort, SIMULATED } from "./journal-port.ts";
import { Ringing } from "./ringing.ts";
import { checkScenario, type NextStay, type Scenario, type TimedInput } from "./scenario.ts";
import { shiftInputs } from "./shifts.ts";
import type { SystemSamples } from "./system-samples.ts";

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

type ItemDecision = Extract<OtherDecision, { readonly itemId: unknown }>;

/**
 * One run of a scenario: the world around the real router. Customers come, hang up and talk; agents answer, wrap up and
 * follow their shifts; who gets whom is the router's alone (WF1). Events of one instant happen in the order in which they
 * were planned, the router's timers before them. The floor hears what the router decides while it decides it, and counts
 * and plans then; it says nothing to the router before that has finished.
 */
export class FloorRun implements RouterListener {
  readonly #scenario: Scenario;
  readonly #tally: FloorTally;
  readonly #router: RouterPort;
  readonly #events = new EventHeap<FloorEvent>();
  readonly #items = new IdTable<FloorItem>(KNOWN_HASHES);
  /** The item of which the router spoke last: mostly it goes on about it. */
  #last: FloorItem | undefined;
  readonly #agenda: readonly TimedInput[];
  readonly #sources: readonly ArrivalSource[];
  readonly #ringing: Ringing;
  readonly #samples: SystemSamples | null;
  /** Offers that are answered within the instant, in order. */
  readonly #answers: FloorItem[] = [];
  /** How many there are: an array that is emptied gives its room back. */
  #answering = 0;
  /** What was heard of an input that may still turn out to be refused; null: what is heard counts at once. */
  #held: (() => void)[] | null = null;
  /** The type of the input that was refused in this step. */
  #refused: Input["type"] | null = null;
  #crossSellAllowed = false;
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
      /** Is told how many there are in the system, now and then. */
      readonly samples?: SystemSamples | undefined;
    },
  ) {
    checkScenario(scenario);
    this.#scenario = scenario;
    this.#tally = options.tally;
    const { journal, samples } = options;
    const epoch = options.replication + 1;
    this.#tally.keepStaysIn(this.#items);
    this.#samples = samples ?? null;
    this.#router = journal
      ? new JournalPort({ epoch, journal, listener: this })
      : new DirectRouter({ routerId: SIMULATED, epoch, listener: this });
    this.#now = scenario.from;
    this.#agenda = [...shiftInputs(scenario.shifts, scenario.from), ...(scenario.agenda ?? [])].sort(
      (a, b) => a.at - b.at,
    );
    this.#ringing = new Ringing(scenario, this.#events, options);
    this.#sources = sourcesOf(scenario, options);
  }

  run(): RunCounts {
    const { from, to, atClose } = this.#scenario;
    for (const input of this.#scenario.configuration) this.#tell(input, from);
    this.#planAgenda();
    for (const source of this.#sources) this.#planArrival(source);
    for (;;) {
      const at = this.#events.nextAt;
      const due = this.#router.nextDue;
      const next = Math.min(at, due);
      if (next === Number.POSITIVE_INFINITY) break;
      if (next >= to && (atClose === "stop" || this.#items.size + this.#coming === 0)) break;
      if (next >= to + LONGEST_DRAIN_MS) break;
      this.#samples?.reach(next);
      this.#now = next;
      if (due <= at) this.#advance(due);
      else this.#happen();
    }
    this.#samples?.reach(to);
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
    const event = this.#events.peek();
    if (event?.kind === "arrival") {
      this.#nextOf(event);
      return;
    }
    if (event) {
      this.#events.pop();
      this.#happened(event);
    }
  }

  /** The item of a source that was planned comes, and the next one takes its place among the events. */
  #nextOf(event: Extract<FloorEvent, { readonly kind: "arrival" }>): void {
    const { source } = event;
    const arrival = source.pending;
    const next = source.plan();
    if (next) this.#events.replaceNext(next.at, event);
    else this.#events.pop();
    if (arrival) this.#arrive(new FloorItem(arrival));
  }

  #happened(event: Exclude<FloorEvent, { readonly kind: "arrival" }>): void {
    switch (event.kind) {
      case "return":
        this.#coming--;
        this.#arrive(event.item);
        return;
      case "answer":
        if (event.item.offer === event.offer) this.#answer(event.item);
        return;
      case "miss":
        if (event.item.offer === event.offer) this.#do(event.input);
        return;
      case "hang_up":
        if (this.#stillWaits(event) && !event.item.isGivenBack) this.#withdraw(event.item, "customer_gone");
        return;
      case "leave":
        if (this.#stillWaits(event) && !event.item.isGivenBack) {
          this.#withdraw(event.item, event.item.arrival.known.leave?.reason ?? "flow");
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
    const arrival = source.plan();
    if (arrival) this.#events.push(arrival.at, { kind: "arrival", source });
  }

  #arrive(item: FloorItem): void {
    const { arrival } = item;
    const stay = ++item.stay;
    const now = this.#now;
    item.phase = "waiting";
    this.#items.add(item);
    this.#last = item;
    this.#tally.come(item, arrival.item.queueId, now);
    if (arrival.attempt > 1) item.queue?.cameAgain(now);
    this.#count++;
    this.#steps++;
    this.#router.queue(arrival.item, now);
    if (this.#refused !== null) this.#tally.retract(item, now);
    this.#samples?.place(item);
    this.#endStep();
    this.#answerNow();
    if (item.phase !== "waiting") return;
    if (arrival.patienceMs <= 0) this.#withdraw(item, "customer_gone");
    else if (arrival.patienceMs < Number.POSITIVE_INFINITY) {
      this.#events.push(now + arrival.patienceMs, { kind: "hang_up", item, stay });
    }
    const { leave, changes } = arrival.known;
    if (leave) this.#events.push(now + leave.afterMs, { kind: "leave", item, stay });
    if (changes === undefined) return;
    for (const { afterMs, input } of changes) {
      this.#events.push(now + afterMs, { kind: "change", item, stay, input });
    }
  }

  #stillWaits(event: { readonly item: FloorItem; readonly stay: number }): boolean {
    return event.item.phase === "waiting" && event.item.stay === event.stay;
  }

  #withdraw(item: FloorItem, reason: WithdrawReason): void {
    this.#tally.go(item, outcomeOf(reason), this.#now);
    this.#count++;
    this.#steps++;
    this.#router.tell({ type: "item.withdrawn", itemId: item.id, reason }, this.#now);
    this.#endStep();
    this.#answerNow();
    this.#finish(item, reason === "customer_gone" ? "end" : "leave");
    if (reason === "customer_gone") this.#tryAgain(item);
  }

  #answer(item: FloorItem): void {
    if (item.offer === null) return;
    this.#count++;
    this.#accept(item.offer);
    this.#answerNow();
  }

  #accept(offer: MadeOffer): void {
    this.#steps++;
    this.#router.accept(offer, this.#now);
    this.#endStep();
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
    const { dialMs, outcome } = item.arrival.known.attempts?.[item.attempts++] ?? ANSWERED_AT_ONCE;
    this.#events.push(at + dialMs, { kind: "attempted", item, agentId, outcome });
  }

  #endTalk(item: FloorItem): void {
    const { agentId, arrival } = item;
    if (agentId === null) return;
    if (item.mayCrossSell) {
      item.mayCrossSell = false;
      this.#crossSellAllowed = false;
      this.#do({ type: "crosssell.asked", itemId: item.id, agentId });
      if (this.#crossSellAllowed) {
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
    this.#count++;
    this.#steps++;
    if (item.taken?.agent.id === agentId) this.#router.end(item.taken, this.#now);
    else this.#router.tell({ type: "item.ended", itemId: item.id, agentId }, this.#now);
    this.#endStep();
    this.#answerNow();
    this.#finish(item, "talk");
  }

  /** The item has left the floor, unless it comes again. */
  #finish(item: FloorItem, after: "talk" | "leave" | "end"): void {
    item.phase = "done";
    this.#items.remove(item);
    if (!item.isWrappedUp) this.#samples?.leave(item);
    this.#comeAgain(item, after);
  }

  #comeAgain(item: FloorItem, after: NextStay["after"] | "end"): void {
    const { next } = item.arrival;
    if (next === null || next.after !== after) return;
    const at = this.#now + next.gapMs;
    this.#return({ ...next.arrival, at, item: { ...next.arrival.item, queuedAt: at } });
  }

  /** Who was not served may try again, as long as somebody is there. */
  #tryAgain(item: FloorItem): void {
    if (item.arrival.retrial === null) return;
    const arrival = nextAttempt(item.arrival, this.#now);
    if (arrival !== null && arrival.at < this.#scenario.to) this.#return(arrival);
  }

  #return(arrival: Arrival): void {
    this.#coming++;
    this.#events.push(arrival.at, { kind: "return", item: new FloorItem(arrival) });
  }

  /** Something happened: the router hears of it, and whoever answers at once does. */
  #do(input: Input): void {
    this.#count++;
    this.#tell(input, this.#now);
    this.#answerNow();
  }

  #advance(at: Instant): void {
    this.#steps++;
    this.#router.advance(at);
    this.#endStep();
    this.#answerNow();
  }

  #answerNow(): void {
    if (this.#answering === 0) return;
    for (let i = 0; i < this.#answering; i++) {
      this.#count++;
      const offer = this.#answers[i]?.offer ?? null;
      if (offer !== null) this.#accept(offer);
    }
    this.#answering = 0;
  }

  /** Any input. Whether it counts is known when the router has decided, and it counts before what was decided of it. */
  #tell(input: Input, at: Instant): void {
    if (input.type === "config.queue_set") this.#noteQueue(input.queue);
    this.#steps++;
    if (!COUNTED.has(input.type)) {
      this.#router.tell(input, at);
      this.#endStep();
      return;
    }
    const held: (() => void)[] = [];
    this.#held = held;
    this.#router.tell(input, at);
    this.#held = null;
    if (this.#refused !== input.type) this.#tally.told(input, at);
    for (const hear of held) hear();
    if (this.#samples && "itemId" in input) this.#samples.place(this.#find(input.itemId));
    this.#endStep();
  }

  #endStep(): void {
    this.#ringing.endStep();
    this.#refused = null;
  }

  #noteQueue({ id, wrapUp }: QueueConfig): void {
    if (wrapUp.mode === "requested") this.#wrapsOnRequest.add(id);
    else this.#wrapsOnRequest.delete(id);
  }

  offered(offer: MadeOffer): void {
    if (this.#held) {
      this.#held.push(() => this.offered(offer));
      return;
    }
    this.#decisions++;
    const item = this.#find(offer.item.id);
    if (item && this.#ringing.rings(item, offer)) this.#answers[this.#answering++] = item;
  }

  accepted(offer: MadeOffer, at: Instant): void {
    if (this.#held) {
      this.#held.push(() => this.accepted(offer, at));
      return;
    }
    this.#decisions++;
    const item = this.#find(offer.item.id);
    if (item === undefined) {
      this.#tally.answered(offer.item.id, at);
      return;
    }
    this.#tally.go(item, "answered", at);
    item.offer = null;
    item.taken = offer;
    if (item.isCallback) this.#dial(item, offer.agent.id, at);
    else this.#answered(item, offer.agent.id, at);
  }

  stateChanged(agent: ToldAgent, to: AgentState, at: Instant): void {
    if (this.#held) {
      this.#held.push(() => this.stateChanged(agent, to, at));
      return;
    }
    this.#decisions++;
    if (!(agent.tag instanceof AgentTime)) agent.tag = this.#tally.timeOf(agent.id);
    (agent.tag as AgentTime).enter(to, at);
  }

  decided(decision: OtherDecision): void {
    if (decision.type === "ignored") {
      this.#decisions++;
      this.#ignored++;
      this.#refused = decision.input;
      return;
    }
    if (this.#held) {
      this.#held.push(() => this.decided(decision));
      return;
    }
    this.#decisions++;
    this.#tally.decided(decision);
    if (decision.type === "presence.changed") this.#ringing.presenceChanged(decision);
    else if (decision.type === "wrapup.ended") this.#samples?.wrapUpEnded(decision.queueId);
    else if ("itemId" in decision) {
      const item = this.#find(decision.itemId);
      if (item) this.#reactFor(item, decision);
    }
  }

  #find(id: string): FloorItem | undefined {
    const last = this.#last;
    if (last !== undefined && last.id === id && last.phase !== "done") return last;
    this.#last = this.#items.get(id);
    return this.#last;
  }

  #reactFor(item: FloorItem, decision: ItemDecision): void {
    switch (decision.type) {
      case "offer.timed_out":
      case "offer.refused":
      case "offer.failed":
        this.#ringing.missed(item, decision.agentId);
        return;
      case "offer.withdrawn":
        this.#ringing.withdrawn(item);
        return;
      case "crosssell.answered":
        this.#crossSellAllowed = decision.allowed;
        return;
      case "wrapup.started":
        item.isWrappedUp = true;
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
        this.#samples?.place(item);
        if (!decision.left) return;
        this.#finish(item, "end");
        if (decision.to.kind === "hang_up") this.#tryAgain(item);
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

  #planWrapUp(
    item: FloorItem,
    { at, until, agentId }: Extract<Decision, { readonly type: "wrapup.started" }>,
  ): void {
    const endsAt = at + (item.arrival.wrapUpMs ?? Number.POSITIVE_INFINITY);
    if (until !== null && endsAt >= until) return; // the router ends it at its limit
    this.#events.push(Number.isFinite(endsAt) ? endsAt : at, { kind: "wrap_up_end", item, agentId });
  }
}

/** Inputs that the tally counts by themselves (`FloorTally.told`). */
const COUNTED: ReadonlySet<Input["type"]> = new Set([
  "item.queued",
  "item.withdrawn",
  "item.moved",
  "item.assigned",
  "item.escalated",
] as const);
const ANSWERED_AT_ONCE = { dialMs: 0, outcome: "answered" } as const;
const LONGEST_DRAIN_MS = 7 * 24 * 3_600_000; // who is not served a week after closing never will be
