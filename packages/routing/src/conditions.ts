import { compileCondition, parseExpression } from "@svara/kernel/expression";
import type { Facts } from "./model.ts";

/** A question about an item's facts. */
export type Condition = (facts: Facts) => boolean;

const NO_FACTS: Facts = {};

/** Compiles an expression over facts; one that does not parse never holds (RT62). */
export function conditionOf(when: string): Condition {
  const parsed = parseExpression(when);
  if (!parsed.ok) return () => false;
  return compileCondition<Facts>(parsed.expression, factReader);
}

/** Whether the condition holds for an item with these facts. */
export function holdsFor(condition: Condition, facts: Facts | undefined): boolean {
  return condition(facts ?? NO_FACTS);
}

/** Facts are named by their whole dotted name. */
function factReader(name: string): (facts: Facts) => unknown {
  return (facts) => (Object.hasOwn(facts, name) ? facts[name] : undefined);
}
