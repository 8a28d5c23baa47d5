import type { Agent } from "./agent.ts";
import { mediaBits, mediumBit, mediumIndex } from "./medium-bits.ts";
import { type CapacityRules, MEDIA, type Medium } from "./model.ts";

/** `CapacityRules` by `mediumIndex`, each entry a set of `mediumBit`s. */
export interface CapacityTable {
  readonly rules: CapacityRules | undefined;
  /** Media of which no uninterrupted work may be in hand, unless this medium sets it aside. */
  readonly apart: readonly number[];
  /** Media whose work this medium sets aside. */
  readonly interrupts: readonly number[];
  /** Media that set work of this medium aside. */
  readonly interruptedBy: readonly number[];
}

/** The rules of an agent without any: media do not touch each other. */
const NO_CAPACITY_RULES: CapacityTable = tableOf(undefined);

/** Reads the rules once, so that no step does. A medium is neither apart from itself nor interrupts itself. */
export function capacityTable(rules: CapacityRules | undefined): CapacityTable {
  return rules === undefined ? NO_CAPACITY_RULES : tableOf(rules);
}

function tableOf(rules: CapacityRules | undefined): CapacityTable {
  const apart = MEDIA.map((medium) => {
    const sets = (rules?.apart ?? []).filter((set) => set.includes(medium));
    return mediaBits(sets.flat()) & ~mediumBit(medium);
  });
  const interrupts = MEDIA.map((m) => mediaBits(rules?.interrupts?.[m] ?? []) & ~mediumBit(m));
  const interruptedBy = MEDIA.map((medium) =>
    mediaBits(MEDIA.filter((_, i) => ((interrupts[i] ?? 0) & mediumBit(medium)) !== 0)),
  );
  return { rules, apart, interrupts, interruptedBy };
}

/** The media for which the agent may be offered work now, as a set of `mediumBit`s. */
export function openMedia(agent: Agent): number {
  if (!agent.loggedIn || agent.leaving || agent.retired || !agent.connected) return 0;
  if (agent.presence.state !== "available" || agent.busyOther || agent.offer !== null) return 0;
  if (agent.rest !== null) return 0;
  const { capacity } = agent.set;
  let open = 0;
  for (let i = 0; i < capacity.length; i++) {
    const { medium, bit, slots } = capacity[i] as (typeof capacity)[number];
    if ((agent.reachable & bit) !== 0 && hasRoom(agent, medium, slots)) open |= bit;
  }
  return open;
}

/** Whether what the agent has in hand leaves room for one more item of the medium, whatever else keeps the agent from it. */
export function hasRoom(agent: Agent, medium: Medium, slots = agent.set.slots[medium] ?? 0): boolean {
  const i = mediumIndex(medium);
  if (agent.handlings.length === 0) return slots > 0;
  if ((agent.inHand[i] as number) >= slots) return false;
  if (agent.capacity === NO_CAPACITY_RULES) return true;
  const { apart, interrupts, interruptedBy } = agent.capacity;
  let live = 0;
  let wrapUp = 0;
  for (const handling of agent.handlings) {
    if (handling.phase === "wrap_up") wrapUp |= mediumBit(handling.medium);
    else if (handling.phase !== "interrupted") live |= mediumBit(handling.medium);
  }
  if (((live | wrapUp) & (interruptedBy[i] as number)) !== 0) return false;
  return (((live & ~(interrupts[i] as number)) | wrapUp) & (apart[i] as number)) === 0;
}

/** Whether some medium for which the agent has a slot has its endpoint there. */
export function isReachable(agent: Agent): boolean {
  for (const { bit } of agent.set.capacity) if ((agent.reachable & bit) !== 0) return true;
  return false;
}
