import { INTERVAL_MS, intervalStart } from "@svara/calendar";
import { DEFAULT_POLICY, type QueuePolicy } from "@svara/insight";
import { type Clock, type Instant, type QueueId, SvaraError } from "@svara/kernel";
import type { JournalLine } from "@svara/routing";
import {
  type Assumption,
  alteredDay,
  assumptionsOf,
  BlockPlan,
  compareDays,
  dayStaff,
  type FloorRecord,
  plannedScenario,
  RecordReader,
  recordedScenario,
  type Scenario,
} from "@svara/workforce";
import { changeAssumptions } from "./change-words.ts";
import { dayChangeOf, isChange } from "./day-change-of.ts";
import type { WhatIfOutcome, WhatIfProgress, WhatIfRequest } from "./what-if-work.ts";

const TOLD_EVERY = 5_000; // entries
const MOST_STAYS = 200_000; // a day of a centre with a thousand agents; more would fill the memory

interface Base {
  readonly scenario: Scenario;
  readonly from: Instant;
  readonly to: Instant;
  readonly policyOf: (queueId: QueueId) => QueuePolicy;
  readonly record?: FloorRecord;
  readonly assumptions: readonly Assumption[];
}

/** Does the work of one simulation. `journal` gives the lines of a recorded day. */
export async function simulateWhatIf(
  request: WhatIfRequest,
  {
    clock,
    journal,
    progress,
  }: {
    readonly clock: Clock;
    readonly journal: () => AsyncIterable<JournalLine>;
    readonly progress: (progress: WhatIfProgress) => void;
  },
): Promise<WhatIfOutcome> {
  const { change, seed, replications, costs } = request;
  const base =
    request.source.kind === "journal"
      ? await recordedBase(request, request.source, journal(), progress)
      : plannedBase(request.source);
  const found = dayChangeOf(change, dayStaff(base.scenario), request);
  const begunAt = clock.now();
  const changed = (replication: number): Scenario =>
    alteredDay(base.scenario, found.change, { seed, replication });
  const comparison = compareDays(base.scenario, isChange(change) ? changed : null, {
    from: base.from,
    to: base.to,
    intervalMs: INTERVAL_MS,
    seed,
    replications,
    costs,
    policyOf: base.policyOf,
    ...(base.record ? { happened: base.record.happened } : {}),
    onRun: (done, all) => progress({ step: "simulating", done, all }),
    shouldStop: () => clock.now() - begunAt > request.timeLimitMs,
  });
  return {
    comparison,
    assumptions: [...base.assumptions, ...changeAssumptions(change)],
    rulesFile: found.change.rules ?? null,
    absent: found.absent,
  };
}

function plannedBase({ day, assumptions }: Extract<WhatIfRequest["source"], { kind: "planned" }>): Base {
  const targets = new Map(day.queues.map(({ queue }) => [queue.id, queue.targetMs]));
  return {
    scenario: plannedScenario(day),
    from: day.from,
    to: day.to,
    policyOf: (queueId) => policyFor(targets.get(queueId)),
    assumptions,
  };
}

async function recordedBase(
  { seed, replications }: WhatIfRequest,
  { from, to }: Extract<WhatIfRequest["source"], { kind: "journal" }>,
  lines: AsyncIterable<JournalLine>,
  progress: (progress: WhatIfProgress) => void,
): Promise<Base> {
  const plan = new BlockPlan(from, to, Math.round((to - from) / INTERVAL_MS));
  let reader: RecordReader | undefined;
  let entries = 0;
  for await (const line of lines) {
    if (line.type === "snapshot") reader ??= new RecordReader({ snapshot: line.snapshot, plan });
    if (line.type !== "entry") continue;
    reader ??= new RecordReader({ plan });
    reader.feed({ ...line, routerId: "" });
    if (++entries % TOLD_EVERY === 0) progress({ step: "reading", entries });
  }
  if (!reader || entries === 0)
    throw new SvaraError("the router's journal holds nothing of this day", {
      code: "journal.empty",
      httpStatus: 404,
    });
  const record = reader.finish();
  if (record.stays.length > MOST_STAYS)
    throw new SvaraError(`${record.stays.length} contacts are too many to simulate here; use svara whatif`, {
      code: "what_if.too_large",
      httpStatus: 422,
    });
  const recorded = recordedScenario(record);
  const seen = record.happened.queues;
  return {
    scenario: recorded.scenario,
    from: Math.max(from, intervalStart(record.from)),
    to: Math.min(to, intervalStart(record.to - 1) + INTERVAL_MS),
    policyOf: (queueId) => seen.get(queueId)?.policy ?? policyFor(record.queues.get(queueId)?.targetMs),
    record,
    assumptions: assumptionsOf(record, recorded, {}, { seed, replications }),
  };
}

function policyFor(targetMs: number | undefined): QueuePolicy {
  return { ...DEFAULT_POLICY, thresholdMs: targetMs ?? DEFAULT_POLICY.thresholdMs };
}
