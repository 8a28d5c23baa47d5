import { expect, test } from "vitest";
import { parseRange } from "./send-file.ts";

test.each([
  [undefined, undefined],
  ["bytes=0-", { from: 0, to: 99 }],
  ["bytes=10-19", { from: 10, to: 19 }],
  ["bytes=90-200", { from: 90, to: 99 }],
  ["bytes=-10", { from: 90, to: 99 }],
  ["bytes=-1000", { from: 0, to: 99 }],
  ["bytes=100-", "outside"],
  ["bytes=-0", "outside"],
  ["bytes=20-10", undefined],
  ["bytes=0-1,5-6", undefined],
  ["lines=1-2", undefined],
  ["bytes=-", undefined],
])("of 100 bytes %j is %j", (header, range) => {
  expect(parseRange(header, 100)).toEqual(range);
});
