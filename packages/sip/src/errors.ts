import { SvaraError } from "@svara/kernel";

/** The codes of this package's errors; stable. */
export type SipErrorCode =
  | "sip.port_taken"
  | "sip.listen_failed"
  | "sip.closed"
  | "sip.bad_uri"
  | "sip.wrong_state"
  | "sip.no_transport";

/** A broken assumption or an unusable environment. Outcomes of calls (busy, no answer) are values, never errors. */
export class SipError extends SvaraError {
  declare readonly code: SipErrorCode;

  constructor(code: SipErrorCode, message: string, info: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, { code, ...info });
    this.name = "SipError";
  }
}

/** Bytes that are not a SIP message, or one whose `field` is malformed; `sipStatus` is the answer owed to a request. */
export class SipParseError extends SvaraError {
  declare readonly field: string;

  constructor(field: string, problem: string, sipStatus = 400) {
    super(`${field}: ${problem}`, { code: "sip.malformed", field, sipStatus, httpStatus: 400 });
    this.name = "SipParseError";
  }
}
