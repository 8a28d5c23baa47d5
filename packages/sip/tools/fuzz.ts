import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FuzzRun } from "../src/testing/fuzz-run.ts";

/**
 * Fuzzes a whole user agent for as long as it is told, and says how many messages that were, how fast, and whether the
 * memory stood still. `--dir` adds the files of a folder, and of its folders, to the messages that are mutated.
 *
 *   node tools/fuzz.ts --count 10000000 --seed 1 [--dir samples] [--minutes 20]
 */
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    minutes: { type: "string", default: "60" },
    dir: { type: "string", multiple: true, default: [] },
  },
});
const count = Number(values.count);
const deadline = performance.now() + Number(values.minutes) * 60_000;
const samples = values.dir.flatMap(textsIn);
const REST_EVERY = 100_000;

process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);

const run = new FuzzRun({ seed: Number(values.seed), samples });
const began = performance.now();
const heaps: number[] = [];
let done = 0;
while (done < count && performance.now() < deadline) {
  for (let n = 0; n < REST_EVERY && done < count; n++, done++) await run.push().catch(fail);
  await report();
}
await run.close();
console.log(`heap after each rest, MB: ${heaps.map((heap) => heap.toFixed(1)).join(" ")}`);

async function report(): Promise<void> {
  const rest = await run.rest();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  const heap = process.memoryUsage().heapUsed / 2 ** 20;
  heaps.push(heap);
  const seconds = (performance.now() - began) / 1_000;
  const { dialogs, callsInSetup, clientTransactions, serverTransactions, sources } = rest.stats;
  const left = dialogs + callsInSetup + clientTransactions + serverTransactions;
  console.log(
    `${rest.messages} messages (${rest.parsed} parsed, ${rest.calls} calls, ${rest.sent} sent), ` +
      `${Math.round(rest.messages / seconds)}/s, heap ${heap.toFixed(1)} MB, ` +
      `left ${left} of the stack's, ${rest.timers} timers, ${sources} sources`,
  );
  if (left > 0) fail(new Error(`something is kept: ${JSON.stringify(rest.stats)}`));
}

function textsIn(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return textsIn(path);
    return entry.isFile() ? [readFileSync(path).toString("latin1")] : [];
  });
}

function fail(error: unknown): never {
  console.error(`seed ${values.seed}, ${done} messages done`, error, JSON.stringify(run.last));
  process.exit(1);
}
