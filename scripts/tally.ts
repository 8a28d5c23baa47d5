/** What a command counts: the last line of `npm run check`, of `npm test` and of `.ci/run` is made from it. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped?: number;
}

/** The sum of several tallies. */
export function sum(tallies: readonly Tally[]): Required<Tally> {
  return tallies.reduce<Required<Tally>>(
    (total, tally) => ({
      passed: total.passed + tally.passed,
      failed: total.failed + tally.failed,
      skipped: total.skipped + (tally.skipped ?? 0),
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** `12 passed, 0 failed`, and `, 3 skipped` where there are any: plain, so that a machine can read it. */
export function tallyLine(tally: Tally): string {
  const skipped = tally.skipped === undefined || tally.skipped === 0 ? "" : `, ${tally.skipped} skipped`;
  return `${tally.passed} passed, ${tally.failed} failed${skipped}`;
}
