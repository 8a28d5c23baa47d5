import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CliRun, cliRun } from "../testing/cli-run.ts";
import { simulatedDay } from "../testing/simulated-day.ts";
import { journal } from "./journal.ts";
import { journalTexts } from "./journal-text.ts";
import { replay } from "./replay.ts";

let folder: string;
let day: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "svara-replay-"));
  day = (await Array.fromAsync(journalTexts(simulatedDay()))).join("");
  writeFileSync(join(folder, "day.jsonl"), day);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const svara = (...argv: string[]): Promise<CliRun> => cliRun(replay, argv, { cwd: folder });

/** The day with its text changed, as a file that is read. */
function changed(change: (text: string) => string): Promise<CliRun> {
  writeFileSync(join(folder, "changed.jsonl"), change(day));
  return svara("changed.jsonl");
}

describe("svara replay", () => {
  test("a journal is decided again without a difference: code 0, in words and as JSON", async () => {
    const words = await svara("day.jsonl");
    expect(words).toMatchObject({ code: 0, err: "" });
    expect(words.out).toMatch(/^No difference: [\d,]+ decisions on [\d,]+ inputs/);
    const report = JSON.parse((await svara("day.jsonl", "--json")).out);
    expect(report).toMatchObject({
      differences: 0,
      epochs: 1,
      engineVersions: [report.engineVersion],
      otherVersions: [],
      rulesChanged: [],
      complete: true,
      intact: true,
    });
    expect(report.decisions).toBeGreaterThan(report.entries);
    expect(report.to - report.from).toBeGreaterThan(7_000_000);
    expect(report.durationMs).toBeGreaterThanOrEqual(0);
  });

  test("a compressed file and standard input are read alike", async () => {
    const packed = gzipSync(day);
    writeFileSync(join(folder, "day.gz"), packed);
    expect((await svara("day.gz")).code).toBe(0);
    for (const stdin of [[packed.subarray(0, 100), packed.subarray(100)], [Buffer.from(day)]]) {
      expect((await cliRun(replay, ["-"], { cwd: folder, stdin })).code).toBe(0);
    }
  });

  test("another decision is a difference: code 1, and it is named", async () => {
    const { code, out } = await changed((text) =>
      text.replace('"type":"offer.accepted","at"', '"type":"danced","at"'),
    );
    expect(code).toBe(1);
    expect(out).toMatch(/^1 of [\d,]+ inputs were decided otherwise/);
    expect(out).toContain("they part at decision 1: was");
    expect(out).toContain("its checksum is another one");
  });

  test("what changes no decision is found by the checksum: code 2", async () => {
    const { code, out } = await changed((text) =>
      text.replaceAll('"clientId":"client"', '"clientId":"klient"'),
    );
    expect(code).toBe(2);
    expect(out).toContain("its checksum is another one");
  });

  test("another engine's journal is said to be one", async () => {
    const { out } = await changed((text) => text.replaceAll('"engineVersion":"', '"engineVersion":"0.'));
    expect(out).toMatch(/Engine version 0\.\d is not known here/);
  });

  test.each<[string, (text: string) => string, string]>([
    ["a line that is no JSON", (text) => text.replace('"seq":7,', '"seq":7'), "line 8 of the journal"],
    ["a missing entry", (text) => text.replace(/.*"seq":7,.*\n/, ""), "goes from entry 6 to 8"],
    ["an empty file", () => "", "the file is empty"],
    ["a header alone", (text) => text.slice(0, text.indexOf("\n")), "the journal holds no entries"],
    ["a text", () => "hello\n", "it must be one JSON object"],
  ])("%s cannot be read: code 2", async (_name, change, expected) => {
    const { code, err } = await changed(change);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  test.each([
    [["nowhere.jsonl"], "there is no file nowhere.jsonl"],
    [["."], ". is a folder"],
    [["day.jsonl", "--from", "2026-01-05"], "--from belongs to an installation's journal"],
    [["--data-dir", "."], "is not the data folder of an installation"],
    [["--data-dir", ".", "--from", "noon"], '--from is "noon", which is no instant'],
    [
      ["--data-dir", ".", "--from", "2026-01-06", "--to", "2026-01-05T08:00+01:00"],
      "--to lies before --from",
    ],
  ])("%j is refused with its remedy: code 2", async (argv, expected) => {
    const { code, err } = await svara(...argv);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });
});

describe("svara journal", () => {
  test.each([
    [["import"], '"svara journal" cannot "import"'],
    [["export", "--json"], "name a file"],
    [["export", "--data-dir", "."], "is not the data folder of an installation"],
  ])("%j is refused with its remedy: code 2", async (argv, expected) => {
    const { code, err } = await cliRun(journal, argv, { cwd: folder });
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });
});
