import { createSocket, type Socket } from "node:dgram";
import type { Clock } from "@svara/kernel";
import { MediaError } from "./media-error.ts";
import { literalLookup } from "./webrtc-port.ts";

/** Enough for a second of stalled event loop on a busy leg. */
const receiveBufferBytes = 256 << 10;
/** Pairs tried before we say that there is none. */
const maxAttempts = 64;
/** A port that was closed rests so long: what is still under way to the party before must not be heard by the next. */
const restMs = 2000;

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
  readonly #clock: Clock;
  readonly #used = new Set<number>();
  /** When the ports that were given back may be used again, in that order. */
  readonly #resting = new Map<number, number>();
  #next: number;

  /** `startAt`: the pair to begin with, modulo the range. A host that follows a dead one must not begin where that one spoke. */
  constructor(
    clock: Clock,
    bindAddress: string,
    range: { readonly min: number; readonly max: number },
    startAt = 0,
  ) {
    this.#next = startAt;
    this.#clock = clock;
    this.#bindAddress = bindAddress;
    this.#first = range.min + (range.min & 1);
    this.#pairs = range.max === 0 ? 0 : Math.max(0, (range.max - this.#first + 1) >> 1);
  }

  /** Pairs that nobody uses, those that rest among them; 0 when the system chooses. */
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
    if (this.#pairs > 0) this.#resting.set(rtpPort, this.#clock.now() + restMs);
  }

  #endRests(): void {
    const now = this.#clock.now();
    for (const [port, until] of this.#resting) {
      if (until > now) return;
      this.#resting.delete(port);
    }
  }

  async #openInRange(): Promise<SocketPair> {
    this.#endRests();
    const known = this.#used.size + this.#resting.size;
    for (let tried = 0; tried < Math.min(this.#pairs, known + maxAttempts); tried++) {
      const port = this.#first + 2 * (this.#next++ % this.#pairs);
      if (this.#used.has(port) || this.#resting.has(port)) continue;
      this.#used.add(port);
      const pair = await this.#bindPair(port, port + 1);
      if (pair) return pair;
      this.#used.delete(port); // somebody else's
    }
    throw new MediaError(
      "media.no_ports",
      `no free RTP port from ${this.#first} on (${this.#used.size} in use, ${this.#resting.size} at rest)`,
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
