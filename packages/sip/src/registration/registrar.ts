import { type Clock, type Disposable, type Instant, Signal } from "@svara/kernel";
import type { Identity, SourceAddress } from "../authority.ts";
import type { SipLimits } from "../limits.ts";
import type { SipRequest } from "../message/message.ts";
import { formatNameAddr, type NameAddr } from "../message/name-addr.ts";
import type { HeaderLines } from "../message/respond.ts";
import { isDigits } from "../message/text.ts";
import { isSipUri, type SipUri } from "../message/uri.ts";
import { DatagramFlow } from "../transport/datagram-flow.ts";
import { type Flow, sourceOf } from "../transport/flow.ts";

/** Where one phone of an address of record is reached. */
export interface Binding {
  /** The user part of the address of record. */
  readonly user: string;
  readonly identity: Identity;
  readonly contact: SipUri;
  /** `+sip.instance` (RFC 5626): the same device after a change of address. */
  readonly instanceId: string | undefined;
  /** Which of the device's flows this is (RFC 5626 section 4.2); undefined for a phone that does not keep flows. */
  readonly regId: number | undefined;
  /** Route values that lead to the phone, the first hop first (RFC 3327). */
  readonly path: readonly string[];
  readonly userAgent: string | undefined;
  readonly source: SourceAddress;
  readonly expiresAt: Instant;
  readonly q: number;
  readonly flow: Flow;
}

export type UnregisterReason = "expired" | "removed" | "socket_closed" | "replaced";

/** The answer a REGISTER gets. */
export type RegisterResult =
  | { readonly status: 200; readonly contacts: readonly string[]; readonly headers: HeaderLines }
  | { readonly status: 423; readonly minExpires: number }
  | { readonly status: 400 | 403 | 439 | 500; readonly reason: string };

/** Who registers: which user parts may be, and how many devices at once (default the registrar's limit). */
export interface Registrant {
  readonly identity: Identity;
  readonly aors: readonly string[];
  readonly maxContacts?: number;
}

interface Entry {
  binding: Binding;
  callId: string;
  cseq: number;
  timer: Disposable;
  flowWatch: Disposable;
}

interface Change {
  readonly contact: NameAddr;
  readonly expires: number;
}

/** Bindings of addresses of record to phones (RFC 3261 section 10.3), kept in memory. */
export class Registrar {
  readonly registered = new Signal<{ readonly binding: Binding; readonly refreshed: boolean }>();
  readonly unregistered = new Signal<{ readonly binding: Binding; readonly reason: UnregisterReason }>();
  readonly #clock: Clock;
  readonly #limits: SipLimits;
  readonly #outliveConnections: boolean;
  readonly #byUser = new Map<string, Entry[]>();

  constructor(options: { clock: Clock; limits: SipLimits; outliveConnections: boolean }) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#outliveConnections = options.outliveConnections;
  }

  /** The bindings of an address of record, the preferred first. */
  bindings(user: string): readonly Binding[] {
    const entries = this.#byUser.get(user) ?? [];
    return entries.map((entry) => entry.binding).sort((a, b) => b.q - a.q);
  }

  *all(): Generator<Binding> {
    for (const entries of this.#byUser.values()) for (const entry of entries) yield entry.binding;
  }

  /** Forgets all phones of an address of record, as when its account is withdrawn. */
  removeAll(user: string): void {
    for (const entry of [...(this.#byUser.get(user) ?? [])]) this.#remove(entry, "removed");
  }

  /**
   * Performs a REGISTER that came by `flow`. All or nothing.
   */
  register(request: SipRequest, caller: Registrant, flow: Flow): RegisterResult {
    const aor = request.to.uri;
    if (!isSipUri(aor)) return { status: 400, reason: "Bad To" };
    const user = aor.user ?? "";
    if (!caller.aors.includes(user)) return { status: 403, reason: "Forbidden" };
    const { contacts } = request;
    const known = this.#byUser.get(user) ?? [];
    const stale = known.some((entry) => entry.callId === request.callId && entry.cseq >= request.cseq.seq);
    if (contacts === "*") {
      if (request.number("Expires") !== 0) return { status: 400, reason: "Contact * needs Expires 0" };
      if (stale) return { status: 500, reason: "CSeq Out Of Order" };
      this.removeAll(user);
      return { status: 200, contacts: [], headers: [] };
    }
    if (contacts.length > 0 && stale) return { status: 500, reason: "CSeq Out Of Order" };
    const changes = contacts.map((contact) => ({ contact, expires: this.#expiresOf(request, contact) }));
    if (changes.some(({ contact }) => !isSipUri(contact.uri))) return { status: 400, reason: "Bad Contact" };
    const min = this.#limits.minExpiresSeconds;
    if (changes.some(({ expires }) => expires > 0 && expires < min)) return { status: 423, minExpires: min };
    const outbound = outboundOf(request);
    if (outbound === "impossible") return { status: 439, reason: "First Hop Lacks Outbound Support" };
    for (const change of changes) this.#apply(user, caller, request, change, flow, outbound === "kept");
    const asks = outbound === "kept" && changes.some(({ expires }) => expires > 0);
    return { status: 200, contacts: this.#describe(user), headers: this.#answerHeaders(request, asks, flow) };
  }

  /** What a phone that keeps its flow is told, and the path it came by (RFC 5626 section 6, RFC 3327 section 5.3). */
  #answerHeaders(request: SipRequest, isKept: boolean, flow: Flow): HeaderLines {
    const headers: [string, string][] = [["Supported", "outbound, path"]];
    for (const path of supports(request, "path") ? request.list("Path") : []) headers.push(["Path", path]);
    if (!isKept) return headers;
    headers.push(["Require", "outbound"]);
    const seconds = this.#limits.flowTimerSeconds;
    if (flow.reliable && flow.expectTraffic) {
      headers.push(["Flow-Timer", String(seconds)]);
      flow.expectTraffic((seconds + FLOW_GRACE_S) * 1000);
    }
    return headers;
  }

  /** Forgets everything without a signal. */
  close(): void {
    for (const entries of this.#byUser.values()) for (const entry of entries) disarm(entry);
    this.#byUser.clear();
  }

  #expiresOf(request: SipRequest, contact: NameAddr): number {
    const own = contact.params.get("expires");
    const given = own !== undefined && isDigits(own) ? Number(own) : request.number("Expires");
    return Math.min(given ?? this.#limits.defaultExpiresSeconds, this.#limits.maxExpiresSeconds);
  }

  #apply(
    user: string,
    { identity, maxContacts = this.#limits.maxContactsPerAor }: Registrant,
    request: SipRequest,
    change: Change,
    flow: Flow,
    isKept: boolean,
  ): void {
    const { contact, expires } = change;
    const instanceId = contact.params.get("+sip.instance");
    const regId = isKept ? regIdOf(contact) : undefined;
    const entries = this.#byUser.get(user) ?? [];
    // A device and the number of its flow are the key where both are given, and its Contact is not.
    const sameFlow = (other: Binding): boolean => other.instanceId === instanceId && other.regId === regId;
    const same = entries.find(({ binding }) =>
      instanceId !== undefined && regId !== undefined
        ? sameFlow(binding)
        : sameContact(binding.contact, contact.uri),
    );
    const moved = entries.find(
      ({ binding }) => instanceId !== undefined && binding.instanceId === instanceId && regId === undefined,
    );
    if (expires === 0) {
      if (same) this.#remove(same, "removed");
      return;
    }
    const refreshed = same !== undefined && sameContact(same.binding.contact, contact.uri);
    if (same && refreshed) this.#drop(same);
    else if (same) this.#remove(same, "replaced");
    if (moved && moved !== same) this.#remove(moved, "replaced");
    const binding: Binding = {
      user,
      identity,
      contact: contact.uri,
      instanceId,
      regId,
      path: request.list("Path"),
      userAgent: request.headers.get("User-Agent"),
      source: sourceOf(flow),
      expiresAt: this.#clock.now() + expires * 1000,
      q: quality(contact),
      flow: flowToPhone(request, contact.uri, flow),
    };
    this.#add(binding, request, { expires, most: Math.min(maxContacts, this.#limits.maxContactsPerAor) });
    this.registered.emit({ binding, refreshed });
  }

  #add(binding: Binding, request: SipRequest, { expires, most }: { expires: number; most: number }): void {
    const entries = this.#byUser.get(binding.user) ?? [];
    this.#byUser.set(binding.user, entries);
    const oldest = entries[0];
    // A phone that restarts with another port leaves its old binding behind: the oldest gives way.
    if (oldest && entries.length >= most) this.#remove(oldest, "replaced");
    const entry: Entry = {
      binding,
      callId: request.callId,
      cseq: request.cseq.seq,
      timer: this.#clock.after(expires * 1000, () => this.#remove(entry, "expired")),
      flowWatch: binding.flow.onClosed(() => {
        if (!this.#mayOutlive(binding)) this.#remove(entry, "socket_closed");
      }),
    };
    entries.push(entry);
    this.#byUser.set(binding.user, entries);
  }

  /** A phone that listens at its Contact can be called there when its connection has closed (RFC 3261, section 18.1.1). */
  #mayOutlive({ flow, regId }: Binding): boolean {
    return (
      this.#outliveConnections && regId === undefined && (flow.protocol === "tcp" || flow.protocol === "tls")
    );
  }

  #remove(entry: Entry, reason: UnregisterReason): void {
    if (this.#drop(entry)) this.unregistered.emit({ binding: entry.binding, reason });
  }

  #drop(entry: Entry): boolean {
    disarm(entry);
    const entries = this.#byUser.get(entry.binding.user) ?? [];
    const i = entries.indexOf(entry);
    if (i < 0) return false;
    entries.splice(i, 1);
    if (entries.length === 0) this.#byUser.delete(entry.binding.user);
    return true;
  }

  #describe(user: string): string[] {
    const now = this.#clock.now();
    return this.bindings(user).map((binding) => {
      const seconds = Math.max(0, Math.round((binding.expiresAt - now) / 1000));
      return formatNameAddr({ uri: binding.contact, params: new Map([["expires", String(seconds)]]) });
    });
  }
}

/**
 * The way to a phone: back by which it came. A phone that does not ask for `rport` and knows its own address is not
 * behind a router; its Contact tells the port it listens at, which may be another than the one it sends from.
 */
function flowToPhone(request: SipRequest, contact: SipUri, flow: Flow): Flow {
  const direct = !request.via.params.has("rport") && contact.host === flow.remote.host;
  if (!direct || !(flow instanceof DatagramFlow)) return flow;
  return new DatagramFlow(flow.local, { host: contact.host, port: contact.port ?? 5060 });
}

/** Silence beyond the Flow-Timer before a connection counts as dead. */
const FLOW_GRACE_S = 20;

/**
 * Whether the phone's flow can be kept (RFC 5626 section 6): its REGISTER names a device and a flow and came from it
 * directly, or by a proxy that keeps flows itself.
 */
function outboundOf(request: SipRequest): "kept" | "not asked" | "impossible" {
  const { contacts } = request;
  const asks = contacts !== "*" && contacts.some((contact) => regIdOf(contact) !== undefined);
  if (!asks) return "not asked";
  const direct = request.list("Via").length === 1;
  const byEdge = /;ob(?=[;>])/i.test(request.list("Path").at(-1) ?? "");
  if (direct || byEdge) return "kept";
  return supports(request, "outbound") ? "impossible" : "not asked";
}

function regIdOf(contact: NameAddr): number | undefined {
  const id = contact.params.get("reg-id") ?? "";
  const hasInstance = contact.params.has("+sip.instance");
  return hasInstance && isDigits(id) && Number(id) > 0 ? Number(id) : undefined;
}

function supports(request: SipRequest, option: string): boolean {
  return request.list("Supported").some((tag) => tag.toLowerCase() === option);
}

function disarm(entry: Entry): void {
  entry.timer.dispose();
  entry.flowWatch.dispose();
}

/** URI comparison as far as phones need it (RFC 3261 section 19.1.4): user, host, port and transport. */
function sameContact(a: SipUri, b: SipUri): boolean {
  const transport = (uri: SipUri): string => (uri.params.get("transport") ?? "").toLowerCase();
  return a.user === b.user && a.host === b.host && a.port === b.port && transport(a) === transport(b);
}

function quality(contact: NameAddr): number {
  const q = Number(contact.params.get("q") ?? "1");
  return q >= 0 && q <= 1 ? q : 1;
}
