import type { Actor, LedgerEvent } from "@svara/ledger";
import { decodeEvent } from "@svara/ledger";
import type { Selectable } from "kysely";
import type { Event as EventTable } from "./db.generated.ts";

/** An event on its way to `append_events`; the keys are those of its record definition. */
export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly v: number;
  readonly at: number;
  readonly clientId?: string;
  readonly contactId?: string;
  readonly segmentId?: string;
  readonly legId?: string;
  readonly agentId?: string;
  readonly queueId?: string;
  readonly actor: Actor;
  readonly cause?: string;
  readonly configRevision: number;
  readonly payload: unknown;
}

/** One input of the router beside what it decided. `seq` counts from 1 within the epoch. */
export interface JournalEntry {
  readonly routerId: string;
  readonly seq: number;
  readonly at: number;
  readonly engineVersion: string | number;
  readonly input: unknown;
  readonly decisions: unknown;
}

/** The router's whole state after the input `seq`. */
export interface RouterSnapshot {
  readonly routerId: string;
  readonly seq: number;
  readonly at: number;
  readonly engineVersion: string | number;
  readonly snapshot: unknown;
}

/** A row of the table as the event that it stores, lifted to the newest version of its type. */
export function toEvent(row: Selectable<EventTable>): LedgerEvent {
  const { clientId, contactId, segmentId, legId, agentId, queueId, cause, actor, ...rest } = row;
  return decodeEvent({
    ...rest,
    actor: actor as Actor,
    ...(clientId !== null && { clientId }),
    ...(contactId !== null && { contactId }),
    ...(segmentId !== null && { segmentId }),
    ...(legId !== null && { legId }),
    ...(agentId !== null && { agentId }),
    ...(queueId !== null && { queueId }),
    ...(cause !== null && { cause }),
  });
}
