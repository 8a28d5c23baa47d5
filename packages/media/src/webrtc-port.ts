import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import type { Random } from "@svara/kernel";
import { bindingResponse, hasIntegrity, parseBindingRequest } from "./stun.ts";

/** Ours must be unguessable and, on a shared port, unique: 16 characters carry 96 bits (RFC 8445, section 5.3 asks 24). */
const ufragLength = 16;
const pwdLength = 32;
/** Addresses one leg may have authenticated at once; a browser that roams leaves old ones behind. */
const maxAddressesPerLeg = 8;

const iceAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Local ICE credentials of one leg, and after a restart of its next generation. */
export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

export function newIceCredentials(random: Random): IceCredentials {
  const bytes = random.bytes(ufragLength + pwdLength);
  const text = Array.from(bytes, (byte) => iceAlphabet[byte & 63]).join("");
  return { ufrag: text.slice(0, ufragLength), pwd: text.slice(ufragLength) };
}

/** The peer's address that ICE chose. */
export interface PeerAddress {
  readonly address: string;
  readonly port: number;
}

/** What a leg hears from the shared port. All of it comes from an address that proved to know the leg's password. */
export interface WebRtcReceiver {
  onStun(from: PeerAddress, nominated: boolean, localUfrag: string): void;
  onDtls(datagram: Buffer): void;
  onSrtp(datagram: Buffer, from: RemoteInfo): void;
}

interface Registration {
  readonly credentials: IceCredentials;
  readonly receiver: WebRtcReceiver;
  readonly addresses: Set<string>;
}

/**
 * The one UDP port of all WebRTC legs: an ICE-lite agent (RFC 8445, section 2.5). A STUN request is looked up by its
 * ufrag and its MESSAGE-INTEGRITY is checked before anything else happens; only then its source address belongs to the
 * leg, and DTLS and SRTP (told apart by RFC 7983) from that address reach it. Everything else is counted and dropped
 * without an answer.
 */
export class WebRtcPort {
  refused = 0;
  readonly #socket: Socket;
  readonly #byUfrag = new Map<string, Registration>();
  readonly #byAddress = new Map<string, Registration>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (datagram, from) => this.#receive(datagram, from));
    socket.on("error", () => {
      // An unreachable peer (ICMP) shows here on some systems; the leg's own time-out deals with it.
    });
  }

  static open(bindAddress: string, port: number): Promise<WebRtcPort> {
    const type = bindAddress.includes(":") ? "udp6" : "udp4";
    const socket = createSocket({ type, recvBufferSize: 4 << 20, lookup: literalLookup });
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, bindAddress, () => {
        socket.off("error", reject);
        resolve(new WebRtcPort(socket));
      });
    });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Listens for a leg; the result ends it. */
  register(credentials: IceCredentials, receiver: WebRtcReceiver): { dispose(): void } {
    const registration: Registration = { credentials, receiver, addresses: new Set() };
    this.#byUfrag.set(credentials.ufrag, registration);
    return {
      dispose: () => {
        this.#byUfrag.delete(credentials.ufrag);
        for (const key of registration.addresses) {
          if (this.#byAddress.get(key) === registration) this.#byAddress.delete(key);
        }
      },
    };
  }

  send(datagram: Buffer, to: PeerAddress): void {
    this.#socket.send(datagram, to.port, to.address);
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const first = datagram[0] ?? 255;
    if (first < 4) {
      this.#stun(datagram, from);
      return;
    }
    const registration = this.#byAddress.get(addressKey(from));
    if (registration === undefined) this.refused++;
    else if (first >= 128 && first < 192) registration.receiver.onSrtp(datagram, from);
    else if (first >= 20 && first < 64) registration.receiver.onDtls(datagram);
    else this.refused++;
  }

  #stun(datagram: Buffer, from: RemoteInfo): void {
    const request = parseBindingRequest(datagram);
    const registration = request && this.#byUfrag.get(request.localUfrag);
    if (!registration || !hasIntegrity(datagram, request, registration.credentials.pwd)) {
      this.refused++;
      return;
    }
    this.#claim(addressKey(from), registration);
    this.send(bindingResponse(datagram, from.address, from.port, registration.credentials.pwd), from);
    registration.receiver.onStun(
      { address: from.address, port: from.port },
      request.useCandidate,
      request.localUfrag,
    );
  }

  #claim(key: string, registration: Registration): void {
    const owner = this.#byAddress.get(key);
    if (owner === registration) return;
    owner?.addresses.delete(key);
    if (registration.addresses.size >= maxAddressesPerLeg) {
      const [oldest = ""] = registration.addresses;
      registration.addresses.delete(oldest);
      this.#byAddress.delete(oldest);
    }
    registration.addresses.add(key);
    this.#byAddress.set(key, registration);
  }
}

function addressKey(from: RemoteInfo): string {
  return `${from.address}|${from.port}`;
}

/** Addresses in SDP and from sockets are literal: the resolver's detour costs a tenth of each packet. */
export function literalLookup(
  hostname: string,
  _options: unknown,
  callback: (error: NodeJS.ErrnoException | null, address: string, family: number) => void,
): void {
  callback(null, hostname, hostname.includes(":") ? 6 : 4);
}
