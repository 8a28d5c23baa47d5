import { expect, test } from "vitest";
import { ACCOUNT_RULE, ADDRESS_RULE, lockMs } from "./throttle.ts";

test("the first failures are forgiven, then each lock is twice as long, up to an hour", () => {
  const locks = Array.from({ length: 14 }, (_, failures) => lockMs(ACCOUNT_RULE, failures) / 1000);
  expect(locks).toEqual([0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
  expect(lockMs(ACCOUNT_RULE, 1_000_000)).toBe(3_600_000);
});

test("an address, behind which many people may stand, is forgiven more", () => {
  expect(lockMs(ADDRESS_RULE, 29)).toBe(0);
  expect(lockMs(ADDRESS_RULE, 30)).toBe(30_000);
});
