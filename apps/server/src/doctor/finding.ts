/** How one thing stands: `warn` works but will trouble somebody, `fail` does not work. */
export type Verdict = "ok" | "warn" | "fail";

/** What one check found out; a verdict other than `ok` comes with a remedy. */
export type Finding =
  | { readonly verdict: "ok"; readonly message: string }
  | { readonly verdict: "warn" | "fail"; readonly message: string; readonly remedy: string };

export function ok(message: string): Finding {
  return { verdict: "ok", message };
}

export function warn(message: string, remedy: string): Finding {
  return { verdict: "warn", message, remedy };
}

export function fail(message: string, remedy: string): Finding {
  return { verdict: "fail", message, remedy };
}

/** The worst of several findings, with all their messages. */
export function worst(findings: readonly Finding[]): Finding {
  const troubled = findings.filter(({ verdict }) => verdict !== "ok");
  if (troubled.length === 0) return ok(findings.map(({ message }) => message).join("; "));
  const message = troubled.map((finding) => finding.message).join("; ");
  const remedy = troubled.flatMap((finding) => ("remedy" in finding ? [finding.remedy] : [])).join("; ");
  return troubled.some(({ verdict }) => verdict === "fail") ? fail(message, remedy) : warn(message, remedy);
}
