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
 * Client transaction of every method but INVITE, RFC 3261 figure 6.
 *
 *   trying --1xx--> proceeding --2xx..6xx--> completed --K--> terminated
 *      \--------------2xx..6xx-------------/
 *   F or transport error in the first two --> terminated
 */
export type RequestClientState =
  | { readonly name: "trying"; readonly intervalMs: number }
  | { readonly name: "proceeding" | "completed" | "terminated" };

export type RequestClientEvent =
  | { readonly on: "start" | "transport_error" }
  | { readonly on: "timer"; readonly timer: "E" | "F" | "K" }
  | { readonly on: "response"; readonly class: ResponseClass };

const PROCEEDING: RequestClientState = { name: "proceeding" };
const COMPLETED: RequestClientState = { name: "completed" };
const TERMINATED: RequestClientState = { name: "terminated" };

export const REQUEST_CLIENT_START: RequestClientState = { name: "trying", intervalMs: T1 };

export function stepRequestClient(
  state: RequestClientState,
  event: RequestClientEvent,
  reliable: boolean,
): Step<RequestClientState> {
  switch (state.name) {
    case "trying":
      if (event.on === "start") {
        const timers = reliable ? [arm("F", TIMEOUT_MS)] : [arm("E", T1), arm("F", TIMEOUT_MS)];
        return { next: state, effects: [SEND, ...timers] };
      }
      if (event.on === "timer" && event.timer === "E") {
        const intervalMs = Math.min(state.intervalMs * 2, T2);
        return { next: { name: "trying", intervalMs }, effects: [SEND, arm("E", intervalMs)] };
      }
      return waiting(state, event, reliable);
    case "proceeding":
      if (event.on === "timer" && event.timer === "E") return { next: state, effects: [SEND, arm("E", T2)] };
      return waiting(state, event, reliable);
    case "completed":
      if (event.on === "timer" && event.timer === "K") return { next: TERMINATED, effects: [] };
      return { next: state, effects: [] };
    case "terminated":
      return { next: state, effects: [] };
  }
}

function waiting(
  state: RequestClientState,
  event: RequestClientEvent,
  reliable: boolean,
): Step<RequestClientState> {
  if (event.on === "transport_error") return { next: TERMINATED, effects: [TRANSPORT_FAILED] };
  if (event.on === "timer" && event.timer === "F") return { next: TERMINATED, effects: [TIMED_OUT] };
  if (event.on !== "response") return { next: state, effects: [] };
  if (event.class === "provisional") return { next: PROCEEDING, effects: [DELIVER] };
  if (reliable) return { next: TERMINATED, effects: [DELIVER] };
  return { next: COMPLETED, effects: [disarm("E"), disarm("F"), DELIVER, arm("K", T4)] };
}
