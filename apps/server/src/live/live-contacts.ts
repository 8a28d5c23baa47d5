import type { AgentId, ContactId, EndpointId, LegId } from "@svara/kernel";
import type { ItemId } from "@svara/routing";
import type { AgentPart } from "./contact-facts.ts";
import { contactOf, itemOf } from "./item-id.ts";
import type { LiveContact } from "./live-contact.ts";

/** The contacts that are going on, found by their ids, their legs, what they play, and who has them in hand. */
export class LiveContacts {
  readonly #live = new Set<LiveContact>();
  /** By id, and by the id of a consultation's own contact. */
  readonly #byId = new Map<ContactId, LiveContact>();
  readonly #byLeg = new Map<LegId, LiveContact>();
  /** The devices that were called, by their leg: whoever comes to a contact later keeps theirs. */
  readonly #devices = new Map<LegId, EndpointId>();
  readonly #byPlayback = new Map<string, LiveContact>();
  /** The router's items that go under another id than their contact: call-backs. */
  readonly #byItem = new Map<ItemId, LiveContact>();
  readonly #hands = new Map<AgentId, Set<LiveContact>>();

  get size(): number {
    return this.#live.size;
  }

  all(): LiveContact[] {
    return [...this.#live];
  }

  /** Takes a new contact in; `legId` is the leg that began it. */
  add(contact: LiveContact, legId?: LegId): void {
    this.#live.add(contact);
    this.addId(contact, contact.id);
    if (legId) this.addLeg(contact, legId);
  }

  addId(contact: LiveContact, contactId: ContactId): void {
    this.#byId.set(contactId, contact);
    contact.contactIds.add(contactId);
  }

  addLeg(contact: LiveContact, legId: LegId): void {
    this.#byLeg.set(legId, contact);
    contact.legIds.add(legId);
  }

  /** The leg, which a contact has, is a call to this device. */
  setDevice(legId: LegId, endpointId: EndpointId): void {
    this.#devices.set(legId, endpointId);
  }

  deviceOf(legId: LegId): EndpointId | undefined {
    return this.#devices.get(legId);
  }

  /** The leg goes on in another contact: what the switch tells of it is told there. */
  moveLeg(legId: LegId, from: LiveContact, to: LiveContact): void {
    from.legIds.delete(legId);
    this.addLeg(to, legId);
  }

  addPlayback(contact: LiveContact, playbackId: string): void {
    this.#byPlayback.set(playbackId, contact);
    contact.playbackIds.add(playbackId);
  }

  /** The contact, or the one whose consultation has this id. */
  byId(contactId: ContactId): LiveContact | undefined {
    return this.#byId.get(contactId);
  }

  /** Lets the router's item mean this contact from now, until it is removed. */
  bindItem(itemId: ItemId, contact: LiveContact): void {
    this.#byItem.set(itemId, contact);
  }

  /**
   * The contact that the router's item means, and the id under which it is that contact or a consultation of it. With an
   * agent: the one in which they have it in hand, for who handled it before a call-back may still wrap up.
   */
  ofItem(
    itemId: ItemId,
    agentId?: AgentId,
  ): { readonly contact: LiveContact; readonly contactId: ContactId } | undefined {
    const bound = this.#byItem.get(itemId);
    const isMeant = agentId === undefined || bound?.parts.get(agentId)?.itemId === itemId;
    if (bound && isMeant) return { contact: bound, contactId: bound.id };
    const contactId = contactOf(itemId);
    const contact = this.#byId.get(contactId);
    return contact && { contact, contactId };
  }

  /** How the router knows an agent's part in the contact. */
  itemFor(contact: LiveContact, agentId: AgentId, contactId: ContactId): ItemId {
    const part = contact.parts.get(agentId);
    return (part?.asContact === contactId ? part.itemId : undefined) ?? itemOf(contactId);
  }

  byLeg(legId: LegId): LiveContact | undefined {
    return this.#byLeg.get(legId);
  }

  /** A playback of a flow is over: whose it was. */
  takePlayback(playbackId: string): LiveContact | undefined {
    const contact = this.#byPlayback.get(playbackId);
    this.#byPlayback.delete(playbackId);
    contact?.playbackIds.delete(playbackId);
    return contact;
  }

  /** The contacts in an agent's hands, in the order in which they came. */
  ofAgent(agentId: AgentId): LiveContact[] {
    return [...(this.#hands.get(agentId) ?? [])];
  }

  /** The agent's part in the contact, made when they have none. */
  part(contact: LiveContact, agentId: AgentId, asContact: ContactId): AgentPart {
    const known = contact.parts.get(agentId);
    if (known) return known;
    const part: AgentPart = { asContact };
    if (!this.#live.has(contact)) return part; // too late to be in anybody's hands
    contact.parts.set(agentId, part);
    const hand = this.#hands.get(agentId) ?? new Set();
    this.#hands.set(agentId, hand.add(contact));
    return part;
  }

  /** Takes the contact out of the agent's hands, unless its conversation still has them (a consultation become a transfer). */
  letGo(contact: LiveContact, agentId: AgentId): boolean {
    if (contact.handlerOf(agentId)) return false;
    contact.parts.delete(agentId);
    const hand = this.#hands.get(agentId);
    hand?.delete(contact);
    if (hand?.size === 0) this.#hands.delete(agentId);
    return true;
  }

  /** The contact is closed. Returns who had it in hand. */
  remove(contact: LiveContact): AgentId[] {
    this.#live.delete(contact);
    for (const id of contact.contactIds) this.#byId.delete(id);
    for (const [itemId, bound] of this.#byItem) if (bound === contact) this.#byItem.delete(itemId);
    for (const id of contact.legIds) {
      this.#byLeg.delete(id);
      this.#devices.delete(id);
    }
    for (const id of contact.playbackIds) this.#byPlayback.delete(id);
    const agents = [...contact.parts.keys()];
    for (const agentId of agents) this.letGo(contact, agentId);
    return agents;
  }
}
