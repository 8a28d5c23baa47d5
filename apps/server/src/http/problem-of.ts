import type { Problem } from "@svara/contracts";
import { SvaraError } from "@svara/kernel";
import { HttpError } from "./http-error.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "The request is not valid",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Not possible here",
  406: "Not acceptable",
  408: "Took too long",
  409: "Not possible now",
  412: "Changed meanwhile",
  413: "Too large",
  415: "Of the wrong kind",
  416: "Not within the file",
  422: "Cannot be done so",
  429: "Too many attempts",
  431: "Headers too large",
  500: "The server failed",
  503: "Not available now",
};

/** Problem details (RFC 9457) of an error. What is not ours becomes 500 without its words: they stay in the log. */
export function problemOf(error: unknown): Problem {
  if (error instanceof SvaraError && error.httpStatus < 500) return told(error);
  if (error instanceof SvaraError && error.httpStatus === 503) return told(error);
  const status = clientFault(error);
  if (status !== undefined && error instanceof Error)
    return {
      type: "about:blank",
      title: titleOf(status),
      status,
      code: codeOf(error),
      detail: error.message,
    };
  return {
    type: "about:blank",
    title: titleOf(500),
    status: 500,
    code: "internal",
    detail: "The fault is on our side and has been written to the log.",
  };
}

function told(error: SvaraError): Problem {
  const problem: Problem = {
    type: "about:blank",
    title: titleOf(error.httpStatus),
    status: error.httpStatus,
    code: error.code,
    detail: error.message,
  };
  if (error.field !== undefined) problem.field = error.field;
  if (error instanceof HttpError) {
    if (error.errors) problem.errors = [...error.errors];
    if (error.retryAfterMs !== undefined) problem.retryAfterMs = error.retryAfterMs;
  }
  return problem;
}

function titleOf(status: number): string {
  return TITLES[status] ?? `HTTP ${status}`;
}

/** The status of an error that Fastify lays at the caller's door. */
function clientFault(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const status = error.statusCode;
  return typeof status === "number" && status >= 400 && status < 500 ? status : undefined;
}

const FASTIFY_CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_REQ_FILE_TOO_LARGE: "too_large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "wrong_media_type",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid",
};

function codeOf(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return FASTIFY_CODES[code] ?? "bad_request";
}
