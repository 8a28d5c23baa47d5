import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Clock, type Disposable, Disposables, every, type Signal } from "@svara/kernel";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { deskAgentOf } from "../desk/desk-routes.ts";
import { HttpError, notFound, notSignedIn } from "../http/http-error.ts";
import { problemOf } from "../http/problem-of.ts";
import type { Identity } from "../identity/identity.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import type { Caller } from "../rights/access.ts";
import { EventConnection } from "./event-connection.ts";

/** A SIP message with SDP has a few kilobytes; a subscription far less. */
const MAX_MESSAGE_BYTES = 64 * 1024;
const PING_EVERY_MS = 30_000;
/** Close codes of our own (RFC 6455, section 7.4.2). */
const SIGNED_OUT = 4401;
const RIGHTS_CHANGED = 4002;
const GOING_AWAY = 1001;

export interface SocketParts {
  readonly identity: Identity;
  readonly live: LiveService;
  readonly office: Office;
  readonly sessionEnded: Signal<string>;
  readonly clock: Clock;
  readonly epoch: number;
  readonly log: Logger;
}

/** The WebSockets: `/api/events`, and `/sip` for browser softphones. Both know who opens them before they open. */
export class Sockets implements Disposable {
  readonly #parts: SocketParts;
  readonly #events = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  readonly #sip = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: () => "sip", // RFC 7118, section 4.1
  });
  readonly #connections = new Set<EventConnection>();
  readonly #phones = new Map<WebSocket, Caller>();
  readonly #open = new Disposables();
  #closed = false;

  constructor(parts: SocketParts) {
    this.#parts = parts;
    this.#open.add(
      parts.sessionEnded.on((id) => this.#endWhere((caller) => caller.sessionId === id, SIGNED_OUT)),
    );
    this.#open.add(
      parts.office.changed.on(({ kind, id }) => {
        if (kind === "user") this.#endWhere((caller) => caller.userId === id, RIGHTS_CHANGED, "events");
        else if (kind === "role") this.#endWhere(() => true, RIGHTS_CHANGED, "events");
      }),
    );
    this.#open.add(
      every(parts.clock, PING_EVERY_MS, () => {
        for (const connection of this.#connections) connection.ping();
      }),
    );
  }

  /** Readers of events that are connected. */
  get readers(): number {
    return this.#connections.size;
  }

  /** An upgrade that came in: answered with a socket or with a problem. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    void this.#upgrade(request, socket, head).catch((error: unknown) => {
      const problem = problemOf(error);
      if (problem.status >= 500) this.#parts.log.error({ err: error }, "an upgrade failed");
      refuse(socket, problem);
    });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const path = (request.url ?? "").split("?")[0];
    if (this.#closed) throw new HttpError("The server is going down", { status: 503, code: "draining" });
    if (path !== "/api/events" && path !== "/sip") throw notFound("socket");
    const address = request.socket.remoteAddress ?? "";
    const { acceptPhone } = this.#parts.live.sip;
    if (path === "/sip" && acceptPhone && request.headers.cookie === undefined)
      return this.#acceptStranger(request, socket, head);
    const caller = await this.#parts.identity.identifySocket({
      headers: request.headers,
      method: "GET",
      address,
    });
    if (!caller) throw notSignedIn();
    if (path === "/sip") this.#acceptPhone(request, socket, head, caller);
    else this.#events.handleUpgrade(request, socket, head, (opened) => this.#acceptReader(opened, caller));
  }

  #acceptReader(socket: WebSocket, caller: Caller): void {
    const connection = new EventConnection(this.#parts, socket, caller);
    this.#connections.add(connection);
    socket.on("close", () => this.#connections.delete(connection));
  }

  #acceptPhone(request: IncomingMessage, socket: Duplex, head: Buffer, caller: Caller): void {
    const { agentId, displayName } = deskAgentOf(caller);
    const source = { host: request.socket.remoteAddress ?? "", port: request.socket.remotePort ?? 0 };
    const secure = "encrypted" in request.socket;
    this.#sip.handleUpgrade(request, socket, head, (opened) => {
      this.#phones.set(opened, caller);
      opened.on("close", () => this.#phones.delete(opened));
      opened.on("error", () => opened.terminate());
      this.#parts.live.sip.accept(opened, { agentId, displayName, source, secure });
    });
  }

  /** Only where phones may come by WebSocket: the SIP stack asks them for their password. */
  #acceptStranger(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const source = { host: request.socket.remoteAddress ?? "", port: request.socket.remotePort ?? 0 };
    const secure = "encrypted" in request.socket;
    this.#sip.handleUpgrade(request, socket, head, (opened) => {
      opened.on("error", () => opened.terminate());
      this.#parts.live.sip.acceptPhone?.(opened, { source, secure });
    });
  }

  #endWhere(matches: (caller: Caller) => boolean, code: number, which: "all" | "events" = "all"): void {
    const reason = code === SIGNED_OUT ? "signed out" : "rights changed";
    for (const connection of this.#connections)
      if (matches(connection.caller)) connection.close(code, reason);
    if (which === "all")
      for (const [phone, caller] of this.#phones) if (matches(caller)) phone.close(code, reason);
  }

  dispose(): void {
    this.#closed = true;
    this.#open.dispose();
    for (const connection of this.#connections) connection.close(GOING_AWAY, "going down");
    for (const phone of this.#phones.keys()) phone.close(GOING_AWAY, "going down");
    this.#events.close();
    this.#sip.close();
  }
}

function refuse(socket: Duplex, problem: { readonly status: number }): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? "Error"}\r\nConnection: close\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
