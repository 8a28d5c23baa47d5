import { type Disposable, Disposables, every, Signal } from "@svara/kernel";
import { retryOf } from "../dialog/dialog-path.ts";
import type { SipContext } from "../dialog/sip-context.ts";
import { answerChallenge } from "../digest/answer-challenge.ts";
import type { Credentials } from "../digest/digest.ts";
import { SipHeaders } from "../message/headers.ts";
import { SipRequest, type SipResponse } from "../message/message.ts";
import { parseUri, type SipUri } from "../message/uri.ts";
import type { ClientFailure, ClientUser } from "../transaction/client-transaction.ts";
import type { Flow } from "../transport/flow.ts";
import { sendByRoute } from "../transport/send-by-route.ts";

export interface TrunkRegistrationOptions {
  /** The carrier's registrar: `sip:carrier.example` or with port and transport. */
  readonly registrar: string;
  /** The user part of our address of record there. */
  readonly user: string;
  /** The host part, when it is not the registrar's. */
  readonly domain?: string;
  readonly credentials: Credentials;
  /** What we ask for; the carrier may grant less. */
  readonly expiresSeconds?: number;
  /** Makes us a device that keeps its flow (RFC 5626): its URN, and which of its flows this is. */
  readonly outbound?: { readonly instanceId: string; readonly regId: number };
}

export type TrunkRegistrationState = "registering" | "registered" | "failed" | "stopped";

export interface TrunkRegistrationChange {
  readonly state: TrunkRegistrationState;
  /** What the carrier answered, where it did. */
  readonly status?: number;
  readonly reason?: string;
  /** After a failure: when it is tried again. */
  readonly retryInMs?: number;
}

const FIRST_RETRY_MS = 30_000; // as RFC 5626 section 4.5 for a flow that fails
const LAST_RETRY_MS = 1_800_000;
const DEFAULT_EXPIRES_S = 600;
const RECONNECT_MS = 2_000; // not all at once when a carrier's server starts anew
const DEFAULT_FLOW_TIMER_S = 120;
/** What a carrier asks for is taken within these: nothing at all would be a flood, and a timer runs 24 days at most. */
const LEAST_FLOW_TIMER_S = 10;
const LONGEST_S = 86_400;
const PONG_MS = 10_000; // RFC 5626 section 4.4.1

/**
 * Keeps an address of record of ours registered with a carrier (RFC 3261 section 10.2): refreshes at 80 % of the time
 * granted, and after a failure tries again at doubling intervals with chance in them.
 *
 *   registering -> registered -> registering ...;  registering -> failed -> registering;  any -> stopped
 */
export class TrunkRegistration implements ClientUser {
  readonly changed = new Signal<TrunkRegistrationChange>();
  readonly #context: SipContext;
  readonly #options: TrunkRegistrationOptions;
  readonly #onDone: (registration: TrunkRegistration) => void;
  readonly #registrar: SipUri;
  readonly #callId: string;
  readonly #tag: string;
  #state: TrunkRegistrationState = "registering";
  #seq = 0;
  #expires: number;
  #failures = 0;
  #challenges = 0;
  #timer: Disposable | undefined;
  #request: SipRequest | undefined;
  #flow: Flow | undefined;
  #flowWatch = new Disposables();
  #stopping: (() => void) | undefined;

  /** Throws SipParseError for a bad registrar URI. */
  constructor(
    context: SipContext,
    options: TrunkRegistrationOptions,
    onDone: (registration: TrunkRegistration) => void,
  ) {
    this.#context = context;
    this.#options = options;
    this.#onDone = onDone;
    this.#registrar = parseUri(options.registrar, "registrar");
    this.#callId = context.newCallId();
    this.#tag = context.newTag();
    this.#expires = options.expiresSeconds ?? DEFAULT_EXPIRES_S;
    queueMicrotask(() => {
      if (this.#state === "registering") this.#register(this.#expires);
    });
  }

  get state(): TrunkRegistrationState {
    return this.#state;
  }

  /** Unregisters; resolves when the carrier answered or is silent. */
  stop(): Promise<void> {
    if (this.#state === "stopped") return Promise.resolve();
    const wasRegistered = this.#state === "registered";
    this.#enter({ state: "stopped" });
    if (!wasRegistered) {
      this.#onDone(this);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#stopping = resolve;
      this.#register(0);
    });
  }

  /** Stops without a word to the carrier. */
  dispose(): void {
    this.#dropFlow();
    this.#timer?.dispose();
    this.#state = "stopped";
    this.#finishStop();
  }

  onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) return;
    if (status < 300) return this.#onSuccess(response);
    if ((status === 401 || status === 407) && this.#authenticate(response)) return;
    if (this.#state === "stopped") return this.#finishStop();
    const min = response.number("Min-Expires");
    if (status === 423 && min !== undefined && min > this.#expires) {
      this.#expires = min;
      return this.#register(min);
    }
    this.#fail({ status, reason: response.reason }, response.number("Retry-After"));
  }

  onFailure(failure: ClientFailure): void {
    if (this.#state === "stopped") return this.#finishStop();
    this.#fail({ reason: failure === "timeout" ? "the carrier is silent" : "the carrier cannot be reached" });
  }

  #register(expires: number): void {
    this.#challenges = 0;
    const host = this.#options.domain ?? this.#registrar.host;
    const aor = `<sip:${this.#options.user}@${host}>`;
    const headers = new SipHeaders()
      .add("Max-Forwards", "70")
      .add("From", `${aor};tag=${this.#tag}`)
      .add("To", aor)
      .add("Call-ID", this.#callId)
      .add("CSeq", `${++this.#seq} REGISTER`)
      .add("Expires", String(expires))
      .add("User-Agent", this.#context.userAgentName);
    this.#send(new SipRequest("REGISTER", this.#registrar.text, headers));
  }

  #send(request: SipRequest): void {
    this.#request = request;
    const route = this.#context.routeTo(this.#registrar, this.#flow);
    sendByRoute(this.#context, route, request, this, (copy, flow) => this.#prepare(copy, flow));
  }

  #prepare(request: SipRequest, flow: Flow): void {
    this.#flow = flow;
    const { outbound, user } = this.#options;
    const contact = this.#context.contactFor(flow, user, this.#registrar.scheme === "sips");
    if (!outbound) {
      request.headers.set("Contact", `<${contact.text}>`);
      return;
    }
    const { instanceId, regId } = outbound;
    request.headers.set("Contact", `<${contact.text};ob>;+sip.instance="<${instanceId}>";reg-id=${regId}`);
    request.headers.set("Supported", "outbound, path");
  }

  #authenticate(response: SipResponse): boolean {
    if (!this.#request || this.#challenges++ > 1) return false;
    const again = retryOf(this.#request, ++this.#seq);
    if (!answerChallenge(again, response, this.#options.credentials, this.#context.random)) return false;
    this.#send(again);
    return true;
  }

  #onSuccess(response: SipResponse): void {
    if (this.#state === "stopped") return this.#finishStop();
    this.#failures = 0;
    const granted = this.#granted(response);
    this.#enter({ state: "registered", status: response.status });
    this.#timer = this.#context.clock.after(granted * 800, () => this.#again());
    this.#watchFlow(response.number("Flow-Timer"));
  }

  /** A carrier can call us only while the connection is open: lost, it is made anew at once. */
  #watchFlow(flowTimerSeconds: number | undefined): void {
    this.#dropFlow();
    const flow = this.#flow;
    if (!flow?.reliable) return;
    const { clock, random } = this.#context;
    this.#flowWatch.add(
      flow.onClosed(() => {
        if (this.#state !== "registered") return;
        this.#dropFlow();
        this.#timer?.dispose();
        this.#timer = clock.after(RECONNECT_MS * (0.5 + random.next() / 2), () => this.#again());
      }),
    );
    // RFC 5626 section 4.4.1: between 80 and 100 % of what was told, else of two minutes.
    const seconds = Math.max(LEAST_FLOW_TIMER_S, flowTimerSeconds ?? DEFAULT_FLOW_TIMER_S);
    const periodMs = Math.min(seconds, LONGEST_S) * 800;
    this.#flowWatch.add(every(clock, periodMs, () => flow.ping?.(PONG_MS)));
  }

  #dropFlow(): void {
    this.#flowWatch.dispose();
    this.#flowWatch = new Disposables();
  }

  /** Seconds that the carrier granted to our own Contact. */
  #granted(response: SipResponse): number {
    const { contacts } = response;
    const own = contacts === "*" ? [] : contacts.filter(({ uri }) => uri.user === this.#options.user);
    const seconds = Number(own[0]?.params.get("expires") ?? response.number("Expires") ?? this.#expires);
    return Math.min(seconds > 0 ? seconds : this.#expires, LONGEST_S);
  }

  #fail(what: { status?: number; reason: string }, retryAfterSeconds?: number): void {
    const share = 0.5 + this.#context.random.next() / 2;
    const backOffMs = Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, LAST_RETRY_MS) * share;
    const retryInMs = Math.round(Math.max(backOffMs, Math.min(retryAfterSeconds ?? 0, LONGEST_S) * 1000));
    this.#timer = this.#context.clock.after(retryInMs, () => this.#again());
    this.#enter({ state: "failed", ...what, retryInMs });
  }

  #again(): void {
    this.#enter({ state: "registering" });
    this.#register(this.#expires);
  }

  #enter(change: TrunkRegistrationChange): void {
    if (change.state !== "registered") this.#dropFlow();
    if (change.state === "registering" || change.state === "stopped") this.#timer?.dispose();
    this.#state = change.state;
    this.changed.emit(change);
  }

  #finishStop(): void {
    this.#dropFlow();
    this.#stopping?.();
    this.#stopping = undefined;
    this.#onDone(this);
  }
}
