import { arm, type ResponseClass, SEND, type Step, TRANSPORT_FAILED } from "./machine.ts";
import { TIMEOUT_MS } from "./timing.ts";

/*
 * Server transaction of every method but INVITE and ACK, RFC 3261 figure 8.
 *
 *   trying --send 1xx--> proceeding --send 2xx..6xx--> completed --J--> terminated
 *      \-------------send 2xx..6xx------------------/
 */
export interface RequestServerState {
  readonly name: "trying" | "proceeding" | "completed" | "terminated";
}

export type RequestServerEvent =
  | { readonly on: "request" | "transport_error" }
  | { readonly on: "respond"; readonly class: ResponseClass }
  | { readonly on: "timer"; readonly timer: "J" };

const TERMINATED: RequestServerState = { name: "terminated" };
const PROCEEDING: RequestServerState = { name: "proceeding" };
const COMPLETED: RequestServerState = { name: "completed" };

export const REQUEST_SERVER_START: RequestServerState = { name: "trying" };

export function stepRequestServer(
  state: RequestServerState,
  event: RequestServerEvent,
  reliable: boolean,
): Step<RequestServerState> {
  switch (state.name) {
    case "trying":
    case "proceeding":
      if (event.on === "respond") {
        if (event.class === "provisional") return { next: PROCEEDING, effects: [SEND] };
        if (reliable) return { next: TERMINATED, effects: [SEND] };
        return { next: COMPLETED, effects: [SEND, arm("J", TIMEOUT_MS)] };
      }
      if (event.on === "request" && state.name === "proceeding") return { next: state, effects: [SEND] };
      if (event.on === "transport_error") return { next: TERMINATED, effects: [TRANSPORT_FAILED] };
      return { next: state, effects: [] };
    case "completed":
      if (event.on === "request") return { next: state, effects: [SEND] };
      if (event.on === "timer" || event.on === "transport_error") return { next: TERMINATED, effects: [] };
      return { next: state, effects: [] };
    case "terminated":
      return { next: state, effects: [] };
  }
}
