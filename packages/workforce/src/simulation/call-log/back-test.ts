import { SvaraError } from "@svara/kernel";
import { type Dissatisfaction, fitDissatisfaction } from "../../forecasting/dissatisfaction.ts";
import { type Estimate, meanEstimate } from "../confidence.ts";
import { type HourCounts, hoursOfLog, hoursOfRun } from "./back-test-day.ts";
import type { CallLog, LeftOut, LoggedCall } from "./call-log.ts";
import { type CallModel, fitCallModel, patienceFor, patienceKey, typesServed } from "./call-model.ts";
import { type ComparedSpan, type PredictionErrors, predictionErrors } from "./error-figures.ts";
import { HOUR_MS } from "./hours.ts";
import { type Duty, inferStaff } from "./infer-duties.ts";
import { loggedScenario } from "./logged-scenario.ts";

/** How a back-test is made. */
export interface BackTestOptions {
  /** 1 if absent. */
  readonly seed?: number;
  /** Simulated runs of each day; 40 if absent. */
  readonly replications?: number;
  /** Unavailable for so long or longer while somebody waits is a break of the record; 120 000 if absent. */
  readonly breakMs?: number;
  /** By priority: so many milliseconds earlier in the line. */
  readonly headStartMs?: ReadonlyMap<number, number>;
  /** A survey score up to here is low; 2 if absent. */
  readonly lowAtMost?: number;
  /** Told of each day that is done. */
  readonly onDay?: (done: number, of: number) => void;
}

/** An hour of a day: who asked in it, and what was foretold of them. */
export interface BackTestHour {
  readonly date: string;
  readonly hour: number;
  readonly calls: number;
  /** Mean number of servers on duty and not on a break, as inferred. */
  readonly servers: number;
  /** Services took less than half or more than twice as long as the first log tells: systems were down, or something else was. */
  readonly isUnusual: boolean;
  readonly meanWaitMs: Foretold;
  readonly abandoned: Foretold;
}

/** What happened, the mean over runs with half its interval, and between which values so many runs lie as the confidence says. */
export interface Foretold {
  readonly happened: number;
  readonly predicted: number;
  readonly halfWidth: number | null;
  readonly low: number;
  readonly high: number;
}

/** What a log tells, in numbers. */
export interface LogFacts {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly calls: number;
  readonly abandoned: number;
  readonly meanWaitMs: number;
  readonly left: LeftOut;
}

/** What was learned from the first log. */
export interface FittedFacts {
  readonly handling: readonly { readonly type: string; readonly services: number; readonly meanMs: number }[];
  /** After a call, before the next can be taken. */
  readonly afterWorkMeanMs: number;
  readonly patience: readonly {
    readonly type: string;
    readonly priority: number;
    readonly gaveUp: number;
    readonly meanMs: number | null;
    /** Too few gave up: that of all such calls together stands for it. */
    readonly isShared: boolean;
  }[];
  readonly balking: number;
}

/** The answer, as plain JSON. */
export interface BackTestResult {
  readonly seed: number;
  readonly replications: number;
  readonly confidence: number;
  readonly breakMs: number;
  readonly learnedFrom: LogFacts;
  readonly against: LogFacts;
  readonly fitted: FittedFacts;
  readonly hours: readonly BackTestHour[];
  readonly errors: {
    /** Hour by hour. */
    readonly hours: PredictionErrors;
    /** The same without the unusual hours. */
    readonly usualHours: PredictionErrors;
    /** Each whole day. */
    readonly days: PredictionErrors;
    /** Hours of the day, all days together. */
    readonly profile: PredictionErrors;
    /** Hour by hour, of one simulated run against the others: the error of a model that knows everything but chance. */
    readonly leastPossible: PredictionErrors;
  };
  /** Share of hours whose mean wait, and whose number that gave up, lies between `low` and `high`. */
  readonly coverage: { readonly wait: Estimate; readonly abandoned: Estimate };
  readonly dissatisfaction: Dissatisfaction;
}

const CONFIDENCE = 0.95;
const REPLICATIONS = 40; // the fewest whose range is an interval of 95 %
const BREAK_MS = 120_000;

/**
 * Foretells the days of a call log from another log of the same centre: arrivals as they were, staff as the records show it,
 * talk, after-call work and patience from the first, the order of service by the live router. Throws `workforce.bad_back_test`.
 */
export function backTest(
  learnFrom: CallLog,
  against: CallLog,
  options: BackTestOptions = {},
): BackTestResult {
  const { seed = 1, replications = REPLICATIONS, breakMs = BREAK_MS } = options;
  if (!Number.isInteger(replications) || replications < 2)
    throw badOption("replications", `needs at least two, not ${replications}`);
  if (!(breakMs > 0)) throw badOption("breakMs", `needs a break longer than nothing, not ${breakMs} ms`);
  const model = fitCallModel(learnFrom, { breakMs });
  const typesOf = typesServed(against);
  const days = against.days.map((day, i) => {
    const { duties } = inferStaff(day, typesOf, { breakMs });
    const scenario = loggedScenario(day, duties, typesOf, model, {
      headStartMs: options.headStartMs ?? new Map(),
    });
    const runs = Array.from({ length: replications }, (_, replication) =>
      hoursOfRun(scenario, { seed, replication }),
    );
    options.onDay?.(i + 1, against.days.length);
    return { day, duties, happened: hoursOfLog(day), runs };
  });
  const hours = days.flatMap(({ day, duties, happened, runs }) =>
    happened.flatMap((counts, hour) => {
      const isUnusual = areUnusual(day.calls, hour, duties, model);
      return hourOf({ date: day.date, hour, isUnusual }, duties, counts, runs);
    }),
  );
  const spans = hours.map(spanOf);
  const errorsOf = (compared: readonly ComparedSpan[]): PredictionErrors =>
    predictionErrors(compared, { seed, confidence: CONFIDENCE });
  return {
    seed,
    replications,
    confidence: CONFIDENCE,
    breakMs,
    learnedFrom: factsOf(learnFrom),
    against: factsOf(against),
    fitted: fittedFacts(learnFrom, model),
    hours,
    errors: {
      hours: errorsOf(spans),
      usualHours: errorsOf(hours.filter(({ isUnusual }) => !isUnusual).map(spanOf)),
      days: errorsOf(together(hours, ({ date }) => date)),
      profile: errorsOf(together(hours, ({ hour }) => String(hour))),
      leastPossible: errorsOf(
        days.flatMap(({ day, happened, runs }) => chanceOnly(day.date, happened, runs)),
      ),
    },
    coverage: {
      wait: coverageOf(hours, ({ meanWaitMs }) => meanWaitMs),
      abandoned: coverageOf(hours, ({ abandoned }) => abandoned),
    },
    dissatisfaction: dissatisfactionOf(learnFrom, options.lowAtMost),
  };
}

/** What a log tells by itself, without another one. */
export function learnFrom(
  log: CallLog,
  options: Pick<BackTestOptions, "breakMs" | "lowAtMost"> = {},
): Pick<BackTestResult, "learnedFrom" | "fitted" | "dissatisfaction"> {
  const { breakMs = BREAK_MS, lowAtMost } = options;
  return {
    learnedFrom: factsOf(log),
    fitted: fittedFacts(log, fitCallModel(log, { breakMs })),
    dissatisfaction: dissatisfactionOf(log, lowAtMost),
  };
}

/** What waiting does to the customers of a log. */
export function dissatisfactionOf(log: CallLog, lowAtMost?: number): Dissatisfaction {
  const waits = log.days.flatMap(({ calls }) =>
    calls.map(({ waitMs, outcome, score }) => ({ waitMs, gaveUp: outcome === "abandoned", score })),
  );
  return fitDissatisfaction(waits, lowAtMost === undefined ? {} : { lowAtMost });
}

function hourOf(
  at: Pick<BackTestHour, "date" | "hour" | "isUnusual">,
  duties: readonly Duty[],
  { offered, waitMs, abandoned }: HourCounts,
  runs: readonly (readonly HourCounts[])[],
): BackTestHour[] {
  if (offered === 0) return [];
  const inHour = runs.flatMap((run) => run[at.hour] ?? []);
  const waits = inHour.map((counts) => counts.waitMs / Math.max(1, counts.offered));
  return [
    {
      ...at,
      calls: offered,
      servers: serversIn(duties, at.hour),
      meanWaitMs: foretold(waitMs / offered, waits),
      abandoned: foretold(
        abandoned,
        inHour.map((counts) => counts.abandoned),
      ),
    },
  ];
}

function foretold(happened: number, values: readonly number[]): Foretold {
  const { value, halfWidth } = meanEstimate(values, CONFIDENCE);
  const sorted = [...values].sort((a, b) => a - b);
  // the next run lies between the k-th of n from below and from above with 1 - 2k / (n + 1)
  const tail = Math.max(0, Math.floor(((1 - CONFIDENCE) / 2) * (sorted.length + 1)) - 1);
  return {
    happened,
    predicted: value ?? 0,
    halfWidth,
    low: sorted[tail] ?? 0,
    high: sorted[sorted.length - 1 - tail] ?? 0,
  };
}

function spanOf({ date, calls, meanWaitMs, abandoned }: BackTestHour): ComparedSpan {
  return {
    date,
    calls,
    waitMs: { happened: calls * meanWaitMs.happened, predicted: calls * meanWaitMs.predicted },
    abandoned,
  };
}

/** Hours added up by a name; each sum is a span of its own. */
function together(hours: readonly BackTestHour[], nameOf: (hour: BackTestHour) => string): ComparedSpan[] {
  return [...Map.groupBy(hours, nameOf)].map(([date, group]) => {
    const spans = group.map(spanOf);
    const sum = (of: (span: ComparedSpan) => number): number =>
      spans.reduce((all, span) => all + of(span), 0);
    return {
      date,
      calls: sum(({ calls }) => calls),
      waitMs: { happened: sum((s) => s.waitMs.happened), predicted: sum((s) => s.waitMs.predicted) },
      abandoned: { happened: sum((s) => s.abandoned.happened), predicted: sum((s) => s.abandoned.predicted) },
    };
  });
}

/** The first run as if it had happened, foretold by the others. */
function chanceOnly(
  date: string,
  happened: readonly HourCounts[],
  [first, ...others]: readonly (readonly HourCounts[])[],
): ComparedSpan[] {
  return happened.flatMap(({ offered }, hour) => {
    const run = first?.[hour];
    if (offered === 0 || run === undefined) return [];
    const mean = (of: (counts: HourCounts) => number): number =>
      others.reduce((sum, other) => sum + (other[hour] ? of(other[hour]) : 0), 0) / others.length;
    return [
      {
        date,
        calls: offered,
        waitMs: { happened: run.waitMs, predicted: mean(({ waitMs }) => waitMs) },
        abandoned: { happened: run.abandoned, predicted: mean(({ abandoned }) => abandoned) },
      },
    ];
  });
}

function coverageOf(hours: readonly BackTestHour[], of: (hour: BackTestHour) => Foretold): Estimate {
  return meanEstimate(
    hours.map((hour) => {
      const { happened, low, high } = of(hour);
      return low <= happened && happened <= high ? 1 : 0;
    }),
    CONFIDENCE,
  );
}

const TELLING = 10; // services in an hour; the mean of fewer strays by itself

/** Whether services of an hour were far from what was learned. */
function areUnusual(
  calls: readonly LoggedCall[],
  hour: number,
  duties: readonly Duty[],
  model: CallModel,
): boolean {
  let [services, lasted, expected] = [0, 0, 0];
  for (const { askedAtMs, type, service } of calls) {
    if (service === null || Math.floor(askedAtMs / HOUR_MS) !== hour) continue;
    services++;
    lasted += service.toMs - service.fromMs;
    expected += model.handling.expectedMs(type, hour, duties);
  }
  return services >= TELLING && (lasted < expected / 2 || lasted > expected * 2);
}

function serversIn(duties: readonly Duty[], hour: number): number {
  const [from, to] = [hour * HOUR_MS, (hour + 1) * HOUR_MS];
  const inside = (span: { readonly fromMs: number; readonly toMs: number }): number =>
    Math.max(0, Math.min(span.toMs, to) - Math.max(span.fromMs, from));
  const ms = duties.reduce(
    (sum, duty) => sum + inside(duty) - duty.breaks.reduce((away, pause) => away + inside(pause), 0),
    0,
  );
  return ms / HOUR_MS;
}

function factsOf({ days, left }: CallLog): LogFacts {
  const calls = days.flatMap((day) => day.calls);
  return {
    from: days[0]?.date ?? "",
    to: days.at(-1)?.date ?? "",
    days: days.length,
    calls: calls.length,
    abandoned: calls.filter(({ outcome }) => outcome === "abandoned").length,
    meanWaitMs: calls.reduce((sum, { waitMs }) => sum + waitMs, 0) / Math.max(1, calls.length),
    left,
  };
}

function fittedFacts(log: CallLog, model: CallModel): FittedFacts {
  const kinds = new Map<string, { type: string; priority: number }>();
  for (const { type, priority } of log.days.flatMap(({ calls }) => calls))
    kinds.set(patienceKey({ type, priority }), { type, priority });
  const { afterWork } = model;
  const times = afterWork.kind === "empirical" ? afterWork.valuesMs : [0];
  return {
    handling: model.handling.means,
    afterWorkMeanMs: times.reduce((sum, ms) => sum + ms, 0) / times.length,
    patience: [...kinds.values()]
      .sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : a.priority - b.priority))
      .map((kind) => {
        const { fit, isShared } = patienceFor(model, kind);
        return { ...kind, gaveUp: fit.gaveUp, meanMs: fit.meanMs, isShared };
      }),
    balking: model.balking,
  };
}

function badOption(field: string, problem: string): SvaraError {
  return new SvaraError(`a back-test ${problem}`, {
    code: "workforce.bad_back_test",
    httpStatus: 422,
    field,
  });
}
