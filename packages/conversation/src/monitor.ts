import type { AgentId } from "@svara/kernel";
import type { PayloadOf } from "@svara/ledger";
import { partyAnswered } from "./conference.ts";
import { connectAgent, customerLeg } from "./connect.ts";
import { agentOf, enterPlace } from "./customer.ts";
import type { BridgeRole } from "./effects.ts";
import { releaseAgent, startHandler } from "./handlers.ts";
import type { MonitorMode, Refusal, VisitorInput } from "./inputs.ts";
import { addIncoming, hang, join, leave, legOf, ring, ringLimitMs, silence } from "./legs.ts";
import type { Leg, Monitor } from "./state.ts";
import type { Turn } from "./turn.ts";

/** A supervisor comes to an agent's call. */
export function startMonitor(
  turn: Turn,
  input: Extract<VisitorInput, { type: "monitor.start" }>,
): Refusal | undefined {
  const { supervisorId, agentId, mode, endpointId, legId: calledIn } = input;
  const { handlers, monitors } = turn.state;
  const { contactId } = turn;
  const handler = handlers[agentId];
  if (handler === undefined || handler.state === "wrap_up") return "not_on_contact";
  if (handler.state === "ringing") return "wrong_state";
  if (monitors[supervisorId]) return "already_monitoring";
  const own = handlers[supervisorId];
  if (supervisorId === agentId || (own !== undefined && own.state !== "wrap_up")) return "same_agent";
  const target = { kind: "agent", agentId: supervisorId, ...(endpointId && { endpointId }) } as const;
  const purpose = "monitor";
  const role = "supervisor";
  const timeoutMs = ringLimitMs(turn, target);
  const near = handler.legId;
  const leg =
    calledIn === undefined
      ? ring(turn, { target, role, purpose, contactId, timeoutMs, ...(near && { near }) })
      : addIncoming(turn, { legId: calledIn, role, purpose, contactId, agentId: supervisorId });
  const monitorId = turn.ids.next();
  monitors[supervisorId] = { monitorId, supervisorId, agentId, mode, legId: leg.legId, since: turn.at };
  return undefined;
}

/** The supervisor is on the line. `alignMonitors` brings them to the agent. */
export function monitorAnswered(turn: Turn, leg: Leg): void {
  const monitor = monitorOf(turn, leg);
  if (monitor === undefined) return hang(turn, leg.legId, "normal", "us");
  const { monitorId, supervisorId, agentId, mode } = monitor;
  turn.write("monitor.started", { agentId }, { monitorId, mode, supervisorId });
  turn.emit({ to: "router", type: "monitor.started", contactId: turn.contactId, supervisorId });
}

export function setMode(turn: Turn, monitor: Monitor, mode: MonitorMode): void {
  if (monitor.mode === mode) return;
  monitor.mode = mode;
  const { monitorId, supervisorId, agentId } = monitor;
  if (isOn(turn, monitor)) turn.write("monitor.changed", { agentId }, { monitorId, supervisorId, mode });
}

/** The supervisor's leg is gone (or never came): nothing but the monitoring ends. */
export function monitorLegEnded(turn: Turn, leg: Leg, wasUp: boolean, reason: "supervisor" | "lost"): void {
  const monitor = monitorOf(turn, leg);
  if (monitor === undefined) return;
  delete turn.state.monitors[monitor.supervisorId];
  if (wasUp) writeEnded(turn, monitor, reason);
}

export function endMonitor(
  turn: Turn,
  monitor: Monitor,
  reason: NonNullable<PayloadOf<"monitor.ended">["reason"]>,
): void {
  const wasOn = isOn(turn, monitor);
  delete turn.state.monitors[monitor.supervisorId];
  if (wasOn) writeEnded(turn, monitor, reason);
  if (reason !== "taken_over") hang(turn, monitor.legId, "normal", reason === "supervisor" ? "agent" : "us");
}

/**
 * Brings every supervisor to the bridge in which the agent's leg is, in the role of their mode: they hear what the agent
 * hears. Ends the monitoring of agents who have left, and of a supervisor who takes part by now. Done after every turn.
 */
export function alignMonitors(turn: Turn): void {
  for (const monitor of Object.values(turn.state.monitors)) {
    const handler = turn.state.handlers[monitor.agentId];
    const own = turn.state.handlers[monitor.supervisorId]?.state;
    if (own !== undefined && own !== "ringing" && own !== "wrap_up") {
      endMonitor(turn, monitor, "supervisor");
      continue;
    }
    if (turn.state.phase !== "open" || handler === undefined || handler.state === "wrap_up") {
      endMonitor(turn, monitor, "agent_left");
      continue;
    }
    if (!isOn(turn, monitor)) continue;
    const heard = legOf(turn, handler.legId);
    if (heard?.bridge === undefined) leave(turn, monitor.legId);
    else join(turn, heard.bridge, monitor.legId, roleOf(monitor.mode, heard));
  }
}

function roleOf(mode: MonitorMode, agent: Leg): BridgeRole {
  switch (mode) {
    case "listen":
      return { type: "listen" };
    case "whisper":
      return { type: "whisper", to: [agent.legId] };
    case "barge":
      return { type: "talk" };
  }
}

/** The supervisor has the customer from now; the agent goes into after-contact work. */
export function takeOver(turn: Turn, supervisorId: AgentId): Refusal | undefined {
  const { monitors, place, side, handlers, conference } = turn.state;
  const monitor = monitors[supervisorId];
  if (monitor === undefined) return "not_monitoring";
  if (!isOn(turn, monitor)) return "not_answered_yet";
  const { agentId, legId } = monitor;
  // an offer rings at them meanwhile
  if (handlers[supervisorId]?.state === "ringing") return "same_agent";
  if (side) return side.internal ? "no_customer" : "consult_running";
  const before = handlers[agentId];
  const inConference = before?.state === "conferenced";
  const lostOut = before?.until !== undefined;
  if (agentOf(place) !== agentId && !inConference && !lostOut) return "wrong_state";
  const leg = legOf(turn, legId);
  if (leg === undefined) return "wrong_state";
  endMonitor(turn, monitor, "taken_over");
  turn.state.legs[legId] = { ...leg, role: "agent", purpose: "take_over" };
  const { contactId } = turn;
  const purpose = "take_over";
  if (!lostOut) turn.emit({ to: "router", type: "item.assigned", contactId, agentId: supervisorId, purpose });
  turn.write("contact.taken_over", { agentId: supervisorId }, { fromAgentId: agentId });
  const state = lostOut ? "ringing" : inConference ? "conferenced" : "talking";
  startHandler(turn, { agentId: supervisorId, contactId, purpose, legId, state });
  if (conference)
    conference.parties = conference.parties.map((party) =>
      party.kind === "agent" && party.agentId === agentId ? { kind: "agent", agentId: supervisorId } : party,
    );
  const now = legOf(turn, legId);
  if (lostOut && now) {
    partyAnswered(turn, now);
  } else if (inConference) {
    const left = before?.legId;
    if (left) turn.write("conference.left", { legId: left, agentId }, { party: "agent", reason: "left" });
    turn.write("conference.joined", { legId, agentId: supervisorId }, { party: "agent" });
    join(turn, "main", legId);
    if (agentOf(place) === agentId && "agentId" in place)
      enterPlace(turn, { ...place, agentId: supervisorId });
  } else {
    const customer = customerLeg(turn);
    if (customer) silence(turn, customer);
    connectAgent(turn, supervisorId, legId);
  }
  releaseAgent(turn, agentId, { reason: "transferred", wrapUp: true });
  return undefined;
}

function monitorOf(turn: Turn, leg: Leg): Monitor | undefined {
  return Object.values(turn.state.monitors).find((monitor) => monitor.legId === leg.legId);
}

function isOn(turn: Turn, monitor: Monitor): boolean {
  return legOf(turn, monitor.legId)?.state === "up";
}

function writeEnded(
  turn: Turn,
  { monitorId, supervisorId, agentId }: Monitor,
  reason: NonNullable<PayloadOf<"monitor.ended">["reason"]>,
): void {
  turn.write("monitor.ended", { agentId }, { monitorId, supervisorId, reason });
  turn.emit({ to: "router", type: "monitor.ended", contactId: turn.contactId, supervisorId });
}
