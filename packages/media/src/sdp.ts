import { isIP } from "node:net";
import { type MediaAttributes, parse, type SessionDescription } from "sdp-transform";
import { MediaError } from "./media-error.ts";
import type { LegCodec, LegKind, MediaDirection, SrtpPolicy } from "./media-host.ts";
import { type CryptoAttribute, parseCryptoAttribute, writeCryptoAttribute } from "./sdes.ts";

interface CodecShape {
  /** Static payload type (RFC 3551, section 6), or ours in offers. */
  readonly payloadType: number;
  readonly name: string;
  /** As written in SDP; for G.722 it is half the real one, by an old mistake (RFC 3551, section 4.5.2). */
  readonly rate: number;
  readonly channels: number;
}

const codecShapes: Record<LegCodec, CodecShape> = {
  PCMU: { payloadType: 0, name: "PCMU", rate: 8000, channels: 1 },
  PCMA: { payloadType: 8, name: "PCMA", rate: 8000, channels: 1 },
  G722: { payloadType: 9, name: "G722", rate: 8000, channels: 1 },
  // Always 48000/2, whatever is sent (RFC 7587, section 7).
  OPUS: { payloadType: 96, name: "opus", rate: 48_000, channels: 2 },
};
const legCodecs = Object.keys(codecShapes) as LegCodec[];
/** Mono speech with error correction; DTX would look like a dead line to those who count packets. */
const opusParameters = "useinbandfec=1;usedtx=0;stereo=0";
/** Ours in offers; an answer repeats the peer's. */
const ourDtmfPayloadType = 101;

export interface TransportAddress {
  readonly address: string;
  readonly port: number;
}

/** A codec as the peer numbers it. */
export interface RemoteCodec {
  readonly codec: LegCodec;
  readonly payloadType: number;
}

/** A certificate's print. */
export interface Fingerprint {
  /** Lower case. */
  readonly algorithm: string;
  /** Upper-case hexadecimal with colons. */
  readonly value: string;
}

type DtlsSetup = "active" | "passive" | "actpass" | "holdconn";

/** How a phone's section wants to be encrypted. `secureProfile`: it is RTP/SAVP, plain RTP is no choice. */
export type RemoteKeys =
  | { readonly type: "none" }
  | {
      readonly type: "sdes";
      readonly attributes: readonly CryptoAttribute[];
      readonly secureProfile: boolean;
    }
  | { readonly type: "dtls"; readonly fingerprints: readonly Fingerprint[]; readonly setup: DtlsSetup };

/** What we demand of a phone's SDP. */
export interface SrtpDemand {
  readonly srtp: SrtpPolicy;
  /** `false`: keys in the SDP could have been read by others and do not count. */
  readonly secureSignalling?: boolean | undefined;
}

/** ICE and DTLS of a WebRTC peer. */
export interface RemoteSecurity {
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** All that were offered. */
  readonly fingerprints: readonly Fingerprint[];
  readonly setup: DtlsSetup;
}

/** What we need to know of a peer's SDP. */
export interface RemoteMedia {
  /** In the peer's order of liking; only codecs that we have. */
  readonly codecs: readonly RemoteCodec[];
  readonly dtmfPayloadType: number | null;
  /** As the peer sees it: `sendonly` means it will not listen. */
  readonly direction: MediaDirection;
  /** Null when there is nothing to send to (port 9 or an address of 0.0.0.0). */
  readonly rtp: TransportAddress | null;
  readonly rtcp: TransportAddress | null;
  readonly rtcpMux: boolean;
  /** Of a browser. */
  readonly security: RemoteSecurity | null;
  /** Of a phone. */
  readonly keys: RemoteKeys;
  readonly mid: string | null;
  /** Index of the audio section we use among all sections, and the sections' own first lines, to mirror in an answer. */
  readonly section: number;
  readonly sections: readonly {
    readonly type: string;
    readonly protocol: string;
    readonly payloads: string;
  }[];
  readonly bundled: boolean;
  /** `c=0.0.0.0`: the hold of RFC 2543. */
  readonly zeroAddress: boolean;
}

/**
 * Reads a peer's SDP (RFC 8866). Errors: `media.bad_sdp` when it cannot be read, `media.unsupported_sdp` when it offers no
 * audio that this kind of leg can carry or none encrypted as demanded, `media.no_common_codec` when it offers no codec that we know.
 */
export function parseRemoteSdp(
  sdp: string,
  kind: LegKind,
  family: "IP4" | "IP6",
  demand: SrtpDemand = { srtp: "optional" },
): RemoteMedia {
  const session = read(sdp);
  const { section, keys } = kind === "webrtc" ? browserSection(session) : phoneSection(sdp, session, demand);
  const media = session.media[section];
  if (media === undefined) {
    throw new MediaError("media.unsupported_sdp", `no ${kind} audio section in the SDP`);
  }
  const connection = media.connection ?? session.connection;
  const address = String(connection?.ip ?? "");
  // A browser without candidates writes 0.0.0.0, too (RFC 8840, section 4.1.1), and means nothing by it.
  const zeroAddress = kind === "rtp" && address === "0.0.0.0";
  const usable = address !== "" && !zeroAddress && media.port > 0 && media.port < 65_536;
  if (kind === "rtp" && !zeroAddress && (!usable || isIP(address) !== (family === "IP4" ? 4 : 6))) {
    throw new MediaError(
      "media.unsupported_sdp",
      `cannot send to ${address || "no address"} port ${media.port}`,
    );
  }
  const codecs = readCodecs(media);
  if (codecs.length === 0) {
    throw new MediaError("media.no_common_codec", `no codec of ours among the payloads ${payloads(media)}`);
  }
  const rtp = kind === "rtp" && usable ? { address, port: media.port } : null;
  return {
    codecs,
    dtmfPayloadType: media.rtp.find((r) => isDtmf(r.codec) && (r.rate ?? 8000) === 8000)?.payload ?? null,
    direction: media.direction ?? (session as { direction?: MediaDirection }).direction ?? "sendrecv",
    rtp,
    rtcp: rtp && rtcpAddress(media, rtp),
    rtcpMux: media.rtcpMux !== undefined,
    security: kind === "webrtc" ? readSecurity(session, media) : null,
    keys,
    mid: media.mid === undefined ? null : String(media.mid),
    section,
    sections: session.media.map((m) => ({
      type: m.type,
      protocol: String(m.protocol),
      payloads: payloads(m) || "0",
    })),
    bundled: session.groups?.some((g) => g.type === "BUNDLE") ?? false,
    zeroAddress,
  };
}

/** What we put into an SDP. */
export interface LocalMedia {
  readonly kind: LegKind;
  readonly address: string;
  readonly port: number;
  readonly rtcpPort: number;
  /** o= line: the id stays for the leg's life, the version rises with every changed SDP (RFC 8866, section 5.2). */
  readonly sessionId: number;
  readonly sessionVersion: number;
  readonly direction: MediaDirection;
  readonly codecs: readonly RemoteCodec[];
  readonly dtmfPayloadType: number | null;
  readonly ssrc: number;
  readonly cname: string;
  readonly security: {
    readonly iceUfrag: string;
    readonly icePwd: string;
    readonly fingerprint: string;
    readonly setup: "actpass" | "passive";
  } | null;
  /** Of a phone's leg: the lines of RFC 4568, or our certificate (RFC 5763). */
  readonly keys: LocalKeys;
  readonly mid: string;
}

export type LocalKeys =
  | { readonly type: "none" }
  | {
      readonly type: "sdes";
      readonly lines: readonly CryptoAttribute[];
      readonly secureProfile: boolean;
    }
  | { readonly type: "dtls"; readonly fingerprint: string; readonly setup: "actpass" | "passive" };

/** The payload numbers of an offer of ours. */
export function offerCodecs(codecs: readonly LegCodec[]): {
  codecs: RemoteCodec[];
  dtmfPayloadType: number;
} {
  return {
    codecs: codecs.map((codec) => ({ codec, payloadType: codecShapes[codec].payloadType })),
    dtmfPayloadType: ourDtmfPayloadType,
  };
}

/** Our offer, or our answer when the peer's offer is given: then every section of the peer's is mirrored, others refused. */
export function writeSdp(local: LocalMedia, remote: RemoteMedia | null): string {
  const family = addressFamily(local.address);
  const lines = [
    "v=0",
    `o=svara ${local.sessionId} ${local.sessionVersion} IN ${family} ${local.address}`,
    "s=svara",
    `c=IN ${family} ${local.address}`,
    "t=0 0",
  ];
  if (local.security) {
    if (remote === null || remote.bundled) lines.push(`a=group:BUNDLE ${local.mid}`);
    lines.push("a=msid-semantic: WMS *", "a=ice-lite");
  }
  const sections = remote?.sections ?? [null];
  sections.forEach((section, index) => {
    if (section === null || index === remote?.section) lines.push(...audioSection(local, remote));
    else lines.push(`m=${section.type} 0 ${section.protocol} ${section.payloads}`);
  });
  return `${lines.join("\r\n")}\r\n`;
}

/** The direction seen from the other side. */
export function reversed(direction: MediaDirection): MediaDirection {
  if (direction === "sendonly") return "recvonly";
  return direction === "recvonly" ? "sendonly" : direction;
}

/** What both allow. */
export function commonDirection(a: MediaDirection, b: MediaDirection): MediaDirection {
  const send = sends(a) && sends(b);
  const receive = receives(a) && receives(b);
  if (send) return receive ? "sendrecv" : "sendonly";
  return receive ? "recvonly" : "inactive";
}

export function sends(direction: MediaDirection): boolean {
  return direction === "sendrecv" || direction === "sendonly";
}

export function receives(direction: MediaDirection): boolean {
  return direction === "sendrecv" || direction === "recvonly";
}

export function addressFamily(address: string): "IP4" | "IP6" {
  return address.includes(":") ? "IP6" : "IP4";
}

function read(sdp: string): SessionDescription {
  if (!/^v=0\r?\n/.test(sdp)) throw new MediaError("media.bad_sdp", "the SDP does not begin with v=0");
  if (sdp.length > 64_000) throw new MediaError("media.bad_sdp", `the SDP has ${sdp.length} characters`);
  let session: SessionDescription;
  try {
    session = parse(sdp);
  } catch (cause) {
    throw new MediaError("media.bad_sdp", "the SDP cannot be read", { cause });
  }
  // The parser skips lines it does not understand, so a broken m= or c= line shows as one that is missing.
  const lines = sdp.split(/\r?\n/);
  if (session.origin === undefined) throw new MediaError("media.bad_sdp", "the SDP has no valid o= line");
  const written = lines.filter((line) => line.startsWith("m=")).length;
  const sound = session.media.every((m) => m.type && Number.isInteger(m.port) && m.protocol);
  if (written === 0 || written !== session.media.length || !sound) {
    throw new MediaError("media.bad_sdp", "the SDP has no valid m= line");
  }
  return session;
}

type Section = SessionDescription["media"][number] & MediaAttributes;

/** The parser turns whatever looks like a number into one: no word of it is a text before it was made one. */
function payloads(media: { payloads?: unknown }): string {
  return String(media.payloads ?? "");
}

function readCodecs(media: Section): RemoteCodec[] {
  const found: RemoteCodec[] = [];
  for (const text of payloads(media).split(" ")) {
    const payloadType = Number(text);
    if (text === "" || !Number.isInteger(payloadType) || payloadType < 0 || payloadType > 127) continue;
    const mapped = media.rtp.find((r) => r.payload === payloadType);
    const name = String(mapped?.codec).toUpperCase();
    const codec = legCodecs.find((c) =>
      mapped === undefined
        ? payloadType < 96 && codecShapes[c].payloadType === payloadType
        : c === name &&
          (mapped.rate ?? 8000) === codecShapes[c].rate &&
          Number(mapped.encoding ?? 1) === codecShapes[c].channels,
    );
    if (codec && !found.some((f) => f.codec === codec)) found.push({ codec, payloadType });
  }
  return found;
}

function readSecurity(session: SessionDescription, media: Section): RemoteSecurity {
  const iceUfrag = media.iceUfrag ?? session.iceUfrag;
  const icePwd = media.icePwd ?? session.icePwd;
  const { fingerprints, setup } = readDtls(session, media);
  if (!iceUfrag || !icePwd || fingerprints.length === 0) {
    throw new MediaError("media.unsupported_sdp", "the SDP lacks ICE credentials or a DTLS fingerprint");
  }
  return { iceUfrag: String(iceUfrag), icePwd: String(icePwd), fingerprints, setup };
}

function readDtls(
  session: SessionDescription,
  media: Section,
): { readonly fingerprints: Fingerprint[]; readonly setup: DtlsSetup } {
  const printed = [media.fingerprint ?? session.fingerprint].flatMap((f) => (f ? [f] : []));
  const fingerprints = printed.map((f) => ({
    algorithm: String(f.type).toLowerCase(),
    value: String(f.hash).toUpperCase(),
  }));
  const setup = (media.setup ?? (session as { setup?: string }).setup ?? "actpass") as DtlsSetup;
  return { fingerprints, setup };
}

interface SectionChoice {
  readonly section: number;
  readonly keys: RemoteKeys;
}

function browserSection(session: SessionDescription): SectionChoice {
  const section = session.media.findIndex(
    (m) => m.type === "audio" && m.port !== 0 && isSecure(String(m.protocol)),
  );
  return { section, keys: { type: "none" } };
}

/** The first audio section that may be used as demanded; an encrypted one before a plain one. */
function phoneSection(sdp: string, session: SessionDescription, demand: SrtpDemand): SectionChoice {
  const texts = sdp.split(/^m=/m).slice(1);
  const choices: SectionChoice[] = [];
  const reasons: string[] = [];
  for (const [section, media] of session.media.entries()) {
    if (media.type !== "audio" || media.port === 0) continue;
    const keys = readKeys(session, media, texts[section] ?? "", demand);
    if (typeof keys === "string") reasons.push(keys);
    else choices.push({ section, keys });
  }
  const choice = choices.find((c) => c.keys.type !== "none") ?? choices[0];
  if (choice) return choice;
  throw new MediaError("media.unsupported_sdp", reasons.join("; ") || "no rtp audio section in the SDP");
}

/** How a section would be encrypted, or why it cannot be used. */
function readKeys(
  session: SessionDescription,
  media: Section,
  text: string,
  { srtp, secureSignalling }: SrtpDemand,
): RemoteKeys | string {
  const protocol = String(media.protocol);
  const dtls = /^UDP\/TLS\/RTP\/SAVPF?$/.test(protocol);
  const secureProfile = dtls || /^RTP\/SAVPF?$/.test(protocol);
  if (!secureProfile && !isPlain(protocol)) return `${protocol} is not RTP`;
  if (srtp === "off") return secureProfile ? `${protocol}, but this leg is not encrypted` : { type: "none" };
  if (dtls || (secureProfile && !text.includes("a=crypto:") && text.includes("a=fingerprint:"))) {
    const { fingerprints, setup } = readDtls(session, media);
    return fingerprints.length > 0 ? { type: "dtls", fingerprints, setup } : "no DTLS fingerprint";
  }
  const lines = [...text.matchAll(/^a=crypto:(.*)$/gm)].map((line) => parseCryptoAttribute(line[1] ?? ""));
  const attributes = lines.filter((line) => line !== null);
  if (attributes.length > 0 && secureSignalling !== false) return { type: "sdes", attributes, secureProfile };
  if (!secureProfile && srtp === "optional") return { type: "none" };
  if (attributes.length > 0) return "its keys came over a way that others can read";
  return secureProfile
    ? `${protocol} without keys that we know`
    : `${protocol}, but this leg has to be encrypted`;
}

function rtcpAddress(media: Section, rtp: TransportAddress): TransportAddress {
  if (media.rtcpMux !== undefined) return rtp;
  const port = media.rtcp?.port ?? rtp.port + 1;
  return { address: String(media.rtcp?.address ?? rtp.address), port: port > 65_535 ? rtp.port : port };
}

function isPlain(protocol: string): boolean {
  return protocol === "RTP/AVP" || protocol === "RTP/AVPF";
}

function isSecure(protocol: string): boolean {
  return /^(UDP\/TLS\/)?RTP\/SAVPF?$/.test(protocol);
}

function isDtmf(name: unknown): boolean {
  return String(name).toLowerCase() === "telephone-event";
}

function offeredProtocol({ security, keys }: LocalMedia): string {
  if (security) return "UDP/TLS/RTP/SAVPF";
  if (keys.type === "dtls") return "UDP/TLS/RTP/SAVP";
  return keys.type === "sdes" && keys.secureProfile ? "RTP/SAVP" : "RTP/AVP";
}

function audioSection(local: LocalMedia, remote: RemoteMedia | null): string[] {
  const dtmf = local.dtmfPayloadType;
  const numbers = [...local.codecs.map((c) => c.payloadType), ...(dtmf === null ? [] : [dtmf])];
  const protocol = remote?.sections[remote.section]?.protocol ?? offeredProtocol(local);
  const lines = [`m=audio ${local.port} ${protocol} ${numbers.join(" ")}`];
  for (const { codec, payloadType } of local.codecs) {
    const { name, rate, channels } = codecShapes[codec];
    lines.push(`a=rtpmap:${payloadType} ${name}/${rate}${channels > 1 ? `/${channels}` : ""}`);
    if (codec === "OPUS") lines.push(`a=fmtp:${payloadType} ${opusParameters}`);
  }
  if (dtmf !== null) lines.push(`a=rtpmap:${dtmf} telephone-event/8000`, `a=fmtp:${dtmf} 0-16`);
  lines.push("a=ptime:20", "a=maxptime:60", `a=${local.direction}`);
  if (local.security === null) {
    if (local.keys.type === "sdes") {
      for (const line of local.keys.lines) lines.push(`a=crypto:${writeCryptoAttribute(line)}`);
    } else if (local.keys.type === "dtls") {
      lines.push(`a=fingerprint:sha-256 ${local.keys.fingerprint}`, `a=setup:${local.keys.setup}`);
    }
    if (remote?.rtcpMux) lines.push("a=rtcp-mux");
    else lines.push(`a=rtcp:${local.rtcpPort}`);
    return lines;
  }
  const family = addressFamily(local.address);
  if (remote === null || remote.mid !== null) lines.push(`a=mid:${local.mid}`);
  lines.push(
    `a=rtcp:${local.port} IN ${family} ${local.address}`,
    "a=rtcp-mux",
    `a=ice-ufrag:${local.security.iceUfrag}`,
    `a=ice-pwd:${local.security.icePwd}`,
    `a=fingerprint:sha-256 ${local.security.fingerprint}`,
    `a=setup:${local.security.setup}`,
    // The one candidate: type preference 126, local preference 65535, component 1 (RFC 8445, section 5.1.2.1).
    `a=candidate:1 1 udp 2130706431 ${local.address} ${local.port} typ host`,
    "a=end-of-candidates",
    "a=msid:svara audio",
    `a=ssrc:${local.ssrc} cname:${local.cname}`,
  );
  return lines;
}
