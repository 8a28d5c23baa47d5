/** Units that people give spans of time in, with their milliseconds. */
export const DURATION_UNITS = { s: 1_000, min: 60_000, h: 3_600_000 } as const;
export type DurationUnit = keyof typeof DURATION_UNITS;

/** The largest unit of which a span is a whole number; seconds for nothing. */
export function unitFor(durationMs: number): DurationUnit {
  if (durationMs > 0 && durationMs % DURATION_UNITS.h === 0) return "h";
  return durationMs > 0 && durationMs % DURATION_UNITS.min === 0 ? "min" : "s";
}
