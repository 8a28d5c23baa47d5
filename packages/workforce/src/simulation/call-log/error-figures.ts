import type { Random } from "@svara/kernel";
import { SeededRandom } from "@svara/kernel";

/** One span of one day, as it was and as it was foretold. */
export interface ComparedSpan {
  readonly date: string;
  readonly calls: number;
  readonly waitMs: { readonly happened: number; readonly predicted: number };
  readonly abandoned: { readonly happened: number; readonly predicted: number };
}

/** A figure with the interval that resampled days give it. */
export interface Bounded {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** How far predictions are from what happened, over spans (hours, days). */
export interface PredictionErrors {
  readonly spans: number;
  /** Sum of |predicted - happened mean wait| / sum of mean waits, each span alike. */
  readonly waitWape: Bounded;
  /** The same weighted by calls: of all time waited, the share that was foretold in the wrong span, or wrongly. */
  readonly waitWapeByCalls: Bounded;
  /** Predicted less happened mean wait of all calls, in ms. */
  readonly waitBiasMs: Bounded;
  /** Pearson's, of mean waits, weighted by calls. */
  readonly waitCorrelation: Bounded;
  /** Mean |predicted - happened| of the share that gave up, weighted by calls, in points of a hundred. */
  readonly abandonErrorPoints: Bounded;
  /** Predicted less happened share of all calls, in points. */
  readonly abandonBiasPoints: Bounded;
  readonly abandonCorrelation: Bounded;
}

const RESAMPLES = 400;

type Figure = Exclude<keyof PredictionErrors, "spans">;

/** Errors with intervals by resampling whole days: hours of one day hang together. */
export function predictionErrors(
  spans: readonly ComparedSpan[],
  options: { readonly seed: number; readonly confidence: number },
): PredictionErrors {
  const days = Map.groupBy(spans, ({ date }) => date);
  const random = new SeededRandom(options.seed);
  const drawn = Array.from({ length: days.size > 1 ? RESAMPLES : 0 }, () =>
    figuresOf(resample([...days.values()], random)),
  );
  const values = figuresOf(spans);
  const bounded = (figure: Figure): Bounded => {
    const sorted = drawn.flatMap((each) => each[figure] ?? []).sort((a, b) => a - b);
    const at = (p: number): number | null => sorted[Math.round(p * (sorted.length - 1))] ?? null;
    const tail = (1 - options.confidence) / 2;
    return { value: values[figure], low: at(tail), high: at(1 - tail) };
  };
  return {
    spans: spans.length,
    waitWape: bounded("waitWape"),
    waitWapeByCalls: bounded("waitWapeByCalls"),
    waitBiasMs: bounded("waitBiasMs"),
    waitCorrelation: bounded("waitCorrelation"),
    abandonErrorPoints: bounded("abandonErrorPoints"),
    abandonBiasPoints: bounded("abandonBiasPoints"),
    abandonCorrelation: bounded("abandonCorrelation"),
  };
}

function resample<T>(groups: readonly (readonly T[])[], random: Random): T[] {
  return groups.flatMap(() => [...(groups[Math.floor(random.next() * groups.length)] ?? [])]);
}

function figuresOf(spans: readonly ComparedSpan[]): Record<Figure, number | null> {
  let [calls, waited, meanWaits, error, meanErrors, bias, gaveUpError, gaveUpBias] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (const { calls: n, waitMs, abandoned } of spans) {
    const off = Math.abs(waitMs.predicted - waitMs.happened);
    calls += n;
    waited += waitMs.happened;
    meanWaits += waitMs.happened / n;
    error += off;
    meanErrors += off / n;
    bias += waitMs.predicted - waitMs.happened;
    gaveUpError += Math.abs(abandoned.predicted - abandoned.happened);
    gaveUpBias += abandoned.predicted - abandoned.happened;
  }
  return {
    waitWape: ratio(meanErrors, meanWaits),
    waitWapeByCalls: ratio(error, waited),
    waitBiasMs: ratio(bias, calls),
    waitCorrelation: correlation(spans, ({ waitMs }) => waitMs),
    abandonErrorPoints: ratio(100 * gaveUpError, calls),
    abandonBiasPoints: ratio(100 * gaveUpBias, calls),
    abandonCorrelation: correlation(spans, ({ abandoned }) => abandoned),
  };
}

/** Of the two sides' means per call, each span weighing as many calls as it had. */
function correlation(
  spans: readonly ComparedSpan[],
  of: (span: ComparedSpan) => { readonly happened: number; readonly predicted: number },
): number | null {
  const calls = spans.reduce((sum, span) => sum + span.calls, 0);
  const meanOf = (side: "happened" | "predicted"): number =>
    spans.reduce((sum, span) => sum + of(span)[side], 0) / calls;
  const [meanX, meanY] = [meanOf("happened"), meanOf("predicted")];
  let [xx, yy, xy] = [0, 0, 0];
  for (const span of spans) {
    const x = of(span).happened / span.calls - meanX;
    const y = of(span).predicted / span.calls - meanY;
    xx += span.calls * x * x;
    yy += span.calls * y * y;
    xy += span.calls * x * y;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}

function ratio(top: number, bottom: number): number | null {
  return bottom > 0 ? top / bottom : null;
}
