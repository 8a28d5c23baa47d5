import type { WaitExplained } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import { countGroups, levelOf } from "./reason-words.ts";

/** The one thing that keeps a contact waiting, before all details. */
export type WaitVerdict =
  | { readonly kind: "dormant" }
  | { readonly kind: "rings"; readonly agent: string | null }
  | { readonly kind: "kept"; readonly agent: string; readonly until: Instant | null }
  | { readonly kind: "held" }
  | { readonly kind: "at_once" }
  | { readonly kind: "no_agents" }
  | {
      readonly kind: "nobody_ever";
      /** The skill that all lack, if it is one. */
      readonly skill: { readonly name: string; readonly level: number } | null;
      /** When a step asks for something else. */
      readonly stepAt: Instant | null;
    }
  | { readonly kind: "nobody_at_work" }
  | { readonly kind: "all_away" }
  | { readonly kind: "all_busy" };

/** Finds it: what the contact itself is waiting for comes before who is missing. */
export function verdictOf(wait: WaitExplained): WaitVerdict {
  if (wait.state === "dormant") return { kind: "dormant" };
  if (wait.state === "ringing") return { kind: "rings", agent: wait.ringsAt?.name ?? null };
  if (wait.waitsFor) {
    return { kind: "kept", agent: wait.waitsFor.agent.name, until: wait.waitsFor.until };
  }
  const counts = countGroups(wait.agents);
  if (counts.open > 0) return { kind: "at_once" };
  if (counts.rule > 0 && wait.heldBackBy.length > 0) return { kind: "held" };
  if (wait.agents.length === 0) return { kind: "no_agents" };
  if (counts.taken > 0) return { kind: "all_busy" };
  if (counts.away > 0) return { kind: "all_away" };
  if (counts.out > 0) return { kind: "nobody_at_work" };
  if (counts.rule > 0) return { kind: "held" };
  return { kind: "nobody_ever", skill: lackedByAll(wait), stepAt: nextStepAt(wait) };
}

/** The one skill whose lack is the first reason of every agent. */
function lackedByAll({ agents }: WaitExplained): { name: string; level: number } | null {
  const [first] = agents;
  if (agents.length !== 1 || first?.reason !== "lacks_skill") return null;
  return { name: String(first.params.skill ?? ""), level: levelOf(first.params) };
}

function nextStepAt({ next }: WaitExplained): Instant | null {
  return next.find(({ what }) => what === "step")?.at ?? null;
}
