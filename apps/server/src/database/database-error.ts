import { SvaraError } from "@svara/kernel";

const CATALOGUE = {
  postgres_binaries_missing: { httpStatus: 500 },
  postgres_no_account: { httpStatus: 500 },
  postgres_no_place: { httpStatus: 500 },
  postgres_start_failed: { httpStatus: 500 },
  database_unreachable: { httpStatus: 503, retryable: true },
  database_too_old: { httpStatus: 500 },
  database_roles: { httpStatus: 500 },
  database_newer: { httpStatus: 500 },
  migration_failed: { httpStatus: 500 },
  ledger_fenced: { httpStatus: 503 },
  ledger_closed: { httpStatus: 503 },
  ledger_not_durable: { httpStatus: 503, retryable: true },
  backup_exists: { httpStatus: 409 },
  backup_broken: { httpStatus: 422 },
  restore_not_empty: { httpStatus: 409 },
  restore_running: { httpStatus: 409 },
  restore_mismatch: { httpStatus: 409 },
} as const;

export type DatabaseErrorCode = keyof typeof CATALOGUE;

/** An error of the data layer; the message says what to do about it. */
export class DatabaseError extends SvaraError {
  constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
    super(message, { code, ...CATALOGUE[code], cause });
    this.name = "DatabaseError";
  }
}
