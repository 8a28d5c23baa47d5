import { expect, it } from "vitest";
import { type Figure, ratioOf } from "./figure.ts";
import { table } from "./table.ts";

const figure: Figure = {
  id: "a.b",
  what: "processor time",
  value: 0.05,
  unit: "% of a core",
  better: "lower",
  conditions: "100 calls",
  peer: { value: 0.1, note: "less work" },
};

it("a figure stands beside the peer's with what it takes to read it", () => {
  const text = table([{ title: "Group", figures: [figure] }]);
  expect(text).toContain("Group");
  expect(text).toMatch(/processor time\s+0\.05\s+% of a core\s+0\.1\*\s+0\.50x\s+100 calls; \* less work/);
});

it("there is no ratio without a value or to nothing", () => {
  expect(ratioOf({ ...figure, value: null })).toBeUndefined();
  expect(ratioOf({ ...figure, peer: { value: 0 } })).toBeUndefined();
});
