import type { AgentId, ClientId, ContactId, CustomerId, Instant, QueueId, RecordingId } from "@svara/kernel";
import type { Tx } from "../database/index.ts";

export interface ContactUpdate {
  readonly queueId?: QueueId;
  readonly agentId?: AgentId;
  readonly answeredAt?: Instant;
  readonly customerEndedAt?: Instant;
  readonly closedAt?: Instant;
  readonly outcome?: string;
  readonly waitMs?: number;
  readonly talkMs?: number;
  readonly customerId?: CustomerId | null;
  readonly dispositionId?: string | null;
}

export async function updateContact(tx: Tx, id: ContactId, update: ContactUpdate): Promise<void> {
  if (Object.keys(update).length === 0) return;
  await tx.updateTable("contact").set(update).where("id", "=", id).execute();
}

/** The agent had a part in the contact, in the team and at the site of that day. */
export async function addAgent(
  tx: Tx,
  part: {
    readonly contactId: ContactId;
    readonly clientId: ClientId;
    readonly agentId: AgentId;
    readonly teamId: string | null;
    readonly siteId: string | null;
  },
): Promise<void> {
  await tx
    .insertInto("contactAgent")
    .values(part)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function saveNotes(
  tx: Tx,
  note: {
    readonly contactId: ContactId;
    readonly clientId: ClientId;
    readonly notes: string;
    readonly updatedAt: Instant;
    readonly updatedBy: string;
  },
): Promise<void> {
  const { contactId: _contact, clientId: _client, ...changed } = note;
  await tx
    .insertInto("contactNote")
    .values(note)
    .onConflict((conflict) => conflict.column("contactId").doUpdateSet(changed))
    .execute();
}

export async function insertRecording(
  tx: Tx,
  recording: {
    readonly id: RecordingId;
    readonly clientId: ClientId;
    readonly contactId: ContactId;
    readonly agentId: AgentId | null;
    readonly startedAt: Instant;
    readonly storageKey: string;
  },
): Promise<void> {
  await tx
    .insertInto("recording")
    .values({ ...recording, state: "recording" })
    .execute();
}

export async function updateRecording(
  tx: Tx,
  id: RecordingId,
  update: {
    readonly state: "stored" | "failed" | "deleted";
    readonly durationMs?: number;
    readonly bytes?: number;
    readonly sha256?: string | null;
    readonly failure?: string;
  },
): Promise<void> {
  await tx.updateTable("recording").set(update).where("id", "=", id).execute();
}
