import { isIP } from "node:net";
import type { Random } from "@svara/kernel";
import type { Protocol } from "../authority.ts";
import { SipError } from "../errors.ts";
import { type SipUri, unbracketed } from "../message/uri.ts";
import type { DnsAnswer, DnsResolver, NaptrRecord, SrvRecord } from "./dns-resolver.ts";

/** Where a request goes. */
export interface Destination {
  readonly protocol: Protocol;
  /** A numeric address. */
  readonly host: string;
  readonly port: number;
  /** The host of the URI, which a TLS certificate must name. */
  readonly name: string;
  /** The URI asked for UDP by name, so that a big request must not go by TCP instead. */
  readonly pinned: boolean;
}

interface Names {
  readonly dns: DnsResolver;
  readonly random: Random;
}

/** A host and port of one protocol, whose address is still to be found. */
interface Server {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

/**
 * The next hops of a URI in the order in which they are to be tried (RFC 3263 section 4): at once when its host is
 * numeric, else by NAPTR (neither port nor transport given), SRV (no port given) and addresses. Throws or rejects with
 * SipError `sip.bad_uri` or `sip.no_transport`.
 */
export function locate(uri: SipUri, names: Names): readonly Destination[] | Promise<readonly Destination[]> {
  const asked = protocolOf(uri);
  const name = unbracketed(uri.params.get("maddr") || uri.host);
  const protocol = asked ?? (uri.scheme === "sips" ? "tls" : "udp");
  const pinned = asked === "udp";
  const port = uri.port ?? portOf(protocol);
  if (isIP(name) !== 0) return [{ protocol, host: name, port, name, pinned }];
  return lookUp(uri, name, asked, { protocol, host: name, port }, names).then((found) =>
    found.map((server) => ({ ...server, name, pinned })),
  );
}

async function lookUp(
  uri: SipUri,
  domain: string,
  asked: Protocol | undefined,
  plain: Server,
  names: Names,
): Promise<readonly Server[]> {
  let servers: readonly Server[] = [];
  // A name without dot is one of the house: a container, a host of the local network.
  if (uri.port === undefined && domain.includes(".")) {
    const only = uri.scheme === "sips" ? "tls" : asked;
    servers = only ? await byService(serviceName(only, domain), only, names) : await byDomain(domain, names);
  }
  if (servers.length === 0) servers = [plain];
  const found = await Promise.all(servers.map((server) => addressesOf(server, names.dns)));
  if (found.flat().length === 0) {
    throw new SipError("sip.no_transport", `the host name "${domain}" has no address`, { retryable: true });
  }
  return found.flat();
}

/** Sections 4.1 and 4.2 with neither port nor transport: the domain says by NAPTR what it likes, else by its SRV records. */
async function byDomain(domain: string, names: Names): Promise<readonly Server[]> {
  const naptr = recordsOf(await names.dns.naptr(domain));
  const wanted = naptr.map((record) => ({ record, protocol: NAPTR_SERVICES[record.service.toUpperCase()] }));
  wanted.sort((a, b) => byOrder(a.record, b.record));
  const services = wanted.flatMap(({ record, protocol }) =>
    protocol && record.flags.toLowerCase() === "s" ? [{ protocol, name: record.replacement }] : [],
  );
  if (services.length === 0) {
    for (const protocol of ["udp", "tcp", "tls"] as const) {
      services.push({ protocol, name: serviceName(protocol, domain) });
    }
  }
  const found = await Promise.all(services.map(({ protocol, name }) => byService(name, protocol, names)));
  return found.flat();
}

async function byService(name: string, protocol: Protocol, names: Names): Promise<readonly Server[]> {
  const records = recordsOf(await names.dns.srv(name)).filter(
    ({ name: host }) => host !== "" && host !== ".",
  );
  return inTurn(records, names.random).map((record) => ({ protocol, host: record.name, port: record.port }));
}

async function addressesOf(server: Server, dns: DnsResolver): Promise<readonly Server[]> {
  if (isIP(server.host) !== 0) return [server];
  return recordsOf(await dns.addresses(server.host)).map((host) => ({ ...server, host }));
}

/** By priority, and within one by chance in proportion to the weights (RFC 2782, "Weight"). */
export function inTurn(records: readonly SrvRecord[], random: Random): readonly SrvRecord[] {
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const out: SrvRecord[] = [];
  while (left.length > 0) {
    const group = left.filter(({ priority }) => priority === left[0]?.priority);
    let at = Math.floor(random.next() * (group.reduce((sum, { weight }) => sum + weight, 0) + 1));
    const i = group.findIndex(({ weight }) => {
      at -= weight;
      return at <= 0;
    });
    out.push(...left.splice(Math.max(0, i), 1));
  }
  return out;
}

const NAPTR_SERVICES: Readonly<Record<string, Protocol | undefined>> = {
  "SIP+D2U": "udp",
  "SIP+D2T": "tcp",
  "SIPS+D2T": "tls",
};

function byOrder(a: NaptrRecord, b: NaptrRecord): number {
  return a.order - b.order || a.preference - b.preference;
}

function serviceName(protocol: Protocol, domain: string): string {
  return protocol === "tls" ? `_sips._tcp.${domain}` : `_sip._${protocol}.${domain}`;
}

function portOf(protocol: Protocol): number {
  return protocol === "tls" ? 5061 : 5060;
}

function recordsOf<T>(answer: DnsAnswer<T>): readonly T[] {
  return answer.kind === "records" ? answer.records : [];
}

/** The transport a URI names; undefined when it leaves the choice to us. */
function protocolOf(uri: SipUri): Protocol | undefined {
  if (uri.scheme !== "sip" && uri.scheme !== "sips") {
    throw new SipError("sip.bad_uri", `"${uri.text.slice(0, 80)}" is not a SIP address`);
  }
  const named = uri.params.get("transport")?.toLowerCase();
  if (uri.scheme === "sips") return named === "ws" || named === "wss" ? "wss" : "tls";
  switch (named) {
    case undefined:
    case "":
      return undefined;
    case "udp":
    case "tcp":
    case "tls":
    case "ws":
    case "wss":
      return named;
    default:
      throw new SipError("sip.no_transport", `the transport "${named.slice(0, 20)}" is not known`);
  }
}
