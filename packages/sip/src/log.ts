/** Where the stack writes what an operator wants to know; pino fits. Never given credentials or bodies. */
export interface SipLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** A log that keeps nothing. */
export const SILENT_LOG: SipLog = { debug() {}, info() {}, warn() {} };
