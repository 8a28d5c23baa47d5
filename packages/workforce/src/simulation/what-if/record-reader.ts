import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { type AgentId, type Instant, type OfferId, type QueueId, SvaraError } from "@svara/kernel";
import type {
  AgentConfig,
  Decision,
  Input,
  ItemId,
  JournalEntry,
  QueueConfig,
  RouterSnapshot,
  WorkItem,
} from "@svara/routing";
import { BlockPlan } from "../block-plan.ts";
import { FloorTally, isRefused } from "../floor-tally.ts";
import type { TimedInput } from "../scenario.ts";
import { type FloorRecord, type RecordedStay, renamed } from "./floor-record.ts";
import { OtherWork } from "./other-work.ts";
import { snapshotInputs } from "./snapshot-inputs.ts";

/** A stay whose talk goes on. */
interface Talk {
  readonly stay: RecordedStay;
  readonly agentId: AgentId;
  readonly startedAt: Instant;
}

/**
 * Reads a router's journal, entry by entry, into what a simulation needs. Throws `workforce.empty_record` by `finish` when
 * there was nothing, and `routing.other_engine` for a snapshot that this engine does not know.
 */
export class RecordReader {
  readonly #policy: QueuePolicy | undefined;
  readonly #stays: RecordedStay[] = [];
  readonly #configuration: TimedInput[] = [];
  readonly #staffing: TimedInput[] = [];
  readonly #otherWork = new OtherWork();
  readonly #queues = new Map<QueueId, QueueConfig>();
  readonly #agents = new Map<AgentId, AgentConfig>();
  readonly #waiting = new Map<ItemId, RecordedStay>();
  readonly #talks = new Map<ItemId, Talk>();
  readonly #wrapUps = new Map<ItemId, { readonly stay: RecordedStay; readonly startedAt: Instant }>();
  /** The last stay of each item, while another may follow. */
  readonly #last = new Map<ItemId, { readonly stay: RecordedStay; endedAt: Instant }>();
  readonly #offeredAt = new Map<OfferId, Instant>();
  /** The offer that an agent missed last, and since when the agent is away for it. */
  readonly #lastMiss = new Map<
    AgentId,
    { readonly miss: RecordedStay["misses"][number]; since: Instant | null }
  >();
  readonly #facts = {
    waitingAtStart: 0,
    inHandAtStart: 0,
    missedOffers: 0,
    restarts: 0,
    pickedByHand: 0,
    unfinished: 0,
  };
  #tally: FloorTally | undefined;
  #from: Instant = 0;
  #lastAt: Instant = 0;
  #entries = 0;
  #epoch: string | undefined;

  /** `policy` judges every queue; absent: each by its own target. */
  constructor(options: { readonly snapshot?: RouterSnapshot; readonly policy?: QueuePolicy } = {}) {
    this.#policy = options.policy;
    if (options.snapshot) this.#begin(options.snapshot);
  }

  /** Takes the next entry. */
  feed(entry: JournalEntry): void {
    const { at, input, decisions } = entry;
    const tally = this.#tallyFrom(decisions[0]?.at ?? at);
    const epoch = `${entry.routerId} ${entry.epoch}`;
    if (this.#epoch !== undefined && epoch !== this.#epoch) this.#restart(at);
    this.#epoch = epoch;
    this.#entries++;
    this.#lastAt = at;
    tally.observe(this.#withQueue(input), at, decisions);
    if (!isRefused(input, at, decisions)) this.#told(input, at);
    for (const decision of decisions) this.#decided(decision);
  }

  /** The record. Nothing may be fed after it. */
  finish(): FloorRecord {
    const tally = this.#tally;
    if (tally === undefined) {
      throw new SvaraError("the journal holds no entry: there is nothing to simulate", {
        code: "workforce.empty_record",
        httpStatus: 422,
      });
    }
    const to = this.#lastAt + 1;
    tally.close(to);
    for (const [, stay] of this.#waiting) stay.waitMs = to - stay.at;
    for (const { stay, startedAt } of this.#wrapUps.values()) stay.wrapUpMs = to - startedAt;
    this.#facts.unfinished += this.#talks.size;
    return {
      from: this.#from,
      to,
      entries: this.#entries,
      stays: this.#stays,
      configuration: this.#configuration,
      staffing: this.#staffing,
      otherWork: this.#otherWork.inputs,
      queues: this.#queues,
      agents: this.#agents,
      happened: tally,
      policy: this.#policy ?? DEFAULT_POLICY,
      facts: { ...this.#facts, otherWork: this.#otherWork.count },
    };
  }

  /** What the snapshot knows becomes inputs at its instant. */
  #begin(snapshot: RouterSnapshot): void {
    const inputs = snapshotInputs(snapshot);
    const at = snapshot.now;
    const tally = this.#tallyFrom(at);
    this.#lastAt = at;
    this.#epoch = `${snapshot.routerId} ${snapshot.epoch}`;
    for (const { config, state } of snapshot.agents) tally.begin(config.id, state, at);
    for (const input of inputs) {
      if (input.type === "item.queued") {
        this.#facts.waitingAtStart++;
        tally.observe(input, at, []);
      } else if (input.type === "item.assigned") this.#facts.inHandAtStart++;
      this.#told(input, at);
    }
  }

  /** An escalated item that names no queue goes back to its own. */
  #withQueue(input: Input): Input {
    if (input.type !== "item.escalated" || input.queueId !== undefined) return input;
    const queueId = this.#talks.get(input.itemId)?.stay.item.queueId;
    return queueId === undefined ? input : { ...input, queueId };
  }

  #told(input: Input, at: Instant): void {
    switch (input.type) {
      case "config.queue_set":
        this.#queues.set(input.queue.id, input.queue);
        this.#configuration.push({ at, input });
        return;
      case "config.agent_set":
        this.#agents.set(input.agent.id, input.agent);
        this.#configuration.push({ at, input });
        return;
      case "config.queue_removed":
      case "config.agent_removed":
      case "config.rules_set":
        this.#configuration.push({ at, input });
        return;
      case "agent.logged_in":
      case "agent.logged_out":
      case "agent.presence_set":
      case "agent.state_forced":
      case "agent.connection":
      case "agent.reachable":
      case "agent.busy_other":
        this.#staffing.push({ at, input });
        return;
      case "item.queued":
        this.#queued(input.item, at);
        return;
      case "item.withdrawn":
        this.#withdrawn(input, at);
        return;
      case "item.moved":
      case "item.facts_set":
      case "callback.requested": {
        const stay = this.#waiting.get(input.itemId);
        if (stay === undefined) return;
        stay.changes.push({ afterMs: at - stay.at, input });
        if (input.type === "callback.requested") stay.promisedMs ??= at - stay.at;
        return;
      }
      case "item.assigned":
        if (this.#waiting.has(input.itemId)) this.#picked(input.itemId, input.agentId, at);
        else if (this.#talks.get(input.itemId)?.agentId !== input.agentId)
          this.#otherWork.assigned(input, at);
        return;
      case "item.phase_set":
      case "wrapup.finished":
      case "wrapup.extended":
      case "wrapup.requested":
        this.#otherWork.told(input, at);
        return;
      case "item.ended":
        if (this.#otherWork.told(input, at) || this.#talks.get(input.itemId)?.agentId !== input.agentId)
          return;
        this.#talkEnded(input.itemId, at);
        return;
      case "item.escalated":
        this.#escalated(input, at);
        return;
      case "callback.attempted": {
        const talk = this.#talks.get(input.itemId);
        if (talk === undefined) return;
        talk.stay.attempts.push({ dialMs: at - talk.startedAt, outcome: input.outcome });
        if (input.outcome === "answered") this.#talks.set(input.itemId, { ...talk, startedAt: at });
        return;
      }
      case "offer.accepted":
      case "offer.refused":
      case "offer.failed":
      case "item.picked":
      case "crosssell.asked":
      case "tick":
        return;
    }
  }

  #decided(decision: Decision): void {
    switch (decision.type) {
      case "offer":
        this.#offeredAt.set(decision.offerId, decision.at);
        return;
      case "offer.refused":
      case "offer.failed":
      case "offer.timed_out":
        this.#missed(decision);
        return;
      case "presence.changed":
        this.#presenceChanged(decision);
        return;
      case "offer.withdrawn":
        this.#offeredAt.delete(decision.offerId);
        return;
      case "offer.accepted": {
        const ringMs = decision.at - (this.#offeredAt.get(decision.offerId) ?? decision.at);
        this.#offeredAt.delete(decision.offerId);
        this.#answered(decision.itemId, decision.agentId, { at: decision.at, ringMs });
        return;
      }
      case "callback.failed": {
        // waits again, as if the attempt had not ended the stay
        const talk = this.#talks.get(decision.itemId);
        this.#talks.delete(decision.itemId);
        if (talk && decision.nextAt !== null) this.#waiting.set(decision.itemId, talk.stay);
        return;
      }
      case "item.overflowed":
      case "item.orphaned":
        if (decision.type === "item.overflowed" && !decision.left) return;
        this.#left(decision.itemId, { at: decision.at, reason: "overflow", byRule: true });
        return;
      case "wrapup.started": {
        const last = this.#last.get(decision.itemId);
        if (last && !this.#otherWork.wraps(decision)) {
          this.#wrapUps.set(decision.itemId, { stay: last.stay, startedAt: decision.at });
        }
        return;
      }
      case "wrapup.ended": {
        if (this.#otherWork.wrapUpEnded(decision)) return;
        const wrapUp = this.#wrapUps.get(decision.itemId);
        if (wrapUp === undefined) return;
        this.#wrapUps.delete(decision.itemId);
        if (decision.by !== "timeout") wrapUp.stay.wrapUpMs = decision.durationMs;
        return;
      }
      default:
        return;
    }
  }

  #missed(over: Extract<Decision, { type: "offer.timed_out" | "offer.refused" | "offer.failed" }>): void {
    this.#facts.missedOffers++;
    const ringMs = over.at - (this.#offeredAt.get(over.offerId) ?? over.at);
    this.#offeredAt.delete(over.offerId);
    const stay = this.#waiting.get(over.itemId);
    if (stay === undefined) return;
    const outcome =
      over.type === "offer.timed_out" ? "timed_out" : over.type === "offer.refused" ? "refused" : over.reason;
    const miss: RecordedStay["misses"][number] = { outcome, ringMs, awayMs: null };
    stay.misses.push(miss);
    this.#lastMiss.set(over.agentId, { miss, since: null });
  }

  /** How long who missed an offer was away for it. */
  #presenceChanged(changed: Extract<Decision, { type: "presence.changed" }>): void {
    const last = this.#lastMiss.get(changed.agentId);
    if (last === undefined) return;
    if (changed.presence.state !== "available") last.since ??= changed.by === "system" ? changed.at : null;
    else {
      if (last.since !== null) last.miss.awayMs = changed.at - last.since;
      this.#lastMiss.delete(changed.agentId);
    }
  }

  #queued(item: WorkItem, at: Instant): void {
    const last = this.#last.get(item.id);
    const talk = this.#talks.get(item.id);
    const isFirst = last === undefined && talk === undefined;
    const id = isFirst ? item.id : renamed(item.id, String(this.#stays.length));
    const stay = newStay({ ...item, id }, at);
    this.#waiting.set(item.id, stay);
    this.#last.set(item.id, { stay, endedAt: at });
    if (last && !talk && (last.stay.outcome === "answered" || last.stay.outcome === "left")) {
      const after = last.stay.outcome === "answered" ? "talk" : "leave";
      last.stay.next = { after, gapMs: Math.max(0, at - last.endedAt), stay };
    } else if (talk) {
      talk.stay.next = { after: "talk", gapMs: 0, stay }; // queued again before the agent let go
    } else this.#stays.push(stay);
  }

  #withdrawn(input: Extract<Input, { type: "item.withdrawn" }>, at: Instant): void {
    if (input.reason === "customer_gone") {
      const stay = this.#waiting.get(input.itemId);
      if (stay === undefined) return;
      this.#waiting.delete(input.itemId);
      stay.outcome = "abandoned";
      stay.waitMs = at - stay.at;
    } else this.#left(input.itemId, { at, reason: input.reason, byRule: false });
  }

  #left(
    itemId: ItemId,
    how: { readonly at: Instant; readonly reason: RecordedStay["leaveReason"]; readonly byRule: boolean },
  ): void {
    const stay = this.#waiting.get(itemId);
    if (stay === undefined) return;
    this.#waiting.delete(itemId);
    stay.outcome = how.byRule ? "open" : "left"; // a rule of the router is the simulated router's own to apply
    stay.waitMs = how.at - stay.at;
    stay.leaveReason = how.reason;
    this.#last.set(itemId, { stay, endedAt: how.at });
  }

  #answered(itemId: ItemId, agentId: AgentId, how: { at: Instant; ringMs: number | null }): void {
    const stay = this.#waiting.get(itemId);
    if (stay === undefined) return;
    this.#waiting.delete(itemId);
    stay.outcome = "answered";
    stay.waitMs = how.at - stay.at;
    stay.ringMs = how.ringMs;
    this.#otherWork.queueWork({ itemId, agentId });
    this.#talks.set(itemId, { stay, agentId, startedAt: how.at });
  }

  #picked(itemId: ItemId, agentId: AgentId, at: Instant): void {
    this.#facts.pickedByHand++;
    this.#answered(itemId, agentId, { at, ringMs: null });
  }

  #talkEnded(itemId: ItemId, at: Instant): void {
    const talk = this.#talks.get(itemId);
    if (talk === undefined) return;
    this.#talks.delete(itemId);
    talk.stay.talkMs = at - talk.startedAt;
    this.#last.set(itemId, { stay: talk.stay, endedAt: at });
  }

  #escalated(input: Extract<Input, { type: "item.escalated" }>, at: Instant): void {
    const stay = this.#talks.get(input.itemId)?.stay;
    this.#talkEnded(input.itemId, at);
    if (stay === undefined) return;
    const { queueId = stay.item.queueId, tier, facts, requiredSkills } = input;
    const item: WorkItem = {
      ...stay.item,
      id: input.itemId,
      queueId,
      initiation: "transfer",
      tiers: [tier],
      ...(facts ? { facts: { ...stay.item.facts, ...facts } } : {}),
      ...(requiredSkills ? { requiredSkills } : {}),
    };
    this.#queued(item, at);
  }

  #restart(at: Instant): void {
    this.#facts.restarts++;
    this.#tally?.restart(at);
    for (const stay of this.#waiting.values()) stay.waitMs = at - stay.at;
    this.#otherWork.restart(at);
    this.#facts.unfinished += this.#talks.size;
    for (const agentId of this.#agents.keys()) {
      this.#staffing.push({ at, input: { type: "agent.logged_out", agentId, reason: "connection_lost" } });
    }
    for (const map of [this.#waiting, this.#talks, this.#wrapUps, this.#last, this.#lastMiss]) {
      map.clear();
    }
  }

  #tallyFrom(at: Instant): FloorTally {
    if (this.#tally === undefined) {
      this.#from = at;
      this.#tally = new FloorTally({
        plan: new BlockPlan(at, Number.POSITIVE_INFINITY, 1),
        policyOf: (queueId) => this.#policy ?? ownPolicy(this.#queues.get(queueId)),
      });
    }
    return this.#tally;
  }
}

/** A queue is judged by its own target. */
function ownPolicy(queue: QueueConfig | undefined): QueuePolicy {
  return { ...DEFAULT_POLICY, thresholdMs: queue?.targetMs ?? DEFAULT_POLICY.thresholdMs };
}

function newStay(item: WorkItem, at: Instant): RecordedStay {
  return {
    at,
    item,
    outcome: "open",
    waitMs: 0,
    leaveReason: null,
    ringMs: null,
    talkMs: null,
    wrapUpMs: null,
    promisedMs: null,
    changes: [],
    misses: [],
    attempts: [],
    next: null,
  };
}
