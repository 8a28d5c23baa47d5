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
  readonly origin: "customer" | "agent";
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

export interface ContactRegistered {
  /** The number people read. */
  readonly shortNumber: number;
  readonly customer?: CustomerCard;
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
  /** Notes and disposition as the agent saved them; durable when it resolves. */
  workSaved(
    clientId: ClientId,
    contactId: ContactId,
    agentId: AgentId,
    work: { readonly notes?: string; readonly dispositionId?: string | null },
  ): Promise<void>;
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
