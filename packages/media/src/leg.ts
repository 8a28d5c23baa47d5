import type { Clock, Disposable, LegId, Random } from "@svara/kernel";
import { Beep } from "./beep.ts";
import type { DetectWhat } from "./call-detector.ts";
import { DtmfReceiver, DtmfTransmission } from "./dtmf.ts";
import { DtmfToneTransmission } from "./dtmf-tones.ts";
import { echo } from "./echo.ts";
import { silenceByte, transcodeInPlace } from "./g711.ts";
import { KeyMerge, LegEars } from "./leg-ears.ts";
import { type Agreement, LegNegotiation } from "./leg-negotiation.ts";
import { qualityOf } from "./leg-quality.ts";
import type { LegSink } from "./leg-sink.ts";
import type { LegTransport, TransportListener } from "./leg-transport.ts";
import { MediaError } from "./media-error.ts";
import type {
  Codec,
  LegCodec,
  LegKind,
  LegQuality,
  LegStats,
  LegTerms,
  MediaDirection,
  MediaEvent,
  WidebandCodec,
} from "./media-host.ts";
import { PartyWatch } from "./party-watch.ts";
import type { Playback } from "./playback.ts";
import { frameLength } from "./prompt-cache.ts";
import type { Recorder } from "./recorder.ts";
import { RtcpSession } from "./rtcp-session.ts";
import { parseRtp, type RtpView, readUint32, rtpHeaderLength } from "./rtp-packet.ts";
import { RtpReceiver } from "./rtp-receiver.ts";
import { RtpSender } from "./rtp-sender.ts";
import { addressFamily, parseRemoteSdp, type RemoteMedia, receives, sends } from "./sdp.ts";
import type { Ticker } from "./ticker.ts";

/** Comfort noise (RFC 3389, section 4): the static type, believed without negotiation. */
const noisePayloadType = 13;

/**
 * A browser with its microphone open sends sound and, each few seconds, ICE checks (RFC 7675, section 5.1): without either it has
 * crashed or lost its network. The host looks each second, so it is noticed within five.
 */
const browserSilenceMs = 4_000;
/** A browser that was answered and has not come up by then will not. */
const browserStartMs = 10_000;
/** A key that another party presses sounds so long here. */
const relayedToneMs = 120;

export interface LegOptions {
  readonly legId: LegId;
  readonly kind: LegKind;
  readonly address: string;
  readonly codecs: readonly Codec[];
  readonly terms: LegTerms;
  readonly clock: Clock;
  readonly random: Random;
  readonly ticker: Ticker;
  /** Filled anew for each packet; one for the whole host. */
  readonly view: RtpView;
  readonly emit: (event: MediaEvent) => void;
  readonly transport: (listener: TransportListener) => LegTransport;
}

/** One party's media: its negotiation, its packets in and out, what it hears and who listens to it. */
export class Leg implements TransportListener {
  readonly legId: LegId;
  readonly kind: LegKind;
  readonly transport: LegTransport;
  sink: LegSink | null = null;
  readonly #options: LegOptions;
  readonly #clock: Clock;
  readonly #view: RtpView;
  readonly #sender: RtpSender;
  readonly #receiver = new RtpReceiver();
  readonly #watch = new PartyWatch();
  readonly #rtcp: RtcpSession;
  readonly #negotiation: LegNegotiation;
  readonly #packet = Buffer.alloc(rtpHeaderLength + frameLength);
  #remoteSdp = "";
  #localSdp = "";
  #dtmf = new DtmfReceiver();
  #stream: object = {};
  /** Codec by payload type as we receive it. */
  #inbound: readonly (LegCodec | undefined)[] = [];
  #dtmfReceiveType: number | null = null;
  #sendsTones = false;
  #dtmfSendType: number | null = null;
  /** What we say here; the party may speak another (see `#onWideband`). */
  #codec: Codec = "PCMA";
  #payloadType = 8;
  /** False where only Opus or G.722 was agreed on. */
  #canSpeak = true;
  /** A browser's ICE and DTLS are up. */
  #connected = false;
  #codecNeeded = false;
  #maySend = false;
  #mayReceive = false;
  #mutedIn = false;
  #mutedOut = false;
  #playback: Playback | null = null;
  #sendingDtmf: DtmfTransmission | DtmfToneTransmission | null = null;
  /** Null while nobody asks what the party's sound is. */
  #ears: LegEars | null = null;
  #keyMerge = new KeyMerge();
  /** Keys of another party on their way to this one, which gets them as tones. */
  #relayedKeys = new DtmfReceiver();
  /** Where its sound goes while the leg is in no bridge. */
  #loop: LegSink | null = null;
  #beep: Beep | null = null;
  #qualityAt = 0;
  #recorders: Recorder[] = [];
  #ticking: Disposable | null = null;
  #dropped = 0;
  #closed = false;

  constructor(options: LegOptions) {
    this.legId = options.legId;
    this.kind = options.kind;
    this.#options = options;
    this.#clock = options.clock;
    this.#view = options.view;
    this.#sender = new RtpSender(options.random);
    this.#negotiation = new LegNegotiation({
      kind: options.kind,
      address: options.address,
      codecs: options.codecs,
      ssrc: this.#sender.ssrc,
      cname: options.legId,
      sessionId: Math.floor(options.random.next() * 2 ** 31),
      terms: options.terms,
      random: options.random,
    });
    this.transport = options.transport(this);
    this.#rtcp = new RtcpSession({
      clock: options.clock,
      random: options.random,
      cname: options.legId,
      sender: this.#sender,
      receiver: this.#receiver,
      send: (packet) => this.transport.sendRtcp(packet),
    });
  }

  // ---- negotiation ----

  get codec(): LegCodec | null {
    return this.#negotiation.agreement?.codec.codec ?? null;
  }

  get localSdp(): string {
    return this.#localSdp;
  }

  /** Our offer, first or anew. Errors: `media.unsupported_sdp`. */
  offer(direction: MediaDirection, passThrough?: boolean): string {
    if (passThrough !== undefined) this.#negotiation.allowPassThrough(passThrough);
    this.#localSdp = this.#negotiation.offer(this.transport.local, direction);
    this.#remoteSdp = ""; // an older answer of ours says no longer what we want
    return this.#localSdp;
  }

  /** The peer's answer. Errors: `media.bad_sdp`, `media.unsupported_sdp`, `media.no_common_codec`, `media.wrong_state`. */
  accept(remoteSdp: string): Agreement {
    const remote = this.#parse(remoteSdp);
    const agreement = this.#negotiation.accept(remote);
    this.transport.apply(remote, agreement.keys);
    this.#use(agreement);
    return agreement;
  }

  /** The peer's offer; the same one again gives the same answer. Errors as `accept`. */
  answer(remoteSdp: string): { sdp: string; agreement: Agreement } {
    const known = this.#negotiation.agreement;
    if (known && remoteSdp === this.#remoteSdp) return { sdp: this.#localSdp, agreement: known };
    const remote = this.#parse(remoteSdp);
    this.transport.prepare(remote);
    this.#localSdp = this.#negotiation.answer(remote, this.transport.local);
    this.#remoteSdp = remoteSdp;
    const agreement = this.#negotiation.agreement as Agreement;
    this.transport.apply(remote, agreement.keys);
    this.#use(agreement);
    return { sdp: this.#localSdp, agreement };
  }

  #parse(remoteSdp: string): RemoteMedia {
    const { srtp = "optional", secureSignalling } = this.#options.terms;
    return parseRemoteSdp(remoteSdp, this.kind, addressFamily(this.#options.address), {
      srtp,
      secureSignalling,
    });
  }

  #use(agreement: Agreement): void {
    const inbound: (LegCodec | undefined)[] = [];
    for (const { codec, payloadType } of agreement.accepted) inbound[payloadType] = codec;
    this.#inbound = inbound;
    this.#canSpeak = agreement.spoken !== null;
    this.#codec = agreement.spoken?.codec ?? "PCMA";
    this.#payloadType = agreement.spoken?.payloadType ?? 0;
    this.#codecNeeded = false;
    this.#dtmfReceiveType = agreement.dtmfReceiveType;
    this.#dtmfSendType = agreement.dtmfSendType;
    this.#maySend = sends(agreement.direction);
    this.#mayReceive = receives(agreement.direction) && !agreement.remoteHold;
    const keys = this.#options.terms.keys ?? "auto";
    this.#sendsTones = keys === "tones" || (keys === "auto" && agreement.dtmfSendType === null);
    this.#listen((ears) =>
      ears.listenForKeys(keys === "tones" || (keys === "auto" && agreement.remote.dtmfPayloadType === null)),
    );
    this.#watch.alive(this.#clock.now());
    this.#rtcp.start();
  }

  /** Changes what is listened for; without a wish left there are no ears. */
  #listen(change: (ears: LegEars) => void): void {
    const ears = this.#ears ?? new LegEars(this.#clock, (digit) => this.#onKey("tone", digit));
    change(ears);
    this.#ears = ears.areNeeded ? ears : null;
  }

  /** Listens to the party for a while; see `leg.detect`. */
  detect(what: DetectWhat, withinMs: number): void {
    this.#listen((ears) =>
      ears.detect(what, withinMs, (verdict) => {
        this.#emit({ type: "leg.detected", legId: this.legId, what: verdict, at: this.#clock.now() });
        this.#listen(() => {});
      }),
    );
  }

  #onKey(way: "event" | "tone", digit: string): void {
    const at = this.#clock.now();
    if (this.#keyMerge.accept(way, digit, at)) {
      this.#emit({ type: "leg.dtmf", legId: this.legId, digit, at });
    }
  }

  // ---- from the party ----

  onRtp(packet: Buffer, now = this.#clock.now()): void {
    const view = this.#view;
    if (!parseRtp(packet, view)) {
      this.#dropped++;
      return;
    }
    const codec = this.#inbound[view.payloadType];
    const isEvent = view.payloadType === this.#dtmfReceiveType;
    if (codec === undefined && !isEvent && view.payloadType !== noisePayloadType) {
      this.#dropped++;
      return;
    }
    const arrival = this.#receiver.accept(view, now);
    if (arrival === "late" || arrival === "duplicate") {
      this.#dropped++;
      return;
    }
    if (this.#watch.heard(now)) this.#emit({ type: "leg.media", legId: this.legId, at: now });
    const fresh = arrival === "new_stream";
    if (fresh) {
      this.#stream = {};
      this.#dtmf = new DtmfReceiver();
    }
    // Some phones go on sending the live microphone while the call is held.
    if (!this.#mayReceive) return;
    if (isEvent) this.#onEvent(packet, view, now);
    else if (codec === undefined) this.#onNoise(packet, view, now);
    else if (view.payloadEnd <= view.payloadStart) return;
    else if (codec === "PCMA" || codec === "PCMU") this.#onAudio(packet, view, codec, now, fresh);
    else this.#onWideband(packet, view, codec, now);
  }

  onRtcp(packet: Buffer): void {
    if (this.#rtcp.receive(packet)) this.#watch.alive(this.#clock.now());
    else this.#dropped++;
  }

  onAlive(): void {
    this.#watch.alive(this.#clock.now());
  }

  onConnected(): void {
    const now = this.#clock.now();
    this.#connected = this.kind === "webrtc";
    this.#watch.alive(now);
    this.#emit({ type: "leg.connected", legId: this.legId, at: now });
  }

  onFailed(reason: string): void {
    this.#emit({ type: "leg.failed", legId: this.legId, reason, at: this.#clock.now() });
  }

  #onAudio(packet: Buffer, view: RtpView, codec: Codec, now: number, fresh: boolean): void {
    const { payloadStart, payloadEnd } = view;
    if (this.#ears !== null) this.#ears.hear(packet, payloadStart, payloadEnd, codec);
    if (this.#mutedIn) packet.fill(silenceByte(codec), payloadStart, payloadEnd);
    if (this.#beep !== null) this.#beep.mixIn(packet, payloadStart, payloadEnd, codec);
    for (const recorder of this.#recorders) {
      recorder.write("in", now, view.timestamp, packet, payloadStart, payloadEnd, codec, fresh);
    }
    (this.sink ?? this.#loop)?.audio(this, packet, view, codec, this.#stream, now);
  }

  /** The first octet is the level in -dBov; the spectrum that may follow is left out. */
  #onNoise(packet: Buffer, view: RtpView, now: number): void {
    const level = (packet[view.payloadStart] ?? 127) & 0x7f;
    const rms = this.#mutedIn || view.payloadEnd === view.payloadStart ? 0 : 32_768 * 10 ** (-level / 20);
    this.sink?.noise(this, view.timestamp, rms, now);
  }

  /** Relayed untouched, or not at all: who else wants to hear it has to ask the party for G.711. */
  #onWideband(packet: Buffer, view: RtpView, codec: WidebandCodec, now: number): void {
    const wanted = this.#recorders.length > 0 || this.#ears?.areAsked === true;
    const passed =
      !wanted &&
      (this.#mutedIn || (this.sink ?? this.#loop)?.wideband(this, packet, view, codec, this.#stream, now));
    if (passed === false) this.needCodec(now);
  }

  /** Tells the caller, once until the next negotiation, that this leg has to come back to G.711. */
  needCodec(now: number): void {
    if (this.#codecNeeded) return;
    this.#codecNeeded = true;
    this.#emit({ type: "leg.codec_needed", legId: this.legId, at: now });
  }

  #onEvent(packet: Buffer, view: RtpView, now: number): void {
    const payload = packet.subarray(view.payloadStart, view.payloadEnd);
    const digit = this.#dtmf.receive(payload, view.timestamp, now);
    if (digit !== null) this.#onKey("event", digit);
    (this.sink ?? this.#loop)?.event(this, packet, view, this.#stream, now);
  }

  // ---- to the party ----

  /** Passes on another party's packet, unless the party is hearing something else. */
  relay(packet: Buffer, view: RtpView, codec: Codec, stream: object, now: number): void {
    if (!this.#maySend || this.#playback !== null || this.#sendingDtmf !== null) return;
    if (!this.#canSpeak) return this.needCodec(now);
    const { payloadStart, payloadEnd } = view;
    if (codec !== this.#codec) transcodeInPlace(packet, payloadStart, payloadEnd, codec);
    if (this.#mutedOut) packet.fill(silenceByte(this.#codec), payloadStart, payloadEnd);
    if (this.#beep !== null) this.#beep.mixOut(packet, payloadStart, payloadEnd, this.#codec);
    const at = this.#sender.relay(packet, view, stream, this.#payloadType, now);
    if (at < 0) return;
    for (const recorder of this.#recorders) {
      recorder.write(
        "out",
        now,
        readUint32(packet, at + 4), // one out of order is older than the sender's newest
        packet,
        payloadStart,
        payloadEnd,
        this.#codec,
        false,
      );
    }
    this.transport.send(at === 0 && payloadEnd === packet.length ? packet : packet.subarray(at, payloadEnd));
  }

  /** Passes on another party's packet as it is; false when this leg cannot, and its sound has to be G.711. */
  relayWideband(packet: Buffer, view: RtpView, codec: WidebandCodec, stream: object, now: number): boolean {
    const payloadType = this.#inbound.indexOf(codec);
    if (payloadType < 0 || this.#recorders.length > 0) return false;
    if (!this.#maySend || this.#mutedOut || this.busyHearing) return true;
    const at = this.#sender.relay(packet, view, stream, payloadType, now);
    if (at >= 0) this.transport.send(packet.subarray(at, view.payloadEnd));
    return true;
  }

  /** Passes on another party's key press; to a party without telephone-event as a tone. */
  relayEvent(packet: Buffer, view: RtpView, stream: object, now: number): void {
    if (!this.#maySend) return;
    if (this.#dtmfSendType === null || this.#sendsTones) {
      const payload = packet.subarray(view.payloadStart, view.payloadEnd);
      const digit = this.#relayedKeys.receive(payload, view.timestamp, now);
      if (digit !== null && this.#sendsTones) this.#relayTone(digit);
      return;
    }
    if (this.#playback !== null || this.#sendingDtmf !== null) return;
    const at = this.#sender.relay(packet, view, stream, this.#dtmfSendType, now);
    if (at >= 0) this.transport.send(packet.subarray(at, view.payloadEnd));
  }

  /** Sends 20 ms made here, already in the leg's codec. */
  sendFrame(frame: Uint8Array, source: unknown, now: number): void {
    if (!this.#maySend) return;
    if (!this.#canSpeak) return this.needCodec(now);
    const packet = this.#packet;
    if (this.#mutedOut) packet.fill(silenceByte(this.#codec), rtpHeaderLength);
    else packet.set(frame, rtpHeaderLength);
    if (this.#beep !== null) this.#beep.mixOut(packet, rtpHeaderLength, packet.length, this.#codec);
    this.#sender.stamp(packet, source, this.#payloadType, frameLength, now);
    for (const recorder of this.#recorders) {
      recorder.write(
        "out",
        now,
        this.#sender.timestamp,
        packet,
        rtpHeaderLength,
        packet.length,
        this.#codec,
        false,
      );
    }
    this.transport.send(packet);
  }

  /** True while a playback or DTMF has the party's ear. */
  get busyHearing(): boolean {
    return this.#playback !== null || this.#sendingDtmf !== null;
  }

  get codecToSend(): Codec {
    return this.#codec;
  }

  mute(inwards: boolean | undefined, outwards: boolean | undefined): void {
    this.#mutedIn = inwards ?? this.#mutedIn;
    this.#mutedOut = outwards ?? this.#mutedOut;
  }

  /** Gives the party back what it says, while it is in no bridge and nothing plays. */
  echo(on: boolean): void {
    this.#loop = on ? echo : null;
  }

  // ---- playback and DTMF ----

  play(playback: Playback): void {
    this.#endPlayback("replaced");
    this.#playback = playback;
    this.#tickWhileBusy();
  }

  stopPlayback(playback: Playback): void {
    if (this.#playback === playback) this.#endPlayback("stopped");
    this.#tickWhileBusy();
  }

  #relayTone(digit: string): void {
    if (this.#sendingDtmf instanceof DtmfToneTransmission) this.#sendingDtmf.append(digit);
    else if (this.#sendingDtmf === null && this.#playback === null) {
      this.#sendingDtmf = new DtmfToneTransmission(digit, relayedToneMs, () => {});
      this.#tickWhileBusy();
    }
  }

  /** Resolves when the digits are sent or the leg is closed. Errors: `media.wrong_state`. */
  sendDtmf(digits: string, durationMs: number): Promise<void> {
    if (this.#dtmfSendType === null && !this.#sendsTones) {
      const why = "the peer did not negotiate telephone-event";
      return Promise.reject(new MediaError("media.wrong_state", why));
    }
    if (this.#sendingDtmf) {
      return Promise.reject(new MediaError("media.wrong_state", "other digits are being sent"));
    }
    return new Promise((resolve) => {
      const timestamp = this.#sender.beginAt(this.#clock.now());
      this.#sendingDtmf = this.#sendsTones
        ? new DtmfToneTransmission(digits, durationMs, resolve)
        : new DtmfTransmission(digits, durationMs, timestamp, resolve);
      this.#tickWhileBusy();
    });
  }

  #tickWhileBusy(): void {
    if (this.busyHearing && !this.#closed) {
      this.#ticking ??= this.#options.ticker.add((now) => this.#tick(now));
    } else {
      this.#ticking?.dispose();
      this.#ticking = null;
    }
  }

  #tick(now: number): void {
    if (this.#sendingDtmf) this.#tickDtmf(this.#sendingDtmf, now);
    else if (this.#playback) {
      const frame = this.#playback.next(this.#codec);
      if (frame) this.sendFrame(frame, this.#playback, now);
      else {
        this.#endPlayback("finished");
        this.#tickWhileBusy();
      }
    }
  }

  #tickDtmf(sending: DtmfTransmission | DtmfToneTransmission, now: number): void {
    const next = sending.next(this.#codec);
    if (next === null) {
      this.#sendingDtmf = null;
      this.#tickWhileBusy();
      sending.done();
    } else if (next instanceof Uint8Array) this.sendFrame(next, sending, now);
    else this.#sendEvents(next, now);
  }

  #sendEvents(packets: NonNullable<ReturnType<DtmfTransmission["next"]>>, now: number): void {
    const type = this.#dtmfSendType;
    if (!this.#maySend || type === null) return;
    for (const { payload, marker, timestamp } of packets) {
      const packet = Buffer.alloc(rtpHeaderLength + payload.length);
      packet.set(payload, rtpHeaderLength);
      this.#sender.stampEvent(packet, type, timestamp, marker, now);
      this.transport.send(packet);
    }
  }

  #endPlayback(reason: "finished" | "stopped" | "replaced" | "leg_closed"): void {
    const playback = this.#playback;
    if (playback === null) return;
    this.#playback = null;
    const { playbackId } = playback;
    this.#emit({ type: "play.ended", playbackId, legId: this.legId, reason, at: this.#clock.now() });
  }

  // ---- recording ----

  addRecorder(recorder: Recorder): void {
    this.#recorders = [...this.#recorders, recorder];
  }

  removeRecorder(recorder: Recorder): void {
    this.#recorders = this.#recorders.filter((r) => r !== recorder);
  }

  /** Lets the party, and those who hear it, hear one beep; one that still sounds is enough. */
  beep(): void {
    if (this.#closed) return;
    this.#beep ??= new Beep({
      ticker: this.#options.ticker,
      sentAt: () => this.#sender.sentAt,
      sendSilence: (source, now) => {
        this.sendFrame(new Uint8Array(frameLength).fill(silenceByte(this.#codec)), source, now);
      },
      over: () => {
        this.#beep = null;
      },
    });
  }

  // ---- upkeep, called by the host ----

  /** Reports a party that has fallen silent. A browser's ICE checks never pause; a phone may be quiet while it is held. */
  checkSilence(now: number, timeoutMs: number): void {
    this.transport.upkeep(now);
    if (this.#negotiation.agreement === null) return;
    if (this.kind === "rtp" && !this.#mayReceive) return;
    const soon = this.#connected && this.#mayReceive && this.#watch.hasHeard;
    const limitMs = soon ? browserSilenceMs : this.kind === "webrtc" ? browserStartMs : timeoutMs;
    const silentMs = this.#watch.silence(now, Math.min(timeoutMs, limitMs));
    if (silentMs !== null) this.#emit({ type: "leg.silent", legId: this.legId, silentMs, at: now });
  }

  /** How well the leg is heard since its making; null when nothing came. */
  quality(): LegQuality | null {
    if (this.#receiver.received === 0) return null;
    return qualityOf({
      codec: this.codec ?? "none",
      packetsReceived: this.#receiver.received,
      packetsSent: this.#sender.packets,
      packetsLost: this.#receiver.lost,
      lossRuns: this.#receiver.lossRuns,
      jitterMs: this.#receiver.jitterMs,
      roundTripMs: this.#rtcp.roundTripMs,
      heard: this.#rtcp.heard,
    });
  }

  /** Reports the quality each `intervalMs`. */
  checkQuality(now: number, intervalMs: number): void {
    if (this.#qualityAt === 0) this.#qualityAt = now + intervalMs;
    if (now < this.#qualityAt) return;
    this.#qualityAt += intervalMs;
    const quality = this.quality();
    if (quality) this.#emit({ type: "leg.quality", legId: this.legId, quality, at: now });
  }

  stats(): LegStats {
    return {
      legId: this.legId,
      kind: this.kind,
      codec: this.codec,
      packetsReceived: this.#receiver.received,
      packetsSent: this.#sender.packets,
      packetsLost: this.#receiver.lost,
      packetsDropped: this.#dropped + this.transport.refused,
      jitterMs: Math.round(this.#receiver.jitterMs * 10) / 10,
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#maySend = false;
    this.#mayReceive = false;
    this.sink?.leave(this);
    this.#endPlayback("leg_closed");
    this.#sendingDtmf?.done();
    this.#sendingDtmf = null;
    this.#ears?.close();
    this.#ears = null;
    this.#tickWhileBusy();
    this.#beep?.dispose();
    this.#beep = null;
    this.#rtcp.dispose();
    this.transport.close();
  }

  #emit(event: MediaEvent): void {
    if (!this.#closed || event.type === "play.ended") this.#options.emit(event);
  }
}
