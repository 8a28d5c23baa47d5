import { type Instant, SvaraError } from "@svara/kernel";
import { type HandlingTime, limitedMeanMs, meanMsOf } from "./limited-mean.ts";

/** The contacts of one queue or skill group over time, and how long they take. */
export interface IntervalDemand {
  readonly from: Instant;
  readonly intervalMs: number;
  /** Contacts expected in each interval, from `from` on; they come evenly within it. */
  readonly arrivals: readonly number[];
  /** One for all intervals, or one for each, by arrival. */
  readonly handling: HandlingTime | readonly HandlingTime[];
  /** What was before `from`: the rate of the first interval for ever (`steady`), or nobody (`closed`, if absent). */
  readonly before?: "closed" | "steady";
  /** Contacts that already wait when the first interval begins: they count as coming within its first minute. */
  readonly waitingAtOpening?: number;
}

/** A stretch with one rate: contacts per ms that came from `from` to `to`. */
interface Piece {
  readonly from: Instant;
  readonly to: Instant;
  readonly perMs: number;
  readonly handling: HandlingTime;
  readonly meanMs: number;
}

const OPENING_MS = 60_000;
const NEGLIGIBLE = 1e-9; // of a mean: what is left of it counts no more

/**
 * The offered load over time: how many contacts would be in hand if nobody ever had to wait, the M_t/G/infinity queue
 * (Eick, Massey & Whitt, "The physics of the M_t/G/infinity queue", Operations Research 41, 1993). It lags behind the
 * arrivals by about a handling time and is exact for rates that are constant by interval.
 */
export class OfferedLoad {
  readonly #pieces: readonly Piece[];

  /** Throws `workforce.bad_demand` and `workforce.bad_distribution`. */
  constructor(demand: IntervalDemand) {
    checkDemand(demand);
    this.#pieces = piecesOf(demand);
  }

  /** The load at an instant, in erlang. */
  at(instant: Instant): number {
    let load = 0;
    for (let i = this.#pieces.length - 1; i >= 0; i--) {
      const piece = this.#pieces[i];
      if (piece === undefined || piece.from >= instant) continue;
      const since = limitedMeanMs(piece.handling, instant - piece.from);
      const until = limitedMeanMs(piece.handling, instant - piece.to);
      load += piece.perMs * (since - until);
    }
    return load;
  }

  /** The mean load of a span in erlang, by Simpson's rule over pieces of at most `stepMs`. */
  mean(from: Instant, to: Instant, stepMs = 300_000): number {
    const steps = 2 * Math.max(1, Math.ceil((to - from) / stepMs));
    const width = (to - from) / steps;
    let sum = this.at(from) + this.at(to);
    for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * this.at(from + i * width);
    return sum / (3 * steps);
  }

  /** The first instant at or after `from`, on a grid of `stepMs`, from which the load stays below `erlang`. */
  emptyAfter(from: Instant, erlang: number, stepMs: number): Instant {
    let at = from;
    while (this.at(at) >= erlang) at += stepMs;
    return at;
  }
}

/** The handling time of the contacts of an interval. */
export function handlingOf({ handling }: IntervalDemand, index: number): HandlingTime {
  if (!isList(handling)) return handling;
  const own = handling[index];
  if (own === undefined) throw badDemand("handling", `has no entry for interval ${index + 1}`);
  return own;
}

function piecesOf(demand: IntervalDemand): Piece[] {
  const { from, intervalMs, arrivals, before, waitingAtOpening = 0 } = demand;
  const pieces: Piece[] = arrivals.map((count, index) => {
    const handling = handlingOf(demand, index);
    const start = from + index * intervalMs;
    return {
      from: start,
      to: start + intervalMs,
      perMs: count / intervalMs,
      handling,
      meanMs: meanMsOf(handling),
    };
  });
  const first = pieces[0];
  if (first && waitingAtOpening > 0)
    pieces.unshift({ ...first, to: from + OPENING_MS, perMs: waitingAtOpening / OPENING_MS });
  if (first && before === "steady") pieces.unshift({ ...first, from: steadySince(first), to: from });
  return pieces.filter(({ perMs }) => perMs > 0);
}

/** So long before that whoever came earlier has gone. */
function steadySince({ from, handling, meanMs }: Piece): Instant {
  let length = meanMs;
  while (meanMs - limitedMeanMs(handling, length) > NEGLIGIBLE * meanMs) length *= 2;
  return from - length;
}

function checkDemand({ from, intervalMs, arrivals, handling, waitingAtOpening = 0 }: IntervalDemand): void {
  if (!Number.isFinite(from)) throw badDemand("from", "is an instant in ms");
  if (!(intervalMs > 0)) throw badDemand("intervalMs", `is above 0, not ${intervalMs}`);
  if (arrivals.length === 0) throw badDemand("arrivals", "has at least one interval");
  const wrong = arrivals.findIndex((count) => !(count >= 0 && Number.isFinite(count)));
  if (wrong >= 0)
    throw badDemand("arrivals", `of interval ${wrong + 1} is 0 or more, not ${arrivals[wrong]}`);
  if (!(waitingAtOpening >= 0)) throw badDemand("waitingAtOpening", `is 0 or more, not ${waitingAtOpening}`);
  if (isList(handling) && handling.length !== arrivals.length)
    throw badDemand("handling", `has ${handling.length} entries for ${arrivals.length} intervals`);
}

function isList(handling: HandlingTime | readonly HandlingTime[]): handling is readonly HandlingTime[] {
  return Array.isArray(handling);
}

function badDemand(field: string, problem: string): SvaraError {
  return new SvaraError(`${field} ${problem}`, { code: "workforce.bad_demand", field, httpStatus: 422 });
}
