import type { FactType } from "@svara/kernel/expression";

/** A text and where its cursor stands. */
export interface Written {
  readonly text: string;
  readonly cursor: number;
}

/** What one would write about a fact of this type, to be changed by hand; `«»` is where the cursor goes. */
export function snippetFor(name: string, type: FactType): string {
  if (type === "flag") return `${name}«»`;
  if (type === "number") return `${name} > «»0`;
  if (type === "text") return `${name} == "«»"`;
  if ("oneOf" in type) return `${name} == "${type.oneOf[0] ?? ""}«»"`;
  return `"«»" in ${name}`;
}

/** After these a condition may begin; behind anything else one is joined by `&&`. */
const OPEN = /(?:^|&&|\|\||[!(?:,])\s*$/;

/** Puts a condition in at the cursor, joined to what stands before it. */
export function insertCondition(text: string, cursor: number, snippet: string): Written {
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  const joint = OPEN.test(before) ? "" : before.endsWith(" ") ? "&& " : " && ";
  const behind =
    after.trim() === "" || /^\s*(?:&&|\|\||[):?,])/.test(after) ? after : ` && ${after.trimStart()}`;
  const put = snippet.replace("«»", "");
  const mark = snippet.indexOf("«»");
  const start = before.length + joint.length;
  return {
    text: before + joint + put + behind,
    cursor: start + (mark === -1 ? put.length : mark),
  };
}
