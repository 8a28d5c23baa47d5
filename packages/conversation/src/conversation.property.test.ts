import { SeededRandom } from "@svara/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationInput } from "./inputs.ts";
import { ConversationRig } from "./testing.ts";

const AGENTS = ["anna", "boris", "celia", "doris"] as const;
const SUPERVISORS = ["sven", "doris"] as const;
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

const ENDINGS = new Set([
  "leg.ended",
  "hang_up",
  "leg.silent",
  "wrap_up.finished",
  "offer.timed_out",
  "conference.leave",
  "monitor.stop",
  "merge.take",
  "merge.give",
]);

const QUALITY = { mos: 4.1, codec: "pcma", lossShare: 0.01, jitterMs: 4 } as const;

/** A world that throws everything at a conversation, in and out of turn. */
class Chaos {
  readonly rig: ConversationRig;
  readonly #random: SeededRandom;
  #offers = 0;
  #calledIn = 0;
  readonly #offerIds: string[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.rig = new ConversationRig({ ...(this.#chance(0.3) && { fallbackQueueId: "fallback" }) });
    const start = this.#random.next();
    if (start < 0.6) {
      this.rig.send({ type: "start.inbound", legId: "customer" });
      if (this.#chance(0.9)) this.rig.send({ type: "leg.answered", legId: "customer" });
    } else if (start < 0.82)
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
    if (this.#chance(0.02)) this.rig.restart();
    if (this.#chance(0.15)) this.rig.wait(Math.floor(this.#random.next() * 45_000));
    this.rig.send(
      this.#chance(0.6) ? this.#fitting() : this.#input(),
      Math.floor(this.#random.next() * 3_000),
    );
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
    for (const agentId of [...AGENTS, ...SUPERVISORS])
      this.rig.send({ type: "wrap_up.finished", agentId, reason: "timed_out" });
    this.rig.finish();
  }

  /** What would come next in a day's work, as the conversation stands. */
  #fitting(): ConversationInput {
    const { conversation, legs } = this.rig;
    const view = conversation.view();
    const rings = [...legs].filter(([, leg]) => leg.state === "dialing" || leg.state === "incoming");
    const [ringing] = rings.at(-1) ?? [];
    const rung = view.agents.find((one) => one.state === "ringing");
    if (rung && this.#chance(0.06)) return { type: "divert", of: rung.agentId, to: this.#destination() };
    if (rung && this.#chance(0.1))
      return { type: "pickup", agentId: this.#pick(AGENTS), of: rung.agentId, ...this.#maybeLeg() };
    if (ringing && this.#chance(0.6)) return { type: "leg.answered", legId: ringing };
    if (view.customer === "flow" && this.#chance(0.15)) return { type: "flow.ring", to: this.#target() };
    if (view.customer === "flow") return { type: "queue.entered", queueId: "q1", initiation: "new" };
    if (view.customer === "queue" && !ringing) return this.#offer(conversation.contactId);
    if (view.customer === "announcing") return this.#likelyPlayback();
    const [monitor] = view.monitors;
    const agent = this.#pick(view.agents.filter((one) => one.state !== "wrap_up" && one.state !== "ringing"));
    if (monitor?.state === "on" && this.#chance(0.1))
      return { type: "take_over", supervisorId: monitor.supervisorId };
    if (view.parked) return { type: "pickup.parked", agentId: this.#pick(AGENTS), ...this.#maybeLeg() };
    if (agent === undefined) return this.#input();
    const { agentId, state } = agent;
    if (this.#chance(0.1)) return { type: "monitor.start", agentId, ...this.#supervisor() };
    if (state === "detached") return { type: "agent.returned", agentId };
    if (this.#chance(0.08)) return { type: "agent.lost", agentId };
    if (view.consult?.state === "talking" || view.consult?.state === "parked")
      return this.#pick([
        { type: "conference.merge", agentId },
        { type: "conference.merge", agentId },
        { type: "consult.swap", agentId },
        { type: "consult.complete", agentId },
      ]);
    if (state === "conferenced")
      return this.#pick([
        { type: "conference.add", agentId, to: this.#target() },
        { type: "conference.add", agentId, to: this.#target() },
        { type: view.customer === "hold" ? "resume" : "hold", agentId },
        { type: "conference.leave", agentId },
        { type: "conference.drop", agentId, party: this.#pick(view.conference ?? []) },
      ]);
    if (state === "talking" || state === "held")
      return this.#pick([
        { type: "consult", agentId, to: this.#destination() },
        { type: "consult", agentId, to: this.#target() },
        { type: "conference.add", agentId, to: this.#target() },
        { type: state === "held" ? "resume" : "hold", agentId },
        { type: "park", agentId },
        { type: "transfer", agentId, to: this.#transferTo() },
      ]);
    return this.#input();
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
      () => ({ type: "transfer", agentId, to: this.#transferTo() }) as const,
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
      () => this.#likelyPlayback(),
      () => ({ type: "flow.ring", to: this.#target() }) as const,
      () => ({ type: "divert", of: agentId, to: this.#destination() }) as const,
      () => ({ type: "leg.early_media", legId }) as const,
      () => ({ type: this.#pick(["leg.media_lost", "leg.media_restored"] as const), legId }) as const,
      () => ({ type: "leg.quality", legId, quality: QUALITY }) as const,
      () => ({ type: "conference.merge", agentId }) as const,
      () => ({ type: "conference.add", agentId, to: this.#target() }) as const,
      () => ({ type: "conference.add", agentId, to: this.#target() }) as const,
      () => ({ type: "conference.leave", agentId }) as const,
      () => ({ type: "conference.drop", agentId, party: this.#party(legId) }) as const,
      () => ({ type: "park", agentId, timeoutMs: 20_000 }) as const,
      () => ({ type: "pickup.parked", agentId: this.#pick(AGENTS), ...this.#maybeLeg() }) as const,
      () => ({ type: "pickup", agentId: this.#pick(AGENTS), of: agentId, ...this.#maybeLeg() }) as const,
      () => ({ type: "move_device", agentId, ...this.#maybeLeg() }) as const,
      () => ({ type: "monitor.start", agentId, ...this.#supervisor(), ...this.#maybeLeg() }) as const,
      () => ({ type: "monitor.mode", ...this.#supervisor() }) as const,
      () => ({ type: "monitor.stop", supervisorId: this.#pick(SUPERVISORS) }) as const,
      () => ({ type: "take_over", supervisorId: this.#pick(SUPERVISORS) }) as const,
      () => ({ type: "merge.take", agentId, fromContactId: "contact-9", party: this.#newParty() }) as const,
      () => ({ type: "merge.give", agentId, legId, toContactId: "contact-9" }) as const,
    ] as const;
    if (this.#chance(0.01)) return { type: "flow.ended", outcome: "completed_flow" };
    const input = this.#pick(likely)();
    // most of what ends something is thrown back, so that stories grow long
    return ENDINGS.has(input.type) && this.#chance(0.8) ? this.#input() : input;
  }

  #offer(contactId: string): ConversationInput {
    const offerId = `offer-${++this.#offers}`;
    this.#offerIds.push(offerId);
    return {
      type: "offer.made",
      offerId,
      contactId,
      agentId: this.#pick(AGENTS),
      ringTimeoutMs: 18_000,
      ...(this.#chance(0.2) && { announcement: "prompt-1" }),
      ...(this.#chance(0.2) && { autoAnswer: true }),
      ...(this.#chance(0.1) && { legId: `in-${++this.#calledIn}` }),
    };
  }

  #destination() {
    const kind = this.#random.next();
    if (kind < 0.65) return this.#target();
    return { kind: "queue", queueId: this.#pick(["q1", "q2"]) } as const;
  }

  #transferTo() {
    if (this.#chance(0.1)) return { kind: "entry_point", entryPointId: "entry-2" } as const;
    return this.#destination();
  }

  #target() {
    if (this.#chance(0.3)) return { kind: "number", number: "112" } as const;
    const autoAnswer = this.#chance(0.2);
    return { kind: "agent", agentId: this.#pick(AGENTS), ...(autoAnswer && { autoAnswer }) } as const;
  }

  #party(legId: string) {
    if (this.#chance(0.4)) return { kind: "external", legId } as const;
    return { kind: "agent", agentId: this.#pick(AGENTS) } as const;
  }

  #newParty() {
    const legId = `foreign-${++this.#calledIn}`;
    if (this.#chance(0.5)) return { kind: "external", legId } as const;
    return { kind: "agent", agentId: this.#pick(AGENTS), legId } as const;
  }

  #supervisor() {
    const mode = this.#pick(["listen", "whisper", "barge"] as const);
    return { supervisorId: this.#pick(SUPERVISORS), mode };
  }

  #maybeLeg(): { legId?: string } {
    return this.#chance(0.3) ? { legId: `in-${++this.#calledIn}` } : {};
  }

  /** The end of something that plays now: a greeting, a last message, music that broke off. */
  #likelyPlayback(): ConversationInput {
    const playing = [...this.rig.legs.values()].flatMap((leg) => (leg.playing ? [leg.playing] : []));
    return { type: "playback.ended", playbackId: playing.at(-1) ?? "none" };
  }

  #chance(p: number): boolean {
    return this.#random.next() < p;
  }

  #pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.#random.next() * items.length)] ?? (items[0] as T);
  }
}

const RARE = new Set(["call.picked_up", "contact.taken_over", "leg.moved"]);

describe("any order of events", () => {
  it("[CV37] leaves no leg, bridge, recording, segment or offer behind, and every effect is legal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.integer({ min: 1, max: 80 }), (seed, steps) => {
        const chaos = new Chaos(seed);
        for (let i = 0; i < steps; i++) chaos.step();
        chaos.end();
      }),
      { numRuns: 300 },
    );
  });

  it("[CV37] the chaos reaches the states it is meant to reach", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 250; seed++) {
      const chaos = new Chaos(seed);
      for (let i = 0; i < 60; i++) {
        chaos.step();
        const { customer, consult, agents, conference, monitors, parked } = chaos.rig.conversation.view();
        seen.add(customer);
        if (consult) seen.add(`consult ${consult.state}`);
        if (consult && customer === "detached") seen.add("consult kept for a lost agent");
        if (customer === "conference") seen.add(`conference of ${Math.min(4, conference?.length ?? 0)}`);
        if (customer === "hold" && agents.some((a) => a.state === "conferenced"))
          seen.add("conference on hold");
        if (conference?.some((party) => party.state === "lost")) seen.add("lost out of a conference");
        for (const { mode, state } of monitors) seen.add(`monitor ${mode} ${state}`);
        if (parked?.fetchedBy) seen.add("parked, being fetched");
        if (agents.some((a) => a.moving)) seen.add("moving");
      }
      for (const { type } of chaos.rig.ledger()) if (RARE.has(type)) seen.add(type);
    }
    expect([...seen].sort()).toEqual(
      [
        "announcing",
        "call.picked_up",
        "conference",
        "conference of 2",
        "conference of 3",
        "conference of 4",
        "conference on hold",
        "consult kept for a lost agent",
        "consult parked",
        "consult queued",
        "consult ringing",
        "consult talking",
        "contact.taken_over",
        "detached",
        "dialing",
        "farewell",
        "flow",
        "gone",
        "hold",
        "leg.moved",
        "lost out of a conference",
        "monitor barge on",
        "monitor barge ringing",
        "monitor listen on",
        "monitor listen ringing",
        "monitor whisper on",
        "monitor whisper ringing",
        "moving",
        "none",
        "parked",
        "parked, being fetched",
        "queue",
        "talk",
        "transferring",
      ].sort(),
    );
  });
});
