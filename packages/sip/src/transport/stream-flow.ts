import type { Socket } from "node:net";
import { type Clock, type Disposable, Signal } from "@svara/kernel";
import type { SipLimits } from "../limits.ts";
import type { Flow, FlowReceiver } from "./flow.ts";
import { StreamFramer } from "./stream-framer.ts";
import { plainAddress } from "./udp-port.ts";

const PING = Buffer.from("\r\n\r\n");
const PONG = Buffer.from("\r\n");

/** Octets that may wait for a peer that does not read; beyond, the connection is cut. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/** What a connection starts from. */
export interface StreamSetup {
  readonly protocol: "tcp" | "tls";
  readonly socket: Socket;
  readonly local: { readonly host: string; readonly port: number };
  readonly remote: { readonly host: string; readonly port: number };
  /** True when the peer opened it: then it must say something soon. */
  readonly incoming: boolean;
  /** For a connection of ours: the event that tells it is up. */
  readonly readyEvent?: "connect" | "secureConnect";
  readonly clock: Clock;
  readonly limits: SipLimits;
  readonly receiver: FlowReceiver;
}

/**
 * One TCP or TLS connection, taken or made by us.
 *
 *   open -> closed: by either side, by broken framing, by a message that is not finished in time, by a peer that never
 *   says anything, or (after `expectTraffic`) by silence
 */
export class StreamFlow implements Flow {
  readonly protocol: "tcp" | "tls";
  readonly reliable = true;
  readonly owner = undefined;
  readonly local: { readonly host: string; readonly port: number };
  readonly remote: { readonly host: string; readonly port: number };
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #limits: SipLimits;
  readonly #receiver: FlowReceiver;
  readonly #framer: StreamFramer;
  readonly #closed = new Signal<void>();
  /** Ends a connection that is not up, or on which nothing was said, in time. */
  #startTimer: Disposable | undefined;
  #partialTimer: Disposable | undefined;
  #silence: { timer: Disposable; ms: number; heardAt: number } | undefined;
  #pongTimer: Disposable | undefined;
  #open = true;
  #error: Error | undefined;

  constructor(setup: StreamSetup) {
    const { socket, clock, limits } = setup;
    this.protocol = setup.protocol;
    this.#socket = socket;
    this.local = setup.local;
    this.remote = { host: plainAddress(setup.remote.host), port: setup.remote.port };
    this.#clock = clock;
    this.#limits = limits;
    this.#receiver = setup.receiver;
    this.#framer = new StreamFramer(limits);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on("data", (chunk: Buffer) => this.#data(chunk));
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => this.#onClose());
    const patienceMs = setup.incoming ? limits.firstMessageTimeoutMs : limits.connectTimeoutMs;
    this.#startTimer = clock.after(patienceMs, () => this.close());
    if (setup.readyEvent) socket.once(setup.readyEvent, () => this.#started());
  }

  get isOpen(): boolean {
    return this.#open;
  }

  send(bytes: Uint8Array, failed?: (error: Error) => void): void {
    if (!this.#open) {
      failed?.(this.#error ?? new Error("connection closed"));
      return;
    }
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) this.close();
    this.#socket.write(bytes, (error) => {
      if (error) failed?.(error);
    });
  }

  onClosed(listener: () => void): Disposable {
    return this.#closed.on(listener);
  }

  /** Closes when nothing at all came for `ms`: the peer promised to keep the flow alive (RFC 5626 section 4.4). */
  expectTraffic(ms: number): void {
    this.#silence?.timer.dispose();
    this.#silence = { ms, heardAt: this.#clock.now(), timer: this.#clock.after(ms, () => this.#silent()) };
  }

  /** Sends a double CRLF; a peer that answers nothing within `withinMs` is gone (RFC 5626 section 4.4.1). */
  ping(withinMs: number): void {
    if (!this.#open || this.#pongTimer) return;
    this.send(PING);
    this.#pongTimer = this.#clock.after(withinMs, () => this.close());
  }

  /** What was sent before is with the system already, unless the peer does not read. */
  close(): void {
    this.#socket.destroy();
    this.#onClose();
  }

  #data(chunk: Uint8Array): void {
    if (this.#silence) this.#silence.heardAt = this.#clock.now();
    this.#pongTimer?.dispose();
    this.#pongTimer = undefined;
    this.#framer.push(chunk);
    for (let framed = this.#framer.next(); framed !== undefined; framed = this.#framer.next()) {
      if (framed.kind === "message") {
        this.#started();
        this.#receiver.received(this, framed.bytes);
      } else if (framed.kind === "ping") this.send(PONG);
      else {
        this.#receiver.framingBroken(this, framed.head, framed.status);
        this.#socket.end();
        this.#watchPartial(true);
        return;
      }
      if (!this.#open) return;
      this.#watchPartial(false);
    }
    this.#watchPartial(this.#framer.isPartial);
  }

  #started(): void {
    this.#startTimer?.dispose();
    this.#startTimer = undefined;
  }

  /** The limit runs from a message's first octet, so that one octet now and then does not hold a connection. */
  #watchPartial(partial: boolean): void {
    if (!partial) {
      this.#partialTimer?.dispose();
      this.#partialTimer = undefined;
    } else if (this.#open) {
      this.#partialTimer ??= this.#clock.after(this.#limits.partialMessageTimeoutMs, () => this.close());
    }
  }

  #silent(): void {
    const silence = this.#silence;
    if (!silence) return;
    const leftMs = silence.heardAt + silence.ms - this.#clock.now();
    if (leftMs <= 0) this.close();
    else silence.timer = this.#clock.after(leftMs, () => this.#silent());
  }

  #onClose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#started();
    this.#watchPartial(false);
    this.#silence?.timer.dispose();
    this.#silence = undefined;
    this.#pongTimer?.dispose();
    this.#closed.emit();
    this.#receiver.flowClosed(this);
  }
}
