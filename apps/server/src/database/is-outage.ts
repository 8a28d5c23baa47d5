/** SQLSTATE classes (PostgreSQL, appendix A): connection, operator intervention (shutdown, starting up), resources. */
const OUTAGE_CLASSES = /^(08|57P|53)/;
const OUTAGE_CODES = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT"]);
/** What `pg` and its pool say without a code. */
const OUTAGE_WORDS = /timeout exceeded when trying to connect|connection terminated|connection error/i;

/** Whether an error says that the database cannot be had for now, and nothing against what was asked of it. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return OUTAGE_CLASSES.test(code) || OUTAGE_CODES.has(code) || OUTAGE_WORDS.test(error.message);
}
