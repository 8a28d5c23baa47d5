/** `npm run bench [-- --quick] [--only waiting,routing] [--save file] [--profile folder]`: measures, prints a table, writes JSON. */
import { parseArgs } from "node:util";
import { machine } from "./report/machine.ts";
import { PEER } from "./report/peer.ts";
import { save } from "./report/save.ts";
import { table } from "./report/table.ts";
import { CASES, type CaseName, run } from "./run.ts";
import { FULL, QUICK } from "./sizes.ts";

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    save: { type: "string" },
    profile: { type: "string" },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const wanted = values.only?.split(",") ?? CASES;
const cases = CASES.filter((name): name is CaseName => wanted.includes(name));
const before = machine();
const began = performance.now();
const results = await run(cases, values.quick ? QUICK : FULL, {
  say,
  ...(values.profile === undefined ? {} : { profileDir: values.profile }),
});
const seconds = Math.round((performance.now() - began) / 1000);
const after = machine();

process.stdout.write(`${table(results.map(({ group }) => group))}\n\n`);
process.stdout.write(`Peer: ${PEER}.\n`);
process.stdout.write(
  `${before.processor}, ${before.cores} cores, Node ${before.node}; load average ${before.load} before, ${after.load} after; ${seconds} s.\n`,
);
for (const file of await save({ before, after, seconds, quick: values.quick, results }, values.save))
  say(`written: ${file}`);
