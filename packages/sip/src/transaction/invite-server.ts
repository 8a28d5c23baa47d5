import {
  arm,
  DELIVER,
  disarm,
  type ResponseClass,
  SEND,
  type Step,
  TIMED_OUT,
  TRANSPORT_FAILED,
} from "./machine.ts";
import { T1, T2, T4, TIMEOUT_MS } from "./timing.ts";

/*
 * INVITE server transaction, RFC 3261 figure 7 with the state Accepted of RFC 6026 figure 2.
 *
 *   proceeding --send 3xx..6xx--> completed --ACK--> confirmed --I--> terminated
 *        |                             \--H--> terminated
 *        +-------send 2xx-------> accepted --L--> terminated
 *
 * In `accepted` copies of the INVITE are swallowed; the user repeats the 2xx until its ACK comes (section 13.3.1.4).
 */
export type InviteServerState =
  | { readonly name: "proceeding" }
  | { readonly name: "completed"; readonly intervalMs: number }
  | { readonly name: "accepted" | "confirmed" | "terminated" };

export type InviteServerEvent =
  | { readonly on: "request" | "ack" | "transport_error" }
  | { readonly on: "respond"; readonly class: ResponseClass }
  | { readonly on: "timer"; readonly timer: "G" | "H" | "I" | "L" };

const ACCEPTED: InviteServerState = { name: "accepted" };
const CONFIRMED: InviteServerState = { name: "confirmed" };
const TERMINATED: InviteServerState = { name: "terminated" };

export const INVITE_SERVER_START: InviteServerState = { name: "proceeding" };

export function stepInviteServer(
  state: InviteServerState,
  event: InviteServerEvent,
  reliable: boolean,
): Step<InviteServerState> {
  switch (state.name) {
    case "proceeding":
      if (event.on === "respond") return responded(state, event.class, reliable);
      if (event.on === "request") return { next: state, effects: [SEND] };
      if (event.on === "transport_error") return { next: TERMINATED, effects: [TRANSPORT_FAILED] };
      return { next: state, effects: [] };
    case "completed":
      if (event.on === "request") return { next: state, effects: [SEND] };
      if (event.on === "ack") {
        if (reliable) return { next: TERMINATED, effects: [] };
        return { next: CONFIRMED, effects: [disarm("G"), disarm("H"), arm("I", T4)] };
      }
      if (event.on === "timer" && event.timer === "G") {
        const intervalMs = Math.min(state.intervalMs * 2, T2);
        return { next: { name: "completed", intervalMs }, effects: [SEND, arm("G", intervalMs)] };
      }
      if (event.on === "timer" && event.timer === "H") return { next: TERMINATED, effects: [TIMED_OUT] };
      if (event.on === "transport_error") return { next: TERMINATED, effects: [] };
      return { next: state, effects: [] };
    case "accepted":
      if (event.on === "respond" && event.class === "success") return { next: state, effects: [SEND] };
      if (event.on === "ack") return { next: state, effects: [DELIVER] };
      if (event.on === "timer" && event.timer === "L") return { next: TERMINATED, effects: [] };
      return { next: state, effects: [] };
    case "confirmed":
      if (event.on === "timer" && event.timer === "I") return { next: TERMINATED, effects: [] };
      return { next: state, effects: [] };
    case "terminated":
      return { next: state, effects: [] };
  }
}

function responded(
  state: InviteServerState,
  kind: ResponseClass,
  reliable: boolean,
): Step<InviteServerState> {
  switch (kind) {
    case "provisional":
      return { next: state, effects: [SEND] };
    case "success":
      return { next: ACCEPTED, effects: [SEND, arm("L", TIMEOUT_MS)] };
    case "failure": {
      const timers = reliable ? [arm("H", TIMEOUT_MS)] : [arm("G", T1), arm("H", TIMEOUT_MS)];
      return { next: { name: "completed", intervalMs: T1 }, effects: [SEND, ...timers] };
    }
  }
}
