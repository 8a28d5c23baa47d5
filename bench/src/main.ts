/** `npm run bench [-- --size quick|medium|full] [--only waiting,routing] [--save file] [--profile folder]`: measures, prints a table, writes JSON. */
import { parseArgs } from "node:util";
import { machine } from "./report/machine.ts";
import { PEER } from "./report/peer.ts";
import { save } from "./report/save.ts";
import { table } from "./report/table.ts";
import { CASES, type CaseName, run } from "./run.ts";
import { FULL, MEDIUM, QUICK } from "./sizes.ts";

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "full" },
    only: { type: "string" },
    save: { type: "string" },
    profile: { type: "string" },
  },
});
const began = performance.now();
const elapsed = (): number => Math.round((performance.now() - began) / 1000);
const say = (line: string): void =>
  void process.stderr.write(`${String(elapsed()).padStart(4)} s  ${line}\n`);
const wanted = values.only?.split(",") ?? CASES;
const cases = CASES.filter((name): name is CaseName => wanted.includes(name));
const sizes = { quick: QUICK, medium: MEDIUM }[values.size] ?? FULL;
const before = machine();
const results = await run(cases, sizes, {
  say,
  ...(values.profile === undefined ? {} : { profileDir: values.profile }),
});
const seconds = elapsed();
const after = machine();

process.stdout.write(`${table(results.map(({ group }) => group))}\n\n`);
process.stdout.write(`Peer: ${PEER}.\n`);
process.stdout.write(
  `${before.processor}, ${before.cores} cores, Node ${before.node}; load average ${before.load} before, ${after.load} after; ${seconds} s.\n`,
);
for (const file of await save({ before, after, seconds, size: values.size, results }, values.save))
  say(`written: ${file}`);
