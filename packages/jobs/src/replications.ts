import { availableParallelism } from "node:os";
import {
  PrecisionWatch,
  pairedDifferences,
  type Replication,
  replicationsOf,
  type Scenario,
  type SimulationDifference,
  type SimulationOptions,
  type SimulationResult,
  summarise,
} from "@svara/workforce";
import { runWorkerJob } from "./worker-job.ts";

const ENTRY = new URL("./replications-worker.ts", import.meta.url);

/** What may be asked of a simulation whose replications run in threads: all but functions. */
export type ReplicationsOptions = Omit<SimulationOptions, "journal" | "groupOf">;

/** How far a simulation is. */
export interface ReplicationsProgress {
  readonly done: number;
  /** As many at most: with a precision it may stop earlier. */
  readonly most: number;
  /** Of the figure whose precision was asked for, so far. */
  readonly estimate: { readonly value: number | null; readonly halfWidth: number | null } | null;
}

/** How replications are run. */
export interface ReplicationsRun {
  /** Aborted: rejects with `job.cancelled`, and the threads are gone. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReplicationsProgress) => void;
  /** As many as there are processors if absent, and never more than replications. */
  readonly threads?: number;
}

/** What a thread is asked: replications `first`, `first + step` and so on below `most`. */
export interface ReplicationsRequest {
  readonly scenario: Scenario;
  readonly options: ReplicationsOptions;
  readonly first: number;
  readonly step: number;
  readonly most: number;
}

/**
 * Runs the replications of a scenario beside the calling thread. The figures are those of `simulate` with the same seed, to the
 * last digit, however many threads there are: replications depend on nothing but their number, and are counted in its order.
 */
export async function runReplications(
  scenario: Scenario,
  options: ReplicationsOptions,
  run: ReplicationsRun = {},
): Promise<SimulationResult> {
  return summarise(scenario, options, await replicationsIn(scenario, options, run));
}

/** Two scenarios with the same chance, and what the second has more or less than the first. */
export interface ComparedReplications {
  readonly before: SimulationResult;
  readonly after: SimulationResult;
  readonly difference: SimulationDifference;
}

/** The same of two scenarios: as many replications of the second as of the first, pair by pair (WF106). */
export async function runComparison(
  before: Scenario,
  after: Scenario,
  options: ReplicationsOptions & { readonly after?: Pick<ReplicationsOptions, "groups" | "policies"> },
  run: ReplicationsRun = {},
): Promise<ComparedReplications> {
  const { after: more, ...first } = options;
  const one = await replicationsIn(before, first, run);
  const { precision: _, ...all } = { ...first, ...more };
  const second = { ...all, replications: one.length };
  const other = await replicationsIn(after, second, run);
  return {
    before: summarise(before, first, one),
    after: summarise(after, second, other),
    difference: pairedDifferences(one, other, first.confidence),
  };
}

async function replicationsIn(
  scenario: Scenario,
  options: ReplicationsOptions,
  { signal, onProgress, threads = availableParallelism() }: ReplicationsRun,
): Promise<readonly Replication[]> {
  const most = replicationsOf(options);
  const step = Math.max(1, Math.min(threads, most));
  const watch = options.precision && new PrecisionWatch(options.precision, options.confidence);
  const enough = new AbortController();
  const ended = new AbortController();
  const arrived = new Map<number, Replication>();
  const counted: Replication[] = [];
  const arrive = ([number, replication]: readonly [number, Replication]): void => {
    arrived.set(number, replication);
    for (let next = arrived.get(counted.length); next !== undefined; next = arrived.get(counted.length)) {
      if (enough.signal.aborted) return;
      arrived.delete(counted.length);
      counted.push(next);
      if (watch?.add(next)) enough.abort();
    }
    onProgress?.({ done: counted.length, most, estimate: watch?.estimate ?? null });
  };
  const cancel = AbortSignal.any([ended.signal, ...(signal ? [signal] : [])]);
  const jobs = Array.from({ length: step }, (_, first) =>
    runWorkerJob<ReplicationsRequest, readonly [number, Replication], null>(
      ENTRY,
      { scenario, options, first, step, most },
      { signal: cancel, stop: enough.signal, onProgress: arrive },
    ),
  );
  try {
    await Promise.all(jobs);
  } catch (error) {
    ended.abort(); // the others need not go on
    await Promise.allSettled(jobs);
    throw error;
  }
  return counted;
}
