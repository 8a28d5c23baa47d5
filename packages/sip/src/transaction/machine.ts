/** The words shared by the four transaction machines (RFC 3261 section 17, RFC 6026). */

/** Names of the timers of RFC 3261 table 4 and RFC 6026; each machine has its own few. */
export type TimerName = "A" | "B" | "D" | "E" | "F" | "G" | "H" | "I" | "J" | "K" | "L" | "M";

/** What the runner does for a machine, in order. */
export type Effect =
  /** Send (again) the request, or the last response. */
  | { readonly do: "send" }
  /** Send the ACK of a failure response (section 17.1.1.3). */
  | { readonly do: "ack" }
  /** Hand the message at hand to the user of the transaction. */
  | { readonly do: "deliver" }
  | { readonly do: "arm"; readonly timer: TimerName; readonly ms: number }
  | { readonly do: "disarm"; readonly timer: TimerName }
  /** Tell the user that the peer never answered. */
  | { readonly do: "timed_out" }
  | { readonly do: "transport_failed" };

/** The result of a step: the next state and what to do now. State "terminated" ends the transaction. */
export interface Step<State> {
  readonly next: State;
  readonly effects: readonly Effect[];
}

/** What responses mean to a machine. */
export type ResponseClass = "provisional" | "success" | "failure";

export function responseClass(status: number): ResponseClass {
  if (status < 200) return "provisional";
  return status < 300 ? "success" : "failure";
}

export const SEND: Effect = { do: "send" };
export const ACK: Effect = { do: "ack" };
export const DELIVER: Effect = { do: "deliver" };
export const TIMED_OUT: Effect = { do: "timed_out" };
export const TRANSPORT_FAILED: Effect = { do: "transport_failed" };

export function arm(timer: TimerName, ms: number): Effect {
  return { do: "arm", timer, ms };
}

export function disarm(timer: TimerName): Effect {
  return { do: "disarm", timer };
}
