import type { MonitorMode, Permission } from "@svara/contracts";
import { type AgentId, type LegId, SvaraError } from "@svara/kernel";
import type { CentreModel, Place, Rights } from "./centre-model.ts";
import type { LiveAgents } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveContacts } from "./live-contacts.ts";
import { notNow } from "./refused.ts";

/** Who monitors: known by the session, or at a phone by their own rights. */
export interface Supervisor {
  readonly agentId: AgentId;
  readonly rights: Rights;
  /** Where they ask from, for the audit. */
  readonly address?: string;
}

/** A supervisor at an agent's call, with where it goes on. */
export interface RunningMonitor {
  readonly id: string;
  readonly contact: LiveContact;
  readonly agentId: AgentId;
  readonly supervisorId: AgentId;
  readonly mode: MonitorMode;
  readonly state: "ringing" | "on";
  readonly since: number;
}

export interface MonitoringDeps {
  readonly contacts: LiveContacts;
  readonly agents: LiveAgents;
  readonly model: () => CentreModel;
  /** Notes that somebody used the right; the audit is written beside the call. */
  readonly audit: (note: MonitorNote) => void;
}

/** For the audit. */
export interface MonitorNote {
  readonly action: "call_listened" | "call_whispered" | "call_barged" | "call_taken_over";
  readonly userId: string;
  readonly clientId: string;
  /** The contact. */
  readonly subjectId: string;
  readonly address?: string;
}

const RIGHT: Readonly<Record<MonitorMode, Permission>> = {
  listen: "monitor.listen",
  whisper: "monitor.whisper",
  barge: "monitor.barge",
};

const ACTION: Readonly<Record<MonitorMode, MonitorNote["action"]>> = {
  listen: "call_listened",
  whisper: "call_whispered",
  barge: "call_barged",
};

/** An agent in one of these can be listened to. */
const IN_CALL: ReadonlySet<string> = new Set(["talking", "held", "consulting", "conferenced", "parked"]);

/** Supervisors in agents' calls. To be called in turn with all live work; what may not be throws a SvaraError. */
export class Monitoring {
  readonly #deps: MonitoringDeps;
  /** Who is to take over as soon as their own leg is answered, and by which monitoring: another one is not meant. */
  readonly #takingOver = new Map<AgentId, string>();

  constructor(deps: MonitoringDeps) {
    this.#deps = deps;
  }

  /** What runs and `rights` would let one listen to. */
  list(rights: Rights): readonly RunningMonitor[] {
    return this.all().filter(({ contact, agentId }) =>
      rights.covers("monitor.listen", this.#placeOf(contact, agentId)),
    );
  }

  all(): readonly RunningMonitor[] {
    return this.#deps.contacts.all().flatMap((contact) => this.of(contact));
  }

  of(contact: LiveContact): readonly RunningMonitor[] {
    return contact.view().monitors.map(({ monitorId, ...monitor }) => ({
      id: monitorId,
      contact,
      ...monitor,
      state: monitor.state === "ringing" ? ("ringing" as const) : ("on" as const),
    }));
  }

  /** Whether the agent is in a call as supervisor. */
  isMonitoring(agentId: AgentId): boolean {
    return this.all().some(({ supervisorId }) => supervisorId === agentId);
  }

  /** The agent in whose call the supervisor would be: the one named, else who has the customer. */
  start(
    by: Supervisor,
    call: { readonly contactId: string; readonly agentId?: AgentId | undefined; readonly mode: MonitorMode },
    legId?: LegId,
  ): RunningMonitor {
    const contact = this.#deps.contacts.byId(call.contactId);
    const agentId = contact && this.#agentIn(contact, call.agentId);
    if (!contact || !agentId) throw unknown("call");
    const place = this.#placeOf(contact, agentId);
    // who may not listen there is not told that there is a call
    if (!by.rights.covers("floor.view", place) && !by.rights.covers(RIGHT[call.mode], place))
      throw unknown("call");
    this.#mustMay(by, call.mode, contact, agentId);
    if (by.agentId === agentId) throw notNow("same_agent");
    this.#mustBeReachable(by, legId);
    if (legId) this.#deps.contacts.addLeg(contact, legId);
    const refusal = contact.input({
      type: "monitor.start",
      supervisorId: by.agentId,
      agentId,
      mode: call.mode,
      ...(legId ? { legId } : {}),
    });
    if (refusal) throw notNow(refusal);
    this.#note(by, ACTION[call.mode], contact);
    return this.#mine(by, (monitor) => monitor.contact === contact);
  }

  change(by: Supervisor, id: string, mode: MonitorMode): RunningMonitor {
    const { contact, agentId } = this.#mine(by, (monitor) => monitor.id === id);
    this.#mustMay(by, mode, contact, agentId);
    const refusal = contact.input({ type: "monitor.mode", supervisorId: by.agentId, mode });
    if (refusal) throw notNow(refusal);
    this.#note(by, ACTION[mode], contact);
    return this.#mine(by, (monitor) => monitor.id === id);
  }

  stop(by: Supervisor, id: string): void {
    const { contact } = this.#mine(by, (monitor) => monitor.id === id);
    const refusal = contact.input({ type: "monitor.stop", supervisorId: by.agentId });
    if (refusal) throw notNow(refusal);
  }

  /** The supervisor has the customer from now; where their device still rings, from its answer on. */
  takeOver(by: Supervisor, id: string): LiveContact {
    const { contact, agentId, state } = this.#mine(by, (monitor) => monitor.id === id);
    this.#mustHave(by, "monitor.take_over", contact, agentId);
    if (state === "ringing") this.#takingOver.set(by.agentId, id);
    else this.#takeOver(contact, by.agentId);
    this.#note(by, "call_taken_over", contact);
    return contact;
  }

  /** A leg of this contact was answered: somebody who waited for it takes over. */
  answered(contact: LiveContact): void {
    if (this.#takingOver.size === 0) return;
    for (const { id, supervisorId, state } of this.of(contact)) {
      if (state !== "on" || this.#takingOver.get(supervisorId) !== id) continue;
      this.#takingOver.delete(supervisorId);
      contact.input({ type: "take_over", supervisorId });
    }
  }

  /** A supervisor has left a call. */
  ended(supervisorId: AgentId): void {
    this.#takingOver.delete(supervisorId);
  }

  #takeOver(contact: LiveContact, supervisorId: AgentId): void {
    const refusal = contact.input({ type: "take_over", supervisorId });
    if (refusal) throw notNow(refusal);
  }

  /** Whose call it is: never that of somebody who is not in it. */
  #agentIn(contact: LiveContact, wanted: AgentId | undefined): AgentId | undefined {
    const inCall = contact.view().agents.filter(({ state }) => IN_CALL.has(state));
    const found = wanted === undefined ? inCall[0] : inCall.find(({ agentId }) => agentId === wanted);
    return found?.agentId;
  }

  #mine(by: Supervisor, is: (monitor: RunningMonitor) => boolean): RunningMonitor {
    const found = this.all().find((monitor) => monitor.supervisorId === by.agentId && is(monitor));
    if (!found) throw unknown("monitor");
    return found;
  }

  #mustMay(by: Supervisor, mode: MonitorMode, contact: LiveContact, agentId: AgentId): void {
    this.#mustHave(by, RIGHT[mode], contact, agentId);
  }

  #mustHave(by: Supervisor, permission: Permission, contact: LiveContact, agentId: AgentId): void {
    if (by.rights.covers(permission, this.#placeOf(contact, agentId))) return;
    throw new SvaraError(`you need the right ${permission} for this call`, {
      code: "forbidden",
      httpStatus: 403,
    });
  }

  #mustBeReachable(by: Supervisor, legId: LegId | undefined): void {
    const { agents, model, contacts } = this.#deps;
    if (!model().agents.has(by.agentId))
      throw new SvaraError("listening needs a device: you are not set up as an agent", {
        code: "not_an_agent",
        httpStatus: 409,
      });
    if (!legId && !agents.isRegistered(by.agentId))
      throw new SvaraError("your device is not connected", { code: "device_unreachable", httpStatus: 409 });
    if (this.isMonitoring(by.agentId)) throw notNow("already_monitoring");
    const inCall = contacts
      .ofAgent(by.agentId)
      .some(
        (contact) =>
          contact.handlerOf(by.agentId) !== undefined && contact.handlerOf(by.agentId)?.state !== "wrap_up",
      );
    if (inCall) throw notNow("wrong_state");
  }

  /**
   * Where the call stands for scopes: the agent's team and site, the contact's client and queue. A call between colleagues is
   * no client's business, although its rows stand with one.
   */
  #placeOf(contact: LiveContact, agentId: AgentId): Place {
    const agent = this.#deps.model().agents.get(agentId);
    return {
      teamId: agent?.teamId ?? null,
      siteId: agent?.siteId ?? null,
      ...(contact.facts.direction === "internal" ? {} : { clientId: contact.clientId }),
      ...(contact.queueId ? { queueId: contact.queueId } : {}),
    };
  }

  #note(by: Supervisor, action: MonitorNote["action"], contact: LiveContact): void {
    this.#deps.audit({
      action,
      userId: by.agentId,
      clientId: contact.clientId,
      subjectId: contact.id,
      ...(by.address ? { address: by.address } : {}),
    });
  }
}

function unknown(what: string): SvaraError {
  return new SvaraError(`there is no such ${what}`, { code: "not_found", httpStatus: 404 });
}
