import type { AgentId, Instant } from "@svara/kernel";
import type { AttemptOutcome, Decision, ItemId } from "@svara/routing";
import type { RecordedStay } from "./floor-record.ts";
import { keyOf, type PartOf } from "./part-of.ts";

/** A stay that an agent has in hand. */
export interface Talk extends PartOf {
  readonly stay: RecordedStay;
  /** Of a call-back: since it was answered. */
  startedAt: Instant;
  /** Set aside for other work so far, and since when it is now. */
  asideMs: number;
  asideSince: Instant | null;
}

/**
 * Work from queues in the hands of agents: how long each talked and wrapped up. Time in which work was set aside is not talk,
 * and what an agent gives back unfinished is one talk with what the next agent does of it.
 */
export class QueueWork {
  readonly #talks = new Map<string, Talk>();
  readonly #wrapUps = new Map<string, { readonly stay: RecordedStay; readonly startedAt: Instant }>();
  /** The talk that ended last: its wrap-up begins in the same step. */
  #ended: Talk | undefined;

  talkOf(part: PartOf): Talk | undefined {
    return this.#talks.get(keyOf(part));
  }

  /** The talk that goes on of this stay. */
  talkOfStay(stay: RecordedStay): Talk | undefined {
    for (const talk of this.#talks.values()) if (talk.stay === stay) return talk;
    return undefined;
  }

  start({ itemId, agentId }: PartOf, stay: RecordedStay, at: Instant): void {
    const before = this.talkOf({ itemId, agentId });
    if (before) count(before, at); // the agent takes what the same agent gave on, and the router ends the first part
    const talk: Talk = { itemId, agentId, stay, startedAt: at, asideMs: 0, asideSince: null };
    this.#talks.set(keyOf(talk), talk);
  }

  setAside(part: PartOf, at: Instant): void {
    const talk = this.talkOf(part);
    if (talk) talk.asideSince ??= at;
  }

  takenUpAgain(part: PartOf, at: Instant): void {
    const talk = this.talkOf(part);
    if (talk === undefined || talk.asideSince === null) return;
    talk.asideMs += at - talk.asideSince;
    talk.asideSince = null;
  }

  /** An attempt to call back: what follows an answer is the talk. */
  attempted(part: PartOf, outcome: AttemptOutcome, at: Instant): void {
    const talk = this.talkOf(part);
    if (talk === undefined) return;
    talk.stay.attempts.push({ dialMs: at - talk.startedAt, outcome });
    if (outcome !== "answered") return;
    talk.startedAt = at;
    talk.asideMs = 0;
  }

  /** The stay whose talk is over; undefined when the agent had none in hand. */
  end(part: PartOf, at: Instant): RecordedStay | undefined {
    const talk = this.talkOf(part);
    if (talk === undefined) return undefined;
    this.#talks.delete(keyOf(part));
    this.#ended = talk;
    count(talk, at);
    return talk.stay;
  }

  /** An agent gave work that was set aside back: the stay waits again. Undefined when nobody had it aside. */
  giveBack(itemId: ItemId, at: Instant): RecordedStay | undefined {
    for (const [key, talk] of this.#talks) {
      if (talk.itemId !== itemId || talk.asideSince === null) continue;
      this.#talks.delete(key);
      count(talk, at);
      return talk.stay;
    }
    return undefined;
  }

  /** The agent is logged out: of work that was set aside and waits with others already, this part is over. */
  loggedOut(agentId: AgentId): void {
    for (const [key, talk] of this.#talks) {
      if (talk.agentId !== agentId || talk.asideSince === null) continue;
      this.#talks.delete(key);
      count(talk, talk.asideSince);
    }
  }

  /** An attempt to call back failed: there was no talk. */
  drop(part: PartOf): RecordedStay | undefined {
    const talk = this.talkOf(part);
    this.#talks.delete(keyOf(part));
    return talk?.stay;
  }

  wrapUpStarted(part: PartOf, at: Instant): void {
    const ended = this.#ended;
    if (ended === undefined || keyOf(ended) !== keyOf(part)) return;
    this.#wrapUps.set(keyOf(part), { stay: ended.stay, startedAt: at });
    this.#ended = undefined;
  }

  wrapUpEnded(ended: Extract<Decision, { readonly type: "wrapup.ended" }>): void {
    const wrapUp = this.#wrapUps.get(keyOf(ended));
    if (wrapUp === undefined) return;
    this.#wrapUps.delete(keyOf(ended));
    if (ended.by === "timeout") return;
    // cut short by a log-out or a supervisor it would have lasted longer: what cut it comes first again
    wrapUp.stay.wrapUpMs = ended.by === "agent" ? ended.durationMs : ended.durationMs + 1;
  }

  /** The record ends: a wrap-up that goes on lasts so long at least. How many talks have no end. */
  close(at: Instant): number {
    for (const { stay, startedAt } of this.#wrapUps.values()) stay.wrapUpMs = at - startedAt;
    return this.cut();
  }

  /** The program started anew, and nothing is in hand. How many talks have no end. */
  cut(): number {
    const { size } = this.#talks;
    for (const { stay } of this.#talks.values()) stay.talkMs = null; // what an agent before did of it is not all
    this.#talks.clear();
    this.#wrapUps.clear();
    this.#ended = undefined;
    return size;
  }
}

function count({ stay, startedAt, asideMs, asideSince }: Talk, at: Instant): void {
  stay.talkMs = (stay.talkMs ?? 0) + (asideSince ?? at) - startedAt - asideMs;
}
