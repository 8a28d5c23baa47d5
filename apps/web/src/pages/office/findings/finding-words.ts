import type { FieldProblem, RoutingFinding } from "@svara/contracts";
import type { i18n } from "i18next";
import { fieldProblemText } from "../../../api/problem-text.ts";
import { formatSpan } from "../../../format/duration.ts";

/** What is wrong or doubtful at a field, in the reader's language. */
export interface Said {
  readonly severity: "error" | "warning";
  readonly code: string;
  /** A dotted path in the queue's body; null: the whole. */
  readonly field: string | null;
  readonly means: string;
  /** What to do about it; empty where the text says it already. */
  readonly todo: string;
}

/** A finding of the routing check: the router's words translated, times instead of milliseconds. */
export function sayFinding(finding: RoutingFinding, i18n: i18n): Said {
  const { severity, code, field } = finding;
  const key = `finding.${code}`;
  if (!i18n.exists(key)) return { severity, code, field, means: finding.message, todo: "" };
  const params = readable(finding.params, i18n);
  const todoKey = `finding_todo.${code}`;
  return {
    severity,
    code,
    field,
    means: i18n.t(key as never, params) as string,
    todo: i18n.exists(todoKey) ? (i18n.t(todoKey as never, params) as string) : "",
  };
}

/** What the server refuses about a field. */
export function sayProblem(problem: FieldProblem, i18n: i18n): Said {
  const { code, field, message } = problem;
  return {
    severity: "error",
    code,
    field,
    means: fieldProblemText(plainCode(field, code), message, i18n),
    todo: "",
  };
}

/** In a routing form nothing is typed as an id: what has the wrong form there has not been chosen yet. */
function plainCode(field: string, code: string): string {
  if (code.startsWith("expression.")) return "condition"; // where and what exactly is marked in the condition itself
  if (code === "wrong_format" && /Id$/.test(field)) return "missing";
  return code === "too_small" && /(Ids|\.when)$/.test(field) ? "missing" : code;
}

/** Those of a field and of what lies below it. */
export function saidAt(said: readonly Said[], path: string): readonly Said[] {
  return said.filter(({ field }) => field === path || (field?.startsWith(`${path}.`) ?? false));
}

function readable(params: RoutingFinding["params"], i18n: i18n): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(params)) {
    if (name.endsWith("Ms") && typeof value === "number") out[name] = formatSpan(value, i18n.language);
    else if (name === "queues") out[name] = circle(String(value));
    else out[name] = typeof value === "string" ? (wordsIn(name, value, i18n) ?? value) : value;
  }
  return out;
}

/** Queues in the order in which contacts go round, back to the first. */
function circle(queues: string): string {
  const names = queues.split(", ");
  return [...names, names[0]].join(" → ");
}

/** Words of the router that have a translation: media, tiers, what a requirement consists of. */
function wordsIn(name: string, value: string, i18n: i18n): string | undefined {
  const group = { medium: "medium", tiers: "tier", without: "requirement_word" }[name];
  if (group === undefined) return undefined;
  const words = value.split(/,\s*/).map((word) => {
    const key = `${group}.${group === "tier" ? `n${word}` : word}`;
    return i18n.exists(key) ? (i18n.t(key as never) as string) : word;
  });
  return new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(words);
}
