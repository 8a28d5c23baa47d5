import type { Disposable } from "@svara/kernel";
import type { SipContext } from "../dialog/sip-context.ts";
import { SipRequest, type SipResponse } from "../message/message.ts";
import type { ClientFailure, ClientTransaction, ClientUser } from "../transaction/client-transaction.ts";
import type { Flow } from "./flow.ts";
import type { Route } from "./route.ts";

/**
 * Sends a request that is no INVITE to the first target of a route that takes it: by transport failure, silence and 503
 * it goes to the next, each time in a new transaction (RFC 3263 section 4.3). `user` hears of the last one only.
 * `request` has no Via; `prepare` writes what depends on the flow, such as the Contact.
 */
export function sendByRoute(
  context: SipContext,
  route: Route,
  request: SipRequest,
  user: ClientUser,
  prepare: (request: SipRequest, flow: Flow) => void,
): void {
  new RoutedRequest(context, route, request, user, prepare).start();
}

class RoutedRequest implements ClientUser {
  readonly #context: SipContext;
  readonly #route: Route;
  readonly #request: SipRequest;
  readonly #user: ClientUser;
  readonly #prepare: (request: SipRequest, flow: Flow) => void;
  #transaction: ClientTransaction | undefined;
  #patience: Disposable | undefined;

  constructor(
    context: SipContext,
    route: Route,
    request: SipRequest,
    user: ClientUser,
    prepare: (request: SipRequest, flow: Flow) => void,
  ) {
    this.#context = context;
    this.#route = route;
    this.#request = request;
    this.#user = user;
    this.#prepare = prepare;
  }

  start(): void {
    try {
      const flow = this.#route.next();
      if (flow instanceof Promise) flow.then((found) => this.#send(found)).catch(() => this.#giveUp());
      else this.#send(flow);
    } catch {
      this.#giveUp();
    }
  }

  onResponse(response: SipResponse): void {
    this.#patience?.dispose();
    if (response.status === 503) {
      this.#route.failed();
      if (this.#route.hasNext) return this.start();
    } else this.#route.worked();
    this.#user.onResponse(response);
  }

  onFailure(failure: ClientFailure): void {
    this.#patience?.dispose();
    this.#route.failed();
    if (this.#route.hasNext) this.start();
    else this.#user.onFailure(failure);
  }

  #send(flow: Flow | undefined): void {
    if (!flow) return this.#giveUp();
    const { method, uri, headers, body } = this.#request;
    const copy = new SipRequest(method, uri, headers.clone(), body);
    this.#prepare(copy, flow);
    if (this.#route.hasNext) {
      const { tryTimeoutMs } = this.#context;
      this.#patience = this.#context.clock.after(tryTimeoutMs, () => this.#transaction?.transportFailed());
    }
    this.#transaction = this.#context.send(copy, flow, this);
  }

  #giveUp(): void {
    this.#user.onFailure("transport");
  }
}
