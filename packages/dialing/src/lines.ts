import type { TrunkId } from "@svara/kernel";
import { type Destination, formatNumber, type NumberFormat } from "./destination.ts";

/** Which number a carrier is shown. `own`: what the caller chose, if anything; `trunk`: always the line's own. */
export type CallerIdPolicy = "own" | "trunk";

/** A way out of the centre as it stands now. */
export interface Line {
  readonly trunkId: TrunkId;
  /** Lines of one order are a group that shares the load; a greater order is used when no smaller one can carry the call. */
  readonly order: number;
  /** False: it was found dead; it is tried last. */
  readonly up: boolean;
  readonly calls: number;
  readonly maxCalls: number;
  /** Countries (ISO 3166-1 alpha-2) that it is used for; null: all. */
  readonly countries: readonly string[] | null;
  /** Carries calls for help. */
  readonly emergency: boolean;
  readonly format: NumberFormat;
  /** Where its national numbers are; absent: in the centre's country. */
  readonly country?: string;
  /** Digits that the carrier wants before each number. */
  readonly prefix: string;
  readonly callerId: CallerIdPolicy;
  /** The line's own number; null: it has none. */
  readonly number: string | null;
}

/** What is sent over one line. */
export interface Way {
  readonly trunkId: TrunkId;
  readonly number: string;
  /** Absent: withheld. */
  readonly callerNumber?: string;
}

export interface Caller {
  /** The number to show; absent: the line's own. */
  readonly number?: string;
  /** The caller does not want to be shown. */
  readonly withheld?: boolean;
}

/**
 * The lines over which a call may go, the best first; empty when none can carry it. A call for help may use any line that
 * takes such calls, full, forbidden for its country or thought dead; it always shows a number.
 */
export function waysOut(
  destination: Destination,
  lines: readonly Line[],
  caller: Caller,
  country: string,
): readonly Way[] {
  const help = destination.kind === "emergency";
  const usable = lines.filter((line) => (help ? line.emergency : carries(line, destination, country)));
  return usable
    .toSorted(
      (a, b) =>
        Number(b.up) - Number(a.up) ||
        (help ? Number(isFull(a)) - Number(isFull(b)) : 0) ||
        a.order - b.order ||
        a.calls / a.maxCalls - b.calls / b.maxCalls ||
        (a.trunkId < b.trunkId ? -1 : 1),
    )
    .map((line) => {
      const shown = callerNumber(line, caller, help);
      return {
        trunkId: line.trunkId,
        number: line.prefix + formatNumber(destination, line.format, line.country ?? country),
        ...(shown === undefined ? {} : { callerNumber: shown }),
      };
    });
}

function carries(line: Line, destination: Destination, country: string): boolean {
  if (isFull(line)) return false;
  if (line.countries === null) return true;
  const reached = destination.kind === "special" ? country : destination.country;
  return reached !== undefined && line.countries.includes(reached);
}

function isFull(line: Line): boolean {
  return line.calls >= line.maxCalls;
}

function callerNumber(line: Line, caller: Caller, help: boolean): string | undefined {
  if (caller.withheld && !help) return undefined;
  const chosen = line.callerId === "trunk" ? undefined : caller.number;
  return chosen ?? line.number ?? caller.number;
}
