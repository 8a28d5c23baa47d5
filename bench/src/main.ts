/**
 * `npm run bench [-- telephony routing ...] [--size quick|medium|full] [--no-peer] [--history file] [--json] [--save file] [--profile folder]`:
 * measures, prints a table, writes JSON.
 */
import { parseArgs } from "node:util";
import { machine } from "./report/machine.ts";
import { recordOf, save } from "./report/save.ts";
import { table } from "./report/table.ts";
import { CASES, type CaseName, run } from "./run.ts";
import { FULL, MEDIUM, QUICK } from "./sizes.ts";
import { CALL_CASES } from "./telephony/telephony.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    size: { type: "string", default: "full" },
    json: { type: "boolean", default: false },
    save: { type: "string" },
    profile: { type: "string" },
    peer: { type: "boolean", default: true },
    history: { type: "string" },
  },
});
const began = performance.now();
const elapsed = (): number => Math.round((performance.now() - began) / 1000);
const say = (line: string): void =>
  void process.stderr.write(`${String(elapsed()).padStart(4)} s  ${line}\n`);
/** `telephony` stands for all cases with calls and browsers, `workforce` for all sciences. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  telephony: [...CALL_CASES, "browsers"],
  workforce: ["workforce", "forecasting"],
};
const asked = positionals.flatMap((name) => GROUPS[name] ?? [name]);
const unknown = asked.filter((name) => !CASES.some((known) => known === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no such group: ${unknown.join(", ")}. There are: telephony (${CALL_CASES.join(", ")}), ${CASES.slice(CALL_CASES.length).join(", ")}.\n`,
  );
  process.exit(2);
}
const cases: readonly CaseName[] = CASES.filter((name) => asked.length === 0 || asked.includes(name));
const sizes = { quick: QUICK, medium: MEDIUM }[values.size] ?? FULL;
// A run that is ended early takes the systems that it started with it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
const before = machine();
const results = await run(cases, sizes, {
  say,
  peer: values.peer,
  ...(values.profile === undefined ? {} : { profileDir: values.profile }),
  ...(values.history === undefined ? {} : { history: values.history }),
});
const seconds = elapsed();
const after = machine();

const record = recordOf({ before, after, seconds, size: values.size, results });
if (values.json) {
  process.stdout.write(`${JSON.stringify(record, null, 2)}\n`);
} else {
  process.stdout.write(`${table(results.map(({ group }) => group))}\n\n`);
  process.stdout.write(
    `${before.processor}, ${before.cores} cores, Node ${before.node}; load average ${before.load} before, ${after.load} after; ${seconds} s.\n`,
  );
}
for (const file of await save(record, values.save)) say(`written: ${file}`);
