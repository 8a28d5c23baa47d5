import { childrenOf, type Expression } from "./expression.ts";

/** The dotted names of the facts that an expression asks for (those in `has()` too), sorted, each once. */
export function namesUsed(expression: Expression): readonly string[] {
  const names = new Set<string>();
  const collect = (part: Expression): void => {
    if (part.kind === "name" || part.kind === "has") names.add(part.name);
    childrenOf(part).forEach(collect);
  };
  collect(expression);
  return [...names].sort();
}
