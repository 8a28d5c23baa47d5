/** `npm run bench [-- waiting routing ...] [--size quick|medium|full] [--json] [--save file] [--profile folder]`: measures, prints a table, writes JSON. */
import { parseArgs } from "node:util";
import { machine } from "./report/machine.ts";
import { PEER } from "./report/peer.ts";
import { recordOf, save } from "./report/save.ts";
import { table } from "./report/table.ts";
import { CASES, type CaseName, run } from "./run.ts";
import { FULL, MEDIUM, QUICK } from "./sizes.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: "string", default: "full" },
    json: { type: "boolean", default: false },
    save: { type: "string" },
    profile: { type: "string" },
  },
});
const began = performance.now();
const elapsed = (): number => Math.round((performance.now() - began) / 1000);
const say = (line: string): void =>
  void process.stderr.write(`${String(elapsed()).padStart(4)} s  ${line}\n`);
const unknown = positionals.filter((name) => !CASES.some((known) => known === name));
if (unknown.length > 0) {
  process.stderr.write(`no such group: ${unknown.join(", ")}. There are: ${CASES.join(", ")}.\n`);
  process.exit(2);
}
const cases: readonly CaseName[] = CASES.filter(
  (name) => positionals.length === 0 || positionals.includes(name),
);
const sizes = { quick: QUICK, medium: MEDIUM }[values.size] ?? FULL;
const before = machine();
const results = await run(cases, sizes, {
  say,
  ...(values.profile === undefined ? {} : { profileDir: values.profile }),
});
const seconds = elapsed();
const after = machine();

const record = recordOf({ before, after, seconds, size: values.size, results });
if (values.json) {
  process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
} else {
  process.stdout.write(`${table(results.map(({ group }) => group))}\n\n`);
  process.stdout.write(`Peer: ${PEER}.\n`);
  process.stdout.write(
    `${before.processor}, ${before.cores} cores, Node ${before.node}; load average ${before.load} before, ${after.load} after; ${seconds} s.\n`,
  );
}
for (const file of await save(record, values.save)) say(`written: ${file}`);
