import type { ExpressionProblem } from "@svara/kernel/expression";
import type { i18n } from "i18next";

/** A fault of an expression in the reader's language: what is wrong, and what to do where that is known. */
export function expressionProblemText(
  problem: Pick<ExpressionProblem, "code" | "params" | "message"> & { readonly remedy?: string | null },
  i18n: i18n,
): string {
  const key = `expression_problem.${problem.code}`;
  if (!i18n.exists(key)) return problem.message;
  const params: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(problem.params)) params[name] = termText(value, i18n);
  const said = i18n.t(key as never, params) as string;
  const remedyKey = `expression_remedy.${problem.remedy}`;
  return problem.remedy && i18n.exists(remedyKey)
    ? `${said} ${i18n.t(remedyKey as never, params) as string}`
    : said;
}

function termText(value: string | number, i18n: i18n): string | number {
  const key = `expression_term.${value}`;
  return i18n.exists(key) ? (i18n.t(key as never) as string) : value;
}
