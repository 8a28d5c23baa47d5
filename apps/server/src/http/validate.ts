import type { FieldProblem } from "@svara/contracts";
import type { z } from "zod";
import { invalid } from "./http-error.ts";

/** The value by its schema. @throws HttpError 400 that names each field at fault, `prefix` before its path. */
export function validate<T extends z.ZodType>(schema: T, value: unknown, prefix = ""): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalid(fieldProblems(result.error.issues, prefix));
}

/** Each issue as a field with a code and a message. Of a union the branch that fits best is told. */
export function fieldProblems(issues: readonly z.core.$ZodIssue[], prefix = ""): FieldProblem[] {
  return issues.flatMap((issue) => {
    const path = [...(prefix === "" ? [] : [prefix]), ...issue.path.map(String)];
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const best = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
      if (best.some((inner) => inner.path.length > 0)) return fieldProblems(best, path.join("."));
    }
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        field: [...path, key].join("."),
        code: "unknown",
        message: "is not known",
      }));
    return [{ field: path.join(".") || "body", code: codeOf(issue), message: issue.message }];
  });
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "missing";
  switch (issue.code) {
    case "too_small":
      return "too_small";
    case "too_big":
      return "too_big";
    case "invalid_type":
      return "wrong_type";
    case "invalid_value":
      return "not_allowed";
    case "invalid_format":
      return "wrong_format";
    default:
      return "invalid";
  }
}
