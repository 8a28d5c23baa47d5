import type { ServerSample } from "./server-sample.ts";

/** Growth by the call that is no leak: what a day's figures remember of a call, and the noise of measuring. */
const HEAP_BYTES_A_CALL = 600;
const RESIDENT_BYTES_A_CALL = 2_000;
/** Connections to the database come and go. */
const HANDLES_SLACK = 20;
/** The part of the run in which memory settles. */
const WARM_UP_SHARE = 1 / 2;
/** Samples under this many tell nothing of a slope. */
const LEAST_SAMPLES = 6;

export interface SoakOutcome {
  readonly before: ServerSample;
  readonly samples: readonly ServerSample[];
  /** After all calls are over and SIP has forgotten them. */
  readonly after: ServerSample;
  readonly calls: number;
  readonly answered: number;
  readonly refused: number;
  readonly held: { readonly wanted: number; readonly kept: number };
}

export interface SoakVerdict {
  readonly clean: boolean;
  /** Bytes that each call leaves, by the line through what was sampled after the warm-up; NaN for too short a run. */
  readonly heapBytesACall: number;
  readonly residentBytesACall: number;
  readonly faults: readonly string[];
}

/** Whether anything was left behind, grew with the calls, or failed. */
export function judgeSoak({
  before,
  samples,
  after,
  calls,
  answered,
  refused,
  held,
}: SoakOutcome): SoakVerdict {
  const settled = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE)).filter((s) => s.legs > 0);
  const enough = settled.length >= LEAST_SAMPLES;
  const heapBytesACall = enough ? slope(settled.map((s) => [s.contacts, s.heapMb * 1e6])) : Number.NaN;
  const residentBytesACall = enough
    ? slope(settled.map((s) => [s.contacts, s.residentMb * 1e6]))
    : Number.NaN;
  const faults = [
    ...(heapBytesACall > HEAP_BYTES_A_CALL
      ? [`the heap grows by ${Math.round(heapBytesACall)} bytes a call`]
      : []),
    ...(residentBytesACall > RESIDENT_BYTES_A_CALL
      ? [`resident memory grows by ${Math.round(residentBytesACall)} bytes a call`]
      : []),
    ...(after.fileHandles > before.fileHandles + HANDLES_SLACK
      ? [`${after.fileHandles} handles after, ${before.fileHandles} before`]
      : []),
    ...left("legs", after.legs),
    ...left("SIP dialogs", after.dialogs),
    ...left("contacts", after.contactsActive),
    ...left("events that are not durable", after.ledgerPending),
    ...(held.kept < held.wanted ? [`${held.wanted - held.kept} of ${held.wanted} held calls were lost`] : []),
    ...(answered + refused < calls ? [`${calls - answered - refused} calls came to nothing`] : []),
  ];
  return { clean: faults.length === 0, heapBytesACall, residentBytesACall, faults };
}

function left(what: string, count: number): string[] {
  return count === 0 ? [] : [`${count} ${what} left`];
}

/** Of the line with the least squares. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const under = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return under === 0 ? 0 : over / under;
}
