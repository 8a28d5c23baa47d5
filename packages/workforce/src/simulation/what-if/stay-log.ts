import type { Instant } from "@svara/kernel";
import type { Input, ItemId, WithdrawReason, WorkItem } from "@svara/routing";
import { isCallback, type RecordedStay, renamed } from "./floor-record.ts";
import type { PartOf } from "./part-of.ts";
import { QueueWork } from "./queue-work.ts";

/** Who waited, how it ended, and what came of it; stays of one item hang on each other. */
export class StayLog {
  /** First stays of items in order of coming. */
  readonly stays: RecordedStay[] = [];
  readonly work = new QueueWork();
  readonly #waiting = new Map<ItemId, RecordedStay>();
  /** The last stay of each item, while another may follow. */
  readonly #last = new Map<ItemId, { readonly stay: RecordedStay; endedAt: Instant }>();
  readonly #itemIds = new Set<ItemId>();
  #count = 0;
  #unfinished = 0;

  /** Talks whose end the record does not know. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /** The stay of an item in the line. */
  waiting(itemId: ItemId): RecordedStay | undefined {
    return this.#waiting.get(itemId);
  }

  queued(item: WorkItem, at: Instant): void {
    const last = this.#last.get(item.id);
    const id = this.#itemIds.has(item.id) ? renamed(item.id, String(this.#count)) : item.id;
    const stay = newStay({ ...item, id }, at);
    this.#count++;
    this.#itemIds.add(item.id);
    this.#waiting.set(item.id, stay);
    this.#last.set(item.id, { stay, endedAt: at });
    const next = last && this.#follows(last, at);
    if (next) last.stay.next = { ...next, stay };
    else this.stays.push(stay);
  }

  /** Told of an item while it waits. */
  changed(input: Extract<Input, { readonly itemId: ItemId }>, at: Instant): void {
    const stay = this.#waiting.get(input.itemId);
    if (stay === undefined) return;
    stay.changes.push({ afterMs: at - stay.at, input });
    if (input.type === "callback.requested") stay.promisedMs ??= at - stay.at;
  }

  left(
    itemId: ItemId,
    how: { readonly at: Instant; readonly reason: WithdrawReason; readonly byRule: boolean },
  ): void {
    const stay = this.#waiting.get(itemId);
    if (stay === undefined) return;
    this.#waiting.delete(itemId);
    this.#last.set(itemId, { stay, endedAt: how.at });
    if (isGivenBack(stay)) {
      this.#neverFinished(stay);
      return;
    }
    stay.waitMs = how.at - stay.at;
    if (how.reason === "customer_gone") stay.outcome = "abandoned";
    else {
      stay.outcome = how.byRule ? "open" : "left"; // a rule of the router is the simulated router's own to apply
      stay.leaveReason = how.reason;
    }
  }

  /** `ringMs` null: taken by hand. */
  answered(part: PartOf, how: { readonly at: Instant; readonly ringMs: number | null }): void {
    const stay = this.#waiting.get(part.itemId);
    if (stay === undefined) return;
    this.#waiting.delete(part.itemId);
    if (!isGivenBack(stay)) {
      stay.outcome = "answered";
      stay.waitMs = how.at - stay.at;
      stay.ringMs = how.ringMs;
    }
    this.work.start(part, stay, how.at);
  }

  talkEnded(part: PartOf, at: Instant): void {
    const stay = this.work.end(part, at);
    const last = this.#last.get(part.itemId);
    if (stay && last?.stay === stay) last.endedAt = at; // else another agent has the item by now
  }

  /** Ends the talk; the item waits for a higher tier. */
  escalated(input: Extract<Input, { readonly type: "item.escalated" }>, at: Instant): void {
    const stay = this.work.talkOf(input)?.stay;
    this.talkEnded(input, at);
    if (stay) this.queued(escalatedItem(stay.item, input), at);
  }

  /** An item is back in the line: after an offer it waited all the time, else an agent gave it back. */
  returned(itemId: ItemId, at: Instant): void {
    if (this.#waiting.has(itemId)) return;
    const stay = this.work.giveBack(itemId, at);
    if (stay) this.#waiting.set(itemId, stay);
  }

  /** An attempt to call back failed; unless it was the last, the item waits as if it had not ended the stay. */
  attemptFailed(part: PartOf, isLast: boolean): void {
    const stay = this.work.drop(part);
    if (stay && !isLast) this.#waiting.set(part.itemId, stay);
  }

  /** The record ends. */
  close(at: Instant): void {
    this.#cutWaiting(at);
    this.#unfinished += this.work.close(at);
  }

  /** The program started anew: nobody waits, and nothing is in hand. */
  restart(at: Instant): void {
    this.#cutWaiting(at);
    this.#unfinished += this.work.cut();
    this.#waiting.clear();
    this.#last.clear();
  }

  /** How a stay follows the item's last one; undefined when it comes by itself. */
  #follows(
    { stay, endedAt }: { readonly stay: RecordedStay; readonly endedAt: Instant },
    at: Instant,
  ): Pick<NonNullable<RecordedStay["next"]>, "after" | "gapMs"> | undefined {
    const talk = this.work.talkOfStay(stay);
    if (talk) {
      const answeredAt = isCallback(stay) ? talk.startedAt : stay.at + stay.waitMs;
      return { after: "answer", gapMs: at - answeredAt }; // queued again before the agent let go
    }
    if (stay.outcome !== "answered" && stay.outcome !== "left") return undefined;
    return { after: stay.outcome === "answered" ? "talk" : "leave", gapMs: Math.max(0, at - endedAt) };
  }

  #cutWaiting(at: Instant): void {
    for (const stay of this.#waiting.values()) {
      if (isGivenBack(stay)) this.#neverFinished(stay);
      else stay.waitMs = at - stay.at;
    }
  }

  /** What an agent did of it before giving it back is not all. */
  #neverFinished(stay: RecordedStay): void {
    stay.talkMs = null;
    this.#unfinished++;
  }
}

/** Whether an agent had it in hand and gave it back, so that it waits for another part of its talk. */
function isGivenBack(stay: RecordedStay): boolean {
  return stay.talkMs !== null;
}

function escalatedItem(item: WorkItem, input: Extract<Input, { readonly type: "item.escalated" }>): WorkItem {
  const { itemId: id, queueId = item.queueId, tier, facts, requiredSkills } = input;
  return {
    ...item,
    id,
    queueId,
    initiation: "transfer",
    tiers: [tier],
    ...(facts ? { facts: { ...item.facts, ...facts } } : {}),
    ...(requiredSkills ? { requiredSkills } : {}),
  };
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
