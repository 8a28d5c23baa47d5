import { availableParallelism } from "node:os";
import { runReplications } from "@svara/jobs";
import { type Scenario, simulate } from "@svara/workforce";
import { type CaseResult, rounded } from "../cases/bench-case.ts";
import type { Figure } from "../report/figure.ts";
import { ANCHOR, anchor, multiSkillDay } from "./floors.ts";
import { hotSpots } from "./hot-spots.ts";
import { SIMPY_MISSING, type SimpyRun, simpyRun } from "./simpy.ts";

/** How much is simulated. */
export interface SimulationSize {
  /** Of the anchor, in each run of ours and of the peer. */
  readonly calls: number;
  /** Of which the median is told. */
  readonly runs: number;
  /** Of the peer: it takes longer. */
  readonly peerRuns: number;
  /** Replications of the multi-skill day over threads. */
  readonly days: number;
}

interface Measured {
  readonly calls: number;
  readonly processorS: number;
  readonly wallS: number;
  readonly meanWaitS: number;
  readonly inTarget: number;
  /** All that happened on the floor. */
  readonly happenings: number;
}

const WARM_UP_CALLS = 100_000; // until the compiler has seen it all

/**
 * Events a second of the simulator, with the router and the statistics, beside SimPy with a model of the same queue on the same
 * machine in the same run. An event is what SimPy's model counts: an arrival or the end of a talk, two for each call.
 */
export async function simulation(
  size: SimulationSize,
  { say, peer }: { readonly say: (line: string) => void; readonly peer: boolean },
): Promise<CaseResult> {
  const { calls, runs, peerRuns, days } = size;
  say("simulation: the anchor, M/M/100 at a load of 0.95");
  const scenario = anchor(calls);
  simulate(anchor(Math.min(calls, WARM_UP_CALLS)), { seed: 99 });
  const ours = Array.from({ length: runs }, (_, n) => measured(scenario, { seed: n + 1 }));
  const spoken = measured(scenario, { seed: 1, journal: () => undefined });
  say(peer ? "simulation: the same in SimPy" : "simulation: SimPy is left out");
  const theirs: SimpyRun[] = [];
  for (let n = 0; peer && n < peerRuns; n++) {
    const run = await simpyRun({ ...ANCHOR, calls, seed: n + 1 });
    if (run === null) {
      say(SIMPY_MISSING);
      break;
    }
    theirs.push(run);
  }
  say("simulation: a multi-skill day, in one thread and in several");
  const day = multiSkillDay();
  simulate(day, { seed: 99, replications: 10 });
  const one = measured(day, { seed: 1, replications: 30 });
  const threads = availableParallelism();
  const alone = await timed(() => runReplications(day, { seed: 1, replications: days }, { threads: 1 }));
  const together = await timed(() => runReplications(day, { seed: 1, replications: days }, { threads }));
  const profile = await hotSpots(() => void simulate(scenario, { seed: 1 }));

  const beside =
    theirs.length === 0 ? {} : { peer: { value: median(theirs.map(perSecond)), note: noteOf(theirs) } };
  const conditions = `${ANCHOR.agents} agents, load 0.95, ${calls.toLocaleString("en")} calls, router and statistics`;
  const figure = (id: string, what: string, value: number, unit: string, of: string, more = {}): Figure => ({
    id: `workforce.simulation.${id}`,
    what,
    value,
    unit,
    better: unit === "s" ? "lower" : "higher",
    conditions: of,
    ...more,
  });
  const figures: Figure[] = [
    figure(
      "mm100",
      "events, processor time",
      median(ours.map(perSecond)),
      "events/s",
      `${conditions}, median of ${runs}`,
      beside,
    ),
    figure("mm100.wall", "events, by the clock", median(ours.map(perSecondOfClock)), "events/s", conditions, {
      ...(theirs.length === 0
        ? {}
        : { peer: { value: median(theirs.map(perSecondOfClock)), note: noteOf(theirs) } }),
    }),
    figure(
      "mm100.journal",
      "the same with a journal of every step",
      perSecond(spoken),
      "events/s",
      conditions,
    ),
    figure(
      "day",
      "multi-skill day",
      perSecond(one),
      "events/s",
      `6 queues, 110 agents of two skills, ${Math.round(one.calls / 30).toLocaleString("en")} calls a day, wrap-up, breaks, abandonment`,
    ),
    figure(
      "day.happenings",
      "the same, all that happens",
      Math.round(one.happenings / one.processorS),
      "events/s",
      "arrivals, answers, hang-ups, ends of talk and wrap-up, shifts and breaks",
    ),
    figure(
      "day.one",
      `${days} such days in one thread`,
      rounded(alone, 2),
      "s",
      "by the clock, the thread's start included",
    ),
    figure(
      "day.threads",
      `${days} such days in ${threads} threads`,
      rounded(together, 2),
      "s",
      "by the clock, the same figures to the last digit",
      {
        peer: { value: rounded(alone, 2), note: "one thread" },
      },
    ),
  ];
  return {
    group: { title: "Simulation", figures },
    detail: { ours, spoken, theirs, profile },
  };
}

function measured(scenario: Scenario, options: Parameters<typeof simulate>[1]): Measured {
  const wall = performance.now();
  const before = process.cpuUsage();
  const { total, run } = simulate(scenario, options);
  const { user, system } = process.cpuUsage(before);
  return {
    calls: total.counts.offered,
    processorS: (user + system) / 1e6,
    wallS: (performance.now() - wall) / 1000,
    meanWaitS: (total.meanWaitMs.value ?? 0) / 1000,
    inTarget: total.serviceLevel.SL3.value ?? 0,
    happenings: run.events,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

const EVENTS = 2; // for each call

function perSecond({ calls, processorS }: Pick<Measured, "calls" | "processorS">): number {
  return Math.round((EVENTS * calls) / processorS);
}

function perSecondOfClock({ calls, wallS }: Pick<Measured, "calls" | "wallS">): number {
  return Math.round((EVENTS * calls) / wallS);
}

function noteOf(runs: readonly SimpyRun[]): string {
  return `SimPy ${runs[0]?.version ?? ""}, the same queue without routing, median of ${runs.length}, same run`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
