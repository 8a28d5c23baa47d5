import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { type AgentId, type Instant, type QueueId, SvaraError } from "@svara/kernel";
import type { JournalEntry } from "@svara/routing";
import { type StateTimes, sumTimes } from "./agent-tally.ts";
import { BlockPlan } from "./block-plan.ts";
import {
  type AgentFigures,
  agentFigures,
  blockFigures,
  blocksOf,
  type IntervalQueueFigures,
  type QueueFigures,
  queueFigures,
  queueIdsOf,
  type Scale,
  timeFigures,
  totalBlocks,
  totalFigures,
} from "./figures.ts";
import { FloorRun, type RunCounts } from "./floor-run.ts";
import { FloorTally } from "./floor-tally.ts";
import { checkPrecision, type Precision, PrecisionWatch } from "./precision.ts";
import { sumBlocks } from "./queue-tally.ts";
import { type RunSamples, type RunTally, runTally } from "./run-tally.ts";
import type { Scenario } from "./scenario.ts";
import { SystemSamples } from "./system-samples.ts";

/** How a scenario is run and judged. */
export interface SimulationOptions {
  readonly seed: number;
  /** Independent runs; 1 if absent. With `precision` as many at most. */
  readonly replications?: number;
  /** Stops when this figure is known well enough. */
  readonly precision?: Precision;
  /** Blocks into which each run is cut, for batch means of one long run; 1 if absent. */
  readonly batches?: number;
  /** Figures of each interval of this length too; not together with `batches`. */
  readonly intervalMs?: number;
  /** How many are in the system, every so often. */
  readonly sampleEveryMs?: number;
  /** Not counted at the start of each run. */
  readonly warmUpMs?: number;
  readonly policy?: QueuePolicy;
  /** By queue, what stands instead of `policy`. */
  readonly policies?: Readonly<Record<QueueId, QueuePolicy>>;
  /** Agents are told apart by this; all as `all` if absent. */
  readonly groupOf?: (agentId: AgentId) => string;
  /** The same as data, by agent; who is not named is in `all`. */
  readonly groups?: Readonly<Record<AgentId, string>>;
  /** Of the intervals; 0.95 if absent. */
  readonly confidence?: number;
  /** Is handed each step of the router, as a live one's journal is; one epoch for each replication. */
  readonly journal?: (entry: JournalEntry) => void;
}

/** What one replication found, as plain data that may cross between threads. */
export interface Replication {
  readonly tally: RunTally;
  readonly samples: RunSamples | null;
  readonly counts: RunCounts;
}

/** What is known of one interval. */
export interface IntervalFigures {
  readonly from: Instant;
  readonly to: Instant;
  readonly queues: ReadonlyMap<QueueId, IntervalQueueFigures>;
  readonly total: IntervalQueueFigures;
  /** By group. */
  readonly agents: ReadonlyMap<string, AgentFigures>;
}

/** How many were in the system (waiting, in hand, wrapped up) at each instant: by instant, then by replication. */
export interface SampledSystem {
  readonly at: readonly Instant[];
  readonly total: readonly (readonly number[])[];
  readonly queues: ReadonlyMap<QueueId, readonly (readonly number[])[]>;
}

/** What a simulation found. */
export interface SimulationResult {
  readonly seed: number;
  /** As many as were run. */
  readonly replications: number;
  readonly batches: number;
  readonly confidence: number;
  readonly policy: QueuePolicy;
  /** The span that was counted, the same in each run. */
  readonly countedFrom: Instant;
  readonly countedTo: Instant;
  /** By queue id. */
  readonly queues: ReadonlyMap<QueueId, QueueFigures>;
  readonly total: QueueFigures;
  /** By group. */
  readonly agents: ReadonlyMap<string, AgentFigures>;
  /** In order; null unless they were asked for. */
  readonly intervals: readonly IntervalFigures[] | null;
  readonly samples: SampledSystem | null;
  /** Whether the precision that was asked for was reached; null: none was. */
  readonly isPrecise: boolean | null;
  /** Of all runs together. */
  readonly run: Omit<RunCounts, "endedAt">;
}

/** Runs a scenario and counts. Throws `workforce.bad_scenario` and `workforce.bad_distribution`. */
export function simulate(scenario: Scenario, options: SimulationOptions): SimulationResult {
  const most = replicationsOf(options);
  const watch = options.precision && new PrecisionWatch(options.precision, options.confidence);
  const runs: Replication[] = [];
  while (runs.length < most) {
    const run = replicate(scenario, options, runs.length);
    runs.push(run);
    if (watch?.add(run)) break;
  }
  return summarise(scenario, options, runs);
}

/** One replication, the `replication`-th from 0. Which ones were run before makes no difference. */
export function replicate(scenario: Scenario, options: SimulationOptions, replication: number): Replication {
  const { seed, policy = DEFAULT_POLICY, policies, groups, journal, sampleEveryMs } = options;
  const groupOf = options.groupOf ?? (groups && ((agentId: AgentId) => groups[agentId] ?? "all"));
  const tally = new FloorTally({
    plan: planOf(scenario, options),
    policyOf: (queueId) => policies?.[queueId] ?? policy,
    ...(groupOf ? { groupOf } : {}),
  });
  const samples =
    sampleEveryMs === undefined ? null : new SystemSamples(scenario.from, scenario.to, sampleEveryMs);
  const run = new FloorRun(scenario, { tally, seed, replication, journal, ...(samples ? { samples } : {}) });
  const counts = run.run();
  return {
    tally: runTally(
      tally,
      scenario.configuration.flatMap((input) => (input.type === "config.queue_set" ? input.queue.id : [])),
    ),
    samples: samples && { at: samples.at, queues: samples.queues },
    counts,
  };
}

/** The figures of replications 0, 1, 2 and so on of a scenario. */
export function summarise(
  scenario: Scenario,
  options: SimulationOptions,
  runs: readonly Replication[],
): SimulationResult {
  const { seed, batches = 1, policy = DEFAULT_POLICY, confidence = 0.95, precision } = options;
  const plan = planOf(scenario, options);
  const tallies = runs.map(({ tally }) => tally);
  const hasIntervals = options.intervalMs !== undefined;
  const whole = hasIntervals ? tallies.map(inOneBlock) : tallies;
  const scale = { lengthMs: hasIntervals ? plan.to - plan.from : plan.lengthMs, confidence };
  const sum = (of: (counts: RunCounts) => number): number =>
    runs.reduce((all, { counts }) => all + of(counts), 0);
  return {
    seed,
    replications: runs.length,
    batches,
    confidence,
    policy,
    countedFrom: plan.from,
    countedTo: plan.to,
    queues: queueFigures(whole, scale),
    total: totalFigures(whole, scale),
    agents: agentFigures(whole, scale),
    intervals: hasIntervals ? intervalsOf(tallies, plan, confidence) : null,
    samples: samplesOf(runs),
    isPrecise: precision ? isPrecise(precision, runs, confidence) : null,
    run: {
      events: sum(({ events }) => events),
      steps: sum(({ steps }) => steps),
      decisions: sum(({ decisions }) => decisions),
      ignored: sum(({ ignored }) => ignored),
    },
  };
}

/** How many replications at most. Throws `workforce.bad_scenario` for options that are none. */
export function replicationsOf({ replications, precision }: SimulationOptions): number {
  const most = replications ?? (precision ? MOST_REPLICATIONS : 1);
  if (!Number.isInteger(most) || most < 1) {
    throw badOption("replications", `a simulation needs at least one replication, not ${most}`);
  }
  if (precision) checkPrecision(precision);
  return most;
}

const MOST_REPLICATIONS = 10_000; // with a precision that is out of reach

function inOneBlock(run: RunTally): RunTally {
  return {
    ...run,
    queues: new Map(
      [...run.queues].map(([id, queue]) => [id, { ...queue, blocks: [sumBlocks(queue.blocks)] }]),
    ),
    groups: new Map([...run.groups].map(([name, blocks]) => [name, [sumTimes(blocks)]])),
  };
}

function intervalsOf(runs: readonly RunTally[], plan: BlockPlan, confidence: number): IntervalFigures[] {
  const totals = runs.map(totalBlocks);
  const ids = queueIdsOf(runs);
  const names = [...new Set(runs.flatMap((run) => [...run.groups.keys()]))];
  return Array.from({ length: plan.count }, (_, i) => {
    const { from, to } = plan.bounds(i);
    const scale: Scale = { lengthMs: to - from, confidence };
    const times = (name: string): StateTimes[] => runs.flatMap((run) => run.groups.get(name)?.[i] ?? []);
    return {
      from,
      to,
      queues: new Map(
        ids.map((id) => [
          id,
          blockFigures(
            runs.flatMap((run) => blocksOf(run, id)[i] ?? []),
            scale,
          ),
        ]),
      ),
      total: blockFigures(
        totals.flatMap((blocks) => blocks[i] ?? []),
        scale,
      ),
      agents: new Map(names.map((name) => [name, timeFigures(times(name), scale)])),
    };
  });
}

function isPrecise(precision: Precision, runs: readonly Replication[], confidence: number): boolean {
  const watch = new PrecisionWatch(precision, confidence);
  for (const run of runs) watch.add(run);
  return watch.isReached;
}

function samplesOf(runs: readonly Replication[]): SampledSystem | null {
  const all = runs.flatMap(({ samples }) => samples ?? []);
  const [first] = all;
  if (first === undefined) return null;
  const ids = [...new Set(all.flatMap(({ queues }) => [...queues.keys()]))];
  const count = (run: RunSamples, id: QueueId, i: number): number => run.queues.get(id)?.[i] ?? 0;
  return {
    at: first.at,
    total: first.at.map((_, i) => all.map((run) => ids.reduce((sum, id) => sum + count(run, id, i), 0))),
    queues: new Map(ids.map((id) => [id, first.at.map((_, i) => all.map((run) => count(run, id, i)))])),
  };
}

function planOf(scenario: Scenario, options: SimulationOptions): BlockPlan {
  const { warmUpMs = 0, batches = 1, intervalMs } = options;
  const from = scenario.from + warmUpMs;
  if (from >= scenario.to || !Number.isInteger(batches) || batches < 1) {
    throw badOption(
      "batches",
      `a warm-up of ${warmUpMs} ms and ${batches} batches do not fit a scenario of ${scenario.to - scenario.from} ms`,
    );
  }
  if (intervalMs === undefined) return new BlockPlan(from, scenario.to, batches);
  if (!(intervalMs >= 1000) || batches > 1) {
    throw badOption("intervalMs", "intervals last a second at least, and a run has them or batches");
  }
  return BlockPlan.ofIntervals(from, scenario.to, intervalMs);
}

function badOption(field: string, message: string): SvaraError {
  return new SvaraError(message, { code: "workforce.bad_scenario", httpStatus: 422, field });
}
