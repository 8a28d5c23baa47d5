import { createServer, type Server, type Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Clock } from "@svara/kernel";
import { SipError } from "../errors.ts";
import type { TlsListener } from "./flow.ts";
import { listenError } from "./listen-error.ts";

/** A certificate chain and its key, as PEM texts. */
export interface TlsCertificate {
  readonly cert: string;
  readonly key: string;
}

interface StreamListenerOptions {
  readonly clock: Clock;
  readonly handshakeTimeoutMs: number;
  /** Asked for each connection before anything is read from it; false closes it. */
  readonly admits: (socket: Socket) => boolean;
  /** A connection is up; over TLS its handshake is done. */
  readonly opened: (socket: Socket, listener: StreamListener) => void;
  readonly closed: (listener: StreamListener) => void;
}

/** A TCP port of ours, with or without TLS. */
export class StreamListener implements TlsListener {
  readonly protocol: "tcp" | "tls";
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #options: StreamListenerOptions;
  readonly #shaking = new Set<TLSSocket>();
  #context: SecureContext | undefined;
  #closing: Promise<void> | undefined;

  private constructor(
    server: Server,
    address: { host: string; port: number },
    context: SecureContext | undefined,
    options: StreamListenerOptions,
  ) {
    this.protocol = context ? "tls" : "tcp";
    this.#server = server;
    this.#context = context;
    this.#options = options;
    const bound = server.address();
    this.host = address.host;
    this.port = typeof bound === "object" && bound !== null ? bound.port : address.port;
    server.on("connection", (socket) => this.#connection(socket));
    server.on("error", () => {}); // accept errors (no descriptors left) pass
  }

  /** Binds; throws SipError `sip.port_taken` or `sip.listen_failed`, the latter also for a certificate that cannot be used. */
  static async open(
    address: { host: string; port: number },
    certificate: TlsCertificate | undefined,
    options: StreamListenerOptions,
  ): Promise<StreamListener> {
    const context = certificate && secureContext(certificate);
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      const protocol = context ? "tls" : "tcp";
      server.once("error", (error) => reject(listenError(protocol, address, error)));
      server.listen({ host: address.host, port: address.port, exclusive: true }, resolve);
    });
    server.removeAllListeners("error");
    return new StreamListener(server, address, context, options);
  }

  /** Connections that are open keep the certificate they were made with. */
  updateCertificate(certificate: TlsCertificate): void {
    if (this.protocol !== "tls") throw new SipError("sip.wrong_state", "not a TLS listener");
    this.#context = secureContext(certificate);
  }

  /** Takes no further connection; resolves when all that it took are closed. Harmless when closed. */
  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#shaking) socket.destroy();
      this.#options.closed(this);
    });
    return this.#closing;
  }

  #connection(socket: Socket): void {
    socket.on("error", () => {}); // "close" follows
    if (!this.#options.admits(socket)) {
      socket.destroy();
      return;
    }
    if (this.#context) this.#shakeHands(socket, this.#context);
    else this.#options.opened(socket, this);
  }

  #shakeHands(socket: Socket, secureContext: SecureContext): void {
    const secure = new TLSSocket(socket, { isServer: true, secureContext });
    this.#shaking.add(secure);
    const patience = this.#options.clock.after(this.#options.handshakeTimeoutMs, () => secure.destroy());
    const over = (): void => {
      patience.dispose();
      this.#shaking.delete(secure);
    };
    secure.on("error", () => secure.destroy());
    secure.once("close", over);
    socket.once("close", () => secure.destroy());
    secure.once("secure", () => {
      over();
      if (!secure.destroyed) this.#options.opened(secure, this);
    });
  }
}

/** Throws SipError `sip.listen_failed` for texts that are no certificate and key, or do not fit. */
function secureContext(certificate: TlsCertificate): SecureContext {
  try {
    return createSecureContext({ ...certificate, minVersion: "TLSv1.2" });
  } catch (cause) {
    throw new SipError("sip.listen_failed", "the certificate and key cannot be used", { cause });
  }
}
