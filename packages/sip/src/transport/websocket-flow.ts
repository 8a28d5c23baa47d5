import { type Clock, type Disposable, every, Signal } from "@svara/kernel";
import type { RawData, WebSocket } from "ws";
import type { SipLimits } from "../limits.ts";
import type { Flow, FlowOwner, FlowReceiver } from "./flow.ts";

/** What is known of a WebSocket that others upgraded. */
export interface WebSocketPeer {
  /** Who it belongs to, proven at the upgrade; absent: whoever comes signs in by digest. */
  readonly owner?: FlowOwner;
  readonly source: { readonly host: string; readonly port: number };
  /** Whether TLS lies beneath. */
  readonly secure?: boolean;
  /** What Via and Contact say of our end, such as the web server's public name; default our first UDP port. */
  readonly local?: { readonly host: string; readonly port: number };
}

/** SIP over one WebSocket (RFC 7118): each WebSocket message, text or binary, is one SIP message. */
export class WebSocketFlow implements Flow {
  readonly protocol: "ws" | "wss";
  readonly reliable = true;
  readonly owner: FlowOwner | undefined;
  readonly local: { readonly host: string; readonly port: number };
  readonly remote: { readonly host: string; readonly port: number };
  readonly #socket: WebSocket;
  readonly #limits: SipLimits;
  readonly #receiver: FlowReceiver;
  readonly #closed = new Signal<void>();
  readonly #pings: Disposable;
  #open = true;
  #alive = true;

  constructor(
    socket: WebSocket,
    peer: WebSocketPeer,
    local: { host: string; port: number },
    options: { clock: Clock; limits: SipLimits; receiver: FlowReceiver },
  ) {
    this.#socket = socket;
    this.protocol = peer.secure ? "wss" : "ws";
    this.owner = peer.owner;
    this.local = local;
    this.remote = peer.source;
    this.#limits = options.limits;
    this.#receiver = options.receiver;
    this.#pings = every(options.clock, options.limits.webSocketPingMs, () => this.#ping());
    socket.on("message", (data) => this.#message(data));
    socket.on("pong", () => {
      this.#alive = true;
    });
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => this.#onClose());
  }

  get isOpen(): boolean {
    return this.#open;
  }

  send(bytes: Uint8Array, failed?: (error: Error) => void): void {
    if (!this.#open) {
      failed?.(new Error("socket closed"));
      return;
    }
    this.#socket.send(bytes, { binary: false }, (error) => {
      if (error) failed?.(error);
    });
  }

  onClosed(listener: () => void): Disposable {
    return this.#closed.on(listener);
  }

  close(): void {
    this.#socket.terminate();
    this.#onClose();
  }

  #message(data: RawData): void {
    this.#alive = true;
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Uint8Array<ArrayBuffer>);
    if (bytes.length > this.#limits.maxHeadBytes + this.#limits.maxBodyBytes) return this.close();
    this.#receiver.received(this, bytes);
  }

  /** A browser that sleeps or a dead network answers no ping; its binding must not wait for the registration's end. */
  #ping(): void {
    if (!this.#alive) return this.close();
    this.#alive = false;
    this.#socket.ping();
  }

  #onClose(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#pings.dispose();
    this.#closed.emit();
    this.#receiver.flowClosed(this);
  }
}
