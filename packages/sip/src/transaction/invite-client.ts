import {
  ACK,
  arm,
  DELIVER,
  disarm,
  type ResponseClass,
  SEND,
  type Step,
  TIMED_OUT,
  TRANSPORT_FAILED,
} from "./machine.ts";
import { T1, TIMEOUT_MS, TIMER_D_MS } from "./timing.ts";

/*
 * INVITE client transaction, RFC 3261 figure 5 with the state Accepted of RFC 6026 figure 1.
 *
 *   calling --1xx--> proceeding --3xx..6xx--> completed --D--> terminated
 *      |  \                \------2xx-------> accepted ---M--> terminated
 *      |   +--2xx, 3xx..6xx as from proceeding
 *      +--B or transport error--> terminated
 *
 * In `completed` every copy of the failure is ACKed; in `accepted` every 2xx goes to the user, who ACKs.
 */
export type InviteClientState =
  | { readonly name: "calling"; readonly intervalMs: number }
  | { readonly name: "proceeding" | "completed" | "accepted" | "terminated" };

export type InviteClientEvent =
  | { readonly on: "start" | "transport_error" }
  | { readonly on: "timer"; readonly timer: "A" | "B" | "D" | "M" }
  | { readonly on: "response"; readonly class: ResponseClass };

const PROCEEDING: InviteClientState = { name: "proceeding" };
const COMPLETED: InviteClientState = { name: "completed" };
const ACCEPTED: InviteClientState = { name: "accepted" };
const TERMINATED: InviteClientState = { name: "terminated" };

export const INVITE_CLIENT_START: InviteClientState = { name: "calling", intervalMs: T1 };

export function stepInviteClient(
  state: InviteClientState,
  event: InviteClientEvent,
  reliable: boolean,
): Step<InviteClientState> {
  switch (state.name) {
    case "calling":
      if (event.on === "start") {
        const timers = reliable ? [arm("B", TIMEOUT_MS)] : [arm("A", T1), arm("B", TIMEOUT_MS)];
        return { next: state, effects: [SEND, ...timers] };
      }
      if (event.on === "transport_error") return { next: TERMINATED, effects: [TRANSPORT_FAILED] };
      if (event.on === "response") return answered(event.class, reliable);
      if (event.on === "timer" && event.timer === "A") {
        const intervalMs = state.intervalMs * 2;
        return { next: { name: "calling", intervalMs }, effects: [SEND, arm("A", intervalMs)] };
      }
      if (event.on === "timer" && event.timer === "B") return { next: TERMINATED, effects: [TIMED_OUT] };
      return { next: state, effects: [] };
    case "proceeding":
      if (event.on === "transport_error") return { next: TERMINATED, effects: [TRANSPORT_FAILED] };
      if (event.on === "response") return answered(event.class, reliable);
      return { next: state, effects: [] };
    case "completed":
      if (event.on === "response" && event.class === "failure") return { next: state, effects: [ACK] };
      if (event.on === "timer" && event.timer === "D") return { next: TERMINATED, effects: [] };
      if (event.on === "transport_error") return { next: TERMINATED, effects: [] };
      return { next: state, effects: [] };
    case "accepted":
      if (event.on === "response" && event.class === "success") return { next: state, effects: [DELIVER] };
      if (event.on === "timer" && event.timer === "M") return { next: TERMINATED, effects: [] };
      return { next: state, effects: [] };
    case "terminated":
      return { next: state, effects: [] };
  }
}

function answered(kind: ResponseClass, reliable: boolean): Step<InviteClientState> {
  switch (kind) {
    case "provisional":
      return { next: PROCEEDING, effects: [disarm("A"), disarm("B"), DELIVER] };
    case "success":
      return { next: ACCEPTED, effects: [disarm("A"), disarm("B"), DELIVER, arm("M", TIMEOUT_MS)] };
    case "failure":
      if (reliable) return { next: TERMINATED, effects: [ACK, DELIVER] };
      return { next: COMPLETED, effects: [disarm("A"), disarm("B"), ACK, DELIVER, arm("D", TIMER_D_MS)] };
  }
}
