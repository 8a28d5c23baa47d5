import { describe, expect, test } from "vitest";
import { entryLine, JOURNAL_FORMAT, type JournalHeader } from "./journal-line.ts";
import { JournalReader } from "./journal-reader.ts";
import { ENGINE_VERSION } from "./router.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

const HEADER: JournalHeader = {
  type: "header",
  format: JOURNAL_FORMAT,
  version: 1,
  routerId: "main",
  engineVersion: ENGINE_VERSION,
};

function lines(): string[] {
  const floor = new FloorDriver();
  floor.queue("q");
  floor.staff(["a"]);
  floor.arrive("1");
  floor.accept("a");
  const snapshot = { type: "snapshot", epoch: 1, seq: 0, at: 0, engineVersion: ENGINE_VERSION };
  const entries = floor.journal.map(entryLine);
  return [
    HEADER,
    { ...snapshot, snapshot: new FloorDriver().router.snapshot() },
    ...entries,
    { type: "end", entries: entries.length },
  ].map((line) => JSON.stringify(line));
}

/** Reads a file's lines to the end. */
function read(texts: readonly string[]): JournalReader {
  const reader = new JournalReader();
  for (const text of texts) reader.read(text);
  reader.finish();
  return reader;
}

/** The message about a file in which the entry that queued the item is changed. */
function complaint(change: (entry: { [field: string]: never }) => void): string {
  const texts = lines();
  const at = texts.findIndex((text) => text.includes('"item.queued"'));
  const entry = JSON.parse(texts[at] ?? "");
  change(entry);
  texts[at] = JSON.stringify(entry);
  return message(() => read(texts)).replace(`line ${at + 1} of the journal is not as it must be: `, "");
}

function message(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: "routing.journal_damaged" });
    return (error as Error).message;
  }
  return "no complaint";
}

describe("a journal file", () => {
  test("[RT46] is read as it was written, and is whole when its last line says so", () => {
    const texts = lines();
    expect(read(texts)).toMatchObject({ complete: true, entries: texts.length - 3, header: HEADER });
    expect(read([...texts.slice(0, -1), ""])).toMatchObject({ complete: false });
    const reader = new JournalReader();
    expect(texts.map((text) => JSON.stringify(reader.read(text)))).toEqual(texts);
  });

  test("[RT46] a change without any meaning is found by the checksum of its end", () => {
    const sum = (text: string, before: number) =>
      [...text].reduce((n, c) => n + (c.codePointAt(0) ?? 0), before);
    const texts = lines();
    const body = texts.slice(0, -1);
    const end = { type: "end", entries: body.length - 2, crc32: body.reduce((n, t) => sum(`${t}\n`, n), 0) };
    const intact = (first: string): boolean => {
      const reader = new JournalReader({ crc32: sum });
      for (const text of [first, ...body.slice(1), JSON.stringify(end)]) reader.read(text);
      return reader.intact;
    };
    expect(intact(body[0] ?? "")).toBe(true);
    expect(intact((body[0] ?? "").replace("main", "mail"))).toBe(false);
  });

  test("[RT46] fields and decisions that this program does not know are passed over", () => {
    expect(
      complaint((entry) => {
        Object.assign(entry, { colour: "red", decisions: [{ type: "danced", at: 1 }] });
      }),
    ).toBe("no complaint");
  });

  test.each<[string, (entry: { [field: string]: never }) => void]>([
    ['input.item.queuedAt must be a whole number, not "noon"', (e) => set(e, "input.item.queuedAt", "noon")],
    ["input.item.medium must be one of", (e) => set(e, "input.item.medium", "pigeon")],
    ["input.item.id is missing: give a text", (e) => set(e, "input.item.id", undefined)],
    ["input.type must be one of", (e) => set(e, "input.type", "item.eaten")],
    ["decisions.0.type must be a text, not 7", (e) => set(e, "decisions.0.type", 7)],
    ["decisions must be a list, not null", (e) => set(e, "decisions", null)],
    ['type is missing: give one of "header", "snapshot", "entry", "end"', (e) => set(e, "type", undefined)],
    ["seq is missing: give", (e) => set(e, "seq", undefined)],
  ])("[RT46] a damaged line is named with what was expected: %s", (expected, change) => {
    expect(complaint(change)).toContain(expected);
  });

  test.each<[string, (texts: string[]) => void]>([
    ["line 1 of the journal is not as it must be: the file is empty", (t) => t.splice(0)],
    ["line 1 of the journal is not as it must be: the first line must be the header", (t) => t.shift()],
    [
      "line 2 of the journal is not as it must be: there is a header already",
      (t) => t.splice(1, 0, t[0] ?? ""),
    ],
    [
      "line 3 of the journal is not as it must be: it must be one JSON object",
      (t) => t.splice(2, 1, '{"type":'),
    ],
    ["entries, and 5 were read", (t) => t.splice(2, 1)],
    ["nothing may follow the line of type end", (t) => t.push(t[2] ?? "")],
    ['this is a file of "svara.backup"', (t) => t.splice(0, 1, '{"type":"header","format":"svara.backup"}')],
    [
      "the file has version 2 of the format",
      (t) => t.splice(0, 1, JSON.stringify({ ...HEADER, version: 2 })),
    ],
  ])("[RT46] a damaged file is named: %s", (expected, change) => {
    const texts = lines();
    change(texts);
    expect(message(() => read(texts))).toContain(expected);
  });
});

function set(entry: object, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let at = entry as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = value;
}
