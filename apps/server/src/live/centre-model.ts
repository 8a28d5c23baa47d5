import type { OpeningHours } from "@svara/calendar";
import type { CallingRules, Permission } from "@svara/contracts";
import type { DialRules, Line } from "@svara/dialing";
import type { EntryPointForm } from "@svara/flows";
import type {
  AgentId,
  ClientId,
  EndpointId,
  EntryPointId,
  HoursId,
  PromptId,
  QueueId,
  SiteId,
  SkillId,
  TeamId,
  TrunkId,
  UserId,
} from "@svara/kernel";
import type { CapacityRules, Medium, QueueConfig, RouterRules, Tier } from "@svara/routing";
import type { EndpointAccount, TrunkAccount } from "@svara/telephony";

export interface ModelClient {
  readonly id: ClientId;
  readonly name: string;
  /** IANA zone in which the client's days begin. */
  readonly timeZone: string;
  readonly recordCalls: boolean;
  /** ISO 3166-1 alpha-2: in whose way of writing its numbers are dialled. */
  readonly country: string;
  readonly dialing: ModelDialing;
  /** Shown when somebody calls out for this client, and nothing closer says otherwise. */
  readonly callerIdNumber: string | null;
}

/** What may be called for a client. */
export interface ModelDialing extends DialRules {
  /** Dialled before numbers outside; null: nothing is. */
  readonly outsidePrefix: string | null;
}

export interface ModelQueue extends QueueConfig {
  readonly name: string;
  readonly serviceLevelSec: number;
  /** Who leaves within it gave no chance to answer. */
  readonly shortAbandonMs: number;
  readonly serviceLevelTarget: number;
  readonly maxWaiting: number | null;
  /** Wrap-up cannot be finished without a disposition. */
  readonly dispositionRequired: boolean;
  /** An agent who talked with the customer in the last so many days is asked first; null: no. */
  readonly lastAgentDays: number | null;
  readonly autoAnswer: boolean;
  /** Played to the agent alone before the customer joins. */
  readonly whisperPromptId: PromptId | null;
  /** The number shown when somebody calls for this queue. */
  readonly callerIdNumberId: string | null;
}

/** Where a thing stands, as far as scopes of rights ask. */
export interface Place {
  readonly clientId?: ClientId | null;
  readonly queueId?: QueueId | null;
  readonly teamId?: TeamId | null;
  readonly siteId?: SiteId | null;
}

/** What somebody may do, and where. */
export interface Rights {
  /** Held anywhere at all. */
  has(permission: Permission): boolean;
  covers(permission: Permission, place: Place): boolean;
  clientsOf(permission: Permission): "all" | readonly ClientId[];
}

export interface ModelAgent {
  readonly id: AgentId;
  readonly userId: UserId;
  readonly name: string;
  readonly teamId: TeamId | null;
  readonly siteId: SiteId | null;
  readonly skills: Readonly<Record<SkillId, number>>;
  readonly tiers: readonly Tier[];
  /** How many items of a medium the agent has in hand at most. */
  readonly slots: Readonly<Partial<Record<Medium, number>>>;
  readonly capacity: CapacityRules | null;
  readonly queueIds: readonly QueueId[] | null;
  /** The queues out of which the agent may take contacts by hand. */
  readonly pickQueueIds: readonly QueueId[];
  /** The browser softphone of this user. */
  readonly browserEndpointId: EndpointId;
  /** Number by which colleagues reach this agent. */
  readonly extension: string | null;
  /** Their device answers by itself after a beep. */
  readonly autoAnswer: boolean;
  /** For what they do on a desk phone, where no session says it. */
  readonly rights: Rights;
}

export interface ModelPhone {
  readonly id: string;
  readonly endpointId: EndpointId;
  readonly name: string;
  readonly user: string;
  readonly ha1: { readonly md5: string; readonly sha256: string };
  /** The agent whose phone it is, or null: anybody may choose it. */
  readonly agentId: AgentId | null;
  readonly maxDevices: number;
  /** Null: as the phone wants it. */
  readonly srtp: NonNullable<EndpointAccount["srtp"]> | null;
}

export interface ModelTrunk extends TrunkAccount {
  readonly name: string;
  /** Most calls at once, both directions. */
  readonly maxCalls: number;
  /** In whose way of writing it has numbers: ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly incomingNumbers: "national" | "e164" | "as_sent";
  /** How calls go out over it; absent: none do. */
  readonly line?: Pick<Line, "order" | "format" | "prefix" | "callerId" | "emergency" | "countries">;
  /** The number shown where the call brings none of its own. */
  readonly callerNumber: string | null;
}

/** A number or extension and what it leads to. */
export interface ModelNumber {
  readonly id: string;
  readonly number: string;
  readonly clientId: ClientId;
  readonly label: string;
  readonly entryPointId: EntryPointId | null;
  readonly agentId: AgentId | null;
  /** May be shown when somebody calls out. */
  readonly outbound: boolean;
}

export interface ModelEntryPoint {
  readonly id: EntryPointId;
  readonly clientId: ClientId;
  readonly name: string;
  readonly version: number;
  readonly form: EntryPointForm;
}

export interface ModelReason {
  readonly id: string;
  readonly code: string;
  readonly paid: boolean;
  readonly productive: boolean;
}

/** The configuration as the live runtime needs it: read whole from the database at start and after each change. */
export interface CentreModel {
  readonly timeZone: string;
  /** What holds for the router of the whole centre. */
  readonly rules: RouterRules;
  /** What holds for calls in the whole centre. */
  readonly calling: CallingRules;
  readonly clients: ReadonlyMap<ClientId, ModelClient>;
  readonly queues: ReadonlyMap<QueueId, ModelQueue>;
  readonly agents: ReadonlyMap<AgentId, ModelAgent>;
  readonly phones: ReadonlyMap<EndpointId, ModelPhone>;
  readonly trunks: ReadonlyMap<TrunkId, ModelTrunk>;
  readonly numbers: ReadonlyMap<string, ModelNumber>;
  readonly entryPoints: ReadonlyMap<EntryPointId, ModelEntryPoint>;
  readonly hours: ReadonlyMap<HoursId, OpeningHours>;
  /** Absolute path of each uploaded prompt. */
  readonly prompts: ReadonlyMap<PromptId, string>;
  readonly reasons: ReadonlyMap<string, ModelReason>;
  /** The number of the newest configuration change. */
  readonly revision: number;
}
