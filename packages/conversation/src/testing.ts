import { CountingIds } from "@svara/kernel/testing";
import { checkDraft, type LedgerDraft, verifyContact } from "@svara/ledger";
import { Conversation } from "./conversation.ts";
import { disagreements } from "./disagreements.ts";
import type { BridgeRole, Effect, Outcome, SwitchEffect } from "./effects.ts";
import type { ConversationInput, ConversationSettings } from "./inputs.ts";
import type { ConversationSnapshot } from "./state.ts";

/** What the switch would hold after the effects so far. */
interface SwitchLeg {
  state: "incoming" | "dialing" | "up" | "hung" | "ended";
  bridge?: string;
  role?: BridgeRole;
  playing?: string;
  /** The called network plays: it may be heard in a bridge before the answer. */
  early?: boolean;
}

/**
 * A conversation with an unforgiving switch and ledger beside it: every effect is checked when it is made, and
 * `finish` checks what must hold at the end. Throws with the story of inputs.
 */
export class ConversationRig {
  conversation: Conversation;
  readonly effects: Effect[] = [];
  readonly story: string[] = [];
  readonly legs = new Map<string, SwitchLeg>();
  readonly bridges = new Set<string>();
  readonly recordings = new Map<string, "running" | "paused" | "stopped">();
  readonly offers = new Map<string, "open" | "ended">();
  readonly parks = new Map<string, "open" | "ended">();
  /** Supervisors of whom the router knows that they are at a call. */
  readonly monitoring = new Set<string>();
  /** What the ledger has open: monitors, parties of a conference, parked customers. */
  readonly #told = new Set<string>();
  readonly #routerOffers = new Map<string, "open" | "ended">();
  readonly #queued = new Map<string, string>();
  readonly #segments = new Map<string, { party: string; kind: string }>();
  readonly #customerTiles: { kind: string; from: number; to?: number; agentId: string | undefined }[] = [];
  readonly #settings: ConversationSettings;
  readonly #ids = new CountingIds("x");
  #last = 0;
  #calledBack = false;
  at: number;

  constructor(settings: Partial<ConversationSettings> = {}, at = 1_000_000) {
    this.at = at;
    const whose = { contactId: "contact-1", clientId: "client-1", switchId: "switch-1" };
    this.#settings = { ...whose, record: true, ...settings };
    this.conversation = new Conversation(this.#settings, this.#ids);
  }

  /** Goes on from the conversation's snapshot, written down and read again. */
  restart(): void {
    this.story.push("(restored)");
    const snapshot = JSON.parse(JSON.stringify(this.conversation.snapshot())) as ConversationSnapshot;
    this.conversation = Conversation.restore(this.#settings, snapshot, this.#ids);
  }

  /** Moves on by `ms` and gives the input. Returns the effects of this step. */
  send(input: ConversationInput, ms = 0): Outcome {
    this.wait(ms);
    this.story.push(`${this.at} ${JSON.stringify(input)}`);
    if (input.type === "start.inbound") this.legs.set(input.legId, { state: "incoming" });
    if ((input.type === "start.outbound" || input.type === "start.internal") && input.legId)
      this.legs.set(input.legId, { state: "incoming" });
    const calledIn = calledInBy(input);
    if (calledIn) this.legs.set(calledIn, { state: input.type === "merge.take" ? "up" : "incoming" });
    this.#observe(input);
    const outcome = this.conversation.handle(input, this.at);
    // a leg that is not wanted is hung up by whoever let it in; one that was given away is another contact's
    const refused = outcome.refused !== undefined;
    if (calledIn && refused) this.legs.delete(calledIn);
    if (input.type === "merge.give" && !refused) this.legs.delete(input.legId);
    this.#apply(outcome);
    return outcome;
  }

  /** Moves on by `ms`, firing what is due. */
  wait(ms: number): Outcome {
    this.at += ms;
    const outcome = this.conversation.advance(this.at);
    this.#apply(outcome);
    return outcome;
  }

  /** The drafts written so far, of one type if given. */
  ledger(type?: LedgerDraft["type"]): LedgerDraft[] {
    return this.effects.flatMap((e) =>
      e.to === "ledger" && (type === undefined || e.event.type === type) ? [e.event] : [],
    );
  }

  /** The customer's segments as `kind[/agent] milliseconds`. */
  tiles(): string[] {
    return this.#customerTiles.map(
      (t) => `${t.kind}${t.agentId ? `/${t.agentId}` : ""} ${(t.to ?? this.at) - t.from}`,
    );
  }

  /** The last playback to this leg. */
  lastPlayback(legId: string): string {
    const started = this.effects.findLast((e) => e.type === "play.start" && e.legId === legId);
    if (started?.type !== "play.start") throw this.#fault(`nothing played to ${legId}`);
    return started.playbackId;
  }

  /** The handlers' segments as `agent kind from-to`, milliseconds since the rig began. */
  handlerSegments(): string[] {
    const began = this.ledger()[0]?.at ?? 0;
    const ends = new Map(
      this.ledger("segment.ended").map((e) => [e.segmentId, e.type === "segment.ended" ? e.at : 0]),
    );
    return this.ledger("segment.started").flatMap((e) =>
      e.type === "segment.started" && e.payload.party === "handler"
        ? [`${e.agentId} ${e.payload.kind} ${e.at - began}-${(ends.get(e.segmentId) ?? this.at) - began}`]
        : [],
    );
  }

  /** Who is in which bridge, and as what: `leg` or `leg:listen`. */
  together(): string[][] {
    return [...this.bridges].map((bridgeId) =>
      [...this.legs]
        .filter(([, leg]) => leg.bridge === bridgeId)
        .map(([legId, leg]) => (leg.role === undefined ? legId : `${legId}:${leg.role.type}`)),
    );
  }

  /** The last leg made for this purpose. */
  lastLeg(purpose?: string): string {
    const made = this.effects.findLast(
      (e) => e.type === "leg.originate" && (purpose === undefined || e.purpose === purpose),
    );
    if (made?.type !== "leg.originate") throw this.#fault(`no leg was made for ${purpose}`);
    return made.legId;
  }

  /** The switch confirms every hang-up that waits for it. */
  confirmHangups(): void {
    for (const [legId, leg] of this.legs)
      if (leg.state === "hung") this.send({ type: "leg.ended", legId, by: "us", cause: "normal" });
  }

  /** What must hold when the contact is closed. */
  finish(): void {
    if (!this.conversation.closed) throw this.#fault("the contact is not closed");
    for (const [legId, leg] of this.legs)
      if (leg.state !== "ended" && leg.state !== "hung")
        throw this.#fault(`leg ${legId} is left ${leg.state}`);
    if (this.bridges.size > 0) throw this.#fault("a bridge is left");
    for (const [id, state] of this.recordings)
      if (state !== "stopped") throw this.#fault(`recording ${id} is left ${state}`);
    for (const [id, state] of [...this.offers, ...this.#routerOffers])
      if (state !== "ended") throw this.#fault(`offer ${id} never ended`);
    if (this.#queued.size > 0) throw this.#fault("an item is left in the router");
    for (const [id, state] of this.parks) if (state === "open") throw this.#fault(`slot ${id} is left taken`);
    if (this.monitoring.size > 0) throw this.#fault("a supervisor is left monitoring");
    if (this.#told.size > 0) throw this.#fault(`the ledger has open: ${[...this.#told].join()}`);
    if (this.#segments.size > 0) throw this.#fault("a segment is left open");
    for (const [i, tile] of this.#customerTiles.entries()) {
      const next = this.#customerTiles[i + 1];
      if (tile.to === undefined) throw this.#fault("a customer segment is open");
      if (next && next.from !== tile.to) throw this.#fault("customer segments do not tile");
    }
    for (const { contactId } of this.ledger("contact.created")) {
      const [problem] = verifyContact(this.ledger().filter((e) => e.contactId === contactId));
      if (problem) throw this.#fault(`the ledger sees ${problem.problem} at ${problem.type} of ${contactId}`);
    }
    if (this.ledger("contact.created").length !== this.ledger("contact.closed").length)
      throw this.#fault("contacts created and closed differ");
  }

  #observe(input: ConversationInput): void {
    if (input.type === "offer.made" || input.type === "start.callback")
      this.#routerOffers.set(input.offerId, "open");
    // the item of a call-back waits in the router from long before
    if (input.type === "start.callback") this.#calledBack = true;
    if (input.type === "offer.timed_out" || input.type === "offer.withdrawn")
      this.#routerOffers.set(input.offerId, "ended");
    // a router that moves a waiting item has taken its offers back before
    if (input.type === "queue.moved" && this.conversation.snapshot().place.at === "queue")
      for (const { offerId, contactId } of Object.values(this.conversation.snapshot().offers))
        if (contactId === this.conversation.contactId) this.#routerOffers.set(offerId, "ended");
    const leg = "legId" in input && input.legId ? this.legs.get(input.legId) : undefined;
    if (leg === undefined) return;
    if (input.type === "leg.early_media" && leg.state === "dialing") leg.early = true;
    if (input.type === "leg.answered" && (leg.state === "incoming" || leg.state === "dialing"))
      leg.state = "up";
    if (input.type === "leg.ended") {
      leg.state = "ended";
      delete leg.bridge;
      delete leg.playing;
    }
  }

  #apply(outcome: Outcome): void {
    for (const effect of outcome.effects) {
      this.effects.push(effect);
      if (effect.to === "switch") this.#onSwitch(effect);
      if (effect.to === "ledger") this.#onLedger(effect.event);
      if (effect.to === "router") this.#onRouter(effect);
      if (effect.to === "house") this.#onHouse(effect);
    }
    if (outcome.refused && outcome.effects.some((e) => e.to !== "ledger"))
      throw this.#fault(`refused ${outcome.refused} but acted`);
    this.#standing();
  }

  #standing(): void {
    const due = this.conversation.nextDue();
    if (due !== undefined && due <= this.at) throw this.#fault("a limit is overdue");
    const state = this.conversation.snapshot();
    const supervisors = new Set(Object.values(state.monitors).map((monitor) => monitor.legId));
    const perBridge = new Map<string, number>();
    for (const [legId, { bridge }] of this.legs)
      if (bridge !== undefined && !supervisors.has(legId))
        perBridge.set(bridge, (perBridge.get(bridge) ?? 0) + 1);
    const most = state.conference ? state.conference.parties.length + 1 : 2;
    for (const [bridge, n] of perBridge)
      if (n > most) throw this.#fault(`${n} legs in bridge ${bridge}, at most ${most}`);
    if (state.phase !== "open") return;
    for (const problem of disagreements(state)) throw this.#fault(problem);
  }

  #onRouter(effect: Extract<Effect, { to: "router" }>): void {
    if (effect.type === "monitor.started") {
      if (this.monitoring.has(effect.supervisorId)) throw this.#fault("monitors twice");
      this.monitoring.add(effect.supervisorId);
    }
    if (effect.type === "monitor.ended" && !this.monitoring.delete(effect.supervisorId))
      throw this.#fault("ended monitoring that never was");
    if (effect.type === "item.queued") {
      if (this.#queued.has(effect.contactId)) throw this.#fault("queued twice");
      this.#queued.set(effect.contactId, effect.queueId);
    }
    if (effect.type === "item.withdrawn" || effect.type === "offer.accepted") {
      const calledBack = this.#calledBack && effect.type === "offer.accepted";
      if (!this.#queued.delete(effect.contactId) && !calledBack)
        throw this.#fault(`${effect.type} of what is not queued`);
    }
    if (effect.type === "item.escalated") {
      if (this.#queued.has(effect.contactId)) throw this.#fault("escalated while queued");
      this.#queued.set(effect.contactId, effect.queueId);
    }
    if (effect.type === "item.withdrawn")
      for (const [offerId, state] of this.#routerOffers)
        if (state === "open") this.#routerOffers.set(offerId, "ended");
    if (
      effect.type === "offer.accepted" ||
      effect.type === "offer.refused" ||
      effect.type === "offer.failed"
    ) {
      if (this.#routerOffers.get(effect.offerId) !== "open") throw this.#fault("an offer ended twice");
      this.#routerOffers.set(effect.offerId, "ended");
    }
  }

  #onHouse(effect: Extract<Effect, { to: "house" }>): void {
    if (effect.type === "transfer.settled") return;
    const before = this.parks.get(effect.parkId);
    if (before !== (effect.type === "park.started" ? undefined : "open"))
      throw this.#fault(`${effect.type} of a slot that is ${before}`);
    this.parks.set(effect.parkId, effect.type === "park.started" ? "open" : "ended");
  }

  #onSwitch(effect: SwitchEffect): void {
    const fail = (why: string): Error => this.#fault(`${effect.type}: ${why} ${JSON.stringify(effect)}`);
    switch (effect.type) {
      case "leg.originate":
        if (this.legs.has(effect.legId)) throw fail("leg id used twice");
        this.legs.set(effect.legId, { state: "dialing" });
        return;
      case "leg.hangup": {
        const leg = this.#leg(effect.legId);
        if (leg.state === "ended") throw fail("leg has ended");
        leg.state = "hung";
        delete leg.bridge;
        delete leg.playing;
        return;
      }
      case "leg.ring":
      case "leg.answer":
        if (this.#leg(effect.legId).state !== "incoming") throw fail("leg is not incoming");
        return;
      case "bridge.create":
        this.bridges.add(effect.bridgeId);
        return;
      case "bridge.join": {
        const leg = this.#leg(effect.legId);
        if (leg.state !== "up" && leg.state !== "incoming" && !leg.early) throw fail(`leg is ${leg.state}`);
        if (!this.bridges.has(effect.bridgeId)) throw fail("no such bridge");
        const changesRole = JSON.stringify(leg.role) !== JSON.stringify(effect.role);
        if (leg.bridge === effect.bridgeId ? !changesRole : leg.bridge !== undefined)
          throw fail("leg is in a bridge");
        if (leg.playing !== undefined) throw fail("leg hears a playback");
        leg.bridge = effect.bridgeId;
        delete leg.role;
        if (effect.role) leg.role = effect.role;
        return;
      }
      case "bridge.leave": {
        const leg = this.#leg(effect.legId);
        if (leg.bridge !== effect.bridgeId) throw fail("leg is not in it");
        delete leg.bridge;
        delete leg.role;
        return;
      }
      case "bridge.destroy":
        if (!this.bridges.delete(effect.bridgeId)) throw fail("no such bridge");
        if ([...this.legs.values()].some((leg) => leg.bridge === effect.bridgeId)) throw fail("not empty");
        return;
      case "play.start": {
        const leg = this.#leg(effect.legId);
        if (leg.playing !== undefined) throw fail("another playback runs");
        if (leg.bridge !== undefined) throw fail("leg is in a bridge");
        if (leg.state !== "up" && leg.state !== "incoming") throw fail(`leg is ${leg.state}`);
        leg.playing = effect.playbackId;
        return;
      }
      case "play.stop": {
        const leg = this.#leg(effect.legId);
        if (leg.playing !== effect.playbackId) throw fail("does not play");
        delete leg.playing;
        return;
      }
      case "record.start":
        if ([...this.recordings.values()].some((s) => s !== "stopped")) throw fail("two recordings");
        this.recordings.set(effect.recordingId, "running");
        return;
      case "record.pause":
      case "record.resume":
      case "record.stop": {
        const from = effect.type === "record.pause" ? "running" : "paused";
        const state = this.recordings.get(effect.recordingId);
        if (effect.type === "record.stop" ? state === "stopped" : state !== from) throw fail(`is ${state}`);
        const next = {
          "record.pause": "paused",
          "record.resume": "running",
          "record.stop": "stopped",
        } as const;
        this.recordings.set(effect.recordingId, next[effect.type]);
        return;
      }
      case "dtmf.send":
        if (this.#leg(effect.legId).state !== "up") throw fail("leg is not up");
    }
  }

  #leg(legId: string): SwitchLeg {
    const leg = this.legs.get(legId);
    if (leg === undefined) throw this.#fault(`no leg ${legId}`);
    return leg;
  }

  #onLedger(event: LedgerDraft): void {
    checkDraft(event);
    if (event.at < this.#last) throw this.#fault("time went back");
    this.#last = event.at;
    if (event.type === "segment.started") {
      const { party, kind } = event.payload;
      this.#segments.set(event.segmentId, { party, kind });
      if (party === "customer") {
        const running = this.#customerTiles.find((t) => t.to === undefined);
        if (running) throw this.#fault("two customer segments at once");
        if ((kind === "talk" && !event.agentId && !event.legId) || (kind === "queue" && !event.queueId))
          throw this.#fault(`a ${kind} segment without its ids`);
        this.#customerTiles.push({ kind, from: event.at, agentId: event.agentId });
      } else if (event.agentId === undefined) throw this.#fault("a handler's segment without agent");
    }
    if (event.type === "segment.ended") {
      const segment = this.#segments.get(event.segmentId);
      if (segment?.kind !== event.payload.kind) throw this.#fault("ended a segment that does not run");
      this.#segments.delete(event.segmentId);
      const tile = this.#customerTiles.at(-1);
      if (segment.party === "customer" && tile) tile.to = event.at;
    }
    this.#pair(event);
    if (event.type === "offer.made") this.offers.set(event.payload.offerId, "open");
    if (
      event.type === "offer.accepted" ||
      event.type === "offer.refused" ||
      event.type === "offer.timed_out" ||
      event.type === "offer.withdrawn"
    ) {
      if (this.offers.get(event.payload.offerId) !== "open")
        throw this.#fault("an offer ended twice in the ledger");
      this.offers.set(event.payload.offerId, "ended");
    }
    if (
      this.ledger("contact.closed").some((e) => e.contactId === "contact-1") &&
      event.type !== "contact.closed"
    )
      throw this.#fault(`${event.type} after contact.closed`);
  }

  /** What begins in the ledger ends there, once. */
  #pair(event: LedgerDraft): void {
    const begins = (what: string): void => {
      if (this.#told.has(what)) throw this.#fault(`${what} began twice`);
      this.#told.add(what);
    };
    const ends = (what: string): void => {
      if (!this.#told.delete(what)) throw this.#fault(`${what} ended, but did not run`);
    };
    switch (event.type) {
      case "monitor.started":
        return begins(`monitor ${event.payload.monitorId}`);
      case "monitor.ended":
        return ends(`monitor ${event.payload.monitorId}`);
      case "conference.joined":
        return begins(`party ${event.agentId ?? event.legId}`);
      case "conference.left":
        return ends(`party ${event.agentId ?? event.legId}`);
      case "park.started":
        return begins(`park ${event.payload.parkId}`);
      case "park.ended":
        return ends(`park ${event.payload.parkId}`);
    }
  }

  #fault(message: string): Error {
    return new Error(`${message}\n${this.story.join("\n")}\n${JSON.stringify(this.conversation.view())}`);
  }
}

/** The leg that an input brings with it. */
function calledInBy(input: ConversationInput): string | undefined {
  switch (input.type) {
    case "pickup":
    case "pickup.parked":
    case "monitor.start":
    case "move_device":
    case "offer.made":
      return input.legId;
    case "merge.take":
      return input.party.legId;
    default:
      return undefined;
  }
}

/** A customer in the queue: arrived at 0, queued after 5 s. */
export function queuedRig(settings: Partial<ConversationSettings> = {}): ConversationRig {
  const rig = new ConversationRig(settings);
  rig.send({ type: "start.inbound", legId: "customer", entryPointId: "entry-1", trunkId: "trunk-1" });
  rig.send({ type: "leg.answered", legId: "customer" });
  rig.send({ type: "queue.entered", queueId: "sales", initiation: "new" }, 5_000);
  return rig;
}

/** A customer in talk with agent `anna` since 15 s after arrival (5 s flow, 10 s queue of which 4 s ringing). */
export function talkingRig(settings: Partial<ConversationSettings> = {}): ConversationRig {
  const rig = queuedRig(settings);
  const { contactId } = rig.conversation;
  rig.send(
    { type: "offer.made", offerId: "offer-1", contactId, agentId: "anna", ringTimeoutMs: 18_000 },
    6_000,
  );
  rig.send({ type: "leg.answered", legId: rig.lastLeg("offer") }, 4_000);
  return rig;
}
