import type { Random } from "@svara/kernel";
import type { DtlsIdentity } from "./dtls.ts";
import type { LegTransport, TransportListener } from "./leg-transport.ts";
import type { DtlsService } from "./rtp-security.ts";
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
  #dtls: Promise<DtlsService & { readonly identity: DtlsIdentity }> | null = null;

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

  /** DTLS for phones that ask for it, under the same certificate. */
  dtls(): Promise<DtlsService> {
    return this.#openDtls();
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
    const [{ identity }, { WebRtcTransport }] = await Promise.all([
      this.#openDtls(),
      import("./webrtc-transport.ts"),
    ]);
    return (listener) => new WebRtcTransport(this.#random, this.port, identity, listener);
  }

  #openDtls(): Promise<DtlsService & { readonly identity: DtlsIdentity }> {
    this.#dtls ??= import("./dtls.ts").then(async ({ DtlsAssociation, makeDtlsIdentity }) => {
      const identity = await makeDtlsIdentity();
      return {
        identity,
        fingerprint: identity.fingerprint,
        open: (fingerprints, send) => new DtlsAssociation({ identity, fingerprints, send }),
      };
    });
    return this.#dtls;
  }
}
