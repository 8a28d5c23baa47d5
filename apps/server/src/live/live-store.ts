import type { Calling } from "@svara/contracts";
import type {
  AgentId,
  ClientId,
  ContactId,
  CustomerId,
  EntryPointId,
  Instant,
  QueueId,
  RecordingId,
} from "@svara/kernel";

/** A contact's row as it begins; personal data (the numbers) stands only here, never in the ledger. */
export interface ContactBegun {
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  readonly direction: "inbound" | "outbound" | "internal";
  readonly origin: "customer" | "agent" | "callback";
  readonly startedAt: Instant;
  readonly entryPointId?: EntryPointId;
  readonly linkedTo?: ContactId;
  readonly remoteNumber?: string;
  readonly remoteName?: string;
  readonly calledNumber?: string;
}

export interface CustomerCard {
  readonly id: CustomerId;
  readonly shortNumber: number;
  readonly name?: string;
  readonly number?: string;
}

/** What is known of a customer beside name and number: codes, counts and instants, no personal data. */
export interface CustomerHistory {
  /** There was a record before this contact. */
  readonly known: boolean;
  readonly type: string | null;
  readonly segment: string | null;
  readonly value: string | null;
  readonly language: string | null;
  /** In the last 30 days, this contact excluded. */
  readonly contactsLast30: number;
  /** The last contact before this one; null: there was none. */
  readonly last: { readonly at: Instant; readonly abandoned: boolean } | null;
  /** The last agent who talked with the customer; null: nobody yet. */
  readonly lastAgent: { readonly agentId: AgentId; readonly at: Instant } | null;
}

export interface ContactRegistered {
  /** The number people read. */
  readonly shortNumber: number;
  readonly customer?: CustomerCard;
  readonly history?: CustomerHistory;
}

/** A customer who waits to be called back. The number stands with the contact in which it was asked for. */
export interface OpenCallback {
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  readonly queueId: QueueId;
  /** The place in the line. */
  readonly queuedAt: Instant;
  readonly language: string;
  readonly from?: Instant;
  readonly until?: Instant;
}

/** A call-back with whom to call; without a number the customer's data has been erased. */
export interface RestoredCallback extends OpenCallback {
  readonly shortNumber: number;
  readonly remoteNumber?: string;
  readonly remoteName?: string;
}

/** What changes in a contact's row while it lives. */
export interface ContactChange {
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  readonly answeredAt?: Instant;
  readonly customerEndedAt?: Instant;
  readonly closedAt?: Instant;
  readonly outcome?: string;
  readonly waitMs?: number;
  readonly talkMs?: number;
}

export interface RecordingBegun {
  readonly recordingId: RecordingId;
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  readonly agentId?: AgentId;
  readonly startedAt: Instant;
  /** Where the tracks are written, relative to the folder of recordings. */
  readonly storageKey: string;
}

export interface RecordingStored {
  readonly durationMs: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** Rows beside the ledger that the live runtime writes; calls for one contact are carried out in order. */
export interface LiveStore {
  /** Creates the row, finds or creates the customer by the remote number, allots the short number. */
  contactBegun(contact: ContactBegun): Promise<ContactRegistered>;
  contactChanged(clientId: ClientId, contactId: ContactId, change: ContactChange): Promise<void>;
  /** Somebody else took part in the contact beside the agent who has it. */
  agentJoined(clientId: ClientId, contactId: ContactId, agentId: AgentId): Promise<void>;
  /** Notes and disposition as the agent saved them; durable when it resolves. */
  workSaved(
    clientId: ClientId,
    contactId: ContactId,
    agentId: AgentId,
    work: { readonly notes?: string; readonly dispositionId?: string | null },
  ): Promise<void>;
  /** What agents chose about their own calls. */
  callings(): Promise<ReadonlyMap<AgentId, Calling>>;
  callingSaved(agentId: AgentId, calling: Calling): Promise<void>;
  callbackBegun(callback: OpenCallback): Promise<void>;
  /** It waits in another queue now. */
  callbackMoved(clientId: ClientId, contactId: ContactId, queueId: QueueId): Promise<void>;
  callbackAttempted(clientId: ClientId, contactId: ContactId, attempt: number): Promise<void>;
  callbackEnded(
    clientId: ClientId,
    contactId: ContactId,
    end: { readonly outcome: "answered" | "failed" | "withdrawn"; readonly at: Instant },
  ): Promise<void>;
  /** Those that a run before this one left waiting, the oldest place first. */
  openCallbacks(): Promise<readonly RestoredCallback[]>;
  recordingBegun(recording: RecordingBegun): Promise<void>;
  recordingStored(clientId: ClientId, recordingId: RecordingId, stored: RecordingStored): Promise<void>;
  recordingFailed(clientId: ClientId, recordingId: RecordingId, reason: string): Promise<void>;
  /** Recordings that a run before this one left in the making. */
  unfinishedRecordings(): Promise<
    readonly {
      readonly recordingId: RecordingId;
      readonly clientId: ClientId;
      readonly contactId: ContactId;
      readonly storageKey: string;
    }[]
  >;
}
