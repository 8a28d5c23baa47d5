import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { type AgentId, type Instant, type QueueId, SvaraError } from "@svara/kernel";
import type { AgentConfig, Decision, Input, JournalEntry, QueueConfig, RouterSnapshot } from "@svara/routing";
import { BlockPlan } from "../block-plan.ts";
import { FloorTally, isRefused } from "../floor-tally.ts";
import type { TimedInput } from "../scenario.ts";
import type { FloorRecord } from "./floor-record.ts";
import { MissedOffers } from "./missed-offers.ts";
import { OtherWork } from "./other-work.ts";
import type { PartOf } from "./part-of.ts";
import { snapshotInputs } from "./snapshot-inputs.ts";
import { soundInput } from "./sound-config.ts";
import { StayLog } from "./stay-log.ts";

/**
 * Reads a router's journal, entry by entry, into what a simulation needs. Throws `workforce.empty_record` by `finish` when
 * there was nothing, and `routing.other_engine` for a snapshot that this engine does not know.
 */
export class RecordReader {
  readonly #policy: QueuePolicy | undefined;
  readonly #plan: BlockPlan | undefined;
  readonly #stays = new StayLog();
  readonly #configuration: TimedInput[] = [];
  readonly #staffing: TimedInput[] = [];
  readonly #otherWork = new OtherWork();
  readonly #queues = new Map<QueueId, QueueConfig>();
  readonly #agents = new Map<AgentId, AgentConfig>();
  readonly #mended = new Set<string>();
  readonly #missedOffers = new MissedOffers();
  readonly #facts = {
    waitingAtStart: 0,
    inHandAtStart: 0,
    restarts: 0,
    pickedByHand: 0,
  };
  #tally: FloorTally | undefined;
  #from: Instant = 0;
  #lastAt: Instant = 0;
  #entries = 0;
  #epoch: string | undefined;

  /**
   * `policy` judges every queue; absent: each by its own target. `plan` says by which intervals what happened is counted;
   * absent: in one.
   */
  constructor(
    options: {
      readonly snapshot?: RouterSnapshot;
      readonly policy?: QueuePolicy;
      readonly plan?: BlockPlan;
    } = {},
  ) {
    this.#policy = options.policy;
    this.#plan = options.plan;
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
    this.#stays.close(to);
    this.#missedOffers.close(to);
    return {
      from: this.#from,
      to,
      entries: this.#entries,
      stays: this.#stays.stays,
      configuration: this.#configuration,
      staffing: this.#staffing,
      otherWork: this.#otherWork.inputs,
      queues: this.#queues,
      agents: this.#agents,
      mended: [...this.#mended],
      happened: tally,
      policy: this.#policy ?? DEFAULT_POLICY,
      facts: {
        ...this.#facts,
        missedOffers: this.#missedOffers.count,
        otherWork: this.#otherWork.count,
        unfinished: this.#stays.unfinished,
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
    const queueId = this.#stays.work.talkOf(input)?.stay.item.queueId;
    return queueId === undefined ? input : { ...input, queueId };
  }

  #told(told: Input, at: Instant): void {
    const input = soundInput(told, (place) => this.#mended.add(place));
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
        this.#stays.queued(input.item, at);
        return;
      case "item.withdrawn":
        this.#stays.left(input.itemId, { at, reason: input.reason, byRule: false });
        return;
      case "item.moved":
      case "item.facts_set":
      case "callback.requested":
        this.#stays.changed(input, at);
        return;
      case "item.assigned":
        if (this.#stays.waiting(input.itemId)) {
          this.#facts.pickedByHand++;
          this.#answered(input, { at, ringMs: null });
        } else if (this.#stays.work.talkOf(input) === undefined) this.#otherWork.assigned(input, at);
        return;
      case "item.phase_set":
      case "wrapup.finished":
      case "wrapup.extended":
      case "wrapup.requested":
        this.#otherWork.told(input, at);
        return;
      case "item.ended":
        if (!this.#otherWork.told(input, at)) this.#stays.talkEnded(input, at);
        return;
      case "item.escalated":
        this.#stays.escalated(input, at);
        return;
      case "callback.attempted":
        this.#stays.work.attempted(input, input.outcome, at);
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
        this.#missedOffers.offered(decision, this.#stays.waiting(decision.itemId));
        return;
      case "offer.refused":
      case "offer.failed":
      case "offer.timed_out":
        this.#missedOffers.missed(decision, this.#stays.waiting(decision.itemId));
        return;
      case "presence.changed":
        this.#missedOffers.presenceChanged(decision);
        return;
      case "offer.withdrawn":
        this.#missedOffers.cut(decision);
        return;
      case "offer.accepted":
        this.#answered(decision, { at: decision.at, ringMs: this.#missedOffers.over(decision) });
        return;
      case "callback.failed":
        this.#stays.attemptFailed(decision, decision.nextAt === null);
        return;
      case "agent.state_changed":
        if (decision.to === "logged_out") this.#stays.work.loggedOut(decision.agentId);
        return;
      case "item.interrupted":
        this.#stays.work.setAside(decision, decision.at);
        return;
      case "item.resumed":
        this.#stays.work.takenUpAgain(decision, decision.at);
        return;
      case "item.returned":
        this.#stays.returned(decision.itemId, decision.at);
        return;
      case "item.overflowed":
      case "item.orphaned":
        if (decision.type === "item.overflowed" && !decision.left) return;
        this.#stays.left(decision.itemId, { at: decision.at, reason: "overflow", byRule: true });
        return;
      case "wrapup.started":
        if (!this.#otherWork.wraps(decision)) this.#stays.work.wrapUpStarted(decision, decision.at);
        return;
      case "wrapup.ended":
        if (!this.#otherWork.wrapUpEnded(decision)) this.#stays.work.wrapUpEnded(decision);
        return;
      default:
        return;
    }
  }

  #answered(part: PartOf, how: { readonly at: Instant; readonly ringMs: number | null }): void {
    if (this.#stays.waiting(part.itemId)) this.#otherWork.queueWork(part);
    this.#stays.answered(part, how);
  }

  #restart(at: Instant): void {
    this.#facts.restarts++;
    this.#tally?.restart(at);
    this.#stays.restart(at);
    this.#otherWork.restart(at);
    this.#missedOffers.restart(at);
    for (const agentId of this.#agents.keys()) {
      this.#staffing.push({ at, input: { type: "agent.logged_out", agentId, reason: "connection_lost" } });
    }
  }

  #tallyFrom(at: Instant): FloorTally {
    if (this.#tally === undefined) {
      this.#from = at;
      this.#tally = new FloorTally({
        plan: this.#plan ?? new BlockPlan(at, Number.POSITIVE_INFINITY, 1),
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
