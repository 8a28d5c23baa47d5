import { describe, expect, it } from "vitest";
import { SourceLatch } from "./source-latch.ts";

const signalled = { address: "198.51.100.2", port: 5004 };

function latch(): SourceLatch {
  const made = new SourceLatch();
  made.signal(signalled, 0);
  return made;
}

describe("symmetric RTP", () => {
  it("[ME14] believes the address of the SDP at once", () => {
    const made = latch();
    expect(made.accept("198.51.100.2", 5004, 1, 10, 0)).toBe(true);
    expect(made.target).toEqual(signalled);
  });

  it("[ME14] believes another address after four packets in a row", () => {
    const made = latch();
    const taken = [10, 11, 12, 13, 14].map((n) => made.accept("203.0.113.9", 61_000, 1, n, n * 20));
    expect(taken).toEqual([false, false, false, true, true]);
    expect(made.target).toEqual({ address: "203.0.113.9", port: 61_000 });
  });

  it("[ME14] does not believe packets that are no steady stream", () => {
    const made = latch();
    const taken = [10, 12, 14, 16, 18, 20].map((n) => made.accept("203.0.113.9", 61_000, 1, n, n * 20));
    expect(taken).toEqual([false, false, false, false, false, false]);
    expect(made.target).toEqual(signalled);
  });

  it("[ME14] hears nobody else while the party speaks", () => {
    const made = latch();
    made.accept("198.51.100.2", 5004, 1, 1, 0);
    for (let n = 0; n < 200; n++) {
      made.accept("198.51.100.2", 5004, 1, n, n * 20);
      expect(made.accept("203.0.113.9", 61_000, 2, n, n * 20)).toBe(false);
    }
  });

  it("[ME14] follows the party to another port after two seconds of silence, a stranger only after a second of speech", () => {
    const moved = latch();
    moved.accept("198.51.100.2", 5004, 1, 1, 0);
    expect([2, 3, 4, 5].map((n) => moved.accept("203.0.113.9", 7000, 1, n, 2100))).toEqual([
      false,
      false,
      false,
      true,
    ]);
    const strange = latch();
    strange.accept("198.51.100.2", 5004, 1, 1, 0);
    const taken = Array.from({ length: 50 }, (_, n) =>
      strange.accept("203.0.113.9", 7000, 99, n, 2100 + n * 20),
    );
    expect(taken.indexOf(true)).toBe(49);
  });

  it("[ME14] whom the SDP names comes before a stranger who was sooner, and is not turned away by them again", () => {
    const made = latch();
    for (const n of [1, 2, 3, 4, 5]) made.accept("203.0.113.9", 61_000, 666, n, n * 20);
    expect(made.target?.port).toBe(61_000); // might be the party behind a translation
    expect(made.accept("198.51.100.2", 5004, 1, 10, 120)).toBe(true);
    expect(made.target).toEqual(signalled);
    for (let n = 6; n < 80; n++) {
      expect(made.accept("203.0.113.9", 61_000, 666, n, n * 20)).toBe(false);
      expect(made.accept("198.51.100.2", 5004, 1, n + 5, n * 20)).toBe(true);
    }
  });

  it("[ME14] prefers the first SDP to who spoke before it came", () => {
    const made = new SourceLatch();
    for (const n of [1, 2, 3, 4]) made.accept("203.0.113.9", 61_000, 666, n, 0);
    expect(made.latched).not.toBeNull();
    made.signal(signalled, 0);
    expect(made.target).toEqual(signalled);
    expect(made.accept("198.51.100.2", 5004, 1, 10, 20)).toBe(true);
    expect(made.accept("203.0.113.9", 61_000, 666, 5, 20)).toBe(false);
  });

  it("[ME14] searches anew when the SDP names another address, not when it repeats itself", () => {
    const made = latch();
    for (const n of [1, 2, 3, 4]) made.accept("203.0.113.9", 61_000, 1, n, 0);
    made.signal({ ...signalled }, 0);
    expect(made.target?.address).toBe("203.0.113.9");
    made.signal({ address: "198.51.100.77", port: 6000 }, 0);
    expect(made.target?.address).toBe("198.51.100.77");
    expect(made.accept("198.51.100.77", 6000, 5, 1, 20)).toBe(true);
  });
});
