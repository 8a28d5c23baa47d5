import type { AgentStrategyName } from "../../model.ts";
import { meanHandleMs, waitingIn } from "./figures.ts";
import { compareIds, compareRanks, type NaiveFloor, type Person, queueOf, type Waiting } from "./floor.ts";
import { canServeQueue, countedSkills, priorityOf } from "./requirement.ts";

export interface Ranked<T> {
  readonly one: T;
  readonly id: string;
  readonly rank: readonly number[];
}

const best = <T>(ranked: Ranked<T>[]): Ranked<T>[] =>
  ranked.sort((a, b) => compareRanks(a.rank, b.rank) || compareIds(a.id, b.id));

/** RT71..RT75: agents for an item, the best first. */
export function rankAgents(
  floor: NaiveFloor,
  waiting: Waiting,
  people: readonly Person[],
  weight?: number,
): Ranked<Person>[] {
  const queue = queueOf(floor, waiting.item.queueId);
  const strategy: AgentStrategyName = queue?.agentStrategy ?? "longest_idle";
  const skills = countedSkills(floor, waiting);
  const w = weight ?? queue?.qualityWeight ?? 0.5;
  const rankOf = (person: Person): number[] => {
    const proficiency = skills.reduce((sum, skill) => sum + (person.config.skills[skill] ?? 0), 0);
    switch (strategy) {
      case "none":
        return [];
      case "longest_idle":
        return [person.idleSince];
      case "least_occupied":
        return [person.occupancy, person.idleSince];
      case "highest_proficiency":
        return [-proficiency, person.idleSince];
      case "round_robin":
        return [person.lastOffer];
      case "balanced": {
        const mean = skills.length === 0 ? 5 : proficiency / skills.length;
        const lack = Math.round(600_000 * (1 - mean / 5));
        const idleMs = floor.now - person.idleSince;
        return [Math.round(w * lack - (1 - w) * idleMs), person.idleSince];
      }
    }
  };
  return best(people.map((one) => ({ one, id: one.config.id, rank: rankOf(one) })));
}

/** RT70, RT76..RT79: the first items of their queues for an agent, the best first. */
export function rankHeads(
  floor: NaiveFloor,
  person: Person,
  heads: readonly Waiting[],
  gettable: readonly Waiting[],
): Ranked<Waiting>[] {
  const lengthOf = (queueId: string): number =>
    waitingIn(floor, queueId as Waiting["item"]["queueId"]).length;
  const shareOf = (queueId: string): number =>
    queueOf(floor, queueId as Waiting["item"]["queueId"])?.share ?? 1;
  const queueIds = floor.queues
    .filter(
      (queue) =>
        canServeQueue(person, queue) || gettable.some((waiting) => waiting.item.queueId === queue.id),
    )
    .map((queue) => queue.id);
  const allShares = queueIds.reduce((sum, id) => sum + Math.round(shareOf(id) * 1e6), 0) / 1e6;
  const allLengths = queueIds.reduce((sum, id) => sum + lengthOf(id), 0);
  const rankOf = (head: Waiting): number[] => {
    const { queueId, queuedAt } = head.item;
    const queue = queueOf(floor, queueId);
    const place = [-priorityOf(floor, head), queuedAt];
    const waitedMs = floor.now - queuedAt;
    switch (floor.rules.workStrategy) {
      case "none":
        return [];
      case "priority_then_oldest":
        return place;
      case "gcmu": {
        const { weight, grows } = queue?.cost ?? { weight: 1, grows: "constant" };
        const by = grows === "constant" ? 1 : grows === "with_wait" ? waitedMs : lengthOf(queueId);
        const handleMs = queue ? (queue.expectedHandleMs ?? meanHandleMs(floor, queue)) : 1;
        return [-((weight * by) / Math.max(1, handleMs)), ...place];
      }
      case "fqr":
        if (allShares === 0) return [-lengthOf(queueId), ...place];
        return [-((lengthOf(queueId) * allShares - shareOf(queueId) * allLengths) / allShares), ...place];
      case "service_level_race":
        return [-(waitedMs / Math.max(1, queue?.targetMs ?? 20_000)), ...place];
    }
  };
  return best(heads.map((one) => ({ one, id: one.item.id, rank: rankOf(one) })));
}
