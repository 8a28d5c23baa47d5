/**
 * The mean square of 16-bit samples that is 0 dBm0: a sine that fills A-law is +3.14 dBm0 (ITU-T G.711, table 1a).
 */
const zeroLevelSquare = (32_256 / Math.SQRT2) ** 2 / 10 ** 0.314;

/** The mean square of a level in dBm0. */
export function meanSquareAt(dbm0: number): number {
  return zeroLevelSquare * 10 ** (dbm0 / 10);
}

/** The amplitude of a sine of that level. */
export function amplitudeAt(dbm0: number): number {
  return Math.sqrt(2 * meanSquareAt(dbm0));
}
