import { Disposables, SeededRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import type { Authority, DigestAccount, Identity, LoginAttempt } from "./authority.ts";
import { makeHa1 } from "./digest/digest.ts";
import { SILENT_LOG } from "./log.ts";
import { SipHeaders } from "./message/headers.ts";
import { type SipMessage, SipRequest, type SipResponse } from "./message/message.ts";
import { parseMessage } from "./message/parse-message.ts";
import { type HeaderLines, respond } from "./message/respond.ts";
import type { DatagramPort } from "./transport/datagram-flow.ts";
import type { DnsAnswer, DnsResolver, NaptrRecord, SrvRecord } from "./transport/dns-resolver.ts";
import { UserAgent, type UserAgentOptions } from "./user-agent.ts";

/** Decides the fate of a datagram: how often it arrives (0 is a loss). `text` is the message, `n` counts from 1. */
export type DatagramFate = (text: string, n: number, from: string) => number;

/** An address on the simulated network. */
export interface NetworkPort extends DatagramPort {
  /** Set by the receiver. */
  sink: ((bytes: Uint8Array, host: string, port: number) => void) | undefined;
}

/**
 * A datagram network in memory. Datagrams arrive in a later microtask, or `latencyMs` later by the clock; `fate` loses
 * and doubles them; `log` keeps the first line of each with its sender and instant.
 */
export class LossyNetwork {
  readonly log: { at: number; from: string; line: string; seq: number }[] = [];
  fate: DatagramFate = () => 1;
  readonly #clock: ManualClock;
  readonly #ports = new Map<string, NetworkPort>();
  readonly #latencyMs: number;
  readonly #inFlight = new Disposables();

  constructor(clock: ManualClock, latencyMs = 0) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  open(host: string, port = 5060): NetworkPort {
    const own: NetworkPort = {
      host,
      port,
      sink: undefined,
      send: (bytes, toHost, toPort) => this.#carry(own, Buffer.from(bytes), `${toHost}:${toPort}`),
      close: async () => {
        this.#ports.delete(`${host}:${port}`);
      },
    };
    this.#ports.set(`${host}:${port}`, own);
    return own;
  }

  /** Loses what is on its way. */
  stop(): void {
    this.#inFlight.dispose();
  }

  /** First lines sent from `host`, with the milliseconds since `since`. */
  sentBy(host: string, start: string, since = 0): number[] {
    return this.log
      .filter((entry) => entry.from === host && entry.line.startsWith(start))
      .map((entry) => entry.at - since);
  }

  /** CSeq numbers of the requests of a method sent from `host`. */
  seqOf(host: string, method: string): number[] {
    return this.log.filter((e) => e.from === host && e.line.startsWith(`${method} `)).map((e) => e.seq);
  }

  #carry(from: NetworkPort, bytes: Buffer, to: string): void {
    const text = bytes.toString("utf8");
    const seq = Number.parseInt(text.slice(text.indexOf("\r\nCSeq: ") + 8), 10);
    this.log.push({ at: this.#clock.now(), from: from.host, line: text.split("\r\n", 1)[0] ?? "", seq });
    const copies = this.fate(text, this.log.length, from.host);
    for (let i = 0; i < copies; i++) {
      const arrive = (): void => this.#ports.get(to)?.sink?.(bytes, from.host, from.port);
      if (this.#latencyMs > 0) this.#inFlight.add(this.#clock.after(this.#latencyMs, arrive));
      else queueMicrotask(arrive);
    }
  }
}

/** A peer that says exactly what a test tells it. */
export class RawPeer {
  readonly host: string;
  readonly received: SipMessage[] = [];
  readonly #port: NetworkPort;

  constructor(network: LossyNetwork, host: string, port = 5060) {
    this.host = host;
    this.#port = network.open(host, port);
    this.#port.sink = (bytes) => this.received.push(parseMessage(bytes));
  }

  /** Sends to Bob. */
  send(message: string | SipMessage): void {
    const bytes = typeof message === "string" ? Buffer.from(message) : message.toBytes();
    this.#port.send(bytes, BOB, 5060, undefined);
  }

  /** Statuses received, in order. */
  get statuses(): number[] {
    return this.received.flatMap((message) => (message.kind === "response" ? [message.status] : []));
  }

  /** Answers a request that came here, and says "callee" where the caller would put a tag. */
  answer(
    request: SipMessage | undefined,
    status: number,
    options: { readonly tag?: string; readonly headers?: HeaderLines; readonly sdp?: string } = {},
  ): void {
    if (request?.kind !== "request") throw new Error("no request to answer");
    const { tag = "callee", headers = [], sdp: body } = options;
    const response = respond(request, status, { toTag: tag, headers });
    if (response.headers.get("Contact") === undefined) {
      response.headers.add("Contact", `<sip:callee@${this.host}>`);
    }
    if (body !== undefined) response.setBody("application/sdp", body);
    this.send(response);
  }

  /** The requests of a method, in order. */
  requests(method: string): SipRequest[] {
    return this.received.flatMap((message) =>
      message.kind === "request" && message.method === method ? [message] : [],
    );
  }

  /** The last response. */
  get last(): SipResponse {
    const found = this.received.findLast((message) => message.kind === "response");
    if (found?.kind !== "response") throw new Error("nothing came");
    return found;
  }
}

/** A request of a raw peer to Bob, without login; `headers` add to or replace the usual ones. */
export function rawRequest(
  method: string,
  options: {
    readonly uri?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly host?: string;
    readonly seq?: number;
    readonly body?: string;
  } = {},
): SipRequest {
  const { uri = `sip:100@${BOB}`, host = "10.0.0.9", seq = 1 } = options;
  const headers = new SipHeaders()
    .add("Via", `SIP/2.0/UDP ${host};branch=z9hG4bK${method}${seq}`)
    .add("Max-Forwards", "70")
    .add("From", `<sip:7@${host}>;tag=raw`)
    .add("To", `<${uri}>`)
    .add("Call-ID", "raw-call")
    .add("CSeq", `${seq} ${method}`)
    .add("Contact", `<sip:7@${host}>`);
  const request = new SipRequest(method, uri, headers);
  if (options.body !== undefined) request.setBody("application/sdp", options.body);
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  return request;
}

/** An authority of fixed accounts and trunks that writes down the logins it hears of. */
export class FixedAuthority implements Authority {
  readonly succeeded: LoginAttempt[] = [];
  readonly failed: (LoginAttempt & { failures: number })[] = [];
  readonly lockedOut = new Set<string>();
  readonly trunks = new Map<string, Identity>();
  readonly #passwords: Readonly<Record<string, string>>;

  constructor(
    passwords: Readonly<Record<string, string>> = {},
    trunks: Readonly<Record<string, string>> = {},
  ) {
    this.#passwords = passwords;
    for (const [host, id] of Object.entries(trunks)) this.trunks.set(host, { kind: "trunk", id });
  }

  async findAccount(username: string, realm: string): Promise<DigestAccount | undefined> {
    const password = this.#passwords[username];
    if (password === undefined) return undefined;
    return {
      identity: { kind: "endpoint", id: `phone-${username}` },
      ha1: makeHa1(username, realm, password),
      aors: [username],
    };
  }

  async identifyBySource(source: { host: string }): Promise<Identity | undefined> {
    return this.trunks.get(source.host);
  }

  isLockedOut(_source: unknown, username: string): boolean {
    return this.lockedOut.has(username);
  }

  loginSucceeded(attempt: LoginAttempt): void {
    this.succeeded.push(attempt);
  }

  loginFailed(attempt: LoginAttempt & { failures: number }): void {
    this.failed.push(attempt);
  }
}

/** A user agent with silent log and repeatable chance. */
export function testAgent(options: Partial<UserAgentOptions> & Pick<UserAgentOptions, "clock">): UserAgent {
  return new UserAgent({
    random: new SeededRandom(options.realm?.length ?? 7),
    log: { ...SILENT_LOG, warn: rethrow },
    authority: new FixedAuthority(),
    realm: "svara.test",
    userAgentName: "svara-test",
    resolver: new FakeDns(),
    ...options,
  });
}

/** In a test a fault that the stack survives is a failure. */
function rethrow(fields: object): void {
  if (!("err" in fields)) return;
  queueMicrotask(() => {
    throw fields.err;
  });
}

/** Two user agents on a lossy network, who know each other as trunks. */
export class TestPair {
  readonly clock = new ManualClock();
  readonly network: LossyNetwork;
  readonly alice: UserAgent;
  readonly bob: UserAgent;

  constructor(
    options: { alice?: Partial<UserAgentOptions>; bob?: Partial<UserAgentOptions>; latencyMs?: number } = {},
  ) {
    this.network = new LossyNetwork(this.clock, options.latencyMs);
    this.alice = this.#join(ALICE, new SeededRandom(1), options.alice);
    this.bob = this.#join(BOB, new SeededRandom(2), options.bob);
  }

  /** Lets everything that is due now happen, and then `ms` pass in steps so that promises run between timers. */
  async pass(ms = 0): Promise<void> {
    await settle();
    for (let gone = 0; gone < ms; ) {
      const step = Math.min(ms - gone, gone < FINE_MS ? STEP_MS : COARSE_STEP_MS);
      this.clock.advance(step);
      gone += step;
      await settle();
    }
  }

  /** Closes both; true when no timer is left. */
  async close(): Promise<boolean> {
    await Promise.all([this.alice.close(), this.bob.close()]);
    await settle();
    this.network.stop();
    return this.clock.pending === 0;
  }

  #join(host: string, random: SeededRandom, options: Partial<UserAgentOptions> | undefined): UserAgent {
    const authority = new FixedAuthority({}, { [ALICE]: "trunk-alice", [BOB]: "trunk-bob" });
    const agent = testAgent({ clock: this.clock, random, authority, ...options });
    const port = this.network.open(host);
    port.sink = agent.attachDatagramPort(port);
    return agent;
  }
}

export const ALICE = "10.0.0.1";
export const BOB = "10.0.0.2";

const STEP_MS = 50;
const COARSE_STEP_MS = 500;
const FINE_MS = 5_000;

/** Runs what promises and microtasks have waiting. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 12; i++) await Promise.resolve();
}

/** A small session description; opaque to the stack. */
export function sdp(port: number): string {
  return `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8\r\n`;
}

/** Name servers that know what a test puts into them, and fall silent when told. */
export class FakeDns implements DnsResolver {
  readonly naptrRecords = new Map<string, readonly NaptrRecord[]>();
  readonly srvRecords = new Map<string, readonly SrvRecord[]>();
  readonly hosts = new Map<string, readonly string[]>();
  /** The look-ups made, in order, as `kind name`. */
  readonly asked: string[] = [];
  ttlSeconds: number | undefined = 60;
  silent = false;

  async naptr(domain: string): Promise<DnsAnswer<NaptrRecord>> {
    return this.#answer("naptr", domain, this.naptrRecords);
  }

  async srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return this.#answer("srv", name, this.srvRecords);
  }

  async addresses(host: string): Promise<DnsAnswer<string>> {
    return this.#answer("addresses", host, this.hosts);
  }

  #answer<T>(kind: string, name: string, from: Map<string, readonly T[]>): DnsAnswer<T> {
    this.asked.push(`${kind} ${name}`);
    if (this.silent) return { kind: "failed", cause: new Error("silent") };
    const records = from.get(name);
    if (!records) return { kind: "none" };
    const { ttlSeconds } = this;
    return { kind: "records", records, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) };
  }
}
