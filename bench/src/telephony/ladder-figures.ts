import { rounded } from "../cases/bench-case.ts";
import type { Figure, PeerValue } from "../report/figure.ts";
import { cleanPercent, damage, heldBy, type Level } from "./ladder.ts";

interface Subject {
  /** Beginning of the figures' ids. */
  readonly id: string;
  /** What the calls do, after their number. */
  readonly what: string;
  readonly packetsPerSecond: number;
}

type Levels = readonly Level[];

/** The curve of processor time, missing packets and pace, and where it ends. */
export function ladderFigures(subject: Subject, ours: Levels, peer: Levels | null): Figure[] {
  const curve = ours.flatMap((level) =>
    levelFigures(
      subject,
      level,
      peer?.find(({ calls }) => calls === level.calls),
    ),
  );
  return [...curve, held(subject, ours, peer)];
}

/** Growth of resident memory for each call, from the lowest to the highest level above a few hundred. */
export function memoryFigure({ id, what }: Subject, ours: Levels, peer: Levels | null): Figure {
  const value = memoryPerCallKb(ours);
  const peerKb = peer && memoryPerCallKb(peer);
  return {
    id: `${id}.memory`,
    what: `memory for each ${what} call`,
    value,
    unit: "KB",
    better: "lower",
    conditions: `growth of resident memory from ${ours.find(counts)?.calls} to ${ours.at(-1)?.calls} calls`,
    ...(typeof peerKb === "number" ? { peer: { value: peerKb } } : {}),
  };
}

/** Delay through the switch at about half of what it held, each system at its own half. */
export function delayFigures({ id, what }: Subject, ours: Levels, peer: Levels | null): Figure[] {
  const half = halfLoad(ours);
  const peerHalf = peer && halfLoad(peer);
  return (["p50", "p99"] as const).map((at) => ({
    id: `${id}.delay.${at}`,
    what: `${what}: one-way delay ${at} at half load`,
    value: half?.oneWayMs[at] ?? null,
    unit: "ms",
    better: "lower",
    conditions: `${half?.calls ?? 0} calls${peerHalf ? `, peer ${peerHalf.calls}` : ""}; the generator's own delay included`,
    ...(peerHalf ? { peer: { value: peerHalf.oneWayMs[at] } } : {}),
  }));
}

function levelFigures({ id, what, packetsPerSecond }: Subject, level: Level, peer?: Level): Figure[] {
  const { calls, up, seconds, loadCpuPercent } = level;
  const peerOf = (value: (level: Level) => number): { peer?: PeerValue } =>
    peer ? { peer: { value: value(peer), ...(peer.clean ? {} : { note: "not clean" }) } } : {};
  const each = (l: Level): number => rounded(l.cpuPercent / Math.max(1, l.up), 4);
  return [
    {
      id: `${id}.${calls}.cpu`,
      what: `${calls} ${what}: CPU each`,
      value: each(level),
      unit: "% of a core",
      better: "lower",
      conditions: `${up} calls, ${seconds} s, ${packetsPerSecond} packets/s each; database ${level.helpersCpuPercent} %, generator ${loadCpuPercent} % (peer run ${peer?.loadCpuPercent ?? "-"} %)`,
      ...peerOf(each),
    },
    {
      id: `${id}.${calls}.damage`,
      what: `${calls} ${what}: packets missing or late`,
      value: rounded(damage(level), 3),
      unit: "%",
      better: "lower",
      conditions: `worst flow ${level.missingPercentWorst} % missing; between packets p99 ${level.interArrivalMs.p99} ms, p99.9 ${level.interArrivalMs.p999} ms`,
      ...peerOf((l) => rounded(damage(l), 3)),
    },
  ];
}

function held({ id, what }: Subject, ours: Levels, peer: Levels | null): Figure {
  const end = (levels: Levels): string => {
    const last = levels.at(-1);
    return last?.clean
      ? "the next level was beyond this machine, or not asked for"
      : `${last?.calls} were not clean`;
  };
  return {
    id: `${id}.held`,
    what: `most calls ${what}, clean`,
    value: heldBy(ours),
    unit: "calls",
    better: "higher",
    conditions: `at most ${cleanPercent} % missing or late; ${end(ours)}`,
    ...(peer ? { peer: { value: heldBy(peer), note: end(peer) } } : {}),
  };
}

/** Below this the program's own warming up outweighs the calls. */
const fewCalls = 400;

function counts({ calls }: Level): boolean {
  return calls >= fewCalls;
}

function memoryPerCallKb(levels: Levels): number | null {
  const first = levels.find(counts);
  const last = levels.at(-1);
  if (!first || !last || first === last) return null;
  return rounded(((last.residentMb - first.residentMb) * 1000) / (last.up - first.up), 1);
}

function halfLoad(levels: Levels): Level | undefined {
  const half = heldBy(levels) / 2;
  return [...levels].reverse().find(({ calls }) => calls <= half) ?? levels[0];
}
