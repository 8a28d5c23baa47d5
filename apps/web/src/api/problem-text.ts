import { ApiError } from "@svara/contracts";
import type { i18n } from "i18next";

/** What went wrong and what to do, in the reader's language; the server's own words where the catalogue has none. */
export function problemText(error: unknown, i18n: i18n): string {
  if (error instanceof ApiError) {
    const key = `problem.${error.code.replaceAll(".", "_")}`;
    if (i18n.exists(key)) {
      return i18n.t(key as never, {
        detail: error.problem.detail,
        minutes: minutesOf(error.problem.retryAfterMs),
      }) as string;
    }
    return error.problem.detail || error.problem.title;
  }
  return i18n.t("problem.unexpected");
}

function minutesOf(retryAfterMs: number | undefined): number {
  return Math.max(1, Math.ceil((retryAfterMs ?? 0) / 60_000));
}

/** Field by field what the server refused, for a form whose fields have the same names. */
export function fieldProblems(error: unknown, i18n: i18n): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  const { problem } = error;
  const fields: Record<string, string> = {};
  for (const each of problem.errors ?? [])
    fields[each.field] = fieldProblemText(each.code, each.message, i18n);
  if (problem.field !== undefined && fields[problem.field] === undefined) {
    fields[problem.field] = problemText(error, i18n);
  }
  return fields;
}

/** What is wrong with one field; the server's own words where the catalogue has none. */
export function fieldProblemText(code: string, message: string, i18n: i18n): string {
  const key = `field_problem.${code.replaceAll(".", "_")}`;
  return i18n.exists(key) ? (i18n.t(key as never) as string) : message;
}
