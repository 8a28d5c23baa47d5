import { copyFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeG711, encodeG711 } from "./g711.ts";
import { Recorder, type TrackSide } from "./recorder.ts";
import { composeStereo, repairRecording, waveformPeaks } from "./recording-files.ts";
import { startTestHost } from "./test-host.ts";
import { decodeWav, goertzel, RtpPhone, readWav, sine, toneWav } from "./testing.ts";
import { TrackTimeline } from "./track-timeline.ts";
import { readWavLayout } from "./wav.ts";
import { type TrackFile, WavAppender } from "./wav-appender.ts";

let folder: string;
let clock: ManualClock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "svara-media-"));
  clock = new ManualClock();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = (): Promise<Recorder> =>
  Recorder.start({ recordingId: "r", pathPrefix: join(folder, "deep", "call"), clock });

/** Lets a tone pass for `ms`, a packet each 20 ms. */
function speak(recorder: Recorder, side: TrackSide, hz: number, ms: number, timestamp = 0): void {
  const bytes = encodeG711(sine(hz, ms, 8000), "PCMA");
  for (let at = 0; at < bytes.length; at += 160) {
    recorder.write(side, clock.now(), timestamp + at, bytes, at, at + 160, "PCMA", at === 0);
    clock.advance(20);
  }
}

async function samples(path: string): Promise<Int16Array> {
  return readWav(await readFile(path), path).samples;
}

/** Waits for what was queued to reach the disk. */
async function onDisk(path: string, bytes: number): Promise<void> {
  while ((await stat(path)).size < bytes) await new Promise((resolve) => setImmediate(resolve));
}

describe("the recorder", () => {
  it("[ME28] makes both tracks as long as the recording, silent where nothing was heard", async () => {
    const recorder = await start();
    clock.advance(1000);
    speak(recorder, "in", 1000, 500);
    clock.advance(740);
    const summary = await recorder.stop();
    expect(summary).toMatchObject({
      durationMs: 2240,
      outcome: "complete",
      pauses: [],
      startedAt: clock.now() - 2240,
    });
    const input = await samples(summary.tracks.in);
    const output = await samples(summary.tracks.out);
    expect([input.length, output.length]).toEqual([17_920, 17_920]);
    expect(output.every((s) => s === 0)).toBe(true);
    expect(summary.bytes).toBe((await stat(summary.tracks.in)).size + (await stat(summary.tracks.out)).size);
  });

  it("[ME29] puts what was said where it was said, in both tracks", async () => {
    const recorder = await start();
    clock.advance(1000);
    speak(recorder, "in", 1000, 500);
    speak(recorder, "out", 440, 500);
    const summary = await recorder.stop();
    const input = await samples(summary.tracks.in);
    const output = await samples(summary.tracks.out);
    expect(input.findIndex((s) => Math.abs(s) > 100)).toBeGreaterThanOrEqual(8000);
    expect(goertzel(input.subarray(8000, 12_000), 1000, 8000)).toBeGreaterThan(0.99);
    expect(goertzel(output.subarray(12_000, 16_000), 440, 8000)).toBeGreaterThan(0.99);
    expect(input.subarray(12_000).every((s) => s === 0)).toBe(true);
  });

  it("[ME30] leaves a pause silent, of its length, and tells where it was", async () => {
    const recorder = await start();
    speak(recorder, "in", 1000, 400);
    recorder.pause();
    recorder.pause();
    speak(recorder, "in", 2000, 600, 3200);
    recorder.resume();
    speak(recorder, "in", 1000, 400, 8000);
    const summary = await recorder.stop();
    expect(summary).toMatchObject({ durationMs: 1400, pauses: [{ fromMs: 400, toMs: 1000 }] });
    const input = await samples(summary.tracks.in);
    expect(input.subarray(3200, 8000).every((s) => s === 0)).toBe(true);
    expect(goertzel(input.subarray(8000), 1000, 8000)).toBeGreaterThan(0.99);
    expect(input.length).toBe(11_200);
  });

  it("[ME31] leaves a valid file behind at any moment, at most 1.4 s short", async () => {
    const recorder = await start();
    speak(recorder, "in", 1000, 3000);
    const path = recorder.tracks.in;
    await onDisk(path, 58 + 1600 * 8);
    // the header follows the data; what is cut between the two is repaired, see below
    await expect
      .poll(async () => readWavLayout(await readFile(path), path).dataLength, { timeout: 10_000 })
      .toBeGreaterThanOrEqual(1600 * 8);
    const cut = join(folder, "cut.wav");
    await copyFile(path, cut); // what kill -9 leaves
    const layout = readWavLayout(await readFile(cut), cut);
    expect(layout).toMatchObject({ format: "mulaw", channels: 1, sampleRate: 8000 });
    expect(layout.dataLength).toBeGreaterThanOrEqual(1600 * 8);
    const heard = await samples(cut);
    expect(goertzel(heard.subarray(800), 1000, 8000)).toBeGreaterThan(0.99);
    await recorder.stop();
  });

  it("[ME31] a track that was cut between data and header is repaired", async () => {
    const recorder = await start();
    speak(recorder, "in", 1000, 1000);
    const { tracks } = await recorder.stop();
    const whole = await readFile(tracks.in);
    const file = await open(tracks.in, "r+");
    await file.write(whole.subarray(0, 58).fill(0, 54, 58), 0, 58, 0); // the header still says: no data
    await file.close();
    expect(await repairRecording(tracks.in)).toEqual({ repaired: true, durationMs: 1000 });
    expect((await samples(tracks.in)).length).toBe(8000);
    await truncate(tracks.in, 58 + 4000);
    expect(await repairRecording(tracks.in)).toEqual({ repaired: true, durationMs: 500 });
    expect(await repairRecording(tracks.in)).toEqual({ repaired: false, durationMs: 500 });
    await writeFile(join(folder, "other.wav"), "no wav");
    await expect(repairRecording(join(folder, "other.wav"))).rejects.toMatchObject({
      code: "media.prompt_unreadable",
    });
  });

  it("[ME32] does not begin where it cannot write, and overwrites nothing", async () => {
    const first = await start();
    await first.stop();
    await expect(start()).rejects.toMatchObject({ code: "media.recording_failed", retryable: true });
    await writeFile(join(folder, "file"), "");
    const inFile = Recorder.start({ recordingId: "x", pathPrefix: join(folder, "file", "call"), clock });
    await expect(inFile).rejects.toMatchObject({ code: "media.recording_failed" });
  });

  it("[ME60] gives up a file when 60 s of sound wait for the disk, and keeps what is written", async () => {
    const path = join(folder, "slow.wav");
    const appender = await WavAppender.create(path);
    const second = encodeG711(sine(1000, 1000, 8000), "PCMU");
    for (let n = 0; n < 60; n++) appender.append(second);
    expect(appender.failure).toBeNull(); // the first of them is being written, the others wait
    for (let n = 0; n < 3; n++) appender.append(second);
    expect(String(appender.failure)).toContain("the disk is too slow");
    for (let n = 0; n < 1000; n++) appender.append(second);
    await appender.close();
    const file = await readFile(path);
    expect(file.length).toBe(appender.bytes);
    expect(readWav(file, path).samples.length).toBe(8000);
  });

  it("[ME32] ends itself when the disk refuses, says so once, and the call goes on", async () => {
    let full: Error | null = null;
    const createTrack = async (): Promise<TrackFile> => ({
      bytes: 58,
      get failure() {
        return full;
      },
      append: () => {},
      close: async () => {},
    });
    const t = await startTestHost({}, { createTrack });
    const a = await RtpPhone.open(1);
    try {
      const answer = await t.host.request({
        type: "leg.answer",
        legId: "a",
        kind: "rtp",
        remoteSdp: a.sdp(),
      });
      a.aim(answer.sdp);
      const pathPrefix = join(folder, "full");
      await t.host.request({ type: "record.start", recordingId: "r", legId: "a", pathPrefix });
      t.clock.advance(1000);
      full = new Error("ENOSPC: no space left on device");
      t.clock.advance(2000);
      const failures = t.events.filter((e) => e.type === "record.failed");
      expect(failures).toMatchObject([{ recordingId: "r", reason: "ENOSPC: no space left on device" }]);
      const { summary } = await t.host.request({ type: "record.stop", recordingId: "r" });
      expect(summary).toMatchObject({ outcome: "failed" });
      await t.host.request({ type: "play.start", playbackId: "p", legId: "a", items: [{ tone: "dial" }] });
      t.clock.advance(240);
      await a.hears(10);
    } finally {
      await t.host.close();
      await a.close();
    }
  });
});

describe("a track's timeline", () => {
  const packet = encodeG711(sine(1000, 20, 8000), "PCMU");
  const put = (t: TrackTimeline, elapsedMs: number, timestamp: number, fresh = false): void =>
    t.write(elapsedMs, timestamp, packet, 0, 160, "PCMU", fresh);
  const quiet = (bytes: Uint8Array | null): number => bytes?.filter((b) => b === 0xff).length ?? -1;

  it("[ME29] takes spacing from the timestamps, so that jitter leaves no holes", () => {
    const timeline = new TrackTimeline();
    [0, 47, 48, 61, 99].forEach((at, n) => {
      put(timeline, at, n * 160, n === 0);
    });
    const taken = timeline.take(100);
    expect(taken?.length).toBe(800);
    expect(Array.from(taken ?? []).slice(0, 160)).toEqual(Array.from(packet));
    expect(Array.from(taken ?? []).slice(640)).toEqual(Array.from(packet));
  });

  it("[ME29] loses nothing when the host stalls and the packets of that time come at once", () => {
    const timeline = new TrackTimeline();
    put(timeline, 0, 0, true);
    timeline.take(0);
    for (let n = 1; n <= 18; n++) put(timeline, 380, n * 160);
    expect(quiet(timeline.take(380))).toBe(19 * quiet(packet));
  });

  it("[ME29] follows the host when the sender's clock is slow or fast, in small steps", () => {
    for (const drift of [-1, 1]) {
      const timeline = new TrackTimeline();
      // one per thousand: 20 ms a packet are 20.02 or 19.98
      for (let n = 0; n < 10_000; n++) {
        const elapsed = Math.round(n * (20 + 0.02 * drift));
        put(timeline, elapsed, n * 160, n === 0);
        timeline.take(elapsed - 400);
      }
      const end = 10_000 * (20 + 0.02 * drift);
      const rest = timeline.take(end + 200) ?? new Uint8Array();
      const last = rest.findLastIndex((byte) => byte !== 0xff) / 8 - 400;
      expect(Math.abs(last)).toBeLessThan(90);
    }
  });

  it("[ME29] puts a packet that comes out of order into its place, and drops what comes too late", () => {
    const timeline = new TrackTimeline();
    put(timeline, 0, 0, true);
    put(timeline, 40, 320);
    put(timeline, 45, 160);
    expect(Array.from(timeline.take(60) ?? []).slice(160, 320)).toEqual(Array.from(packet));
    put(timeline, 70, 320);
    expect(quiet(timeline.take(80))).toBe(160);
  });

  /** Two seconds of a tone in packets, of which some are lost, as samples. */
  function withLoss(lost: (n: number) => boolean, order: (n: number) => number = (n) => n): Int16Array {
    const timeline = new TrackTimeline();
    const tone = sine(400, 2000, 8000);
    const all: Uint8Array[] = [];
    for (let turn = 0; turn < 100; turn++) {
      const n = order(turn);
      const bytes = encodeG711(tone.subarray(n * 160, n * 160 + 160), "PCMU");
      if (!lost(n)) timeline.write(turn * 20, n * 160, bytes, 0, 160, "PCMU", turn === 0);
      if (turn % 7 === 0) all.push(timeline.take(turn * 20 - 400) ?? new Uint8Array());
    }
    all.push(timeline.take(2000) ?? new Uint8Array());
    return decodeG711(Buffer.concat(all), "PCMU");
  }
  const largestStep = (samples: Int16Array): number =>
    samples.reduce((most, s, i) => (i ? Math.max(most, Math.abs(s - (samples[i - 1] ?? 0))) : 0), 0);

  it("[ME47] conceals what was lost, without a click", () => {
    const whole = withLoss(() => false);
    expect(whole.length).toBe(16_000);
    const single = withLoss((n) => n % 9 === 4);
    expect(largestStep(single)).toBeLessThan(largestStep(whole) * 1.6);
    expect(goertzel(single, 400, 8000)).toBeGreaterThan(0.95);
    const bursts = withLoss((n) => n % 20 >= 10 && n % 20 < 16);
    expect(largestStep(bursts)).toBeLessThan(largestStep(whole) * 1.6);
    // 120 ms are lost each time: 60 fade, 60 are silent.
    expect(bursts.subarray(10 * 160 + 480, 16 * 160).every((s) => s === 0)).toBe(true);
    expect(bursts.length).toBe(16_000);
  });

  it("[ME47] conceals where a piece was just taken as in its middle, and ends without a step", () => {
    for (let until = 300; until < 330; until += 3) {
      const timeline = new TrackTimeline();
      const tone = sine(437, 1000, 8000);
      const parts: Uint8Array[] = [];
      for (let n = 0; n < 50; n++) {
        const bytes = encodeG711(tone.subarray(n * 160, n * 160 + 160), "PCMU");
        if (n < 15 || n > 18) timeline.write(n * 20, n * 160, bytes, 0, 160, "PCMU", n === 0);
        if (n === 35) parts.push(timeline.take(until) ?? new Uint8Array());
      }
      parts.push(timeline.take(1000) ?? new Uint8Array());
      const heard = decodeG711(Buffer.concat(parts), "PCMU");
      // The seams: the hole begins at 300 ms and ends at 380.
      expect(largestStep(heard), `taken at ${until}`).toBeLessThan(largestStep(tone) * 1.1);
      expect(goertzel(heard.subarray(2400, 2480), 437, 8000)).toBeGreaterThan(0.9);
    }
  });

  it("[ME47] makes nothing where a packet only came out of order", () => {
    const swapped = withLoss(
      () => false,
      (n) => (n % 10 === 5 ? n + 1 : n % 10 === 6 ? n - 1 : n),
    );
    expect(swapped).toEqual(withLoss(() => false));
  });

  it("[ME29] follows the host's clock when the sender's timestamps run away", () => {
    const timeline = new TrackTimeline();
    put(timeline, 0, 0, true);
    put(timeline, 1000, 500_000);
    const taken = timeline.take(1020) ?? new Uint8Array();
    expect(Array.from(taken.subarray(8000))).toEqual(Array.from(packet));
    expect(quiet(taken.subarray(160, 8000))).toBe(7840);
  });
});

describe("recordings of legs", () => {
  it("[ME29] keep a relayed packet that came out of order in its place", async () => {
    const t = await startTestHost();
    const phones = [await RtpPhone.open(1), await RtpPhone.open(2)] as const;
    try {
      await t.host.request({ type: "bridge.create", bridgeId: "x" });
      for (const [i, phone] of phones.entries()) {
        const legId = `l${i}`;
        const remoteSdp = phone.sdp({ codecs: ["PCMU"] });
        phone.aim((await t.host.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp })).sdp);
        await t.host.request({ type: "bridge.join", bridgeId: "x", legId });
      }
      const pathPrefix = join(folder, "order");
      const { tracks } = await t.host.request({
        type: "record.start",
        recordingId: "r",
        legId: "l1",
        pathPrefix,
      });
      const [a] = phones;
      const first = { sequence: a.sequence, timestamp: a.timestamp };
      for (const [turn, n] of [0, 1, 3, 2, 4, 5].entries()) {
        a.sequence = first.sequence + n;
        const bytes = encodeG711(new Int16Array(160).fill((n + 1) * 1000), "PCMU");
        await a.send(0, bytes, { timestamp: first.timestamp + n * 160 });
        await t.received("l0", turn + 1);
        t.clock.advance(20);
      }
      await t.host.request({ type: "record.stop", recordingId: "r" });
      const heard = await samples(tracks.out);
      expect([0, 1, 2, 3, 4, 5].map((n) => Math.round((heard[n * 160 + 80] ?? 0) / 1000))).toEqual([
        1, 2, 3, 4, 5, 6,
      ]);
    } finally {
      await t.host.close();
      for (const phone of phones) await phone.close();
    }
  });

  it("[ME29] [ME34] hold the party in one track and what it heard in the other; closing the leg ends them", async () => {
    const t = await startTestHost();
    const a = await RtpPhone.open(1);
    try {
      const answer = await t.host.request({
        type: "leg.answer",
        legId: "a",
        kind: "rtp",
        remoteSdp: a.sdp(),
      });
      a.aim(answer.sdp);
      const pathPrefix = join(folder, "leg");
      const record = { type: "record.start", recordingId: "r", legId: "a", pathPrefix } as const;
      const started = await t.host.request(record);
      expect(await t.host.request(record)).toEqual(started);
      await t.host.request({ type: "play.start", playbackId: "p", legId: "a", items: [{ tone: "dial" }] });
      for (let n = 0; n < 25; n++) {
        await a.say(sine(1000, 20, 8000), "PCMA");
        await t.received("a", n + 1);
        t.clock.advance(20);
      }
      await t.host.request({ type: "leg.close", legId: "a" });
      const { summary } = await t.next("record.ended");
      expect(summary).toMatchObject({ recordingId: "r", durationMs: 500, outcome: "complete" });
      expect((await t.host.request({ type: "record.stop", recordingId: "r" })).summary).toEqual(summary);
      const input = await samples(started.tracks.in);
      const output = await samples(started.tracks.out);
      expect([input.length, output.length]).toEqual([4000, 4000]);
      expect(goertzel(output.subarray(800), 425, 8000)).toBeGreaterThan(0.98);
      expect(goertzel(input, 1000, 8000)).toBeGreaterThan(0.99);
    } finally {
      await t.host.close();
      await a.close();
    }
  });
});

describe("recording files", () => {
  it("[ME33] are composed left and right, a short one filled with silence", async () => {
    const left = join(folder, "left.wav");
    const right = join(folder, "right.wav");
    const out = join(folder, "both.wav");
    await toneWav(left, 1000, 5);
    await toneWav(right, 440, 3);
    expect(await composeStereo({ left, right }, out)).toEqual({ durationMs: 5000, bytes: 44 + 5 * 8000 * 4 });
    const file = await readFile(out);
    expect(readWavLayout(file, out)).toMatchObject({ channels: 2, format: "pcm16", sampleRate: 8000 });
    const channel = (c: number): Int16Array => decodeWav(file).tracks[c] ?? new Int16Array();
    expect(goertzel(channel(0), 1000, 8000)).toBeGreaterThan(0.99);
    expect(goertzel(channel(1).subarray(0, 24_000), 440, 8000)).toBeGreaterThan(0.99);
    expect(
      channel(1)
        .subarray(24_000)
        .every((s) => s === 0),
    ).toBe(true);
    const missing = composeStereo({ left, right: join(folder, "none.wav") }, join(folder, "no.wav"));
    await expect(missing).rejects.toThrow();
    await expect(stat(join(folder, "no.wav"))).rejects.toThrow();
  });

  it("[ME62] are aligned to the sample when they are composed", async () => {
    const recorder = await start();
    clock.advance(137);
    const click = encodeG711(
      Int16Array.from({ length: 160 }, (_, i) => (i === 33 ? 20_000 : 0)),
      "PCMU",
    );
    recorder.write("in", clock.now(), 5000, click, 0, 160, "PCMU", true);
    recorder.write("out", clock.now(), 77_000, click, 0, 160, "PCMU", true);
    clock.advance(1000);
    const { tracks } = await recorder.stop();
    const out = join(folder, "both.wav");
    await composeStereo({ left: tracks.in, right: tracks.out }, out);
    const places = decodeWav(await readFile(out)).tracks.map((track) => track.findIndex((s) => s > 10_000));
    expect(places).toEqual([137 * 8 + 33, 137 * 8 + 33]);
  });

  it("[ME33] tell how loud they are where", async () => {
    const left = join(folder, "left.wav");
    const right = join(folder, "right.wav");
    await toneWav(left, 1000, 4);
    await toneWav(right, 440, 2);
    await composeStereo({ left, right }, join(folder, "both.wav"));
    const peaks = await waveformPeaks(join(folder, "both.wav"), 4);
    expect(peaks.durationMs).toBe(4000);
    expect(peaks.channels.map((row) => row.map((p) => Math.round(p * 10) / 10))).toEqual([
      [0.3, 0.3, 0.3, 0.3],
      [0.3, 0.3, 0, 0],
    ]);
  });
});
