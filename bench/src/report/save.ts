import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CaseResult } from "../cases/bench-case.ts";
import { ratioOf } from "./figure.ts";
import type { Machine } from "./machine.ts";

export interface RunRecord {
  readonly before: Machine;
  readonly after: Machine;
  readonly seconds: number;
  readonly size: string;
  readonly results: readonly CaseResult[];
}

const latest = new URL("../../out/latest.json", import.meta.url).pathname;

/** The run as it is written: each figure with its ratio to the peer's. */
export function recordOf({ before, after, seconds, size, results }: RunRecord): object {
  return {
    schema: 2,
    size,
    machine: before,
    loadAfter: after.load,
    seconds,
    groups: results.map(({ group }) => ({
      title: group.title,
      figures: group.figures.map((figure) => {
        const ratio = ratioOf(figure);
        return ratio === undefined ? figure : { ...figure, ratio: Math.round(ratio * 1000) / 1000 };
      }),
    })),
    details: results
      .map(({ group, detail }) => ({ title: group.title, detail }))
      .filter(({ detail }) => detail !== null),
  };
}

/** Writes a record to `bench/out/latest.json` and to `also`, if given. Returns what was written. */
export async function save(record: object, also: string | undefined): Promise<string[]> {
  const files = [latest, ...(also === undefined ? [] : [path.resolve(also)])];
  for (const file of files) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
  }
  return files;
}
