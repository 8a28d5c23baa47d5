import {
  agentsFor,
  evaluateModel,
  modelSummaries,
  queueFigures,
  type StaffingAnswer,
  tradeOffCurve,
  waitQuantile,
} from "@svara/workforce/queueing";
import type { Command, Given, Terminal } from "../command.ts";
import { UsageError } from "../usage-error.ts";
import { runBatch } from "./staffing-batch.ts";
import {
  costsOf,
  demandOf,
  inputsFor,
  inTheWordsOf,
  isAsked,
  numberOf,
  STAFFING_OPTIONS,
  targetsOf,
  thresholdsOf,
} from "./staffing-inputs.ts";
import { runIntervals } from "./staffing-intervals.ts";
import {
  answerTable,
  curveCsv,
  curveRecords,
  curveTable,
  modelsTable,
  outputsTable,
} from "./staffing-table.ts";

export const staffing: Command = {
  name: "staffing",
  summary: "agents for a service level, and the figures of a queue (Erlang B, C, A and relatives)",
  usage: "[options]",
  details: [
    "Without --model: finds the agents for the targets given, or tells the figures of --agents. Callers hang up if --patience",
    "is given (Erlang A), else they all wait (Erlang C). With --curve: quality against efficiency, from few agents to many.",
    "With --intervals: what each quarter of an hour of a forecast needs. With --model or --batch: any model by its name, under",
    "the field names of its inputs and outputs; --models lists them.",
    "A queue that grows without end has no figures: that is said, and the exit code is 1. Bad input: 2.",
    "",
    "examples:",
    "  svara staffing --lambda-per-hour 1800 --aht 200 --patience 120 --service-level 0.8 --threshold 20 --shrinkage 0.3",
    "  svara staffing --lambda-per-hour 1800 --aht 200 --patience 120 --threshold 20 --curve --csv > curve.csv",
    "  svara staffing --model erlangA --lambda-per-hour 1836 --aht 200 --agents 100 --patience 200 --threshold 20 --json",
    '  svara staffing --model cmu_rule_mm1 --inputs \'{"lambda_": [0.3, 0.25], "mu": [1, 0.6], "holding_cost": [1, 2]}\'',
    "  svara staffing --batch records.json --json",
    "  svara forecast calls.csv | svara staffing --intervals - --aht 200 --patience 120 --service-level 0.8 --threshold 20",
  ].join("\n"),
  options: STAFFING_OPTIONS,
  async run(given, terminal) {
    if (given.options.models === true) return listModels(given, terminal);
    if (given.options.batch !== undefined) return runBatch(given, terminal);
    try {
      if (given.options.intervals !== undefined) return await runIntervals(given, terminal);
      onlyWithIntervals(given);
      if (given.options.model !== undefined) return await oneModel(given, terminal);
      if (given.options.curve === true) return await curve(given, terminal);
      return await oneQueue(given, terminal);
    } catch (error) {
      throw inTheWordsOf(given, error);
    }
  },
};

function onlyWithIntervals(given: Given): void {
  for (const name of ["volume", "method", "verify", "replications", "seed", "time-zone"]) {
    if (isAsked(given, name))
      throw new UsageError(
        `--${name} is given without --intervals`,
        "give --intervals <file>, or leave it out",
      );
  }
}

function listModels({ json }: Given, terminal: Terminal): number {
  terminal.out(json ? `${JSON.stringify(modelSummaries())}\n` : modelsTable(modelSummaries()));
  return 0;
}

async function oneModel(given: Given, terminal: Terminal): Promise<number> {
  const model = String(given.options.model);
  const outputs = evaluateModel(model, await inputsFor(model, given, terminal));
  terminal.out(given.json ? `${JSON.stringify({ model, ...outputs })}\n` : outputsTable(model, outputs));
  return 0;
}

/** The figures of so many agents, or the agents for the targets. */
async function oneQueue(given: Given, terminal: Terminal): Promise<number> {
  const demand = await demandOf(given, terminal);
  const thresholdsS = thresholdsOf(given);
  const targets = targetsOf(given, thresholdsS);
  const agents = numberOf(given, "agents");
  const shrinkage = numberOf(given, "shrinkage");
  if (agents !== undefined && targets !== undefined)
    throw new UsageError(
      "--agents and a target are given, which contradict each other",
      "leave out --agents to find the agents, or the target to see the figures of these agents",
    );
  if (agents === undefined && targets === undefined)
    throw new UsageError(
      "nothing is asked: neither --agents nor a target is given",
      "give --service-level with --threshold, --max-asa, --max-abandon, --max-occupancy or another target; or --agents",
    );
  const answer: StaffingAnswer | undefined = targets
    ? agentsFor(demand, targets, shrinkage === undefined ? {} : { shrinkage })
    : undefined;
  const number = answer?.agents ?? agents ?? 0;
  const figures = number > 0 ? queueFigures(demand, number, thresholdsS) : answer?.figures;
  if (figures === undefined) return 1;
  const { lines: _, ...endless } = demand;
  const wait90S = demand.lines === undefined && number > 0 ? waitQuantile(endless, number, 0.9) : undefined;
  terminal.out(
    answerTable({
      demand,
      figures,
      ...(answer ? { answer } : {}),
      ...(shrinkage === undefined ? {} : { shrinkage }),
      ...(wait90S === undefined ? {} : { wait90S }),
      isJson: given.json,
    }),
  );
  return 0;
}

async function curve(given: Given, terminal: Terminal): Promise<number> {
  if (isAsked(given, "agents"))
    throw new UsageError(
      "--agents is given, but --curve goes over many numbers of them",
      "leave it out, or give --from-agents and --to-agents",
    );
  const [fromAgents, toAgents, shrinkage] = [
    numberOf(given, "from-agents"),
    numberOf(given, "to-agents"),
    numberOf(given, "shrinkage"),
  ];
  const costs = costsOf(given);
  const drawn = tradeOffCurve({
    demand: await demandOf(given, terminal),
    thresholdsS: thresholdsOf(given),
    ...(fromAgents === undefined ? {} : { fromAgents }),
    ...(toAgents === undefined ? {} : { toAgents }),
    ...(shrinkage === undefined ? {} : { shrinkage }),
    ...(costs ? { costs } : {}),
  });
  if (given.json && given.options.csv === true)
    throw new UsageError("--json and --csv are both given", "give one of them");
  if (given.json) terminal.out(`${JSON.stringify(curveRecords(drawn))}\n`);
  else terminal.out(given.options.csv === true ? curveCsv(drawn) : curveTable(drawn));
  return 0;
}
