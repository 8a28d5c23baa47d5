import { SeededRandom } from "@svara/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeG711 } from "./g711.ts";
import { JitterBuffer } from "./jitter-buffer.ts";
import { goertzel, toneShare } from "./testing.ts";

interface Way {
  readonly seconds: number;
  /** Milliseconds of sound in a packet. */
  readonly ptime?: number;
  /** How long the n-th packet is on its way; null: lost. */
  readonly transit?: (n: number) => number | null;
  /** The sender's clock against ours, in parts per million. */
  readonly skew?: number;
  readonly firstTimestamp?: number;
  /** The n-th packet is not sent: silence suppression. */
  readonly silent?: (n: number) => boolean;
  /** Added to the timestamp from the n-th packet on. */
  readonly jump?: (n: number) => number;
  readonly sound?: (sample: number) => number;
  /** Which packets begin a numbering of their own. */
  readonly fresh?: (n: number) => boolean;
  readonly tickPhase?: number;
}

const tone = (i: number): number => 8000 * Math.sin((2 * Math.PI * 1000 * i) / 8000);

/** Sends over such a way and takes a frame each 20 ms; all that was heard, nothing as silence. */
function play(way: Way, buffer = new JitterBuffer()): Int16Array {
  const { seconds, ptime = 20, skew = 0, firstTimestamp = 0xffff_f000, tickPhase = 7 } = way;
  const length = ptime * 8;
  const arrivals: { at: number; n: number }[] = [];
  for (let n = 0; n * ptime < seconds * 1000; n++) {
    const transit = way.transit ? way.transit(n) : 30;
    if (transit === null || way.silent?.(n)) continue;
    arrivals.push({ at: Math.round((n + 1) * ptime * (1 - skew / 1e6) + transit), n });
  }
  arrivals.sort((a, b) => a.at - b.at);
  const heard: number[] = [];
  let next = 0;
  for (let now = 0; now < seconds * 1000; now++) {
    for (let a = arrivals[next]; a !== undefined && a.at <= now; a = arrivals[++next]) {
      const { n } = a;
      const samples = Int16Array.from({ length }, (_, i) => Math.round((way.sound ?? tone)(n * length + i)));
      const timestamp = (firstTimestamp + n * length + (way.jump?.(n) ?? 0)) >>> 0;
      buffer.push(now, timestamp, encodeG711(samples, "PCMA"), 0, length, "PCMA", way.fresh?.(n) ?? n === 0);
    }
    if (now % 20 === tickPhase) {
      const frame = buffer.take(now);
      for (let i = 0; i < 160; i++) heard.push(frame?.[i] ?? 0);
    }
  }
  return Int16Array.from(heard);
}

const largestStep = (samples: Int16Array): number =>
  samples.reduce((most, s, i) => (i === 0 ? 0 : Math.max(most, Math.abs(s - (samples[i - 1] ?? 0)))), 0);
/** The longest run of nothing at all. */
function longestSilence(samples: Int16Array): number {
  let longest = 0;
  let run = 0;
  for (const sample of samples) {
    run = Math.abs(sample) < 100 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** A voice whose pitch glides: never the same period twice. */
const glide = (i: number): number => {
  const phase = 2 * Math.PI * ((100 * i) / 8000 + 6 * Math.sin((2 * Math.PI * i) / 12_000));
  return (
    3000 * (Math.sin(phase) + Math.sin(2 * phase) / 2 + Math.sin(3 * phase) / 3 + Math.sin(5 * phase) / 4)
  );
};

/** The largest step of the test tone itself. */
const toneStep = 6300;

/** Sharp pulses, each second; how late each is heard, counted from its being spoken. */
function pulseDelays(way: Omit<Way, "sound">): number[] {
  const heard = play({
    ...way,
    sound: (i) => (i % 8000 >= 4000 && i % 8000 < 4040 ? 16_000 : 0),
  });
  const delays: number[] = [];
  for (let second = 0; second + 1 < way.seconds; second++) {
    const at = heard.subarray(second * 8000, (second + 1) * 8000).findIndex((s) => Math.abs(s) > 8000);
    if (at >= 0) delays.push((at - 4000) / 8 + (way.tickPhase ?? 7));
  }
  return delays;
}

describe("the jitter buffer", () => {
  it("[ME46] plays packets of any length without a seam", () => {
    for (const ptime of [10, 20, 30, 40, 60]) {
      const buffer = new JitterBuffer();
      const heard = play({ seconds: 3, ptime }, buffer);
      expect(toneShare(heard.subarray(4000), 1000, 8000), `${ptime} ms`).toBeGreaterThan(0.99);
      expect(largestStep(heard.subarray(4000)), `${ptime} ms`).toBeLessThan(toneStep);
      expect(buffer.stats).toMatchObject({ late: 0, dropped: 0 });
    }
  });

  it("[ME46] adds at most 30 ms to a steady stream, wherever in the period the frames are taken", () => {
    for (let tickPhase = 0; tickPhase < 20; tickPhase++) {
      const delays = pulseDelays({ seconds: 5, tickPhase });
      // 20 ms of packet and 30 of way are not ours.
      expect(Math.max(...delays) - 50, `phase ${tickPhase}`).toBeLessThanOrEqual(30);
    }
  });

  it("[ME46] takes as much delay as the jitter needs, and not more than 200 ms", () => {
    const random = new SeededRandom(5);
    for (const spread of [10, 40, 80]) {
      const buffer = new JitterBuffer();
      const transit = (): number => 30 + Math.floor(random.next() * spread);
      const heard = play({ seconds: 30, transit }, buffer);
      expect(toneShare(heard.subarray(16_000), 1000, 8000), `${spread} ms`).toBeGreaterThan(0.97);
      expect(buffer.stats.late, `${spread} ms`).toBeLessThan(30 * 8000 * 0.005);
      expect(buffer.delayMs).toBeLessThanOrEqual(spread + 60);
    }
    const wild = new JitterBuffer();
    play({ seconds: 20, transit: () => 30 + Math.floor(random.next() * 600) }, wild);
    expect(wild.delayMs).toBeLessThanOrEqual(200 + 60);
  });

  it("[ME46] gives the delay back when the jitter is over", () => {
    const random = new SeededRandom(6);
    const delays = pulseDelays({
      seconds: 90,
      transit: (n) => 30 + (n < 1000 ? Math.floor(random.next() * 100) : 0),
    });
    expect(Math.max(...delays.slice(10, 20))).toBeGreaterThan(110);
    expect(Math.max(...delays.slice(-20)) - 50).toBeLessThanOrEqual(40);
  });

  it("[ME46] puts packets out of order and doubled ones into their places", () => {
    const heard = play({ seconds: 4, transit: (n) => 30 + (n % 5 === 0 ? 25 : 0) });
    expect(toneShare(heard.subarray(8000), 1000, 8000)).toBeGreaterThan(0.99);
    const twice = new JitterBuffer();
    const samples = encodeG711(
      Int16Array.from({ length: 160 }, (_, i) => tone(i)),
      "PCMA",
    );
    for (let n = 0; n < 5; n++) {
      for (let k = 0; k < 2; k++) twice.push(n * 20, n * 160, samples, 0, 160, "PCMA", n + k === 0);
      twice.take(n * 20 + 5);
    }
    expect(twice.delayMs).toBeLessThanOrEqual(40);
  });

  it("[ME46] goes on across a jump of the timestamps and a new source", () => {
    for (const way of [
      { jump: (n: number) => (n >= 100 ? 1_000_000 : 0) },
      { jump: (n: number) => (n >= 100 ? -1_000_000 : 0) },
      { jump: (n: number) => (n >= 100 ? 12_345 : 0), fresh: (n: number) => n === 0 || n === 100 },
      // A new source whose numbers look as if they were a little old.
      { jump: (n: number) => (n >= 100 ? -480 : 0), fresh: (n: number) => n === 0 || n === 100 },
    ]) {
      const buffer = new JitterBuffer();
      const heard = play({ seconds: 4, ...way }, buffer);
      expect(toneShare(heard.subarray(17_600), 1000, 8000)).toBeGreaterThan(0.98);
      expect(longestSilence(heard.subarray(8000))).toBeLessThan(400);
      expect(buffer.stats.late).toBe(0);
    }
  });

  it("[ME46] hears packets of a way that became longer: the delay grows, nothing is thrown away", () => {
    const buffer = new JitterBuffer();
    const heard = play({ seconds: 6, transit: (n) => (n < 100 ? 30 : 90) }, buffer);
    expect(buffer.stats.late).toBe(0);
    expect(buffer.stats.added).toBeGreaterThanOrEqual(320);
    expect(toneShare(heard.subarray(24_000), 1000, 8000)).toBeGreaterThan(0.99);
  });

  it("[ME46] takes more delay when packets come behind the next ones again and again", () => {
    const buffer = new JitterBuffer();
    play({ seconds: 20, transit: (n) => 30 + (n % 10 === 5 ? 65 : 0) }, buffer);
    expect(buffer.stats.late).toBeLessThanOrEqual(6 * 160); // 100 come that late
  });

  it("[ME46] does not wait longer because of one packet that comes behind the last", () => {
    const buffer = new JitterBuffer();
    const payload = encodeG711(new Int16Array(160).fill(5000), "PCMA");
    const push = (n: number, at: number): void => buffer.push(at, n * 160, payload, 0, 160, "PCMA", n === 0);
    for (let n = 0; n < 20; n++) {
      if (n !== 18) push(n, n * 20);
      buffer.take(n * 20 + 5);
    }
    for (let k = 20; k < 24; k++) buffer.take(k * 20 + 5);
    push(18, 24 * 20);
    expect(buffer.stats).toMatchObject({ late: 160, added: 0 });
  });

  it("[ME46] is as quick after a stall of the host as it was before", () => {
    const buffer = new JitterBuffer();
    const payload = encodeG711(new Int16Array(160).fill(5000), "PCMA");
    for (let n = 0; n < 200; n++) {
      const isStalled = n >= 100 && n < 109;
      const arrivals = isStalled ? [] : n === 109 ? Array.from({ length: 10 }, (_, i) => 100 + i) : [n];
      for (const k of arrivals) buffer.push(n * 20, k * 160, payload, 0, 160, "PCMA", k === 0);
      if (!isStalled) buffer.take(n * 20 + 5);
      if (n > 115) expect(buffer.delayMs, `packet ${n}`).toBeLessThanOrEqual(40);
    }
  });

  it("[ME46] follows a party that sends nothing while it is silent", () => {
    const buffer = new JitterBuffer();
    const heard = play({ seconds: 10, silent: (n) => n % 100 >= 50 }, buffer);
    for (let turn = 1; turn < 5; turn++) {
      const spoken = heard.subarray(turn * 16_000 + 1600, turn * 16_000 + 7600);
      expect(toneShare(spoken, 1000, 8000), `turn ${turn}`).toBeGreaterThan(0.99);
    }
    expect(buffer.stats.late).toBe(0);
  });

  it("[ME46] follows clocks that differ by up to 500 ppm, unheard, with bounded delay", () => {
    for (const skew of [-500, -100, 100, 500]) {
      const buffer = new JitterBuffer();
      const heard = play({ seconds: 120, skew }, buffer);
      const { late, dropped, added, concealed } = buffer.stats;
      expect(toneShare(heard.subarray(8000), 1000, 8000), `${skew} ppm`).toBeGreaterThan(0.95);
      expect(largestStep(heard.subarray(8000)), `${skew} ppm`).toBeLessThan(toneStep * 1.2);
      // Two frames of waiting at the beginning, and no more.
      expect(late + concealed, `${skew} ppm`).toBeLessThanOrEqual(320);
      // 120 s at that skew, give or take two corrections of a frame.
      expect(Math.abs(dropped - added - (skew * 120 * 8000) / 1e6), `${skew} ppm`).toBeLessThanOrEqual(480);
      expect(buffer.delayMs, `${skew} ppm`).toBeLessThanOrEqual(60);
    }
  });

  it("[ME46] corrects clocks in quiet frames when there are some", () => {
    for (const skew of [-800, 800]) {
      const buffer = new JitterBuffer();
      const sound = (i: number): number => (i % 16_000 < 8000 ? tone(i) : 20 * Math.sin(i));
      const heard = play({ seconds: 100, skew, sound }, buffer);
      const { dropped, added, late } = buffer.stats;
      expect(late).toBe(0);
      expect(Math.max(dropped, added)).toBeGreaterThanOrEqual(480);
      // What was said was not bent: 1 % off and 50 ms of it have lost a third of their strength at 1000 Hz.
      const loud = Array.from({ length: 1950 }, (_, i) =>
        heard.subarray(i * 400 + 800, i * 400 + 1200),
      ).filter(
        (part) =>
          Math.abs(part[0] ?? 0) + Math.abs(part[2] ?? 0) > 4000 &&
          Math.abs(part[397] ?? 0) + Math.abs(part[399] ?? 0) > 4000,
      );
      expect(loud.length).toBeGreaterThan(700);
      const bent = loud.filter((part) => goertzel(part, 1000, 8000) < 0.9);
      expect(bent.length, `${skew} ppm`).toBeLessThanOrEqual(5);
    }
  });

  it("[ME46] places talk-spurts so that their first packets are not late", () => {
    const random = new SeededRandom(21);
    const buffer = new JitterBuffer();
    const spread = 50;
    play(
      { seconds: 120, silent: (n) => n % 50 >= 30, transit: () => 30 + Math.floor(random.next() * spread) },
      buffer,
    );
    expect(buffer.stats.late).toBeLessThan(120 * 8000 * 0.006);
    expect(buffer.stats.added).toBeLessThan(120 * 160 * 0.3); // a fifth of the talk-spurts had to be moved
  });

  it("[ME47] conceals lost packets: no clicks, and a tone goes on", () => {
    const random = new SeededRandom(8);
    const buffer = new JitterBuffer();
    const heard = play({ seconds: 10, transit: () => (random.next() < 0.05 ? null : 30) }, buffer);
    expect(buffer.stats.concealed).toBeGreaterThan(8000 * 10 * 0.03);
    expect(toneShare(heard.subarray(1600), 1000, 8000)).toBeGreaterThan(0.97);
    expect(largestStep(heard.subarray(1600))).toBeLessThan(toneStep * 1.5);
  });

  it("[ME47] conceals a voice whose pitch glides, twice in a row, without a click", () => {
    const lost = (n: number): boolean => n % 10 === 4 || n % 10 === 6;
    const whole = play({ seconds: 8, sound: glide });
    const mended = play({ seconds: 8, sound: glide, transit: (n) => (lost(n) ? null : 30) });
    expect(largestStep(mended.subarray(1600))).toBeLessThan(largestStep(whole.subarray(1600)) * 1.15);
    const error = mended.subarray(1600).map((s, i) => s - (whole[1600 + i] ?? 0));
    const power = (samples: Int16Array): number => samples.reduce((sum, s) => sum + s * s, 0);
    // A fifth is lost: as silence it would be a fifth of the power.
    expect(power(error) / power(whole.subarray(1600))).toBeLessThan(0.12);
  });

  it("[ME47] falls silent when nothing comes any more, and begins again", () => {
    const heard = play({ seconds: 3, silent: (n) => n >= 50 && n < 100 });
    expect(heard.subarray(9600, 15_000).every((s) => s === 0)).toBe(true);
    expect(goertzel(heard.subarray(17_600, 22_000), 1000, 8000)).toBeGreaterThan(0.99);
  });

  it("[ME54] renders comfort noise of the strength that was told, until sound comes", () => {
    const buffer = new JitterBuffer();
    buffer.noise(0, 1000, 100);
    const frames: number[] = [];
    for (let n = 0; n < 100; n++) frames.push(...(buffer.take(n * 20) ?? []));
    const late = frames.slice(8000);
    expect(Math.sqrt(late.reduce((s, v) => s + v * v, 0) / late.length)).toBeGreaterThan(80);
    expect(Math.sqrt(late.reduce((s, v) => s + v * v, 0) / late.length)).toBeLessThan(120);
    expect(new Set(late).size).toBeGreaterThan(100);
    const silent = encodeG711(new Int16Array(160), "PCMA");
    for (let n = 100; n < 120; n++) {
      buffer.push(n * 20, 1000 + n * 160, silent, 0, 160, "PCMA", false);
      buffer.take(n * 20 + 5);
    }
    expect(Math.max(...(buffer.take(2400) ?? []))).toBeLessThan(20);
    for (let n = 121; n < 126; n++) expect(Math.max(...(buffer.take(n * 20) ?? [0]))).toBeLessThan(20);
  });

  it("[ME46] takes any order, loss, length and time of packets and stays bounded", () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 400 }),
      ahead: fc.integer({ min: -4000, max: 6000 }),
      length: fc.integer({ min: 1, max: 480 }),
      fresh: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), fc.nat(), (steps, start) => {
        const buffer = new JitterBuffer();
        const payload = new Uint8Array(480).fill(0x2a); // loud
        let now = 0;
        let tick = 0;
        let timestamp = start;
        for (const { wait, ahead, length, fresh } of steps) {
          for (now += wait; tick <= now; tick += 20) {
            const frame = buffer.take(tick);
            if (frame) expect(frame.length).toBe(160);
          }
          timestamp = (timestamp + ahead) >>> 0;
          buffer.push(now, timestamp, payload, 0, length, "PCMA", fresh === 0);
          expect(buffer.delayMs).toBeLessThanOrEqual(200 + 60 + 20);
        }
        // Without packets it falls silent.
        for (let k = 0; k < 60; k++, tick += 20) buffer.take(tick + 20);
        expect(buffer.take(tick + 20)).toBeNull();
      }),
    );
  });
});
