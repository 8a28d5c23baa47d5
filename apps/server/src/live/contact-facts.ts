import type { Language } from "@svara/flows";
import type { AgentId, ClientId, ContactId, EndpointId, Instant, LegId, QueueId } from "@svara/kernel";
import type { ItemId } from "@svara/routing";
import type { ModelEntryPoint } from "./centre-model.ts";

/** What is known of a contact when it begins; the numbers are personal data and stay in memory and erasable rows. */
export interface ContactFacts {
  readonly contactId: ContactId;
  readonly clientId: ClientId;
  readonly direction: "inbound" | "outbound" | "internal";
  readonly startedAt: Instant;
  readonly entryPoint?: ModelEntryPoint;
  readonly language: Language;
  readonly remoteNumber?: string;
  readonly remoteName?: string;
  readonly calledNumber?: string;
  /** The id of the number that was dialled. */
  readonly numberId?: string;
  /** Of a call-back: the contact in which it was asked for, and the queue in which it waits. */
  readonly callback?: { readonly of: ContactId; readonly queueId: QueueId; readonly attempt: number };
  readonly record: boolean;
  readonly fallbackQueueId?: QueueId;
  readonly callerId?: string;
  readonly switchId: string;
  /** The agent who makes the call; their own leg is answered by itself. */
  readonly callerAgentId?: AgentId;
  /** Of a call to an agent's own number: whose it is. */
  readonly directTo?: AgentId;
  /** How long an agent rings who is called directly. */
  readonly ringTimeoutMs?: number;
  /** How long an agent whose browser is gone may take to come back. */
  readonly reattachGraceMs?: number;
}

/** What happens between an agent and a contact that only the desk cares for. */
export interface AgentPart {
  offer?: { offerId: string; expiresAt: Instant };
  muted?: boolean;
  answeredAt?: Instant;
  wrapUp?: { startedAt: Instant; limitAt?: Instant };
  legId?: LegId;
  /** The device that was called, or that called. */
  endpointId?: EndpointId;
  /** Called directly, without an offer, and not yet there: the router holds them free for this contact. */
  reservedFor?: ContactId;
  /** How often they were fetched back after a loss. */
  fetched?: number;
  /** The contact that they have a part in: this one, or a consultation's own. */
  asContact: ContactId;
  /** The router's item, where it is not called as the contact: of a call-back that of the contact in which it was asked for. */
  itemId?: ItemId;
  /** The device answers by itself. */
  autoAnswer?: boolean;
  /** They took the offer from a colleague: the router has it in their hands before the answer. */
  fetchedOffer?: boolean;
  /** Another device of theirs that rings, and takes over with its answer. */
  moving?: { readonly legId: LegId; readonly endpointId?: EndpointId };
  /** Asked for wrap-up where it comes only on demand. */
  wantsWrapUp?: boolean;
}
