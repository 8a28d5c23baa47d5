import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeSchemas } from "../../../tools/make-schemas.ts";
import { patched } from "./field-patch.ts";
import { parseRulesFile } from "./rules-file.ts";
import { parseStaffFile } from "./staff-file.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..", "..");
const SCHEMAS = join(import.meta.dirname, "..", "..", "..", "schemas");

describe("the rules file", () => {
  test("[WF25] takes changes of queues, agents, rules and ways", () => {
    const file = {
      $schema: "rules-file.schema.json",
      queues: [
        {
          id: "sales",
          priority: 2,
          wrapUp: { mode: "timed", limitMs: 20_000 },
          ageing: null,
          overflow: [{ id: "full", afterMs: 0, lengthOver: 9, to: { kind: "hang_up" } }],
        },
      ],
      agents: [{ id: "a", skills: { fr: 4 } }],
      rules: { workStrategy: "gcmu" },
      redirect: { old: "new" },
    };
    const { $schema: _schema, ...rules } = file;
    expect(parseRulesFile(file)).toEqual(rules);
  });

  test.each([
    [{ queues: [{ id: "x", wrapUp: { mode: "tmed" } }] }, "queues.0.wrapUp.mode", '"timed"'],
    [
      { queues: [{ id: "x", wrapUp: { mode: "timed" } }] },
      "queues.0.wrapUp.limitMs",
      "missing: give a number",
    ],
    [{ queue: [] }, "queue", "use queues, agents, rules, redirect"],
    [{ queues: [{ id: "x", ringTimeoutMs: -1 }] }, "queues.0.ringTimeoutMs", "0 or more, not -1"],
    [{ queues: [{ priority: 1 }] }, "queues.0.id", "missing"],
    [{ queues: [{ id: "x", priorty: 1 }] }, "queues.0.priorty", "not known here: use id, clientId"],
    [{ queues: [{ id: "x", agentStrategy: "best" }] }, "queues.0.agentStrategy", '"round_robin"'],
    [{ queues: [{ id: "x", media: null }] }, "queues.0.media", "a list, not null"],
    [
      { queues: [{ id: "x", overflow: [{ id: "o", afterMs: 0, to: { kind: "queu" } }] }] },
      "queues.0.overflow.0.to.kind",
      '"queue"',
    ],
    [{ rules: { workStrategy: "fair" } }, "rules.workStrategy", '"fqr"'],
    [[], "", "the file must be an object"],
  ])("[WF25] %j is refused by naming the field and the remedy", (file, field, remedy) => {
    expect(() => parseRulesFile(file)).toThrow(
      expect.objectContaining({
        code: "workforce.rules_file",
        field,
        message: expect.stringContaining(remedy),
      }),
    );
  });

  test("a field that is named is replaced, null takes it away, the others stay", () => {
    const queue = { id: "q", priority: 1, ageing: { everyMs: 1, by: 1, most: 2 }, media: ["voice"] };
    expect(patched<Partial<typeof queue>>(queue, { priority: 5, ageing: null })).toEqual({
      id: "q",
      priority: 5,
      media: ["voice"],
    });
  });
});

describe("the staff file", () => {
  test("[WF26] takes shifts with instants in ISO 8601 or milliseconds, more agents, and fewer", () => {
    const file = parseStaffFile({
      shifts: [
        {
          agentId: "a",
          from: "2026-03-02T08:00:00+01:00",
          to: "2026-03-02T16:00+01:00",
          breaks: [
            { from: "2026-03-02T11:00:00Z", to: "2026-03-02T11:30:00Z", reason: "lunch", paid: false },
          ],
        },
        { agentId: "b", from: 0, media: ["voice", "chat"] },
      ],
      more: [{ like: "a", count: 2 }],
      without: ["c"],
    });
    expect(file).toEqual({
      shifts: [
        {
          agentId: "a",
          from: Date.UTC(2026, 2, 2, 7),
          to: Date.UTC(2026, 2, 2, 15),
          breaks: [
            {
              from: Date.UTC(2026, 2, 2, 11),
              to: Date.UTC(2026, 2, 2, 11, 30),
              presence: { state: "not_ready", reason: "lunch", paid: false, productive: false },
            },
          ],
        },
        { agentId: "b", from: 0, media: ["voice", "chat"], breaks: [] },
      ],
      more: [{ like: "a", count: 2 }],
      without: ["c"],
    });
  });

  test.each([
    [
      { shifts: [{ agentId: "a", from: "2026-01-01" }] },
      "shifts.0.from",
      "such as 2026-03-02T08:00:00+01:00",
    ],
    [{ shifts: [{ agentId: "a", from: 10, to: 5 }] }, "shifts.0.to", "later than the shift's beginning"],
    [
      { shifts: [{ agentId: "a", from: 0, to: 50, breaks: [{ from: 40, to: 60 }] }] },
      "shifts.0.breaks.0.from",
      "inside its shift",
    ],
    [{ shifts: [{ from: 0 }] }, "shifts.0.agentId", "whose shift it is"],
    [{ more: [{ like: "x" }] }, "more.0.count", "how many more"],
    [{ more: [{ like: "x", count: 0 }] }, "more.0.count", "1 or more"],
    [{ without: "x" }, "without", "a list"],
  ])("[WF26] %j is refused by naming the field and the remedy", (file, field, remedy) => {
    expect(() => parseStaffFile(file)).toThrow(
      expect.objectContaining({
        code: "workforce.staff_file",
        field,
        message: expect.stringContaining(remedy),
      }),
    );
  });
});

test("[WF25] [WF26] the examples of the documentation are taken", () => {
  const page = readFileSync(join(ROOT, "docs", "what-if.md"), "utf8");
  const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, json = ""]) => JSON.parse(json) as object,
  );
  expect(examples.length).toBeGreaterThanOrEqual(4);
  for (const example of examples) {
    const parse = JSON.stringify(example).includes("staff-file") ? parseStaffFile : parseRulesFile;
    expect(() => parse(example)).not.toThrow();
  }
});

test("[WF25] the published schemas are no older than the types: node packages/workforce/tools/make-schemas.ts", () => {
  for (const [name, text] of Object.entries(makeSchemas())) {
    expect(readFileSync(join(SCHEMAS, name), "utf8"), name).toBe(text);
  }
});
