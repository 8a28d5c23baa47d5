import type { QueueDraft, QueueRouting } from "@svara/contracts";
import { createInstance } from "i18next";
import { describe, expect, test } from "vitest";
import en from "../../../i18n/en.json" with { type: "json" };
import sv from "../../../i18n/sv.json" with { type: "json" };
import uk from "../../../i18n/uk.json" with { type: "json" };
import { blankQueue } from "./queue-draft.ts";
import {
  criterionSentence,
  queueParagraph,
  ruleSentence,
  stepSentence,
  type Wording,
} from "./queue-words.ts";

const NAMES: Readonly<Record<string, string>> = {
  s1: "Swedish",
  s2: "Sales",
  t1: "North",
  q1: "Service",
  p1: "Kyiv",
};

async function wordingIn(language: string): Promise<Wording> {
  const i18n = createInstance();
  await i18n.init({
    lng: language,
    resources: { en: { translation: en }, sv: { translation: sv }, uk: { translation: uk } },
    interpolation: { escapeValue: false },
  });
  return { i18n, nameOf: (_kind, id) => NAMES[id] ?? "?" };
}

function queue(changes: Partial<QueueDraft>, routing: Partial<QueueRouting> = {}): QueueDraft {
  const blank = blankQueue("c");
  return { ...blank, ...changes, routing: { ...blank.routing, ...routing } };
}

const wording = await wordingIn("en");

describe("a queue in one paragraph", () => {
  test("a plain queue says that everybody may answer", () => {
    expect(queueParagraph(queue({}), wording)).toBe(
      "Every agent may take a contact. Of several free agents, the one idle longest gets it. After the call, at most 1 min of wrap-up.",
    );
  });
  test("skills, steps, strategy and overflow follow each other as a contact meets them", () => {
    const said = queueParagraph(
      queue(
        { requiredSkills: [{ skillId: "s1", minLevel: 3 }], wrapUp: { mode: "off" } },
        {
          groupIds: ["t1"],
          steps: [
            { afterMs: 30_000, groupIds: null },
            { afterMs: 60_000, skills: [{ skillId: "s1", minLevel: 2 }], raise: 5 },
          ],
          overflow: [{ id: "a", afterMs: 300_000, to: { kind: "queue", queueId: "q1" } }],
        },
      ),
      wording,
    );
    expect(said).toBe(
      "Contacts need Swedish 3. At first only these are asked: team North. After 30 sec: any team. After 1 min: Swedish 2 is enough; priority +5. Of several free agents, the one idle longest gets it. When somebody has waited 5 min → to the queue Service. No wrap-up after the call.",
    );
  });
  test("long lists of people are cut", () => {
    const said = queueParagraph(queue({ agentIds: ["1", "2", "3", "4", "5", "6"] }), wording);
    expect(said).toContain("?, ?, ?, or 3 more.");
  });
});

describe("an overflow rule as a sentence", () => {
  const to = { kind: "queue", queueId: "q1" } as const;
  test.each([
    [
      { id: "a", afterMs: 120_000, perAgentOver: 3, to },
      "When somebody has waited 2 min and more than 3 wait per agent → to the queue Service",
    ],
    [
      { id: "a", afterMs: 0, noAgents: true, to: { kind: "message", promptId: null, leaves: true } },
      "When somebody comes and nobody on duty could answer → say a message and end the call",
    ],
    [
      { id: "a", afterMs: 0, closed: true, lengthOver: 1, to: { ...to, priority: 7 } },
      "When somebody comes, more than 1 other waits, and the queue is closed → to the queue Service with priority 7",
    ],
    [
      {
        id: "a",
        afterMs: 60_000,
        expectedWaitOverMs: 300_000,
        when: "customer.known",
        to: { kind: "callback" },
      },
      "When somebody has waited 1 min, the expected wait is above 5 min, and customer.known → offer a call-back",
    ],
    [
      { id: "a", afterMs: 60_000, to: { kind: "sites", siteIds: ["p1"] } },
      "When somebody has waited 1 min → ask site Kyiv instead",
    ],
  ] as const)("%j", (rule, said) => {
    expect(ruleSentence(structuredClone(rule) as never, wording)).toBe(said);
  });
  test("a rule that is not finished says so", () => {
    expect(ruleSentence({ id: "a", afterMs: 60_000, to: { kind: "queue", queueId: "" } }, wording)).toBe(
      "When somebody has waited 1 min → to the queue …",
    );
  });
});

test("a step that changes nothing says so", () => {
  expect(stepSentence({ afterMs: 30_000 }, wording)).toBe("From 30 sec on: nothing changes");
});

test("a criterion says what follows from it", () => {
  const criterion = {
    id: "a",
    when: 'customer.value == "gold"',
    raise: -10,
    requiredSkills: [{ skillId: "s2", minLevel: 4 }],
    tiers: [2 as const, 1 as const],
  };
  expect(criterionSentence(criterion, wording)).toBe(
    'When customer.value == "gold" → priority -10; also needs Sales 4; Tier 1 or Tier 2',
  );
});

test("sentences keep their meaning in other languages", async () => {
  const rule = { id: "a", afterMs: 120_000, lengthOver: 3, to: { kind: "queue" as const, queueId: "q1" } };
  expect(ruleSentence(rule, await wordingIn("sv"))).toBe(
    "När någon har väntat 2 min och fler än 3 andra väntar → till kön Service",
  );
  expect(ruleSentence(rule, await wordingIn("uk"))).toMatch(/2 хв.*більше ніж 3 інші → у чергу Service/);
});
