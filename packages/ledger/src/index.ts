export {
  type AgentProblem,
  type AgentSession,
  AgentTime,
  agentTime,
  type SlotTime,
  type StateSpan,
  verifyAgentDay,
  type Window,
} from "./agent-time.ts";
export { checkDraft, checkEnvelope, freeText, isEventType, WITHHELD, withhold } from "./check.ts";
export {
  type ContactEnd,
  type ContactProblem,
  type ContactStart,
  ContactTimeline,
  contactTimeline,
  type QueueStay,
  type Segment,
  verifyContact,
} from "./contact-timeline.ts";
export { closeCutAgent, closeCutContact } from "./cut.ts";
export type { Actor, Envelope, Subject } from "./envelope.ts";
export {
  EVENT_NEEDS,
  EVENT_VERSIONS,
  type EventShapes,
  type EventType,
  type LedgerDraft,
  type LedgerEvent,
  type NeedsOf,
  type OfferCandidate,
  type OfferExplanation,
  type PayloadOf,
  type SoundQuality,
  type TransferTarget,
  type WaitPrediction,
} from "./events.ts";
export { LedgerError, type LedgerErrorCode } from "./ledger-error.ts";
export { decodeEvent, type StoredEvent, type Upcaster, type Upcasters } from "./upcast.ts";
export {
  AGENT_STATES,
  type AgentState,
  type ContactOutcome,
  type CustomerSegmentKind,
  type DialRefusalWord,
  type Direction,
  type Doer,
  type HandlerSegmentKind,
  type Initiation,
  MEDIA,
  type Medium,
  type Origin,
  type Presence,
  type QueueOutcome,
  type SegmentEnd,
} from "./words.ts";
