import { createSocket, type Socket } from "node:dgram";
import { literalLookup } from "./literal-lookup.ts";
import { readSip, type SipText } from "./sip-text.ts";

const t1Ms = 500; // RFC 3261, section 17.1.1.1
const giveUpMs = 64 * t1Ms;
const sweepMs = 50;

interface Repeated {
  readonly datagram: Buffer;
  readonly port: number;
  readonly host: string;
  readonly since: number;
  readonly givenUp: () => void;
  next: number;
  gapMs: number;
}

/** One UDP socket for all dialogs of a side, with the retransmissions that RFC 3261 asks for. */
export class SipSocket {
  /** Messages that had to be sent again, ours and those we saw twice. */
  retransmissions = 0;
  readonly #socket: Socket;
  readonly #repeated = new Map<string, Repeated>();
  readonly #sweep: NodeJS.Timeout;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#sweep = setInterval(() => this.#repeat(), sweepMs);
  }

  static open(
    onMessage: (message: SipText, from: { address: string; port: number }) => void,
  ): Promise<SipSocket> {
    const socket = createSocket({ type: "udp4", lookup: literalLookup, recvBufferSize: 4 << 20 });
    socket.on("message", (datagram, from) => {
      const message = readSip(datagram);
      if (message) onMessage(message, from);
    });
    return new Promise((resolve) => socket.bind(0, "127.0.0.1", () => resolve(new SipSocket(socket))));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  send(datagram: Buffer, port: number, host: string): void {
    this.#socket.send(datagram, port, host);
  }

  /** Sends again and again until `settle(key)`; `givenUp` is called after 32 s. */
  sendUntilSettled(key: string, datagram: Buffer, port: number, host: string, givenUp: () => void): void {
    const since = performance.now();
    this.#repeated.set(key, { datagram, port, host, since, givenUp, next: since + t1Ms, gapMs: t1Ms });
    this.#socket.send(datagram, port, host);
  }

  settle(key: string): void {
    this.#repeated.delete(key);
  }

  close(): void {
    clearInterval(this.#sweep);
    this.#socket.close();
  }

  #repeat(): void {
    const now = performance.now();
    for (const [key, one] of this.#repeated) {
      if (one.next > now) continue;
      if (now - one.since > giveUpMs) {
        this.#repeated.delete(key);
        one.givenUp();
        continue;
      }
      one.gapMs *= 2;
      one.next = now + one.gapMs;
      this.retransmissions++;
      this.#socket.send(one.datagram, one.port, one.host);
    }
  }
}
