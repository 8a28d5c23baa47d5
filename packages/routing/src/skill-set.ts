import type { QueueId, SkillId } from "@svara/kernel";
import type { Agent } from "./agent.ts";
import type { Queue, WorkClass } from "./line.ts";
import { mediumBit } from "./medium-bits.ts";
import {
  AGENT_STATES,
  type AgentConfig,
  type GroupId,
  MEDIA,
  type Medium,
  type Requirement,
  type SiteId,
  type Tier,
} from "./model.ts";
import { OrderedList } from "./ordered-list.ts";
import { compareIds } from "./rank.ts";
import type { AgentOrder, SkillSetFacts } from "./strategies/strategy.ts";

/** Agents who may serve the same work: equal skills, groups, site, tiers, queues and slots. */
export class SkillSet implements SkillSetFacts {
  readonly key: string;
  readonly groups: readonly GroupId[];
  readonly siteId: SiteId | undefined;
  readonly tiers: readonly Tier[];
  readonly queueIds: ReadonlySet<QueueId> | null;
  readonly slots: Readonly<Partial<Record<Medium, number>>>;
  readonly agents = new Set<Agent>();
  /** By queue, what these agents may be offered of it: the classes in which everybody finds their items. */
  readonly serves = new Map<Queue, ServedQueue>();
  /** The media with a slot, with the agents open for each. */
  readonly capacity: readonly Lane[];
  /** Agents by state, in the order of AGENT_STATES. */
  readonly counts: number[] = AGENT_STATES.map(() => 0);
  onDuty = 0;
  /** Agents by the media for which they are open, where there are several. */
  /** Not the record itself: to it, `constructor` and `toString` would be skills. */
  readonly #skills: ReadonlyMap<SkillId, number>;
  readonly #openFor = new Map<number, number>();

  constructor(key: string, config: AgentConfig) {
    this.key = key;
    this.#skills = new Map(Object.entries(config.skills));
    this.groups = config.groups ?? [];
    this.siteId = config.siteId;
    this.tiers = config.tiers === undefined || config.tiers.length === 0 ? FIRST_TIER : config.tiers;
    this.queueIds = config.queueIds === undefined ? null : new Set(config.queueIds);
    this.slots = config.slots;
    this.capacity = MEDIA.flatMap((medium) => {
      const slots = config.slots[medium] ?? 0;
      return slots > 0 ? [new Lane(medium, slots)] : [];
    });
  }

  proficiency(skillId: SkillId): number {
    return this.#skills.get(skillId) ?? 0;
  }

  /** The agents open for a medium, the first one first. */
  open(medium: Medium, order: AgentOrder): OrderedList<Agent> {
    return this.#lane(medium)?.inOrder(order, this.agents) ?? NOBODY;
  }

  openCount(medium: Medium): number {
    return this.#lane(medium)?.count ?? 0;
  }

  /** How many are open for one of these media, a set of `mediumBit`s. */
  openCountOf(bits: number): number {
    for (const lane of this.capacity) if (lane.bit === bits) return lane.count;
    let count = 0;
    for (const [media, agents] of this.#openFor) if ((media & bits) !== 0) count += agents;
    return count;
  }

  /** An agent is open for other media than before. */
  countOpen(before: number, now: number): void {
    if (this.capacity.length < 2) return;
    if (before !== 0) this.#openFor.set(before, (this.#openFor.get(before) ?? 0) - 1);
    if (now !== 0) this.#openFor.set(now, (this.#openFor.get(now) ?? 0) + 1);
  }

  #lane(medium: Medium): Lane | undefined {
    for (const lane of this.capacity) if (lane.medium === medium) return lane;
    return undefined;
  }

  serve(work: WorkClass): void {
    const served = this.serves.get(work.queue);
    if (served === undefined) this.serves.set(work.queue, { queue: work.queue, classes: [work] });
    else served.classes.push(work);
  }

  unserve(work: WorkClass): void {
    const classes = this.serves.get(work.queue)?.classes;
    const place = classes?.indexOf(work) ?? -1;
    if (classes === undefined || place < 0) return;
    classes.splice(place, 1);
    if (classes.length === 0) this.serves.delete(work.queue);
  }

  /** Counts an agent of the set in or out by its state. */
  count(agent: Agent, by: 1 | -1): void {
    this.counts[agent.countedPlace] = (this.counts[agent.countedPlace] as number) + by;
    if (agent.countedOnDuty) this.onDuty += by;
  }

  /** Whether these agents have a slot for the medium, may serve the queue and meet the requirement. */
  canServe(queueId: QueueId, medium: Medium, { skills, groups, sites, tiers }: Requirement): boolean {
    if ((this.slots[medium] ?? 0) <= 0) return false;
    if (this.queueIds !== null && !this.queueIds.has(queueId)) return false;
    if (groups !== undefined && !groups.some((group) => this.groups.includes(group))) return false;
    if (sites !== undefined && (this.siteId === undefined || !sites.includes(this.siteId))) return false;
    if (tiers !== undefined && !tiers.some((tier) => this.tiers.includes(tier))) return false;
    return skills.every((need) => this.proficiency(need.skillId) >= need.minProficiency);
  }
}

/** A medium with slots, and the agents of a skill set who are open for it. */
class Lane {
  readonly medium: Medium;
  readonly bit: number;
  readonly slots: number;
  count = 0;
  /** A list is made when its order is first asked for, and kept from then on. */
  readonly #lists: { readonly order: AgentOrder; readonly agents: OrderedList<Agent> }[] = [];

  constructor(medium: Medium, slots: number) {
    this.medium = medium;
    this.bit = mediumBit(medium);
    this.slots = slots;
  }

  add(agent: Agent): void {
    this.count++;
    for (const { agents } of this.#lists) agents.add(agent);
  }

  remove(agent: Agent): void {
    this.count--;
    for (const { agents } of this.#lists) agents.remove(agent);
  }

  inOrder(order: AgentOrder, all: Iterable<Agent>): OrderedList<Agent> {
    for (const list of this.#lists) if (list.order === order) return list.agents;
    const agents = new OrderedList<Agent>((a, b) => order.compare(a, b) || compareIds(a.id, b.id));
    for (const agent of all) if ((agent.openFor & this.bit) !== 0) agents.add(agent);
    this.#lists.push({ order, agents });
    return agents;
  }
}

const NOBODY = new OrderedList<Agent>((a, b) => compareIds(a.id, b.id));

/** A queue as a skill set serves it. */
export interface ServedQueue {
  readonly queue: Queue;
  readonly classes: WorkClass[];
}

const FIRST_TIER: readonly Tier[] = [1];

/** Equal for configurations whose agents may serve the same work. */
export function skillSetKey(config: AgentConfig): string {
  const byName = (a: [string, number], b: [string, number]): number => compareIds(a[0], b[0]);
  return JSON.stringify([
    Object.entries(config.skills).sort(byName),
    config.queueIds === undefined ? null : [...config.queueIds].sort(compareIds),
    Object.entries(config.slots).sort(byName),
    [...(config.groups ?? [])].sort(compareIds),
    config.siteId ?? null,
    [...(config.tiers ?? [])].sort(),
  ]);
}
