import { expect, test } from "vitest";
import { formatChange, formatFigure, verdict } from "./figures.ts";

const HOW = { locale: "en-GB", currency: "EUR" };

test("a figure is written in its own unit", () => {
  expect(formatFigure("serviceLevel", 0.8234, HOW)).toBe("82.3%");
  expect(formatFigure("meanWaitMs", 95_000, HOW)).toBe("1 min 35 secs");
  expect(formatFigure("cost", 1234.5, HOW)).toBe("€1,235");
  expect(formatFigure("offered", null, HOW)).toBe("–");
  expect(formatChange("meanWaitMs", -5_000, HOW)).toBe("−5 secs");
  expect(formatChange("abandoned", 3.25, HOW)).toBe("+3.3");
  expect([0.0001, -0.0001, 0].map((value) => formatChange("serviceLevel", value, HOW))).toEqual([
    "0",
    "0",
    "0",
  ]);
});

test("a difference is called better or worse only beyond what chance does", () => {
  const spread = (value: number, halfWidth: number | null) => ({
    value,
    halfWidth,
    p10: null,
    p50: null,
    p90: null,
  });
  expect(verdict("serviceLevel", spread(0.1, 0.02))).toBe("better");
  expect(verdict("abandonRate", spread(0.1, 0.02))).toBe("worse");
  expect(verdict("abandonRate", spread(0.1, 0.2))).toBe("chance");
  expect(verdict("occupancy", spread(0.1, 0.02))).toBe("plain");
  expect(verdict("serviceLevel", spread(0.1, null))).toBe("chance");
});
