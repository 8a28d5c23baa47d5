import type { Agent } from "./agent.ts";
import type { Medium } from "./model.ts";

/**
 * The media for which the agent may be offered work now, as a set of `mediumBit`s. The one place where slots, presence
 * and reachability meet; whatever later rules say about media that exclude each other belongs here.
 */
export function openMedia(agent: Agent): number {
  if (!agent.loggedIn || agent.leaving || agent.retired) return 0;
  if (agent.presence.state !== "available" || agent.busyOther || agent.offer !== null) return 0;
  let open = 0;
  for (const { medium, bit, slots } of agent.set.capacity) {
    if ((agent.reachable & bit) !== 0 && inHand(agent, medium) < slots) open |= bit;
  }
  return open;
}

/** Whether some medium for which the agent has a slot has its endpoint there. */
export function isReachable(agent: Agent): boolean {
  return agent.set.capacity.some(({ bit }) => (agent.reachable & bit) !== 0);
}

function inHand(agent: Agent, medium: Medium): number {
  let count = 0;
  for (const handling of agent.handlings) if (handling.medium === medium) count++;
  return count;
}
