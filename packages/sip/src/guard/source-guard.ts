import { type Clock, type Disposable, type Instant, Signal } from "@svara/kernel";
import type { SourceAddress } from "../authority.ts";
import type { SipLimits } from "../limits.ts";
import { networkOf } from "../transport/address-bytes.ts";
import type { Ban, BanEnd, BanReason } from "./ban.ts";
import { costOf } from "./request-cost.ts";
import { TokenBucket } from "./token-bucket.ts";

/** How long somebody who logged in well, or whom we know as a trunk, is remembered. */
const KNOWN_MS = 86_400_000;
/** A trunk named by the authority is asked for again after this. */
const TRUSTED_MS = 60_000;
const BAN_MEMORY_MS = 86_400_000;
const BAN_GROWTH = 4;
/** Addresses that are neither known nor banned; and, apart from them, those that are. */
const CAPACITY = 20_000;
const PORT_CAPACITY = 500;
/** An address that we know nothing of may send so many responses for each request that it may. */
const RESPONSES = 10;
/** Weighs as much as a request. */
const CONNECTION = new Uint8Array(0);

/** What is held against one address, or against one port of an address that is known. */
interface Standing {
  failures: number;
  lastFailureAt: Instant;
  /** Bans so far, and when the last one ended. */
  bans: number;
  ban: { readonly value: Ban; readonly timer: Disposable } | undefined;
  /** From the failure on at which it is slowed down. */
  slow: TokenBucket | undefined;
}

interface Source extends Standing {
  /** What an address that nobody logged in from may send. */
  readonly bucket: TokenBucket;
  /** The same for responses: nearly all are to requests of ours, but each costs its parsing. */
  readonly responses: TokenBucket;
  knownUntil: Instant;
  /** Until then it is a trunk's, known by its address alone. */
  trunkUntil: Instant;
  /** Requests dropped beyond those that were taken meanwhile: even a flood has its share that is taken. */
  dropped: number;
  ports: Map<string, Standing> | undefined;
}

interface GuardOptions {
  readonly clock: Clock;
  readonly limits: SipLimits;
  /** Whether an address belongs to a trunk. */
  readonly isTrusted: (host: string, port: number) => boolean;
}

/**
 * Decides before anything is parsed whether a message is taken from where it came: floods of unknown addresses are
 * thinned, addresses of wrong passwords are first slowed down and then banned for growing times. An address from which
 * somebody logged in well, and a trunk's, is never banned as a whole: only the port that the wrong passwords come from.
 * Everything is bounded; who passes by, under whatever address, pushes out nobody who is known or banned.
 */
export class SourceGuard {
  readonly onBan = new Signal<Ban>();
  readonly onUnban = new Signal<BanEnd>();
  readonly #clock: Clock;
  readonly #limits: SipLimits;
  readonly #isTrusted: (host: string, port: number) => boolean;
  readonly #passing = new Map<string, Source>();
  /** Who is, or lately was, known or banned. */
  readonly #kept = new Map<string, Source>();

  constructor(options: GuardOptions) {
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#isTrusted = options.isTrusted;
  }

  /** Addresses remembered. */
  get size(): number {
    return this.#passing.size + this.#kept.size;
  }

  /** Whether the octets that came from there are to be looked at. */
  admits(host: string, port: number, bytes: Uint8Array, overStream = false): boolean {
    const key = networkOf(host);
    const source = this.#find(key);
    if (source?.ban) return false;
    const now = this.#clock.now();
    const one = source?.ports?.get(portKey(host, port));
    if (one?.ban || (one && !this.#isSlowEnough(one, now, bytes))) return false;
    if (source && source.knownUntil > now) return true;
    const cost = costOf(bytes);
    const taken = source ?? this.#remember(key, now);
    if (cost === 0) return this.#takesResponse(taken, key, host, port, now);
    if (!this.#isSlowEnough(taken, now, bytes)) return false;
    const { floodBurst, floodPerSecond } = this.#limits;
    if (taken.bucket.take(cost, now, floodBurst, floodPerSecond)) {
      taken.dropped = Math.max(0, taken.dropped - 1);
      return true;
    }
    if (this.#trusts(taken, key, host, port, now)) return true;
    taken.dropped++;
    // A datagram's source may be forged: dropping harms the forger's victim less than a ban.
    if (overStream && taken.dropped > floodBurst) {
      this.#keep(key, taken);
      this.#ban(taken, key, undefined, "flood", now);
    }
    return false;
  }

  /** Whether a connection from there is to be taken; over TLS it costs more than most messages. */
  admitsConnection(host: string, port: number): boolean {
    return this.admits(host, port, CONNECTION);
  }

  isBanned(host: string, port: number): boolean {
    const source = this.#find(networkOf(host));
    return source?.ban !== undefined || source?.ports?.get(portKey(host, port))?.ban !== undefined;
  }

  /** Whether somebody logged in from there within a day, or a trunk lives there; with a port also one never heard yet. */
  isKnown(host: string, port?: number): boolean {
    const source = this.#find(networkOf(host));
    if (source !== undefined && source.knownUntil > this.#clock.now()) return true;
    return port !== undefined && this.#isTrusted(host, port);
  }

  /** Somebody proved who they are, or a peer that we chose answered. */
  vouch(host: string): void {
    this.#know(host);
  }

  /** A trunk was known by its address. */
  vouchForTrunk(host: string): void {
    const source = this.#know(host);
    source.trunkUntil = source.knownUntil;
  }

  loginSucceeded(from: SourceAddress): void {
    this.#know(from.host).ports?.delete(portKey(from.host, from.port));
  }

  /** A trunk has one port for all its calls: its wrong passwords lock the name only, which is others' work. */
  loginFailed(from: SourceAddress): void {
    const { host, port } = from;
    const key = networkOf(host);
    const now = this.#clock.now();
    const source = this.#find(key) ?? this.#remember(key, now);
    if (source.trunkUntil > now || this.#trusts(source, key, host, port, now)) return;
    const known = source.knownUntil > now;
    const record = known ? this.#portOf(source, host, port, now) : source;
    if (now - record.lastFailureAt > this.#limits.failureMemoryMs) record.failures = 0;
    record.failures++;
    record.lastFailureAt = now;
    if (record.failures === this.#limits.throttleAfterFailures) record.slow = new TokenBucket(1, now);
    if (record.failures >= this.#limits.banAfterFailures) {
      this.#keep(key, source);
      this.#ban(record, known ? host : key, known ? port : undefined, "logins", now);
    }
  }

  bans(): readonly Ban[] {
    const records = [...this.#kept.values()].flatMap((source) => [source, ...(source.ports?.values() ?? [])]);
    return records.flatMap(({ ban }) => (ban ? [ban.value] : []));
  }

  /** Bans an address by an operator's word. */
  ban(address: string, forMs: number): void {
    const key = networkOf(address);
    const now = this.#clock.now();
    const source = this.#find(key) ?? this.#remember(key, now);
    this.#keep(key, source);
    this.#lift(source, "operator");
    this.#enter(source, {
      address: key,
      port: undefined,
      reason: "operator",
      since: now,
      until: now + forMs,
      failures: 0,
    });
  }

  /** Takes back every ban of an address, its ports' included, and forgets its failures; false when there was none. */
  unban(address: string): boolean {
    const source = this.#find(networkOf(address.split("/")[0] ?? address));
    if (!source) return false;
    const records = [source, ...(source.ports?.values() ?? [])];
    const lifted = records.map((record) => this.#lift(record, "operator"));
    for (const record of records) {
      record.failures = 0;
      record.bans = 0;
    }
    source.ports = undefined;
    return lifted.includes(true);
  }

  close(): void {
    for (const source of this.#kept.values()) disposeBans(source);
    this.#kept.clear();
    this.#passing.clear();
  }

  #know(host: string): Source {
    const key = networkOf(host);
    const now = this.#clock.now();
    const source = this.#find(key) ?? this.#remember(key, now);
    this.#keep(key, source);
    source.knownUntil = now + KNOWN_MS;
    source.failures = 0;
    source.bans = 0;
    return source;
  }

  /** After some failures one request a second is enough for anybody who has the right password. */
  #isSlowEnough(record: Standing, now: Instant, bytes: Uint8Array): boolean {
    const { slow } = record;
    if (!slow || record.failures < this.#limits.throttleAfterFailures) return true;
    if (now - record.lastFailureAt > this.#limits.failureMemoryMs) return true;
    const cost = costOf(bytes);
    return cost === 0 || slow.take(cost, now, 2, 1);
  }

  #takesResponse(source: Source, key: string, host: string, port: number, now: Instant): boolean {
    const { floodBurst, floodPerSecond } = this.#limits;
    if (source.responses.take(1, now, floodBurst * RESPONSES, floodPerSecond * RESPONSES)) return true;
    return this.#trusts(source, key, host, port, now);
  }

  #trusts(source: Source, key: string, host: string, port: number, now: Instant): boolean {
    if (!this.#isTrusted(host, port)) return false;
    this.#keep(key, source);
    source.knownUntil = Math.max(source.knownUntil, now + TRUSTED_MS);
    return true;
  }

  #ban(record: Standing, address: string, port: number | undefined, reason: BanReason, now: Instant): void {
    if (record.ban) return;
    if (now - record.lastFailureAt > BAN_MEMORY_MS) record.bans = 0;
    const { banMs, maxBanMs } = this.#limits;
    const until = now + Math.min(banMs * BAN_GROWTH ** record.bans, maxBanMs);
    record.bans++;
    this.#enter(record, { address, port, reason, since: now, until, failures: record.failures });
  }

  #enter(record: Standing, value: Ban): void {
    const timer = this.#clock.after(value.until - value.since, () => this.#lift(record, "time"));
    record.ban = { value, timer };
    this.onBan.emit(value);
  }

  #lift(record: Standing, by: BanEnd["by"]): boolean {
    const { ban } = record;
    if (!ban) return false;
    ban.timer.dispose();
    record.ban = undefined;
    record.failures = 0;
    this.onUnban.emit({ ...ban.value, by });
    return true;
  }

  #remember(key: string, now: Instant): Source {
    const source: Source = {
      ...fresh(now),
      bucket: new TokenBucket(this.#limits.floodBurst, now),
      responses: new TokenBucket(this.#limits.floodBurst * RESPONSES, now),
      knownUntil: 0,
      trunkUntil: 0,
      dropped: 0,
      ports: undefined,
    };
    this.#passing.set(key, source);
    const [oldest] = this.#passing.keys();
    if (this.#passing.size > CAPACITY && oldest !== undefined) this.#passing.delete(oldest);
    return source;
  }

  #find(key: string): Source | undefined {
    return this.#kept.get(key) ?? this.#passing.get(key);
  }

  #keep(key: string, source: Source): void {
    this.#passing.delete(key);
    this.#kept.delete(key);
    if (this.#kept.size >= CAPACITY) this.#forgetKept(this.#clock.now());
    this.#kept.set(key, source);
  }

  #portOf(source: Source, host: string, port: number, now: Instant): Standing {
    source.ports ??= new Map();
    const key = portKey(host, port);
    let record = source.ports.get(key);
    if (!record) {
      record = fresh(now);
      source.ports.set(key, record);
      const [oldest] = source.ports;
      if (oldest && source.ports.size > PORT_CAPACITY) {
        oldest[1].ban?.timer.dispose();
        source.ports.delete(oldest[0]);
      }
    }
    return record;
  }

  /** The oldest of the first few that is known and banned no more, else the oldest of all. */
  #forgetKept(now: Instant): void {
    let gone: [string, Source] | undefined;
    let looked = 0;
    for (const entry of this.#kept) {
      const [, source] = entry;
      if (!source.ban && source.knownUntil <= now) {
        gone = entry;
        break;
      }
      gone ??= entry;
      if (++looked >= 64) break;
    }
    if (!gone) return;
    disposeBans(gone[1]);
    this.#kept.delete(gone[0]);
  }
}

function disposeBans(source: Source): void {
  source.ban?.timer.dispose();
  for (const record of source.ports?.values() ?? []) record.ban?.timer.dispose();
}

function fresh(now: Instant): Standing {
  return { failures: 0, lastFailureAt: now, bans: 0, ban: undefined, slow: undefined };
}

function portKey(host: string, port: number): string {
  return `${host} ${port}`;
}
