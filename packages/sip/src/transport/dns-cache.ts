import type { Clock, Instant } from "@svara/kernel";
import type { DnsAnswer, DnsResolver, NaptrRecord, SrvRecord } from "./dns-resolver.ts";

interface Entry {
  readonly answer: DnsAnswer<unknown>;
  readonly expiresAt: Instant;
  /** When the answer was given by a name server. */
  readonly learntAt: Instant;
}

const CAPACITY = 2_000;
const DEFAULT_TTL_MS = 60_000; // where the look-up does not tell
const MIN_TTL_MS = 5_000;
const MAX_TTL_MS = 86_400_000;
const NEGATIVE_TTL_MS = 30_000;
const FAILURE_HOLD_MS = 5_000; // a name server that is down is not asked for each call
const STALE_WAIT_MS = 500; // with an old answer at hand nobody waits longer for the new one (RFC 8767 section 5)
const MAX_STALE_MS = 7 * 86_400_000;

/**
 * A resolver that remembers answers for their time, absence for half a minute, and that gives the last good answer
 * when the name servers are silent (RFC 8767), so that calls to carriers survive the loss of DNS.
 */
export class DnsCache implements DnsResolver {
  readonly #clock: Clock;
  readonly #source: DnsResolver;
  readonly #entries = new Map<string, Entry>();
  readonly #asked = new Map<string, Promise<DnsAnswer<unknown>>>();

  constructor(clock: Clock, source: DnsResolver) {
    this.#clock = clock;
    this.#source = source;
  }

  get size(): number {
    return this.#entries.size;
  }

  naptr(domain: string): Promise<DnsAnswer<NaptrRecord>> {
    return this.#get(`naptr ${domain}`, () => this.#source.naptr(domain));
  }

  srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return this.#get(`srv ${name}`, () => this.#source.srv(name));
  }

  addresses(host: string): Promise<DnsAnswer<string>> {
    return this.#get(`addresses ${host}`, () => this.#source.addresses(host));
  }

  close(): void {
    this.#source.close?.();
  }

  #get<T>(key: string, ask: () => Promise<DnsAnswer<T>>): Promise<DnsAnswer<T>> {
    const known = this.#entries.get(key) as (Entry & { answer: DnsAnswer<T> }) | undefined;
    const now = this.#clock.now();
    if (known && now < known.expiresAt) return Promise.resolve(known.answer);
    let query = this.#asked.get(key) as Promise<DnsAnswer<T>> | undefined;
    if (!query) {
      query = ask().then((answer) => this.#learn(key, answer));
      this.#asked.set(key, query);
    }
    if (known?.answer.kind !== "records" || now - known.learntAt > MAX_STALE_MS) return query;
    return this.#orStale(query, known.answer);
  }

  #orStale<T>(query: Promise<DnsAnswer<T>>, stale: DnsAnswer<T>): Promise<DnsAnswer<T>> {
    return new Promise((resolve) => {
      const timer = this.#clock.after(STALE_WAIT_MS, () => resolve(stale));
      void query.then((answer) => {
        timer.dispose();
        resolve(answer);
      });
    });
  }

  #learn<T>(key: string, fresh: DnsAnswer<T>): DnsAnswer<T> {
    this.#asked.delete(key);
    const now = this.#clock.now();
    const known = this.#entries.get(key) as (Entry & { answer: DnsAnswer<T> }) | undefined;
    const old = known && known.answer.kind !== "failed" && now - known.learntAt <= MAX_STALE_MS;
    const kept = fresh.kind === "failed" && old ? known : undefined;
    const answer = kept?.answer ?? fresh;
    const expiresAt = now + (kept ? FAILURE_HOLD_MS : lifeOf(fresh));
    this.#entries.delete(key);
    this.#entries.set(key, { answer, expiresAt, learntAt: kept?.learntAt ?? now });
    if (this.#entries.size > CAPACITY) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    return answer;
  }
}

function lifeOf(answer: DnsAnswer<unknown>): number {
  switch (answer.kind) {
    case "records": {
      const given = answer.ttlSeconds === undefined ? DEFAULT_TTL_MS : answer.ttlSeconds * 1000;
      return Math.min(Math.max(given, MIN_TTL_MS), MAX_TTL_MS);
    }
    case "none":
      return NEGATIVE_TTL_MS;
    case "failed":
      return FAILURE_HOLD_MS;
  }
}
