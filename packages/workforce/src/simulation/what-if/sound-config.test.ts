import { DEFAULT_RULES, type Input, type JournalEntry } from "@svara/routing";
import { expect, test } from "vitest";
import { simulate } from "../simulate.ts";
import { agents, floor, NEVER, queue, stream } from "../testing/floors.ts";
import { RecordReader } from "./record-reader.ts";
import { soundInput } from "./sound-config.ts";
import { whatIf } from "./what-if.ts";

/** An hour of one queue, told by a journal whose first lines were written by other hands. */
function journalOf(change: (input: Input) => unknown): JournalEntry[] {
  const journal: JournalEntry[] = [];
  const talk = { kind: "deterministic", ms: 60_000 } as const;
  const scenario = floor({
    lengthMs: 3_600_000,
    queues: [queue("q", { targetMs: 30_000 })],
    staff: agents("a", 2),
    arrivals: [stream("q", 60, { talk, patience: NEVER })],
  });
  simulate(scenario, { seed: 1, journal: (entry) => journal.push(entry) });
  return journal.map((entry) => JSON.parse(JSON.stringify({ ...entry, input: change(entry.input) })));
}

const cases: readonly [string, Record<string, unknown>][] = [
  ["ringTimeoutMs", { ringTimeoutMs: null }],
  ["ringTimeoutMs", { ringTimeoutMs: Number.NaN }],
  ["priority", { priority: "high" }],
  ["targetMs", { targetMs: "20 s" }],
  ["expectedHandleMs", { expectedHandleMs: Number.NaN }],
  ["wrapUp", { wrapUp: undefined }],
  ["wrapUp.limitMs", { wrapUp: { mode: "timed" } }],
  ["wrapUp.limitMs", { wrapUp: { mode: "manual", limitMs: "long" } }],
  ["ageing", { ageing: { by: 1, most: 5 } }],
  ["callback", { callback: { maxAttempts: 3 } }],
  ["cost", { cost: { weight: "a lot", grows: "constant" } }],
  ["steps.0", { steps: [{ requiredSkills: [] }] }],
  ["criteria.0", { criteria: [{ when: "true", raise: "much" }] }],
  ["overflow.0", { overflow: [{ id: "o", everyMs: 10, to: { kind: "callback" } }] }],
  ["blend.reserve", { blend: { reserve: "few" } }],
  ["crossSell.waitingAtMost", { crossSell: { waitingAtMost: "none" } }],
];

test.each(cases)(
  "[WF33] a queue without a number at %s is mended, and the answer says so: %j",
  (place, odd) => {
    const journal = journalOf((input) =>
      input.type === "config.queue_set" ? { ...input, queue: { ...input.queue, ...odd } } : input,
    );
    const reader = new RecordReader();
    for (const entry of journal) reader.feed(entry);
    const record = reader.finish();
    const { total, queues, assumptions } = whatIf(record, { replications: 1 });
    expect(total.happened.answered).toBeGreaterThan(40);
    expect(total.sameRules.answered.value).toBe(total.happened.answered);
    expect(Number.isFinite(total.sameRules.meanWaitMs.value)).toBe(true);
    expect(queues[0]?.thresholdMs).toBe(place === "targetMs" ? 20_000 : 30_000);
    expect(assumptions.find(({ code }) => code === "configuration_mended")?.params).toEqual({
      places: 1,
      examples: `queue q: ${place}`,
    });
  },
);

test("[WF33] so is an agent's skill or slot, and a rule of the centre; what is sound stays as it is", () => {
  const told: string[] = [];
  const tell = (place: string): void => {
    told.push(place);
  };
  const [agent] = agents("a", 1, {
    skills: { sv: 3, en: Number.NaN },
    slots: { voice: 1, chat: Number.NaN },
  });
  if (agent === undefined) throw new Error("no agent");
  expect(soundInput({ type: "config.agent_set", agent }, tell)).toEqual({
    type: "config.agent_set",
    agent: { ...agent, skills: { sv: 3 }, slots: { voice: 1 } },
  });
  expect(told.splice(0)).toEqual(["agent a000: skills.en", "agent a000: slots.chat"]);
  const rules = { ...DEFAULT_RULES, missesAllowed: Number.NaN };
  const { missesAllowed: _, ...others } = DEFAULT_RULES;
  expect(soundInput({ type: "config.rules_set", rules }, tell)).toEqual({
    type: "config.rules_set",
    rules: others,
  });
  expect(told.splice(0)).toEqual(["rules: missesAllowed"]);
  const sound = queue("q", { wrapUp: { mode: "manual" }, steps: [{ afterMs: 10, raise: 1 }], targetMs: 1 });
  expect(soundInput(sound, tell)).toEqual(sound);
  expect(told).toEqual([]);
});
