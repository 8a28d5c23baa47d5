import { beforeAll, describe, expect, test } from "vitest";
import { type BackTestResult, backTest } from "./back-test.ts";
import type { CallLog } from "./call-log.ts";
import { CallLogReader } from "./call-log-reader.ts";
import { type CallModel, fitCallModel, patienceFor, typesServed } from "./call-model.ts";
import { inferStaff } from "./infer-duties.ts";
import { madeUpLog, serverName, shiftOf, TRUTH } from "./testing/made-up-log.ts";

const QUARTER_MS = 900_000;
const BREAK_MS = 120_000;
const REPLICATIONS = 12;

let learned: CallLog;
let later: CallLog;

function read(days: readonly number[]): CallLog {
  const reader = new CallLogReader();
  for (const line of madeUpLog(days).split("\n")) reader.feed(line);
  return reader.finish();
}

beforeAll(() => {
  learned = read([1, 2, 3]);
  later = read([11, 12, 13]);
});

/** Whether `value` is within `share` of `truth`. */
function near(value: number, truth: number, share: number): void {
  expect(value).toBeGreaterThan(truth * (1 - share));
  expect(value).toBeLessThan(truth * (1 + share));
}

describe("the staff of a made-up day, read from its calls alone", () => {
  test("[WF151] everybody is found, with whom they serve, from the first quarter hour of the shift to the last", () => {
    const typesOf = typesServed(later);
    for (const day of later.days) {
      const { duties } = inferStaff(day, typesOf, { breakMs: BREAK_MS });
      expect(duties).toHaveLength(TRUTH.servers);
      for (let server = 0; server < TRUTH.servers; server++) {
        const duty = duties.find((each) => each.server === serverName(server));
        const { from, to } = shiftOf(server);
        expect(Math.abs((duty?.fromMs ?? 0) - from)).toBeLessThanOrEqual(QUARTER_MS);
        // whoever talks at the end of the shift finishes first
        expect(Math.abs((duty?.toMs ?? 0) - to)).toBeLessThanOrEqual(2 * QUARTER_MS);
        expect(typesOf(serverName(server)).has("NE")).toBe(server >= 2);
      }
    }
  });

  test("[WF151] breaks while somebody waits are found, and nothing long that was none", () => {
    let [found, wrong] = [0, 0];
    for (const day of later.days) {
      for (const { server, breaks } of inferStaff(day, typesServed(later), { breakMs: BREAK_MS }).duties) {
        const [truth] = shiftOf(Number(server.slice(1))).breaks;
        for (const { fromMs, toMs } of breaks) {
          const shared = Math.min(toMs, truth.to) - Math.max(fromMs, truth.from);
          if (shared > 0) found += shared;
          else wrong += toMs - fromMs;
        }
      }
    }
    const truth = later.days.length * TRUTH.servers * 1_800_000;
    expect(found / truth).toBeGreaterThan(0.75); // it begins when the talk has ended, and shows only while somebody waits
    expect(wrong / truth).toBeLessThan(0.02);
  });

  test("[WF151] what is shorter than a break is work after a call", () => {
    const { afterWorkMs } = inferStaff(learned.days[0] ?? { date: "", calls: [] }, typesServed(learned), {
      breakMs: BREAK_MS,
    });
    expect(afterWorkMs.length).toBeGreaterThan(300);
    near(afterWorkMs.reduce((sum, ms) => sum + ms, 0) / afterWorkMs.length, TRUTH.afterWorkMs, 0.15);
  });
});

describe("what is learned from a made-up log", () => {
  let model: CallModel;
  beforeAll(() => {
    model = fitCallModel(learned, { breakMs: BREAK_MS });
  });

  test("[WF152] talk by type, hour and server", () => {
    for (const { type, meanMs } of model.handling.means)
      near(meanMs, TRUTH.talkMs[type as "PS" | "NE"], 0.06);
    const all = { server: serverName(3), fromMs: 0, toMs: 24 * 3_600_000, breaks: [] };
    near(model.handling.expectedMs("PS", 10, [all]), TRUTH.talkMs.PS, 0.25); // an hour and a server of three days
    const slow: CallLog = {
      ...learned,
      days: learned.days.map(({ date, calls }) => ({
        date,
        calls: calls.map((call) =>
          call.service?.server === all.server
            ? { ...call, service: { ...call.service, toMs: 2 * call.service.toMs - call.service.fromMs } }
            : call,
        ),
      })),
    };
    const others = { ...all, server: serverName(4) };
    const { handling } = fitCallModel(slow, { breakMs: BREAK_MS });
    near(handling.expectedMs("PS", 10, [all]) / handling.expectedMs("PS", 10, [others]), 2, 0.25);
  });

  test("[WF152] patience, where those who were served are censored, and nobody balks", () => {
    near(model.anyPatience.meanMs ?? 0, TRUTH.patienceMs, 0.06);
    expect(model.balking).toBeLessThan(0.005); // whoever gives up within half a second
    const { isShared, fit } = patienceFor(model, { type: "PS", priority: 0 });
    expect(isShared).toBe(false);
    near(fit.meanMs ?? 0, TRUTH.patienceMs, 0.1);
    expect(patienceFor(model, { type: "XX", priority: 0 })).toEqual({
      fit: model.anyPatience,
      isShared: true,
    });
  });
});

describe("a back-test of made-up days", () => {
  let result: BackTestResult;
  beforeAll(() => {
    result = backTest(learned, later, { replications: REPLICATIONS });
  });

  test("[WF153] the error of a model whose world is as it thinks is little more than chance", () => {
    const { hours, days, leastPossible, usualHours } = result.errors;
    expect(hours.spans).toBe(36);
    expect(hours.waitWape.value).toBeLessThan(1.5 * (leastPossible.waitWape.value ?? 0));
    expect(days.waitWape.value).toBeLessThan(0.12);
    expect(Math.abs(hours.waitBiasMs.value ?? 1e9)).toBeLessThan(6_000); // of 72 s
    expect(Math.abs(hours.abandonBiasPoints.value ?? 100)).toBeLessThan(2.5); // of 30
    expect(hours.waitCorrelation.value).toBeGreaterThan(0.85);
    expect(usualHours.spans).toBe(36);
    expect(hours.waitWape.low).toBeLessThan(hours.waitWape.value ?? 0);
    expect(hours.waitWape.high).toBeGreaterThan(hours.waitWape.value ?? 1);
  });

  test("[WF153] each hour is told with the staff that it had, and with its interval", () => {
    const at = (hour: number) => result.hours.find((each) => each.hour === hour);
    expect(at(9)?.servers).toBeGreaterThan(5.5); // six of nine begin at eight
    expect(at(9)?.servers).toBeLessThanOrEqual(6);
    expect(at(14)?.servers).toBeGreaterThan(8);
    for (const { meanWaitMs, calls, abandoned } of result.hours) {
      expect(meanWaitMs.low).toBeLessThanOrEqual(meanWaitMs.predicted);
      expect(meanWaitMs.high).toBeGreaterThanOrEqual(meanWaitMs.predicted);
      expect(abandoned.happened).toBeLessThanOrEqual(calls);
    }
    const inside = (REPLICATIONS - 1) / (REPLICATIONS + 1);
    expect(result.coverage.wait.value).toBeGreaterThan(inside - 0.2);
  });

  test("[WF153] services that are far from what was learned make an hour unusual, and it is told apart", () => {
    const broken: CallLog = {
      ...later,
      days: later.days.map(({ date, calls }) => ({
        date,
        calls: calls.map((call) =>
          call.service && Math.floor(call.askedAtMs / 3_600_000) === 10
            ? { ...call, service: { ...call.service, toMs: call.service.fromMs + 15_000 } }
            : call,
        ),
      })),
    };
    const { hours, errors } = backTest(learned, broken, { replications: 2 });
    const unusual = hours.filter(({ isUnusual }) => isUnusual);
    expect(new Set(unusual.map(({ hour }) => hour))).toEqual(new Set([10]));
    expect(errors.usualHours.spans).toBe(hours.length - unusual.length);
  });

  test("[WF153] a head start in the line makes those who have it wait less", () => {
    const waitOf = (headStartMs: number): number => {
      const given = backTest(learned, later, { replications: 2, headStartMs: new Map([[2, headStartMs]]) });
      return given.hours.reduce((sum, { meanWaitMs, calls }) => sum + calls * meanWaitMs.predicted, 0);
    };
    expect(waitOf(600_000)).not.toBe(waitOf(0)); // the dear ones first: others, whose talks are shorter, wait longer
  });

  test("[WF153] the same seed gives the same answer, as plain JSON", () => {
    const again = backTest(learned, later, { replications: REPLICATIONS });
    expect(again).toEqual(result);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  test("[WF154] low scores are fitted to the survey of the log", () => {
    const { lowScores, givingUp } = result.dissatisfaction;
    expect(lowScores.kind).toBe("logistic");
    if (lowScores.kind !== "logistic") return;
    expect(lowScores.perMinuteLow).toBeLessThan(TRUTH.lowScore.perMinute);
    expect(lowScores.perMinuteHigh).toBeGreaterThan(TRUTH.lowScore.perMinute);
    near(givingUp.gaveUp, result.learnedFrom.abandoned, 0.005); // but for those who did not wait
  });

  test("[WF153] one replication or no break is refused", () => {
    expect(() => backTest(learned, later, { replications: 1 })).toThrow(
      expect.objectContaining({ code: "workforce.bad_back_test", field: "replications" }),
    );
    expect(() => backTest(learned, later, { breakMs: 0 })).toThrow(
      expect.objectContaining({ field: "breakMs" }),
    );
  });
});
