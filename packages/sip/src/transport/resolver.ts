import { lookup, resolveSrv } from "node:dns/promises";
import { isIP } from "node:net";
import type { Protocol } from "../authority.ts";
import { SipError } from "../errors.ts";
import { type SipUri, unbracketed } from "../message/uri.ts";

/** Name look-ups that the stack needs (a part of RFC 3263). */
export interface Resolver {
  /** The address to use for a host name; rejects when there is none. */
  address(host: string): Promise<string>;
  /** The best SRV target, or undefined. */
  service(name: string): Promise<{ readonly host: string; readonly port: number } | undefined>;
}

/** The system's resolver. */
export const SYSTEM_RESOLVER: Resolver = {
  async address(host) {
    return (await lookup(host)).address;
  },
  async service(name) {
    try {
      const records = await resolveSrv(name);
      const [best] = records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
      return best && { host: best.name, port: best.port };
    } catch {
      return undefined;
    }
  },
};

/** Where a request goes. */
export interface Destination {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
}

/**
 * The next hop of a URI: at once when its host is numeric, else by SRV (without port) and address look-up. NAPTR is
 * not asked: without `transport` UDP is used. Rejects with SipError.
 */
export function locate(uri: SipUri, resolver: Resolver): Destination | Promise<Destination> {
  const protocol = protocolOf(uri);
  const host = unbracketed(uri.params.get("maddr") || uri.host);
  const port = uri.port ?? (protocol === "tls" ? 5061 : 5060);
  if (isIP(host) !== 0) return { protocol, host, port };
  return lookUp(host, uri.port, { protocol, port }, resolver);
}

async function lookUp(
  host: string,
  givenPort: number | undefined,
  base: { protocol: Protocol; port: number },
  resolver: Resolver,
): Promise<Destination> {
  try {
    if (givenPort === undefined) {
      const name = base.protocol === "tls" ? `_sips._tcp.${host}` : `_sip._${base.protocol}.${host}`;
      const service = await resolver.service(name);
      if (service) return { ...base, host: await resolver.address(service.host), port: service.port };
    }
    return { ...base, host: await resolver.address(host) };
  } catch (cause) {
    throw new SipError("sip.no_transport", `the host name "${host}" has no address`, {
      cause,
      retryable: true,
    });
  }
}

function protocolOf(uri: SipUri): Protocol {
  if (uri.scheme !== "sip" && uri.scheme !== "sips") {
    throw new SipError("sip.bad_uri", `"${uri.text.slice(0, 80)}" is not a SIP address`);
  }
  const named = uri.params.get("transport")?.toLowerCase();
  if (uri.scheme === "sips") return named === "ws" || named === "wss" ? "wss" : "tls";
  switch (named) {
    case undefined:
    case "":
      return "udp";
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
