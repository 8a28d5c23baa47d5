import type { CallEnd, CallFailure } from "@svara/sip";
import type { EndCause, HangupCause, LegEnd } from "../switch.ts";

/** The SIP status that refuses a call (RFC 3261, section 21) for a cause. */
export function refusalStatus(cause: HangupCause): number {
  switch (cause) {
    case "busy":
      return 486;
    case "refused":
      return 603;
    case "not_found":
      return 404;
    case "congestion":
      return 503;
    case "forbidden":
      return 403;
    case "normal":
    case "unavailable":
      return 480;
  }
}

/** Why an attempt of ours came to nothing. */
export function endOfAttempt(failure: CallFailure): LegEnd {
  const status = failure.status;
  switch (failure.by) {
    case "timeout":
      return { doing: "far_end", cause: "no_answer", status };
    case "transport":
      return { doing: "carrier", cause: "transport_lost", status };
    case "local":
      return status === 487
        ? { doing: "us", cause: "cancelled", status }
        : { doing: "us", cause: "not_registered", status };
    case "remote":
      return { doing: status >= 500 && status < 600 ? "carrier" : "far_end", cause: causeOf(status), status };
  }
}

/** Why a call that stood, or an incoming one that waited, is over. */
export function endOfCall(end: CallEnd, answered: boolean): LegEnd {
  const status = end.status === undefined ? {} : { status: end.status };
  switch (end.by) {
    case "remote":
      return { doing: "far_end", cause: answered ? "normal" : "cancelled", ...status };
    case "local":
      return { doing: "us", cause: "normal", ...status };
    case "transport":
      return { doing: "carrier", cause: "transport_lost", ...status };
    case "timeout":
      return { doing: "carrier", cause: "failed", ...status };
  }
}

function causeOf(status: number): EndCause {
  switch (status) {
    case 486:
    case 600:
      return "busy";
    case 480:
    case 603:
    case 607:
      return "refused";
    case 401:
    case 403:
    case 407:
      return "forbidden";
    case 404:
    case 410:
    case 484:
    case 604:
      return "not_found";
    case 408:
      return "no_answer";
    case 488:
    case 606:
      return "no_common_codec";
    case 487:
      return "cancelled";
    case 500:
    case 503:
    case 504:
      return "congestion";
    default:
      return "failed";
  }
}
