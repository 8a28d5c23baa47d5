import type { Calling } from "@svara/contracts";
import type { AgentId, ContactId, CustomerId, QueueId, RecordingId } from "@svara/kernel";
import type {
  ContactBegun,
  ContactChange,
  CustomerHistory,
  LiveStore,
  OpenCallback,
  RecordingStored,
  RestoredCallback,
} from "../live-store.ts";

export interface MemoryContact extends ContactBegun {
  readonly shortNumber: number;
  readonly changes: ContactChange[];
  readonly joined: AgentId[];
  closed: boolean;
}

export interface MemoryRecording {
  readonly contactId: ContactId;
  readonly storageKey: string;
  state: "recording" | "stored" | "failed";
  reason?: string;
  stored?: RecordingStored;
}

export interface MemoryCallback extends OpenCallback {
  readonly attempts: number;
  readonly outcome?: string;
}

/** The rows beside the ledger in memory; writes take a turn of the event loop, and one out of order throws. */
export class MemoryStore implements LiveStore {
  readonly contacts = new Map<ContactId, MemoryContact>();
  readonly recordings = new Map<RecordingId, MemoryRecording>();
  readonly callbacks = new Map<ContactId, MemoryCallback>();
  /** What is known of callers, by number. */
  readonly histories = new Map<string, CustomerHistory>();
  readonly work: { contactId: ContactId; notes?: string; dispositionId?: string | null }[] = [];
  readonly agentCallings = new Map<AgentId, Calling>();
  /** What was written out of order: must stay empty. */
  readonly faults: string[] = [];
  /** The database is away. */
  broken = false;
  #customers = 0;

  async contactBegun(contact: ContactBegun) {
    await this.#turn();
    if (this.contacts.has(contact.contactId)) this.#fault(`contact ${contact.contactId} began twice`);
    const shortNumber = this.contacts.size + 1;
    this.contacts.set(contact.contactId, { ...contact, shortNumber, changes: [], joined: [], closed: false });
    if (!contact.remoteNumber || contact.direction === "internal") return { shortNumber };
    const n = ++this.#customers;
    const customer = { id: `customer-${n}` as CustomerId, shortNumber: n, number: contact.remoteNumber };
    const history = this.histories.get(contact.remoteNumber);
    return { shortNumber, customer, ...(history ? { history } : {}) };
  }

  async contactChanged(_client: string, contactId: ContactId, change: ContactChange): Promise<void> {
    await this.#turn();
    const contact = this.contacts.get(contactId);
    if (!contact) return this.#fault(`contact ${contactId} changed before it began`);
    if (contact.closed) this.#fault(`contact ${contactId} changed after it was closed`);
    contact.changes.push(change);
    if (change.closedAt !== undefined) contact.closed = true;
  }

  async agentJoined(_client: string, contactId: ContactId, agentId: AgentId): Promise<void> {
    await this.#turn();
    const contact = this.contacts.get(contactId);
    if (contact) contact.joined.push(agentId);
    else this.#fault(`${agentId} joined ${contactId} before it began`);
  }

  async workSaved(
    _client: string,
    contactId: ContactId,
    _agent: string,
    work: { notes?: string; dispositionId?: string | null },
  ): Promise<void> {
    await this.#turn();
    if (!this.contacts.has(contactId)) this.#fault(`work on ${contactId} before it began`);
    this.work.push({ contactId, ...work });
  }

  async callings(): Promise<ReadonlyMap<AgentId, Calling>> {
    return new Map(this.agentCallings);
  }

  async callingSaved(agentId: AgentId, calling: Calling): Promise<void> {
    await this.#turn();
    this.agentCallings.set(agentId, calling);
  }

  async callbackBegun(callback: OpenCallback): Promise<void> {
    await this.#turn();
    if (!this.contacts.has(callback.contactId))
      this.#fault(`call-back ${callback.contactId} without contact`);
    this.callbacks.set(callback.contactId, { ...callback, attempts: 0 });
  }

  async callbackMoved(_client: string, contactId: ContactId, queueId: QueueId): Promise<void> {
    this.#callback(contactId, { queueId });
  }

  async callbackAttempted(_client: string, contactId: ContactId, attempts: number): Promise<void> {
    this.#callback(contactId, { attempts });
  }

  async callbackEnded(
    _client: string,
    contactId: ContactId,
    { outcome }: { outcome: string },
  ): Promise<void> {
    this.#callback(contactId, { outcome });
  }

  async openCallbacks(): Promise<RestoredCallback[]> {
    return [...this.callbacks.values()]
      .filter(({ outcome }) => outcome === undefined)
      .map(({ attempts: _, outcome: _outcome, ...callback }) => {
        const contact = this.contacts.get(callback.contactId);
        return {
          ...callback,
          shortNumber: contact?.shortNumber ?? 0,
          ...(contact?.remoteNumber === undefined ? {} : { remoteNumber: contact.remoteNumber }),
        };
      });
  }

  #callback(contactId: ContactId, change: Partial<MemoryCallback>): void {
    const callback = this.callbacks.get(contactId);
    if (callback) this.callbacks.set(contactId, { ...callback, ...change });
    else this.#fault(`call-back ${contactId} changed before it began`);
  }

  async recordingBegun(recording: { recordingId: RecordingId; contactId: ContactId; storageKey: string }) {
    await this.#turn();
    const { recordingId, contactId, storageKey } = recording;
    if (!this.contacts.has(contactId)) this.#fault(`recording ${recordingId} before its contact`);
    this.recordings.set(recordingId, { contactId, storageKey, state: "recording" });
  }

  async recordingStored(_client: string, recordingId: RecordingId, stored: RecordingStored): Promise<void> {
    await this.#turn();
    const recording = this.recordings.get(recordingId);
    if (recording) Object.assign(recording, { state: "stored", stored });
    else this.#fault(`recording ${recordingId} stored before it began`);
  }

  async recordingFailed(_client: string, recordingId: RecordingId, reason: string): Promise<void> {
    await this.#turn();
    const recording = this.recordings.get(recordingId);
    if (recording) Object.assign(recording, { state: "failed", reason });
    else this.#fault(`recording ${recordingId} failed before it began`);
  }

  async unfinishedRecordings() {
    return [];
  }

  async #turn(): Promise<void> {
    await Promise.resolve();
    if (this.broken) throw new Error("the database is away");
  }

  #fault(what: string): void {
    this.faults.push(what);
  }
}
