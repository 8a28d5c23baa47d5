/** What an error says about itself beside its message; `code` is stable and is what callers and clients test. */
export interface ErrorInfo {
  readonly code: string;
  readonly httpStatus?: number;
  readonly sipStatus?: number;
  readonly retryable?: boolean;
  /** The input field at fault, as a dotted path. */
  readonly field?: string;
  readonly cause?: unknown;
}

/** The base of every error of ours. Expected outcomes are returned, not thrown. */
export class SvaraError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  readonly sipStatus: number;
  readonly retryable: boolean;
  readonly field: string | undefined;

  constructor(message: string, info: ErrorInfo) {
    super(message, { cause: info.cause });
    this.name = "SvaraError";
    this.code = info.code;
    this.httpStatus = info.httpStatus ?? 500;
    this.sipStatus = info.sipStatus ?? 500;
    this.retryable = info.retryable ?? false;
    this.field = info.field;
  }
}

/** For the default branch of an exhaustive switch: a compile error when a case is missing. */
export function unreachable(value: never): never {
  throw new SvaraError(`unexpected value: ${JSON.stringify(value)}`, { code: "unreachable" });
}
