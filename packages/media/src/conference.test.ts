import { SeededRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { Bridge } from "./bridge.ts";
import { decodeG711, encodeG711 } from "./g711.ts";
import type { Leg } from "./leg.ts";
import type { BridgeRole, Codec } from "./media-host.ts";
import { encodeMix } from "./mixing.ts";
import { newRtpView } from "./rtp-packet.ts";
import { goertzel, sine, toneShare } from "./testing.ts";
import { Ticker } from "./ticker.ts";

/** Stands for a leg: keeps what it was sent, and how. */
class FakeLeg {
  readonly legId: string;
  readonly codecToSend: Codec;
  sink: Bridge | null = null;
  busyHearing = false;
  readonly frames: Uint8Array[] = [];
  /** The very objects that were sent. */
  readonly sent: Uint8Array[] = [];
  readonly relayed: Uint8Array[] = [];
  readonly keys: number[] = [];

  constructor(legId: string, codec: Codec = "PCMA") {
    this.legId = legId;
    this.codecToSend = codec;
  }

  sendFrame(frame: Uint8Array): void {
    this.frames.push(frame.slice());
    this.sent.push(frame);
  }

  relay(packet: Buffer): void {
    this.relayed.push(packet.subarray(12).slice());
    packet.fill(0); // a relay may rewrite the packet
  }

  relayEvent(): void {
    this.keys.push(1);
  }

  get heard(): Int16Array {
    const all = Buffer.concat(this.frames);
    return decodeG711(all, this.codecToSend);
  }
}

let clock: ManualClock;
let ticker: Ticker;
let bridge: Bridge;
beforeEach(() => {
  clock = new ManualClock();
  ticker = new Ticker(clock);
  bridge = new Bridge("b", ticker);
});

function join(leg: FakeLeg, role: BridgeRole = { type: "party" }, to = bridge): FakeLeg {
  to.join(leg as unknown as Leg, role);
  return leg;
}

const party = (legId: string, codec?: Codec): FakeLeg => join(new FakeLeg(legId, codec));

/** One packet of `samples` from a leg. */
function say(leg: FakeLeg, samples: Int16Array, n: number, stream: object, codec: Codec = "PCMA"): void {
  const packet = Buffer.alloc(12 + samples.length);
  packet.set(encodeG711(samples, codec), 12);
  const view = {
    ...newRtpView(),
    sequence: n,
    timestamp: n * 160,
    payloadStart: 12,
    payloadEnd: packet.length,
  };
  leg.sink?.audio(leg as unknown as Leg, packet, view, codec, stream, clock.now());
}

interface Speaker {
  readonly leg: FakeLeg;
  readonly hz: number;
  readonly amplitude?: number;
  readonly codec?: Codec;
}

const streams = new WeakMap<FakeLeg, object>();

/** Everybody speaks for `ms`, each a tone of its own. `from` is the packet to begin with. */
function converse(ms: number, speakers: readonly Speaker[], from = 0): void {
  for (let n = from; n < from + ms / 20; n++) {
    for (const { leg, hz, amplitude, codec } of speakers) {
      const stream = streams.get(leg) ?? {};
      streams.set(leg, stream);
      const whole = Int16Array.from({ length: 160 }, (_, i) =>
        Math.round((amplitude ?? 6000) * Math.sin((2 * Math.PI * hz * (n * 160 + i)) / 8000)),
      );
      say(leg, whole, n, stream, codec);
    }
    clock.advance(20);
  }
}

const hears = (leg: FakeLeg, ...tones: number[]): number[] =>
  tones.filter((hz) => toneShare(leg.heard.subarray(1600), hz, 8000) > 0.1);

describe("a bridge with somebody who listens", () => {
  it("[ME53] goes on forwarding between the two parties, and mixes for the listener alone", () => {
    const a = party("a");
    const b = party("b");
    const l = join(new FakeLeg("l"), { type: "listener" });
    converse(500, [
      { leg: a, hz: 500 },
      { leg: b, hz: 1000 },
      { leg: l, hz: 2000 },
    ]);
    expect([a.relayed.length, b.relayed.length, l.relayed.length]).toEqual([25, 25, 0]);
    expect([a.frames.length, b.frames.length]).toEqual([0, 0]);
    expect(decodeG711(a.relayed[0] ?? new Uint8Array(), "PCMA")).not.toEqual(new Int16Array(160));
    expect(hears(l, 500, 1000, 2000)).toEqual([500, 1000]);
    bridge.event(a as unknown as Leg, Buffer.alloc(16), newRtpView(), {}, clock.now());
    expect([a.keys.length, b.keys.length, l.keys.length]).toEqual([0, 1, 0]);
  });

  it("[ME53] changes roles without a gap: to whisper, to speak to all, and back", () => {
    const a = party("a");
    const b = party("b");
    const s = join(new FakeLeg("s"), { type: "listener" });
    const all = [
      { leg: a, hz: 500 },
      { leg: b, hz: 1000 },
      { leg: s, hz: 2000 },
    ];
    converse(400, all);
    join(s, { type: "whisper", to: ["a"] });
    converse(400, all, 20);
    // b still hears a directly; a hears b and the whisper from the first tick on.
    expect([b.relayed.length, b.frames.length]).toEqual([40, 0]);
    expect([a.relayed.length, a.frames.length]).toEqual([20, 20]);
    expect(goertzel(a.heard.subarray(0, 320), 1000, 8000)).toBeGreaterThan(0.3);
    expect(hears(a, 500, 1000, 2000)).toEqual([1000, 2000]);
    expect(hears(s, 500, 1000, 2000)).toEqual([500, 1000]);
    join(s, { type: "party" });
    converse(400, all, 40);
    expect([a.frames.length, b.frames.length]).toEqual([40, 20]);
    expect(hears(b, 500, 1000, 2000)).toEqual([500, 2000]);
    expect(goertzel(b.heard.subarray(0, 320), 500, 8000)).toBeGreaterThan(0.3);
    join(s, { type: "listener" });
    converse(400, all, 60);
    expect([a.relayed.length, b.relayed.length]).toEqual([40, 60]);
    expect(s.frames).toHaveLength(80);
  });

  it("[ME53] is a plain pair again when the listener goes, and mixes no more", () => {
    const a = party("a");
    const b = party("b");
    const l = join(new FakeLeg("l"), { type: "listener" });
    converse(100, [{ leg: a, hz: 500 }]);
    bridge.leave(l as unknown as Leg);
    expect(clock.pending).toBe(0);
    converse(100, [{ leg: a, hz: 500 }], 5);
    expect([b.relayed.length, b.frames.length]).toEqual([10, 0]);
  });

  it("[ME56] lets a whisper be heard, and so recorded, by those it names only", () => {
    const [a, b, c] = [party("a"), party("b"), party("c")];
    const w = join(new FakeLeg("w"), { type: "whisper", to: ["b", "c", "w"] });
    converse(500, [
      { leg: a, hz: 500 },
      { leg: w, hz: 2000 },
    ]);
    expect([a, b, c, w].map((leg) => hears(leg, 500, 2000))).toEqual([[], [500, 2000], [500, 2000], [500]]);
  });
});

describe("a conference", () => {
  it("[ME55] lets the loudest four of many be heard, and each without itself", () => {
    const legs = Array.from({ length: 7 }, (_, i) => party(`p${i}`));
    const tones = [500, 700, 900, 1100, 1300, 1500, 1700];
    const amplitude = [4000, 100, 4500, 200, 5000, 300, 5500];
    converse(
      600,
      legs.map((leg, i) => ({ leg, hz: tones[i] ?? 0, amplitude: amplitude[i] ?? 0 })),
    );
    const loud = [500, 900, 1300, 1700];
    legs.forEach((leg, i) => {
      expect(hears(leg, ...tones), `p${i}`).toEqual(loud.filter((hz) => hz !== tones[i]));
    });
  });

  it("[ME55] lets somebody in who becomes louder, and nobody flutter", () => {
    const legs = Array.from({ length: 6 }, (_, i) => party(`p${i}`));
    const tones = [500, 700, 900, 1100, 1300, 1500];
    const listener = join(new FakeLeg("l"), { type: "listener" });
    const speak = (ms: number, from: number, amplitude: (i: number) => number): void =>
      converse(
        ms,
        legs.map((leg, i) => ({ leg, hz: tones[i] ?? 0, amplitude: amplitude(i) })),
        from,
      );
    speak(500, 0, () => 4000);
    const before = hears(listener, ...tones);
    expect(before).toHaveLength(4);
    const out = tones.findIndex((hz) => !before.includes(hz));
    listener.frames.length = 0;
    speak(1000, 25, (i) => (i === out ? 12_000 : 4000));
    expect(hears(listener, tones[out] ?? 0)).toHaveLength(1);
  });

  it("[ME55] keeps those it chose while others are hardly louder, and changes without a click", () => {
    const legs = Array.from({ length: 6 }, (_, i) => party(`p${i}`));
    const tones = [500, 700, 900, 1100, 1300, 1500];
    const [one, other] = [
      join(new FakeLeg("l"), { type: "listener" }),
      join(new FakeLeg("m"), { type: "listener" }),
    ];
    const random = new SeededRandom(9);
    for (let n = 0; n < 100; n++) {
      const speakers = legs.map((leg, i) => ({
        leg,
        hz: tones[i] ?? 0,
        amplitude: 3000 + 900 * random.next(),
      }));
      converse(20, speakers, n);
    }
    expect(hears(one, ...tones)).toHaveLength(4);
    const chosen = hears(one, ...tones);
    const others = tones.filter((hz) => !chosen.includes(hz));
    for (const hz of others) expect(goertzel(one.heard.subarray(8000), hz, 8000)).toBeLessThan(0.005);
    expect(one.sent.at(-1)).toBe(other.sent.at(-1)); // the same bytes, encoded once
  });

  it("[ME55] fades in who becomes loud and out who is left out", () => {
    const legs = Array.from({ length: 6 }, (_, i) => party(`p${i}`));
    const low = [31, 37, 41, 47, 53, 59]; // slow waves: a cut would be a step
    const listener = join(new FakeLeg("l"), { type: "listener" });
    for (let n = 0; n < 160; n++) {
      const strength = (i: number): number => 4000 + 2500 * Math.sin(2 * Math.PI * (n / 40 + i / 6));
      converse(
        20,
        legs.map((leg, i) => ({ leg, hz: low[i] ?? 0, amplitude: strength(i) })),
        n,
      );
    }
    const heard = listener.heard.subarray(800);
    const changes = low.filter((hz) => goertzel(heard.subarray(0, 8000), hz, 8000) > 0.02);
    expect(changes.length).toBe(6); // each was among the loudest for a while
    const step = heard.reduce((most, s, i) => (i ? Math.max(most, Math.abs(s - (heard[i - 1] ?? 0))) : 0), 0);
    expect(step).toBeLessThan(1700);
  });

  it("[ME55] presses together what is too loud, and never wraps or clips", () => {
    const sum = Int32Array.from({ length: 160 }, (_, i) => (i - 80) * 1600);
    const out = decodeG711(encodeMix(sum, null, "PCMU"), "PCMU");
    for (let i = 1; i < 160; i++) expect(out[i]).toBeGreaterThanOrEqual(out[i - 1] ?? 0);
    expect(out[0]).toBe(-32_124); // the end of mu-law's scale
    expect(Math.abs((out[90] ?? 0) - 16_000)).toBeLessThan(600);
    // 40 000 is pressed to where a mere cut would already have ended.
    expect(out[105]).toBeLessThan(32_124);
    expect(out[105]).toBeGreaterThan(28_000);
    const own = Int16Array.from(sum, (v) => Math.max(-20_000, Math.min(20_000, v)));
    const rest = decodeG711(encodeMix(Int32Array.from(own), own, "PCMA"), "PCMA");
    expect(rest.every((s) => Math.abs(s) <= 8)).toBe(true);
    const legs = Array.from({ length: 4 }, (_, i) => party(`p${i}`));
    converse(
      300,
      legs.map((leg) => ({ leg, hz: 1000, amplitude: 30_000 })),
    );
    const heard = legs[0]?.heard.subarray(1600) ?? new Int16Array();
    expect(Math.max(...heard)).toBeGreaterThan(31_000);
    expect(goertzel(heard, 1000, 8000)).toBeGreaterThan(0.85);
  });

  it("[ME16] mixes for each its codec", () => {
    const a = party("a", "PCMU");
    const b = party("b");
    const c = party("c");
    converse(400, [
      { leg: a, hz: 500, codec: "PCMU" },
      { leg: b, hz: 1000 },
      { leg: c, hz: 2000 },
    ]);
    expect([a, b, c].map((leg) => hears(leg, 500, 1000, 2000))).toEqual([
      [1000, 2000],
      [500, 2000],
      [500, 1000],
    ]);
  });

  it("[ME53] leaves the ear of a party alone that hears a playback", () => {
    const [a, b, c] = [party("a"), party("b"), party("c")];
    b.busyHearing = true;
    converse(200, [{ leg: a, hz: 500 }]);
    expect([b.frames.length, c.frames.length]).toEqual([0, 10]);
  });

  it("[ME61] adds at most 40 ms in the middle and 60 ms at the worst, under the jitter of a busy network", () => {
    const random = new SeededRandom(11);
    const delays: number[] = [];
    for (let conference = 0; conference < 20; conference++) {
      const legs = [party("a"), party("b"), party("c")] as const;
      const [a, , c] = legs;
      const stream = {};
      const phase = Math.floor(random.next() * 20);
      const started = clock.now();
      const due: { at: number; n: number }[] = Array.from({ length: 300 }, (_, n) => ({
        at: started + phase + n * 20 + Math.floor(random.next() ** 3 * 8),
        n,
      }));
      const spoken: number[] = [];
      for (let ms = 0; ms < 6000; ms++) {
        for (const { at, n } of due) {
          if (at !== clock.now()) continue;
          // A pulse every ten packets.
          const samples = new Int16Array(160);
          if (n % 10 === 5) {
            samples.fill(16_000, 0, 8);
            spoken.push(at - started);
          }
          say(a, samples, n, stream);
        }
        const before = c.frames.length;
        clock.advance(1);
        if (c.frames.length > before) {
          const at = decodeG711(c.frames[before] ?? new Uint8Array(), "PCMA").findIndex((s) => s > 8000);
          const said = spoken[0];
          if (at >= 0 && said !== undefined) {
            delays.push(clock.now() - started + at / 8 - said);
            spoken.shift();
          }
        }
      }
      for (const leg of legs) bridge.leave(leg as unknown as Leg);
    }
    delays.sort((x, y) => x - y);
    expect(delays.length).toBeGreaterThan(20 * 25);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThanOrEqual(40);
    expect(delays[Math.floor(delays.length * 0.99)]).toBeLessThanOrEqual(60);
  });

  it("[ME55] hundred conferences mix side by side and leave nothing running", () => {
    const bridges = Array.from({ length: 100 }, (_, i) => new Bridge(`b${i}`, ticker));
    const legs = bridges.map((own, i) =>
      [0, 1, 2].map((k) => join(new FakeLeg(`l${i}.${k}`), { type: "party" }, own)),
    );
    const packet = sine(1000, 20, 8000);
    for (let n = 0; n < 20; n++) {
      for (const trio of legs) {
        const [speaker] = trio;
        if (speaker) say(speaker, packet, n, trio);
      }
      clock.advance(20);
    }
    for (const [a, b, c] of legs) {
      expect(goertzel(b?.heard.subarray(1600) ?? new Int16Array(1), 1000, 8000)).toBeGreaterThan(0.98);
      expect(c?.heard).toEqual(b?.heard);
      expect(a?.heard.subarray(1600).every((s) => Math.abs(s) <= 8)).toBe(true);
    }
    for (const own of bridges) own.dispose();
    expect(clock.pending).toBe(0);
  });
});
