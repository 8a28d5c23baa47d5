import type { DeskState, FloorState } from "@svara/contracts";
import { Signal } from "@svara/kernel";
import { HttpError, notFound } from "../http/http-error.ts";
import type { DeskAgent, FloorView, LiveService } from "../live/live-service.ts";

/** A live runtime without telephony: nobody calls, everybody is signed out. Its signals let a test push changes. */
export interface IdleLive extends LiveService {
  readonly deskChanges: Signal<{ readonly agentId: string; readonly delta: Partial<DeskState> }>;
  readonly floorChanges: Signal<Partial<FloorState>>;
  /** What was asked of the desk, in order. */
  readonly asked: string[];
}

const AGENTS = { available: 0, reserved: 0, talking: 0, wrap_up: 0, not_ready: 0 };

/** Queues to show on the floor, as a test wants them. */
export function idleLive(floor: () => FloorState["queues"] = () => []): IdleLive {
  const deskChanges: IdleLive["deskChanges"] = new Signal();
  const floorChanges: IdleLive["floorChanges"] = new Signal();
  const asked: string[] = [];
  const softphone = {
    sipUri: "sip:test@svara",
    wsPath: "/sip",
    displayName: "",
    tabLease: null,
    unavailable: null,
  };
  const ask = async (what: string): Promise<void> => {
    asked.push(what);
  };
  return {
    deskChanges,
    floorChanges,
    asked,
    activeContacts: 0,
    customerChanged: () => undefined,
    contactsErased: () => undefined,
    meters: () => ({ legs: 0, mediaLatenessMs: 0, dialogs: 0, transactions: 0 }),
    desk: {
      state: (agent) => deskOf(agent),
      watch: (agentId, listener) =>
        deskChanges.on((change) => {
          if (change.agentId === agentId) listener(change.delta);
        }),
      logIn: () => ask("logIn"),
      logOut: () => ask("logOut"),
      setPresence: () => ask("setPresence"),
      softphone: async () => softphone,
      claimSoftphone: async (_agent, tabId) => ({ ...softphone, tabLease: tabId }),
      reportMicrophone: () => ask("reportMicrophone"),
      setDevice: () => ask("setDevice"),
      call: async (_agent, call) => {
        asked.push(`call ${call.kind}`);
        return { contactId: "01990000-0000-7000-8000-000000000001" };
      },
      act: async () => {
        throw notFound("contact at your desk");
      },
      setWork: async () => {
        throw notFound("contact at your desk");
      },
      crossSell: async () => {
        throw notFound("contact at your desk");
      },
      pickable: () => [],
      pick: async () => {
        throw notFound("waiting contact");
      },
      directory: async () => [],
      setCalling: async () => ({
        doNotDisturb: false,
        diversions: { always: null, busy: null, no_answer: null, unreachable: null },
      }),
      callerIds: () => [],
      park: async () => {
        throw notFound("contact at your desk");
      },
      parked: () => [],
      fetchParked: async () => {
        throw notFound("parked call");
      },
      ringing: () => [],
      pickUp: async () => {
        throw notFound("ringing call");
      },
      contact: () => undefined,
    },
    floor: {
      state: (view) => floorOf(floor(), view),
      watch: (_view, listener) => floorChanges.on(listener),
      waiting: () => [],
      explain: () => undefined,
      whyNot: () => undefined,
      setPresence: () => ask("floor.setPresence"),
      logOut: () => ask("floor.logOut"),
      monitors: () => [],
      startMonitor: async () => {
        throw notFound("call");
      },
      changeMonitor: async () => {
        throw notFound("monitor");
      },
      takeOver: async () => {
        throw notFound("monitor");
      },
      stopMonitor: async () => {
        throw notFound("monitor");
      },
    },
    insight: { contacts: async () => [], waitEstimates: async () => [], definitions: () => [] },
    sip: { accept: (socket) => socket.close() },
    telephony: {
      trunk: async () => ({ calls: 0, registration: "none", reachable: null, detail: null, checkedAt: null }),
      phone: () => ({ registered: false, contact: null, userAgent: null, expiresAt: null }),
      trunksSeen: () => [],
      alarms: () => [],
      load: () => ({ legs: 0, bridges: 0, recordings: 0 }),
      bans: () => [],
      unban: () => false,
      tryNumber: () => ({
        kind: "none",
        e164: null,
        country: null,
        highCost: false,
        allowed: false,
        reason: "no_lines",
        remedy: "",
        ways: [],
      }),
    },
    drain: async () => {},
    close: async () => {},
  };
}

function deskOf({ agentId, displayName }: DeskAgent): DeskState {
  if (agentId === "") throw new HttpError("no agent", { status: 409, code: "no_agent" });
  return {
    agent: { id: agentId, name: displayName, presence: null, state: "logged_out", since: 0 },
    device: { kind: "browser", registered: false },
    calling: {
      doNotDisturb: false,
      diversions: { always: null, busy: null, no_answer: null, unreachable: null },
      mayDivertOutside: false,
      autoAnswer: false,
    },
    contacts: [],
    today: { handled: 0, talkMs: 0, holdMs: 0, wrapUpMs: 0, loggedInMs: 0, notReadyMs: 0, missed: 0 },
  };
}

function floorOf(queues: FloorState["queues"], view: FloorView): FloorState {
  const shown = queues.filter((queue) => view.queue(queue));
  return {
    date: "2026-01-05",
    queues: shown,
    agents: [],
    totals: {
      waiting: 0,
      longestWaitMs: 0,
      offered: 0,
      answered: 0,
      abandoned: 0,
      serviceLevel: null,
      definition: "SL4.v1",
      agentsLoggedIn: 0,
      agentsAvailable: 0,
      agentsTalking: 0,
    },
  };
}

/** A queue's row of the floor with nothing in it. */
export function idleQueue(id: string, clientId: string, name: string): FloorState["queues"][number] {
  return {
    id,
    name,
    clientId,
    medium: "voice",
    waiting: 0,
    longestWaitMs: 0,
    agents: AGENTS,
    serviceLevel: null,
    serviceLevelTarget: 0.8,
    thresholdSec: 20,
    definition: "SL4.v1",
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandoned: 0,
    flowOut: 0,
    abandonRate: null,
    answerRate: null,
    averageAnswerMs: null,
  };
}
