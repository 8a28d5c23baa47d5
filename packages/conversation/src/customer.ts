import { type AgentId, SvaraError } from "@svara/kernel";
import type { ContactOutcome, CustomerSegmentKind, Doer, SegmentEnd } from "@svara/ledger";
import type { HangupWord } from "./effects.ts";
import { hang, silence } from "./legs.ts";
import { alignRecording } from "./recording.ts";
import type { Place } from "./state.ts";
import type { Turn } from "./turn.ts";

/**
 * none ──► dialing ──► talk ◄──► hold     talk, hold ◄──► conference
 *    └───► flow ◄──► queue ──► talk        flow ◄──► transferring; talk, hold ──► transferring ──► talk | queue | farewell
 *             ▲        ▲ └─► announcing ─┘ talk, hold ──► detached ──────► talk | hold | queue | farewell
 *             └────────┴─ talk, hold       talk, hold ──► parked ────────► talk | transferring | queue | farewell
 *                                          every place ──► gone
 */
const NEXT: Readonly<Record<Place["at"], readonly Place["at"][]>> = {
  none: ["none", "dialing", "flow"],
  dialing: ["talk", "gone"],
  flow: ["queue", "transferring", "gone"],
  queue: ["queue", "flow", "announcing", "talk", "gone"],
  announcing: ["queue", "talk", "gone"],
  talk: ["talk", "hold", "transferring", "queue", "flow", "parked", "conference", "detached", "gone"],
  conference: ["talk", "hold", "conference", "detached", "gone"],
  hold: ["talk", "hold", "transferring", "queue", "flow", "parked", "conference", "detached", "gone"],
  transferring: ["transferring", "talk", "queue", "flow", "farewell", "gone"],
  detached: ["talk", "hold", "queue", "farewell", "gone"],
  parked: ["parked", "talk", "transferring", "queue", "farewell", "gone"],
  farewell: ["gone"],
  gone: [],
};

const SEGMENT: Readonly<Record<Place["at"], CustomerSegmentKind | undefined>> = {
  none: undefined,
  dialing: undefined,
  flow: "flow",
  queue: "queue",
  announcing: "queue",
  talk: "talk",
  conference: "talk",
  hold: "hold",
  transferring: "hold",
  detached: "hold",
  parked: "hold",
  farewell: "hold",
  gone: undefined,
};

/**
 * The one door by which the customer moves. Ends the running segment and starts the next at the same instant, so the
 * segments tile; one that would continue with the same agent and queue goes on. Keeps the recording in step.
 */
export function enterPlace(turn: Turn, next: Place, reason: SegmentEnd = "next"): void {
  const { state } = turn;
  if (!NEXT[state.place.at].includes(next.at)) {
    throw new SvaraError(`customer cannot go from ${state.place.at} to ${next.at}`, {
      code: "conversation.illegal_move",
    });
  }
  const before = state.place;
  const sameQueueEntry = isWaiting(before) && isWaiting(next) && next.enteredAt === before.enteredAt;
  state.place = next;
  state.placeSince = turn.at;
  // who is called for the flow is still on the way to anybody
  const direct = next.at === "transferring" && next.transfer.from === undefined;
  const kind = direct ? "flow" : SEGMENT[next.at];
  const agentId = agentOf(next);
  const handler = agentId === undefined ? undefined : state.handlers[agentId];
  if (handler) handler.had = true;
  const queueId = isWaiting(next) ? next.queueId : undefined;
  const current = state.customerSegment;
  const goesOn =
    current?.kind === kind &&
    current?.agentId === agentId &&
    current?.queueId === queueId &&
    (kind !== "queue" || sameQueueEntry);
  if (!goesOn) {
    endSegment(turn, reason);
    if (kind !== undefined) startSegment(turn, kind, next);
  }
  alignRecording(turn);
}

/** In a queue, whether or not an agent has accepted. */
export function isWaiting(place: Place): place is Extract<Place, { at: "queue" | "announcing" }> {
  return place.at === "queue" || place.at === "announcing";
}

/** The agent who has the customer. */
export function agentOf(place: Place): AgentId | undefined {
  if (place.at === "talk") return place.with.kind === "agent" ? place.with.agentId : undefined;
  return place.at === "hold" || place.at === "conference" || place.at === "detached"
    ? place.agentId
    : undefined;
}

function startSegment(turn: Turn, kind: CustomerSegmentKind, place: Place): void {
  const agentId = agentOf(place);
  const queueId = isWaiting(place) ? place.queueId : undefined;
  const segmentId = turn.ids.next();
  turn.state.customerSegment = { segmentId, kind, ...(agentId && { agentId }), ...(queueId && { queueId }) };
  turn.write(
    "segment.started",
    {
      segmentId,
      ...("legId" in place && { legId: place.legId }),
      ...(agentId && { agentId }),
      ...(queueId && { queueId }),
    },
    { party: "customer", kind, ...(isWaiting(place) && { initiation: place.initiation }) },
  );
}

function endSegment(turn: Turn, reason: SegmentEnd): void {
  const segment = turn.state.customerSegment;
  if (segment === undefined) return;
  delete turn.state.customerSegment;
  const { segmentId, kind, agentId, queueId } = segment;
  turn.write(
    "segment.ended",
    { segmentId, ...(agentId && { agentId }), ...(queueId && { queueId }) },
    { party: "customer", kind, reason },
  );
}

/** The customer's part is over: hangs up if their leg is still there, and fixes how the contact ended. */
export function dismissCustomer(
  turn: Turn,
  end: {
    readonly outcome: ContactOutcome;
    readonly by: Doer;
    readonly reason: SegmentEnd;
    readonly cause?: HangupWord;
  },
): void {
  const { place } = turn.state;
  if (place.at === "gone" || place.at === "none") return;
  enterPlace(turn, { at: "gone" }, end.reason);
  turn.state.result = { outcome: end.outcome, endedBy: end.by };
  silence(turn, place.legId);
  hang(turn, place.legId, end.cause ?? "normal", end.by);
}
