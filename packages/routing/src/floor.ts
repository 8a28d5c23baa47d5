import type { AgentId, OfferId, QueueId } from "@svara/kernel";
import { type Agent, type Offer, stateIndex } from "./agent.ts";
import { type Item, mergeNeeds, type Queue, WorkClass } from "./line.ts";
import { type AgentConfig, type ItemId, MEDIA, type Medium, type SkillNeed } from "./model.ts";
import { SkillSet, skillSetKey } from "./skill-set.ts";

/**
 * Everything the router knows, with its indexes: who may serve what is worked out when a skill set, a queue or a new
 * combination of skills appears, not when an item does.
 */
export class Floor {
  readonly queues = new Map<QueueId, Queue>();
  readonly agents = new Map<AgentId, Agent>();
  readonly items = new Map<ItemId, Item>();
  readonly offers = new Map<OfferId, Offer>();
  readonly #sets = new Map<string, SkillSet>();
  /** By medium, the skill sets that have an open agent: few on a busy floor, whatever the number of agents. */
  readonly #openSets = new Map<Medium, Set<SkillSet>>(MEDIA.map((medium) => [medium, new Set()]));

  /** Puts an agent into the lists of open agents, or takes it out; what they are sorted by must not change inside. */
  setOpen(agent: Agent, openFor: number): void {
    if (agent.openFor === openFor) return;
    const { set } = agent;
    for (const { medium, bit } of set.capacity) {
      if ((agent.openFor & bit) === (openFor & bit)) continue;
      const count = set.setOpen(agent, medium, (openFor & bit) !== 0);
      if (count === 0) this.#openSets.get(medium)?.delete(set);
      else if (count === 1) this.#openSets.get(medium)?.add(set);
    }
    agent.openFor = openFor;
  }

  /** The skill sets with an open agent who may serve the class. Their order means nothing: ranks end in ids. */
  *openServers(work: WorkClass): Iterable<SkillSet> {
    const open = this.#openSets.get(work.medium);
    if (open === undefined || open.size === 0) return;
    if (open.size < work.servers.size) {
      for (const set of open) if (work.servers.has(set)) yield set;
    } else {
      for (const set of work.servers) if (open.has(set)) yield set;
    }
  }

  /** The class of an item of this queue; made when the combination is new. */
  classOf(queue: Queue, medium: Medium, extra: readonly SkillNeed[] = []): WorkClass {
    const sorted = mergeNeeds(extra, []);
    const key = `${medium} ${needsKey(sorted)}`;
    let found = queue.classes.get(key);
    if (found === undefined) {
      found = new WorkClass(queue, medium, sorted);
      queue.classes.set(key, found);
      this.#link(found);
    }
    return found;
  }

  /** After the queue's skills changed: forgets the classes that are not `used` and works out who may serve the others. */
  keepClasses(queue: Queue, used: ReadonlySet<WorkClass>): void {
    for (const [key, work] of [...queue.classes]) {
      this.unlink(work);
      if (!used.has(work)) {
        queue.classes.delete(key);
        continue;
      }
      work.needs = mergeNeeds(queue.config.requiredSkills, work.extra);
      this.#link(work);
    }
  }

  unlink(work: WorkClass): void {
    for (const set of work.servers) set.serves.delete(work);
    work.servers.clear();
  }

  #link(work: WorkClass): void {
    for (const set of this.#sets.values()) {
      if (!set.canServe(work.queue.id, work.medium, { skills: work.needs })) continue;
      work.servers.add(set);
      set.serves.add(work);
    }
  }

  /** The skill set of an agent's configuration; made when the combination is new. */
  setOf(config: AgentConfig): SkillSet {
    const key = skillSetKey(config);
    let set = this.#sets.get(key);
    if (set !== undefined) return set;
    set = new SkillSet(key, config);
    this.#sets.set(key, set);
    for (const queue of this.queues.values()) {
      for (const work of queue.classes.values()) {
        if (!set.canServe(work.queue.id, work.medium, { skills: work.needs })) continue;
        work.servers.add(set);
        set.serves.add(work);
      }
    }
    return set;
  }

  /** Moves an agent, shut for work, into a skill set. */
  place(agent: Agent, set: SkillSet): void {
    if (agent.set === set && set.agents.has(agent)) return;
    this.leave(agent);
    agent.set = set;
    set.agents.add(agent);
    set.counts[stateIndex(agent.state)] = (set.counts[stateIndex(agent.state)] ?? 0) + 1;
    if (agent.countedOnDuty) set.onDuty++;
  }

  /** Takes an agent, shut for work, out of its skill set, which is forgotten when it was the last. */
  leave(agent: Agent): void {
    const set = agent.set;
    if (!set.agents.delete(agent)) return;
    set.counts[stateIndex(agent.state)] = (set.counts[stateIndex(agent.state)] ?? 0) - 1;
    if (agent.countedOnDuty) set.onDuty--;
    if (set.agents.size > 0) return;
    this.#sets.delete(set.key);
    for (const work of set.serves) work.servers.delete(set);
  }
}

function needsKey(needs: readonly SkillNeed[]): string {
  return needs.length === 0 ? "" : JSON.stringify(needs.map((n) => [n.skillId, n.minProficiency]));
}
