import { type ContactId, type Ids, type Instant, type LegId, SvaraError } from "@svara/kernel";
import type { Actor, ContactOutcome } from "@svara/ledger";
import { handleCommand } from "./commands.ts";
import { giveUpAwaited } from "./conference.ts";
import { dismissCustomer, enterPlace } from "./customer.ts";
import { agentLost, endByUs, graceOver } from "./departure.ts";
import type { Outcome } from "./effects.ts";
import { leaveHandler } from "./handlers.ts";
import type { ConversationInput, ConversationSettings, FlowInput, Refusal } from "./inputs.ts";
import { greetingOver, onLeg, ringOver, rungAgentLost } from "./leg-events.ts";
import { destroyBridge, hang, isLive, markEnded } from "./legs.ts";
import { alignMonitors } from "./monitor.ts";
import { parkOver } from "./park.ts";
import {
  enterQueue,
  leaveQueue,
  makeOffer,
  moveQueue,
  offerTimedOut,
  withdrawItem,
  withdrawOffer,
} from "./queueing.ts";
import { agentReturned } from "./reattach.ts";
import { startCallback, startInbound, startInternal, startOutbound } from "./start.ts";
import type { ConversationSnapshot, ConversationState, LegRole } from "./state.ts";
import { farewellOver, ringForFlow } from "./transfer.ts";
import { Turn } from "./turn.ts";
import { type ConversationView, viewOf } from "./view.ts";
import { handleVisitor } from "./visitors.ts";

/**
 * The machine of one live voice contact: who takes part, who hears whom, and what the switch, the router, the flow and
 * the ledger have to be told (SPEC.md). It performs nothing: `handle` returns effects in the order of performing.
 * Its limits of time are part of its state; `nextDue` and `advance` serve them, and `handle` first fires what is due.
 */
export class Conversation {
  readonly #settings: ConversationSettings;
  readonly #ids: Ids;
  readonly #state: ConversationState;

  constructor(settings: ConversationSettings, ids: Ids, state: ConversationState = newState()) {
    this.#settings = settings;
    this.#ids = ids;
    this.#state = state;
  }

  /** Goes on from a snapshot. */
  static restore(settings: ConversationSettings, snapshot: ConversationSnapshot, ids: Ids): Conversation {
    // what an older snapshot does not have is as at the beginning
    return new Conversation(settings, ids, { ...newState(), ...structuredClone(snapshot) });
  }

  snapshot(): ConversationSnapshot {
    return structuredClone(this.#state);
  }

  get contactId(): ContactId {
    return this.#settings.contactId;
  }

  get closed(): boolean {
    return this.#state.phase === "closed";
  }

  view(): ConversationView {
    return viewOf(this.#state);
  }

  /** Who is at the far end of a leg; undefined for a leg that is not ours. */
  roleOf(legId: LegId): LegRole | undefined {
    return this.#state.legs[legId]?.role;
  }

  /** When `advance` has something to do. */
  nextDue(): Instant | undefined {
    return dueTimes(this.#state).reduce<Instant | undefined>(
      (least, { at }) => (least === undefined || at < least ? at : least),
      undefined,
    );
  }

  /** Fires the limits that are due at or before `at`, each at its own instant. */
  advance(at: Instant): Outcome {
    const effects = [];
    for (;;) {
      const due = dueTimes(this.#state)
        .filter((d) => d.at <= at)
        .sort((a, b) => a.at - b.at)[0];
      if (due === undefined) return { effects };
      const turn = this.#turn(due.at, "system");
      due.fire(turn);
      settle(turn);
      effects.push(...turn.effects);
    }
  }

  /** Takes one input. Late, repeated and crossing inputs are harmless; a command that does not fit is refused. */
  handle(input: ConversationInput, at: Instant): Outcome {
    const before = this.advance(at).effects;
    const turn = this.#turn(at, actorOf(input, this.#state));
    const refused = dispatch(turn, input);
    settle(turn);
    return { effects: [...before, ...turn.effects], ...(refused && { refused }) };
  }

  #turn(at: Instant, actor: Actor): Turn {
    return new Turn(this.#state, this.#settings, this.#ids, at, actor);
  }
}

function newState(): ConversationState {
  return {
    phase: "new",
    direction: "inbound",
    place: { at: "none" },
    placeSince: 0,
    handlers: {},
    legs: {},
    offers: {},
    bridges: {},
    monitors: {},
    sidesClosing: [],
  };
}

function dispatch(turn: Turn, input: ConversationInput): Refusal | undefined {
  const { phase } = turn.state;
  const starts = input.type.startsWith("start.");
  if (starts !== (phase === "new")) {
    throw new SvaraError(`a conversation begins once, by a start input; got ${input.type} when ${phase}`, {
      code: "conversation.wrong_start",
    });
  }
  switch (input.type) {
    case "start.inbound":
      startInbound(turn, input);
      return undefined;
    case "start.outbound":
      startOutbound(turn, input);
      return undefined;
    case "start.internal":
      startInternal(turn, input);
      return undefined;
    case "start.callback":
      startCallback(turn, input);
      return undefined;
    case "queue.entered":
    case "queue.moved":
    case "queue.left":
    case "flow.ring":
    case "flow.ended":
      onFlow(turn, input);
      return undefined;
    case "offer.made":
      makeOffer(turn, input);
      return undefined;
    case "offer.timed_out":
    case "offer.withdrawn":
      onOfferEnd(turn, input);
      return undefined;
    case "leg.ringing":
    case "leg.early_media":
    case "leg.answered":
    case "leg.media_lost":
    case "leg.media_restored":
    case "leg.quality":
    case "leg.held":
    case "leg.resumed":
    case "leg.silent":
    case "leg.dtmf":
    case "leg.ended":
    case "playback.ended":
    case "recording.failed":
      onLeg(turn, input);
      return undefined;
    case "agent.lost":
      if (!rungAgentLost(turn, input.agentId)) agentLost(turn, input.agentId);
      return undefined;
    case "agent.returned":
      agentReturned(turn, input.agentId);
      return undefined;
    case "wrap_up.finished":
      if (turn.state.handlers[input.agentId]?.state === "wrap_up")
        leaveHandler(turn, input.agentId, input.reason);
      return undefined;
    case "end":
      if (phase === "open") endByUs(turn, input.outcome);
      return undefined;
    case "pickup.parked":
    case "pickup":
    case "divert":
    case "monitor.start":
    case "monitor.mode":
    case "monitor.stop":
    case "take_over":
    case "merge.take":
    case "merge.give":
      return phase === "open" ? handleVisitor(turn, input) : "closed";
    default:
      return phase === "open" ? handleCommand(turn, input) : "closed";
  }
}

function onFlow(turn: Turn, input: FlowInput) {
  const { place } = turn.state;
  if (place.at !== "flow" && place.at !== "queue") return;
  switch (input.type) {
    case "queue.entered":
      if (place.at === "queue") {
        withdrawItem(turn, "flow", "queue_left");
        leaveQueue(turn, "overflow", input.queueId);
      }
      return enterQueue(turn, input);
    case "queue.moved":
      return moveQueue(turn, input);
    case "queue.left":
      if (place.at !== "queue") return;
      turn.state.promised = input.outcome === "callback";
      withdrawItem(turn, "flow", "queue_left");
      leaveQueue(turn, input.outcome, input.toQueueId);
      return enterPlace(turn, { at: "flow", legId: place.legId });
    case "flow.ring":
      return ringForFlow(turn, input);
    case "flow.ended":
      if (place.at === "queue") {
        withdrawItem(turn, "flow", "queue_left");
        leaveQueue(turn, "closed");
      }
      return dismissCustomer(turn, {
        outcome: flowOutcome(turn, input.outcome),
        by: "us",
        reason: "flow_ended",
      });
  }
}

/** A customer whom an agent sent into the flow has been served when it ends as it should. */
function flowOutcome(turn: Turn, outcome: ContactOutcome): ContactOutcome {
  return turn.state.served && outcome === "completed_flow" ? "answered" : outcome;
}

function onOfferEnd(
  turn: Turn,
  input: Extract<ConversationInput, { type: "offer.timed_out" | "offer.withdrawn" }>,
) {
  const offer = turn.state.offers[input.offerId];
  if (offer === undefined) return;
  if (input.type === "offer.timed_out") offerTimedOut(turn, offer);
  else withdrawOffer(turn, offer.contactId, input.reason);
}

interface Due {
  readonly at: Instant;
  readonly fire: (turn: Turn) => void;
}

/** The limits of time that the state holds. */
function dueTimes(state: ConversationState): Due[] {
  const due: Due[] = [];
  for (const leg of Object.values(state.legs)) {
    const { ringUntil, greetingUntil } = leg;
    if (ringUntil !== undefined) due.push({ at: ringUntil, fire: (turn) => ringOver(turn, leg) });
    if (greetingUntil !== undefined) due.push({ at: greetingUntil, fire: (turn) => greetingOver(turn, leg) });
  }
  for (const { agentId, until } of Object.values(state.handlers))
    if (until !== undefined) due.push({ at: until, fire: (turn) => giveUpAwaited(turn, agentId) });
  const { place, closeBy } = state;
  if (place.at === "detached") due.push({ at: place.until, fire: graceOver });
  if (place.at === "parked" && !place.fetching) due.push({ at: place.until, fire: parkOver });
  if (place.at === "farewell") due.push({ at: place.until, fire: farewellOver });
  if (closeBy !== undefined) due.push({ at: closeBy, fire: giveUpLegs });
  return due;
}

/** The switch never confirmed a hang-up: the leg counts as ended. */
function giveUpLegs(turn: Turn): void {
  delete turn.state.closeBy;
  for (const leg of turn.legs())
    if (leg.state === "hung") markEnded(turn, leg.legId, { by: "us", cause: "unconfirmed" });
}

/** After every turn: ends what has no one left, and closes when the last leg and the last after-contact work are over. */
function settle(turn: Turn): void {
  const { state } = turn;
  closeSides(turn);
  alignMonitors(turn);
  if (state.phase === "open" && isOver(state)) {
    state.phase = "closing";
    for (const leg of turn.legs())
      if (isLive(leg)) hang(turn, leg.legId, "normal", state.result?.endedBy ?? "us");
    destroyBridge(turn, "side");
    destroyBridge(turn, "main");
    state.closeBy = turn.at + (turn.settings.hangupGraceMs ?? 35_000);
  }
  if (state.phase !== "closing") return;
  const legsOver = turn.legs().every((leg) => leg.state === "ended");
  if (!legsOver || turn.handlers().length > 0) return;
  state.phase = "closed";
  delete state.closeBy;
  const { outcome = "failed_tech", endedBy = "us" } = state.result ?? {};
  turn.write("contact.closed", {}, { outcome, endedBy });
}

/** A consultation is closed in the ledger when its last leg has ended. */
function closeSides(turn: Turn): void {
  const { sidesClosing } = turn.state;
  turn.state.sidesClosing = sidesClosing.filter(({ contactId, outcome, endedBy }) => {
    if (turn.legs().some((leg) => leg.contactId === contactId && leg.state !== "ended")) return true;
    turn.write("contact.closed", { contactId }, { outcome, endedBy });
    return false;
  });
}

function isOver(state: ConversationState): boolean {
  const customerHere = state.place.at !== "none" && state.place.at !== "gone";
  const agentsHere = Object.values(state.handlers).some((h) => h.state !== "wrap_up");
  return !customerHere && !agentsHere && state.side === undefined;
}

function actorOf(input: ConversationInput, state: ConversationState): Actor {
  if (input.type === "start.callback") return "system"; // the router's doing, until the agent accepts
  if (
    "agentId" in input &&
    !("supervisorId" in input) &&
    !input.type.startsWith("offer.") &&
    !input.type.startsWith("agent.")
  )
    return `agent:${input.agentId}`;
  if ("supervisorId" in input) return `agent:${input.supervisorId}`;
  if (!("legId" in input)) return "system";
  const leg = input.legId === undefined ? undefined : state.legs[input.legId];
  if (input.type === "start.inbound") return "customer";
  if (input.type === "leg.ended" && input.by === "carrier") return "carrier";
  if (leg?.role === "customer") return "customer";
  return leg?.agentId === undefined ? "system" : `agent:${leg.agentId}`;
}
