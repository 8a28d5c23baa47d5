import type { FlowWorld } from "@svara/flows";
import {
  type AgentId,
  type ClientId,
  type ContactId,
  type Ids,
  type LegId,
  SvaraError,
  type TrunkId,
} from "@svara/kernel";
import type { LedgerDraft, PayloadOf } from "@svara/ledger";
import type { HangupCause, Party, Switch, SwitchEvent } from "@svara/telephony";
import type { AgentPhone } from "./agent-phone.ts";
import type { CallGate, CallRefusal, PlannedCall, Verdict } from "./call-gate.ts";
import type { PendingCallback } from "./callbacks.ts";
import type { CentreModel, ModelEntryPoint, ModelNumber } from "./centre-model.ts";
import type { ContactFacts } from "./contact-facts.ts";
import type { ContactRows } from "./contact-rows.ts";
import { defaultQueueOf, languageOf } from "./direct-arrivals.ts";
import { type DirectGoal, type DirectTarget, type DirectWorld, directGoal } from "./direct-calls.ts";
import type { HelpCalls } from "./help-calls.ts";
import type { LiveAgents } from "./live-agents.ts";
import { type ContactPort, LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import type { ContactBegun } from "./live-store.ts";
import { dialledFeature } from "./phone-features.ts";
import { readIncoming } from "./read-incoming.ts";
import type { SwitchWork } from "./switch-work.ts";
import type { WorkLoop } from "./work-loop.ts";

export interface NewCallsDeps {
  readonly loop: WorkLoop;
  readonly ids: Ids;
  readonly switch: Switch;
  readonly switchWork: SwitchWork;
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly gate: CallGate;
  readonly rows: ContactRows;
  readonly port: ContactPort;
  readonly model: () => CentreModel;
  readonly append: (draft: LedgerDraft) => void;
  /** The contact's row is written, and the customer known if there is one. */
  readonly registered: (contact: LiveContact) => void;
  readonly worldOf: (contactId: ContactId) => FlowWorld;
  /** Where direct calls to an agent go. */
  readonly direct: DirectWorld;
  /** What agents ask by dialling a code. */
  readonly phone: () => AgentPhone;
  readonly help: HelpCalls;
  readonly reattachGraceMs?: number;
  readonly warn: (message: string, detail: object) => void;
}

type Incoming = Extract<SwitchEvent, { type: "leg.incoming" }>;
/** The leg of a phone that called in. */
type PhoneLeg = { readonly legId: LegId; readonly party: Party };
type BlockReason = PayloadOf<"call.blocked">["reason"];

/** What a phone of ours may dial; the gate says more. */
const DIALLED = /^\+?[0-9]{3,20}$/;

/** How contacts begin: customers who call in, agents who call out or call each other, from the desk or from a phone. */
export class NewCalls {
  readonly #deps: NewCallsDeps;

  constructor(deps: NewCallsDeps) {
    this.#deps = deps;
  }

  /** An agent calls a number outside; `phone` when a phone of theirs has called in for it; `callerId`: the number to show. */
  dial(
    agentId: AgentId,
    number: string,
    clientId: ClientId,
    more: { readonly phone?: PhoneLeg | undefined; readonly callerId?: string | undefined } = {},
  ): ContactId {
    const { phone, callerId } = more;
    const contact = this.#contact({
      clientId,
      direction: "outbound",
      remoteNumber: number,
      callerAgentId: agentId,
      ...(callerId === undefined ? {} : { callerId }),
      ...this.#clientFacts(clientId),
    });
    this.#begin(contact, "agent", phone?.legId);
    contact.input({
      type: "start.outbound",
      agentId,
      to: { kind: "number", number },
      ...(phone ? { legId: phone.legId } : {}),
    });
    this.#fromPhone(contact, agentId, phone);
    return contact.id;
  }

  /** An agent calls a colleague, whose diversions are followed. Why it cannot be is returned. */
  callColleague(
    agentId: AgentId,
    colleague: AgentId,
    phone?: PhoneLeg,
  ): ContactId | "busy" | "unreachable" | "same_agent" {
    const goal = directGoal(this.#deps.direct, colleague);
    switch (goal.kind) {
      case "ring":
        if (goal.agentId === agentId) return "same_agent";
        return this.#ringColleague(agentId, goal, goal.agentId, phone);
      case "refused":
        return goal.why === "unreachable" ? "unreachable" : "busy";
      case "away":
        if (goal.to.kind !== "number" || !this.mayPlace({ number: goal.to.number, begins: true }).allowed)
          return "busy";
        return this.#ringColleague(agentId, goal, colleague, phone);
    }
  }

  #ringColleague(
    agentId: AgentId,
    goal: Exclude<DirectGoal, { kind: "refused" }>,
    toAgentId: AgentId,
    phone: PhoneLeg | undefined,
  ): ContactId {
    const { model } = this.#deps;
    const clientId = this.anyClient();
    const caller = model().agents.get(agentId);
    const contact = this.#contact({
      clientId,
      direction: "internal",
      callerAgentId: agentId,
      remoteName: caller?.name ?? "",
      ...(caller?.extension ? { remoteNumber: caller.extension } : {}),
      ...this.#clientFacts(clientId),
      record: false,
    });
    contact.via = goal.via;
    this.#begin(contact, "agent", phone?.legId);
    contact.input({
      type: "start.internal",
      agentId,
      toAgentId,
      ...(model().agents.get(toAgentId)?.autoAnswer ? { autoAnswer: true } : {}),
      ...(goal.kind === "away" && goal.to.kind === "number" ? { diverted: goal.to } : {}),
      ...(phone ? { legId: phone.legId } : {}),
    });
    this.#fromPhone(contact, agentId, phone);
    return contact.id;
  }

  /** A customer who asked for it is called back; the offer that follows rings the agent. */
  callBack(callback: PendingCallback, attempt: number): LiveContact {
    const { contactId, clientId, queueId, remoteNumber, remoteName, language } = callback;
    const contact = this.#contact({
      clientId,
      direction: "outbound",
      remoteNumber,
      ...(remoteName === undefined ? {} : { remoteName }),
      callback: { of: contactId, queueId, attempt },
      fallbackQueueId: queueId,
      ...this.#clientFacts(clientId),
      language,
    });
    this.#begin(contact, "callback", undefined);
    return contact;
  }

  /** Whether this number could be called now. */
  mayPlace(call: PlannedCall): Verdict {
    return this.#deps.gate.placeCall(call);
  }

  /** A call reached the switch. */
  incoming(sent: Incoming): void {
    const { agents, model } = this.#deps;
    const event = this.#read(sent);
    const { party, calledNumber } = event;
    if (party.kind === "trunk" && this.#isFull(party.trunkId))
      return this.#refuse(event, "lines_full", "congestion");
    const agentId = party.kind === "endpoint" ? agents.callerAt(party.endpointId) : undefined;
    if (party.kind === "endpoint" && this.#callsForHelp(event, agentId)) return;
    const number = this.#numberOf(calledNumber);
    const entryPoint = this.#entryPointOf(number);
    if (number && entryPoint) return this.#customerArrives(event, number, entryPoint);
    if (agentId && model().agents.has(agentId)) return this.#agentDials(event, agentId);
    if (number?.agentId && model().agents.has(number.agentId))
      return this.#directArrives(event, number, number.agentId);
    this.#refuse(event, "unknown_number", "not_found");
  }

  /** The numbers as the carrier means them; one of ours that is dialled as it stands stays as it is. */
  #read(event: Incoming): Incoming {
    const { party, calledNumber, callerNumber } = event;
    const trunk = party.kind === "trunk" ? this.#deps.model().trunks.get(party.trunkId) : undefined;
    if (!trunk) return event;
    return {
      ...event,
      calledNumber: this.#numberOf(calledNumber) ? calledNumber : readIncoming(calledNumber, trunk),
      ...(callerNumber === undefined ? {} : { callerNumber: readIncoming(callerNumber, trunk) }),
    };
  }

  /** The call that has just come is one too many. */
  #isFull(trunkId: TrunkId): boolean {
    const { model, switch: sw } = this.#deps;
    const calls = sw.figures().legsByTrunk.get(trunkId) ?? 0;
    return calls > (model().trunks.get(trunkId)?.maxCalls ?? Number.POSITIVE_INFINITY);
  }

  /** What dialled digits mean as the goal of a transfer: a colleague, one of our numbers, or the world outside. */
  destination(number: string): DirectTarget {
    const colleague = this.colleagueAt(number);
    if (colleague) return { kind: "agent", agentId: colleague };
    const entryPoint = this.#entryPointOf(this.#numberOf(number));
    if (entryPoint) return { kind: "queue", queueId: entryPoint.form.queueId };
    return { kind: "number", number };
  }

  anyClient(): ClientId {
    const client = this.#deps.model().clients.keys().next().value;
    if (client === undefined)
      throw new SvaraError("there is no client yet", { code: "no_client", httpStatus: 409 });
    return client;
  }

  /** A phone of an agent calls out, by itself: there is no desk to say why not, so the refusal is the answer. */
  #agentDials(event: Incoming, agentId: AgentId): void {
    const { model, phone } = this.#deps;
    const { legId, calledNumber } = event;
    const feature = dialledFeature(calledNumber, model().calling.featureCodes);
    if (feature) return phone().dialled(agentId, legId, feature);
    const colleague = this.colleagueAt(calledNumber);
    if (colleague) {
      const begun = this.callColleague(agentId, colleague, event);
      if (begun === "unreachable") this.#turnAway(legId, "unavailable");
      else if (begun === "busy" || begun === "same_agent") this.#turnAway(legId, "busy");
      return;
    }
    if (!DIALLED.test(calledNumber)) return this.#refuse(event, "unknown_number", "not_found");
    const clientId = this.clientDialledFor(agentId);
    if (clientId === undefined) return this.#refuse(event, "no_right", "forbidden");
    const call = { number: calledNumber, begins: true, clientId, agentId, asked: true };
    const verdict = this.mayPlace(call);
    if (!verdict.allowed) {
      this.#deps.gate.turnedAway(call, verdict.destination);
      return this.#refuse(event, verdict.reason, refusalWord(verdict.reason));
    }
    this.dial(agentId, calledNumber, clientId, { phone: event });
  }

  /** A phone of ours dials for help: before all else, and whoever works there. False: it does not. */
  #callsForHelp(event: Incoming, agentId: AgentId | undefined): boolean {
    const { agents, contacts, gate, help, model } = this.#deps;
    const { calledNumber } = event;
    const clientId = (agentId && this.clientDialledFor(agentId)) ?? model().clients.keys().next().value;
    if (clientId === undefined || gate.destination(calledNumber, clientId)?.kind !== "emergency")
      return false;
    const works =
      agentId !== undefined &&
      model().agents.has(agentId) &&
      agents.loggedIn().some((agent) => agent.agentId === agentId) &&
      contacts.ofAgent(agentId).length === 0;
    if (works && this.mayPlace({ number: calledNumber, clientId }).allowed)
      this.dial(agentId, calledNumber, clientId, { phone: event });
    else if (!help.begin(event, clientId)) this.#refuse(event, "no_lines", "not_found");
    return true;
  }

  /** For whom an agent calls from a phone: the first of the clients for whom they may call out; undefined: for none. */
  clientDialledFor(agentId: AgentId): ClientId | undefined {
    const { agents, clients } = this.#deps.model();
    const rights = agents.get(agentId)?.rights;
    if (!rights?.has("desk.dial_out")) return undefined;
    const mine = rights.clientsOf("desk.dial_out");
    return [...clients.keys()].find((id) => mine === "all" || mine.includes(id));
  }

  /** A customer dialled an agent's own number. */
  #directArrives(event: Incoming, number: ModelNumber, agentId: AgentId): void {
    const { model } = this.#deps;
    const { legId, party, callerNumber, callerName, calledNumber } = event;
    const queueId = defaultQueueOf(model(), number.clientId);
    const contact = this.#contact({
      clientId: number.clientId,
      direction: "inbound",
      directTo: agentId,
      calledNumber,
      numberId: number.id,
      ...(queueId ? { fallbackQueueId: queueId } : {}),
      ...(callerNumber ? { remoteNumber: callerNumber } : {}),
      ...(callerName ? { remoteName: callerName } : {}),
      ...this.#clientFacts(number.clientId),
      language: languageOf(model(), number.clientId),
    });
    contact.customerLegId = legId;
    this.#begin(contact, "customer", legId);
    contact.input({
      type: "start.inbound",
      legId,
      ...divertedFrom(event),
      ...(party.kind === "trunk" ? { trunkId: party.trunkId } : { endpointId: party.endpointId }),
    });
  }

  #customerArrives(event: Incoming, number: ModelNumber, entryPoint: ModelEntryPoint): void {
    const { legId, party, callerNumber, callerName, calledNumber } = event;
    const contact = this.#contact({
      clientId: number.clientId,
      direction: "inbound",
      entryPoint,
      calledNumber,
      numberId: number.id,
      fallbackQueueId: entryPoint.form.queueId,
      ...(callerNumber ? { remoteNumber: callerNumber } : {}),
      ...(callerName ? { remoteName: callerName } : {}),
      ...this.#clientFacts(number.clientId),
      language: entryPoint.form.language,
    });
    contact.customerLegId = legId;
    this.#begin(contact, "customer", legId);
    contact.input({
      type: "start.inbound",
      legId,
      entryPointId: entryPoint.id,
      ...divertedFrom(event),
      ...(party.kind === "trunk" ? { trunkId: party.trunkId } : { endpointId: party.endpointId }),
    });
  }

  #begin(contact: LiveContact, origin: ContactBegun["origin"], legId: LegId | undefined): void {
    const { contacts, rows, loop, port, append, registered } = this.#deps;
    contacts.add(contact, legId);
    rows.begin(contact, origin, (row) =>
      loop.run(() => {
        const { customer } = row;
        if (customer) {
          append({
            type: "contact.classified",
            at: loop.now(),
            clientId: contact.clientId,
            contactId: contact.id,
            payload: { customerId: customer.id, by: "caller_id" },
          });
        }
        contact.registered(row);
        registered(contact);
        port.changed(contact);
      }),
    );
  }

  /** The phone that called in is the agent's leg. */
  #fromPhone(contact: LiveContact, agentId: AgentId, phone: PhoneLeg | undefined): void {
    if (!phone) return;
    const part = this.#deps.contacts.part(contact, agentId, contact.id);
    part.legId = phone.legId;
    if (phone.party.kind === "endpoint") part.endpointId = phone.party.endpointId;
  }

  #contact(facts: Omit<ContactFacts, "contactId" | "startedAt" | "switchId">): LiveContact {
    const { ids, loop, switch: sw, worldOf, port, reattachGraceMs } = this.#deps;
    const contactId = ids.next() as ContactId;
    return new LiveContact(
      {
        ...facts,
        contactId,
        startedAt: loop.now(),
        switchId: sw.switchId,
        ...(reattachGraceMs === undefined ? {} : { reattachGraceMs }),
      },
      { clock: loop, ids, flowWorld: worldOf(contactId), port },
    );
  }

  #clientFacts(clientId: ClientId): Pick<ContactFacts, "record" | "language" | "ringTimeoutMs"> {
    const { clients, calling } = this.#deps.model();
    return {
      record: clients.get(clientId)?.recordCalls ?? true,
      language: "en",
      ringTimeoutMs: calling.directRingMs,
    };
  }

  /** One of our numbers, dialled with or without the plus. */
  #numberOf(dialled: string): ModelNumber | undefined {
    const { numbers } = this.#deps.model();
    return numbers.get(dialled) ?? numbers.get(dialled.startsWith("+") ? dialled.slice(1) : `+${dialled}`);
  }

  #entryPointOf(number: ModelNumber | undefined): ModelEntryPoint | undefined {
    return number?.entryPointId ? this.#deps.model().entryPoints.get(number.entryPointId) : undefined;
  }

  /** The agent with this extension, or whose own number it is. */
  colleagueAt(dialled: string): AgentId | undefined {
    const { agents } = this.#deps.model();
    const own = this.#numberOf(dialled)?.agentId;
    return (
      [...agents.values()].find((a) => a.extension === dialled)?.id ?? (own ? agents.get(own)?.id : undefined)
    );
  }

  #refuse(event: Incoming, reason: BlockReason, cause: HangupCause): void {
    const { append, loop } = this.#deps;
    const { party, legId } = event;
    append({
      type: "call.blocked",
      at: loop.now(),
      payload: {
        reason,
        direction: "inbound",
        ...(party.kind === "trunk" ? { trunkId: party.trunkId } : {}),
      },
    });
    this.#turnAway(legId, cause);
  }

  #turnAway(legId: LegId, cause: HangupCause): void {
    this.#deps.switchWork.send(() => this.#deps.switch.hangup(legId, cause));
  }
}

/** What a phone is told that dialled it: it has no screen to say more. */
function refusalWord(reason: CallRefusal): HangupCause {
  switch (reason) {
    case "no_lines":
    case "malformed":
      return "not_found"; // from here it leads nowhere
    case "draining":
      return "unavailable";
    case "lines_full":
    case "trunk_per_day":
    case "client_at_once":
    case "client_abroad_per_day":
      return "congestion";
    default:
      return "forbidden";
  }
}

/** The reasons of RFC 5806; what a carrier makes up beside them is no word for the ledger. */
const REASONS: ReadonlySet<string> = new Set([
  "unknown",
  "user-busy",
  "no-answer",
  "unavailable",
  "unconditional",
  "time-of-day",
  "do-not-disturb",
  "deflection",
  "follow-me",
  "out-of-service",
  "away",
]);

/** That the call was meant for somebody else: the reason; the number stays out of the ledger. */
function divertedFrom(event: Incoming): { divertedFrom?: { reason: string } } {
  const reason = event.divertedFrom?.reason;
  if (reason === undefined) return {};
  return { divertedFrom: { reason: REASONS.has(reason) ? reason : "unknown" } };
}
