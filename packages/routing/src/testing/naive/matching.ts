import type { OfferId } from "@svara/kernel";
import { serviceLevel, waitingIn } from "./figures.ts";
import { emit, type NaiveFloor, type Person, type PlainExplanation, queueOf, type Waiting } from "./floor.ts";
import { resumeAside } from "./hands.ts";
import { askQuestions, breakHolds, couldGet } from "./lines.ts";
import { isOpenFor, occupancyOf, openMedia, tellState } from "./people.ts";
import { inOrder } from "./requirement.ts";
import { type Ranked, rankAgents, rankHeads } from "./strategies.ts";

const LOOK_EVERY_MS = 10_000;

/** RT56 */
function blendAllows(floor: NaiveFloor, waiting: Waiting, person: Person): boolean {
  const own = queueOf(floor, waiting.item.queueId);
  const rule = own?.blend;
  if (!rule) return true;
  const protects = floor.queues.filter((queue) =>
    rule.protects
      ? rule.protects.includes(queue.id)
      : (queue.work ?? "inbound") === "inbound" && queue !== own,
  );
  const ids = protects.map((queue) => queue.id);
  const waits = ids.flatMap((id) => waitingIn(floor, id));
  const others = floor.people.filter((one) => one !== person);
  const left = others.filter((one) => protects.some((queue) => isOpenFor(floor, one, queue))).length;
  return (
    (rule.reserve === undefined || left >= rule.reserve) &&
    (rule.waitingAtMost === undefined || waits.length <= rule.waitingAtMost) &&
    (rule.oldestAtMostMs === undefined ||
      waits.every(({ item }) => floor.now - item.queuedAt <= (rule.oldestAtMostMs ?? 0))) &&
    ids.every((id) => (serviceLevel(floor, id) ?? 1) >= (rule.serviceLevelAtLeast ?? 0))
  );
}

export const gets = (floor: NaiveFloor, person: Person, waiting: Waiting): boolean =>
  couldGet(floor, person, waiting) && blendAllows(floor, waiting, person);

/** RT6, RT7: the end of a step. */
export function finish(floor: NaiveFloor): void {
  for (const person of floor.people) resumeAside(floor, person);
  breakHolds(floor);
  askQuestions(floor);
  breakHolds(floor);
  const opened = floor.people.filter((person) => {
    const open = openMedia(floor, person);
    return open.some((medium) => person.changed || !person.wasOpen.includes(medium));
  });
  for (const person of opened) {
    if (person.wasOpen.length === 0) person.occupancy = occupancyOf(floor, person);
  }
  const [only] = opened;
  if (only && opened.length === 1 && !floor.lineChanged) chooseWork(floor, only);
  while (chooseAgent(floor));
  for (const person of [...floor.people]) tellState(floor, person);
  for (const person of floor.people) {
    person.wasOpen = openMedia(floor, person);
    person.changed = false;
  }
  floor.lineChanged = false;
  lookAgain(floor);
}

/** RT70 */
function chooseWork(floor: NaiveFloor, person: Person): void {
  const all = inOrder(
    floor,
    floor.line.filter((waiting) => gets(floor, person, waiting)),
  );
  const mine = all.find((waiting) => waiting.alone || waiting.item.onlyAgentId !== undefined);
  if (mine) {
    const choice = mine.item.onlyAgentId === undefined ? "preferred_agent" : "only_agent";
    offer(floor, mine, person, { choice });
    return;
  }
  const heads = all.filter((one, i) => all.findIndex((w) => w.item.queueId === one.item.queueId) === i);
  const ranked = rankHeads(floor, person, heads, all);
  const [first] = ranked;
  if (!first) return;
  const strategy = floor.rules.workStrategy;
  offer(floor, first.one, person, { choice: "item_for_agent", strategy, ranking: told(ranked) });
}

/** RT71: offers the best item that anybody could get; false when there is none. */
function chooseAgent(floor: NaiveFloor): boolean {
  if (floor.people.every((person) => openMedia(floor, person).length === 0)) return false;
  for (const waiting of inOrder(floor, floor.line)) {
    const people = floor.people.filter((person) => gets(floor, person, waiting));
    if (people.length === 0) continue;
    const ranked = rankAgents(floor, waiting, people);
    const [first] = ranked;
    if (!first) continue;
    const { onlyAgentId, preferredAgentId, queueId } = waiting.item;
    const preferred = people.find((person) => person.config.id === preferredAgentId);
    if (onlyAgentId !== undefined) offer(floor, waiting, first.one, { choice: "only_agent" });
    else if (preferred) offer(floor, waiting, preferred, { choice: "preferred_agent" });
    else {
      const strategy = queueOf(floor, queueId)?.agentStrategy ?? "longest_idle";
      const winner = (weight: number) =>
        rankAgents(floor, waiting, people, weight)[0]?.one.config.id ?? first.id;
      offer(floor, waiting, first.one, {
        choice: "agent_for_item",
        strategy,
        ranking: told(ranked),
        considered: people.length,
        ...(strategy === "balanced"
          ? {
              trade: {
                quality: winner(1) as Person["config"]["id"],
                efficiency: winner(0) as Person["config"]["id"],
              },
            }
          : {}),
      });
    }
    return true;
  }
  return false;
}

const told = (ranked: readonly Ranked<unknown>[]) => ranked.map(({ id, rank }) => ({ id, rank }));

/** RT13, RT14, RT22 */
export function offer(
  floor: NaiveFloor,
  waiting: Waiting,
  person: Person,
  why: Omit<PlainExplanation, "rules" | "step">,
): void {
  const { item } = waiting;
  const expiresAt = floor.now + Math.max(1, queueOf(floor, item.queueId)?.ringTimeoutMs ?? 0);
  const pair = `@${item.id}/${person.config.id}`;
  const times = (floor.offeredTo.get(pair) ?? 0) + 1;
  floor.offeredTo.set(pair, times);
  floor.offers.push({
    id: `${pair}#${times}` as OfferId,
    waiting,
    person,
    until: expiresAt,
    armed: ++floor.armed,
  });
  person.lastOffer = ++floor.offered;
  emit(floor, {
    type: "offer",
    at: floor.now,
    itemId: item.id,
    agentId: person.config.id,
    queueId: item.queueId,
    medium: item.medium,
    expiresAt,
    ...(item.callback ? { callbackAttempt: waiting.attempts + 1 } : {}),
    explain: { ...why, rules: floor.revision, step: waiting.steps },
  });
}

/** RT57 */
function lookAgain(floor: NaiveFloor): void {
  const held = floor.line.some((waiting) => floor.people.some((person) => couldGet(floor, person, waiting)));
  if (!held) floor.lookAt = null;
  else if (floor.lookAt === null) {
    floor.lookAt = floor.now + LOOK_EVERY_MS;
    floor.lookArmed = ++floor.armed;
  }
}
