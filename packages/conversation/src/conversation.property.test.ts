import { SeededRandom } from "@svara/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationInput } from "./inputs.ts";
import { ConversationRig } from "./testing.ts";

const AGENTS = ["anna", "boris", "celia"] as const;
const CAUSES = [
  "normal",
  "busy",
  "refused",
  "no_answer",
  "not_registered",
  "transport_lost",
  "failed",
] as const;
const DOERS = ["customer", "agent", "carrier", "us"] as const;

const ENDINGS = new Set(["leg.ended", "hang_up", "leg.silent", "wrap_up.finished", "offer.timed_out"]);

/** A world that throws everything at a conversation, in and out of turn. */
class Chaos {
  readonly rig: ConversationRig;
  readonly #random: SeededRandom;
  #offers = 0;
  readonly #offerIds: string[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.rig = new ConversationRig({ ...(this.#chance(0.3) && { fallbackQueueId: "fallback" }) });
    const start = this.#random.next();
    if (start < 0.6) {
      this.rig.send({ type: "start.inbound", legId: "customer" });
      if (this.#chance(0.9)) this.rig.send({ type: "leg.answered", legId: "customer" });
    } else if (start < 0.9)
      this.rig.send({ type: "start.outbound", agentId: "anna", to: { kind: "number", number: "100" } });
    else if (start < 0.95) this.rig.send({ type: "start.internal", agentId: "anna", toAgentId: "boris" });
    else
      this.rig.send({
        type: "start.callback",
        agentId: "anna",
        offerId: "offer-0",
        ringTimeoutMs: 18_000,
        queueId: "q1",
        to: { kind: "number", number: "100" },
        linkedTo: "contact-0",
      });
  }

  step(): void {
    if (this.#chance(0.15)) this.rig.wait(Math.floor(this.#random.next() * 45_000));
    this.rig.send(this.#input(), Math.floor(this.#random.next() * 3_000));
  }

  /** Everybody hangs up, or we end it; then the contact must close by itself. */
  end(): void {
    if (this.#chance(0.3)) this.rig.send({ type: "end", outcome: "failed_tech" });
    // what one leg's end brings about may make another leg
    for (let round = 0; round < 6; round++) {
      for (const legId of [...this.rig.legs.keys()])
        this.rig.send({ type: "leg.ended", legId, by: "customer", cause: "normal" }, 10);
      this.rig.confirmHangups();
    }
    for (const agentId of AGENTS) this.rig.send({ type: "wrap_up.finished", agentId, reason: "timed_out" });
    this.rig.finish();
  }

  #input(): ConversationInput {
    const { conversation, legs } = this.rig;
    const view = conversation.view();
    const legIds = [...legs.keys()];
    // recent legs are likelier: they are the ones that something still hangs on
    const legId = this.#chance(0.6) ? (legIds.at(-1) ?? "none") : this.#pick(legIds);
    const agentId = this.#chance(0.7) && view.agents[0] ? view.agents[0].agentId : this.#pick(AGENTS);
    const likely = [
      () => ({ type: "leg.answered", legId }) as const,
      () => ({ type: "leg.answered", legId }) as const,
      () => ({ type: "leg.ended", legId, by: this.#pick(DOERS), cause: this.#pick(CAUSES) }) as const,
      () => ({ type: "queue.entered", queueId: this.#pick(["q1", "q2"]), initiation: "new" }) as const,
      () => this.#offer(view.consult && this.#chance(0.5) ? view.consult.contactId : conversation.contactId),
      () => this.#offer(conversation.contactId),
      () => ({ type: "hold", agentId }) as const,
      () => ({ type: "resume", agentId }) as const,
      () => ({ type: "transfer", agentId, to: this.#destination() }) as const,
      () => ({ type: "consult", agentId, to: this.#destination() }) as const,
      () => ({ type: "consult.swap", agentId }) as const,
      () => ({ type: "consult.complete", agentId }) as const,
      () => ({ type: "consult.cancel", agentId }) as const,
      () => ({ type: "hang_up", agentId }) as const,
      () => ({ type: "agent.lost", agentId }) as const,
      () => ({ type: "agent.returned", agentId }) as const,
      () => ({ type: "wrap_up.finished", agentId, reason: "completed" }) as const,
      () => ({ type: "leg.held", legId }) as const,
      () => ({ type: "leg.resumed", legId }) as const,
      () => ({ type: "leg.silent", legId }) as const,
      () => ({ type: "send_dtmf", agentId, digits: "1" }) as const,
      () => ({ type: "recording.pause", agentId, reason: "sensitive" }) as const,
      () => ({ type: "recording.resume", agentId }) as const,
      () => ({ type: "offer.timed_out", offerId: this.#pick(this.#offerIds) }) as const,
      () => ({ type: "offer.withdrawn", offerId: this.#pick(this.#offerIds), reason: "supervisor" }) as const,
      () => ({ type: "queue.left", outcome: "timeout" }) as const,
      () => ({ type: "queue.left", outcome: "callback" }) as const,
      () => ({ type: "queue.moved", queueId: this.#pick(["q1", "q2"]) }) as const,
      () => ({ type: "escalate", agentId, queueId: this.#pick(["q1", "q2"]), tier: 2 }) as const,
    ] as const;
    if (this.#chance(0.01)) return { type: "flow.ended", outcome: "completed_flow" };
    const input = this.#pick(likely)();
    // most of what ends something is thrown back, so that stories grow long
    return ENDINGS.has(input.type) && this.#chance(0.8) ? this.#input() : input;
  }

  #offer(contactId: string): ConversationInput {
    const offerId = `offer-${++this.#offers}`;
    this.#offerIds.push(offerId);
    return { type: "offer.made", offerId, contactId, agentId: this.#pick(AGENTS), ringTimeoutMs: 18_000 };
  }

  #destination() {
    const kind = this.#random.next();
    if (kind < 0.5) return { kind: "agent", agentId: this.#pick(AGENTS) } as const;
    return kind < 0.75
      ? ({ kind: "queue", queueId: this.#pick(["q1", "q2"]) } as const)
      : ({ kind: "number", number: "112" } as const);
  }

  #chance(p: number): boolean {
    return this.#random.next() < p;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random.next() * items.length)] ?? (items[0] as T);
  }
}

describe("any order of events", () => {
  it("[CV37] leaves no leg, bridge, recording, segment or offer behind, and every effect is legal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 80 }), (seed, steps) => {
        const chaos = new Chaos(seed);
        for (let i = 0; i < steps; i++) chaos.step();
        chaos.end();
      }),
      { numRuns: 400 },
    );
  });

  it("[CV37] the chaos reaches the states it is meant to reach", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 250; seed++) {
      const chaos = new Chaos(seed);
      for (let i = 0; i < 60; i++) {
        chaos.step();
        const { customer, consult } = chaos.rig.conversation.view();
        seen.add(customer);
        if (consult) seen.add(`consult ${consult.state}`);
      }
    }
    expect([...seen].sort()).toEqual(
      [
        "consult parked",
        "consult queued",
        "consult ringing",
        "consult talking",
        "detached",
        "dialing",
        "farewell",
        "flow",
        "gone",
        "hold",
        "none",
        "queue",
        "talk",
        "transferring",
      ].sort(),
    );
  });
});
