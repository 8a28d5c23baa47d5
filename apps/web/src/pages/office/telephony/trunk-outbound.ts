import type { api } from "@svara/contracts";
import type { DraftOf } from "../entity/crud.ts";

export type TrunkDraft = DraftOf<typeof api.trunks>;
export type OutboundDraft = NonNullable<TrunkDraft["outbound"]>;

/** What most carriers want; the rest stands under "more". */
export function blankOutbound(): OutboundDraft {
  return {
    host: "",
    port: 5060,
    transport: "udp",
    username: null,
    callerId: null,
    register: false,
    srtp: "off",
    tlsTrust: { kind: "system" },
    morePeers: [],
    order: 1,
    format: "e164_plus",
    prefix: "",
    callerIdPolicy: "own",
    emergency: true,
    countries: null,
    keepAliveSec: 30,
  };
}

/** The usual port follows the transport while nobody chose another. */
export function withTransport(outbound: OutboundDraft, transport: OutboundDraft["transport"]): OutboundDraft {
  const isUsual = outbound.port === 5060 || outbound.port === 5061;
  const port = isUsual ? (transport === "tls" ? 5061 : 5060) : outbound.port;
  const srtp = transport !== "tls" ? "off" : outbound.srtp === "off" ? "optional" : outbound.srtp;
  return { ...outbound, transport, port, srtp: srtp ?? "off" };
}

/** `host:port` or a host alone; undefined for what is neither. */
export function readPeer(text: string): { host: string; port: number } | undefined {
  const found = /^([A-Za-z0-9.\-_]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/.exec(text.trim());
  if (!found?.[1]) return undefined;
  const port = Number(found[2] ?? 5060);
  return port > 65_535 ? undefined : { host: found[1], port };
}
