import type { AgentId, Instant, QueueId, SkillId } from "@svara/kernel";
import type { Agent } from "./agent.ts";
import { hasRoom } from "./capacity.ts";
import type { Gate } from "./gate.ts";
import type { Item } from "./line.ts";
import { mediumBit, mediumIndex } from "./medium-bits.ts";
import type { AgentState, GroupId, ItemId, Medium, Requirement, SiteId, Tier } from "./model.ts";
import type { SkillSet } from "./skill-set.ts";

/**
 * Why an agent does not get an item. The first ones are of the configuration, the others pass by themselves. Where agents
 * are counted by reason, what is one agent's own (`has`, `until`, `itemId`) is left out.
 */
export type AgentReason =
  /** The item is that agent's and nobody else's. */
  | { readonly code: "for_another_only"; readonly agentId: AgentId }
  | { readonly code: "no_slot"; readonly medium: Medium }
  /** The agent's configuration names queues, and not this one. */
  | { readonly code: "other_queues"; readonly queueId: QueueId }
  | { readonly code: "other_groups"; readonly groups: readonly GroupId[] }
  | { readonly code: "other_site"; readonly sites: readonly SiteId[] }
  | { readonly code: "other_tier"; readonly tiers: readonly Tier[] }
  | {
      readonly code: "lacks_skill";
      readonly skillId: SkillId;
      readonly minProficiency: number;
      readonly has?: number;
    }
  | { readonly code: "logged_out" }
  /** Logs out, or is removed, when the work in hand has ended. */
  | { readonly code: "leaving" }
  | { readonly code: "disconnected" }
  | { readonly code: "not_ready"; readonly reason: string }
  /** After a missed offer. */
  | { readonly code: "resting"; readonly until?: Instant }
  | { readonly code: "unreachable"; readonly medium: Medium }
  /** The item itself rings there. */
  | { readonly code: "offered" }
  /** Something else rings there. */
  | { readonly code: "ringing"; readonly itemId?: ItemId }
  /** No slot of the medium is free, or a call that no queue gave. */
  | { readonly code: "busy"; readonly state: AgentState }
  /** A slot is free, but work of another medium in hand excludes this one. */
  | { readonly code: "no_room"; readonly state: AgentState }
  /** The item waits a while for that agent alone. */
  | { readonly code: "waits_for_another"; readonly agentId: AgentId }
  /** Blending keeps the agent for protected queues. */
  | { readonly code: "held_back" }
  /** The item rings at that agent. */
  | { readonly code: "rings_elsewhere"; readonly agentId: AgentId }
  /** The item may not be offered to anybody before. */
  | { readonly code: "dormant"; readonly until: Instant };

/** The words of the requirement that agents of the set do not meet; none exactly if they can serve (`SkillSet.canServe`). */
export function lacksOf(
  set: SkillSet,
  queueId: QueueId,
  medium: Medium,
  { skills, groups, sites, tiers }: Requirement,
): AgentReason[] {
  const lacks: AgentReason[] = [];
  if ((set.slots[medium] ?? 0) <= 0) lacks.push({ code: "no_slot", medium });
  if (set.queueIds !== null && !set.queueIds.has(queueId)) lacks.push({ code: "other_queues", queueId });
  if (groups !== undefined && !groups.some((group) => set.groups.includes(group))) {
    lacks.push({ code: "other_groups", groups });
  }
  if (sites !== undefined && (set.siteId === undefined || !sites.includes(set.siteId))) {
    lacks.push({ code: "other_site", sites });
  }
  if (tiers !== undefined && !tiers.some((tier) => set.tiers.includes(tier))) {
    lacks.push({ code: "other_tier", tiers });
  }
  for (const { skillId, minProficiency } of skills) {
    const has = set.proficiency(skillId);
    if (has < minProficiency) lacks.push({ code: "lacks_skill", skillId, minProficiency, has });
  }
  return lacks;
}

/** What keeps an agent, who could serve the item, from it now. */
export function hindrancesOf(agent: Agent, item: Item, gate: Gate): AgentReason[] {
  const { medium } = item.work;
  if (!agent.loggedIn) return [{ code: "logged_out" }];
  const found: AgentReason[] = [];
  const { presence, rest, offer, state } = agent;
  if (agent.leaving || agent.retired) found.push({ code: "leaving" });
  if (!agent.connected) found.push({ code: "disconnected" });
  if (presence.state === "not_ready") found.push({ code: "not_ready", reason: presence.reason });
  if (rest !== null) found.push({ code: "resting", until: rest.due });
  if ((agent.reachable & mediumBit(medium)) === 0) found.push({ code: "unreachable", medium });
  if (offer !== null) {
    found.push(offer.item === item ? { code: "offered" } : { code: "ringing", itemId: offer.item.id });
  }
  const isFull = (agent.inHand[mediumIndex(medium)] ?? 0) >= (agent.set.slots[medium] ?? 0);
  if (agent.busyOther || isFull) found.push({ code: "busy", state });
  else if (!hasRoom(agent, medium)) found.push({ code: "no_room", state });
  if (item.offer !== null && item.offer.agent !== agent) {
    found.push({ code: "rings_elsewhere", agentId: item.offer.agent.id });
  }
  if (item.dormantUntil !== null) found.push({ code: "dormant", until: item.dormantUntil });
  const { owner, mode } = item.workClass;
  if (item.offer === null && mode === "held" && owner !== null && owner !== agent.id) {
    found.push({ code: "waits_for_another", agentId: owner });
  }
  if (!gate.lets(agent)) found.push({ code: "held_back" });
  return found;
}

/** The reason as it is counted, without what is one agent's own. */
export function shared(reason: AgentReason): AgentReason {
  switch (reason.code) {
    case "lacks_skill": {
      const { has: _has, ...rest } = reason;
      return rest;
    }
    case "resting":
    case "ringing":
      return { code: reason.code };
    default:
      return reason;
  }
}
