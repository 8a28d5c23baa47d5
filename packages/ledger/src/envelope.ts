import type {
  AgentId,
  CentreId,
  ClientId,
  ContactId,
  Instant,
  LegId,
  QueueId,
  SegmentId,
} from "@svara/kernel";

/** Who did it. People and programs by id only: `user:<id>` acts in the office, `agent:<id>` at the desk, `token:<id>` by API. */
export type Actor =
  | "system"
  | "customer"
  | "carrier"
  | `agent:${string}`
  | `user:${string}`
  | `token:${string}`;

/** What an event is about. Each type of event asks for some of these (see `EventShapes`); the others may be given. */
export interface Subject {
  readonly clientId?: ClientId;
  readonly contactId?: ContactId;
  readonly segmentId?: SegmentId;
  readonly legId?: LegId;
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
}

/** What every stored event carries in typed columns beside its payload. */
export interface Envelope extends Subject {
  /** UUIDv7. */
  readonly id: string;
  /** Position in the centre's ledger: commit order, without gaps, from 1. */
  readonly seq: number;
  /** The run of the server that wrote it; raised at each start. */
  readonly epoch: number;
  /** Version of the payload. */
  readonly v: number;
  /** When it happened, stamped by the single writer; never decreases within a contact or an agent. */
  readonly at: Instant;
  /** When the database took it. */
  readonly recordedAt: Instant;
  readonly centreId: CentreId;
  readonly actor: Actor;
  /** The id of the event or command that brought this about. */
  readonly cause?: string;
  /** The configuration in force (see `config.changed`). */
  readonly configRevision: number;
}
