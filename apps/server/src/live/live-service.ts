import type {
  Alarm,
  Calling,
  CallingChange,
  callerIdChoice,
  DeskContact,
  DeskDelta,
  DeskState,
  DialTrial,
  DirectoryEntry,
  FloorDelta,
  FloorState,
  Monitor,
  MonitorMode,
  PresenceChoice,
  parkedCall,
  ringingCall,
  Softphone,
  TransferTargetChoice,
} from "@svara/contracts";
import type {
  AgentId,
  ClientId,
  ContactId,
  CustomerId,
  Disposable,
  EndpointId,
  Instant,
  QueueId,
  SiteId,
  TeamId,
  TrunkId,
} from "@svara/kernel";
import type { AgentReason, Tier, WaitExplanation } from "@svara/routing";
import type { WebSocket } from "ws";
import type { z } from "zod";
import type { PlannedCall } from "./call-gate.ts";
import type { Rights } from "./centre-model.ts";
import type { Supervisor } from "./monitoring.ts";
import type { WaitAccuracy } from "./wait-accuracy.ts";

/** The agent who acts at the desk, known by the session. */
export interface DeskAgent {
  readonly agentId: AgentId;
  readonly displayName: string;
  /** May call numbers outside the centre. */
  readonly mayDialOut: boolean;
  /** Clients for whom the agent may work; `all` for every one. */
  readonly clients: "all" | readonly ClientId[];
  /** What the session, or the token, may do; absent: all that the agent may. */
  readonly rights?: Rights;
}

export type DeskCall =
  | {
      readonly kind: "number";
      readonly number: string;
      readonly clientId?: ClientId;
      readonly fromNumberId?: string;
    }
  | { readonly kind: "agent"; readonly agentId: AgentId }
  | { readonly kind: "queue"; readonly queueId: QueueId };

/** A device of one's own. */
export type DeviceChoice =
  | { readonly kind: "browser" }
  | { readonly kind: "phone"; readonly phoneId: string };

/** What an agent does to a contact. Those that are not possible now throw a SvaraError with status 409. */
export type DeskAction =
  | { readonly kind: "accept" }
  | { readonly kind: "refuse" }
  | { readonly kind: "hold" }
  | { readonly kind: "resume" }
  | { readonly kind: "hang_up" }
  | { readonly kind: "dtmf"; readonly digits: string }
  | { readonly kind: "transfer"; readonly target: TransferTargetChoice }
  | { readonly kind: "consult"; readonly target: TransferTargetChoice }
  | { readonly kind: "consult_complete" }
  | { readonly kind: "consult_cancel" }
  | { readonly kind: "consult_swap" }
  | { readonly kind: "conference_merge" }
  | {
      readonly kind: "conference_add";
      readonly target: Extract<TransferTargetChoice, { kind: "agent" | "number" }>;
    }
  | { readonly kind: "conference_drop"; readonly participantId: string }
  | { readonly kind: "conference_leave" }
  | { readonly kind: "move"; readonly device: DeviceChoice }
  | { readonly kind: "reattach" }
  | { readonly kind: "mute"; readonly muted: boolean }
  | { readonly kind: "pause_recording" }
  | { readonly kind: "resume_recording" }
  | { readonly kind: "finish_wrap_up" }
  | { readonly kind: "request_wrap_up"; readonly wanted: boolean }
  | { readonly kind: "extend_wrap_up"; readonly byMs: number }
  | {
      readonly kind: "escalate";
      readonly tier: Tier;
      readonly queueId?: QueueId;
      readonly reason?: string;
    };

/** A waiting contact that an agent may take by hand. */
export interface Pickable {
  readonly contactId: ContactId;
  readonly shortNumber: number;
  readonly enqueuedAt: Instant;
  readonly priority: number;
  readonly ringing: boolean;
}

/** Whether the load permits to offer something more. */
export interface CrossSellAnswer {
  readonly allowed: boolean;
  readonly because: "no_rule" | "in_system" | "waiting" | "open_agents" | "criterion" | null;
  readonly inSystem: number;
  readonly waiting: number;
  readonly openAgents: number;
}

export interface DeskWork {
  readonly notes?: string;
  readonly dispositionId?: string | null;
}

/** The agent's desk. Contacts that are not in the agent's hands throw a SvaraError with status 404. */
export interface DeskService {
  state(agent: DeskAgent): Promise<DeskState> | DeskState;
  /** Calls back with each change after the state that was read last; the result ends it. */
  watch(agentId: AgentId, listener: (delta: DeskDelta) => void): Disposable;
  logIn(agent: DeskAgent, presence: PresenceChoice | undefined): Promise<void>;
  logOut(agent: DeskAgent): Promise<void>;
  setPresence(agent: DeskAgent, presence: PresenceChoice): Promise<void>;
  softphone(agent: DeskAgent): Promise<Softphone>;
  claimSoftphone(agent: DeskAgent, tabId: string, takeOver: boolean): Promise<Softphone>;
  reportMicrophone(agent: DeskAgent, ok: boolean, reason: string | undefined): Promise<void>;
  setDevice(agent: DeskAgent, device: DeviceChoice): Promise<void>;
  setCalling(agent: DeskAgent, change: CallingChange): Promise<Calling>;
  callerIds(agent: DeskAgent, clientId: string | undefined): readonly z.output<typeof callerIdChoice>[];
  /** The slot in which the customer waits. */
  park(agent: DeskAgent, contactId: ContactId, slot: number | undefined): Promise<number>;
  parked(agent: DeskAgent): readonly z.output<typeof parkedCall>[];
  fetchParked(agent: DeskAgent, slot: number): Promise<ContactId>;
  ringing(agent: DeskAgent): readonly z.output<typeof ringingCall>[];
  pickUp(agent: DeskAgent, contactId: ContactId): Promise<ContactId>;
  call(agent: DeskAgent, call: DeskCall): Promise<{ readonly contactId: ContactId }>;
  act(agent: DeskAgent, contactId: ContactId, action: DeskAction): Promise<void>;
  crossSell(agent: DeskAgent, contactId: ContactId): Promise<CrossSellAnswer>;
  /** The queues of which the agent may pick, as far as `may` allows. */
  pickable(
    agent: DeskAgent,
    may: FloorView["queue"],
  ): readonly { readonly id: QueueId; readonly name: string; readonly waiting: readonly Pickable[] }[];
  /** Rings the agent's device with a waiting contact. */
  pick(agent: DeskAgent, contactId: ContactId, may: FloorView["queue"]): Promise<void>;
  setWork(agent: DeskAgent, contactId: ContactId, work: DeskWork): Promise<void>;
  directory(
    agent: DeskAgent,
    search: string,
    more?: { readonly entryPoints?: boolean },
  ): Promise<readonly DirectoryEntry[]>;
  /** The contact as the desk shows it, if it is in the agent's hands. */
  contact(agentId: AgentId, contactId: ContactId): DeskContact | undefined;
}

/** What a reader may see of the floor. Two views with the same `key` see the same. */
export interface FloorView {
  readonly key: string;
  queue(queue: { readonly id: QueueId; readonly clientId: ClientId }): boolean;
  agent(agent: { readonly id: AgentId; readonly teamId?: TeamId; readonly siteId?: SiteId }): boolean;
}

export interface FloorService {
  state(view: FloorView): FloorState;
  /** At most a few times a second, with what changed since. */
  watch(view: FloorView, listener: (delta: FloorDelta) => void): Disposable;
  waiting(queueId: QueueId): readonly {
    readonly contactId: ContactId;
    readonly shortNumber: number;
    readonly enqueuedAt: Instant;
    readonly priority: number;
    readonly state: string;
    readonly position: number | null;
    readonly expectedMs: number | null;
    readonly stepsTaken: number;
    readonly callback: boolean;
  }[];
  /** Why a contact waits; undefined: it does not wait, or in a queue that the view does not show. */
  explain(
    view: FloorView,
    contactId: ContactId,
  ): { readonly shortNumber: number; readonly explanation: WaitExplanation } | undefined;
  /** Every reason why the agent does not get it; undefined also for an agent whom the view does not show. */
  whyNot(view: FloorView, contactId: ContactId, agentId: AgentId): readonly AgentReason[] | undefined;
  setPresence(by: string, agentId: AgentId, presence: PresenceChoice): Promise<void>;
  logOut(by: string, agentId: AgentId): Promise<void>;
  monitors(rights: Rights): readonly Monitor[];
  startMonitor(
    by: Supervisor,
    call: {
      readonly contactId: ContactId;
      readonly agentId?: AgentId | undefined;
      readonly mode: MonitorMode;
    },
  ): Promise<Monitor>;
  changeMonitor(by: Supervisor, id: string, mode: MonitorMode): Promise<Monitor>;
  takeOver(by: Supervisor, id: string): Promise<ContactId>;
  stopMonitor(by: Supervisor, id: string): Promise<void>;
}

export type FloorMetric =
  | "offered"
  | "answered"
  | "answered_in_time"
  | "abandoned"
  | "short_abandoned"
  | "waiting"
  | "flow_out";

export interface InsightService {
  /** The contacts that made a figure of a queue (of all that the view shows when none is given) on a day. */
  contacts(
    view: FloorView,
    question: { readonly queueId?: QueueId; readonly metric: FloorMetric; readonly date: string },
  ): Promise<readonly ContactId[]>;
  /** How good the expected waits were, by queue and day, both days included. */
  waitEstimates(
    view: FloorView,
    question: { readonly queueId?: QueueId; readonly from: string; readonly to: string },
  ): Promise<readonly (WaitAccuracy & { readonly queueName: string })[]>;
  definitions(): readonly {
    readonly id: string;
    readonly code: string;
    readonly unit: string;
    readonly formula: string;
  }[];
}

/** A browser that has opened `/sip`, already known by its session. It may register its own endpoint only. */
export interface SipUpgrade {
  accept(
    socket: WebSocket,
    who: {
      readonly agentId: AgentId;
      readonly displayName: string;
      readonly source: { readonly host: string; readonly port: number };
      readonly secure: boolean;
    },
  ): void;
  /** Takes a socket of nobody known, who signs in by digest; absent: none is taken. */
  acceptPhone?(
    socket: WebSocket,
    from: { readonly source: { readonly host: string; readonly port: number }; readonly secure: boolean },
  ): void;
}

export interface TelephonyStatus {
  trunk(id: TrunkId): Promise<{
    readonly calls: number;
    readonly registration: "none" | "registering" | "registered" | "failed";
    readonly reachable: boolean | null;
    readonly detail: string | null;
    readonly checkedAt: Instant | null;
  }>;
  phone(id: EndpointId): {
    readonly registered: boolean;
    readonly contact: string | null;
    readonly userAgent: string | null;
    readonly expiresAt: Instant | null;
  };
  /** Trunks of which something was heard: whether they answer, or are registered. */
  trunksSeen(): readonly { readonly id: TrunkId; readonly up: boolean }[];
  /** What would happen if this were dialled. */
  tryNumber(call: PlannedCall): DialTrial;
  /** What an administrator should look at, the newest first. */
  alarms(): readonly Alarm[];
  /** What runs on the switch. */
  load(): { readonly legs: number; readonly bridges: number; readonly recordings: number };
  bans(): readonly { readonly address: string; readonly until: Instant; readonly reason: string }[];
  /** False: the address was not banned. */
  unban(address: string): boolean;
}

/** The live runtime as the HTTP side sees it. */
export interface LiveService {
  readonly desk: DeskService;
  readonly floor: FloorService;
  readonly insight: InsightService;
  readonly sip: SipUpgrade;
  readonly telephony: TelephonyStatus;
  /** Contacts that are going on. */
  readonly activeContacts: number;
  /** Somebody corrected a customer's record. */
  customerChanged(id: CustomerId, name: string | null): void;
  /** What was known of these contacts is erased. */
  contactsErased(contactIds: readonly ContactId[]): void;
  /**
   * Figures for the metrics: telephony legs that exist, how late the media clock ran at worst since the last reading, and what
   * the SIP stack holds.
   */
  meters(): {
    readonly legs: number;
    readonly mediaLatenessMs: number;
    readonly dialogs: number;
    readonly transactions: number;
  };
  /** Takes no new calls; resolves when the last running one has ended or `limitMs` is over. */
  drain(limitMs: number): Promise<void>;
  close(): Promise<void>;
}
