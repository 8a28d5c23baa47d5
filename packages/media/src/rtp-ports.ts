import { createSocket, type Socket } from "node:dgram";
import { MediaError } from "./media-error.ts";
import { literalLookup } from "./webrtc-port.ts";

/** Enough for a second of stalled event loop on a busy leg. */
const receiveBufferBytes = 256 << 10;
/** Pairs tried before we say that there is none. */
const maxAttempts = 64;

/** Two bound sockets: RTP on an even port, RTCP usually on the one above. */
export interface SocketPair {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** Hands out socket pairs from a range, going round so that a port just freed rests longest; {0, 0} lets the system choose. */
export class RtpPorts {
  readonly #bindAddress: string;
  readonly #first: number;
  readonly #pairs: number;
  readonly #used = new Set<number>();
  #next = 0;

  constructor(bindAddress: string, range: { readonly min: number; readonly max: number }) {
    this.#bindAddress = bindAddress;
    this.#first = range.min + (range.min & 1);
    this.#pairs = range.max === 0 ? 0 : Math.max(0, (range.max - this.#first + 1) >> 1);
  }

  /** Pairs left in the range; 0 when the system chooses. */
  get free(): number {
    return Math.max(0, this.#pairs - this.#used.size);
  }

  /** Errors: `media.no_ports`. */
  async open(): Promise<SocketPair> {
    return this.#pairs === 0 ? this.#openAny() : this.#openInRange();
  }

  /** Gives the pair back once its sockets are closed. */
  release(rtpPort: number): void {
    this.#used.delete(rtpPort);
  }

  async #openInRange(): Promise<SocketPair> {
    for (let tried = 0; tried < Math.min(this.#pairs, this.#used.size + maxAttempts); tried++) {
      const port = this.#first + 2 * (this.#next++ % this.#pairs);
      if (this.#used.has(port)) continue;
      this.#used.add(port);
      const pair = await this.#bindPair(port, port + 1);
      if (pair) return pair;
      this.#used.delete(port); // somebody else's
    }
    throw new MediaError(
      "media.no_ports",
      `no free RTP port from ${this.#first} on (${this.#used.size} in use)`,
    );
  }

  async #openAny(): Promise<SocketPair> {
    for (let tried = 0; tried < maxAttempts; tried++) {
      const probe = await this.#bind(0);
      const port = probe?.address().port ?? 1;
      await new Promise<void>((resolve) => (probe ? probe.close(resolve) : resolve()));
      // Bound again by number: Linux takes a port that it chose itself away when a connected socket is disconnected.
      const pair = port % 2 === 0 ? await this.#bindPair(port, port + 1) : null;
      if (pair) return pair;
    }
    throw new MediaError(
      "media.no_ports",
      `the system has no free pair of UDP ports on ${this.#bindAddress}`,
    );
  }

  async #bindPair(rtpPort: number, rtcpPort: number): Promise<SocketPair | null> {
    const rtp = await this.#bind(rtpPort);
    const rtcp = rtp && (await this.#bind(rtcpPort));
    if (rtp && rtcp) return { rtp, rtcp, rtpPort, rtcpPort };
    rtp?.close();
    return null;
  }

  #bind(port: number): Promise<Socket | null> {
    const type = this.#bindAddress.includes(":") ? "udp6" : "udp4";
    const socket = createSocket({ type, lookup: literalLookup, recvBufferSize: receiveBufferBytes });
    return new Promise((resolve) => {
      socket.once("error", () => {
        socket.close();
        resolve(null);
      });
      socket.bind({ port, address: this.#bindAddress, exclusive: true }, () => {
        socket.removeAllListeners("error");
        resolve(socket);
      });
    });
  }
}
