import type {
  DeskContact,
  DeskDelta,
  DeskState,
  DirectoryEntry,
  PresenceChoice,
  Softphone,
} from "@svara/contracts";
import type { CommandInput } from "@svara/conversation";
import { type AgentId, type ContactId, type Disposable, SvaraError } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { Rights } from "./centre-model.ts";
import { DeskFetching } from "./desk-fetching.ts";
import { DeskTargets, notFree } from "./desk-targets.ts";
import { deskContact, deskState, partyOf, type TodayOf } from "./desk-view.ts";
import { DeskWishes } from "./desk-wishes.ts";
import type { Device } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import { browserUser } from "./live-directory.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type {
  CrossSellAnswer,
  DeskAction,
  DeskAgent,
  DeskCall,
  DeskService,
  DeskWork,
  DeviceChoice,
  FloorView,
} from "./live-service.ts";
import type { LiveStore } from "./live-store.ts";
import { notNow } from "./refused.ts";

export interface DeskServiceDeps {
  readonly runtime: LiveRuntime;
  readonly store: LiveStore;
  readonly realm: string;
  readonly today: TodayOf;
  readonly append: (draft: LedgerDraft) => void;
  readonly flush: () => Promise<void>;
}

/** Changes of one desk are gathered this long, so that one event gives one message. */
const GATHER_MS = 40;

/** The agents' desks: what they show, and what people do at them. */
export class LiveDesk implements DeskService {
  readonly #deps: DeskServiceDeps;
  readonly #targets: DeskTargets;
  readonly #wishes: DeskWishes;
  readonly #fetching: DeskFetching;
  readonly #watchers = new Map<AgentId, Set<(delta: DeskDelta) => void>>();
  readonly #dirty = new Set<AgentId>();
  readonly #sent = new Map<AgentId, DeskState>();

  constructor(deps: DeskServiceDeps) {
    this.#deps = deps;
    this.#targets = new DeskTargets(deps.runtime);
    this.#wishes = new DeskWishes(deps);
    this.#fetching = new DeskFetching(deps.runtime);
    deps.runtime.agentChanged.on((agentId) => this.#touch(agentId));
  }

  state(agent: DeskAgent): DeskState {
    return deskState(this.#deps.runtime, agent.agentId, this.#deps.today);
  }

  watch(agentId: AgentId, listener: (delta: DeskDelta) => void): Disposable {
    const listeners = this.#watchers.get(agentId) ?? new Set();
    this.#watchers.set(agentId, listeners.add(listener));
    if (listeners.size === 1) this.#deps.runtime.deskSeen(agentId, true);
    return {
      dispose: () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        this.#watchers.delete(agentId);
        this.#sent.delete(agentId);
        this.#deps.runtime.deskSeen(agentId, false);
      },
    };
  }

  async logIn(agent: DeskAgent, presence: PresenceChoice | undefined): Promise<void> {
    const { runtime } = this.#deps;
    runtime.act(() => {
      if (presence?.kind === "available") runtime.callingDesk.available(agent.agentId);
      const chosen = presence
        ? runtime.agents.presenceOf(presence)
        : ({ state: "not_ready", reason: "login", paid: true, productive: false } as const);
      runtime.agents.logIn(agent.agentId, chosen);
    });
    await this.#deps.flush();
  }

  async logOut(agent: DeskAgent): Promise<void> {
    this.#deps.runtime.act(() => this.#deps.runtime.agents.logOut(agent.agentId, "end_shift"));
    await this.#deps.flush();
  }

  async setPresence(agent: DeskAgent, presence: PresenceChoice): Promise<void> {
    const { runtime } = this.#deps;
    runtime.act(() => {
      if (presence.kind === "available") runtime.callingDesk.available(agent.agentId);
      runtime.agents.setPresence(agent.agentId, runtime.agents.presenceOf(presence), "agent");
    });
    await this.#deps.flush();
  }

  async softphone(agent: DeskAgent): Promise<Softphone> {
    const { runtime, realm } = this.#deps;
    const { browserEndpointId } = runtime.agents.profile(agent.agentId);
    return {
      sipUri: `sip:${browserUser(browserEndpointId)}@${realm}`,
      wsPath: "/sip",
      displayName: agent.displayName,
      tabLease: runtime.agents.agent(agent.agentId).ownerTabId ?? null,
      unavailable: null,
    };
  }

  async claimSoftphone(agent: DeskAgent, tabId: string, takeOver: boolean): Promise<Softphone> {
    const live = this.#deps.runtime.agents.agent(agent.agentId);
    const registered = this.#deps.runtime.agents.isRegistered(agent.agentId);
    if (live.ownerTabId && live.ownerTabId !== tabId && registered && !takeOver) {
      throw new SvaraError("another tab takes the calls of this desk", {
        code: "softphone_taken",
        httpStatus: 409,
      });
    }
    live.ownerTabId = tabId;
    this.#touch(agent.agentId);
    return this.softphone(agent);
  }

  async reportMicrophone(agent: DeskAgent, ok: boolean, reason: string | undefined): Promise<void> {
    this.#deps.runtime.act(() => this.#deps.runtime.agents.setMicrophone(agent.agentId, ok, reason));
  }

  async setDevice(agent: DeskAgent, choice: DeviceChoice): Promise<void> {
    const { runtime } = this.#deps;
    runtime.act(() => runtime.setDevice(agent.agentId, this.#deviceOf(agent, choice)));
  }

  async setCalling(
    agent: DeskAgent,
    change: Parameters<DeskService["setCalling"]>[1],
  ): ReturnType<DeskService["setCalling"]> {
    const { runtime } = this.#deps;
    const calling = runtime.act(() => runtime.callingDesk.set(this.#self(agent), change));
    await runtime.callings.settled();
    await this.#deps.flush();
    return calling;
  }

  async call(agent: DeskAgent, call: DeskCall): Promise<{ readonly contactId: ContactId }> {
    const { runtime } = this.#deps;
    const contactId = runtime.act(() => {
      this.#mustBeReady(agent.agentId);
      const goal = this.#targets.ofCall(agent, call);
      if (goal.kind === "number")
        return runtime.dial(agent.agentId, goal.number, goal.clientId, goal.callerId);
      const begun = runtime.callColleague(agent.agentId, goal.agentId);
      if (begun === "busy" || begun === "unreachable" || begun === "same_agent") throw notFree();
      return begun;
    });
    return { contactId };
  }

  async act(agent: DeskAgent, contactId: ContactId, action: DeskAction): Promise<void> {
    const { runtime } = this.#deps;
    runtime.act(() => {
      const contact = this.#inHand(agent.agentId, contactId);
      this.#act(agent, contact, action);
    });
    await this.#deps.flush();
  }

  async crossSell(agent: DeskAgent, contactId: ContactId): Promise<CrossSellAnswer> {
    const { runtime, flush } = this.#deps;
    const answer = runtime.act(() =>
      this.#wishes.crossSell(this.#inHand(agent.agentId, contactId), agent.agentId),
    );
    await flush();
    return answer;
  }

  pickable(agent: DeskAgent, may: FloorView["queue"]): ReturnType<DeskService["pickable"]> {
    return this.#wishes.pickable(agent.agentId, may);
  }

  async pick(agent: DeskAgent, contactId: ContactId, may: FloorView["queue"]): Promise<void> {
    const { runtime, flush } = this.#deps;
    runtime.act(() => {
      const item = this.#wishes.waiting(contactId, may);
      this.#mustBeReady(agent.agentId);
      this.#wishes.pick(item, agent.agentId);
    });
    await flush();
  }

  async setWork(agent: DeskAgent, contactId: ContactId, work: DeskWork): Promise<void> {
    const { runtime, store, append, flush } = this.#deps;
    const contact = this.#inHand(agent.agentId, contactId);
    if (work.notes !== undefined) contact.notes = work.notes;
    if (work.dispositionId !== undefined) contact.dispositionId = work.dispositionId ?? undefined;
    await contact.rows;
    await store.workSaved(contact.clientId, contact.id, agent.agentId, work);
    if (work.dispositionId) {
      append({
        type: "disposition.set",
        at: runtime.clock.now(),
        clientId: contact.clientId,
        contactId: contact.id,
        agentId: agent.agentId,
        payload: { dispositionId: work.dispositionId, by: "agent" },
      });
    }
    await flush();
    this.#touch(agent.agentId);
  }

  callerIds(agent: DeskAgent, clientId: string | undefined): ReturnType<DeskService["callerIds"]> {
    return this.#fetching.callerIds(this.#self(agent), clientId);
  }

  async park(agent: DeskAgent, contactId: ContactId, slot: number | undefined): Promise<number> {
    const { runtime } = this.#deps;
    const given = runtime.act(() => {
      const contact = this.#inHand(agent.agentId, contactId);
      const timeoutMs = runtime.model.calling.parkLimitMs;
      return runtime.parking.park(contact, slot, () =>
        this.#command(contact, { type: "park", agentId: agent.agentId, timeoutMs }),
      );
    });
    await this.#deps.flush();
    return given;
  }

  parked(agent: DeskAgent): ReturnType<DeskService["parked"]> {
    return this.#fetching.parked(this.#self(agent));
  }

  async fetchParked(agent: DeskAgent, slot: number): Promise<ContactId> {
    return this.#fetched(() => this.#deps.runtime.pickUps.fetch(this.#self(agent), slot));
  }

  ringing(agent: DeskAgent): ReturnType<DeskService["ringing"]> {
    return this.#fetching.ringing(this.#self(agent));
  }

  async pickUp(agent: DeskAgent, contactId: ContactId): Promise<ContactId> {
    return this.#fetched(() => this.#deps.runtime.pickUps.pickUp(this.#self(agent), { contactId }));
  }

  #self({ agentId, rights }: DeskAgent): { readonly agentId: AgentId; readonly rights: Rights } {
    return { agentId, rights: rights ?? this.#deps.runtime.agents.profile(agentId).rights };
  }

  async #fetched(fetch: () => LiveContact): Promise<ContactId> {
    const { id } = this.#deps.runtime.act(fetch);
    await this.#deps.flush();
    return id;
  }

  async directory(
    agent: DeskAgent,
    search: string,
    more: { readonly entryPoints?: boolean } = {},
  ): Promise<readonly DirectoryEntry[]> {
    const { runtime } = this.#deps;
    const { router } = runtime.link;
    const wanted = search.trim().toLocaleLowerCase();
    const fits = (...texts: (string | null)[]): boolean =>
      wanted === "" || texts.some((t) => t?.toLocaleLowerCase().includes(wanted));
    const agents = [...runtime.model.agents.values()]
      .filter((a) => a.id !== agent.agentId && fits(a.name, a.extension))
      .map((a): DirectoryEntry => {
        const view = router.agent(a.id);
        return {
          kind: "agent",
          id: a.id,
          name: a.name,
          state: view?.state ?? "logged_out",
          since: view?.since ?? 0,
          ...(a.extension ? { extension: a.extension } : {}),
          ...(runtime.callings.of(a.id).doNotDisturb ? { doNotDisturb: true } : {}),
        };
      });
    const queues = [...runtime.model.queues.values()]
      .filter((q) => (agent.clients === "all" || agent.clients.includes(q.clientId)) && fits(q.name))
      .map((q): DirectoryEntry => {
        const stats = router.queueStats(q.id);
        return {
          kind: "queue",
          id: q.id,
          name: q.name,
          waiting: stats?.waiting ?? 0,
          available: stats?.agents.available ?? 0,
        };
      });
    const entryPoints = (more.entryPoints ? [...runtime.model.entryPoints.values()] : [])
      .filter((e) => (agent.clients === "all" || agent.clients.includes(e.clientId)) && fits(e.name))
      .map(({ id, name }): DirectoryEntry => ({ kind: "entry_point", id, name }));
    return [...agents, ...queues, ...entryPoints].slice(0, 100);
  }

  contact(agentId: AgentId, contactId: ContactId): DeskContact | undefined {
    const contact = this.#deps.runtime.contacts.byId(contactId);
    return contact && deskContact(this.#deps.runtime, contact, agentId);
  }

  #act(agent: DeskAgent, contact: LiveContact, action: DeskAction): void {
    const { runtime } = this.#deps;
    const { agentId } = agent;
    switch (action.kind) {
      case "accept":
        throw new SvaraError("take the call on the device that rings", {
          code: "not_possible",
          httpStatus: 409,
        });
      case "refuse": {
        const legId = contact.parts.get(agentId)?.legId;
        const ringing = contact.view().agents.some((a) => a.agentId === agentId && a.state === "ringing");
        if (!legId || !ringing) throw notNow("wrong_state");
        return runtime.refuseLeg(contact, legId);
      }
      case "mute":
        return runtime.mute(contact, agentId, action.muted);
      case "reattach": {
        return this.#command(contact, { type: "agent.returned", agentId });
      }
      case "finish_wrap_up":
        if (this.#lacksDisposition(contact)) {
          throw new SvaraError("choose a disposition first: this queue asks for one", {
            code: "disposition_required",
            httpStatus: 409,
            field: "dispositionId",
          });
        }
        if (contact.handlerOf(agentId)?.state !== "wrap_up") throw notNow("wrong_state");
        return this.#wishes.finishWrapUp(contact, agentId);
      case "request_wrap_up":
        this.#wishes.requestWrapUp(contact, agentId, action.wanted);
        return this.#touch(agentId);
      case "extend_wrap_up":
        this.#wishes.extendWrapUp(contact, agentId, action.byMs);
        return this.#touch(agentId);
      case "escalate":
        return this.#command(contact, this.#wishes.escalation(contact, agentId, action));
      case "transfer": {
        const to = this.#targets.ofTransfer(agent, contact, action.target);
        return this.#command(contact, { type: "transfer", agentId, to });
      }
      case "consult": {
        const to = this.#targets.ofConsult(agent, contact, action.target);
        contact.consultLabel = this.#targets.labelOf(action.target);
        return this.#command(contact, { type: "consult", agentId, to });
      }
      case "conference_add": {
        const to = this.#targets.ofParty(agent, contact, action.target);
        return this.#command(contact, { type: "conference.add", agentId, to });
      }
      case "conference_drop": {
        const party = partyOf(contact, action.participantId);
        return this.#command(contact, { type: "conference.drop", agentId, party });
      }
      case "conference_merge":
        return this.#command(contact, { type: "conference.merge", agentId });
      case "conference_leave":
        return this.#command(contact, { type: "conference.leave", agentId });
      case "move":
        return this.#move(agent, contact, action.device);
      case "hold":
      case "resume":
      case "hang_up":
        return this.#command(contact, { type: action.kind, agentId });
      case "dtmf":
        return this.#command(contact, { type: "send_dtmf", agentId, digits: action.digits });
      case "consult_complete":
        return this.#command(contact, { type: "consult.complete", agentId });
      case "consult_cancel":
        return this.#command(contact, { type: "consult.cancel", agentId });
      case "consult_swap":
        return this.#command(contact, { type: "consult.swap", agentId });
      case "pause_recording":
        return this.#command(contact, { type: "recording.pause", agentId, reason: "sensitive" });
      case "resume_recording":
        return this.#command(contact, { type: "recording.resume", agentId });
    }
  }

  /** The call goes to another device of the agent's, and so do the calls after it. */
  #move(agent: DeskAgent, contact: LiveContact, choice: DeviceChoice): void {
    const { runtime } = this.#deps;
    const { agentId } = agent;
    const device = this.#deviceOf(agent, choice);
    const endpointId =
      device.kind === "phone" ? device.endpointId : runtime.agents.profile(agentId).browserEndpointId;
    if (contact.parts.get(agentId)?.endpointId === endpointId)
      throw new SvaraError("the call is on this device already", { code: "same_device", httpStatus: 409 });
    if (!runtime.isRegistered(endpointId))
      throw new SvaraError("this device is not connected", { code: "device_unreachable", httpStatus: 409 });
    this.#command(contact, { type: "move_device", agentId, endpointId });
    runtime.setDevice(agentId, device);
  }

  #deviceOf(agent: DeskAgent, choice: DeviceChoice): Device {
    if (choice.kind === "browser") return choice;
    const phone = [...this.#deps.runtime.model.phones.values()].find((p) => p.id === choice.phoneId);
    if (phone && (phone.agentId === null || phone.agentId === agent.agentId))
      return { kind: "phone", phoneId: phone.id, endpointId: phone.endpointId };
    throw new SvaraError("this phone is not yours to use", {
      code: "unknown_phone",
      httpStatus: 404,
      field: "phoneId",
    });
  }

  #command(contact: LiveContact, command: CommandInput | { type: "agent.returned"; agentId: AgentId }): void {
    const refusal = contact.input(command);
    if (refusal) throw notNow(refusal);
  }

  #lacksDisposition(contact: LiveContact): boolean {
    const queue = contact.queueId && this.#deps.runtime.model.queues.get(contact.queueId);
    return queue ? queue.dispositionRequired && contact.dispositionId === undefined : false;
  }

  #inHand(agentId: AgentId, contactId: ContactId): LiveContact {
    const contact = this.#deps.runtime.contacts.byId(contactId);
    if (contact?.parts.has(agentId)) return contact;
    throw new SvaraError("this contact is not in your hands", { code: "not_found", httpStatus: 404 });
  }

  #mustBeReady(agentId: AgentId): void {
    const view = this.#deps.runtime.link.router.agent(agentId);
    if (!view?.loggedIn)
      throw new SvaraError("log in at the desk first", { code: "not_logged_in", httpStatus: 409 });
    if (!this.#deps.runtime.agents.agent(agentId).reachable) {
      throw new SvaraError("your device is not connected", { code: "device_unreachable", httpStatus: 409 });
    }
    if (view.handlings.some((h) => h.medium === "voice" && h.phase !== "wrap_up"))
      throw notNow("wrong_state");
  }

  #touch(agentId: AgentId): void {
    if (!this.#watchers.has(agentId)) return;
    if (this.#dirty.size === 0) this.#deps.runtime.clock.after(GATHER_MS, () => this.#publish());
    this.#dirty.add(agentId);
  }

  #publish(): void {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const agentId of dirty) {
      const listeners = this.#watchers.get(agentId);
      if (!listeners || !this.#deps.runtime.model.agents.has(agentId)) continue;
      const state = deskState(this.#deps.runtime, agentId, this.#deps.today);
      const delta = changedParts(this.#sent.get(agentId), state);
      this.#sent.set(agentId, state);
      if (Object.keys(delta).length > 0) for (const listener of listeners) listener(delta);
    }
  }
}

/** The parts of the desk that are not as they were. */
function changedParts(before: DeskState | undefined, now: DeskState): DeskDelta {
  if (!before) return now;
  return {
    ...(same(before.agent, now.agent) ? {} : { agent: now.agent }),
    ...(same(before.device, now.device) ? {} : { device: now.device }),
    ...(same(before.calling, now.calling) ? {} : { calling: now.calling }),
    ...(same(before.contacts, now.contacts) ? {} : { contacts: now.contacts }),
    ...(same(before.today, now.today) ? {} : { today: now.today }),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
