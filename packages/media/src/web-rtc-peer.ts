import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { DtlsClient } from "werift";
import { type DtlsIdentity, HandshakeWork, makeDtlsIdentity } from "./dtls.ts";
import { rtpHeaderLength, writeRtpHeader } from "./rtp-packet.ts";
import { SrtpContext } from "./srtp.ts";
import { bindingRequestPacket } from "./stun.ts";

/** A browser without a browser: ICE controlling, DTLS client and SRTP on one socket, for tests and load. */
export class WebRtcPeer {
  readonly socket: Socket;
  /** Decrypted RTP packets. */
  readonly heard: Buffer[] = [];
  onPacket: ((packet: Buffer) => void) | null = null;
  readonly #identity: DtlsIdentity;
  readonly #ufrag = randomBytes(3).toString("hex");
  readonly #pwd = randomBytes(12).toString("hex");
  readonly #client: DtlsClient;
  readonly #work: HandshakeWork;
  readonly #transport: { onData: (data: Buffer, from: Readonly<[string, number]>) => void };
  #remote = { address: "127.0.0.1", port: 0, ufrag: "", pwd: "" };
  #sender: SrtpContext | null = null;
  #receiver: SrtpContext | null = null;
  #sequence = 1000;
  #timestamp = 0;
  #onStun: () => void = () => {};

  private constructor(socket: Socket, identity: DtlsIdentity) {
    this.socket = socket;
    this.#identity = identity;
    const transport = {
      type: "udp",
      address: { address: "127.0.0.1", family: "IPv4", port: 0 },
      closed: false,
      onData: (_data: Buffer, _from: Readonly<[string, number]>): void => {},
      send: async (data: Buffer): Promise<void> => this.sendRaw(data),
      close: async (): Promise<void> => {},
    };
    this.#transport = transport;
    this.#client = new DtlsClient({
      cert: identity.certPem,
      key: identity.keyPem,
      signatureHash: identity.signatureHash,
      transport,
      srtpProfiles: [7, 1],
      extendedMasterSecret: true,
    });
    this.#work = new HandshakeWork(this.#client);
    socket.on("message", (datagram) => this.#receive(datagram));
  }

  static async open(identity?: DtlsIdentity): Promise<WebRtcPeer> {
    const socket = createSocket({ type: "udp4", recvBufferSize: 1 << 20 });
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    return new WebRtcPeer(socket, identity ?? (await makeDtlsIdentity()));
  }

  /** Ours, as offer (`actpass`) or answer (`active`); `fingerprint` to lie about the certificate. */
  sdp(setup: "actpass" | "active", fingerprint = this.#identity.fingerprint): string {
    return [
      "v=0",
      "o=- 1 1 IN IP4 127.0.0.1",
      "s=-",
      "t=0 0",
      "a=group:BUNDLE 0",
      "m=audio 9 UDP/TLS/RTP/SAVPF 0 126",
      "c=IN IP4 0.0.0.0",
      `a=ice-ufrag:${this.#ufrag}`,
      `a=ice-pwd:${this.#pwd}`,
      `a=fingerprint:sha-256 ${fingerprint}`,
      `a=setup:${setup}`,
      "a=mid:0",
      "a=sendrecv",
      "a=rtcp-mux",
      "a=rtpmap:126 telephone-event/8000",
      "",
    ].join("\r\n");
  }

  /** A phone's offer: DTLS on a port of its own, without ICE (RFC 5763). */
  phoneSdp(setup: "actpass" | "active" | "passive", fingerprint = this.#identity.fingerprint): string {
    return [
      "v=0",
      "o=- 1 1 IN IP4 127.0.0.1",
      "s=-",
      "c=IN IP4 127.0.0.1",
      "t=0 0",
      `m=audio ${this.socket.address().port} UDP/TLS/RTP/SAVP 0`,
      `a=fingerprint:sha-256 ${fingerprint}`,
      `a=setup:${setup}`,
      "a=rtcp-mux",
      "",
    ].join("\r\n");
  }

  /** Does ICE, where the host has it, and DTLS with the host that wrote `sdp`. */
  async connect(sdp: string): Promise<void> {
    const field = (pattern: RegExp): string => pattern.exec(sdp)?.[1] ?? "";
    this.#remote = {
      address: field(/c=IN IP4 (\S+)/),
      port: Number(field(/m=audio (\d+)/)),
      ufrag: field(/a=ice-ufrag:(\S+)/),
      pwd: field(/a=ice-pwd:(\S+)/),
    };
    if (this.#remote.ufrag !== "") {
      await new Promise<void>((resolve) => {
        this.#onStun = resolve;
        this.check();
      });
    }
    await new Promise<void>((resolve, reject) => {
      this.#client.onConnect.subscribe(() => resolve());
      this.#client.onError.subscribe(reject);
      this.#work.track(this.#client.connect()).catch(reject);
    });
    const profile = this.#client.srtp.srtpProfile === 7 ? "AEAD_AES_128_GCM" : "AES_CM_128_HMAC_SHA1_80";
    const keys = this.#client.extractSessionKeys(16, profile === "AEAD_AES_128_GCM" ? 12 : 14);
    this.#sender = SrtpContext.fromMaster({ key: keys.localKey, salt: keys.localSalt }, profile);
    this.#receiver = SrtpContext.fromMaster({ key: keys.remoteKey, salt: keys.remoteSalt }, profile);
  }

  /** An ICE connectivity check that nominates; browsers send one each few seconds. */
  check(): void {
    const username = `${this.#remote.ufrag}:${this.#ufrag}`;
    const password = this.#remote.pwd;
    this.sendRaw(
      bindingRequestPacket({ transactionId: randomBytes(12), username, password, useCandidate: true }),
    );
  }

  /** Sends 20 ms of mu-law. */
  send(payload: Uint8Array): void {
    const packet = Buffer.alloc(rtpHeaderLength + payload.length);
    packet.set(payload, rtpHeaderLength);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + payload.length) >>> 0;
    writeRtpHeader(packet, 0, false, 0, this.#sequence, this.#timestamp, 4711);
    const sealed = this.#sender?.protect(packet);
    if (sealed) this.sendRaw(sealed);
  }

  sendRaw(datagram: Uint8Array): void {
    this.socket.send(datagram, this.#remote.port, this.#remote.address);
  }

  /** Vanishes, as a browser that crashes. */
  async close(): Promise<void> {
    this.#work.stop();
    await this.#work.settled();
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  #receive(datagram: Buffer): void {
    const first = datagram[0] ?? 0;
    if (first < 4) this.#onStun();
    else if (first < 64) this.#transport.onData(datagram, [this.#remote.address, this.#remote.port]);
    else if ((datagram[1] ?? 0) < 192 || (datagram[1] ?? 0) > 223) {
      const packet = this.#receiver?.unprotect(datagram);
      if (!packet) return;
      if (this.onPacket) this.onPacket(packet);
      else this.heard.push(packet);
    }
  }
}
