import { Concealment, concealedSamples, concealmentHistory } from "./concealment.ts";
import { alawToLinear, mulawToLinear } from "./g711.ts";
import type { Codec } from "./media-host.ts";
import { frameLength } from "./prompt-cache.ts";

/** Samples in a millisecond. */
const samplesPerMs = 8;
const frameMs = 20;
/** Ring of samples by RTP timestamp, half a second: a power of two, so that a wrapping timestamp stays in place. */
const ringLength = 4096;
const ringMask = ringLength - 1;
/** Further ahead than this a packet has jumped, or our delay has run away: the buffer begins anew with it. */
const maxDelaySamples = 200 * samplesPerMs;
/** Later than this a packet belongs to another numbering. */
const maxBehindSamples = 1000 * samplesPerMs;
/** What the fastest of late packets is given beyond the jitter, so that a host that wakes late still has it. */
const leastMarginSamples = 4 * samplesPerMs;
/** Nearer than this to being late, and more delay is taken before it happens. */
const narrowSamples = 2 * samplesPerMs;
/** Packets in one judgement, and judgements that must agree before delay is given back: five seconds of 20 ms packets. */
const windowPackets = 50;
const windows = 5;
/** Late packets of one window that show that the delay is too short, not that one packet strayed. */
const tolerableLate = 1;
/** After so much silence the next packet begins a talk-spurt and may be placed anew. */
const spurtGapSamples = 200 * samplesPerMs;
/** Mean magnitude below which a frame may be left out or doubled unheard: about -54 dBm0. */
const quiet = 48;
/** So long a quiet frame is waited for before speech is bent: two seconds, and one before packets would be late. */
const patientFrames = 100;
/** Samples dropped or added in a frame that is not quiet: 1 % faster or slower is not heard. */
const bendPerFrame = 2;

/** What the buffer did, in samples since its making. */
export interface JitterBufferStats {
  /** Made for what was not there. */
  concealed: number;
  /** Came after its time. */
  late: number;
  /** Left out and added to follow the sender's clock and the jitter. */
  dropped: number;
  added: number;
}

/**
 * Smooths one party's packets for a consumer that takes 20 ms every 20 ms (RFC 3550, section 6.4.1: the delay follows
 * the jitter). Samples lie in a ring by their timestamp, so packets of any length, doubled or out of order find their
 * place. How much time packets have left when they come decides the delay: too little and it grows, by making sound; more
 * than needed for five seconds and it shrinks, a quiet frame at once, speech by two samples a frame. The same corrects
 * clocks that differ. What is missing is concealed. Pure: times are passed in.
 *
 *    idle --packet--> running --200 ms of nothing--> idle
 */
export class JitterBuffer {
  readonly stats: JitterBufferStats = { concealed: 0, late: 0, dropped: 0, added: 0 };
  readonly #ring = new Int16Array(ringLength);
  readonly #present = new Uint8Array(ringLength);
  readonly #frame = new Int16Array(frameLength);
  readonly #stretched = new Int16Array(frameLength + bendPerFrame);
  readonly #past = new Int16Array(concealmentHistory);
  readonly #concealment = new Concealment();
  #state: "idle" | "running" = "idle";
  /** Timestamp of the next sample to be played, and the end of the furthest one that came. */
  #next = 0;
  #end = 0;
  /** When the last frame was due; frames are 20 ms apart whenever they are really taken. */
  #tickAt = -1;
  #gap: "none" | "open" | "closing" = "none";
  #missing = 0;
  /** Samples still to be left out (negative) or added (positive). */
  #correction = 0;
  /** Frames for which a quiet one is waited for. */
  #patience = 0;
  /** They are added now, quiet or not: packets come too late. */
  #isUrgent = false;
  #jitter = 0;
  #transit = Number.NaN;
  /** Least and most time left of a packet in this window, in samples; least of the windows before. */
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #counted = 0;
  #lateInWindow = 0;
  readonly #minima = new Float64Array(windows).fill(Number.POSITIVE_INFINITY);
  #window = 0;
  #noiseRms = 0;
  #noiseFrom = 0;
  #noiseSeed = 0x1234_5678;

  /** How long the newest sample will wait. */
  get delayMs(): number {
    return this.#state === "idle" ? 0 : Math.max(0, (this.#end - this.#next) | 0) / samplesPerMs;
  }

  /** G.711 bytes `payload[from..to)` that came now; `fresh`: their numbering has nothing to do with what came before. */
  push(
    now: number,
    timestamp: number,
    payload: Uint8Array,
    from: number,
    to: number,
    codec: Codec,
    fresh: boolean,
  ): void {
    const length = to - from;
    if (fresh) this.#forget();
    if (this.#state === "idle") this.#anchor(now, timestamp);
    this.#measureJitter(now, timestamp);
    let ahead = (timestamp - this.#next) | 0;
    if (ahead > maxDelaySamples || ahead < -maxBehindSamples) {
      this.#forget();
      this.#anchor(now, timestamp);
      ahead = (timestamp - this.#next) | 0;
    }
    ahead += this.#judge(now, timestamp, ahead);
    const skipped = Math.max(0, -ahead);
    if (skipped >= length) {
      this.stats.late += length;
      return;
    }
    this.#noiseRms = 0;
    const table = codec === "PCMA" ? alawToLinear : mulawToLinear;
    for (let i = skipped; i < length; i++) {
      const at = (timestamp + i) & ringMask;
      this.#ring[at] = table[payload[from + i] ?? 0] ?? 0;
      this.#present[at] = 1;
    }
    const end = (timestamp + length) >>> 0;
    if (((end - this.#end) | 0) > 0) this.#end = end;
  }

  /** The party says that it is silent, but for noise of this strength (RFC 3389), until it sends sound again. */
  noise(now: number, timestamp: number, rms: number): void {
    if (this.#state === "idle") this.#anchor(now, timestamp);
    this.#noiseFrom = timestamp;
    this.#noiseRms = rms;
  }

  /** The 20 ms that are due, valid until the next call, or null when there is nothing to be heard. */
  take(now: number): Int16Array | null {
    this.#tick(now);
    if (this.#state === "idle") return null;
    const frame = this.#frame;
    const correction = this.#correction;
    if (correction >= frameLength && (this.#isUrgent || this.#heardQuiet())) {
      this.#make(frame, 0, frameLength);
      this.#correction -= frameLength;
      this.stats.added += frameLength;
    } else {
      if (correction <= -frameLength && this.#aheadQuiet()) this.#leaveOut();
      const bend =
        --this.#patience > 0 ? 0 : Math.max(-bendPerFrame, Math.min(bendPerFrame, this.#correction));
      if (bend === 0) this.#read(frame, frameLength);
      else this.#bent(frame, bend);
    }
    if (this.#missing >= spurtGapSamples && this.#noiseRms === 0) this.#state = "idle";
    return this.#missing > concealedSamples + frameLength && this.#noiseRms === 0 ? null : frame;
  }

  clear(): void {
    this.#forget();
    this.#tickAt = -1;
  }

  // ---- when to play ----

  /** Places a talk-spurt: its first packet waits for twice the jitter, at least 10 ms (RFC 3550, section 6.4.1). */
  #anchor(now: number, timestamp: number): void {
    this.#present.fill(0);
    // It begins out of silence.
    this.#gap = "open";
    this.#concealment.begin(this.#past.fill(0));
    const wait = Math.min(maxDelaySamples / 2, Math.max(10 * samplesPerMs, 2 * this.#jitter));
    const frames = Math.max(0, Math.ceil((wait - this.#untilTick(now)) / frameLength));
    this.#next = (timestamp - frames * frameLength) >>> 0;
    this.#end = timestamp >>> 0;
    this.#state = "running";
    this.#correction = 0;
    this.#missing = 0;
    this.#openWindow();
  }

  /** What comes has nothing to do with what came. */
  #forget(): void {
    this.#state = "idle";
    this.#noiseRms = 0;
    this.#transit = Number.NaN;
    this.#minima.fill(Number.POSITIVE_INFINITY);
  }

  /** Samples of time until the next frame is taken. */
  #untilTick(now: number): number {
    if (this.#tickAt < 0) return 0;
    return Math.max(0, Math.min(frameMs, this.#tickAt + frameMs - now)) * samplesPerMs;
  }

  /** Looks at the time that a packet has left; the result is by how much its place has moved away. */
  #judge(now: number, timestamp: number, ahead: number): number {
    const left = Math.floor(ahead / frameLength) * frameLength + this.#untilTick(now);
    if (left < 0) return this.#tooLate(timestamp, left);
    this.#least = Math.min(this.#least, left);
    this.#most = Math.max(this.#most, left);
    if (++this.#counted >= windowPackets) this.#closeWindow();
    return 0;
  }

  #tooLate(timestamp: number, left: number): number {
    const needed = Math.ceil((this.#margin() - left) / frameLength) * frameLength;
    if (this.#most + needed > maxDelaySamples) return 0;
    const newest = ((timestamp - this.#end) | 0) >= 0;
    if (newest && ((this.#end - this.#next) | 0) <= 0 && this.#gap === "open") {
      // Nothing else waits: what is being made just lasts longer, and this packet is heard after all.
      this.#next = (this.#next - needed) >>> 0;
      this.stats.added += needed;
      this.#shift(needed);
      this.#least = left + needed;
      return needed;
    }
    if (++this.#lateInWindow > tolerableLate && this.#correction <= 0) {
      this.#correction = needed;
      this.#isUrgent = true;
      this.#shift(needed);
    }
    return 0;
  }

  #margin(): number {
    return leastMarginSamples + this.#jitter / 2;
  }

  #closeWindow(): void {
    this.#minima[this.#window++ % windows] = this.#least;
    if (this.#correction === 0) {
      this.#isUrgent = false;
      const spare = Math.min(...this.#minima) - this.#margin();
      if (this.#least < narrowSamples && this.#most + frameLength <= maxDelaySamples) {
        this.#correct(frameLength);
      } else if (spare > frameLength && Number.isFinite(spare)) {
        this.#correct(-Math.floor(spare / frameLength) * frameLength);
      }
    }
    this.#openWindow();
  }

  #correct(samples: number): void {
    this.#correction = samples;
    this.#patience = samples < 0 ? patientFrames : patientFrames / 2;
    this.#shift(samples);
  }

  /** What was seen before would have had so much more time left. */
  #shift(samples: number): void {
    for (let i = 0; i < windows; i++) this.#minima[i] = (this.#minima[i] ?? 0) + samples;
    this.#openWindow();
  }

  #openWindow(): void {
    this.#least = Number.POSITIVE_INFINITY;
    this.#most = 0;
    this.#counted = 0;
    this.#lateInWindow = 0;
  }

  #measureJitter(now: number, timestamp: number): void {
    const transit = now * samplesPerMs - timestamp;
    const difference = Math.abs((transit - this.#transit) | 0);
    if (!Number.isNaN(this.#transit) && difference < 2 * maxDelaySamples) {
      this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
  }

  /** Frames are due every 20 ms; what was skipped in a stall is skipped here, too. */
  #tick(now: number): void {
    if (this.#tickAt < 0 || now < this.#tickAt + frameMs) this.#tickAt = now;
    else {
      const missed = Math.floor((now - this.#tickAt) / frameMs) - 1;
      if (missed > 5) {
        this.#tickAt = now;
        for (let i = 0; i < Math.min(missed * frameLength, ringLength); i++) {
          this.#present[(this.#next + i) & ringMask] = 0;
        }
        this.#next = (this.#next + missed * frameLength) >>> 0;
      } else this.#tickAt += frameMs;
    }
  }

  // ---- what to play ----

  /** Reads `count` samples from the ring to `out`, making what is missing. */
  #read(out: Int16Array, count: number): void {
    let done = 0;
    while (done < count) {
      const there = this.#present[(this.#next + done) & ringMask];
      let run = 1;
      while (done + run < count && this.#present[(this.#next + done + run) & ringMask] === there) run++;
      if (there) this.#copy(out, done, run);
      else this.#conceal(out, done, run, done);
      done += run;
    }
    this.#next = (this.#next + count) >>> 0;
  }

  #copy(out: Int16Array, from: number, count: number): void {
    for (let i = 0; i < count; i++) {
      const at = (this.#next + from + i) & ringMask;
      out[from + i] = this.#ring[at] ?? 0;
      this.#present[at] = 0;
    }
    this.#missing = 0;
    if (this.#gap === "none") return;
    this.#gap = this.#concealment.release(out, from, count) ? "closing" : "none";
    this.#keep(out, from, count, from);
  }

  #conceal(out: Int16Array, from: number, count: number, ahead: number): void {
    if (this.#noiseRms > 0 && ((this.#next + ahead - this.#noiseFrom) | 0) >= 0) this.#hiss(out, from, count);
    else {
      if (this.#gap !== "open") this.#openGap(ahead);
      this.#concealment.fill(out, from, count);
    }
    this.stats.concealed += count;
    this.#missing += count;
    this.#keep(out, from, count, ahead);
  }

  /** Makes sound without moving on. */
  #make(out: Int16Array, from: number, count: number): void {
    if (this.#gap !== "open") this.#openGap(0);
    this.#concealment.fill(out, from, count);
  }

  #openGap(ahead: number): void {
    for (let i = 0; i < concealmentHistory; i++) {
      this.#past[i] = this.#ring[(this.#next + ahead - concealmentHistory + i) & ringMask] ?? 0;
    }
    this.#concealment.begin(this.#past);
    this.#gap = "open";
  }

  /** What was really played is the past of the next gap. */
  #keep(out: Int16Array, from: number, count: number, ahead: number): void {
    for (let i = 0; i < count; i++) {
      const at = (this.#next + ahead + i) & ringMask;
      if (this.#present[at] === 0) this.#ring[at] = out[from + i] ?? 0;
    }
  }

  #hiss(out: Int16Array, from: number, count: number): void {
    // Uniform between -a and a has a strength of a / sqrt(3).
    const amplitude = this.#noiseRms * Math.sqrt(3);
    for (let i = 0; i < count; i++) {
      this.#noiseSeed = (Math.imul(this.#noiseSeed, 1_664_525) + 1_013_904_223) | 0;
      out[from + i] = Math.round((this.#noiseSeed / 2 ** 31) * amplitude);
    }
  }

  /** 158 or 162 samples played as 160, by linear interpolation. */
  #bent(frame: Int16Array, bend: number): void {
    const count = frameLength - bend;
    this.#read(this.#stretched, count);
    const step = (count - 1) / (frameLength - 1);
    for (let i = 0; i < frameLength; i++) {
      const at = i * step;
      const whole = Math.floor(at);
      const a = this.#stretched[whole] ?? 0;
      const b = this.#stretched[Math.min(count - 1, whole + 1)] ?? 0;
      frame[i] = Math.round(a + (b - a) * (at - whole));
    }
    this.#correction -= bend;
    if (bend > 0) this.stats.added += bend;
    else this.stats.dropped -= bend;
  }

  #leaveOut(): void {
    for (let i = 0; i < frameLength; i++) this.#present[(this.#next + i) & ringMask] = 0;
    this.#next = (this.#next + frameLength) >>> 0;
    this.#correction += frameLength;
    this.stats.dropped += frameLength;
  }

  #heardQuiet(): boolean {
    return this.#quietAt(-frameLength);
  }

  #aheadQuiet(): boolean {
    for (let i = 0; i < frameLength; i++) if (this.#present[(this.#next + i) & ringMask] === 0) return false;
    return this.#quietAt(0);
  }

  #quietAt(offset: number): boolean {
    let sum = 0;
    for (let i = 0; i < frameLength; i++)
      sum += Math.abs(this.#ring[(this.#next + offset + i) & ringMask] ?? 0);
    return sum < quiet * frameLength;
  }
}
