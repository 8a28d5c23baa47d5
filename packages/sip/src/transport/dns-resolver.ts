import { lookup, Resolver } from "node:dns/promises";

/** What a look-up gives: records, the certainty that there are none, or no answer at all. */
export type DnsAnswer<T> =
  /** `ttlSeconds` where it is known. */
  | { readonly kind: "records"; readonly records: readonly T[]; readonly ttlSeconds?: number }
  | { readonly kind: "none" }
  | { readonly kind: "failed"; readonly cause: unknown };

/** RFC 3403 section 4.1. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly replacement: string;
}

/** RFC 2782. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly name: string;
}

/** The look-ups of RFC 3263; none of them rejects. */
export interface DnsResolver {
  naptr(domain: string): Promise<DnsAnswer<NaptrRecord>>;
  srv(name: string): Promise<DnsAnswer<SrvRecord>>;
  /** Numeric addresses of a host, of both families, IPv4 first. */
  addresses(host: string): Promise<DnsAnswer<string>>;
  /** Gives up what is under way. */
  close?(): void;
}

const TIMEOUT_MS = 1_500;
const TRIES = 2;

/**
 * The system's name servers, or `servers` (`address` or `address:port`). Addresses that no name server knows are looked
 * for in the hosts file, too.
 */
export function systemDns(servers?: readonly string[]): DnsResolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers) resolver.setServers(servers);
  return {
    naptr: (domain) => answerOf(resolver.resolveNaptr(domain)),
    srv: (name) => answerOf(resolver.resolveSrv(name)),
    async addresses(host) {
      if (!host.includes(".")) return hostsFile(host);
      const [v4, v6] = await Promise.all([
        withTtl(resolver.resolve4(host, { ttl: true })),
        withTtl(resolver.resolve6(host, { ttl: true })),
      ]);
      const found = joined(v4, v6);
      if (found.kind === "records" || servers) return found;
      const local = await hostsFile(host);
      return local.kind === "records" ? local : found;
    },
    close: () => resolver.cancel(),
  };
}

async function answerOf<T>(query: Promise<T[]>): Promise<DnsAnswer<T>> {
  try {
    const records = await query;
    return records.length > 0 ? { kind: "records", records } : { kind: "none" };
  } catch (cause) {
    return isAbsence(cause) ? { kind: "none" } : { kind: "failed", cause };
  }
}

async function withTtl(query: Promise<{ address: string; ttl: number }[]>): Promise<DnsAnswer<string>> {
  const answer = await answerOf(query);
  if (answer.kind !== "records") return answer;
  const ttlSeconds = Math.min(...answer.records.map(({ ttl }) => ttl));
  return { kind: "records", records: answer.records.map(({ address }) => address), ttlSeconds };
}

function joined(v4: DnsAnswer<string>, v6: DnsAnswer<string>): DnsAnswer<string> {
  if (v4.kind === "records" && v6.kind === "records") {
    const ttlSeconds = Math.min(v4.ttlSeconds ?? 0, v6.ttlSeconds ?? 0);
    return { kind: "records", records: [...v4.records, ...v6.records], ttlSeconds };
  }
  if (v4.kind === "records") return v4;
  if (v6.kind === "records") return v6;
  return v4.kind === "failed" ? v4 : v6;
}

async function hostsFile(host: string): Promise<DnsAnswer<string>> {
  try {
    const found = await lookup(host, { all: true, order: "ipv4first" });
    return { kind: "records", records: found.map(({ address }) => address) };
  } catch (cause) {
    return isAbsence(cause) ? { kind: "none" } : { kind: "failed", cause };
  }
}

/** The name server said that there is nothing; all else means that it said nothing. */
function isAbsence(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === "ENOTFOUND" || code === "ENODATA";
}
