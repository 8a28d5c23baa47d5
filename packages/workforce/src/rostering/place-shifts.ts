import type { Board, BoardAgent } from "./board.ts";
import type { BreakColumn, CoverCount } from "./cover-program.ts";
import type { Band, DaysProgram } from "./days-program.ts";
import type { Draft } from "./draft.ts";
import type { ShiftStart } from "./shift-start.ts";

/** How many breaks begin at an instant. */
export type BreakCount = Omit<BreakColumn, "column"> & { readonly breaks: number };

/**
 * Gives the agents of each band its starts: who begins early one day begins early the next, so that rest is long. Who cannot
 * have one of those that are left gets the nearest that is possible; who is one too many is left for the filling.
 */
export function placeShifts(
  draft: Draft,
  { choices }: Pick<DaysProgram, "choices">,
  values: Float64Array,
  cover: readonly CoverCount[],
): void {
  const chosen = choices.filter(({ column }) => (values[column] ?? 0) > 0.5);
  const last = new Map<BoardAgent, number>();
  const byBand = Map.groupBy(chosen, ({ band }) => band);
  const inTime = [...byBand.entries()].sort(([a], [b]) => a.day - b.day || startOf(a) - startOf(b));
  for (const [band, all] of inTime) {
    for (const [classIndex, own] of Map.groupBy(all, ({ agent }) => agent.classIndex)) {
      const left = cover
        .filter((count) => count.classIndex === classIndex && band.starts.includes(count.start))
        .flatMap(({ start, agents }) => Array.from({ length: agents }, () => start))
        .sort((a, b) => a.from - b.from);
      const agents = own
        .map(({ agent }) => agent)
        .sort(
          (a, b) =>
            narrowness(a, band) - narrowness(b, band) ||
            (last.get(a) ?? 0) - (last.get(b) ?? 0) ||
            a.index - b.index,
        );
      for (const agent of agents) {
        const start = takeStart(agent, band, left);
        if (!start || !draft.fits(agent, new Map([[band.day, start]]), false)) continue;
        last.set(agent, start.wallMinutes);
        draft.set(agent, band.day, { start, breaks: usualBreaks(start) });
      }
    }
  }
}

function startOf({ starts }: Band): number {
  return starts[0]?.from ?? 0;
}

/** Those who can have fewer of the starts choose first: 0 for who can have all. */
function narrowness(agent: BoardAgent, { day, starts }: Band): number {
  const able = starts.filter(({ index }) => agent.options[day]?.includes(index)).length;
  return able - starts.length;
}

function takeStart(agent: BoardAgent, { day, starts }: Band, left: ShiftStart[]): ShiftStart | undefined {
  const able = (start: ShiftStart): boolean => agent.options[day]?.includes(start.index) === true;
  const at = left.findIndex(able);
  if (at >= 0) return left.splice(at, 1)[0];
  return starts.find(able);
}

/** Breaks in the middle of their windows, until better ones are found. */
function usualBreaks({ from, pattern }: ShiftStart): number[] {
  return pattern.breaks.map(({ earliestAfterMinutes, latestAfterMinutes }) => {
    const middle = Math.floor((earliestAfterMinutes + latestAfterMinutes) / 2 / 15) * 15;
    return from + Math.max(middle, earliestAfterMinutes) * 60_000;
  });
}

/** Deals the breaks of the cover out: the first to begin rests first, which always fits the windows. */
export function placeBreaks(board: Board, draft: Draft, counts: readonly BreakCount[]): void {
  const crews = Map.groupBy(counts, ({ type, day, pattern }) => `${type} ${day} ${pattern.id}`);
  for (const crew of crews.values()) {
    const [first] = crew;
    if (!first) continue;
    const { type, day, pattern } = first;
    const working = board.agents
      .filter((agent) => agent.type === type && draft.at(agent, day)?.start.pattern === pattern)
      .sort((a, b) => fromOf(draft, a, day) - fromOf(draft, b, day) || a.index - b.index);
    const breaks = pattern.breaks.map((_, breakIndex) =>
      crew
        .filter((count) => count.breakIndex === breakIndex)
        .sort((a, b) => a.at - b.at)
        .flatMap(({ at, breaks: times }) => Array.from({ length: times }, () => at)),
    );
    for (const [rank, agent] of working.entries()) {
      const held = draft.at(agent, day);
      if (!held) continue;
      const own = pattern.breaks.map(({ earliestAfterMinutes, latestAfterMinutes }, index) => {
        const at = breaks[index]?.[rank];
        const after = at === undefined ? -1 : (at - held.start.from) / 60_000;
        const fits = after >= earliestAfterMinutes && after <= latestAfterMinutes;
        return fits && at !== undefined ? at : (held.breaks[index] ?? held.start.from);
      });
      const around = hasAppointment(agent, held.start)
        ? draft.candidates(agent, day).find(({ start }) => start === held.start)
        : undefined;
      draft.set(agent, day, around ?? { start: held.start, breaks: own });
    }
  }
}

function fromOf(draft: Draft, agent: BoardAgent, day: number): number {
  return draft.at(agent, day)?.start.from ?? 0;
}

function hasAppointment({ context }: BoardAgent, { from, to }: ShiftStart): boolean {
  return (context.agent.activities ?? []).some((activity) => activity.from < to && activity.to > from);
}
