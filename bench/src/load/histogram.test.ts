import { describe, expect, it } from "vitest";
import { Histogram } from "./histogram.ts";

describe("a histogram", () => {
  it("knows its percentiles to a tenth of a millisecond", () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms);
    const { p50, p99, p999, max } = histogram.percentiles();
    expect([p50, p99, p999, max]).toEqual([500.1, 990.1, 999.1, 1_000]);
  });

  it("keeps the longest value even beyond its last bin, and forgets all when reset", () => {
    const histogram = new Histogram();
    histogram.add(60_000);
    expect(histogram.percentiles().max).toBe(60_000);
    histogram.reset();
    expect(histogram.percentiles()).toEqual({ p50: 0, p99: 0, p999: 0, max: 0 });
  });
});
