/** Media of a contact. */
export const MEDIA = ["voice", "email", "chat", "message", "fax", "letter", "video", "task"] as const;
export type Medium = (typeof MEDIA)[number];

export type Direction = "inbound" | "outbound" | "internal";
export type Origin = "customer" | "agent" | "callback" | "voicemail" | "campaign" | "flow";

/** Why a contact is in a queue; each entry is one "offered". */
export type Initiation = "new" | "transfer" | "overflow";

/** How a contact ended. Short abandons are not a word here: how short is short is a reader's policy. */
export type ContactOutcome =
  | "answered"
  | "completed_flow"
  | "out_of_hours"
  | "abandoned_ivr"
  | "abandoned_queue"
  | "blocked"
  | "overflow"
  | "timeout"
  | "exit_empty"
  | "exit_key"
  | "voicemail"
  | "callback_requested"
  | "transferred_out"
  | "rejected"
  | "failed_tech"
  | "busy"
  | "no_answer"
  | "cancelled"
  | "machine"
  | "fax"
  | "invalid"
  | "live_abandoned";

/** Why a call out may not be made. */
export type DialRefusalWord =
  | "no_right"
  | "no_right_abroad"
  | "country"
  | "high_cost"
  | "blocked_prefix"
  | "agent_at_once"
  | "agent_per_day"
  | "agent_abroad_per_day"
  | "client_at_once"
  | "client_abroad_per_day"
  | "trunk_per_day";

/** Segments of the customer: they tile the time from first sign to the customer's end. */
export type CustomerSegmentKind = "flow" | "queue" | "talk" | "hold";
/** Segments of a handler: they may overlap each other and the customer's. */
export type HandlerSegmentKind = "ring" | "talk" | "hold" | "consult" | "wrap_up";

export type SegmentEnd =
  /** The same party goes on in the next segment. */
  | "next"
  | "customer_ended"
  | "agent_ended"
  | "flow_ended"
  | "transferred"
  | "not_answered"
  | "withdrawn"
  | "completed"
  | "timed_out"
  | "failed_tech";

/** How a queue entry ended. */
export type QueueOutcome =
  | "answered"
  | "abandoned"
  | "overflow"
  | "timeout"
  | "transferred"
  | "callback"
  | "closed"
  | "failed_tech";

/** Whose doing the end of a leg was. */
export type Doer = "customer" | "agent" | "carrier" | "us";

/** Canonical agent states, per slot of a medium. */
export const AGENT_STATES = [
  "not_ready",
  "available",
  "reserved",
  "dialing",
  "talking",
  "held",
  "consulting",
  "conferenced",
  "wrap_up",
  "not_responding",
  "busy_other",
  "monitoring",
  "unknown",
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** Presence is chosen by the person. `not_ready` carries a reason. */
export type Presence = "available" | "not_ready";
