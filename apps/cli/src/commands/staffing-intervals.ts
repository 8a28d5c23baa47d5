import { DEFAULT_POLICY } from "@svara/insight";
import { runReplications } from "@svara/jobs";
import { SystemClock } from "@svara/kernel";
import { patienceDistribution } from "@svara/workforce";
import type { StaffingTargets } from "@svara/workforce/queueing";
import {
  type IntervalRequirement,
  type RequirementOptions,
  requirement,
  staffedFloor,
} from "@svara/workforce/staffing";
import { wholeNumber } from "../arguments.ts";
import type { Given, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { UsageError } from "../usage-error.ts";
import { isZone } from "./forecast-table.ts";
import { readSpans, type Span } from "./staffing-demand.ts";
import { isAsked, numberOf, patienceOf, targetsOf, textOf, thresholdsOf } from "./staffing-inputs.ts";
import {
  intervalRecords,
  intervalsCsv,
  intervalsTable,
  type ShownInterval,
  type SimulatedShare,
} from "./staffing-intervals-table.ts";

const DEFAULT_SEED = 1;
const DEFAULT_REPLICATIONS = 100;
const DEFAULT_THRESHOLD_S = 20;

/** Options that belong to one queue at a steady rate, and mean nothing for a file of intervals. */
const ELSEWHERE = [
  "lambda-per-hour",
  "agents",
  "lines",
  "max-blocking",
  "curve",
  "from-agents",
  "to-agents",
  "inputs",
];

/** What each interval of a file needs: CSV of times and volumes in, a requirement out. */
export async function runIntervals(given: Given, terminal: Terminal): Promise<number> {
  for (const name of ELSEWHERE) {
    if (isAsked(given, name))
      throw new UsageError(
        `--${name} is given beside --intervals`,
        "leave it out; volumes come from the file",
      );
  }
  if (given.json && given.options.csv === true)
    throw new UsageError("--json and --csv are both given", "give one of them");
  const timeZone = String(given.options["time-zone"] ?? "UTC");
  if (!isZone(timeZone))
    throw new UsageError(`--time-zone is "${timeZone}"`, "give the name of a zone such as Europe/Kyiv");
  const targets = targetsOf(given, thresholdsOf(given));
  if (targets === undefined)
    throw new UsageError(
      "no target is given",
      "give --service-level with --threshold, --max-asa or another target",
    );
  const method = String(given.options.method ?? "offered_load");
  if (method !== "offered_load" && method !== "interval")
    throw new UsageError(`--method is "${method}"`, "give offered_load or interval");
  const shrinkage = numberOf(given, "shrinkage");
  const options: Omit<RequirementOptions, "demand"> = {
    targets,
    patience: await patienceOf(given, terminal),
    method,
    ...(shrinkage === undefined ? {} : { shrinkage }),
  };
  const ahtS = numberOf(given, "aht");
  const volume = given.options.volume;
  const spans = readSpans(await textOf(given, terminal, "intervals"), {
    name: given.options.intervals === "-" ? "standard input" : String(given.options.intervals),
    timeZone,
    ...(ahtS === undefined ? {} : { ahtS }),
    ...(typeof volume === "string" ? { volume } : {}),
  });
  const simulated = given.options.verify === true ? simulation(given, terminal, options, targets) : undefined;
  try {
    const shown: ShownInterval[] = [];
    for (const span of spans) {
      const needs = requirement({ ...options, demand: span.demand }).filter(({ at }) => at < span.nextFrom);
      const confirmed = await simulated?.(span, needs);
      shown.push(
        ...needs.map((need, i): ShownInterval => {
          const share = confirmed?.[i];
          return { ...need, series: span.series, ...(share === undefined ? {} : { simulated: share }) };
        }),
      );
    }
    const page = { intervals: shown, targets, timeZone };
    if (given.json) terminal.out(`${JSON.stringify(intervalRecords(page))}\n`);
    else terminal.out(given.options.csv === true ? intervalsCsv(page) : intervalsTable(page));
    return 0;
  } finally {
    simulated?.end();
  }
}

type Simulation = ((
  span: Span,
  needs: readonly IntervalRequirement[],
) => Promise<readonly SimulatedShare[]>) & {
  end(): void;
};

/** Lets the router itself live through the days with the agents found. */
function simulation(
  given: Given,
  terminal: Terminal,
  options: Omit<RequirementOptions, "demand">,
  targets: StaffingTargets,
): Simulation {
  const seed = wholeNumber(given, "seed", DEFAULT_SEED, { min: 0, max: 2 ** 32 - 1 });
  const replications = wholeNumber(given, "replications", DEFAULT_REPLICATIONS, { min: 2, max: 100_000 });
  const patience = patienceDistribution(options.patience);
  const progress = new Progress(terminal, new SystemClock());
  const thresholdMs = 1000 * (targets.serviceLevel?.thresholdS ?? DEFAULT_THRESHOLD_S);
  const level = LEVELS[targets.serviceLevel?.basis ?? "all"];
  const run = async (
    { demand }: Span,
    needs: readonly IntervalRequirement[],
  ): Promise<readonly SimulatedShare[]> => {
    const floor = staffedFloor({ demand, agents: needs.map(({ agents }) => agents), patience });
    const { intervals } = await runReplications(
      floor,
      { seed, replications, intervalMs: demand.intervalMs, policy: { ...DEFAULT_POLICY, thresholdMs } },
      { onProgress: ({ done, most }) => progress.show(() => `${done} of ${most} days simulated`) },
    );
    return needs.map((_, i) => {
      const figures = intervals?.[i]?.total;
      return {
        serviceLevel: figures?.serviceLevel[level] ?? NONE,
        abandonRate: figures?.abandonRate ?? NONE,
        meanWaitMs: figures?.meanWaitMs ?? NONE,
      };
    });
  };
  return Object.assign(run, { end: () => progress.end() });
}

const NONE = { value: null, halfWidth: null };
const LEVELS = { all: "SL3", served: "SL2", abandonsOut: "SL4", abandonsIn: "SL1" } as const;
