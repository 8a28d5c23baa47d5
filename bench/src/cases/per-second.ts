const warmUpMs = 300;
const runMs = 600;
const runs = 3;

/** Units of work per second on one thread: the median of three runs after a warm-up. `work` says how many units it did. */
export function perSecond(work: () => number): number {
  measured(work, warmUpMs);
  const rates = Array.from({ length: runs }, () => measured(work, runMs)).sort((a, b) => a - b);
  return Math.round(rates[runs >> 1] ?? 0);
}

function measured(work: () => number, ms: number): number {
  const began = performance.now();
  let units = 0;
  let now = began;
  for (; now - began < ms; now = performance.now()) units += work();
  return (units * 1000) / (now - began);
}
