import * as path from "node:path";
import { DEFAULT_CALLING_RULES, type QueueDraft } from "@svara/contracts";
import type { AgentId, HoursId, QueueId, SkillId } from "@svara/kernel";
import { type CapacityRules, DEFAULT_RULES, type QueueConfig, type RouterRules } from "@svara/routing";
import { callingRulesKind } from "../clients/calling-rules-kind.ts";
import { centreKind } from "../clients/centre-kind.ts";
import { clientKind } from "../clients/client-kind.ts";
import { dialRulesKind, rulesOf } from "../clients/dial-rules-kind.ts";
import { routingRulesKind } from "../clients/routing-rules-kind.ts";
import { type EntryPointValue, entryPointKind, formOf } from "../entry-points/entry-point-kind.ts";
import { hoursKind, openingHoursOf } from "../hours/hours-kind.ts";
import { accessOf } from "../identity/held-grants.ts";
import { type UserValue, userKind } from "../identity/user-kind.ts";
import type {
  CentreModel,
  ModelAgent,
  ModelEntryPoint,
  ModelQueue,
  ModelTrunk,
} from "../live/centre-model.ts";
import { numberKind } from "../numbers/number-kind.ts";
import type { Catalogue } from "../office/catalogue.ts";
import type { OfficeKind, Stored } from "../office/office-kind.ts";
import { capacityProfileKind } from "../organisation/capacity-profile-kind.ts";
import { reasonKind } from "../organisation/organisation-kinds.ts";
import { phoneKind } from "../phones/phone-kind.ts";
import { promptKind } from "../prompts/prompt-kind.ts";
import { queueKind } from "../queues/queue-kind.ts";
import type { SecretBox } from "../secrets/index.ts";
import { outboundPassword, type TrunkExtra, type TrunkValue } from "../trunks/trunk-kind.ts";
import { queueConfigOf } from "./queue-config.ts";

export interface CentreModelSources {
  readonly catalogue: Catalogue;
  readonly trunkKind: OfficeKind<TrunkValue, TrunkExtra>;
  readonly box: SecretBox;
  /** Absolute. */
  readonly promptsFolder: string;
  readonly revision: number;
}

/** The configuration as the live runtime wants it, made from the catalogue. Only what is in use. */
export function centreModelOf(sources: CentreModelSources): CentreModel {
  const { catalogue, trunkKind, box, promptsFolder, revision } = sources;
  const [centre] = catalogue.inUse(centreKind);
  const queues = catalogue.inUse(queueKind);
  return {
    timeZone: centre?.value.timeZone ?? "UTC",
    clients: mapped(catalogue.inUse(clientKind), ({ id, value }) => ({
      id,
      name: value.name,
      timeZone: value.timeZone,
      recordCalls: value.recordCalls,
      callerIdNumber: value.callerIdNumber,
      country: value.country,
      dialing: catalogue.get(dialRulesKind, id)?.value ?? rulesOf({}),
    })),
    rules: routerRulesOf(catalogue),
    calling: catalogue.inUse(callingRulesKind)[0]?.value ?? DEFAULT_CALLING_RULES,
    queues: mapped(queues, (queue) => queueOf(queue, catalogue)),
    agents: agentsOf(catalogue, queues),
    phones: new Map(
      catalogue.inUse(phoneKind).flatMap(({ id, value, extra }) =>
        extra.ha1
          ? [
              [
                id,
                {
                  id,
                  endpointId: id,
                  name: value.name,
                  user: value.username,
                  ha1: extra.ha1,
                  agentId: value.agentId,
                  maxDevices: value.maxDevices,
                  srtp: value.srtp,
                },
              ] as const,
            ]
          : [],
      ),
    ),
    trunks: mapped(catalogue.inUse(trunkKind), (stored) => trunkOf(stored, box, centre?.value.country ?? "")),
    numbers: new Map(
      catalogue.inUse(numberKind).map(({ id, value }) => [
        value.number,
        {
          id,
          number: value.number,
          clientId: value.clientId,
          label: value.label,
          outbound: value.outbound,
          entryPointId: value.target.kind === "entry_point" ? value.target.entryPointId : null,
          agentId: value.target.kind === "agent" ? value.target.agentId : null,
        },
      ]),
    ),
    entryPoints: mapped(catalogue.inUse(entryPointKind), entryPointOf),
    hours: mapped(catalogue.inUse(hoursKind), ({ value }) => openingHoursOf(value)),
    prompts: mapped(catalogue.inUse(promptKind), ({ value }) => path.join(promptsFolder, value.storageKey)),
    // reasons of the past keep their meaning for those who are in them now
    reasons: new Map(
      [...catalogue.all(reasonKind).values()].map(({ id, value }) => [
        id,
        { id, code: value.code, paid: value.paid, productive: value.productive },
      ]),
    ),
    revision,
  };
}

/** The rules of the whole centre; the router's own until somebody changed them. */
export function routerRulesOf(catalogue: Catalogue): RouterRules {
  return catalogue.inUse(routingRulesKind)[0]?.value ?? DEFAULT_RULES;
}

function mapped<Value, Extra, Model>(
  stored: readonly Stored<Value, Extra>[],
  modelOf: (stored: Stored<Value, Extra>) => Model,
): ReadonlyMap<string, Model> {
  return new Map(stored.map((one) => [one.id, modelOf(one)]));
}

type StoredQueue = Pick<Stored<QueueDraft>, "id" | "value">;

/** The router's part of a stored queue. */
export function storedQueueConfig({ id, value }: StoredQueue, catalogue: Catalogue): QueueConfig {
  return queueConfigOf(id, value, (hoursId: HoursId) => {
    const hours = catalogue.get(hoursKind, hoursId);
    return hours && !hours.archived ? openingHoursOf(hours.value) : undefined;
  });
}

function queueOf(stored: StoredQueue, catalogue: Catalogue): ModelQueue {
  const { value } = stored;
  return {
    ...storedQueueConfig(stored, catalogue),
    name: value.name,
    serviceLevelSec: value.serviceLevel.thresholdMs / 1000,
    serviceLevelTarget: value.serviceLevel.target,
    shortAbandonMs: value.shortAbandonMs,
    maxWaiting: value.maxWaiting,
    dispositionRequired: value.dispositionRequired,
    lastAgentDays: value.routing.lastAgentDays,
    ...value.calling,
  };
}

/** Active users with an agent's profile, what they may have in hand, and the queues they may serve where queues choose. */
export function agentsOf(
  catalogue: Catalogue,
  queues: readonly StoredQueue[],
): ReadonlyMap<AgentId, ModelAgent> {
  const restricted = queues.some(({ value }) => value.teamIds.length > 0 || value.agentIds.length > 0);
  const agents = new Map<AgentId, ModelAgent>();
  for (const { id, value } of catalogue.inUse(userKind)) {
    const { agent } = value;
    if (!agent || !value.active) continue;
    const skills: Record<SkillId, number> = {};
    for (const { skillId, level } of agent.skills) skills[skillId] = level;
    agents.set(id, {
      id,
      userId: id,
      name: value.displayName,
      teamId: agent.teamId,
      siteId: agent.siteId,
      skills,
      tiers: agent.tiers,
      ...capacityOf(catalogue, agent.capacityProfileId),
      pickQueueIds: pickQueues(value.grants, catalogue, queues),
      queueIds: restricted ? queuesFor(id, agent.teamId, queues) : null,
      browserEndpointId: id,
      extension: agent.extension,
      autoAnswer: agent.autoAnswer,
      rights: accessOf(value.grants, catalogue),
    });
  }
  return agents;
}

/** By the agent's capacity profile; one call at a time without. A profile that was taken out of use goes on for its agents. */
function capacityOf(catalogue: Catalogue, profileId: string | null): Pick<ModelAgent, "slots" | "capacity"> {
  const profile = profileId === null ? undefined : catalogue.get(capacityProfileKind, profileId)?.value;
  if (!profile) return { slots: { voice: 1 }, capacity: null };
  const { slots, apart, interrupts } = profile;
  const given = Object.entries(slots).filter(([, most]) => (most ?? 0) > 0);
  const rules = apart.length > 0 || Object.keys(interrupts).length > 0;
  return {
    slots: Object.fromEntries(given),
    capacity: rules ? { apart, interrupts: interrupts as NonNullable<CapacityRules["interrupts"]> } : null,
  };
}

/** The queues out of which the user's roles let them pick. */
function pickQueues(
  grants: UserValue["grants"],
  catalogue: Catalogue,
  queues: readonly StoredQueue[],
): readonly QueueId[] {
  const access = accessOf(grants, catalogue);
  if (!access.has("desk.pick")) return [];
  return queues
    .filter(({ id, value }) => access.covers("desk.pick", { clientId: value.clientId, queueId: id }))
    .map((queue) => queue.id);
}

function queuesFor(agentId: AgentId, teamId: string | null, queues: readonly StoredQueue[]): QueueId[] {
  return queues
    .filter(
      ({ value }) =>
        (value.teamIds.length === 0 && value.agentIds.length === 0) ||
        (teamId !== null && value.teamIds.includes(teamId)) ||
        value.agentIds.includes(agentId),
    )
    .map((queue) => queue.id);
}

function trunkOf(
  { id, value, extra }: Stored<TrunkValue, TrunkExtra>,
  box: SecretBox,
  centreCountry: string,
): ModelTrunk {
  const { inbound, outbound } = value;
  const password = outboundPassword(box, extra);
  return {
    trunkId: id,
    name: value.name,
    callerNumber: outbound?.callerId ?? null,
    addresses: inbound.kind === "address" ? inbound.addresses : [],
    register: outbound?.register ?? false,
    maxCalls: value.maxCalls,
    country: value.country ?? centreCountry,
    incomingNumbers: value.incomingNumbers,
    ...(outbound && waysOutOf(outbound)),
    ...(inbound.kind === "digest" &&
      extra.inboundHa1 && { inbound: { username: inbound.username, ha1: extra.inboundHa1 } }),
    ...(outbound?.username &&
      password !== undefined && { outbound: { username: outbound.username, password } }),
  };
}

/** The carrier's doors, how they are spoken with, and which calls they get. */
function waysOutOf(outbound: NonNullable<TrunkValue["outbound"]>): Partial<ModelTrunk> {
  const { host, port, transport, morePeers, srtp, tlsTrust, keepAliveSec } = outbound;
  const { order, format, prefix, callerIdPolicy, emergency, countries } = outbound;
  return {
    peer: { host, port, transport },
    morePeers: morePeers.map((peer) => ({ ...peer, transport })),
    srtp,
    tlsTrust,
    keepAliveMs: keepAliveSec * 1000,
    line: { order, format, prefix, callerId: callerIdPolicy, emergency, countries },
  };
}

function entryPointOf({
  id,
  value,
  extra,
}: Stored<EntryPointValue, { readonly version: number }>): ModelEntryPoint {
  return {
    id,
    clientId: value.clientId,
    name: value.name,
    version: extra.version,
    form: formOf(value.form),
  };
}
