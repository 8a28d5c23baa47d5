import type { FieldProblem } from "@svara/contracts";
import { type ErrorInfo, SvaraError } from "@svara/kernel";

export interface HttpErrorInfo extends Omit<ErrorInfo, "httpStatus"> {
  readonly status: number;
  readonly errors?: readonly FieldProblem[];
  readonly retryAfterMs?: number;
}

/** An error that the HTTP side tells of itself. */
export class HttpError extends SvaraError {
  readonly errors: readonly FieldProblem[] | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, info: HttpErrorInfo) {
    super(message, { ...info, httpStatus: info.status });
    this.name = "HttpError";
    this.errors = info.errors;
    this.retryAfterMs = info.retryAfterMs;
  }
}

/** 401: the call needs a session or a token. */
export function notSignedIn(): HttpError {
  return new HttpError("Sign in first", { status: 401, code: "not_signed_in" });
}

/** 403: known, but not allowed. */
export function forbidden(permission: string): HttpError {
  return new HttpError(`This needs the right ${permission}`, { status: 403, code: "forbidden" });
}

/** 404: not there, or not to be seen by the caller, which is told alike. */
export function notFound(what: string): HttpError {
  return new HttpError(`There is no such ${what}`, { status: 404, code: "not_found" });
}

/** 400: the fields at fault, named. */
export function invalid(errors: readonly FieldProblem[]): HttpError {
  const first = errors[0];
  return new HttpError(first ? `${first.field}: ${first.message}` : "The input is not valid", {
    status: 400,
    code: "invalid",
    errors,
    ...(first && { field: first.field }),
  });
}

/** 409: fine in itself, but not in the present state of things. */
export function conflict(code: string, message: string, field?: string): HttpError {
  return new HttpError(message, { status: 409, code, ...(field !== undefined && { field }) });
}
