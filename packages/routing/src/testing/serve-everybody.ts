import type { FloorDriver } from "./floor-driver.ts";
import { agentConfig, queueConfig } from "./floor-driver.ts";

const EVERYTHING = {
  skills: { en: 5, sv: 5, uk: 5, tax: 5 },
  slots: { voice: 1, video: 1, chat: 1, message: 1, email: 1, fax: 1, letter: 1, task: 1 },
  groups: ["g1", "g2"],
  tiers: [1, 2, 3, 4],
} as const;

/**
 * Ends a day: plain queues, two agents who may have everything, everyone answers, nobody new comes. Returns who still waits
 * then. Items that ask for one agent alone are withdrawn first: that agent need not exist.
 */
export function serveEverybody(floor: FloorDriver): string[] {
  const { router } = floor;
  floor.now = Math.max(floor.now, router.now);
  const waiting = () => router.queueIds().flatMap((id) => router.waitingItems(id));
  for (const id of router.queueIds()) {
    floor.tell({
      type: "config.queue_set",
      queue: queueConfig(id, { wrapUp: { mode: "timed_forced", limitMs: 1000 } }),
    });
  }
  for (const { id, onlyAgentId } of waiting()) {
    if (onlyAgentId) floor.tell({ type: "item.withdrawn", itemId: id, reason: "ended" });
  }
  for (const [agentId, siteId] of [
    ["z1", "s1"],
    ["z2", "s2"],
  ] as const) {
    floor.tell({ type: "config.agent_set", agent: agentConfig(agentId, { ...EVERYTHING, siteId }) });
    for (const medium of ["voice", "video"] as const) {
      floor.tell({ type: "agent.reachable", agentId, medium, reachable: true });
    }
    floor.tell({ type: "agent.logged_in", agentId, presence: { state: "available" } });
  }
  for (let round = 0; round < 300 && (waiting().length > 0 || floor.ringing().length > 0); round++) {
    for (const { agentId, offerId, handlings, state } of router.agents()) {
      if (state === "not_ready") {
        floor.tell({ type: "agent.presence_set", agentId, presence: { state: "available" } });
      }
      if (offerId) floor.tell({ type: "offer.accepted", offerId });
      for (const { itemId } of handlings) {
        floor.tell({ type: "callback.attempted", itemId, agentId, outcome: "answered" });
        floor.tell({ type: "item.ended", itemId, agentId });
      }
    }
    floor.pass(round % 10 === 9 ? 600_000 : 500);
  }
  return waiting().map(({ id }) => id);
}
