import { INTERVAL_MS, intervalStart, type Period } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import { isAbsence } from "./leave-days.ts";
import { isRest, type RosterShift } from "./roster.ts";

/** What an agent did, from an instant to a later one, in the words of the ledger. */
export interface StateSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly kind: ActualKind;
}

/**
 * Kinds of actual state. `on_queue`: available, reserved, or handling (talk, hold, consult, wrap-up). `rest`: not ready for a
 * break or lunch. `activity`: not ready for training, meeting, coaching or other planned work. `off_queue`: not ready for any
 * other reason. What no span covers is logged out.
 */
export type ActualKind = "on_queue" | "rest" | "activity" | "off_queue";

/** Adherence (K53) and conformance (K54) over a stretch, with what they are made of, in milliseconds. */
export interface AdherenceFigures {
  readonly scheduledMs: number;
  /** Of the scheduled time, spent in the scheduled kind of state. */
  readonly inAdherenceMs: number;
  /** In adherence / scheduled; null when nothing is scheduled. */
  readonly adherence: number | null;
  readonly scheduledOnQueueMs: number;
  /** On queue at any time of the stretch, scheduled or not. */
  readonly actualOnQueueMs: number;
  /** Actual on queue / scheduled on queue; may exceed 1; null when no queue time is scheduled. */
  readonly conformance: number | null;
}

/** The figures of a quarter of an hour. */
export interface IntervalAdherence extends AdherenceFigures {
  readonly from: Instant;
}

/** A stretch in which the scheduled kind was not kept. */
export interface AdherenceException {
  readonly from: Instant;
  readonly to: Instant;
  readonly scheduled: Exclude<ActualKind, "off_queue">;
  readonly actual: ActualKind | "logged_out";
}

/** Adherence of one agent over a period: by quarter, and in all. */
export interface Adherence {
  readonly total: AdherenceFigures;
  /** Only quarters in which something was scheduled or done. */
  readonly intervals: readonly IntervalAdherence[];
  readonly exceptions: readonly AdherenceException[];
}

interface Scheduled extends Period {
  readonly kind: Exclude<ActualKind, "off_queue">;
}

/**
 * Compares an agent's shifts with what the agent did, inside `period`. Work outside of shifts counts neither way in adherence
 * (and counts in conformance). Throws nothing; spans that overlap count once, the earlier one first.
 */
export function adherence(
  shifts: readonly RosterShift[],
  actual: readonly StateSpan[],
  period: Period,
): Adherence {
  const scheduled = shifts
    .flatMap(scheduledSpans)
    .map((span) => clip(span, period))
    .filter(isLong)
    .sort(byBegin);
  const done = apart(actual.map((span) => clip(span, period)).filter(isLong));
  const tally = new Tally();
  for (const span of scheduled) tally.add("scheduled", span, span.kind === "on_queue");
  for (const span of done) if (span.kind === "on_queue") tally.add("actualOnQueueMs", span, false);
  const exceptions: AdherenceException[] = [];
  for (const span of scheduled) {
    for (const piece of against(span, done)) {
      if (piece.actual === span.kind) tally.add("inAdherenceMs", piece, false);
      else exceptions.push({ from: piece.from, to: piece.to, scheduled: span.kind, actual: piece.actual });
    }
  }
  return { total: tally.total(), intervals: tally.intervals(), exceptions };
}

/** A shift as spans of kinds: its parts, and on queue between them; leave of some hours is not scheduled time. */
function scheduledSpans({ from, to, parts }: RosterShift): Scheduled[] {
  const spans: Scheduled[] = [];
  let at = from;
  for (const part of parts) {
    spans.push({ from: at, to: part.from, kind: "on_queue" });
    if (!isAbsence(part))
      spans.push({ from: part.from, to: part.to, kind: isRest(part) ? "rest" : "activity" });
    at = part.to;
  }
  spans.push({ from: at, to, kind: "on_queue" });
  return spans;
}

function clip<T extends Period>(span: T, period: Period): T {
  return { ...span, from: Math.max(span.from, period.from), to: Math.min(span.to, period.to) };
}

function isLong({ from, to }: Period): boolean {
  return from < to;
}

function byBegin(a: Period, b: Period): number {
  return a.from - b.from;
}

/** Without overlap: a later span begins where the one before ends. */
function apart(spans: readonly StateSpan[]): StateSpan[] {
  let at = Number.NEGATIVE_INFINITY;
  return [...spans].sort(byBegin).flatMap((span) => {
    const rest = { ...span, from: Math.max(span.from, at) };
    if (!isLong(rest)) return [];
    at = rest.to;
    return [rest];
  });
}

/** The pieces of a scheduled span with what was done in each. */
function against(
  span: Scheduled,
  done: readonly StateSpan[],
): (Period & { readonly actual: ActualKind | "logged_out" })[] {
  const pieces: (Period & { actual: ActualKind | "logged_out" })[] = [];
  let at = span.from;
  for (const { from, to, kind } of done) {
    if (to <= at) continue;
    if (from >= span.to) break;
    if (from > at) pieces.push({ from: at, to: from, actual: "logged_out" });
    const end = Math.min(to, span.to);
    pieces.push({ from: Math.max(from, at), to: end, actual: kind });
    at = end;
  }
  if (at < span.to) pieces.push({ from: at, to: span.to, actual: "logged_out" });
  return pieces;
}

interface Sums {
  scheduledMs: number;
  scheduledOnQueueMs: number;
  inAdherenceMs: number;
  actualOnQueueMs: number;
}

/** Sums by quarter. */
class Tally {
  readonly #quarters = new Map<Instant, Sums>();

  add(what: "scheduled" | "inAdherenceMs" | "actualOnQueueMs", span: Period, isOnQueue: boolean): void {
    for (let at = intervalStart(span.from); at < span.to; at += INTERVAL_MS) {
      const ms = Math.min(span.to, at + INTERVAL_MS) - Math.max(span.from, at);
      const sums = this.#quarters.get(at) ?? emptySums();
      this.#quarters.set(at, sums);
      if (what !== "scheduled") sums[what] += ms;
      else {
        sums.scheduledMs += ms;
        if (isOnQueue) sums.scheduledOnQueueMs += ms;
      }
    }
  }

  intervals(): IntervalAdherence[] {
    return [...this.#quarters.entries()]
      .sort(([a], [b]) => a - b)
      .map(([from, sums]) => ({ from, ...figures(sums) }));
  }

  total(): AdherenceFigures {
    const all = emptySums();
    for (const sums of this.#quarters.values()) {
      all.scheduledMs += sums.scheduledMs;
      all.scheduledOnQueueMs += sums.scheduledOnQueueMs;
      all.inAdherenceMs += sums.inAdherenceMs;
      all.actualOnQueueMs += sums.actualOnQueueMs;
    }
    return figures(all);
  }
}

function emptySums(): Sums {
  return { scheduledMs: 0, scheduledOnQueueMs: 0, inAdherenceMs: 0, actualOnQueueMs: 0 };
}

function figures(sums: Sums): AdherenceFigures {
  return {
    ...sums,
    adherence: sums.scheduledMs > 0 ? sums.inAdherenceMs / sums.scheduledMs : null,
    conformance: sums.scheduledOnQueueMs > 0 ? sums.actualOnQueueMs / sums.scheduledOnQueueMs : null,
  };
}
