import { expect, test } from "vitest";
import { type DiversionDraft, diversionsOf, draftOf, targetOf } from "./diversion-draft.ts";

const none = draftOf(null);

test("what is stored is drafted and sent the same", () => {
  for (const target of [
    null,
    { kind: "agent", agentId: "a" },
    { kind: "queue", queueId: "q" },
    { kind: "number", number: "+46701234567" },
  ] as const) {
    expect(targetOf(draftOf(target))).toEqual(target);
  }
});

test("a typed number is sent without its blanks", () => {
  expect(targetOf({ ...none, kind: "number", number: "+46 70 123-45 67" })).toEqual({
    kind: "number",
    number: "+46701234567",
  });
});

test("a case whose target is missing is told", () => {
  const halfDone: DiversionDraft = { ...none, kind: "agent" };
  expect(diversionsOf({ always: none, busy: none, no_answer: halfDone, unreachable: none })).toEqual({
    missing: "no_answer",
  });
});
