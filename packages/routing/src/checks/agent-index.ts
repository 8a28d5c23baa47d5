import type { QueueId, SkillId } from "@svara/kernel";
import { type AgentConfig, MEDIA, type Medium, type Requirement } from "../model.ts";
import { Bits } from "./bits.ts";

/** One thing that a requirement asks, with those who have it. */
export interface AskedWord {
  readonly word: ServingWord;
  readonly agents: Bits;
}

/** What somebody must have to serve an item of a queue. */
export type ServingWord =
  | { readonly kind: "slots" | "queues" | "groups" | "sites" | "tiers" }
  | { readonly kind: "skills"; readonly skillId: SkillId; readonly minProficiency: number };

const LEVELS = 5;

/** Who has what among configured agents, by their place in the list: built once, then each question is a few thousand bits. */
export class AgentIndex {
  readonly size: number;
  readonly nobody: Bits;
  readonly #slots = new Map<Medium, Bits>();
  /** By skill, one set for each proficiency 1..5: those who have at least that. */
  readonly #skills = new Map<SkillId, readonly Bits[]>();
  readonly #best = new Map<SkillId, number>();
  readonly #groups = new Map<string, Bits>();
  readonly #sites = new Map<string, Bits>();
  readonly #tiers = new Map<string, Bits>();
  readonly #named = new Map<QueueId, Bits>();
  readonly #everywhere: Bits;

  constructor(agents: readonly AgentConfig[]) {
    this.size = agents.length;
    this.nobody = new Bits(agents.length);
    this.#everywhere = new Bits(agents.length);
    agents.forEach((agent, i) => {
      for (const medium of MEDIA) if ((agent.slots[medium] ?? 0) > 0) this.#put(this.#slots, medium, i);
      for (const [skillId, proficiency] of Object.entries(agent.skills))
        this.#putSkill(skillId, proficiency, i);
      for (const group of agent.groups ?? []) this.#put(this.#groups, group, i);
      if (agent.siteId !== undefined) this.#put(this.#sites, agent.siteId, i);
      const tiers = agent.tiers ?? [];
      for (const tier of tiers.length === 0 ? [1] : tiers) this.#put(this.#tiers, String(tier), i);
      if (agent.queueIds === undefined) this.#everywhere.add(i);
      else for (const queueId of agent.queueIds) this.#put(this.#named, queueId, i);
    });
  }

  /** The greatest proficiency that anybody has; 0 if nobody has the skill. */
  best(skillId: SkillId): number {
    return this.#best.get(skillId) ?? 0;
  }

  /** The agents who can serve. */
  servers(queueId: QueueId, medium: Medium, requirement: Requirement): Bits {
    const [first, ...others] = this.words(queueId, medium, requirement);
    if (first === undefined) return this.nobody;
    const servers = first.agents.copy();
    for (const { agents } of others) servers.intersect(agents);
    return servers;
  }

  /** Each word that is asked, with the agents who meet it: whoever meets all can serve. */
  words(queueId: QueueId, medium: Medium, { skills, groups, sites, tiers }: Requirement): AskedWord[] {
    const words: AskedWord[] = [
      { word: { kind: "slots" }, agents: this.#slots.get(medium) ?? this.nobody },
      {
        word: { kind: "queues" },
        agents: this.#assignedTo(queueId),
      },
    ];
    for (const { skillId, minProficiency } of skills) {
      words.push({
        word: { kind: "skills", skillId, minProficiency },
        agents: this.#skilled(skillId, minProficiency),
      });
    }
    if (groups) words.push({ word: { kind: "groups" }, agents: this.#any(this.#groups, groups) });
    if (sites) words.push({ word: { kind: "sites" }, agents: this.#any(this.#sites, sites) });
    if (tiers) words.push({ word: { kind: "tiers" }, agents: this.#any(this.#tiers, tiers.map(String)) });
    return words;
  }

  #assignedTo(queueId: QueueId): Bits {
    const named = this.#named.get(queueId);
    return named === undefined ? this.#everywhere : this.#everywhere.copy().unite(named);
  }

  #skilled(skillId: SkillId, least: number): Bits {
    // who lacks a skill has it at 0: a demand of nothing is met by all
    if (least <= 0) return this.#all();
    return this.#skills.get(skillId)?.[Math.ceil(least) - 1] ?? this.nobody;
  }

  #all(): Bits {
    const all = new Bits(this.size);
    for (let i = 0; i < this.size; i++) all.add(i);
    return all;
  }

  #any(map: ReadonlyMap<string, Bits>, keys: readonly string[]): Bits {
    const some = new Bits(this.size);
    for (const key of keys) some.unite(map.get(key) ?? this.nobody);
    return some;
  }

  #put<K>(map: Map<K, Bits>, key: K, i: number): void {
    let bits = map.get(key);
    if (bits === undefined) {
      bits = new Bits(this.size);
      map.set(key, bits);
    }
    bits.add(i);
  }

  #putSkill(skillId: SkillId, proficiency: number, i: number): void {
    if (proficiency <= 0) return;
    if (proficiency > this.best(skillId)) this.#best.set(skillId, proficiency);
    let levels = this.#skills.get(skillId);
    if (levels === undefined) {
      levels = Array.from({ length: LEVELS }, () => new Bits(this.size));
      this.#skills.set(skillId, levels);
    }
    for (let level = 1; level <= Math.min(LEVELS, proficiency); level++) levels[level - 1]?.add(i);
  }
}
