import {
  type BridgeId,
  type Clock,
  type Disposable,
  Disposables,
  every,
  type LegId,
  type Random,
  type RecordingId,
  Signal,
  unreachable,
} from "@svara/kernel";
import { Bridge } from "./bridge.ts";
import { Leg } from "./leg.ts";
import type { LegTransport, TransportListener } from "./leg-transport.ts";
import { MediaError } from "./media-error.ts";
import type {
  Codec,
  HostStats,
  LegKind,
  LegStats,
  MediaCommand,
  MediaCommandType,
  MediaEvent,
  MediaHost,
  MediaHostOptions,
  MediaResult,
  MediaResults,
  PlaybackId,
  PlayItem,
  RecordingSummary,
} from "./media-host.ts";
import { Playback } from "./playback.ts";
import { PromptCache } from "./prompt-cache.ts";
import { Recorder } from "./recorder.ts";
import { newRtpView } from "./rtp-packet.ts";
import { RtpPorts } from "./rtp-ports.ts";
import { RtpTransport } from "./rtp-transport.ts";
import { Ticker } from "./ticker.ts";
import { WebRtcServices } from "./webrtc-services.ts";

const defaultMediaTimeoutMs = 10_000;
const defaultStatsIntervalMs = 5_000;
const upkeepPeriodMs = 1_000;
/** RFC 3550, section 6.2: at least this between two reports. */
const reportPeriodMs = 5_000;
const defaultDtmfMs = 160;
/** Finished recordings whose summary may still be asked for. */
const maxKeptSummaries = 1_000;

export interface LocalMediaHostDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** Make the certificate and one handshake with ourselves now, so that the first call does not wait for it. */
  readonly warmUp?: boolean;
}

interface ActivePlayback {
  readonly leg: Leg;
  /** Null while its files are read. */
  playback: Playback | null;
  stopped: boolean;
  readonly started: Promise<{ durationMs: number | null }>;
}

interface ActiveRecording {
  readonly leg: Leg;
  readonly recorder: Recorder;
}

/** A media host in the calling thread. */
export class LocalMediaHost implements MediaHost {
  readonly events = new Signal<MediaEvent>();
  readonly #options: MediaHostOptions;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #ticker: Ticker;
  readonly #ports: RtpPorts;
  readonly #webRtc: WebRtcServices;
  readonly #prompts = new PromptCache();
  readonly #view = newRtpView();
  readonly #legs = new Map<LegId, Leg>();
  readonly #opening = new Map<LegId, Promise<Leg>>();
  readonly #bridges = new Map<BridgeId, Bridge>();
  readonly #playbacks = new Map<PlaybackId, ActivePlayback>();
  readonly #startingRecordings = new Map<RecordingId, Promise<ActiveRecording>>();
  readonly #recordings = new Map<RecordingId, ActiveRecording>();
  readonly #summaries = new Map<RecordingId, Promise<RecordingSummary>>();
  readonly #timers = new Disposables();
  #heartbeat: Disposable | null = null;
  #past = { packetsReceived: 0, packetsSent: 0, packetsDropped: 0, recordingBytes: 0 };
  #closing: Promise<void> | null = null;

  private constructor(options: MediaHostOptions, deps: LocalMediaHostDeps, webRtc: WebRtcServices) {
    this.#options = options;
    this.#clock = deps.clock;
    this.#random = deps.random;
    this.#ticker = new Ticker(deps.clock);
    this.#ports = new RtpPorts(options.bindAddress, options.rtpPorts);
    this.#webRtc = webRtc;
    this.#timers.add(every(deps.clock, upkeepPeriodMs, () => this.#upkeep()));
    this.#timers.add(every(deps.clock, reportPeriodMs, () => this.#report()));
    this.#timers.add(
      every(deps.clock, options.statsIntervalMs ?? defaultStatsIntervalMs, () => this.#emitStats()),
    );
  }

  /** Binds the WebRTC port. Errors: the system's, when that port is taken. */
  static async start(options: MediaHostOptions, deps: LocalMediaHostDeps): Promise<LocalMediaHost> {
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
        return this.#offerLeg(c.legId, c.kind, c.codecs);
      case "leg.answer":
        return this.#answerLeg(c.legId, c.kind, c.remoteSdp);
      case "leg.accept":
        return this.#acceptLeg(c.legId, c.remoteSdp);
      case "leg.reanswer":
        return this.#reanswerLeg(c.legId, c.remoteSdp);
      case "leg.reoffer":
        return this.#leg(c.legId).then((leg) => ({ sdp: leg.offer(c.direction) }));
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
        return this.#play(c.playbackId, c.legId, c.items, c.loop ?? false);
      case "play.stop":
        return this.#stopPlayback(c.playbackId);
      case "record.start":
        return this.#record(c.recordingId, c.legId, c.pathPrefix);
      case "record.pause":
        return this.#recording(c.recordingId).then(({ recorder }) => done(recorder.pause()));
      case "record.resume":
        return this.#recording(c.recordingId).then(({ recorder }) => done(recorder.resume()));
      case "record.stop":
        return this.#stopRecording(c.recordingId);
      case "dtmf.send":
        return this.#leg(c.legId).then((leg) =>
          leg.sendDtmf(c.digits, c.durationMs ?? defaultDtmfMs).then(done),
        );
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
  #openLeg(legId: LegId, kind: LegKind, codecs: readonly Codec[] | undefined): Promise<Leg> {
    const known = this.#legs.get(legId);
    if (known) return Promise.resolve(known);
    const opening = this.#opening.get(legId) ?? this.#makeLeg(legId, kind, codecs);
    this.#opening.set(legId, opening);
    return opening.finally(() => this.#opening.delete(legId));
  }

  async #makeLeg(legId: LegId, kind: LegKind, codecs: readonly Codec[] | undefined): Promise<Leg> {
    const transport = await this.#transportMaker(kind);
    const leg = new Leg({
      legId,
      kind,
      address: this.#options.advertisedAddress ?? this.#options.bindAddress,
      codecs: codecs ?? this.#options.codecs ?? ["PCMA", "PCMU"],
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
    return (listener) => new RtpTransport(this.#clock, this.#ports, sockets, listener);
  }

  async #offerLeg(
    legId: LegId,
    kind: LegKind,
    codecs?: readonly Codec[],
  ): Promise<MediaResults["leg.offer"]> {
    const leg = await this.#openLeg(legId, kind, codecs);
    return { sdp: leg.localSdp === "" ? leg.offer("sendrecv") : leg.localSdp };
  }

  async #answerLeg(legId: LegId, kind: LegKind, remoteSdp: string): Promise<MediaResults["leg.answer"]> {
    const isNew = !this.#legs.has(legId) && !this.#opening.has(legId);
    const leg = await this.#openLeg(legId, kind, undefined);
    try {
      const { sdp, agreement } = leg.answer(remoteSdp);
      return { sdp, codec: agreement.codec.codec };
    } catch (error) {
      if (isNew) this.#dropLeg(leg);
      throw error;
    }
  }

  async #acceptLeg(legId: LegId, remoteSdp: string): Promise<MediaResults["leg.accept"]> {
    const { codec, remoteHold } = (await this.#leg(legId)).accept(remoteSdp);
    return { codec: codec.codec, remoteHold };
  }

  async #reanswerLeg(legId: LegId, remoteSdp: string): Promise<MediaResults["leg.reanswer"]> {
    const { sdp, agreement } = (await this.#leg(legId)).answer(remoteSdp);
    return { sdp, codec: agreement.codec.codec, remoteHold: agreement.remoteHold };
  }

  async #closeLeg(legId: LegId): Promise<MediaResults["leg.close"]> {
    const leg = this.#legs.get(legId) ?? (await this.#opening.get(legId)?.catch(() => undefined));
    if (leg === undefined || !this.#legs.has(legId)) return { stats: null };
    const stats = leg.stats();
    this.#dropLeg(leg);
    return { stats };
  }

  #dropLeg(leg: Leg): void {
    if (!this.#legs.delete(leg.legId)) return;
    const { packetsReceived, packetsSent, packetsDropped } = leg.stats();
    this.#past.packetsReceived += packetsReceived;
    this.#past.packetsSent += packetsSent;
    this.#past.packetsDropped += packetsDropped;
    for (const active of this.#playbacks.values()) if (active.leg === leg) active.stopped = true;
    leg.close();
    for (const [recordingId, active] of this.#recordings) {
      if (active.leg === leg) this.#endWithLeg(recordingId, active);
    }
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

  // ---- playback ----

  #play(
    playbackId: PlaybackId,
    legId: LegId,
    items: readonly PlayItem[],
    loop: boolean,
  ): Promise<MediaResults["play.start"]> {
    const known = this.#playbacks.get(playbackId);
    return known ? known.started : this.#startPlayback(playbackId, legId, items, loop);
  }

  async #startPlayback(
    playbackId: PlaybackId,
    legId: LegId,
    items: readonly PlayItem[],
    loop: boolean,
  ): Promise<MediaResults["play.start"]> {
    const leg = await this.#leg(legId);
    const load = async (): Promise<MediaResults["play.start"]> => {
      const clips = await Promise.all(items.map((item) => this.#prompts.load(item, "SE")));
      const durationMs = clips.reduce((sum, clip) => sum + clip.durationMs, 0);
      if (active.stopped) {
        const reason = this.#legs.has(legId) ? "stopped" : "leg_closed";
        this.#emit({ type: "play.ended", playbackId, legId, reason, at: this.#clock.now() });
      } else {
        active.playback = new Playback(playbackId, clips, loop);
        leg.play(active.playback);
      }
      return { durationMs: loop ? null : durationMs };
    };
    const active: ActivePlayback = {
      leg,
      playback: null,
      stopped: false,
      started: Promise.resolve().then(load),
    };
    this.#playbacks.set(playbackId, active);
    try {
      return await active.started;
    } catch (error) {
      this.#playbacks.delete(playbackId);
      throw error;
    }
  }

  #stopPlayback(playbackId: PlaybackId): Record<string, never> {
    const active = this.#playbacks.get(playbackId);
    if (active === undefined) return {};
    active.stopped = true;
    if (active.playback) active.leg.stopPlayback(active.playback);
    return {};
  }

  // ---- recording ----

  async #recording(recordingId: RecordingId): Promise<ActiveRecording> {
    const active = this.#recordings.get(recordingId) ?? (await this.#startingRecordings.get(recordingId));
    if (active === undefined)
      throw new MediaError("media.unknown_recording", `no recording ${recordingId} runs`);
    return active;
  }

  async #record(
    recordingId: RecordingId,
    legId: LegId,
    pathPrefix: string,
  ): Promise<MediaResults["record.start"]> {
    const ended = await this.#summaries.get(recordingId);
    if (ended) return { tracks: ended.tracks, startedAt: ended.startedAt };
    let active = this.#recordings.get(recordingId);
    if (active === undefined) {
      const leg = await this.#leg(legId);
      const starting =
        this.#startingRecordings.get(recordingId) ?? this.#startRecorder(recordingId, leg, pathPrefix);
      this.#startingRecordings.set(recordingId, starting);
      active = await starting.finally(() => this.#startingRecordings.delete(recordingId));
    }
    return { tracks: active.recorder.tracks, startedAt: active.recorder.startedAt };
  }

  async #startRecorder(recordingId: RecordingId, leg: Leg, pathPrefix: string): Promise<ActiveRecording> {
    const recorder = await Recorder.start({ recordingId, pathPrefix, clock: this.#clock });
    const active = { leg, recorder };
    this.#recordings.set(recordingId, active);
    recorder.failed.on((reason) => {
      void this.#finish(recordingId, active);
      this.#emit({ type: "record.failed", recordingId, reason, at: this.#clock.now() });
    });
    if (this.#legs.get(leg.legId) === leg) leg.addRecorder(recorder);
    else this.#endWithLeg(recordingId, active); // the leg was closed while the files were made
    return active;
  }

  async #stopRecording(recordingId: RecordingId): Promise<MediaResults["record.stop"]> {
    await this.#startingRecordings.get(recordingId)?.catch(() => undefined);
    const active = this.#recordings.get(recordingId);
    const summary = active ? this.#finish(recordingId, active) : this.#summaries.get(recordingId);
    return { summary: (await summary) ?? null };
  }

  #finish(recordingId: RecordingId, active: ActiveRecording): Promise<RecordingSummary> {
    this.#recordings.delete(recordingId);
    active.leg.removeRecorder(active.recorder);
    const summary = active.recorder.stop();
    if (!this.#summaries.has(recordingId)) {
      this.#summaries.set(recordingId, summary);
      void summary.then(({ bytes }) => {
        this.#past.recordingBytes += bytes;
      });
      const [oldest] = this.#summaries.keys();
      if (this.#summaries.size > maxKeptSummaries && oldest) this.#summaries.delete(oldest);
    }
    return summary;
  }

  #endWithLeg(recordingId: RecordingId, active: ActiveRecording): void {
    void this.#finish(recordingId, active).then((summary) => {
      this.#emit({ type: "record.ended", summary, at: this.#clock.now() });
    });
  }

  // ---- upkeep ----

  #emit(event: MediaEvent): void {
    if (event.type === "play.ended") this.#playbacks.delete(event.playbackId);
    this.events.emit(event);
  }

  #upkeep(): void {
    const now = this.#clock.now();
    const timeout = this.#options.mediaTimeoutMs ?? defaultMediaTimeoutMs;
    for (const leg of this.#legs.values()) leg.checkSilence(now, timeout);
  }

  #report(): void {
    const now = this.#clock.now();
    for (const leg of this.#legs.values()) leg.report(now);
  }

  #emitStats(): void {
    const at = this.#clock.now();
    const { host, lateness } = this.#stats();
    this.#ticker.resetLateness();
    this.#emit({ type: "host.lateness", lateness, at });
    this.#emit({ type: "host.stats", stats: host, at });
  }

  #stats(): MediaResults["stats"] {
    const legs: LegStats[] = [...this.#legs.values()].map((leg) => leg.stats());
    const sum = (of: (leg: LegStats) => number): number => legs.reduce((total, leg) => total + of(leg), 0);
    let recordingBytes = this.#past.recordingBytes;
    for (const { recorder } of this.#recordings.values()) recordingBytes += recorder.bytes;
    const host: HostStats = {
      legs: this.#legs.size,
      bridges: this.#bridges.size,
      playbacks: this.#playbacks.size,
      recordings: this.#recordings.size,
      packetsReceived: this.#past.packetsReceived + sum((leg) => leg.packetsReceived),
      packetsSent: this.#past.packetsSent + sum((leg) => leg.packetsSent),
      packetsDropped: this.#past.packetsDropped + sum((leg) => leg.packetsDropped),
      refusedDatagrams: this.#webRtc.port.refused,
      recordingBytes,
      freeRtpPorts: this.#ports.free,
    };
    return { host, lateness: this.#ticker.lateness(), legs };
  }

  async #shutDown(): Promise<void> {
    this.#timers.dispose();
    await Promise.allSettled([...this.#opening.values(), ...this.#startingRecordings.values()]);
    for (const leg of [...this.#legs.values()]) this.#dropLeg(leg);
    for (const bridge of this.#bridges.values()) bridge.dispose();
    this.#bridges.clear();
    this.#ticker.dispose();
    await Promise.allSettled(this.#summaries.values());
    await this.#webRtc.close();
  }
}

function done(_result: unknown): Record<string, never> {
  return {};
}
