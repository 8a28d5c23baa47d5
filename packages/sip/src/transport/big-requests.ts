import type { Clock, Instant } from "@svara/kernel";
import { SipError } from "../errors.ts";
import type { SipRequest, SipResponse } from "../message/message.ts";
import type { ClientFailure, ClientTransaction, ClientUser } from "../transaction/client-transaction.ts";
import { DatagramFlow } from "./datagram-flow.ts";
import type { Flow } from "./flow.ts";
import type { Destination } from "./locate.ts";

/** A request longer than this may be torn in parts on its way, which many networks lose (RFC 3261 section 18.1.1). */
const MAX_DATAGRAM_REQUEST = 1300;
/** Octets that our Via adds. */
const VIA_BYTES = 100;
/** A peer that refused TCP is not asked again for so long. */
const NO_TCP_MS = 600_000;
const CAPACITY = 1_000;

interface Options {
  readonly clock: Clock;
  readonly hub: { flowTo(to: Destination): Flow };
  readonly transactions: {
    send(request: SipRequest, flow: Flow, user: ClientUser): ClientTransaction;
  };
}

/**
 * Sends requests, those too big for a datagram by TCP where the way was chosen by us and not by the URI; a peer that
 * takes no TCP gets them by UDP all the same.
 */
export class BigRequests {
  readonly #options: Options;
  readonly #withoutTcp = new Map<string, Instant>();

  constructor(options: Options) {
    this.#options = options;
  }

  send(request: SipRequest, flow: Flow, user: ClientUser): ClientTransaction {
    const { transactions } = this.#options;
    if (!(flow instanceof DatagramFlow) || flow.tcpName === undefined) {
      return transactions.send(request, flow, user);
    }
    if (request.toBytes().length + VIA_BYTES <= MAX_DATAGRAM_REQUEST || !this.#mayTakeTcp(flow)) {
      return transactions.send(request, flow, user);
    }
    const tcp = this.#tcpTo(flow, flow.tcpName);
    if (!tcp) return transactions.send(request, flow, user);
    const again = (by: ClientUser): ClientTransaction => {
      this.#refused(flow);
      request.headers.remove("Via");
      return transactions.send(request, flow, by);
    };
    return new EitherWay(request, tcp, user, transactions, again);
  }

  #tcpTo(flow: DatagramFlow, name: string): Flow | undefined {
    try {
      return this.#options.hub.flowTo({ protocol: "tcp", ...flow.remote, name, pinned: false });
    } catch (error) {
      if (error instanceof SipError) return undefined;
      throw error;
    }
  }

  #mayTakeTcp(flow: Flow): boolean {
    const until = this.#withoutTcp.get(keyOf(flow));
    return until === undefined || until <= this.#options.clock.now();
  }

  #refused(flow: Flow): void {
    if (this.#withoutTcp.size >= CAPACITY) this.#withoutTcp.clear();
    this.#withoutTcp.set(keyOf(flow), this.#options.clock.now() + NO_TCP_MS);
  }
}

/** A request by TCP which, when the connection cannot be made, becomes one by UDP; its user sees one transaction. */
class EitherWay implements ClientTransaction, ClientUser {
  readonly request: SipRequest;
  readonly #user: ClientUser;
  readonly #again: (by: ClientUser) => ClientTransaction;
  readonly #first: ClientTransaction;
  #second: ClientTransaction | undefined;
  #answered = false;
  #isSecond = false;

  constructor(
    request: SipRequest,
    tcp: Flow,
    user: ClientUser,
    transactions: Options["transactions"],
    again: (by: ClientUser) => ClientTransaction,
  ) {
    this.request = request;
    this.#user = user;
    this.#again = again;
    this.#first = transactions.send(request, tcp, this);
  }

  get #current(): ClientTransaction {
    return this.#second ?? this.#first;
  }

  get key(): string {
    return this.#current.key;
  }

  get flow(): Flow {
    return this.#current.flow;
  }

  get state(): string {
    return this.#current.state;
  }

  start(): void {}

  receive(response: SipResponse): void {
    this.#current.receive(response);
  }

  transportFailed(): void {
    this.#isSecond = true; // whoever gives up wants no second try
    this.#current.transportFailed();
  }

  dispose(): void {
    this.#current.dispose();
  }

  onResponse(response: SipResponse): void {
    this.#answered = true;
    this.#user.onResponse(response);
  }

  onFailure(failure: ClientFailure): void {
    if (this.#isSecond || this.#answered || failure !== "transport") return this.#user.onFailure(failure);
    this.#isSecond = true;
    this.#second = this.#again(this);
  }
}

function keyOf(flow: Flow): string {
  return `${flow.remote.host} ${flow.remote.port}`;
}
