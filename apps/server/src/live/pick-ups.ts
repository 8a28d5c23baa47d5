import {
  type AgentId,
  type ClientId,
  type Ids,
  type Instant,
  type LegId,
  type OfferId,
  SvaraError,
} from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { CentreModel, Rights } from "./centre-model.ts";
import { itemOf } from "./item-id.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { ParkedCall, Parking } from "./parking.ts";
import { notNow } from "./refused.ts";
import type { RouterLink } from "./router-link.ts";

/** Who fetches a call: known by the session at the desk, by their own rights at a phone. */
export interface Fetcher {
  readonly agentId: AgentId;
  readonly rights: Rights;
}

/** A call that rings at a colleague. */
export interface RingingCall {
  readonly contact: LiveContact;
  readonly of: AgentId;
  readonly kind: "offer" | "direct";
  readonly since: Instant;
}

export interface PickUpsDeps {
  readonly ids: Ids;
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly parking: Parking;
  readonly link: () => RouterLink;
  readonly model: () => CentreModel;
  readonly append: (draft: LedgerDraft) => void;
  readonly now: () => Instant;
}

/** One's device answers by itself within this, or the call goes back to where it was. */
const FETCH_RING_MS = 15_000;

/** Calls that agents fetch by themselves: out of a slot, or from a colleague's telephone that rings. To be called in turn. */
export class PickUps {
  readonly #deps: PickUpsDeps;

  constructor(deps: PickUpsDeps) {
    this.#deps = deps;
  }

  /** Parked calls of the clients for whom the agent works. */
  parked(by: Fetcher): readonly ParkedCall[] {
    return this.#deps.parking.list().filter(({ contact }) => worksFor(by, contact.clientId));
  }

  /** Fetches a parked call; `legId` when a phone of theirs has called in for it. @throws SvaraError 404, 409 */
  fetch(by: Fetcher, slot: number, legId?: LegId): LiveContact {
    const parked = this.#deps.parking.at(slot);
    if (!parked || !worksFor(by, parked.contact.clientId)) throw gone(`nobody is parked in slot ${slot}`);
    this.#mustBeFree(by.agentId, legId);
    const { contact } = parked;
    this.#takeLeg(contact, legId);
    const refusal = contact.input({
      type: "pickup.parked",
      agentId: by.agentId,
      ...(legId ? { legId } : {}),
    });
    if (refusal) throw notNow(refusal);
    this.#phoneIs(contact, by.agentId, legId);
    return contact;
  }

  /** The calls that ring at colleagues and that this agent may take, the one that rings longest first. */
  ringing(by: Fetcher): readonly RingingCall[] {
    return this.#deps.contacts
      .all()
      .filter(({ facts, clientId }) => facts.direction === "internal" || worksFor(by, clientId)) // colleagues' calls are no client's
      .flatMap((contact) => this.#ringingIn(contact))
      .filter((call) => call.of !== by.agentId && this.#mayTake(by, call))
      .sort((a, b) => a.since - b.since);
  }

  /** Takes a call that rings at a colleague: the contact named, or the colleague's, or of all the one that rings longest. */
  pickUp(
    by: Fetcher,
    which: { readonly contactId?: string; readonly of?: AgentId },
    legId?: LegId,
  ): LiveContact {
    const call = this.ringing(by).find(
      ({ contact, of }) =>
        (which.contactId === undefined || contact.id === which.contactId) &&
        (which.of === undefined || of === which.of),
    );
    if (!call) throw gone("no call rings that you may take");
    this.#mustBeFree(by.agentId, legId);
    const { contact, of } = call;
    this.#takeLeg(contact, legId);
    if (call.kind === "offer") this.#takeOffer(contact, of, by.agentId, legId);
    else {
      const refusal = contact.input({
        type: "pickup",
        agentId: by.agentId,
        of,
        ...(legId ? { legId } : {}),
      });
      if (refusal) throw notNow(refusal);
    }
    this.#phoneIs(contact, by.agentId, legId);
    return contact;
  }

  #ringingIn(contact: LiveContact): RingingCall[] {
    return contact.view().agents.flatMap(({ agentId, state, since, contactId }) => {
      if (state !== "ringing" || contact.facts.callerAgentId === agentId) return [];
      const offered = contact.parts.get(agentId)?.offer !== undefined;
      // a consultation that waits in a queue is its own contact: its offers are the router's alone
      if (offered && (contactId !== contact.id || contact.facts.callback)) return [];
      return [{ contact, of: agentId, kind: offered ? ("offer" as const) : ("direct" as const), since }];
    });
  }

  /** A colleague of the same team, or whoever the right covers. */
  #mayTake(by: Fetcher, { contact, of }: RingingCall): boolean {
    const { agents } = this.#deps.model();
    const colleague = agents.get(of);
    const teamId = agents.get(by.agentId)?.teamId ?? null;
    if (!colleague) return false;
    if (teamId !== null && colleague.teamId === teamId) return true;
    return by.rights.covers("desk.pick_up", {
      teamId: colleague.teamId,
      siteId: colleague.siteId,
      ...(contact.facts.direction === "internal" ? {} : { clientId: contact.clientId }),
      ...(contact.queueId ? { queueId: contact.queueId } : {}),
    });
  }

  /**
   * An offer of the router: it hears that the item is in other hands, which takes the offer back without blame; then the
   * device of who fetches it is rung in its place.
   */
  #takeOffer(contact: LiveContact, of: AgentId, agentId: AgentId, legId: LegId | undefined): void {
    const { link, ids, append, now, contacts, agents } = this.#deps;
    const itemId = itemOf(contact.id);
    const part = contacts.part(contact, agentId, contact.id);
    part.fetchedOffer = true;
    const offerId = ids.next() as OfferId;
    append({
      type: "call.picked_up",
      at: now(),
      clientId: contact.clientId,
      contactId: contact.id,
      agentId,
      payload: { fromAgentId: of },
    });
    const queueId = contact.queueId;
    link().handle({
      type: "item.assigned",
      itemId,
      agentId,
      medium: "voice",
      phase: "ringing",
      ...(queueId ? { queueId } : {}),
    });
    const theirs = contact.parts.get(of)?.offer;
    if (theirs) contact.input({ type: "offer.withdrawn", offerId: theirs.offerId, reason: "queue_left" });
    contact.input({
      type: "offer.made",
      offerId,
      contactId: contact.id,
      agentId,
      ringTimeoutMs: FETCH_RING_MS,
      autoAnswer: true,
      ...(legId ? { legId } : {}),
    });
    agents.changed.emit(agentId);
  }

  #mustBeFree(agentId: AgentId, legId: LegId | undefined): void {
    const { link, agents } = this.#deps;
    const view = link().router.agent(agentId);
    if (!view?.loggedIn && !legId)
      throw new SvaraError("log in at the desk first", { code: "not_logged_in", httpStatus: 409 });
    if (!legId && !agents.agent(agentId).reachable)
      throw new SvaraError("your device is not connected", { code: "device_unreachable", httpStatus: 409 });
    if (view?.handlings.some((h) => h.medium === "voice" && h.phase !== "wrap_up"))
      throw notNow("wrong_state");
  }

  #takeLeg(contact: LiveContact, legId: LegId | undefined): void {
    if (legId) this.#deps.contacts.addLeg(contact, legId);
  }

  /** The phone that called in is the agent's from now. */
  #phoneIs(contact: LiveContact, agentId: AgentId, legId: LegId | undefined): void {
    const part = contact.parts.get(agentId);
    if (part && legId) part.legId = legId;
  }
}

function worksFor({ rights }: Fetcher, clientId: ClientId): boolean {
  const clients = rights.clientsOf("desk.use");
  return clients === "all" || clients.includes(clientId);
}

function gone(message: string): SvaraError {
  return new SvaraError(message, { code: "not_found", httpStatus: 404 });
}
