import type { Socket } from "node:net";
import type { Clock, Disposable } from "@svara/kernel";
import { Signal } from "@svara/kernel";
import type { SipLimits } from "../limits.ts";
import type { Flow, FlowReceiver } from "./flow.ts";
import { StreamFramer } from "./stream-framer.ts";
import { plainAddress } from "./udp-port.ts";

const PONG = Buffer.from("\r\n");

/** Octets that may wait for a peer that does not read; beyond, the connection is cut. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/** One TCP connection, taken or made by us. */
export class TcpFlow implements Flow {
  readonly protocol = "tcp";
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
  #partialTimer: Disposable | undefined;
  #open = true;
  #error: Error | undefined;

  constructor(
    socket: Socket,
    local: { host: string; port: number },
    remote: { host: string; port: number },
    options: { clock: Clock; limits: SipLimits; receiver: FlowReceiver },
  ) {
    this.#socket = socket;
    this.local = local;
    this.remote = { host: plainAddress(remote.host), port: remote.port };
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#receiver = options.receiver;
    this.#framer = new StreamFramer(options.limits);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    socket.on("data", (chunk: Buffer) => this.#data(chunk));
    socket.on("error", (error) => {
      this.#error = error;
    });
    socket.on("close", () => this.#onClose());
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

  /** What was sent before is with the system already, unless the peer does not read. */
  close(): void {
    this.#socket.destroy();
    this.#onClose();
  }

  #data(chunk: Uint8Array): void {
    this.#framer.push(chunk);
    for (let framed = this.#framer.next(); framed !== undefined; framed = this.#framer.next()) {
      if (framed.kind === "message") this.#receiver.received(this, framed.bytes);
      else if (framed.kind === "ping") this.send(PONG);
      else {
        this.#receiver.framingBroken(this, framed.head, framed.status);
        this.#socket.end();
        this.#watchPartial(true);
        return;
      }
      this.#watchPartial(false);
    }
    this.#watchPartial(this.#framer.isPartial);
  }

  #watchPartial(partial: boolean): void {
    if (!partial) {
      this.#partialTimer?.dispose();
      this.#partialTimer = undefined;
    } else if (this.#open) {
      this.#partialTimer ??= this.#clock.after(this.#limits.partialMessageTimeoutMs, () => this.close());
    }
  }

  #onClose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watchPartial(false);
    this.#closed.emit();
    this.#receiver.flowClosed(this);
  }
}
