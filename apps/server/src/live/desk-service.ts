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
import type { Decision, IgnoreCode, Input, ItemId } from "@svara/routing";
import { DeskTargets, notNow } from "./desk-targets.ts";
import { deskContact, deskState, type TodayOf } from "./desk-view.ts";
import { itemOf } from "./item-id.ts";
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
  FloorView,
} from "./live-service.ts";
import type { LiveStore } from "./live-store.ts";

export interface DeskServiceDeps {
  readonly runtime: LiveRuntime;
  readonly store: LiveStore;
  readonly realm: string;
  readonly today: TodayOf;
  readonly append: (draft: LedgerDraft) => void;
  readonly flush: () => Promise<void>;
}

/** Of one queue; who waits further back is not picked by hand. */
const MOST_PICKABLE = 50;

/** Changes of one desk are gathered this long, so that one event gives one message. */
const GATHER_MS = 40;

/** The agents' desks: what they show, and what people do at them. */
export class LiveDesk implements DeskService {
  readonly #deps: DeskServiceDeps;
  readonly #targets: DeskTargets;
  readonly #watchers = new Map<AgentId, Set<(delta: DeskDelta) => void>>();
  readonly #dirty = new Set<AgentId>();
  readonly #sent = new Map<AgentId, DeskState>();

  constructor(deps: DeskServiceDeps) {
    this.#deps = deps;
    this.#targets = new DeskTargets(deps.runtime);
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
    runtime.act(() =>
      runtime.agents.setPresence(agent.agentId, runtime.agents.presenceOf(presence), "agent"),
    );
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

  async setDevice(
    agent: DeskAgent,
    device: { readonly kind: "browser" } | { readonly kind: "phone"; readonly phoneId: string },
  ): Promise<void> {
    const { runtime } = this.#deps;
    runtime.act(() => {
      if (device.kind === "browser") return runtime.setDevice(agent.agentId, device);
      const phone = [...runtime.model.phones.values()].find((p) => p.id === device.phoneId);
      if (!phone || (phone.agentId !== null && phone.agentId !== agent.agentId)) {
        throw new SvaraError("this phone is not yours to use", {
          code: "unknown_phone",
          httpStatus: 404,
          field: "phoneId",
        });
      }
      runtime.setDevice(agent.agentId, {
        kind: "phone",
        phoneId: phone.id,
        endpointId: phone.endpointId,
      });
    });
  }

  async call(agent: DeskAgent, call: DeskCall): Promise<{ readonly contactId: ContactId }> {
    const { runtime } = this.#deps;
    const contactId = runtime.act(() => {
      this.#mustBeReady(agent.agentId);
      const goal = this.#targets.ofCall(agent, call);
      return goal.kind === "agent"
        ? runtime.dialColleague(agent.agentId, goal.agentId)
        : runtime.dial(agent.agentId, goal.number, goal.clientId);
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
    const { runtime, append, flush } = this.#deps;
    const answer = runtime.act(() => {
      const { agentId } = agent;
      const contact = this.#inHand(agentId, contactId);
      const itemId = this.#itemOf(contact, agentId);
      const told = this.#tellRouter({ type: "crosssell.asked", itemId, agentId });
      const found = told.find((d) => d.type === "crosssell.answered");
      if (found?.type !== "crosssell.answered") throw refusedByRouter("unknown_handling");
      const { at, allowed, because, inSystem, waiting, openAgents } = found;
      append({
        type: "crosssell.asked",
        at,
        clientId: contact.clientId,
        contactId: contact.id,
        agentId,
        payload: { allowed, ...(because === null ? {} : { because }), inSystem, waiting, openAgents },
      });
      return { allowed, because, inSystem, waiting, openAgents };
    });
    await flush();
    return answer;
  }

  pickable(agent: DeskAgent, may: FloorView["queue"]): ReturnType<DeskService["pickable"]> {
    const { model, link, contacts } = this.#deps.runtime;
    const { pickQueueIds } = this.#deps.runtime.agents.profile(agent.agentId);
    return pickQueueIds.flatMap((queueId) => {
      const queue = model.queues.get(queueId);
      if (!queue || !may(queue)) return [];
      const waiting = link.router.waitingItems(queueId).slice(0, MOST_PICKABLE);
      return [
        {
          id: queue.id,
          name: queue.name,
          waiting: waiting.flatMap((item) => {
            const found = contacts.ofItem(item.id);
            if (!found || found.contactId !== found.contact.id) return [];
            return [
              {
                contactId: found.contactId,
                shortNumber: found.contact.shortNumber,
                enqueuedAt: item.queuedAt,
                priority: item.priority ?? queue.priority,
                ringing: link.router.estimate(item.id)?.basis === "ringing",
              },
            ];
          }),
        },
      ];
    });
  }

  async pick(agent: DeskAgent, contactId: ContactId, may: FloorView["queue"]): Promise<void> {
    const { runtime, flush } = this.#deps;
    runtime.act(() => {
      const { agentId } = agent;
      const item = runtime.link.router.item(itemOf(contactId));
      const queue = item && runtime.model.queues.get(item.queueId);
      if (!item || !queue || !may(queue))
        throw new SvaraError("this contact does not wait any more", { code: "not_found", httpStatus: 404 });
      this.#mustBeReady(agentId);
      this.#tellRouter({ type: "item.picked", itemId: item.id, agentId });
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

  async directory(agent: DeskAgent, search: string): Promise<readonly DirectoryEntry[]> {
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
    return [...agents, ...queues].slice(0, 100);
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
        this.#tellRouter({ type: "wrapup.finished", agentId, itemId: this.#itemOf(contact, agentId) });
        return;
      case "request_wrap_up": {
        const { wanted } = action;
        this.#tellRouter({
          type: "wrapup.requested",
          agentId,
          itemId: this.#itemOf(contact, agentId),
          wanted,
        });
        const part = contact.parts.get(agentId);
        if (part) part.wantsWrapUp = wanted;
        return this.#touch(agentId);
      }
      case "extend_wrap_up": {
        const itemId = this.#itemOf(contact, agentId);
        const decisions = this.#tellRouter({ type: "wrapup.extended", agentId, itemId, byMs: action.byMs });
        const extended = decisions.find((d) => d.type === "wrapup.extended");
        const part = contact.parts.get(agentId);
        if (part?.wrapUp && extended?.type === "wrapup.extended") part.wrapUp.limitAt = extended.until;
        return this.#touch(agentId);
      }
      case "escalate":
        return this.#escalate(agent, contact, action);
      case "transfer":
      case "consult": {
        const to = this.#targets.ofTransfer(agent, contact, action.target);
        if (action.kind === "consult") contact.consultLabel = this.#targets.labelOf(action.target);
        return this.#command(contact, { type: action.kind, agentId, to });
      }
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

  /** Tells the router what the agent wishes. @throws SvaraError 409 when that does not fit, by the router's word */
  #tellRouter(input: Input): readonly Decision[] {
    const decisions = this.#deps.runtime.link.handle(input);
    const refused = decisions.find((d) => d.type === "ignored" && d.input === input.type);
    if (refused?.type === "ignored" && refused.code !== "no_change") throw refusedByRouter(refused.code);
    return decisions;
  }

  #itemOf(contact: LiveContact, agentId: AgentId): ItemId {
    return this.#deps.runtime.contacts.itemFor(contact, agentId, contact.id);
  }

  #escalate(
    agent: DeskAgent,
    contact: LiveContact,
    { tier, queueId: wanted, reason }: Extract<DeskAction, { kind: "escalate" }>,
  ): void {
    const { queues, agents } = this.#deps.runtime.model;
    const queueId = wanted ?? contact.queueId;
    const queue = queueId === undefined ? undefined : queues.get(queueId);
    if (queue === undefined || queue.clientId !== contact.clientId)
      throw new SvaraError("choose the queue in which the contact is to wait", {
        code: "queue_required",
        httpStatus: 409,
        field: "queueId",
      });
    if (![...agents.values()].some((one) => one.id !== agent.agentId && one.tiers.includes(tier)))
      throw new SvaraError(`nobody serves tier ${tier}`, {
        code: "nobody_in_tier",
        httpStatus: 409,
        field: "tier",
      });
    const { agentId } = agent;
    this.#command(contact, {
      type: "escalate",
      agentId,
      queueId: queue.id,
      tier,
      ...(reason === undefined ? {} : { reason }),
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

/** The router did not follow a wish: 409 with its word as the code. */
function refusedByRouter(code: IgnoreCode): SvaraError {
  return new SvaraError(`not possible now: ${code.replaceAll("_", " ")}`, { code, httpStatus: 409 });
}

/** The parts of the desk that are not as they were. */
function changedParts(before: DeskState | undefined, now: DeskState): DeskDelta {
  if (!before) return now;
  return {
    ...(same(before.agent, now.agent) ? {} : { agent: now.agent }),
    ...(same(before.device, now.device) ? {} : { device: now.device }),
    ...(same(before.contacts, now.contacts) ? {} : { contacts: now.contacts }),
    ...(same(before.today, now.today) ? {} : { today: now.today }),
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
