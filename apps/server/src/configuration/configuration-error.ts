import { SvaraError } from "@svara/kernel";

const CATALOGUE = {
  config_kind_unknown: { httpStatus: 404 },
  config_invalid: { httpStatus: 422 },
  config_not_found: { httpStatus: 404 },
  config_revision_unknown: { httpStatus: 404 },
  /** If-Match named an older revision: somebody changed it meanwhile. */
  config_changed_meanwhile: { httpStatus: 412 },
  config_undo_outdated: { httpStatus: 409 },
} as const;

export type ConfigurationErrorCode = keyof typeof CATALOGUE;

export class ConfigurationError extends SvaraError {
  constructor(code: ConfigurationErrorCode, message: string, field?: string) {
    super(message, { code, ...CATALOGUE[code], ...(field !== undefined && { field }) });
    this.name = "ConfigurationError";
  }
}
