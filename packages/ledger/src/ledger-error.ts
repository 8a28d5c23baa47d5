import { SvaraError } from "@svara/kernel";

export type LedgerErrorCode = "event_unknown" | "event_incomplete" | "event_personal_data" | "event_too_new";

/** An event that does not follow the rules of the ledger: a mistake of the program, never of a caller. */
export class LedgerError extends SvaraError {
  constructor(code: LedgerErrorCode, message: string) {
    super(message, { code, httpStatus: 500 });
    this.name = "LedgerError";
  }
}
