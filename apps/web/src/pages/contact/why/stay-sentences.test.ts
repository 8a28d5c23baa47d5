import type { QueueStay } from "@svara/contracts";
import i18next, { type i18n } from "i18next";
import { beforeAll, expect, test } from "vitest";
import en from "../../../i18n/en.json";
import { decidingPlace } from "./deciding-place.ts";
import { rankLabel, rankValue } from "./rank-words.ts";
import { layOutStay } from "./stay-layout.ts";
import {
  choiceSentence,
  type Offer,
  predictionSentences,
  stayLines,
  strategySentence,
  tradeSentence,
} from "./stay-sentences.ts";

const ENTERED = Date.UTC(2026, 10, 22, 12);
let words: i18n;

beforeAll(async () => {
  words = i18next.createInstance();
  await words.init({
    lng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
});

const anna = { id: "a", name: "Anna" };
const boris = { id: "b", name: "Boris" };

function offer(changes: Partial<Offer> = {}): Offer {
  return {
    offerId: "o1",
    agent: anna,
    madeAt: ENTERED + 40_000,
    ringMs: 6_000,
    outcome: "accepted",
    choice: "agent_for_item",
    strategy: "longest_idle",
    rankedBy: ["idle_since"],
    candidates: [],
    considered: 3,
    step: 0,
    rules: 41,
    engineVersion: "2",
    trade: null,
    ...changes,
  };
}

function stay(changes: Partial<QueueStay> = {}): QueueStay {
  return {
    queue: { id: "q", name: "Support" },
    initiation: "new",
    enteredAt: ENTERED,
    leftAt: ENTERED + 46_000,
    outcome: "answered",
    waitMs: 46_000,
    predicted: null,
    steps: [],
    overflows: [],
    offers: [],
    ...changes,
  };
}

const predicted = {
  position: 2,
  lowMs: 20_000,
  expectedMs: 40_000,
  highMs: 80_000,
  basis: "queue_length",
} as const;

test.each([
  [46_000, "It became 46 sec, as expected."],
  [80_400, "It became 1 min 20 sec, as expected."],
  [95_000, "It became 1 min 35 sec, longer than expected."],
  [5_000, "It became 5 sec, shorter than expected."],
])("a wait of %i ms is told against its band", (waitMs, text) => {
  expect(predictionSentences(predicted, waitMs, words)).toEqual([
    "Expected about 40 sec (between 20 sec and 1 min 20 sec) at place 2.",
    text,
  ]);
});

test("a wait that goes on is not judged, and one without prediction says why there is none", () => {
  expect(predictionSentences(predicted, null, words)).toHaveLength(1);
  expect(predictionSentences(null, 5_000, words)[0]).toContain("nobody at work");
});

test("the choice is told by what was sought, and among how many", () => {
  expect(choiceSentence(offer(), words)).toBe(
    "The contact came, and of 3 agents open for it Anna was chosen.",
  );
  expect(choiceSentence(offer({ considered: 1 }), words)).toBe(
    "The contact came, and Anna was the only agent open for it.",
  );
  expect(choiceSentence(offer({ choice: "picked" }), words)).toContain("by hand");
  expect(strategySentence(offer(), words)).toBe("Whoever has been free the longest comes first.");
  expect(strategySentence(offer({ choice: "picked" }), words)).toBeUndefined();
});

test("the trade names both ends, or that they agree", () => {
  expect(tradeSentence(offer(), words)).toBeUndefined();
  expect(tradeSentence(offer({ trade: { quality: anna, efficiency: boris } }), words)).toBe(
    "Quality alone would have chosen Anna, efficiency alone Boris.",
  );
  expect(tradeSentence(offer({ trade: { quality: anna, efficiency: anna } }), words)).toContain("both");
});

test("the wait is told in order: entry, step, overflow, offers, leaving", () => {
  const lines = stayLines(
    stay({
      steps: [{ at: ENTERED + 20_000, step: 1 }],
      overflows: [
        { at: ENTERED + 46_000, rule: "late", to: "queue", queue: { id: "q2", name: "Billing" }, left: true },
      ],
      offers: [offer({ outcome: "timed_out", ringMs: 5_000 })],
    }),
    words,
    { stepChanges: () => undefined, outcomeName: (outcome) => outcome },
  );
  expect(lines.map(({ text }) => text)).toEqual([
    "Entered the queue",
    "Step 1 widened who may have it",
    "Offered to Anna, not answered within 5 sec",
    "Rule “late” moved it to the queue Billing",
    "Left the queue: answered",
  ]);
});

test.each([
  ["idle_since", ENTERED - 200_000, "Free for", "3 min 20 sec"],
  ["occupancy_millionths", 624_000, "Busy part of the time", "62%"],
  ["proficiency:desc", -7, "Levels together", "7"],
  ["priority:desc", -0, "Priority", "0"],
  ["target_used:desc", -1.25, "Promised time used", "125%"],
  ["lack_less_idle_ms", -40_000, "Lack of skill less free time", "−40 sec"],
  ["last_offer", 0, "Order of the last offer", "never yet"],
  ["a_new_place:desc", -3, "a new place", "3"],
])("a place of a rank reads as people think of it: %s", (place, compared, label, value) => {
  expect(rankLabel(place, words)).toBe(label);
  expect(rankValue(place, compared, ENTERED, words)).toBe(value);
});

test("the first place that differs decides; equal ranks were decided by the id", () => {
  expect(decidingPlace([-7, 100], [-7, 250])).toBe(1);
  expect(decidingPlace([-7, 100], [-3, 50])).toBe(0);
  expect(decidingPlace([1], [1])).toBeUndefined();
});

test("the picture reaches as far as the wait or the band, whichever is longer", () => {
  const layout = layOutStay(stay({ predicted, offers: [offer()] }), ENTERED + 999_000);
  expect(layout.spanMs).toBeCloseTo(80_000 * 1.04);
  expect(layout.wait).toBeCloseTo(46 / 83.2);
  expect(layout.band?.left).toBeCloseTo(20 / 83.2);
  expect(layout.rings[0]?.width).toBeCloseTo(6 / 83.2);
});

test("a wait that goes on lasts until now, and so does an offer that rings", () => {
  const ringing = offer({ outcome: "ringing", ringMs: null });
  const layout = layOutStay(stay({ leftAt: null, waitMs: null, offers: [ringing] }), ENTERED + 50_000);
  expect(layout.wait).toBeCloseTo(1 / 1.04);
  expect((layout.rings[0]?.left ?? 0) + (layout.rings[0]?.width ?? 0)).toBeCloseTo(layout.wait);
});
