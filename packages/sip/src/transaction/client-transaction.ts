import type { Clock } from "@svara/kernel";
import { SipHeaders } from "../message/headers.ts";
import { SipRequest, type SipResponse } from "../message/message.ts";
import type { Flow } from "../transport/flow.ts";
import {
  INVITE_CLIENT_START,
  type InviteClientEvent,
  type InviteClientState,
  stepInviteClient,
} from "./invite-client.ts";
import { type Effect, responseClass, type Step, type TimerName } from "./machine.ts";
import {
  REQUEST_CLIENT_START,
  type RequestClientEvent,
  type RequestClientState,
  stepRequestClient,
} from "./request-client.ts";
import { TransactionRunner } from "./runner.ts";

/** Why a request got no final answer. */
export type ClientFailure = "timeout" | "transport";

/** The user of a client transaction. */
export interface ClientUser {
  /** Every provisional response, the final one, and each copy of a 2xx to INVITE. */
  onResponse(response: SipResponse): void;
  onFailure(failure: ClientFailure): void;
}

/** A client transaction as the layer above sees it. */
export interface ClientTransaction {
  readonly key: string;
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly state: string;
  start(): void;
  receive(response: SipResponse): void;
  transportFailed(): void;
  dispose(): void;
}

interface Setup {
  readonly clock: Clock;
  readonly key: string;
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly user: ClientUser;
  /** Called once when the transaction is over. */
  readonly onEnd: (transaction: ClientTransaction) => void;
}

/** Runs the INVITE client machine over a flow. */
export class InviteClientTransaction
  extends TransactionRunner<InviteClientState, InviteClientEvent>
  implements ClientTransaction
{
  readonly #setup: Setup;
  /** The request as sent; let go of once it is answered. */
  #bytes: Buffer | undefined;
  readonly #failed = (): void => this.transportFailed();
  #response: SipResponse | undefined;

  constructor(setup: Setup) {
    super(setup.clock, INVITE_CLIENT_START);
    this.#setup = setup;
    this.#bytes = setup.request.toBytes();
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

  start(): void {
    this.handle({ on: "start" });
  }

  receive(response: SipResponse): void {
    this.#bytes = undefined;
    this.#response = response;
    this.handle({ on: "response", class: responseClass(response.status) });
    this.#response = undefined;
  }

  transportFailed(): void {
    this.handle({ on: "transport_error" });
  }

  protected step(state: InviteClientState, event: InviteClientEvent): Step<InviteClientState> {
    return stepInviteClient(state, event, this.flow.reliable);
  }

  protected timer(timer: TimerName): void {
    this.handle({ on: "timer", timer: timer as "A" | "B" | "D" | "M" });
  }

  protected act(effect: Exclude<Effect, { do: "arm" | "disarm" }>): void {
    const { flow, user, request } = this.#setup;
    switch (effect.do) {
      case "send":
        if (this.#bytes) flow.send(this.#bytes, this.#failed);
        return;
      case "ack":
        if (this.#response) flow.send(failureAck(request, this.#response).toBytes());
        return;
      case "deliver":
        if (this.#response) user.onResponse(this.#response);
        return;
      case "timed_out":
        return user.onFailure("timeout");
      case "transport_failed":
        return user.onFailure("transport");
    }
  }

  protected ended(): void {
    this.#setup.onEnd(this);
  }
}

/** Runs the client machine of all other methods over a flow. */
export class RequestClientTransaction
  extends TransactionRunner<RequestClientState, RequestClientEvent>
  implements ClientTransaction
{
  readonly #setup: Setup;
  /** The request as sent; let go of once it is answered. */
  #bytes: Buffer | undefined;
  readonly #failed = (): void => this.transportFailed();
  #response: SipResponse | undefined;

  constructor(setup: Setup) {
    super(setup.clock, REQUEST_CLIENT_START);
    this.#setup = setup;
    this.#bytes = setup.request.toBytes();
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

  start(): void {
    this.handle({ on: "start" });
  }

  receive(response: SipResponse): void {
    if (response.status >= 200) this.#bytes = undefined;
    this.#response = response;
    this.handle({ on: "response", class: responseClass(response.status) });
    this.#response = undefined;
  }

  transportFailed(): void {
    this.handle({ on: "transport_error" });
  }

  protected step(state: RequestClientState, event: RequestClientEvent): Step<RequestClientState> {
    return stepRequestClient(state, event, this.flow.reliable);
  }

  protected timer(timer: TimerName): void {
    this.handle({ on: "timer", timer: timer as "E" | "F" | "K" });
  }

  protected act(effect: Exclude<Effect, { do: "arm" | "disarm" }>): void {
    const { flow, user } = this.#setup;
    switch (effect.do) {
      case "send":
        if (this.#bytes) flow.send(this.#bytes, this.#failed);
        return;
      case "deliver":
        if (this.#response) user.onResponse(this.#response);
        return;
      case "timed_out":
        return user.onFailure("timeout");
      case "transport_failed":
        return user.onFailure("transport");
      case "ack":
        return;
    }
  }

  protected ended(): void {
    this.#setup.onEnd(this);
  }
}

/** The ACK of a 3xx to 6xx, part of the INVITE's transaction (RFC 3261 section 17.1.1.3). */
function failureAck(invite: SipRequest, response: SipResponse): SipRequest {
  const ack = sameTransaction(invite, "ACK");
  ack.setTo(response.headers.get("To") ?? "");
  return ack;
}

/** The CANCEL of a request (RFC 3261 section 9.1). */
export function cancelOf(invite: SipRequest): SipRequest {
  return sameTransaction(invite, "CANCEL");
}

function sameTransaction(invite: SipRequest, method: "ACK" | "CANCEL"): SipRequest {
  const headers = new SipHeaders();
  const source = invite.headers;
  headers.add("Via", source.get("Via") ?? "");
  for (const route of source.all("Route")) headers.add("Route", route);
  for (const name of ["From", "To", "Call-ID"]) headers.add(name, source.get(name) ?? "");
  headers.add("CSeq", `${invite.cseq.seq} ${method}`);
  headers.add("Max-Forwards", "70");
  return new SipRequest(method, invite.uri, headers);
}
