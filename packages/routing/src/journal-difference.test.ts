import { describe, expect, test } from "vitest";
import { ENGINE_VERSIONS, versionsBetween } from "./engine-versions.ts";
import type { JournalEntry } from "./journal.ts";
import { replay } from "./journal.ts";
import { describeDifference, describeVersions } from "./journal-difference.ts";
import { ENGINE_VERSION } from "./router.ts";
import { FloorDriver } from "./testing/floor-driver.ts";

/** What a person reads when the entry that queued item 1 is changed in the record. */
function told(change: (entry: JournalEntry) => Partial<JournalEntry>): string {
  const floor = new FloorDriver();
  floor.queue("q");
  floor.staff(["a"]);
  floor.arrive("1");
  const journal = floor.journal.map((entry) =>
    entry.input.type === "item.queued" ? { ...entry, ...change(entry) } : entry,
  );
  const { firstDifference } = replay(journal);
  return firstDifference ? describeDifference(firstDifference, ENGINE_VERSION).join("\n") : "no difference";
}

describe("a difference in words", () => {
  test("[RT46] names instant, input, both sides and the field where they part", () => {
    const text = told((entry) => ({
      decisions: entry.decisions.map((d) => (d.type === "offer" ? { ...d, agentId: "b" } : d)),
    }));
    expect(text).toContain("entry 5 of epoch 1, at 2026-01-05T08:00:00.001Z");
    expect(text).toMatch(/input {5}item.queued: item 1$/m);
    expect(text).toMatch(/recorded {2}offer: offerId .*, itemId 1, agentId b, queueId q/);
    expect(text).toMatch(/now {7}offer: offerId .*, itemId 1, agentId a, queueId q/);
    expect(text).toContain("they part at decision 1, offer.agentId: was b, is a now");
    expect(text).toContain(`both by engine version ${ENGINE_VERSION}: the record is damaged`);
  });

  test("[RT46] a decision that one side lacks is said to be missing there", () => {
    const less = told((entry) => ({ decisions: entry.decisions.slice(0, 1) }));
    expect(less).toMatch(/they part at decision 2: is not in the record, is .*agent.state_changed.* now/);
    const more = told((entry) => ({ decisions: [...entry.decisions, ...entry.decisions.slice(0, 1)] }));
    expect(more).toMatch(/they part at decision 3: was .*"offer".*, is not decided now/);
    expect(told(() => ({ decisions: [] }))).toMatch(/recorded {2}nothing/);
  });

  test("[RT46] another engine's record is called that", () => {
    expect(told(() => ({ decisions: [], engineVersion: "0.9" }))).toContain(
      `recorded by engine version 0.9, decided now by version ${ENGINE_VERSION}`,
    );
  });
});

describe("engine versions", () => {
  const table = ["1", "2", "3"].map((version) => ({ version, rules: [`RT${version}`], summary: version }));

  test("the engine's own is in the table, and none stands there twice", () => {
    expect(ENGINE_VERSIONS.map(({ version }) => version)).toContain(ENGINE_VERSION);
    expect(new Set(ENGINE_VERSIONS.map(({ version }) => version)).size).toBe(ENGINE_VERSIONS.length);
  });

  test.each([
    ["1", "3", ["2", "3"]],
    ["3", "1", ["2", "3"]],
    ["2", "2", []],
    ["2", "9", undefined],
  ])("between %s and %s changed what %j brought", (from, to, expected) => {
    expect(versionsBetween(from, to, table)?.map(({ version }) => version)).toEqual(expected);
  });

  test("[RT46] what another engine did by other rules is listed", () => {
    const [first, ...later] = ENGINE_VERSIONS.map(({ version }) => version);
    const lines = describeVersions({ ...replay([]), otherVersions: [first ?? ""] });
    expect(lines[0]).toContain(`Engine version ${first} wrote a part of the journal`);
    expect(lines.slice(1).map((line) => line.split(":")[0])).toEqual(later.map((v) => `  version ${v}`));
    expect(lines[1]).toMatch(/RT6 to RT10/);
  });

  test("[RT46] a version that is not known here is said to be another program's", () => {
    const result = { ...replay([]), otherVersions: ["99"] };
    expect(describeVersions(result)).toEqual([
      "Engine version 99 is not known here: the journal comes from another program version.",
    ]);
    expect(describeVersions(replay([]))).toEqual([]);
  });
});
