import { createHash, createHmac, timingSafeEqual, verify, X509Certificate } from "node:crypto";
import { Signal } from "@svara/kernel";
import {
  CipherContext,
  DtlsServer,
  type DtlsSocket,
  HashAlgorithm,
  NamedCurveAlgorithm,
  SignatureAlgorithm,
} from "werift";
import { type SrtpMaster, type SrtpProfile, srtpProfiles } from "./srtp.ts";

/**
 * werift's numbers of the profiles (RFC 5764, section 4.1.2; RFC 7714, section 14.2), in our order of liking: a packet under AES-CM
 * costs 3.5 us here, under GCM, which needs a new cipher object each time, 6.5 us (`tools/measure-srtp.ts`).
 */
const profiles: readonly (readonly [7 | 1, SrtpProfile])[] = [
  [1, "AES_CM_128_HMAC_SHA1_80"],
  [7, "AEAD_AES_128_GCM"],
];

/** Record types (RFC 6347, section 4.3.1) and handshake types (RFC 5246, section 7.4). */
const recordHandshake = 22;
const recordHeaderLength = 13;
const clientHello = 1;
const certificate = 11;
const certificateVerify = 15;
const finished = 20;

/** Hash algorithms of RFC 5246, section 7.4.1.4.1, that a client may sign with; older ones are refused. */
const hashNames: Record<number, string> = { 4: "sha256", 5: "sha384", 6: "sha512" };

/** The certificate of a host: one for all its legs, made anew at each start. */
export interface DtlsIdentity {
  readonly certPem: string;
  readonly keyPem: string;
  readonly signatureHash: { readonly hash: 4; readonly signature: 3 };
  /** SHA-256, upper-case hexadecimal with colons, as SDP wants it (RFC 8122, section 5). */
  readonly fingerprint: string;
}

/** A self-signed ECDSA P-256 certificate. */
export async function makeDtlsIdentity(): Promise<DtlsIdentity> {
  const made = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  );
  return {
    certPem: made.certPem,
    keyPem: made.keyPem,
    signatureHash: { hash: HashAlgorithm.sha256_4, signature: SignatureAlgorithm.ecdsa_3 },
    fingerprint: new X509Certificate(made.certPem).fingerprint256,
  };
}

/** What a finished handshake leaves. */
export interface DtlsKeys {
  readonly profile: SrtpProfile;
  readonly local: SrtpMaster;
  readonly remote: SrtpMaster;
}

export interface DtlsOptions {
  readonly identity: DtlsIdentity;
  readonly fingerprints: readonly { readonly algorithm: string; readonly value: string }[];
  readonly send: (datagram: Buffer) => void;
}

type Handshakes = Parameters<DtlsServer["onHandleHandshakes"]>[0];

/**
 * The DTLS 1.2 server of one WebRTC leg (RFC 5764): werift does the records and key exchange. It checks neither the
 * client's CertificateVerify nor its Finished, and lets a plaintext ClientHello or alert undo a finished session; all of
 * that is checked here, before any key is handed out.
 */
export class DtlsAssociation {
  readonly connected = new Signal<DtlsKeys>();
  /** The handshake failed, or the peer closed. `retryable`: something broke, nobody cheated. */
  readonly failed = new Signal<{ readonly reason: string; readonly retryable: boolean }>();
  readonly #options: DtlsOptions;
  readonly #server: DtlsServer;
  readonly #transport: WireTransport;
  readonly #work: HandshakeWork;
  readonly #seen = new Set<number>();
  #state: "handshaking" | "connected" | "over" = "handshaking";

  constructor(options: DtlsOptions) {
    this.#options = options;
    this.#transport = new WireTransport(options.send);
    this.#server = new DtlsServer({
      cert: options.identity.certPem,
      key: options.identity.keyPem,
      signatureHash: options.identity.signatureHash,
      transport: this.#transport,
      srtpProfiles: profiles.map(([number]) => number),
      extendedMasterSecret: true,
      certificateRequest: true,
    });
    this.#work = new HandshakeWork(this.#server, (messages) => this.#firsts(messages));
    this.#server.onConnect.subscribe(() => this.#finish());
    this.#server.onError.subscribe((error) => {
      this.#fail(error instanceof Error ? error.message : String(error), this.#state === "handshaking");
    });
    this.#server.onClose.subscribe(() => this.#fail("closed by peer", false));
  }

  /** A datagram from an address that ICE has authenticated. */
  receive(datagram: Buffer): void {
    if (this.#state === "over" || (this.#state === "connected" && !isLate(datagram))) return;
    try {
      this.#transport.onData(datagram, ["", 0]);
    } catch {
      // a datagram that is no DTLS record changes nothing (RFC 6347, section 4.1.2.7)
    }
  }

  close(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.#transport.closed = true;
    this.#work.stop();
  }

  /** Resolves when, after `close`, werift's last retransmission timer has run out. */
  settled(): Promise<void> {
    return this.#work.settled();
  }

  /** A second message of one kind must not replace what the transcript holds; only a repeated Finished gets through. */
  #firsts(messages: Handshakes): Handshakes {
    return messages.filter((message) => {
      const type: number = message.msg_type;
      if (type === clientHello) return this.#server.dtls.flight < 4 || !hasNoCookie(message.fragment);
      if (this.#seen.has(type)) return type === finished && this.#state === "connected";
      this.#seen.add(type);
      return true;
    });
  }

  #finish(): void {
    if (this.#state !== "handshaking") return;
    const fault = this.#fault();
    if (fault !== null) {
      this.#fail(fault, false);
      return;
    }
    const chosen = profiles.find(([number]) => number === this.#server.srtp.srtpProfile);
    if (chosen === undefined) {
      this.#fail("no common SRTP profile", false);
      return;
    }
    const profile = chosen[1];
    const lengths = srtpProfiles[profile];
    const keys = this.#server.extractSessionKeys(lengths.key, lengths.salt);
    this.#state = "connected";
    this.connected.emit({
      profile,
      local: { key: keys.localKey, salt: keys.localSalt },
      remote: { key: keys.remoteKey, salt: keys.remoteSalt },
    });
  }

  /** What is wrong with the handshake, or null when the client is who the SDP said. */
  #fault(): string | null {
    const { dtls, cipher } = this.#server;
    const transcript = dtls.sortedHandshakeCache;
    const at = (type: number): number =>
      transcript.findIndex((m) => m.msg_type === type && isClients(dtls, m));
    const certificateMessage = transcript[at(certificate)];
    const verifyAt = at(certificateVerify);
    const finishedAt = at(finished);
    const verifyMessage = transcript[verifyAt];
    const finishedMessage = transcript[finishedAt];
    if (!certificateMessage || !verifyMessage || !finishedMessage) return "incomplete handshake";
    if (!dtls.remoteExtendedMasterSecret) return "no extended master secret (RFC 7627)";
    const der = firstCertificate(certificateMessage.fragment);
    if (der === null) return "no client certificate";
    if (!matchesFingerprint(der, this.#options.fingerprints))
      return "certificate does not match the fingerprint";
    const upTo = (end: number): Buffer => Buffer.concat(transcript.slice(0, end).map((m) => m.serialize()));
    if (!signed(der, verifyMessage.fragment, upTo(verifyAt))) return "bad signature in CertificateVerify";
    const secret: Buffer | undefined = cipher.masterSecret;
    if (secret === undefined) return "incomplete handshake";
    const expected = clientVerifyData(secret, upTo(finishedAt));
    const given = finishedMessage.fragment;
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return "bad Finished";
    return null;
  }

  #fail(reason: string, retryable: boolean): void {
    if (this.#state === "over") return;
    this.close();
    this.failed.emit({ reason, retryable });
  }
}

/** What werift still has to do: its flights wait on timers that cannot be cancelled, only be made the last. */
export class HandshakeWork {
  readonly #socket: DtlsSocket;
  readonly #running = new Set<Promise<unknown>>();

  /** `select` says which messages reach werift. */
  constructor(socket: DtlsSocket, select: (messages: Handshakes) => Handshakes = (messages) => messages) {
    this.#socket = socket;
    const handle = socket.onHandleHandshakes;
    socket.onHandleHandshakes = (messages) => this.track(handle(select(messages)));
  }

  track<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => {}).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return work;
  }

  /** Ends each retransmission at its next turn: they go on only while the peer's next flight is awaited. */
  stop(): void {
    this.#socket.dtls.flight = Number.MAX_SAFE_INTEGER;
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}

/** werift's socket, spoken to by us. */
class WireTransport {
  readonly type = "udp";
  readonly address = { address: "127.0.0.1", family: "IPv4", port: 0 };
  closed = false;
  onData: (data: Buffer, address: Readonly<[string, number]>) => void = () => {};
  readonly #send: (datagram: Buffer) => void;

  constructor(send: (datagram: Buffer) => void) {
    this.#send = send;
  }

  send = async (data: Buffer): Promise<void> => {
    if (!this.closed) this.#send(data);
  };

  close = async (): Promise<void> => {
    this.closed = true;
  };
}

/** After the handshake: encrypted records, or a repeated flight 5 (but no new ClientHello and no plaintext alert). */
function isLate(datagram: Buffer): boolean {
  if (datagram.length <= recordHeaderLength) return false;
  const epoch = datagram.readUInt16BE(3);
  if (epoch > 0) return true;
  const type = datagram[0];
  return type !== 21 && !(type === recordHandshake && datagram[recordHeaderLength] === clientHello);
}

/** ClientHello: version 2, random 32, session id <0..32>, cookie <0..255> (RFC 6347, section 4.2.1). */
function hasNoCookie(hello: Buffer): boolean {
  const cookieAt = 34 + 1 + (hello[34] ?? 0);
  return (hello[cookieAt] ?? 0) === 0;
}

/** Certificate and Finished come from both sides; the client's own are in its flight, number 5. */
function isClients(dtls: DtlsServer["dtls"], message: object): boolean {
  return (dtls.handshakeCache[5]?.data as readonly object[] | undefined)?.includes(message) ?? false;
}

/** certificate_list <0..2^24-1> of ASN.1Cert <1..2^24-1>: the first is the client's own. */
function firstCertificate(fragment: Buffer): Buffer | null {
  if (fragment.length < 7) return null;
  const length = fragment.readUIntBE(3, 3);
  return length > 0 && 6 + length <= fragment.length ? fragment.subarray(6, 6 + length) : null;
}

function matchesFingerprint(der: Buffer, fingerprints: DtlsOptions["fingerprints"]): boolean {
  return fingerprints.some(({ algorithm, value }) => {
    const name = algorithm.replace("-", "");
    if (!Object.values(hashNames).includes(name)) return false;
    return createHash(name).update(der).digest("hex").toUpperCase() === value.replaceAll(":", "");
  });
}

function signed(der: Buffer, message: Buffer, transcript: Buffer): boolean {
  if (message.length < 4) return false;
  const hash = hashNames[message[0] ?? 0];
  const signature = message.subarray(4, 4 + message.readUInt16BE(2));
  if (hash === undefined) return false;
  try {
    return verify(hash, transcript, new X509Certificate(der).publicKey, signature);
  } catch {
    return false; // a certificate or signature that cannot be read
  }
}

/** verify_data = PRF(master_secret, "client finished", SHA-256(messages))[0..11] (RFC 5246, sections 5 and 7.4.9). */
function clientVerifyData(masterSecret: Buffer, messages: Buffer): Buffer {
  const digest = createHash("sha256").update(messages).digest();
  const seed = Buffer.concat([Buffer.from("client finished"), digest]);
  const hmac = (data: Buffer): Buffer => createHmac("sha256", masterSecret).update(data).digest();
  return hmac(Buffer.concat([hmac(seed), seed])).subarray(0, 12);
}
