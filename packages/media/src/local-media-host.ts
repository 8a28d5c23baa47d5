import {
  type BridgeId,
  type Clock,
  type Disposable,
  Disposables,
  every,
  type LegId,
  type Random,
  Signal,
  unreachable,
} from "@svara/kernel";
import { Bridge } from "./bridge.ts";
import { HostPlaybacks } from "./host-playbacks.ts";
import { HostRecordings } from "./host-recordings.ts";
import { LatenessMeter } from "./lateness-meter.ts";
import { Leg } from "./leg.ts";
import type { LegTransport, TransportListener } from "./leg-transport.ts";
import { MediaError } from "./media-error.ts";
import type {
  Codec,
  HostStats,
  LegKind,
  LegStats,
  LegTerms,
  MediaCommand,
  MediaCommandType,
  MediaEvent,
  MediaHost,
  MediaHostOptions,
  MediaResult,
  MediaResults,
} from "./media-host.ts";
import { PromptCache } from "./prompt-cache.ts";
import type { RecorderOptions } from "./recorder.ts";
import { newRtpView } from "./rtp-packet.ts";
import { RtpPorts } from "./rtp-ports.ts";
import type { DtlsService } from "./rtp-security.ts";
import { RtpTransport } from "./rtp-transport.ts";
import { Ticker } from "./ticker.ts";
import { WebRtcServices } from "./webrtc-services.ts";

/** Phones that suppress silence send nothing while their user listens, and some send no RTCP either. */
const defaultMediaTimeoutMs = 60_000;
const defaultStatsIntervalMs = 5_000;
const upkeepPeriodMs = 1_000;
const defaultQualityIntervalMs = 10_000;
const defaultDtmfMs = 160;
/** More than any range has pairs. */
const RTP_STARTS = 2 ** 15;

export interface LocalMediaHostDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Make the certificate and one handshake with ourselves now, so that the first call does not wait for it. */
  readonly warmUp?: boolean;
  /** How a recording's files are made, when not as WAV on the local disk. */
  readonly createTrack?: RecorderOptions["createTrack"];
}

/** A media host in the calling thread. */
export class LocalMediaHost implements MediaHost {
  readonly events = new Signal<MediaEvent>();
  /** Filled by whoever carries commands here from another thread. */
  readonly commandLateness = new LatenessMeter();
  readonly #options: MediaHostOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ticker: Ticker;
  readonly #ports: RtpPorts;
  readonly #webRtc: WebRtcServices;
  #dtls: DtlsService | null = null;
  readonly #view = newRtpView();
  readonly #legs = new Map<LegId, Leg>();
  readonly #opening = new Map<LegId, Promise<Leg>>();
  /** What closed legs still have to free. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #bridges = new Map<BridgeId, Bridge>();
  readonly #playbacks: HostPlaybacks;
  readonly #recordings: HostRecordings;
  readonly #timers = new Disposables();
  #heartbeat: Disposable | null = null;
  #past = { packetsReceived: 0, packetsSent: 0, packetsDropped: 0 };
  #closing: Promise<void> | null = null;

  private constructor(options: MediaHostOptions, deps: LocalMediaHostDeps, webRtc: WebRtcServices) {
    this.#options = options;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#ticker = new Ticker(deps.clock);
    // The host before this one may have died, and parties may still speak to its ports.
    const startAt = options.rtpPorts.max === 0 ? 0 : Math.floor(deps.random.next() * RTP_STARTS);
    this.#ports = new RtpPorts(deps.clock, options.bindAddress, options.rtpPorts, startAt);
    this.#webRtc = webRtc;
    const emit = (event: MediaEvent): void => this.#emit(event);
    this.#playbacks = new HostPlaybacks(deps.clock, new PromptCache({ clock: deps.clock }), emit);
    this.#recordings = new HostRecordings(
      deps.clock,
      (leg) => this.#legs.get(leg.legId) === leg,
      emit,
      deps.createTrack,
    );
    this.#timers.add(every(deps.clock, upkeepPeriodMs, () => this.#upkeep()));
    const qualityMs = options.qualityIntervalMs ?? defaultQualityIntervalMs;
    const lookMs = Math.min(upkeepPeriodMs, qualityMs); // each leg has its own turn within the interval
    this.#timers.add(every(deps.clock, lookMs, () => this.#checkQuality(qualityMs)));
    this.#timers.add(
      every(deps.clock, options.statsIntervalMs ?? defaultStatsIntervalMs, () => this.#emitStats()),
    );
  }

  /** Binds the WebRTC port. Errors: the system's when that port is taken, `media.bad_command` without an address to advertise. */
  static async start(options: MediaHostOptions, deps: LocalMediaHostDeps): Promise<LocalMediaHost> {
    const address = options.advertisedAddress ?? options.bindAddress;
    if (address === "0.0.0.0" || address === "::") {
      throw new MediaError("media.bad_command", `${address} cannot be advertised: set advertisedAddress`);
    }
    const webRtc = await WebRtcServices.open(options.bindAddress, options.webrtcPort, deps.random);
    if (deps.warmUp) await webRtc.warmUp();
    return new LocalMediaHost(options, deps, webRtc);
  }

  /** The shared UDP port of WebRTC legs. */
  get webrtcPort(): number {
    return this.#webRtc.port.port;
  }

  async request<C extends MediaCommand>(command: C): Promise<MediaResult<C["type"]>> {
    if (this.#closing) throw new MediaError("media.host_closed", "the media host is closed");
    return (await this.#perform(command)) as MediaResult<C["type"]>;
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #perform(c: MediaCommand): Promise<MediaResults[MediaCommandType]> | MediaResults[MediaCommandType] {
    switch (c.type) {
      case "leg.offer":
        return this.#offerLeg(c.legId, c.kind, { srtp: "off", ...c.terms }, c.codecs);
      case "leg.answer":
        return this.#answerLeg(c.legId, c.kind, { srtp: "optional", ...c.terms }, c.remoteSdp);
      case "leg.accept":
        return this.#acceptLeg(c.legId, c.remoteSdp);
      case "leg.reanswer":
        return this.#reanswerLeg(c.legId, c.remoteSdp);
      case "leg.reoffer":
        return this.#leg(c.legId).then((leg) => ({ sdp: leg.offer(c.direction, c.passThrough) }));
      case "leg.mute":
        return this.#leg(c.legId).then((leg) => done(leg.mute(c.in, c.out)));
      case "leg.close":
        return this.#closeLeg(c.legId);
      case "bridge.create":
        return this.#createBridge(c.bridgeId);
      case "bridge.join":
        return this.#leg(c.legId).then((leg) =>
          done(this.#bridge(c.bridgeId).join(leg, c.role ?? { type: "party" })),
        );
      case "bridge.leave":
        return this.#leaveBridge(c.bridgeId, c.legId);
      case "bridge.destroy":
        return this.#destroyBridge(c.bridgeId);
      case "play.start":
        return this.#leg(c.legId).then((leg) =>
          this.#playbacks.start(c.playbackId, leg, c.items, c.loop ?? false),
        );
      case "play.stop":
        return done(this.#playbacks.stop(c.playbackId));
      case "record.start":
        return this.#recordings.start(c.recordingId, () => this.#leg(c.legId), c.pathPrefix, c.beepEveryMs);
      case "record.pause":
        return this.#recordings.get(c.recordingId).then((recorder) => done(recorder.pause()));
      case "record.resume":
        return this.#recordings.get(c.recordingId).then((recorder) => done(recorder.resume()));
      case "record.stop":
        return this.#recordings.stop(c.recordingId).then((summary) => ({ summary }));
      case "dtmf.send":
        return this.#leg(c.legId).then((leg) =>
          leg.sendDtmf(c.digits, c.durationMs ?? defaultDtmfMs).then(done),
        );
      case "leg.echo":
        return this.#leg(c.legId).then((leg) => done(leg.echo(c.on)));
      case "leg.detect":
        return this.#leg(c.legId).then((leg) => done(leg.detect(c.what, c.withinMs)));
      case "stats":
        return this.#stats();
      default:
        return unreachable(c);
    }
  }

  // ---- legs ----

  async #leg(legId: LegId): Promise<Leg> {
    const leg = this.#legs.get(legId) ?? (await this.#opening.get(legId));
    if (leg === undefined) throw new MediaError("media.unknown_leg", `no leg ${legId}`);
    return leg;
  }

  /** The leg of this id, made when it is new. */
  #openLeg(legId: LegId, kind: LegKind, terms: LegTerms, codecs?: readonly Codec[]): Promise<Leg> {
    const known = this.#legs.get(legId);
    if (known) return Promise.resolve(known);
    const opening = this.#opening.get(legId) ?? this.#makeLeg(legId, kind, terms, codecs);
    this.#opening.set(legId, opening);
    return opening.finally(() => this.#opening.delete(legId));
  }

  async #makeLeg(legId: LegId, kind: LegKind, terms: LegTerms, codecs?: readonly Codec[]): Promise<Leg> {
    const transport = await this.#transportMaker(kind);
    const leg = new Leg({
      legId,
      kind,
      address: this.#options.advertisedAddress ?? this.#options.bindAddress,
      codecs: codecs ?? this.#options.codecs ?? ["PCMA", "PCMU"],
      terms,
      clock: this.#clock,
      random: this.#random,
      ticker: this.#ticker,
      view: this.#view,
      emit: (event) => this.#emit(event),
      transport,
    });
    this.#legs.set(legId, leg);
    // A bare heartbeat while there are legs: lateness is measured even when nothing plays.
    this.#heartbeat ??= this.#ticker.add(() => {});
    return leg;
  }

  async #transportMaker(kind: LegKind): Promise<(listener: TransportListener) => LegTransport> {
    if (kind === "webrtc") return this.#webRtc.transportMaker();
    const sockets = await this.#ports.open();
    return (listener) => new RtpTransport(this.#clock, this.#ports, sockets, listener, () => this.#dtls);
  }

  async #offerLeg(
    legId: LegId,
    kind: LegKind,
    terms: LegTerms,
    codecs?: readonly Codec[],
  ): Promise<MediaResults["leg.offer"]> {
    const isNew = !this.#legs.has(legId) && !this.#opening.has(legId);
    if (terms.carried === "dtls") this.#dtls ??= await this.#webRtc.dtls();
    const leg = await this.#openLeg(legId, kind, terms, codecs);
    try {
      return { sdp: leg.localSdp === "" ? leg.offer("sendrecv") : leg.localSdp };
    } catch (error) {
      if (isNew) this.#dropLeg(leg);
      throw error;
    }
  }

  async #answerLeg(
    legId: LegId,
    kind: LegKind,
    terms: LegTerms,
    remoteSdp: string,
  ): Promise<MediaResults["leg.answer"]> {
    const isNew = !this.#legs.has(legId) && !this.#opening.has(legId);
    const [leg] = await Promise.all([this.#openLeg(legId, kind, terms), this.#prepareDtls(kind, remoteSdp)]);
    try {
      const { sdp, agreement } = leg.answer(remoteSdp);
      return { sdp, codec: agreement.codec.codec, encrypted: agreement.encrypted };
    } catch (error) {
      if (isNew) this.#dropLeg(leg);
      throw error;
    }
  }

  async #acceptLeg(legId: LegId, remoteSdp: string): Promise<MediaResults["leg.accept"]> {
    const { codec, encrypted, remoteHold } = (await this.#leg(legId)).accept(remoteSdp);
    return { codec: codec.codec, encrypted, remoteHold };
  }

  async #reanswerLeg(legId: LegId, remoteSdp: string): Promise<MediaResults["leg.reanswer"]> {
    const leg = await this.#leg(legId);
    await this.#prepareDtls(leg.kind, remoteSdp);
    const { sdp, agreement } = leg.answer(remoteSdp);
    const { codec, encrypted, remoteHold } = agreement;
    return { sdp, codec: codec.codec, encrypted, remoteHold };
  }

  /** DTLS is loaded with the first phone that asks for it. */
  async #prepareDtls(kind: LegKind, remoteSdp: string): Promise<void> {
    if (kind === "rtp" && remoteSdp.includes("a=fingerprint:")) this.#dtls ??= await this.#webRtc.dtls();
  }

  async #closeLeg(legId: LegId): Promise<MediaResults["leg.close"]> {
    const leg = this.#legs.get(legId) ?? (await this.#opening.get(legId)?.catch(() => undefined));
    if (leg === undefined || !this.#legs.has(legId)) return { stats: null };
    const stats = leg.stats();
    const quality = leg.quality();
    this.#dropLeg(leg);
    return quality ? { stats, quality } : { stats };
  }

  #dropLeg(leg: Leg): void {
    if (!this.#legs.delete(leg.legId)) return;
    const { packetsReceived, packetsSent, packetsDropped } = leg.stats();
    this.#past.packetsReceived += packetsReceived;
    this.#past.packetsSent += packetsSent;
    this.#past.packetsDropped += packetsDropped;
    this.#playbacks.cancelFor(leg);
    leg.close();
    const settled = leg.transport.settled().finally(() => this.#leaving.delete(settled));
    this.#leaving.add(settled);
    this.#recordings.endFor(leg);
    if (this.#legs.size === 0) {
      this.#heartbeat?.dispose();
      this.#heartbeat = null;
    }
  }

  // ---- bridges ----

  #createBridge(bridgeId: BridgeId): Record<string, never> {
    if (!this.#bridges.has(bridgeId)) this.#bridges.set(bridgeId, new Bridge(bridgeId, this.#ticker));
    return {};
  }

  #bridge(bridgeId: BridgeId): Bridge {
    const bridge = this.#bridges.get(bridgeId);
    if (bridge === undefined) throw new MediaError("media.unknown_bridge", `no bridge ${bridgeId}`);
    return bridge;
  }

  #leaveBridge(bridgeId: BridgeId, legId: LegId): Record<string, never> {
    const leg = this.#legs.get(legId);
    if (leg) this.#bridges.get(bridgeId)?.leave(leg);
    return {};
  }

  #destroyBridge(bridgeId: BridgeId): Record<string, never> {
    this.#bridges.get(bridgeId)?.dispose();
    this.#bridges.delete(bridgeId);
    return {};
  }

  // ---- upkeep ----

  #emit(event: MediaEvent): void {
    if (event.type === "play.ended") this.#playbacks.forget(event.playbackId);
    this.events.emit(event);
  }

  #upkeep(): void {
    const now = this.#clock.now();
    const timeout = this.#options.mediaTimeoutMs ?? defaultMediaTimeoutMs;
    for (const leg of this.#legs.values()) leg.checkSilence(now, timeout);
  }

  #checkQuality(intervalMs: number): void {
    const now = this.#clock.now();
    for (const leg of this.#legs.values()) leg.checkQuality(now, intervalMs);
  }

  #emitStats(): void {
    const at = this.#clock.now();
    const { host, lateness, commandLateness } = this.#stats();
    this.#ticker.lateness.reset();
    this.commandLateness.reset();
    this.#emit({ type: "host.lateness", lateness, commandLateness, at });
    this.#emit({ type: "host.stats", stats: host, at });
  }

  #stats(): MediaResults["stats"] {
    const legs: LegStats[] = [...this.#legs.values()].map((leg) => leg.stats());
    const sum = (of: (leg: LegStats) => number): number => legs.reduce((total, leg) => total + of(leg), 0);
    const host: HostStats = {
      legs: this.#legs.size,
      bridges: this.#bridges.size,
      playbacks: this.#playbacks.size,
      recordings: this.#recordings.size,
      packetsReceived: this.#past.packetsReceived + sum((leg) => leg.packetsReceived),
      packetsSent: this.#past.packetsSent + sum((leg) => leg.packetsSent),
      packetsDropped: this.#past.packetsDropped + sum((leg) => leg.packetsDropped),
      refusedDatagrams: this.#webRtc.port.refused,
      recordingBytes: this.#recordings.bytes,
      freeRtpPorts: this.#ports.free,
    };
    return {
      host,
      lateness: this.#ticker.lateness.read(),
      commandLateness: this.commandLateness.read(),
      legs,
    };
  }

  async #shutDown(): Promise<void> {
    this.#timers.dispose();
    await Promise.allSettled(this.#opening.values());
    for (const leg of [...this.#legs.values()]) this.#dropLeg(leg);
    for (const bridge of this.#bridges.values()) bridge.dispose();
    this.#bridges.clear();
    this.#ticker.dispose();
    await Promise.all([this.#recordings.settled(), ...this.#leaving]);
    await this.#webRtc.close();
  }
}

function done(_result: unknown): Record<string, never> {
  return {};
}
