import type { WaitExplained } from "@svara/contracts";
import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import en from "../../../i18n/en.json";
import { countGroups, reasonText, type WaitWording } from "./reason-words.ts";
import { comingEvents, demandSentences, estimateText, verdictSentences } from "./wait-sentences.ts";
import { verdictOf } from "./wait-verdict.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
let wording: WaitWording;

beforeAll(async () => {
  const i18n = i18next.createInstance();
  await i18n.init({
    lng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  wording = { i18n, now: NOW, notReadyName: (id) => (id === "r1" ? "Lunch" : undefined) };
});

const named = (name: string) => ({ id: name, name });

function wait(changes: Partial<WaitExplained> = {}): WaitExplained {
  return {
    contactId: "c",
    shortNumber: 12,
    queue: named("Support"),
    state: "waiting",
    enteredAt: NOW - 60_000,
    queuedAt: NOW - 60_000,
    priority: 0,
    estimate: null,
    requirement: { skills: [], groups: null, sites: null, tiers: null },
    preferredSkills: [],
    criteria: [],
    stepsTaken: 0,
    steps: 0,
    ringsAt: null,
    waitsFor: null,
    heldBackBy: [],
    next: [],
    agents: [],
    ...changes,
  };
}

const lacking = (agents: number) => ({
  reason: "lacks_skill",
  params: { skill: "Swedish", minLevel: 3 },
  agents,
});
const because = (reason: string | null, agents = 1) => ({ reason, params: {}, agents });

test("nobody has the skill: the verdict names it, and when a step asks for something else", () => {
  const waiting = wait({
    agents: [lacking(7)],
    next: [{ at: NOW + 25_000, what: "step", params: { step: 1 } }],
  });
  expect(verdictSentences(waiting, wording)).toEqual([
    "Nobody has the skill it asks for: Swedish at level 3 or better.",
    "In 25 sec a step asks for something else.",
  ]);
});

test("nobody can serve it for several reasons: no single skill is blamed", () => {
  const waiting = wait({ agents: [lacking(4), because("other_queues", 2)] });
  expect(verdictSentences(waiting, wording)).toEqual(["No agent can serve it: nobody has what it asks for."]);
});

test.each([
  [[lacking(9), because("busy")], "all_busy"],
  [[lacking(9), because("logged_out", 3), because("not_ready")], "all_away"],
  [[lacking(9), because("logged_out", 3)], "nobody_at_work"],
  [[because("busy", 3), because(null)], "at_once"],
  [[], "no_agents"],
])("whoever is nearest to getting it decides the verdict (%#)", (agents, kind) => {
  expect(verdictOf(wait({ agents })).kind).toBe(kind);
});

test("what it waits for itself comes before who is missing", () => {
  const agents = [because("logged_out", 3)];
  const kept = { agent: named("Anna"), until: NOW + 40_000 };
  expect(verdictSentences(wait({ agents, waitsFor: kept }), wording)).toEqual([
    "It is kept for Anna for another 40 sec; then anybody who meets the demand may have it.",
  ]);
  expect(verdictOf(wait({ agents, state: "dormant" })).kind).toBe("dormant");
  expect(verdictSentences(wait({ agents, state: "ringing", ringsAt: named("Boris") }), wording)).toEqual([
    "It rings at Boris.",
  ]);
});

test("a gate that holds it back is named with what it protects", () => {
  const held = wait({ heldBackBy: ["waiting", "reserve"], agents: [because("held_back", 2)] });
  expect(verdictSentences(held, wording)).toEqual([
    "Other queues come first now, by the mixing rule of this queue.",
    "Because too many wait in the other queues and too few agents are free for the other queues.",
  ]);
});

test("the demand is told in sentences; with none any agent may have it", () => {
  expect(demandSentences(wait(), wording)).toEqual(["Any agent of this queue may have it."]);
  const demanding = wait({
    requirement: {
      skills: [
        { skill: named("Swedish"), minLevel: 3 },
        { skill: named("Billing"), minLevel: 1 },
      ],
      groups: [named("First line"), named("Evening")],
      sites: null,
      tiers: [2, 4],
    },
    stepsTaken: 1,
    steps: 2,
    criteria: ["gold"],
  });
  expect(demandSentences(demanding, wording)).toEqual([
    "The agent needs Swedish at level 3 or better and Billing.",
    "Only these teams: First line or Evening.",
    "Only these tiers: Tier 2, Expert.",
    "Step 1 of 2 has widened who may have it.",
    "The rule “gold” of the queue holds for it.",
  ]);
});

test("what comes next says when and what; a step says its changes where they are known", () => {
  const waiting = wait({
    next: [
      { at: NOW - 500, what: "everybodys", params: {} },
      { at: NOW + 5_000, what: "step", params: { step: 2 } },
      {
        at: NOW + 30_000,
        what: "overflow_question",
        params: { rule: "late", to: "queue", queue: "Billing" },
      },
      { at: NOW + 60_000, what: "priority_ages", params: { by: 2 } },
    ],
  });
  const told = (changes?: string) =>
    comingEvents(waiting, wording, () => changes).map(({ when, text }) => `${when}: ${text}`);
  expect(told()).toEqual([
    "now: It is no longer kept: anybody who meets the demand may have it.",
    "in 5 sec: Step 2 widens who may have it.",
    "in 30 sec: The rule “late” asks whether to move it to the queue Billing.",
    "in 1 min: Its priority rises by 2.",
  ]);
  expect(told("Swedish 1 is enough")[1]).toBe("in 5 sec: Step 2: Swedish 1 is enough.");
});

test("an expected wait has its band and its ground; an unknown one says why", () => {
  const estimate = {
    position: 3,
    lowMs: 20_000,
    expectedMs: 55_000,
    highMs: 110_000,
    basis: "queue_length",
  } as const;
  expect(estimateText(estimate, wording)).toEqual({
    short: "about 55 sec more",
    long: "Eight times in ten between 20 sec and 1 min 50 sec. Reckoned from who waits before it and who works.",
  });
  expect(estimateText(null, wording).short).toBe("not known");
});

test("reasons are told with names in the reader's language", () => {
  const say = (reason: string, params: Record<string, string | number> = {}) =>
    reasonText(reason, params, wording);
  expect(say("not_ready", { reason: "r1" })).toBe("not ready: Lunch");
  expect(say("busy", { state: "busy_other" })).toBe("busy: Busy");
  expect(say("lacks_skill", { skill: "Swedish", minLevel: 3, has: 2 })).toBe(
    "has Swedish at level 2, level 3 is asked",
  );
  expect(say("lacks_skill", { skill: "Swedish", minLevel: 3, has: 0 })).toBe(
    "lacks Swedish at level 3 or better",
  );
  expect(say("resting", { until: NOW + 9_000 })).toBe("missed a call, is left alone for another 9 sec");
  expect(say("other_groups", { teams: "Evening" })).toBe("not in a team that is asked now (Evening)");
  expect(say("a_new_reason")).toBe("a new reason");
});

test("each agent is counted once, in the group of the reason", () => {
  expect(
    countGroups([
      because(null, 1),
      because("offered", 1),
      because("busy", 4),
      because("logged_out", 2),
      lacking(5),
    ]),
  ).toEqual({ open: 2, taken: 4, away: 0, out: 2, rule: 0, never: 5 });
});
