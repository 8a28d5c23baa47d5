import type {
  DeskContact,
  DeskDelta,
  DeskState,
  DirectoryEntry,
  PresenceChoice,
  Softphone,
} from "@svara/contracts";
import { type AgentId, type ContactId, type Disposable, SvaraError } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { Rights } from "./centre-model.ts";
import { DeskActions } from "./desk-actions.ts";
import { DeskFetching } from "./desk-fetching.ts";
import { DeskTargets, notFree } from "./desk-targets.ts";
import { deskContact, deskState, type TodayOf } from "./desk-view.ts";
import { DeskWishes } from "./desk-wishes.ts";
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
  readonly #actions: DeskActions;
  readonly #fetching: DeskFetching;
  readonly #watchers = new Map<AgentId, Set<(delta: DeskDelta) => void>>();
  readonly #dirty = new Set<AgentId>();
  readonly #sent = new Map<AgentId, DeskState>();

  constructor(deps: DeskServiceDeps) {
    this.#deps = deps;
    this.#targets = new DeskTargets(deps.runtime);
    this.#wishes = new DeskWishes(deps);
    this.#actions = new DeskActions({
      runtime: deps.runtime,
      targets: this.#targets,
      wishes: this.#wishes,
    });
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
    runtime.act(() => runtime.setDevice(agent.agentId, this.#actions.deviceOf(agent, choice)));
  }

  async setCalling(
    agent: DeskAgent,
    change: Parameters<DeskService["setCalling"]>[1],
  ): ReturnType<DeskService["setCalling"]> {
    const { runtime } = this.#deps;
    const calling = runtime.act(() => runtime.callingDesk.set(this.#self(agent), change));
    await runtime.callings.settled();
    await this.#deps.flush();
    if (!runtime.callings.isKept(agent.agentId))
      throw new SvaraError("it holds now, but could not be stored; try again", {
        code: "not_stored",
        httpStatus: 503,
      });
    return calling;
  }

  async call(agent: DeskAgent, call: DeskCall): Promise<{ readonly contactId: ContactId }> {
    const { runtime } = this.#deps;
    const contactId = runtime.act(() => {
      this.#mustBeReady(agent.agentId, call.kind === "number" && runtime.isEmergency(call.number));
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
      this.#actions.act(agent, this.#inHand(agent.agentId, contactId), action);
      this.#touch(agent.agentId);
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
        this.#actions.command(contact, { type: "park", agentId: agent.agentId, timeoutMs }),
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
    return this.#fetching.directory(agent, search, more.entryPoints === true);
  }

  contact(agentId: AgentId, contactId: ContactId): DeskContact | undefined {
    const contact = this.#deps.runtime.contacts.byId(contactId);
    return contact && deskContact(this.#deps.runtime, contact, agentId);
  }

  #inHand(agentId: AgentId, contactId: ContactId): LiveContact {
    const contact = this.#deps.runtime.contacts.byId(contactId);
    if (contact?.parts.has(agentId)) return contact;
    throw new SvaraError("this contact is not in your hands", { code: "not_found", httpStatus: 404 });
  }

  /** Who calls for `help` needs a device, and nothing else. */
  #mustBeReady(agentId: AgentId, help = false): void {
    const view = this.#deps.runtime.link.router.agent(agentId);
    if (!view?.loggedIn && !help)
      throw new SvaraError("log in at the desk first", { code: "not_logged_in", httpStatus: 409 });
    if (!this.#deps.runtime.agents.agent(agentId).reachable) {
      throw new SvaraError("your device is not connected", { code: "device_unreachable", httpStatus: 409 });
    }
    if (view?.handlings.some((h) => h.medium === "voice" && h.phase !== "wrap_up"))
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
