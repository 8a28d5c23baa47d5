import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DtmfReceiver, dtmfFrames } from "./dtmf.ts";

interface Sent {
  readonly payload: Uint8Array;
  readonly timestamp: number;
  readonly at: number;
}

/** The packets of a phone that presses these keys, with their time. */
function pressed(digits: string, start = 8000): Sent[] {
  return dtmfFrames(digits, 100).flatMap((packets, n) =>
    packets.map(({ payload, offset }) => ({ payload, timestamp: (start + offset) >>> 0, at: n * 20 })),
  );
}

function heard(packets: readonly Sent[]): string {
  const receiver = new DtmfReceiver();
  return packets.map(({ payload, timestamp, at }) => receiver.receive(payload, timestamp, at) ?? "").join("");
}

describe("DTMF", () => {
  it("[ME20] hears each key once, also the same key twice", () => {
    expect(heard(pressed("1155*#ABCD0"))).toBe("1155*#ABCD0");
  });

  it("[ME20] hears each key once across the wrap of the timestamp", () => {
    expect(heard(pressed("123", 2 ** 32 - 900))).toBe("123");
  });

  it("[ME20] hears each key once whatever is lost or doubled, as long as one packet comes", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9*#]{1,6}$/),
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 60, maxLength: 60 }),
        (digits, copies) => {
          const keys = Map.groupBy(pressed(digits), (p) => p.timestamp);
          const packets = [...keys.values()].flatMap((all) => {
            const kept = all.flatMap((p, i) =>
              Array.from({ length: copies[i % copies.length] ?? 1 }, () => p),
            );
            return kept.length > 0 ? kept : all.slice(-1);
          });
          expect(heard(packets)).toBe(digits);
        },
      ),
    );
  });

  it("[ME20] does not hear a key again from a straggler of before", () => {
    const packets = pressed("12");
    const [first] = packets;
    expect(heard([...packets, ...(first ? [{ ...first, at: 500 }] : [])])).toBe("12");
  });

  it("[ME20] takes a sender that moves the timestamp within one press for one press", () => {
    const payload = (duration: number): Uint8Array => Uint8Array.of(5, 10, duration >> 8, duration & 255);
    const packets = [160, 320, 480].map((d, i) => ({
      payload: payload(d),
      timestamp: 1000 + i * 160,
      at: i * 20,
    }));
    expect(heard(packets)).toBe("5");
  });

  it("[ME20] ignores what is no key: flash, tones, short payloads", () => {
    expect(heard([{ payload: Uint8Array.of(16, 10, 0, 160), timestamp: 1, at: 0 }])).toBe("");
    expect(heard([{ payload: Uint8Array.of(1), timestamp: 1, at: 0 }])).toBe("");
  });

  it("[ME21] sends one timestamp a key, growing durations, three last packets and a marker first", () => {
    const frames = dtmfFrames("7", 100);
    const packets = frames.flat();
    expect(packets.map((p) => p.payload[0])).toEqual([7, 7, 7, 7, 7, 7, 7]);
    expect(packets.map((p) => ((p.payload[2] ?? 0) << 8) | (p.payload[3] ?? 0))).toEqual([
      160, 320, 480, 640, 800, 800, 800,
    ]);
    expect(packets.map((p) => (p.payload[1] ?? 0) >> 7)).toEqual([0, 0, 0, 0, 1, 1, 1]);
    expect(packets.map((p) => p.marker)).toEqual([true, false, false, false, false, false, false]);
    expect(new Set(packets.map((p) => p.offset)).size).toBe(1);
  });
});
