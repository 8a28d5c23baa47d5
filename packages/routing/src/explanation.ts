import type { Agent } from "./agent.ts";
import type { Candidate, Explanation } from "./decision.ts";
import type { Engine } from "./engine.ts";
import type { Item } from "./line.ts";
import type { Shortlist } from "./shortlist.ts";
import type { AgentStrategy } from "./strategies/strategy.ts";

/** Why an item that waits for one agent alone goes to that agent. */
export function choiceOf({ workClass }: Item): "only_agent" | "preferred_agent" {
  return workClass.mode === "only" ? "only_agent" : "preferred_agent";
}

/** Why an agent who was named gets an item. */
export function explanation(
  engine: Engine,
  item: Item,
  choice: "preferred_agent" | "only_agent" | "picked",
  agent: Agent,
): Explanation {
  const candidates = engine.explains ? [{ id: agent.id, rank: [] }] : NO_CANDIDATES;
  return {
    choice,
    strategy: choice,
    rankedBy: [],
    candidates,
    considered: 1,
    rules: engine.rules,
    step: item.step,
  };
}

/** Why the best of those considered was chosen. */
export function explained(
  engine: Engine,
  item: Item,
  choice: "agent_for_item" | "item_for_agent",
  { name: strategy, rankedBy }: Pick<AgentStrategy, "rankedBy"> & { readonly name: string },
  best: Pick<Shortlist<Item>, "candidates" | "considered">,
): Explanation {
  return {
    choice,
    strategy,
    rankedBy,
    candidates: engine.explains ? best.candidates() : NO_CANDIDATES,
    considered: best.considered,
    rules: engine.rules,
    step: item.step,
  };
}

const NO_CANDIDATES: readonly Candidate[] = [];
