import type { Random } from "@svara/kernel";
import type { LegTransport, TransportListener } from "./leg-transport.ts";
import { WebRtcPort } from "./webrtc-port.ts";

/**
 * What all WebRTC legs of a host share: the port and the certificate. werift is loaded with the first of them (or at
 * `warmUp`): a host without browsers never pays for it.
 */
export class WebRtcServices {
  readonly port: WebRtcPort;
  readonly #random: Random;
  #rehearsed: Promise<unknown> = Promise.resolve();
  #maker: Promise<(listener: TransportListener) => LegTransport> | null = null;

  private constructor(port: WebRtcPort, random: Random) {
    this.port = port;
    this.#random = random;
  }

  static async open(bindAddress: string, port: number, random: Random): Promise<WebRtcServices> {
    return new WebRtcServices(await WebRtcPort.open(bindAddress, port), random);
  }

  transportMaker(): Promise<(listener: TransportListener) => LegTransport> {
    this.#maker ??= this.#load();
    return this.#maker;
  }

  /** One handshake with ourselves: compiles the code and makes the certificate, 150 to 300 ms that no call then waits for. */
  async warmUp(): Promise<void> {
    await this.transportMaker();
    const { rehearseDtls } = await import("./dtls-rehearsal.ts");
    this.#rehearsed = (await rehearseDtls()).settled;
  }

  async close(): Promise<void> {
    await Promise.all([this.#rehearsed, this.port.close()]);
  }

  async #load(): Promise<(listener: TransportListener) => LegTransport> {
    const [{ makeDtlsIdentity }, { WebRtcTransport }] = await Promise.all([
      import("./dtls.ts"),
      import("./webrtc-transport.ts"),
    ]);
    const identity = await makeDtlsIdentity();
    return (listener) => new WebRtcTransport(this.#random, this.port, identity, listener);
  }
}
