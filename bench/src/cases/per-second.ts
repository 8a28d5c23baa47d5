const warmUpMs = 300;
const runMs = 600;
const runs = 3;

/**
 * Units of work per second of processor time, so that what else the machine does weighs little: the median of three runs
 * after a warm-up. `work` says how many units it did; garbage collection counts.
 */
export function perSecond(work: () => number): number {
  measured(work, warmUpMs);
  const rates = Array.from({ length: runs }, () => measured(work, runMs)).sort((a, b) => a - b);
  return Math.round(rates[runs >> 1] ?? 0);
}

function measured(work: () => number, ms: number): number {
  const end = performance.now() + ms;
  const before = process.cpuUsage();
  let units = 0;
  while (performance.now() < end) units += work();
  const { user, system } = process.cpuUsage(before);
  return (units * 1e6) / (user + system);
}
