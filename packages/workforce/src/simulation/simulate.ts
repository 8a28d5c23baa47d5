import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { type AgentId, type Instant, type QueueId, SvaraError } from "@svara/kernel";
import type { JournalEntry } from "@svara/routing";
import { BlockPlan } from "./block-plan.ts";
import { type AgentFigures, agentFigures, type QueueFigures, queueFigures, totalFigures } from "./figures.ts";
import { FloorRun, type RunCounts } from "./floor-run.ts";
import { FloorTally } from "./floor-tally.ts";
import type { Scenario } from "./scenario.ts";

/** How a scenario is run and judged. */
export interface SimulationOptions {
  readonly seed: number;
  /** Independent runs; 1 if absent. */
  readonly replications?: number;
  /** Blocks into which each run is cut, for batch means of one long run; 1 if absent. */
  readonly batches?: number;
  /** Not counted at the start of each run. */
  readonly warmUpMs?: number;
  readonly policy?: QueuePolicy;
  /** Agents are told apart by this; all as `all` if absent. */
  readonly groupOf?: (agentId: AgentId) => string;
  /** Of the intervals; 0.95 if absent. */
  readonly confidence?: number;
  /** Is handed each step of the router, as a live one's journal is; one epoch for each replication. */
  readonly journal?: (entry: JournalEntry) => void;
}

/** What a simulation found. */
export interface SimulationResult {
  readonly seed: number;
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
  /** Of all runs together. */
  readonly run: Omit<RunCounts, "endedAt">;
}

/** Runs a scenario and counts. Throws `workforce.bad_scenario` and `workforce.bad_distribution`. */
export function simulate(scenario: Scenario, options: SimulationOptions): SimulationResult {
  const { seed, replications = 1, batches = 1, warmUpMs = 0, policy = DEFAULT_POLICY, journal } = options;
  const confidence = options.confidence ?? 0.95;
  const plan = planOf(scenario, warmUpMs, batches);
  const tallies: FloorTally[] = [];
  const run = { events: 0, steps: 0, decisions: 0, ignored: 0 };
  for (let replication = 0; replication < replications; replication++) {
    const tally = new FloorTally({
      plan,
      policyOf: () => policy,
      ...(options.groupOf ? { groupOf: options.groupOf } : {}),
    });
    const counts = new FloorRun(scenario, { tally, seed, replication, journal }).run();
    tallies.push(tally);
    run.events += counts.events;
    run.steps += counts.steps;
    run.decisions += counts.decisions;
    run.ignored += counts.ignored;
  }
  const { lengthMs } = plan;
  return {
    seed,
    replications,
    batches,
    confidence,
    policy,
    countedFrom: plan.from,
    countedTo: plan.to,
    queues: queueFigures(tallies, { lengthMs, confidence }),
    total: totalFigures(tallies, { lengthMs, confidence }),
    agents: agentFigures(tallies, { lengthMs, confidence }),
    run,
  };
}

function planOf(scenario: Scenario, warmUpMs: number, batches: number): BlockPlan {
  const from = scenario.from + warmUpMs;
  if (from >= scenario.to || !Number.isInteger(batches) || batches < 1) {
    throw new SvaraError(
      `a warm-up of ${warmUpMs} ms and ${batches} batches do not fit a scenario of ${scenario.to - scenario.from} ms`,
      { code: "workforce.bad_scenario", httpStatus: 422 },
    );
  }
  return new BlockPlan(from, scenario.to, batches);
}
