import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { SvaraError } from "@svara/kernel";
import { SettingsError } from "../settings/settings-error.ts";

export interface Certificate {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export type UpgradeHandler = (request: http.IncomingMessage, socket: Duplex, head: Buffer) => void;

/** A port that somebody else has, with the setting that moves us. */
class PortTakenError extends SvaraError {
  constructor(what: string, host: string, port: number, variable: string, cause?: unknown) {
    super(
      `${what} cannot listen on ${host}:${port}: another program has this port. Set ${variable} to another one.`,
      {
        code: "port_taken",
        field: variable,
        cause,
      },
    );
    this.name = "PortTakenError";
  }
}

const SERVER_OPTIONS: http.ServerOptions = {
  headersTimeout: 20_000,
  requestTimeout: 60_000, // an upload of the largest size needs a megabit and a half a second
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
  // `curl --http2` offers h2c to every server: what we do not speak is let pass (RFC 9110, section 7.8)
  shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === "websocket",
};

/** The sockets on which HTTP is served. The address can be changed while connections go on. */
export class Listeners {
  readonly #certificate: Certificate | undefined;
  #handler: http.RequestListener | undefined;
  #onUpgrade: UpgradeHandler | undefined;
  #servers: http.Server[] = [];
  #port = 0;

  constructor(options: { readonly certificate?: Certificate }) {
    this.#certificate = options.certificate;
  }

  get secure(): boolean {
    return this.#certificate !== undefined;
  }

  /** The port that is really listened on. */
  get port(): number {
    return this.#port;
  }

  /** Called by Fastify, which wants to be handed a server; it never listens itself. */
  create(handler: http.RequestListener): http.Server {
    this.#handler = handler;
    return http.createServer();
  }

  handleUpgrade(handler: UpgradeHandler): void {
    this.#onUpgrade = handler;
  }

  /** Listens. @throws PortTakenError */
  async listen(host: string, port: number): Promise<void> {
    const server = this.#certificate
      ? https.createServer({ ...SERVER_OPTIONS, cert: this.#certificate.cert, key: this.#certificate.key })
      : http.createServer(SERVER_OPTIONS);
    server.on("request", (request, response) => this.#handler?.(request, response));
    server.on("upgrade", (request, socket, head) => {
      if (this.#onUpgrade) this.#onUpgrade(request, socket, head);
      else socket.destroy();
    });
    server.on("clientError", answerMalformed);
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error: NodeJS.ErrnoException) =>
        reject(
          error.code === "EADDRINUSE" || error.code === "EACCES"
            ? new PortTakenError("HTTP", host, port, "SVARA_HTTP_PORT", error)
            : error.code === "EADDRNOTAVAIL"
              ? new SettingsError("SVARA_HTTP_HOST", host, "this machine has no such address")
              : error,
        ),
      );
      server.listen(port, host, resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#servers.push(server);
  }

  /** Listens at another address on the same port; connections that are open go on. */
  async move(host: string): Promise<void> {
    const old = this.#servers;
    this.#servers = [];
    for (const server of old) server.close();
    await this.listen(host, this.#port);
    this.#servers.push(...old);
  }

  /** Stops listening, lets answers under way finish for `graceMs`, then cuts what is left. */
  async close(graceMs = 1_000): Promise<void> {
    const servers = this.#servers;
    this.#servers = [];
    await Promise.all(servers.map((server) => closeServer(server, graceMs)));
  }
}

function closeServer(server: http.Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** Bytes that are not HTTP get a plain 400 and the connection's end. */
function answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const tooLarge = error.code === "HPE_HEADER_OVERFLOW";
  const status = tooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request";
  const body = JSON.stringify({
    type: "about:blank",
    title: tooLarge ? "Headers too large" : "The request is not valid",
    status: tooLarge ? 431 : 400,
    code: tooLarge ? "headers_too_large" : "bad_request",
    detail: "The bytes that came are not HTTP/1.1",
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
