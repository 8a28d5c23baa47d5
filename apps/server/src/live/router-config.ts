import type { AgentConfig, GroupId, QueueConfig } from "@svara/routing";
import type { ModelAgent, ModelQueue } from "./centre-model.ts";

/** The router's part of a queue. */
export function queueConfig(queue: ModelQueue): QueueConfig {
  const {
    name: _name,
    serviceLevelSec: _sec,
    serviceLevelTarget: _target,
    shortAbandonMs: _short,
    maxWaiting: _most,
    dispositionRequired: _disposition,
    lastAgentDays: _days,
    ...config
  } = queue;
  return config;
}

/** An agent as the router needs them. */
export function agentConfig(agent: ModelAgent): AgentConfig {
  const { id, skills, teamId, siteId, tiers, slots, capacity, queueIds, pickQueueIds } = agent;
  return {
    id,
    skills,
    ...(teamId ? { groups: [teamId as string as GroupId] } : {}),
    ...(siteId ? { siteId } : {}),
    tiers,
    slots,
    ...(capacity ? { capacity } : {}),
    ...(queueIds ? { queueIds } : {}),
    ...(pickQueueIds.length > 0 ? { pickQueueIds } : {}),
  };
}
