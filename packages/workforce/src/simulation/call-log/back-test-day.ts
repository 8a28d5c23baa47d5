import { BlockPlan } from "../block-plan.ts";
import { FloorRun } from "../floor-run.ts";
import { FloorTally } from "../floor-tally.ts";
import { sumBlocks } from "../queue-tally.ts";
import type { Scenario } from "../scenario.ts";
import type { CallLogDay } from "./call-log.ts";
import { COUNTED_HOURS, HOUR_MS } from "./hours.ts";

/** What was counted of those who asked in one hour. */
export interface HourCounts {
  readonly offered: number;
  readonly waitMs: number;
  readonly abandoned: number;
}

/** Hour by hour what the log tells. */
export function hoursOfLog({ calls }: CallLogDay): HourCounts[] {
  const hours = Array.from({ length: COUNTED_HOURS }, () => ({ offered: 0, waitMs: 0, abandoned: 0 }));
  for (const { askedAtMs, waitMs, outcome } of calls) {
    const hour = hours[Math.floor(askedAtMs / HOUR_MS)];
    if (hour === undefined) continue;
    hour.offered++;
    hour.waitMs += waitMs;
    if (outcome === "abandoned") hour.abandoned++;
  }
  return hours;
}

/** Hour by hour what one simulated run of the day gives. */
export function hoursOfRun(
  scenario: Scenario,
  { seed, replication }: { readonly seed: number; readonly replication: number },
): HourCounts[] {
  const tally = new FloorTally({ plan: new BlockPlan(0, COUNTED_HOURS * HOUR_MS, COUNTED_HOURS) });
  new FloorRun(scenario, { tally, seed, replication }).run();
  const queues = [...tally.queues.values()];
  return Array.from({ length: COUNTED_HOURS }, (_, hour) => {
    const { offered, waitMs, abandoned } = sumBlocks(queues.flatMap((queue) => queue.blocks[hour] ?? []));
    return { offered, waitMs, abandoned };
  });
}
