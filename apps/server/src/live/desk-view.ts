import type { DeskContact, DeskState, PresenceChoice } from "@svara/contracts";
import type { ConferenceParty, ConversationView } from "@svara/conversation";
import { type AgentId, SvaraError, unreachable } from "@svara/kernel";
import type { AgentView, Presence } from "@svara/routing";
import type { AgentPart } from "./contact-facts.ts";
import type { LiveAgent } from "./live-agents.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveRuntime } from "./live-runtime.ts";

/** The agent's day so far; from `LiveFigures`. */
export type TodayOf = (agentId: AgentId) => DeskState["today"];

/** The desk of one agent as it is now. */
export function deskState(runtime: LiveRuntime, agentId: AgentId, today: TodayOf): DeskState {
  const agent = runtime.agents.agent(agentId);
  return {
    agent: deskAgent(runtime, agent),
    device: deskDevice(runtime, agent),
    calling: deskCalling(runtime, agentId),
    contacts: runtime.contacts
      .ofAgent(agentId)
      .map((contact) => deskContact(runtime, contact, agentId))
      .filter((contact) => contact !== undefined),
    today: today(agentId),
  };
}

/** What the agent chose, in the words of the API. */
export function presenceChoice(presence: Presence): PresenceChoice {
  return presence.state === "available"
    ? { kind: "available" }
    : { kind: "not_ready", reasonId: presence.reason };
}

/** Why the agent is in the state, where the state has a reason: a reason's id or a word of the system. */
export function reasonCode(view: AgentView | undefined, agent: LiveAgent): string | undefined {
  if (view?.reason === "unreachable" && !agent.microphone.ok && agent.device.kind === "browser")
    return "microphone";
  return view?.reason ?? undefined;
}

/** The router knows of a supervisor in a call only that they are busy. */
export function shownState(
  runtime: LiveRuntime,
  agentId: AgentId,
  state: AgentView["state"],
): DeskState["agent"]["state"] {
  return state === "busy_other" && runtime.monitoring.isMonitoring(agentId) ? "monitoring" : state;
}

function deskAgent(runtime: LiveRuntime, agent: LiveAgent): DeskState["agent"] {
  const view = runtime.link.router.agent(agent.agentId);
  const { name } = runtime.agents.profile(agent.agentId);
  if (!view?.loggedIn) {
    return {
      id: agent.agentId,
      name,
      presence: null,
      state: "logged_out",
      since: view?.since || runtime.clock.now(),
    };
  }
  const choice = presenceChoice(view.presence);
  const reason = reasonCode(view, agent);
  return {
    id: agent.agentId,
    name,
    presence: choice,
    ...(view.pending ? { pendingPresence: choice } : {}),
    state: shownState(runtime, agent.agentId, view.state),
    since: view.since,
    ...(reason ? { reasonCode: reason } : {}),
  };
}

function deskDevice(runtime: LiveRuntime, agent: LiveAgent): DeskState["device"] {
  const registered = runtime.agents.isRegistered(agent.agentId);
  const endpointId = runtime.agents.endpointOf(agent.agentId);
  return agent.device.kind === "phone"
    ? { kind: "phone", registered, endpointId, phoneId: agent.device.phoneId }
    : {
        kind: "browser",
        registered,
        endpointId,
        ...(agent.ownerTabId ? { ownerTabId: agent.ownerTabId } : {}),
      };
}

function deskCalling(runtime: LiveRuntime, agentId: AgentId): DeskState["calling"] {
  const { rights, autoAnswer } = runtime.agents.profile(agentId);
  return {
    ...runtime.callings.of(agentId),
    mayDivertOutside: rights.has("desk.divert_outside"),
    autoAnswer,
  };
}

/** A contact as the desk of this agent shows it; undefined once it is out of their hands. */
export function deskContact(
  runtime: LiveRuntime,
  contact: LiveContact,
  agentId: AgentId,
): DeskContact | undefined {
  const part = contact.parts.get(agentId);
  if (!part) return undefined;
  const view = contact.view();
  const own = view.agents.find((a) => a.agentId === agentId);
  const state = stateOf(part, own?.state, contact.facts.callerAgentId === agentId);
  const { facts } = contact;
  const queue = contact.queueId ? runtime.model.queues.get(contact.queueId) : undefined;
  const consulted = part.asContact !== contact.id;
  return {
    contactId: contact.id,
    clientId: contact.clientId,
    shortNumber: contact.shortNumber,
    direction: consulted ? "internal" : facts.direction,
    medium: "voice",
    state,
    since: own?.since ?? part.wrapUp?.startedAt ?? runtime.clock.now(),
    ...(part.offer
      ? {
          offer: {
            offerId: part.offer.offerId,
            expiresAt: part.offer.expiresAt,
            legCallId: part.offer.offerId,
          },
        }
      : {}),
    ...(queue
      ? { queue: { id: queue.id, name: queue.name }, dispositionRequired: queue.dispositionRequired }
      : {}),
    ...(facts.entryPoint ? { entryPoint: { name: facts.entryPoint.name, language: facts.language } } : {}),
    ...waited(runtime, contact),
    ...(contact.customer ? { customer: contact.customer } : {}),
    ...remote(runtime, contact, agentId),
    recording: view.recording,
    ...(part.muted === undefined ? {} : { muted: part.muted }),
    ...conferenceOf(runtime, contact, view, agentId),
    ...(part.autoAnswer ? { autoAnswer: true } : {}),
    ...(own?.announcing ? { announcing: true } : {}),
    ...(own?.moving ? { moving: true } : {}),
    ...(contact.quality === undefined ? {} : { quality: contact.quality }),
    ...monitoredOf(runtime, view, agentId),
    ...consultOf(contact, view, consulted),
    ...(part.wrapUp
      ? { wrapUp: { ...part.wrapUp, ...(queue?.wrapUp.mode === "timed_forced" ? { forced: true } : {}) } }
      : {}),
    ...(queue?.wrapUp.mode === "requested" ? { wrapUpRequested: part.wantsWrapUp === true } : {}),
    ...(queue?.crossSell ? { crossSell: true } : {}),
    ...(facts.callback ? { callbackAttempt: facts.callback.attempt } : {}),
    ...(contact.notes === undefined ? {} : { notes: contact.notes }),
    ...(contact.dispositionId === undefined ? {} : { dispositionId: contact.dispositionId }),
    ...(part.answeredAt === undefined ? {} : { answeredAt: part.answeredAt }),
  };
}

function stateOf(
  part: AgentPart,
  state: ConversationView["agents"][number]["state"] | undefined,
  caller: boolean,
): DeskContact["state"] {
  if (part.wrapUp) return "wrap_up";
  switch (state) {
    case "talking":
    case "held":
    case "consulting":
    case "detached":
    case "wrap_up":
    case "dialing":
      return state;
    case "conferenced":
      return "talking"; // with more people: `conference` names them
    case "parked":
      return "held";
    case "ringing":
    case undefined:
      return caller ? "dialing" : "offered";
    default:
      return unreachable(state);
  }
}

function waited(runtime: LiveRuntime, contact: LiveContact): { waitedMs?: number } {
  if (contact.waitedMs !== undefined) return { waitedMs: contact.waitedMs };
  return contact.queuedAt === undefined ? {} : { waitedMs: runtime.clock.now() - contact.queuedAt };
}

/** Who is at the other end, from this agent's side: for a colleague who is called, the caller. */
function remote(
  runtime: LiveRuntime,
  contact: LiveContact,
  agentId: AgentId,
): { remoteNumber?: string; remoteName?: string } {
  const { facts } = contact;
  if (facts.direction === "internal" && facts.callerAgentId === agentId) {
    const other = [...contact.parts.keys()].find((id) => id !== agentId) ?? contact.via.at(-1)?.agentId; // diverted outside
    const profile = other && runtime.model.agents.get(other);
    return profile
      ? { remoteName: profile.name, ...(profile.extension ? { remoteNumber: profile.extension } : {}) }
      : {};
  }
  return {
    ...(facts.remoteNumber ? { remoteNumber: facts.remoteNumber } : {}),
    ...(facts.remoteName ? { remoteName: facts.remoteName } : {}),
  };
}

function consultOf(
  contact: LiveContact,
  view: ReturnType<LiveContact["view"]>,
  consulted: boolean,
): Pick<DeskContact, "consult"> {
  if (!view.consult || consulted || !contact.consultLabel) return {};
  return {
    consult: {
      state: view.consult.state === "talking" || view.consult.state === "parked" ? "talking" : "ringing",
      target: contact.consultLabel,
      customerHeld: view.consult.state !== "parked",
    },
  };
}

const CUSTOMER = "customer";

/** Everybody in the call when more than two talk, or somebody is called to it. */
function conferenceOf(
  runtime: LiveRuntime,
  contact: LiveContact,
  view: ConversationView,
  agentId: AgentId,
): Pick<DeskContact, "conference"> {
  if (!view.conference) return {};
  const { customer, facts } = contact;
  const first: Participant = {
    participantId: CUSTOMER,
    kind: "customer",
    label: customer?.name ?? facts.remoteName ?? facts.remoteNumber ?? "",
    state: view.customer === "conference" || view.customer === "talk" ? "talking" : "held",
    self: false,
  };
  const others = view.conference.map((party): Participant => {
    const { state } = party;
    if (party.kind === "external") {
      const label = contact.dialled.get(party.legId) ?? "";
      return { participantId: party.legId, kind: "number", label, state, self: false };
    }
    const self = party.agentId === agentId;
    const label = self ? "" : (runtime.model.agents.get(party.agentId)?.name ?? "");
    return { participantId: party.agentId, kind: "agent", agentId: party.agentId, label, state, self };
  });
  return { conference: [first, ...others] };
}

type Participant = NonNullable<DeskContact["conference"]>[number];

/** The party of a conference whom the desk calls by this id. @throws SvaraError 404 */
export function partyOf(contact: LiveContact, participantId: string): ConferenceParty {
  for (const party of contact.view().conference ?? [])
    if ((party.kind === "agent" ? party.agentId : party.legId) === participantId)
      return party.kind === "agent"
        ? { kind: "agent", agentId: party.agentId }
        : { kind: "external", legId: party.legId };
  throw new SvaraError("nobody of this id is in the call", { code: "no_such_party", httpStatus: 404 });
}

/** That a supervisor is in the call: told when they can be heard by all, or the centre wants it to be known. */
function monitoredOf(
  runtime: LiveRuntime,
  view: ConversationView,
  agentId: AgentId,
): Pick<DeskContact, "monitored"> {
  const shown = runtime.model.calling.showMonitoring;
  const modes = view.monitors
    .filter((monitor) => monitor.agentId === agentId && monitor.state === "on")
    .map(({ mode }) => mode)
    .filter((mode) => shown || mode !== "listen"); // who is spoken to knows it
  const [strongest] = (["barge", "whisper", "listen"] as const).filter((mode) => modes.includes(mode));
  return strongest ? { monitored: strongest } : {};
}
