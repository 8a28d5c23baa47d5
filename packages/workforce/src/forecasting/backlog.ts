import { type Instant, SvaraError } from "@svara/kernel";

/** Work that comes in an interval: mail, letters, tasks. */
export interface WorkArrival {
  readonly at: Instant;
  readonly count: number;
}

/** Work that waits already, by when it came. */
export interface BacklogItem {
  readonly cameAt: Instant;
  readonly count: number;
}

/** What is to be done, and when it can be. */
export interface BacklogPlan {
  readonly intervalMs: number;
  /** Starts of the intervals in which the back office works, in any order. */
  readonly workingIntervals: readonly Instant[];
  /** Expected arrivals per interval, working or not. */
  readonly arrivals: readonly WorkArrival[];
  readonly backlog: readonly BacklogItem[];
  /** An item must be done within so long of the beginning of the interval in which it came. */
  readonly responseTargetMs: number;
  /** By when what is late already must be done; the end of the first working interval when absent. */
  readonly catchUpBy?: Instant;
}

/** What one working interval must get through. */
export interface BacklogInterval {
  readonly at: Instant;
  /** Items to do, so that none is late and the work is as even as can be. */
  readonly items: number;
  /** Of them, those that can wait no longer than this interval. */
  readonly due: number;
  /** Still there when it ends. */
  readonly backlog: number;
}

/** The work that must be done, interval by interval. */
export interface BacklogWorkload {
  readonly intervals: readonly BacklogInterval[];
  /** Late whatever is done: the target passes before the work can begin. */
  readonly lateAnyway: number;
  /** Of what comes within the plan, due after its end: it may be left to the next plan. */
  readonly leftOver: number;
}

/**
 * The most even work that answers everything in time: of all curves of work done between what has come and what is due, the
 * one with the smallest peak is the taut string between the two. What is due after the end is left.
 * @throws {SvaraError} `forecasting.bad_backlog`; the field says where
 */
export function backlogWorkload(plan: BacklogPlan): BacklogWorkload {
  check(plan);
  const { intervalMs, responseTargetMs } = plan;
  const starts = [...new Set(plan.workingIntervals)].sort((a, b) => a - b);
  const end = (k: number): Instant => (starts[k] ?? 0) + intervalMs;
  const first = starts[0] ?? 0;
  const come = new Float64Array(starts.length); // can be begun in interval k at the earliest
  const due = new Float64Array(starts.length); // must be done in interval k at the latest
  let lateAnyway = 0;
  let leftOver = 0;
  const put = (cameAt: Instant, count: number, deadline: Instant): void => {
    const from = starts.findIndex((at) => at + intervalMs > cameAt);
    if (from < 0) {
      leftOver += count;
      return;
    }
    come[from] = (come[from] ?? 0) + count;
    if (deadline > end(starts.length - 1)) {
      leftOver += count;
      return;
    }
    let last = starts.findLastIndex((at) => at + intervalMs <= deadline);
    if (last < from) {
      lateAnyway += count;
      last = from;
    }
    due[last] = (due[last] ?? 0) + count;
  };
  const catchUpBy = Math.max(plan.catchUpBy ?? 0, end(0));
  for (const { cameAt, count } of plan.backlog) {
    const deadline = cameAt + responseTargetMs;
    if (deadline >= end(0)) put(Math.min(cameAt, first), count, deadline);
    else {
      if (deadline <= first) lateAnyway += count;
      put(Math.min(cameAt, first), count, catchUpBy);
    }
  }
  for (const { at, count } of plan.arrivals) put(at, count, at + responseTargetMs);
  const done = tautString(cumulated(due), cumulated(come));
  let before = 0;
  let cameSoFar = 0;
  const intervals = starts.map((at, k) => {
    const items = (done[k] ?? 0) - before;
    before = done[k] ?? 0;
    cameSoFar += come[k] ?? 0;
    return { at, items, due: due[k] ?? 0, backlog: Math.max(0, cameSoFar - before) };
  });
  return { intervals, lateAnyway, leftOver };
}

/** What becomes of the work with so much capacity. */
export interface BacklogOutcome {
  readonly intervals: readonly {
    readonly at: Instant;
    readonly done: number;
    /** Of what was done, later than its target. */
    readonly late: number;
    readonly backlog: number;
  }[];
  /** Share of what was done that was in time; null where nothing was. */
  readonly inTime: number | null;
  /** Still there at the end, and how much of that is late already. */
  readonly backlog: number;
  readonly lateInBacklog: number;
}

/**
 * Works the backlog off, oldest first, with a throughput of so many items for each working interval.
 * @throws {SvaraError} `forecasting.bad_backlog`; the field says where
 */
export function workOff(plan: BacklogPlan, throughput: readonly number[]): BacklogOutcome {
  check(plan);
  const starts = [...new Set(plan.workingIntervals)].sort((a, b) => a - b);
  if (throughput.length !== starts.length) {
    throw bad(`${throughput.length} throughputs for ${starts.length} working intervals`, "throughput");
  }
  const wrong = throughput.findIndex((items) => !(Number.isFinite(items) && items >= 0));
  if (wrong >= 0) throw bad(`a throughput of ${throughput[wrong]} is not 0 or more`, `throughput.${wrong}`);
  const queue = [
    ...plan.backlog.map(({ cameAt, count }) => ({ at: cameAt, count })),
    ...plan.arrivals.map(({ at, count }) => ({ at, count })),
  ].sort((a, b) => a.at - b.at);
  let next = 0;
  let backlog = 0;
  let head = 0; // of the queue, oldest not wholly done
  let done = 0;
  let late = 0;
  const intervals = starts.map((at, k) => {
    const end = at + plan.intervalMs;
    for (; (queue[next]?.at ?? Number.POSITIVE_INFINITY) < end; next++) backlog += queue[next]?.count ?? 0;
    let room = Math.min(throughput[k] ?? 0, backlog);
    const doneNow = room;
    let lateNow = 0;
    while (room > 1e-12 && head < next) {
      const item = queue[head];
      if (item === undefined) break;
      const part = Math.min(room, item.count);
      if (item.at + plan.responseTargetMs < end) lateNow += part;
      item.count -= part;
      room -= part;
      if (item.count <= 1e-12) head++;
    }
    backlog -= doneNow;
    done += doneNow;
    late += lateNow;
    return { at, done: doneNow, late: lateNow, backlog };
  });
  const end = (starts.at(-1) ?? 0) + plan.intervalMs;
  const lateInBacklog = queue
    .slice(head, next)
    .reduce((sum, { at, count }) => sum + (at + plan.responseTargetMs < end ? count : 0), 0);
  return { intervals, inTime: done > 0 ? 1 - late / done : null, backlog, lateInBacklog };
}

/**
 * The shortest curve from 0 that stays at or above `low` and at or below `high` (both cumulated, low <= high) and ends at
 * low's end: its steepest piece is as flat as can be.
 */
function tautString(low: Float64Array, high: Float64Array): Float64Array {
  const n = low.length;
  const curve = new Float64Array(n);
  let from = -1; // the last bend, and its height
  let height = 0;
  while (from < n - 1) {
    let least = Number.NEGATIVE_INFINITY;
    let most = Number.POSITIVE_INFINITY;
    let leastAt = from + 1;
    let mostAt = from + 1;
    let bend = n - 1;
    let slope = 0;
    for (let k = from + 1; k < n; k++) {
      const steps = k - from;
      const isEnd = k === n - 1;
      const upper = ((isEnd ? (low[k] ?? 0) : (high[k] ?? 0)) - height) / steps;
      const lower = ((low[k] ?? 0) - height) / steps;
      if (lower > most) {
        bend = mostAt;
        slope = most;
        break;
      }
      if (upper < least) {
        bend = leastAt;
        slope = least;
        break;
      }
      if (lower >= least) {
        least = lower;
        leastAt = k;
      }
      if (upper <= most) {
        most = upper;
        mostAt = k;
      }
      if (isEnd) {
        bend = k;
        slope = lower;
      }
    }
    for (let k = from + 1; k <= bend; k++) curve[k] = height + slope * (k - from);
    height = curve[bend] ?? height;
    from = bend;
  }
  return curve;
}

function cumulated(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

function check({
  intervalMs,
  workingIntervals,
  arrivals,
  backlog,
  responseTargetMs,
  catchUpBy,
}: BacklogPlan): void {
  const isTime = (ms: number): boolean => Number.isFinite(ms) && ms > 0;
  if (!isTime(intervalMs)) throw bad(`an interval of ${intervalMs} ms is none`, "intervalMs");
  if (!isTime(responseTargetMs))
    throw bad(`a target of ${responseTargetMs} ms is not above 0`, "responseTargetMs");
  if (workingIntervals.length === 0)
    throw bad("nobody works: there is no working interval", "workingIntervals");
  const starts = [...workingIntervals].sort((a, b) => a - b);
  for (const [i, at] of starts.entries()) {
    const next = starts[i + 1];
    if (!Number.isFinite(at)) throw bad(`${at} is not an instant`, "workingIntervals");
    if (next !== undefined && next !== at && next - at < intervalMs) {
      throw bad(`the intervals at ${iso(at)} and ${iso(next)} overlap`, "workingIntervals");
    }
  }
  const isCount = (count: number): boolean => Number.isFinite(count) && count >= 0;
  for (const [i, { at, count }] of arrivals.entries()) {
    if (!Number.isFinite(at)) throw bad(`${at} is not an instant`, `arrivals.${i}.at`);
    if (!isCount(count)) throw bad(`${count} items cannot come`, `arrivals.${i}.count`);
  }
  for (const [i, { cameAt, count }] of backlog.entries()) {
    if (!Number.isFinite(cameAt)) throw bad(`${cameAt} is not an instant`, `backlog.${i}.cameAt`);
    if (!isCount(count)) throw bad(`${count} items cannot wait`, `backlog.${i}.count`);
  }
  if (catchUpBy !== undefined && !Number.isFinite(catchUpBy))
    throw bad(`${catchUpBy} is not an instant`, "catchUpBy");
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}

function bad(message: string, field: string): SvaraError {
  return new SvaraError(message, { code: "forecasting.bad_backlog", httpStatus: 422, field });
}
