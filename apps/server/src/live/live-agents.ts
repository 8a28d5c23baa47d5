import {
  type AgentId,
  type Clock,
  type EndpointId,
  type Ids,
  type Instant,
  Signal,
  SvaraError,
} from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { Presence } from "@svara/routing";
import type { CentreModel, ModelAgent } from "./centre-model.ts";
import type { RouterLink } from "./router-link.ts";

/** Where the agent takes calls. */
export type Device =
  | { readonly kind: "browser" }
  | { readonly kind: "phone"; readonly phoneId: string; readonly endpointId: EndpointId };

/** An agent's session and device; presence and state are the router's. */
export interface LiveAgent {
  readonly agentId: AgentId;
  device: Device;
  sessionId: string | undefined;
  loggedInAt: Instant | undefined;
  microphone: { ok: boolean; reason?: string };
  /** The browser tab that owns the softphone. */
  ownerTabId: string | undefined;
  reachable: boolean;
  /** Their desk is open somewhere, or they were never seen to have one. */
  connected: boolean;
  /** Why they log out, once the work in hand is done. */
  leaving: LogOutReason | undefined;
}

export type LogOutReason = "end_shift" | "forced" | "connection_lost";

export interface LiveAgentsDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly model: () => CentreModel;
  readonly link: () => RouterLink;
  readonly append: (draft: LedgerDraft) => void;
  readonly isRegistered: (endpointId: EndpointId) => boolean;
}

/** Who is signed in to work, on which device, and whether calls can reach them. */
export class LiveAgents {
  /** Something the agent's own desk shows has changed. */
  readonly changed = new Signal<AgentId>();
  readonly #deps: LiveAgentsDeps;
  readonly #agents = new Map<AgentId, LiveAgent>();

  constructor(deps: LiveAgentsDeps) {
    this.#deps = deps;
  }

  /** The agent, made on first sight; 404 when the configuration has none. */
  agent(agentId: AgentId): LiveAgent {
    const known = this.#agents.get(agentId);
    if (known) return known;
    this.profile(agentId);
    const agent: LiveAgent = {
      agentId,
      device: { kind: "browser" },
      sessionId: undefined,
      loggedInAt: undefined,
      microphone: { ok: true },
      ownerTabId: undefined,
      reachable: false,
      connected: true,
      leaving: undefined,
    };
    this.#agents.set(agentId, agent);
    return agent;
  }

  profile(agentId: AgentId): ModelAgent {
    const profile = this.#deps.model().agents.get(agentId);
    if (profile) return profile;
    throw new SvaraError("this user has no agent profile", { code: "not_an_agent", httpStatus: 404 });
  }

  loggedIn(): LiveAgent[] {
    return [...this.#agents.values()].filter((a) => a.sessionId !== undefined);
  }

  /** The endpoint that is called for this agent. */
  endpointOf(agentId: AgentId): EndpointId {
    const { device } = this.agent(agentId);
    return device.kind === "phone" ? device.endpointId : this.profile(agentId).browserEndpointId;
  }

  /** Whose endpoint it is: the agent who uses it now, else the one it belongs to. */
  ownerOf(endpointId: EndpointId): AgentId | undefined {
    for (const agent of this.#agents.values()) {
      if (agent.device.kind === "phone" && agent.device.endpointId === endpointId) return agent.agentId;
    }
    const { agents, phones } = this.#deps.model();
    const phone = phones.get(endpointId);
    if (phone) return phone.agentId ?? undefined;
    return agents.get(endpointId as string as AgentId)?.id;
  }

  /** Whose rights a call from this device has: of a phone that is anybody's only while whoever chose it is at work. */
  callerAt(endpointId: EndpointId): AgentId | undefined {
    const agentId = this.ownerOf(endpointId);
    const phone = this.#deps.model().phones.get(endpointId);
    if (agentId === undefined || !phone || phone.agentId === agentId) return agentId;
    return this.#agents.get(agentId)?.sessionId === undefined ? undefined : agentId;
  }

  logIn(agentId: AgentId, presence: Presence): void {
    const agent = this.agent(agentId);
    if (agent.sessionId !== undefined) return this.#stay(agent, presence);
    const profile = this.profile(agentId);
    const { clock, ids, append, link } = this.#deps;
    agent.sessionId = ids.next();
    agent.connected = true; // whoever signs in is there
    agent.loggedInAt = clock.now();
    append({
      type: "agent.logged_in",
      at: agent.loggedInAt,
      agentId,
      payload: {
        sessionId: agent.sessionId,
        slots: ["voice"], // the medium that has a channel: states are told of it alone
        endpointId: this.endpointOf(agentId),
        ...(profile.siteId ? { siteId: profile.siteId } : {}),
        ...(profile.teamId ? { teamId: profile.teamId } : {}),
      },
    });
    link().handle({ type: "agent.logged_in", agentId, presence }, agent.loggedInAt);
    this.refreshReachable(agentId);
    this.changed.emit(agentId);
  }

  logOut(agentId: AgentId, reason: LogOutReason): void {
    const agent = this.#agents.get(agentId);
    if (agent?.sessionId === undefined) return;
    agent.leaving = reason;
    this.#deps.link().handle({ type: "agent.logged_out", agentId, reason });
    this.settleLogOut(agentId, this.#deps.clock.now());
    this.changed.emit(agentId);
  }

  /** A supervisor decides: ringing and wrap-up end at once, a live contact goes on. `presence` null logs out after it. */
  force(agentId: AgentId, presence: Presence | null): void {
    const agent = this.agent(agentId);
    if (agent.sessionId === undefined) {
      if (presence !== null) this.logIn(agentId, presence);
      return;
    }
    if (presence === null) agent.leaving = "forced";
    this.#deps.link().handle({ type: "agent.state_forced", agentId, presence });
    this.settleLogOut(agentId, this.#deps.clock.now());
    this.changed.emit(agentId);
  }

  /** The agent's desk is there or is gone. Who was never seen to have one works without it. */
  setConnected(agentId: AgentId, connected: boolean): void {
    const agent = this.agent(agentId);
    if (agent.connected === connected) return;
    agent.connected = connected;
    if (agent.sessionId === undefined) return;
    this.#deps.link().handle({ type: "agent.connection", agentId, connected });
    this.changed.emit(agentId);
  }

  /** The router waited for the desk long enough: what follows is the log-out. */
  dropped(agentId: AgentId): void {
    const agent = this.#agents.get(agentId);
    if (agent?.sessionId !== undefined) agent.leaving = "connection_lost";
  }

  /** Writes the log-out once the router has let the agent go; a contact in hand comes first. */
  settleLogOut(agentId: AgentId, at: Instant): void {
    const agent = this.#agents.get(agentId);
    if (!agent?.sessionId || this.#deps.link().router.agent(agentId)?.loggedIn) return;
    const { sessionId, leaving: reason = "forced" } = agent; // without a wish of theirs: the agent was removed
    agent.sessionId = undefined;
    agent.loggedInAt = undefined;
    agent.leaving = undefined;
    this.#deps.append({ type: "agent.logged_out", at, agentId, payload: { sessionId, reason } });
  }

  /** Who logs in again before the work in hand is done does not leave. */
  #stay(agent: LiveAgent, presence: Presence): void {
    const { agentId } = agent;
    if (agent.leaving === undefined) return this.setPresence(agentId, presence, "agent");
    agent.leaving = undefined;
    this.#deps.link().handle({ type: "agent.logged_in", agentId, presence });
    this.changed.emit(agentId);
  }

  setPresence(agentId: AgentId, presence: Presence, by: "agent" | "supervisor"): void {
    const agent = this.agent(agentId);
    if (agent.sessionId === undefined || agent.leaving !== undefined) return this.logIn(agentId, presence);
    this.#deps.link().handle({ type: "agent.presence_set", agentId, presence, by });
    this.changed.emit(agentId);
  }

  setDevice(agentId: AgentId, device: Device): void {
    const agent = this.agent(agentId);
    for (const other of this.#agents.values()) {
      if (other === agent || device.kind !== "phone" || other.device.kind !== "phone") continue;
      if (other.device.endpointId !== device.endpointId) continue;
      if (other.sessionId !== undefined)
        throw new SvaraError("a colleague takes calls on this phone", {
          code: "phone_taken",
          httpStatus: 409,
          field: "phoneId",
        });
      other.device = { kind: "browser" };
    }
    agent.device = device;
    this.refreshReachable(agentId);
    this.changed.emit(agentId);
  }

  setMicrophone(agentId: AgentId, ok: boolean, reason: string | undefined): void {
    const agent = this.agent(agentId);
    agent.microphone = reason === undefined ? { ok } : { ok, reason };
    this.refreshReachable(agentId);
    this.changed.emit(agentId);
  }

  /** An endpoint came or went: whoever uses it may have become reachable or not. */
  endpointChanged(endpointId: EndpointId): AgentId | undefined {
    const agentId = this.ownerOf(endpointId);
    if (agentId === undefined || !this.#deps.model().agents.has(agentId)) return undefined;
    this.refreshReachable(agentId);
    this.changed.emit(agentId);
    return agentId;
  }

  /** As the router has it; undefined while logged out. */
  presence(agentId: AgentId): Presence | undefined {
    const view = this.#deps.link().router.agent(agentId);
    return view?.loggedIn ? view.presence : undefined;
  }

  endpointRegistered(endpointId: EndpointId): boolean {
    return this.#deps.isRegistered(endpointId);
  }

  isRegistered(agentId: AgentId): boolean {
    return this.#deps.isRegistered(this.endpointOf(agentId));
  }

  /** Whether a colleague's call, a transfer or a consultation may ring this agent now. */
  isFree(agentId: AgentId): boolean {
    const view = this.#deps.link().router.agent(agentId);
    return (
      view?.loggedIn === true && this.#deps.model().agents.has(agentId) && this.reach(agentId) === "free"
    );
  }

  /** How a direct call would find the agent now. Without a log-in only a desk phone is called: nobody sits at the desk. */
  reach(agentId: AgentId): "free" | "busy" | "unreachable" {
    const view = this.#deps.link().router.agent(agentId);
    const agent = this.agent(agentId);
    if (!view?.loggedIn && agent.device.kind === "browser") return "unreachable";
    if (!agent.reachable) return "unreachable";
    const isFree =
      view === undefined ||
      (!view.offerId && view.state !== "busy_other" && view.handlings.every((h) => h.phase === "wrap_up"));
    return isFree ? "free" : "busy";
  }

  /** Brings devices in line with a changed configuration. */
  follow(model: CentreModel): void {
    for (const agent of this.#agents.values()) {
      const { agentId, device } = agent;
      if (device.kind === "phone" && !model.phones.has(device.endpointId)) agent.device = { kind: "browser" };
      if (model.agents.has(agentId)) this.refreshReachable(agentId);
      else if (agent.sessionId === undefined) this.#agents.delete(agentId);
    }
  }

  refreshReachable(agentId: AgentId): void {
    const agent = this.agent(agentId);
    const reachable = this.isRegistered(agentId) && (agent.device.kind === "phone" || agent.microphone.ok);
    if (agent.reachable === reachable) return;
    agent.reachable = reachable;
    this.#deps.link().handle({ type: "agent.reachable", agentId, medium: "voice", reachable });
  }

  /** The presence that a choice of the desk means, with the flags of its reason. */
  presenceOf(choice: { kind: "available" } | { kind: "not_ready"; reasonId: string }): Presence {
    if (choice.kind === "available") return { state: "available" };
    const reason = this.#deps.model().reasons.get(choice.reasonId);
    if (!reason) {
      throw new SvaraError(`there is no not-ready reason ${choice.reasonId}`, {
        code: "unknown_reason",
        httpStatus: 400,
        field: "reasonId",
      });
    }
    return { state: "not_ready", reason: reason.id, paid: reason.paid, productive: reason.productive };
  }
}
