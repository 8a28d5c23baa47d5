import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AgentStrategyName } from "../model.ts";
import { compareRanks } from "../rank.ts";
import { agentStrategy } from "./registry.ts";
import type { AgentFacts, ItemFacts, SkillSetFacts } from "./strategy.ts";

const NAMES: readonly AgentStrategyName[] = [
  "longest_idle",
  "least_occupied",
  "highest_proficiency",
  "round_robin",
  "balanced",
  "none",
];
const NOW = 1_000_000;

function agent(id: string, over: Partial<AgentFacts> = {}): AgentFacts {
  return { id, idleSince: NOW, occupancy: 0, lastOfferSeq: 0, ...over };
}

function setWith(skills: Readonly<Record<string, number>>): SkillSetFacts {
  return { proficiency: (skillId) => skills[skillId] ?? 0 };
}

function item(over: Partial<ItemFacts> = {}): ItemFacts {
  return { id: "i", priority: 0, queuedAt: NOW, needs: [], preferred: [], ...over };
}

const NO_SKILLS = setWith({});

/** The agents in the order in which the strategy would take them, by id; each with the skills of its set. */
function order(
  name: AgentStrategyName,
  agents: readonly (readonly [AgentFacts, SkillSetFacts])[],
  asked = item(),
  qualityWeight = 0.5,
): string[] {
  const strategy = agentStrategy(name);
  return agents
    .map(([facts, set]) => ({
      id: facts.id,
      rank: strategy.rank(strategy.fit(set, asked), facts, { at: NOW, qualityWeight }),
    }))
    .sort((a, b) => compareRanks(a.rank, b.rank) || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

describe("agent strategies", () => {
  test("[RT8] the longest idle, and with no preference the least id", () => {
    const agents = [
      [agent("a", { idleSince: NOW - 1 }), setWith({ x: 5 })],
      [agent("c", { idleSince: NOW - 2 }), NO_SKILLS],
      [agent("b", { idleSince: NOW - 2 }), NO_SKILLS],
    ] as const;
    expect(order("longest_idle", agents)).toEqual(["b", "c", "a"]);
    expect(order("none", agents)).toEqual(["a", "b", "c"]);
    expect(agentStrategy(undefined).name).toBe("longest_idle");
  });

  test("[RT72] the least occupied, among equals the longest idle", () => {
    const agents = [
      [agent("a", { occupancy: 500_000, idleSince: NOW - 60_000 }), NO_SKILLS],
      [agent("b", { occupancy: 499_999 }), NO_SKILLS],
      [agent("c", { occupancy: 499_999, idleSince: NOW - 1 }), NO_SKILLS],
    ] as const;
    expect(order("least_occupied", agents)).toEqual(["c", "b", "a"]);
  });

  test("[RT73] the greatest sum over skills asked and preferred, each once, then the longest idle", () => {
    const asked = item({ needs: [{ skillId: "x", minProficiency: 1 }], preferred: ["x", "y"] });
    const agents = [
      [agent("a", { idleSince: NOW - 9 }), setWith({ x: 4, z: 5 })],
      [agent("b", { idleSince: NOW - 5 }), setWith({ x: 2, y: 3 })],
      [agent("c", { idleSince: NOW - 7 }), setWith({ x: 3, y: 2 })],
    ] as const;
    expect(order("highest_proficiency", agents, asked)).toEqual(["c", "b", "a"]);
  });

  test("[RT74] in turn: whoever was never given an offer, then whoever was longest ago", () => {
    const agents = [
      [agent("a", { lastOfferSeq: 7, idleSince: NOW - 9 }), NO_SKILLS],
      [agent("b", { lastOfferSeq: 3 }), NO_SKILLS],
      [agent("c"), NO_SKILLS],
    ] as const;
    expect(order("round_robin", agents)).toEqual(["c", "b", "a"]);
  });

  test("[RT75] the weight trades proficiency against idle time", () => {
    const asked = item({ needs: [{ skillId: "x", minProficiency: 1 }] });
    // two levels are worth 240 000 ms of idling at equal weights
    const better = [agent("better"), setWith({ x: 5 })] as const;
    const idle = (ms: number) => [agent("idle", { idleSince: NOW - ms }), setWith({ x: 3 })] as const;
    expect(order("balanced", [better, idle(239_999)], asked)).toEqual(["better", "idle"]);
    expect(order("balanced", [better, idle(240_001)], asked)).toEqual(["idle", "better"]);
    expect(order("balanced", [better, idle(240_000)], asked)).toEqual(["idle", "better"]);
    expect(order("balanced", [better, idle(900_000)], asked, 1)).toEqual(["better", "idle"]);
    expect(order("balanced", [better, idle(1)], asked, 0)).toEqual(["idle", "better"]);
    expect(order("balanced", [better, idle(1)])).toEqual(["idle", "better"]);
  });

  test("[RT75] the rank reads as milliseconds", () => {
    const strategy = agentStrategy("balanced");
    const asked = item({ needs: [{ skillId: "x", minProficiency: 1 }], preferred: ["y"] });
    const fit = strategy.fit(setWith({ x: 3 }), asked);
    expect(fit).toBe(420_000); // (3 + 0) / 2 = 1.5 of 5: seven tenths are lacking
    const choice = { at: NOW, qualityWeight: 0.25 };
    expect(strategy.rank(fit, agent("a", { idleSince: NOW - 10_001 }), choice)).toEqual([
      97_499,
      NOW - 10_001,
    ]);
    expect(strategy.rank(0, agent("a"), choice)).toEqual([0, NOW]);
  });

  test("[RT71] within a skill set ranks never contradict the order in which its open agents stand", () => {
    const facts = fc.record({
      idleSince: fc.integer({ min: 0, max: 20 }),
      occupancy: fc.integer({ min: 0, max: 3 }),
      lastOfferSeq: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(
        facts,
        facts,
        fc.constantFrom(...NAMES),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 600_000, noNaN: true }),
        (one, other, name, qualityWeight, fit) => {
          const strategy = agentStrategy(name);
          const a = agent("a", one);
          const b = agent("b", other);
          const choice = { at: 20, qualityWeight };
          const ranks = compareRanks(strategy.rank(fit, a, choice), strategy.rank(fit, b, choice));
          expect(Math.sign(ranks)).toBe(Math.sign(strategy.order.compare(a, b)));
        },
      ),
    );
  });

  test("[RT22] every place of a rank has its name", () => {
    for (const name of NAMES) {
      const strategy = agentStrategy(name);
      expect(strategy.name).toBe(name);
      const rank = strategy.rank(strategy.fit(NO_SKILLS, item()), agent("a"), {
        at: NOW,
        qualityWeight: 0.5,
      });
      expect(rank).toHaveLength(strategy.rankedBy.length);
    }
  });
});
