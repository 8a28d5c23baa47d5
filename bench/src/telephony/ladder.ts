import { cpus } from "node:os";
import { rounded, sleep } from "../cases/bench-case.ts";
import type { CallerSpeech } from "../load/callers.ts";
import type { Heard } from "../load/load-command.ts";
import { corePercent, costOf } from "../server/process-cost.ts";
import type { LineKind } from "./call-system.ts";
import type { Stage } from "./stage.ts";

/** Calls that stay: more and more of them. */
export interface LadderSize {
  /** Numbers of calls, rising; the calls of one level stay for the next. */
  readonly levels: readonly number[];
  /** New calls a second on the way up. */
  readonly perSecond: number;
  readonly windowMs: number;
}

/** One step: so many calls, listened to for a while. */
export interface Level extends Heard {
  readonly calls: number;
  /** Calls that stood. */
  readonly up: number;
  readonly clean: boolean;
  readonly cpuPercent: number;
  readonly helpersCpuPercent: number;
  readonly loadCpuPercent: number;
  readonly residentMb: number;
}

/** Packets missing or late, mean of all callers: above this the sound is no longer clean. */
export const cleanPercent = 0.2;
/** A disturbed window is listened to again: other work on the machine shall not end the ladder. */
const attempts = 2;
/** Up to here the cost of the program itself hides that of the calls. */
const fewCalls = 100;
const settleMs = 1_500;
/**
 * Percent of one core that the machine has for switch and load, and a little more: a level that would need more is not
 * tried. A switch of hundreds of threads in such straits leaves the machine to nobody for minutes.
 */
const machinePercent = 115 * cpus().length;

/** Climbs until a level is not clean, or the next cannot be; then lets all calls go. Null when the switch has no such line. */
export async function climb(
  stage: Stage,
  line: LineKind,
  speech: CallerSpeech,
  size: LadderSize,
): Promise<readonly Level[] | null> {
  const { load, system } = stage;
  const number = await system.line(line);
  if (number === null) return null;
  const { perSecond } = size;
  const levels = await climbBy(stage, `${line}, ${speech}`, size, async (calls) => {
    const { up } = await load.ask("hold", { number, calls, perSecond, speech });
    return up;
  });
  await load.ask("release", {});
  await sleep(settleMs);
  return levels;
}

/** Climbs by `add`, which adds calls and says how many of them stand. */
export async function climbBy(
  stage: Stage,
  what: string,
  size: LadderSize,
  add: (calls: number) => Promise<number>,
): Promise<readonly Level[]> {
  const levels: Level[] = [];
  let up = 0;
  for (const calls of size.levels) {
    up += await add(calls - up);
    await sleep(settleMs);
    const level = await listen(stage, { calls, up }, size.windowMs);
    levels.push(level);
    stage.say(
      `${stage.system.name}: ${up} of ${calls} ${what}: ${level.cpuPercent} % of a core, ${level.missingPercent} % missing, ${level.latePercent} % late, generator ${level.loadCpuPercent} %`,
    );
    if (!level.clean || !affordable(level, size.levels[levels.length] ?? 0)) break;
  }
  return levels;
}

async function listen(
  stage: Stage,
  count: { readonly calls: number; readonly up: number },
  windowMs: number,
): Promise<Level> {
  let best: Level | undefined;
  for (let attempt = 0; attempt < attempts && !best?.clean; attempt++) {
    const level = await window(stage, count, windowMs);
    if (best === undefined || damage(level) < damage(best)) best = level;
  }
  return best as Level;
}

async function window(
  { system, load }: Stage,
  count: { readonly calls: number; readonly up: number },
  windowMs: number,
): Promise<Level> {
  const read = () => [system.cost(), system.helpersCost(), costOf([load.pid])] as const;
  const from = read();
  const heard = await load.ask("listen", { ms: windowMs });
  const to = read();
  return {
    ...heard,
    ...count,
    clean: count.up === count.calls && damage(heard) <= cleanPercent,
    cpuPercent: rounded(corePercent(from[0], to[0])),
    helpersCpuPercent: rounded(corePercent(from[1], to[1])),
    loadCpuPercent: rounded(corePercent(from[2], to[2])),
    residentMb: rounded(system.residentMb, 1),
  };
}

/** Whether `next` calls could be carried, going by what these cost. */
function affordable({ calls, cpuPercent, loadCpuPercent }: Level, next: number): boolean {
  return calls < fewCalls || ((cpuPercent + loadCpuPercent) * next) / calls <= machinePercent;
}

/** Percent of the packets that did not help. */
export function damage({ missingPercent, latePercent }: Heard): number {
  return missingPercent + latePercent;
}

/** The highest level that was clean; 0 for none. */
export function heldBy(levels: readonly Level[]): number {
  return levels.filter(({ clean }) => clean).at(-1)?.calls ?? 0;
}
