import type { Destination, HouseEffect } from "@svara/conversation";
import type { AgentId, ClientId, LegId } from "@svara/kernel";
import type { Switch, SwitchEvent } from "@svara/telephony";
import type { CentreModel } from "./centre-model.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { Parking } from "./parking.ts";
import { dialledFeature } from "./phone-features.ts";
import type { SwitchWork } from "./switch-work.ts";

export interface PhoneTransfersDeps {
  readonly switch: Switch;
  readonly switchWork: SwitchWork;
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly parking: Parking;
  readonly model: () => CentreModel;
  readonly destination: (number: string, by: AgentId) => Destination | undefined;
  readonly mayPlace: (number: string, by: AgentId, clientId: ClientId) => boolean;
}

export type TransferSettled = Extract<HouseEffect, { type: "transfer.settled" }>;

type Asked = Extract<SwitchEvent, { type: "leg.transfer_asked" }>;

/** Who is at the other end of a contact that is to be joined to another. */
type FarParty =
  | { readonly kind: "agent"; readonly agentId: AgentId; readonly legId: LegId }
  | { readonly kind: "external"; readonly legId: LegId };

/**
 * What a desk phone asks by REFER. Blind: a transfer, or parking by the code for it. Attended: it completes the consultation,
 * where the other leg is that, or joins the two calls that the phone made by itself. Answers are SIP's words.
 */
export class PhoneTransfers {
  readonly #deps: PhoneTransfersDeps;
  /** Phones that wait for what becomes of a transfer between colleagues, by contact and who gave it. */
  readonly #waiting = new Map<string, LegId>();

  constructor(deps: PhoneTransfersDeps) {
    this.#deps = deps;
  }

  /** A colleague's call was given on, or was not: only now the phone that asked hears it. */
  settled({ contactId, agentId, done, cause }: TransferSettled): void {
    const key = `${contactId} ${agentId}`;
    const legId = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (legId) this.#answer(legId, done ? 200 : cause === "busy" ? 486 : 480);
  }

  asked({ legId, number, replacesLegId }: Asked): void {
    const contact = this.#deps.contacts.byLeg(legId);
    const agentId = contact?.view().agents.find((a) => a.legId === legId)?.agentId;
    if (!contact || !agentId) return this.#answer(legId, 403);
    const waits = contact.facts.direction === "internal" && replacesLegId === undefined;
    const key = `${contact.id} ${agentId}`;
    if (waits) this.#waiting.set(key, legId);
    const status = this.#decide(contact, agentId, number, replacesLegId);
    if (waits && status === 200) return; // told when it is settled
    this.#waiting.delete(key);
    this.#answer(legId, status);
  }

  #answer(legId: LegId, status: number): void {
    const { switchWork, switch: sw } = this.#deps;
    switchWork.send(() => (status === 200 ? sw.acceptTransfer(legId) : sw.refuseTransfer(legId, status)));
  }

  #decide(contact: LiveContact, agentId: AgentId, number: string, replaces: LegId | undefined): number {
    if (replaces === undefined) return this.#blind(contact, agentId, number);
    const other = this.#deps.contacts.byLeg(replaces);
    if (!other) return 481;
    if (other === contact) return contact.input({ type: "consult.complete", agentId }) ? 488 : 200;
    if (!other.handlerOf(agentId)) return 403;
    // the customer's contact goes on; the other one ends
    return hasCustomer(contact) || !hasCustomer(other)
      ? this.#join(contact, other, agentId)
      : this.#join(other, contact, agentId);
  }

  #blind(contact: LiveContact, agentId: AgentId, number: string): number {
    const { model, agents, destination, mayPlace } = this.#deps;
    const feature = dialledFeature(number, model().calling.featureCodes);
    if (feature?.feature === "park") return this.#park(contact, agentId);
    if (feature) return 403;
    const to = destination(number, agentId);
    if (!to) return 486;
    if (to.kind === "agent" && (to.agentId === agentId || !agents.isFree(to.agentId))) return 486;
    if (to.kind === "queue" && model().queues.get(to.queueId)?.clientId !== contact.clientId) return 403;
    if (to.kind === "number" && !mayPlace(to.number, agentId, contact.clientId)) return 403;
    return contact.input({ type: "transfer", agentId, to }) ? 488 : 200;
  }

  #park(contact: LiveContact, agentId: AgentId): number {
    const { parking, model } = this.#deps;
    try {
      parking.park(contact, undefined, () => {
        contact.input({ type: "park", agentId, timeoutMs: model().calling.parkLimitMs });
      });
      return 200;
    } catch {
      return 488;
    }
  }

  /** `goesOn` keeps its customer and gets the other contact's far party; where that still rings, it is a blind transfer. */
  #join(goesOn: LiveContact, ends: LiveContact, agentId: AgentId): number {
    if (goesOn.clientId !== ends.clientId && hasCustomer(ends)) return 403; // never across clients
    const ringing = ringingGoal(ends, agentId);
    if (ringing) {
      ends.input({ type: "hang_up", agentId });
      return goesOn.input({ type: "transfer", agentId, to: ringing }) ? 488 : 200;
    }
    const party = farParty(ends, agentId);
    if (!party) return 488;
    if (goesOn.input({ type: "merge.take", agentId, fromContactId: ends.id, party })) return 488;
    this.#deps.contacts.moveLeg(party.legId, ends, goesOn);
    ends.input({ type: "merge.give", agentId, legId: party.legId, toContactId: goesOn.id });
    return 200;
  }
}

function hasCustomer(contact: LiveContact): boolean {
  const { customer } = contact.view();
  return customer !== "none" && customer !== "gone";
}

/** Who is called in an internal contact and has not answered yet. */
function ringingGoal(contact: LiveContact, agentId: AgentId): Destination | undefined {
  const called = contact.view().agents.find((a) => a.agentId !== agentId && a.state === "ringing");
  if (called) return { kind: "agent", agentId: called.agentId };
  const { remoteNumber, direction } = contact.facts;
  if (direction === "outbound" && contact.view().customer === "dialing" && remoteNumber)
    return { kind: "number", number: remoteNumber };
  return undefined;
}

function farParty(contact: LiveContact, agentId: AgentId): FarParty | undefined {
  const colleague = contact
    .view()
    .agents.find((a) => a.agentId !== agentId && a.legId && a.state !== "wrap_up");
  if (colleague?.legId) return { kind: "agent", agentId: colleague.agentId, legId: colleague.legId };
  return contact.customerLegId && hasCustomer(contact)
    ? { kind: "external", legId: contact.customerLegId }
    : undefined;
}
