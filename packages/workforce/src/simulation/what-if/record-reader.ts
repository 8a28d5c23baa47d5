import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { type AgentId, type Instant, type QueueId, SvaraError } from "@svara/kernel";
import type {
  AgentConfig,
  Decision,
  Input,
  ItemId,
  JournalEntry,
  QueueConfig,
  RouterSnapshot,
  WithdrawReason,
  WorkItem,
} from "@svara/routing";
import { BlockPlan } from "../block-plan.ts";
import { FloorTally, isRefused } from "../floor-tally.ts";
import type { TimedInput } from "../scenario.ts";
import { type FloorRecord, isCallback, type RecordedStay, renamed } from "./floor-record.ts";
import { MissedOffers } from "./missed-offers.ts";
import { OtherWork } from "./other-work.ts";
import type { PartOf } from "./part-of.ts";
import { QueueWork } from "./queue-work.ts";
import { snapshotInputs } from "./snapshot-inputs.ts";

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
  readonly #work = new QueueWork();
  readonly #missedOffers = new MissedOffers();
  /** The last stay of each item, while another may follow. */
  readonly #last = new Map<ItemId, { readonly stay: RecordedStay; endedAt: Instant }>();
  readonly #itemIds = new Set<ItemId>();
  #stayCount = 0;
  readonly #facts = {
    waitingAtStart: 0,
    inHandAtStart: 0,
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
    this.#cutWaiting(to);
    this.#facts.unfinished += this.#work.close(to);
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
      facts: {
        ...this.#facts,
        missedOffers: this.#missedOffers.count,
        otherWork: this.#otherWork.count,
      },
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
    const queueId = this.#work.talkOf(input)?.stay.item.queueId;
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
        this.#left(input.itemId, { at, reason: input.reason, byRule: false });
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
        if (this.#waiting.has(input.itemId)) {
          this.#facts.pickedByHand++;
          this.#answered(input, { at, ringMs: null });
        } else if (this.#work.talkOf(input) === undefined) this.#otherWork.assigned(input, at);
        return;
      case "item.phase_set":
      case "wrapup.finished":
      case "wrapup.extended":
      case "wrapup.requested":
        this.#otherWork.told(input, at);
        return;
      case "item.ended":
        if (!this.#otherWork.told(input, at)) this.#talkEnded(input, at);
        return;
      case "item.escalated":
        this.#escalated(input, at);
        return;
      case "callback.attempted":
        this.#work.attempted(input, input.outcome, at);
        return;
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
        this.#missedOffers.offered(decision);
        return;
      case "offer.refused":
      case "offer.failed":
      case "offer.timed_out":
        this.#missedOffers.missed(decision, this.#waiting.get(decision.itemId));
        return;
      case "presence.changed":
        this.#missedOffers.presenceChanged(decision);
        return;
      case "offer.withdrawn":
        this.#missedOffers.over(decision);
        return;
      case "offer.accepted":
        this.#answered(decision, { at: decision.at, ringMs: this.#missedOffers.over(decision) });
        return;
      case "callback.failed": {
        // waits again, as if the attempt had not ended the stay
        const stay = this.#work.drop(decision);
        if (stay && decision.nextAt !== null) this.#waiting.set(decision.itemId, stay);
        return;
      }
      case "item.interrupted":
        this.#work.setAside(decision, decision.at);
        return;
      case "item.resumed":
        this.#work.takenUpAgain(decision, decision.at);
        return;
      case "item.returned": {
        if (this.#waiting.has(decision.itemId)) return; // after an offer: it waited all the time
        const stay = this.#work.giveBack(decision.itemId, decision.at);
        if (stay) this.#waiting.set(decision.itemId, stay);
        return;
      }
      case "item.overflowed":
      case "item.orphaned":
        if (decision.type === "item.overflowed" && !decision.left) return;
        this.#left(decision.itemId, { at: decision.at, reason: "overflow", byRule: true });
        return;
      case "wrapup.started":
        if (!this.#otherWork.wraps(decision)) this.#work.wrapUpStarted(decision, decision.at);
        return;
      case "wrapup.ended":
        if (!this.#otherWork.wrapUpEnded(decision)) this.#work.wrapUpEnded(decision);
        return;
      default:
        return;
    }
  }

  #queued(item: WorkItem, at: Instant): void {
    const last = this.#last.get(item.id);
    const id = this.#itemIds.has(item.id) ? renamed(item.id, String(this.#stayCount)) : item.id;
    const stay = newStay({ ...item, id }, at);
    this.#stayCount++;
    this.#itemIds.add(item.id);
    this.#waiting.set(item.id, stay);
    this.#last.set(item.id, { stay, endedAt: at });
    const next = last && this.#follows(last, at);
    if (next) last.stay.next = { ...next, stay };
    else this.#stays.push(stay);
  }

  /** How a stay follows the item's last one; undefined when it comes by itself. */
  #follows(
    { stay, endedAt }: { readonly stay: RecordedStay; readonly endedAt: Instant },
    at: Instant,
  ): Pick<NonNullable<RecordedStay["next"]>, "after" | "gapMs"> | undefined {
    const talk = this.#work.talkOfStay(stay);
    if (talk) {
      const answeredAt = isCallback(stay) ? talk.startedAt : stay.at + stay.waitMs;
      return { after: "answer", gapMs: at - answeredAt }; // queued again before the agent let go
    }
    if (stay.outcome !== "answered" && stay.outcome !== "left") return undefined;
    return { after: stay.outcome === "answered" ? "talk" : "leave", gapMs: Math.max(0, at - endedAt) };
  }

  #left(
    itemId: ItemId,
    how: { readonly at: Instant; readonly reason: WithdrawReason; readonly byRule: boolean },
  ): void {
    const stay = this.#waiting.get(itemId);
    if (stay === undefined) return;
    this.#waiting.delete(itemId);
    this.#last.set(itemId, { stay, endedAt: how.at });
    if (isGivenBack(stay)) {
      this.#unfinished(stay);
      return;
    }
    stay.waitMs = how.at - stay.at;
    if (how.reason === "customer_gone") stay.outcome = "abandoned";
    else {
      stay.outcome = how.byRule ? "open" : "left"; // a rule of the router is the simulated router's own to apply
      stay.leaveReason = how.reason;
    }
  }

  #answered(part: PartOf, how: { readonly at: Instant; readonly ringMs: number | null }): void {
    const stay = this.#waiting.get(part.itemId);
    if (stay === undefined) return;
    this.#waiting.delete(part.itemId);
    if (!isGivenBack(stay)) {
      stay.outcome = "answered";
      stay.waitMs = how.at - stay.at;
      stay.ringMs = how.ringMs;
    }
    this.#otherWork.queueWork(part);
    this.#work.start(part, stay, how.at);
  }

  #talkEnded(part: PartOf, at: Instant): void {
    const stay = this.#work.end(part, at);
    const last = this.#last.get(part.itemId);
    if (stay && last?.stay === stay) last.endedAt = at; // else another agent has the item by now
  }

  #escalated(input: Extract<Input, { type: "item.escalated" }>, at: Instant): void {
    const stay = this.#work.talkOf(input)?.stay;
    this.#talkEnded(input, at);
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

  /** Whoever waits is cut off, as far as the record knows. */
  #cutWaiting(at: Instant): void {
    for (const stay of this.#waiting.values()) {
      if (isGivenBack(stay)) this.#unfinished(stay);
      else stay.waitMs = at - stay.at;
    }
  }

  /** What an agent did of it before giving it back is not all. */
  #unfinished(stay: RecordedStay): void {
    stay.talkMs = null;
    this.#facts.unfinished++;
  }

  #restart(at: Instant): void {
    this.#facts.restarts++;
    this.#tally?.restart(at);
    this.#cutWaiting(at);
    this.#otherWork.restart(at);
    this.#missedOffers.restart();
    this.#facts.unfinished += this.#work.cut();
    for (const agentId of this.#agents.keys()) {
      this.#staffing.push({ at, input: { type: "agent.logged_out", agentId, reason: "connection_lost" } });
    }
    this.#waiting.clear();
    this.#last.clear();
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

/** Whether an agent had it in hand and gave it back, so that it waits for another part of its talk. */
function isGivenBack(stay: RecordedStay): boolean {
  return stay.talkMs !== null;
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
