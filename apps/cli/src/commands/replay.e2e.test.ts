import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  ENGINE_VERSION,
  entryLine,
  JOURNAL_FORMAT,
  JOURNAL_VERSION,
  type JournalEntry,
  type JournalLine,
} from "@svara/routing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusyFloor } from "../testing/busy-floor.ts";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { journalTexts } from "./journal-text.ts";
import { replay } from "./replay.ts";

const DECISIONS = 1_000_000;
const STEP = 1_000; // decisions made at a time
const SEED = 20260105;
const SCHEMA = join(import.meta.dirname, "../../../../packages/routing/schemas/router-journal.schema.json");
const START = Date.UTC(2026, 0, 5, 8);
const HEADER: JournalLine = {
  type: "header",
  format: JOURNAL_FORMAT,
  version: JOURNAL_VERSION,
  routerId: "main",
  engineVersion: ENGINE_VERSION,
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "svara-replay-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A floor of two runs of the program; the journal of the second begins in the middle, after a snapshot. */
function* record(decisions: number): Generator<JournalLine> {
  let lines: JournalLine[] = [];
  let entries = 0;
  const floorOf = (epoch: number, start: number): BusyFloor => {
    const write = (entry: JournalEntry): unknown => lines.push(entryLine(entry));
    return new BusyFloor({ seed: SEED + epoch, epoch, start, write });
  };
  const taken = (): JournalLine[] => {
    const all = lines;
    lines = [];
    entries += all.length;
    return all;
  };
  yield HEADER;
  const first = floorOf(1, START);
  for (let n = 0; n <= 0.7 * decisions; n += STEP) {
    first.liveUntil(n);
    yield* taken();
  }
  const second = floorOf(2, START + 1e9);
  second.liveUntil(STEP);
  lines = []; // its beginning is not kept
  const snapshot = second.snapshot();
  const { seq, now: at } = snapshot;
  yield { type: "snapshot", epoch: 2, seq, at, engineVersion: ENGINE_VERSION, snapshot };
  for (let n = STEP; n <= 0.3 * decisions + 2 * STEP; n += STEP) {
    second.liveUntil(n);
    yield* taken();
  }
  yield { type: "end", entries };
}

/** Counts what an honest proof must contain. */
async function* observed(lines: Iterable<JournalLine>, kinds: Set<string>): AsyncGenerator<JournalLine> {
  for (const line of lines) {
    if (line.type === "entry") {
      kinds.add(`Input ${line.input.type}`);
      for (const { type } of line.decisions) kinds.add(`Decision ${type}`);
    }
    yield line;
  }
}

/** Every kind of input and decision, as the published schema names them. */
function allKinds(): string[] {
  const { $defs } = JSON.parse(readFileSync(SCHEMA, "utf8")) as {
    $defs: Record<string, { anyOf?: { properties: { type: { const?: string; enum?: string[] } } }[] }>;
  };
  return ["Input", "Decision"].flatMap((union) =>
    ($defs[union]?.anyOf ?? []).flatMap(({ properties: { type } }) =>
      (type.enum ?? [type.const]).map((word) => `${union} ${word}`),
    ),
  );
}

const textOf = async (decisions: number): Promise<string> =>
  (await Array.fromAsync(journalTexts(record(decisions)))).join("");

const svara = (...argv: string[]): Promise<CliRun> => cliRun(replay, argv, { cwd: folder });

describe("svara replay", () => {
  test("a million recorded decisions of a busy floor are made again without a difference", async () => {
    const kinds = new Set<string>();
    const texts = journalTexts(observed(record(DECISIONS), kinds));
    await pipeline(Readable.from(texts), createWriteStream(join(folder, "million.jsonl")));
    expect(allKinds().filter((kind) => !kinds.has(kind))).toEqual([]);
    const { code, out } = await svara("million.jsonl", "--json");
    const report = JSON.parse(out);
    expect(report).toMatchObject({ differences: 0, epochs: 2, complete: true, otherVersions: [] });
    expect(report.firstDifference).toBeUndefined();
    expect(report.decisions).toBeGreaterThanOrEqual(DECISIONS);
    expect(code).toBe(0);
  });

  test("one agent exchanged in one decision among many is found and named", async () => {
    const texts = (await textOf(40_000)).split("\n");
    const at = texts.findIndex((text, i) => i > 10_000 && text.includes('"type":"offer.accepted","at"'));
    const entry = JSON.parse(texts[at] ?? "");
    const accepted = entry.decisions.find((d: { type: string }) => d.type === "offer.accepted");
    accepted.agentId = `${accepted.agentId}0`;
    texts[at] = JSON.stringify(entry);
    writeFileSync(join(folder, "one.jsonl"), texts.join("\n"));
    const { code, out } = await svara("one.jsonl");
    expect(code).toBe(1);
    expect(out).toContain("1 of ");
    expect(out).toContain(`entry ${entry.seq} of epoch ${entry.epoch}`);
    expect(out).toContain(
      `offer.accepted.agentId: was ${accepted.agentId}, is ${accepted.agentId.slice(0, -1)} now`,
    );
  });

  test("any single flipped bit is found: as a damaged line, or as a difference", async () => {
    const whole = Buffer.from(await textOf(3_000));
    for (let i = 0; i < 40; i++) {
      const bytes = Buffer.from(whole);
      const at = Math.floor((whole.length * (i + 0.5)) / 40);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(join(folder, "bit.jsonl"), bytes);
      const { code, err, out } = await svara("bit.jsonl");
      const around = bytes.subarray(at - 40, at + 20).toString();
      expect(code, around).not.toBe(0);
      expect(out + err, around).toMatch(/first difference|line \d+|entry \d+|its checksum is another one/);
    }
  });

  test("a file that was cut off is said to be", async () => {
    const text = await textOf(3_000);
    writeFileSync(join(folder, "whole.jsonl"), text);
    writeFileSync(join(folder, "short.jsonl"), text.slice(0, text.lastIndexOf('{"type":"end"')));
    expect((await svara("short.jsonl")).out).toContain("may have been cut off");
    expect((await svara("whole.jsonl")).out).not.toContain("cut off");
  });
});
