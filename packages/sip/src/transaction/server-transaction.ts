import type { Clock } from "@svara/kernel";
import type { SipRequest, SipResponse } from "../message/message.ts";
import type { Flow } from "../transport/flow.ts";
import {
  INVITE_SERVER_START,
  type InviteServerEvent,
  type InviteServerState,
  stepInviteServer,
} from "./invite-server.ts";
import { type Effect, responseClass, type Step, type TimerName } from "./machine.ts";
import {
  REQUEST_SERVER_START,
  type RequestServerEvent,
  type RequestServerState,
  stepRequestServer,
} from "./request-server.ts";
import { TransactionRunner } from "./runner.ts";

/** A server transaction as its user sees it. */
export interface ServerTransaction {
  readonly key: string;
  readonly request: SipRequest;
  /** The flow the request came by. */
  readonly flow: Flow;
  readonly state: string;
  /** Where responses go; asked at each sending, since a connection may have been lost. */
  respond(response: SipResponse): void;
  /** A copy of the request, or the ACK of a failure. */
  receive(request: SipRequest): void;
  /** What to tell when the ACK of a failure never came or the network refused the response. */
  onFailure: (() => void) | undefined;
  dispose(): void;
}

interface Setup {
  readonly clock: Clock;
  readonly key: string;
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly reply: () => Flow;
  readonly onEnd: (transaction: ServerTransaction) => void;
}

/** Runs the INVITE server machine. */
export class InviteServerTransaction
  extends TransactionRunner<InviteServerState, InviteServerEvent>
  implements ServerTransaction
{
  readonly #setup: Setup;
  readonly #failed = (): void => this.handle({ on: "transport_error" });
  #last: Buffer | undefined;
  onFailure: (() => void) | undefined;

  constructor(setup: Setup) {
    super(setup.clock, INVITE_SERVER_START);
    this.#setup = setup;
  }

  get key(): string {
    return this.#setup.key;
  }

  get request(): SipRequest {
    return this.#setup.request;
  }

  get flow(): Flow {
    return this.#setup.flow;
  }

  respond(response: SipResponse): void {
    this.#last = response.toBytes();
    this.handle({ on: "respond", class: responseClass(response.status) });
  }

  receive(request: SipRequest): void {
    this.handle({ on: request.method === "ACK" ? "ack" : "request" });
  }

  protected step(state: InviteServerState, event: InviteServerEvent): Step<InviteServerState> {
    return stepInviteServer(state, event, this.flow.reliable);
  }

  protected timer(timer: TimerName): void {
    this.handle({ on: "timer", timer: timer as "G" | "H" | "I" | "L" });
  }

  protected act(effect: Exclude<Effect, { do: "arm" | "disarm" }>): void {
    if (effect.do === "send" && this.#last) sendReply(this.#setup, this.#last, this.#failed);
    else if (effect.do === "timed_out" || effect.do === "transport_failed") this.onFailure?.();
  }

  protected ended(): void {
    this.#setup.onEnd(this);
  }
}

/** Runs the server machine of all methods but INVITE and ACK. */
export class RequestServerTransaction
  extends TransactionRunner<RequestServerState, RequestServerEvent>
  implements ServerTransaction
{
  readonly #setup: Setup;
  readonly #failed = (): void => this.handle({ on: "transport_error" });
  #last: Buffer | undefined;
  onFailure: (() => void) | undefined;

  constructor(setup: Setup) {
    super(setup.clock, REQUEST_SERVER_START);
    this.#setup = setup;
  }

  get key(): string {
    return this.#setup.key;
  }

  get request(): SipRequest {
    return this.#setup.request;
  }

  get flow(): Flow {
    return this.#setup.flow;
  }

  respond(response: SipResponse): void {
    this.#last = response.toBytes();
    this.handle({ on: "respond", class: responseClass(response.status) });
  }

  receive(_request: SipRequest): void {
    this.handle({ on: "request" });
  }

  protected step(state: RequestServerState, event: RequestServerEvent): Step<RequestServerState> {
    return stepRequestServer(state, event, this.flow.reliable);
  }

  protected timer(_timer: TimerName): void {
    this.handle({ on: "timer", timer: "J" });
  }

  protected act(effect: Exclude<Effect, { do: "arm" | "disarm" }>): void {
    if (effect.do === "send" && this.#last) sendReply(this.#setup, this.#last, this.#failed);
    else if (effect.do === "transport_failed") this.onFailure?.();
  }

  protected ended(): void {
    this.#setup.onEnd(this);
  }
}

function sendReply(setup: Setup, bytes: Buffer, failed: () => void): void {
  try {
    setup.reply().send(bytes, failed);
  } catch {
    failed(); // no way back: the connection is gone and none can be made
  }
}
