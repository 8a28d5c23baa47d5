import type { AgentId, QueueId } from "@svara/kernel";
import type { Agent } from "./agent.ts";
import { IdTable, KNOWN_HASHES } from "./id-table.ts";
import { type Item, type Queue, WorkClass } from "./line.ts";
import { mediumIndex } from "./medium-bits.ts";
import { type AgentConfig, MEDIA, type Medium } from "./model.ts";
import { OFFER_HASHES, type Offer } from "./offer.ts";
import { type Asking, hasOwnWords, preferredOf, requirementOf } from "./requirement.ts";
import { SkillSet, skillSetKey } from "./skill-set.ts";

/**
 * Everything the router knows, with its indexes: who may serve what is worked out when a skill set, a queue or a new
 * combination of skills appears, not when an item does.
 */
export class Floor {
  readonly queues = new Map<QueueId, Queue>();
  /** Queues that are blended with others: their items are held back while those need the agents. */
  readonly blended = new Set<Queue>();
  readonly agents = new Map<AgentId, Agent>();
  readonly items = new IdTable<Item>(KNOWN_HASHES);
  readonly offers = new IdTable<Offer>(OFFER_HASHES);
  /** By agent, the classes of items that wait for this agent alone; the agent need not be known. */
  readonly own = new Map<AgentId, Set<WorkClass>>();
  /** Counts up with every change of queues and skill sets. */
  layout = 0;
  /** Counts up with everybody who opens or shuts. */
  openings = 0;
  /** Counts up also with every item that comes to a line or leaves it or its queue. */
  moves = 0;
  readonly #sets = new Map<string, SkillSet>();
  /** By medium, the skill sets that have an open agent: few on a busy floor, whatever the number of agents. */
  readonly #openSets: readonly Set<SkillSet>[] = MEDIA.map(() => new Set());

  /** Puts an agent into the lists of open agents, or takes it out; what they are sorted by must not change inside. */
  setOpen(agent: Agent, openFor: number): void {
    const changes = agent.openFor ^ openFor;
    if (changes === 0) return;
    const { set } = agent;
    for (const lane of set.capacity) {
      if ((changes & lane.bit) === 0) continue;
      if ((openFor & lane.bit) === 0) {
        lane.remove(agent);
        if (lane.count === 0) this.openSets(lane.medium).delete(set);
      } else {
        lane.add(agent);
        if (lane.count === 1) this.openSets(lane.medium).add(set);
      }
    }
    set.countOpen(agent.openFor, openFor);
    agent.openFor = openFor;
    this.openings++;
    this.moves++;
  }

  /** The skill sets with an agent open for the medium. */
  openSets(medium: Medium): Set<SkillSet> {
    return this.#openSets[mediumIndex(medium)] as Set<SkillSet>;
  }

  /** The skill sets with an open agent who may serve the class. Their order means nothing: ranks end in ids. */
  openServers(work: WorkClass): SkillSet[] {
    const found: SkillSet[] = [];
    const open = this.openSets(work.medium);
    const [few, many] = open.size < work.servers.size ? [open, work.servers] : [work.servers, open];
    for (const set of few) if (many.has(set)) found.push(set);
    return found;
  }

  /** Whether some agent who may serve the class is open. */
  hasOpenServer(work: WorkClass): boolean {
    const open = this.openSets(work.medium);
    if (open.size === 0) return false;
    const [few, many] = open.size < work.servers.size ? [open, work.servers] : [work.servers, open];
    for (const set of few) if (many.has(set)) return true;
    return false;
  }

  /** The class of items that ask only what the queue asks; made when first asked for. */
  classOf(queue: Queue, medium: Medium, step = 0): WorkClass {
    const place = step * MEDIA.length + mediumIndex(medium);
    const known = queue.plain[place];
    if (known !== undefined) return known;
    const steps = queue.rules.steps.slice(0, step);
    const asking = { queue: queue.config, criteria: [], own: null, steps, sites: null };
    const made = this.#commonClass(queue, medium, asking);
    queue.plain[place] = made;
    return made;
  }

  /** Whether agents of the set could serve the queue, items with words of their own apart: RT44. */
  canServe(set: SkillSet, queue: Queue): boolean {
    return queue.config.media.some((medium) => this.classOf(queue, medium).servers.has(set));
  }

  /** The class in which everybody who can serve the item finds it. */
  commonClassOf(item: Item): WorkClass {
    const { work, queue, criteria, sites } = item;
    if (criteria.length === 0 && sites === null && !hasOwnWords(work)) {
      return this.classOf(queue, work.medium, item.step);
    }
    const steps = queue.rules.steps.slice(0, item.step);
    return this.#commonClass(queue, work.medium, { queue: queue.config, criteria, own: work, steps, sites });
  }

  /** The items of a common class that wait for this agent alone for a while. */
  heldClassOf(common: WorkClass, owner: AgentId): WorkClass {
    const { queue, medium, requirement, preferred } = common;
    const key = JSON.stringify(["held", owner, common.key]);
    return (
      queue.classes.get(key) ??
      this.#addClass(new WorkClass({ key, queue, medium, requirement, preferred, owner, mode: "held" }))
    );
  }

  /** The items of a queue that are this agent's and nobody else's. */
  onlyClassOf(queue: Queue, medium: Medium, owner: AgentId): WorkClass {
    const key = JSON.stringify(["only", owner, medium]);
    const requirement = { skills: [] };
    return (
      queue.classes.get(key) ??
      this.#addClass(new WorkClass({ key, queue, medium, requirement, preferred: [], owner, mode: "only" }))
    );
  }

  #commonClass(queue: Queue, medium: Medium, asking: Asking): WorkClass {
    const requirement = requirementOf(asking);
    const preferred = preferredOf(asking);
    const { skills, groups, sites, tiers } = requirement;
    const key = JSON.stringify([medium, skills, groups ?? 0, sites ?? 0, tiers ?? 0, preferred]);
    return (
      queue.classes.get(key) ??
      this.#addClass(
        new WorkClass({ key, queue, medium, requirement, preferred, owner: null, mode: "common" }),
      )
    );
  }

  #addClass(work: WorkClass): WorkClass {
    const { queue, owner } = work;
    if (queue.classes.size >= queue.sweepAt) this.#sweep(queue);
    queue.classes.set(work.key, work);
    if (owner !== null) {
      const own = this.own.get(owner);
      if (own === undefined) this.own.set(owner, new Set([work]));
      else own.add(work);
    }
    if (work.mode !== "only") for (const set of this.#sets.values()) link(work, set);
    return work;
  }

  /** Forgets the classes without items, save the usual ones: where items have words of their own they would pile up. */
  #sweep(queue: Queue): void {
    const usual = new Set(queue.plain);
    for (const work of [...queue.classes.values()]) {
      if (work.items.size === 0 && !usual.has(work)) this.dropClass(work);
    }
    queue.sweepAt = Math.max(queue.sweepAt, 2 * queue.classes.size);
  }

  dropClass(work: WorkClass): void {
    work.queue.classes.delete(work.key);
    for (const set of work.servers) set.unserve(work);
    work.servers.clear();
    if (work.owner === null) return;
    const own = this.own.get(work.owner);
    own?.delete(work);
    if (own?.size === 0) this.own.delete(work.owner);
  }

  /** Forgets all classes of a queue, whose items stand nowhere. */
  dropClasses(queue: Queue): void {
    for (const work of [...queue.classes.values()]) this.dropClass(work);
    queue.plain.length = 0;
    this.layout++;
  }

  /** The skill set of an agent's configuration; made when the combination is new. */
  setOf(config: AgentConfig): SkillSet {
    const key = skillSetKey(config);
    let set = this.#sets.get(key);
    if (set !== undefined) return set;
    set = new SkillSet(key, config);
    this.layout++;
    this.#sets.set(key, set);
    for (const queue of this.queues.values()) {
      for (const work of queue.classes.values()) if (work.mode !== "only") link(work, set);
    }
    return set;
  }

  /** Moves an agent, shut for work, into a skill set. */
  place(agent: Agent, set: SkillSet): void {
    if (agent.set === set && agent.isPlaced) return;
    this.leave(agent);
    agent.set = set;
    agent.isPlaced = true;
    set.agents.add(agent);
    set.count(agent, 1);
  }

  /** Takes an agent, shut for work, out of its skill set, which is forgotten when it was the last. */
  leave(agent: Agent): void {
    const set = agent.set;
    if (!set.agents.delete(agent)) return;
    agent.isPlaced = false;
    set.count(agent, -1);
    if (set.agents.size > 0) return;
    this.#sets.delete(set.key);
    this.layout++;
    for (const { classes } of set.serves.values()) for (const work of classes) work.servers.delete(set);
    for (const own of this.own.values()) for (const work of own) work.servers.delete(set);
  }
}

function link(work: WorkClass, set: SkillSet): void {
  if (!set.canServe(work.queue.id, work.medium, work.requirement)) return;
  work.servers.add(set);
  if (work.mode === "common") set.serve(work);
}
