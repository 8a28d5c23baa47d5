import { NO_COUNTS, type QueueCounts, type QueuePolicy } from "@svara/insight";
import type { Instant, QueueId } from "@svara/kernel";
import type { BlockPlan } from "./block-plan.ts";
import { WaitHistogram } from "./wait-histogram.ts";

/** How a stay in a queue ended. */
export type StayOutcome = "answered" | "abandoned" | "flow_out" | "callback" | "failed";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What is counted of a queue in one block: the counts of `insight`, and what only a simulation can know. */
export interface BlockCounts extends Writable<QueueCounts> {
  /** Not answered at the instant of coming: everybody in reach was busy. */
  delayed: number;
  /** Sum of W over all who left, however. */
  waitMs: number;
  /** Number of stays that ended. */
  ended: number;
  /** Number waiting, ringing ones included, integrated over time (item-milliseconds). */
  lengthArea: number;
  crossSales: number;
  /** Of the offered ones, those who came again after they were not served. */
  retrials: number;
}

/** Counts of one queue, block by block. A stay belongs to the block in which it came (as IN2). */
export class QueueTally {
  readonly id: QueueId;
  readonly blocks: BlockCounts[];
  readonly waits = new WaitHistogram();
  readonly policy: QueuePolicy;
  readonly #plan: BlockPlan;
  #length = 0;
  #since: Instant = 0;

  constructor(id: QueueId, plan: BlockPlan, policy: QueuePolicy) {
    this.id = id;
    this.#plan = plan;
    this.policy = policy;
    this.blocks = Array.from({ length: plan.count }, noBlockCounts);
  }

  get length(): number {
    return this.#length;
  }

  enter(at: Instant): void {
    this.#measure(at);
    this.#length++;
    const block = this.#block(at);
    if (block === undefined) return;
    block.offered++;
    block.waiting++;
  }

  /** A stay that came at `enteredAt` is over. */
  leave(outcome: StayOutcome, enteredAt: Instant, at: Instant): void {
    this.#measure(at);
    this.#length--;
    const block = this.#block(enteredAt);
    if (block === undefined) return;
    const waitMs = Math.max(0, at - enteredAt);
    block.waiting--;
    block.ended++;
    block.waitMs += waitMs;
    block.maxWaitMs = Math.max(block.maxWaitMs, waitMs);
    if (outcome !== "answered" || waitMs > 0) block.delayed++;
    this.waits.add(waitMs);
    switch (outcome) {
      case "answered":
        block.answered++;
        block.answerWaitMs += waitMs;
        if (waitMs <= this.policy.thresholdMs) block.answeredWithin++;
        return;
      case "abandoned":
        block.abandoned++;
        block.abandonWaitMs += waitMs;
        if (waitMs <= this.policy.thresholdMs) block.abandonedWithin++;
        if (waitMs <= this.policy.shortAbandonMs) block.abandonedShort++;
        return;
      case "flow_out":
        block.flowOut++;
        return;
      case "callback":
        block.callback++;
        return;
      case "failed":
        block.failed++;
        block.offered--;
        return;
    }
  }

  /** What came at `enteredAt` was refused at once: it was nothing. */
  retract(enteredAt: Instant, at: Instant): void {
    this.#measure(at);
    this.#length--;
    const block = this.#block(enteredAt);
    if (block === undefined) return;
    block.offered--;
    block.waiting--;
  }

  /** Who comes now came before, and was not served. */
  cameAgain(at: Instant): void {
    const block = this.#block(at);
    if (block) block.retrials++;
  }

  crossSold(at: Instant): void {
    const block = this.#block(at);
    if (block) block.crossSales++;
  }

  /** Measures the length up to `at`. */
  close(at: Instant): void {
    this.#measure(at);
  }

  #measure(at: Instant): void {
    const length = this.#length;
    const since = this.#since;
    this.#since = at;
    if (length === 0 || since === at) return;
    const whole = this.blocks[this.#plan.only(since, at)];
    if (whole) {
      whole.lengthArea += length * (at - since);
      return;
    }
    this.#plan.spread(since, at, (block, ms) => {
      const counts = this.blocks[block];
      if (counts) counts.lengthArea += length * ms;
    });
  }

  #block(at: Instant): BlockCounts | undefined {
    return this.blocks[this.#plan.at(at)];
  }
}

export function noBlockCounts(): BlockCounts {
  return { ...NO_COUNTS, delayed: 0, waitMs: 0, ended: 0, lengthArea: 0, crossSales: 0, retrials: 0 };
}

/** Counts of several blocks or queues together. */
export function sumBlocks(parts: Iterable<BlockCounts>): BlockCounts {
  const sum = noBlockCounts();
  for (const part of parts) {
    for (const name of Object.keys(sum) as (keyof BlockCounts)[]) {
      sum[name] = name === "maxWaitMs" ? Math.max(sum[name], part[name]) : sum[name] + part[name];
    }
  }
  return sum;
}
