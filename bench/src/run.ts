import type { CaseResult, Stage } from "./cases/bench-case.ts";
import { bridged } from "./cases/bridged.ts";
import { conversation } from "./cases/conversation.ts";
import { ledger } from "./cases/ledger.ts";
import { routing } from "./cases/routing/routing.ts";
import { sipParse } from "./cases/sip-parse.ts";
import { throughput } from "./cases/throughput.ts";
import { waiting } from "./cases/waiting.ts";
import { LoadGenerator } from "./load/load-generator.ts";
import { BenchCentre } from "./server/bench-centre.ts";
import { ServerProcess } from "./server/server-process.ts";
import type { Sizes } from "./sizes.ts";

export const CASES = [
  "waiting",
  "throughput",
  "bridged",
  "routing",
  "sip",
  "conversation",
  "ledger",
] as const;
export type CaseName = (typeof CASES)[number];

interface RunOptions {
  readonly say: (line: string) => void;
  /** V8's processor profiles of the server go there. */
  readonly profileDir?: string;
}

/** Measures these cases one after another; nothing else of ours runs meanwhile. */
export async function run(
  cases: readonly CaseName[],
  sizes: Sizes,
  options: RunOptions,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  const has = (name: CaseName): boolean => cases.includes(name);
  if (has("waiting") || has("throughput") || has("bridged"))
    results.push(...(await withCalls(cases, sizes, options)));
  if (has("routing")) results.push(routing());
  if (has("sip")) results.push(sipParse());
  if (has("conversation")) results.push(conversation());
  if (has("ledger")) results.push(await ledger({ forMs: sizes.ledgerMs }));
  return results;
}

async function withCalls(
  cases: readonly CaseName[],
  sizes: Sizes,
  options: RunOptions,
): Promise<CaseResult[]> {
  const { say, profileDir } = options;
  const server = await ServerProcess.start(profileDir === undefined ? {} : { profileDir });
  say(`server ready after ${server.readyAfterMs} ms`);
  let load: LoadGenerator | undefined;
  try {
    const centre = await BenchCentre.build(server.baseUrl, server.firstRunToken);
    load = await LoadGenerator.start(server.sip);
    return await onStage(cases, sizes, { server, centre, load, say });
  } finally {
    load?.stop();
    await server.stop();
  }
}

async function onStage(cases: readonly CaseName[], sizes: Sizes, stage: Stage): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  if (cases.includes("waiting")) results.push(await waiting(stage, sizes.waiting));
  if (cases.includes("throughput") || cases.includes("bridged")) {
    const phones = await stage.centre.hire(sizes.throughput.agents);
    await stage.load.ask("register", { phones });
    await stage.centre.open();
    stage.say(`${phones.length} agents at their desk phones`);
  }
  if (cases.includes("throughput")) results.push(await throughput(stage, sizes.throughput));
  if (cases.includes("bridged")) results.push(await bridged(stage, sizes.bridged));
  return results;
}
