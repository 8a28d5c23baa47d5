import { type Clock, type Disposable, type Ids, type LegId, type Random, Signal } from "@svara/kernel";
import type { MediaHost } from "@svara/media";
import { type SipLog, type TrunkRegistration, UserAgent } from "@svara/sip";
import { SoftCall, type SoftCallOptions } from "./soft-call.ts";

export interface SoftPhoneOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly log: SipLog;
  readonly media: MediaHost;
  /** The local address for signalling. */
  readonly host: string;
  /** The local SIP port, UDP; 0: any. */
  readonly port?: number;
  /** The switch the phone belongs to. */
  readonly server: { readonly host: string; readonly port: number };
  /** The user part it calls as, and registers as where it has a password. */
  readonly user: string;
  readonly password?: string;
  /** Says 180 as soon as it is called; default true. */
  readonly rings?: boolean;
}

/**
 * A telephone in software: our SIP stack and a media host at the party's end of the line. The customers and agents of the
 * demonstration, of the load generator and of the tests are made of it.
 */
export class SoftPhone {
  readonly user: string;
  /** A call for this phone; nobody subscribed: 480. */
  readonly incoming = new Signal<SoftCall>();
  readonly #options: SoftPhoneOptions;
  readonly #agent: UserAgent;
  #port = 0;
  #registration: TrunkRegistration | undefined;
  #inviting: Disposable | undefined;

  private constructor(options: SoftPhoneOptions) {
    this.user = options.user;
    this.#options = options;
    const { clock, random, log } = options;
    this.#agent = new UserAgent({
      clock,
      random,
      log,
      realm: "phone",
      userAgentName: "Svara soft phone",
      advertisedAddress: options.host,
      authority: {
        findAccount: async () => undefined,
        identifyBySource: async () => ({ kind: "trunk", id: "switch" }),
      },
    });
    this.#inviting = this.#agent.onInvite.on((call) => {
      if (this.incoming.size === 0) return call.reject(480);
      this.incoming.emit(SoftCall.incoming(this.#deps(), call, options.rings ?? true));
    });
  }

  static async start(options: SoftPhoneOptions): Promise<SoftPhone> {
    const phone = new SoftPhone(options);
    phone.#port = (await phone.#agent.listenUdp({ host: options.host, port: options.port ?? 0 })).port;
    return phone;
  }

  /** Registers and stays registered; resolves at the first 200, rejects at the first refusal. */
  register(): Promise<void> {
    const { server, user, password } = this.#options;
    const registration = this.#agent.registerTrunk({
      registrar: `sip:${server.host}:${server.port}`,
      user,
      credentials: { username: user, password: password ?? "" },
    });
    this.#registration = registration;
    return new Promise((resolve, reject) => {
      registration.changed.on(({ state, status, reason }) => {
        if (state === "registered") resolve();
        if (state === "failed") reject(new Error(`registration of ${user} failed: ${status} ${reason}`));
      });
    });
  }

  async unregister(): Promise<void> {
    await this.#registration?.stop();
    this.#registration = undefined;
  }

  /** The address that it is reached at. */
  get port(): number {
    return this.#port;
  }

  /** Calls a number at the server. */
  async call(number: string, options: SoftCallOptions = {}): Promise<SoftCall> {
    const { server, user, password } = this.#options;
    const deps = this.#deps();
    const { legId } = deps;
    const terms = { keys: options.keys ?? "auto" } as const;
    const { sdp } = await deps.media.request({ type: "leg.offer", legId, kind: "rtp", terms });
    const from = options.from === undefined ? user : (options.from ?? "anonymous");
    const { divertedFrom } = options;
    const replaces = options.replaces?.dialog;
    const call = this.#agent.invite(
      { kind: "uri", uri: `sip:${encodeURIComponent(number)}@${server.host}:${server.port}` },
      {
        offer: options.keys === "tones" ? withoutEvents(sdp) : sdp,
        from: options.displayName ? { user: from, displayName: options.displayName } : { user: from },
        anonymous: options.from === null,
        ...(divertedFrom
          ? {
              diversions: [{ uri: `sip:${divertedFrom.number}@${server.host}`, reason: divertedFrom.reason }],
            }
          : {}),
        ...(replaces ? { replaces } : {}),
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
        ...(password === undefined ? {} : { credentials: { username: user, password } }),
      },
    );
    return SoftCall.outgoing(deps, call);
  }

  async close(): Promise<void> {
    this.#inviting?.dispose();
    await this.#registration?.stop();
    await this.#agent.close();
  }

  #deps(): { legId: LegId; media: MediaHost } {
    return { legId: this.#options.ids.next() as LegId, media: this.#options.media };
  }
}

/** As an old telephone writes it, which knows nothing of RFC 4733. */
function withoutEvents(sdp: string): string {
  const type = /^a=rtpmap:(\d+) telephone-event/m.exec(sdp)?.[1];
  if (type === undefined) return sdp;
  return sdp
    .split("\r\n")
    .filter((line) => !new RegExp(`^a=(rtpmap|fmtp):${type} `).test(line))
    .map((line) => (line.startsWith("m=audio") ? line.replace(new RegExp(` ${type}(?= |$)`), "") : line))
    .join("\r\n");
}
