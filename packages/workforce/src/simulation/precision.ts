import { evaluate } from "@svara/insight";
import { type QueueId, SvaraError } from "@svara/kernel";
import { type Estimate, type RatioPart, ratioEstimate } from "./confidence.ts";
import { blocksOf, occupancyPart, totalBlocks } from "./figures.ts";
import { type BlockCounts, sumBlocks } from "./queue-tally.ts";
import type { RunTally } from "./run-tally.ts";

/** The figures that may decide when to stop, and of which differences are told. Service level is that of formula SL4; times are in ms. */
export const SIMULATED_FIGURES = [
  "offered",
  "answered",
  "abandoned",
  "serviceLevel",
  "abandonRate",
  "delayRate",
  "meanWaitMs",
  "meanWaitAnsweredMs",
  "wait90Ms",
  "occupancy",
] as const;

export type SimulatedFigure = (typeof SIMULATED_FIGURES)[number];

/** A figure that must be known within so much. */
export interface Precision {
  readonly figure: SimulatedFigure;
  /** All queues together if absent. */
  readonly queueId?: QueueId;
  /** At most so wide on either side: in the figure's own unit, or as a share of the figure. */
  readonly halfWidth: number;
  readonly isRelative?: boolean;
}

const LEAST_REPLICATIONS = 10; // with fewer, a narrow interval is luck (Law and Kelton, section 9.4.1)
const LEAST_WITHOUT_VARIANCE = 30; // what happens in one run of ten is missed by ten runs in 35 of 100 cases, by thirty in 4

/** Throws `workforce.bad_scenario` for a precision that is none. */
export function checkPrecision({ figure, halfWidth }: Precision): void {
  const known = SIMULATED_FIGURES.includes(figure);
  if (known && Number.isFinite(halfWidth) && halfWidth > 0) return;
  throw new SvaraError(
    known
      ? `a precision is a number above 0, not ${halfWidth}`
      : `there is no figure ${figure}; there are ${SIMULATED_FIGURES.join(", ")}`,
    { code: "workforce.bad_scenario", httpStatus: 422, field: "precision" },
  );
}

/**
 * Watches the interval of one figure while replications are added in their order; so it says stop at the same one however
 * many threads run them.
 */
export class PrecisionWatch {
  readonly #precision: Precision;
  readonly #confidence: number | undefined;
  readonly #parts: RatioPart[] = [];
  #count = 0;
  #isReached = false;

  constructor(precision: Precision, confidence?: number) {
    checkPrecision(precision);
    this.#precision = precision;
    this.#confidence = confidence;
  }

  /** Whether the interval over the replications added so far is narrow enough. */
  get isReached(): boolean {
    return this.#isReached;
  }

  /** The interval so far. */
  get estimate(): Estimate {
    return ratioEstimate(this.#parts, this.#confidence);
  }

  /** Adds the next replication; whether it is enough. */
  add({ tally }: { readonly tally: RunTally }): boolean {
    const { figure, queueId = null, halfWidth, isRelative } = this.#precision;
    this.#count++;
    const part = partOf(tally, { figure, queueId });
    if (part !== null) this.#parts.push(part);
    if (this.#count < LEAST_REPLICATIONS) return false;
    const { value, halfWidth: width } = this.estimate;
    if (value === null || width === null || (width === 0 && this.#count < LEAST_WITHOUT_VARIANCE))
      return false;
    // a share of what is true, of which the estimate may be that much too great (Law and Kelton, section 9.4.1)
    const enough = isRelative ? (halfWidth / (1 + halfWidth)) * Math.abs(value) : halfWidth;
    this.#isReached = width <= enough;
    return this.#isReached;
  }
}

/** Which figure of which queue; null: all together. */
export interface Asked {
  readonly figure: SimulatedFigure;
  readonly queueId: QueueId | null;
}

/** A run's part in a figure; one that weighs nothing where it has none. */
export function partOrNothing(run: RunTally, asked: Asked): RatioPart {
  return partOf(run, asked) ?? { top: 0, bottom: 0 };
}

function waits(run: RunTally, queueId: QueueId | null): number | null {
  return (queueId === null ? run.waits : run.queues.get(queueId))?.wait90Ms ?? null;
}

/** A run's part in a figure; null where it has none. */
function partOf(run: RunTally, { figure, queueId }: Asked): RatioPart | null {
  if (figure === "wait90Ms") {
    const ms = waits(run, queueId);
    return ms === null ? null : { top: ms, bottom: 1 };
  }
  if (figure === "occupancy") {
    let top = 0;
    let bottom = 0;
    for (const blocks of run.groups.values()) {
      for (const block of blocks) {
        const part = occupancyPart(block);
        top += part.top;
        bottom += part.bottom;
      }
    }
    return { top, bottom };
  }
  const counts = sumBlocks(queueId === null ? totalBlocks(run) : blocksOf(run, queueId));
  return partOfCounts(counts, figure);
}

function partOfCounts(
  counts: BlockCounts,
  figure: Exclude<SimulatedFigure, "occupancy" | "wait90Ms">,
): RatioPart {
  switch (figure) {
    case "offered":
    case "answered":
    case "abandoned":
      return { top: counts[figure], bottom: 1 };
    case "serviceLevel":
      return kpi("SL4.v1", counts);
    case "abandonRate":
      return kpi("K7.v1", counts);
    case "meanWaitAnsweredMs":
      return kpi("K2.v1", counts);
    case "delayRate":
      return { top: counts.delayed, bottom: counts.ended };
    case "meanWaitMs":
      return { top: counts.waitMs, bottom: counts.ended };
  }
}

function kpi(key: "SL4.v1" | "K7.v1" | "K2.v1", counts: BlockCounts): RatioPart {
  const { numerator, denominator } = evaluate(key, counts);
  return { top: numerator, bottom: denominator };
}
