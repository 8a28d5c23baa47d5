import { ROUTING_FACT_TYPES } from "@svara/contracts";
import { checkExpression, type ExpressionProblem, parseExpression } from "@svara/kernel/expression";

/** What is wrong with a condition over the routing facts; nothing is wrong with an empty one yet. */
export function conditionProblems(text: string): readonly ExpressionProblem[] {
  if (text.trim() === "") return [];
  const parsed = parseExpression(text);
  return parsed.ok ? checkExpression(parsed.expression, ROUTING_FACT_TYPES) : parsed.problems;
}

/** The line of a text that holds a column counted from 1, and a line with a caret below it. */
export function markColumn(text: string, column: number): { readonly line: string; readonly caret: string } {
  const at = Math.min(Math.max(0, column - 1), text.length);
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  return { line: text.slice(start, end === -1 ? undefined : end), caret: `${" ".repeat(at - start)}^` };
}
