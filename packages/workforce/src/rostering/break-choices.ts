import { INTERVAL_MS, type Period } from "@svara/calendar";
import type { Instant } from "@svara/kernel";
import type { AgentContext } from "./agent-context.ts";
import type { ShiftStart } from "./shift-start.ts";

const MINUTE_MS = 60_000;

/** For each break of a shift the instants at which it may begin without touching an appointment, ascending. */
export function breakChoices(
  { pattern, from, to }: Pick<ShiftStart, "pattern" | "from" | "to">,
  { agent }: AgentContext,
): Instant[][] {
  const appointments = (agent.activities ?? []).filter(
    (activity) => activity.from < to && activity.to > from,
  );
  return pattern.breaks.map(({ minutes, earliestAfterMinutes, latestAfterMinutes }) => {
    const choices: Instant[] = [];
    const last = from + latestAfterMinutes * MINUTE_MS;
    for (let at = from + earliestAfterMinutes * MINUTE_MS; at <= last; at += INTERVAL_MS) {
      if (isFree({ from: at, to: at + minutes * MINUTE_MS }, appointments)) choices.push(at);
    }
    return choices;
  });
}

function isFree({ from, to }: Period, taken: readonly Period[]): boolean {
  return !taken.some((period) => period.from < to && period.to > from);
}
