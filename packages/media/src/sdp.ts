import { isIP } from "node:net";
import { type MediaAttributes, parse, type SessionDescription } from "sdp-transform";
import { MediaError } from "./media-error.ts";
import type { Codec, LegKind, MediaDirection } from "./media-host.ts";

/** Static payload types (RFC 3551, section 6). */
const payloadTypes: Record<Codec, number> = { PCMU: 0, PCMA: 8 };
/** Ours in offers; an answer repeats the peer's. */
const ourDtmfPayloadType = 101;

export interface TransportAddress {
  readonly address: string;
  readonly port: number;
}

/** A codec as the peer numbers it. */
export interface RemoteCodec {
  readonly codec: Codec;
  readonly payloadType: number;
}

/** ICE and DTLS of a WebRTC peer. */
export interface RemoteSecurity {
  readonly iceUfrag: string;
  readonly icePwd: string;
  /** Lower-case algorithm and upper-case hexadecimal with colons, all that were offered. */
  readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[];
  readonly setup: "active" | "passive" | "actpass" | "holdconn";
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
  readonly security: RemoteSecurity | null;
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
 * audio that this kind of leg can carry, `media.no_common_codec` when it offers no G.711.
 */
export function parseRemoteSdp(sdp: string, kind: LegKind, family: "IP4" | "IP6"): RemoteMedia {
  const session = read(sdp);
  const wanted = kind === "webrtc" ? isSecure : isPlain;
  const section = session.media.findIndex(
    (m) => m.type === "audio" && m.port !== 0 && wanted(String(m.protocol)),
  );
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
    throw new MediaError("media.no_common_codec", `no G.711 among the payloads ${payloads(media)}`);
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
  readonly mid: string;
}

/** The payload numbers of an offer of ours. */
export function offerCodecs(codecs: readonly Codec[]): { codecs: RemoteCodec[]; dtmfPayloadType: number } {
  return {
    codecs: codecs.map((codec) => ({ codec, payloadType: payloadTypes[codec] })),
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
    const codec =
      mapped === undefined
        ? (Object.keys(payloadTypes) as Codec[]).find((c) => payloadTypes[c] === payloadType)
        : name === "PCMA" || name === "PCMU"
          ? name
          : undefined;
    const mono = (mapped?.encoding ?? 1) === 1 && (mapped?.rate ?? 8000) === 8000;
    if (codec && mono && !found.some((f) => f.codec === codec)) found.push({ codec, payloadType });
  }
  return found;
}

function readSecurity(session: SessionDescription, media: Section): RemoteSecurity {
  const iceUfrag = media.iceUfrag ?? session.iceUfrag;
  const icePwd = media.icePwd ?? session.icePwd;
  const printed = [media.fingerprint ?? session.fingerprint].flatMap((f) => (f ? [f] : []));
  const fingerprints = printed.map((f) => ({
    algorithm: String(f.type).toLowerCase(),
    value: String(f.hash).toUpperCase(),
  }));
  const setup = (media.setup ??
    (session as { setup?: string }).setup ??
    "actpass") as RemoteSecurity["setup"];
  if (!iceUfrag || !icePwd || fingerprints.length === 0) {
    throw new MediaError("media.unsupported_sdp", "the SDP lacks ICE credentials or a DTLS fingerprint");
  }
  return { iceUfrag: String(iceUfrag), icePwd: String(icePwd), fingerprints, setup };
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

function audioSection(local: LocalMedia, remote: RemoteMedia | null): string[] {
  const dtmf = local.dtmfPayloadType;
  const numbers = [...local.codecs.map((c) => c.payloadType), ...(dtmf === null ? [] : [dtmf])];
  const protocol =
    remote?.sections[remote.section]?.protocol ?? (local.security ? "UDP/TLS/RTP/SAVPF" : "RTP/AVP");
  const lines = [`m=audio ${local.port} ${protocol} ${numbers.join(" ")}`];
  for (const { codec, payloadType } of local.codecs) lines.push(`a=rtpmap:${payloadType} ${codec}/8000`);
  if (dtmf !== null) lines.push(`a=rtpmap:${dtmf} telephone-event/8000`, `a=fmtp:${dtmf} 0-16`);
  lines.push("a=ptime:20", "a=maxptime:60", `a=${local.direction}`);
  if (local.security === null) {
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
