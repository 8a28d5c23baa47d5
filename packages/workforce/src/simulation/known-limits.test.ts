import { describe, expect, test } from "vitest";
import { DAY_IMPATIENT, DAY_MS, DAY_PATIENT, DAY_SMALL_ROOM } from "./testing/day-limits.ts";
import { ERLANG_A_SMALL, ERLANG_C_SMALL } from "./testing/erlang-limits.ts";
import { HOUR_MS, UNIT_MS } from "./testing/floors.ts";
import { missedBy } from "./testing/known-limit.ts";
import {
  C_MU,
  CROSS_SELLING,
  N_MODEL,
  PRIORITY_SINGLE,
  TWO_TIERS,
  V_MODEL_FQR,
  V_MODEL_GCMU,
  V_MODEL_STATIC,
} from "./testing/routing-limits.ts";

// Short runs of one seed: 99 % intervals, since some forty figures are looked at. The long ones are in known-limits.e2e.test.ts.
describe("short runs agree with theory within their intervals", () => {
  test.each(ERLANG_C_SMALL)("[WF16] $name", (limit) => {
    expect(missedBy(limit, { lengthMs: 150 * HOUR_MS, seed: 1, widest: 0.3 })).toEqual([]);
  });

  test.each(ERLANG_A_SMALL)("[WF17] $name", (limit) => {
    expect(missedBy(limit, { lengthMs: 140 * HOUR_MS, seed: 1, widest: 0.25 })).toEqual([]);
  });

  test(`[WF18] ${PRIORITY_SINGLE.name}`, () => {
    expect(missedBy(PRIORITY_SINGLE, { lengthMs: 1800 * HOUR_MS, seed: 1, widest: 0.3 })).toEqual([]);
  });

  test(`[WF18] ${C_MU.name}`, () => {
    // serving class 1 first would cost 2.93
    expect(missedBy(C_MU, { lengthMs: 60_000 * UNIT_MS, seed: 1, widest: 0.12 })).toEqual([]);
  });

  test.each([N_MODEL, V_MODEL_STATIC, V_MODEL_FQR, V_MODEL_GCMU])("[WF19] $name", (limit) => {
    expect(missedBy(limit, { lengthMs: 1600 * UNIT_MS, seed: 1, widest: 0.3 })).toEqual([]);
  });

  test(`[WF19] ${TWO_TIERS.name}`, () => {
    expect(missedBy(TWO_TIERS, { lengthMs: 700 * UNIT_MS, seed: 1, widest: 0.35 })).toEqual([]);
  });

  test.each(CROSS_SELLING)("[WF15] $name", (limit) => {
    expect(missedBy(limit, { lengthMs: 2500 * UNIT_MS, seed: 1, widest: 0.35 })).toEqual([]);
  });

  test.each([DAY_PATIENT, DAY_IMPATIENT, DAY_SMALL_ROOM])("[WF13] $name", (limit) => {
    const options = { lengthMs: DAY_MS, seed: 1, batches: 1, replications: 15, widest: 0.5 };
    expect(missedBy(limit, options)).toEqual([]);
  });
});
