import type { Logger } from "pino";

/** The part of a pino logger that the data layer uses. */
export type Log = Pick<Logger, "info" | "warn" | "error">;

/** Says nothing. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
