import type { LedgerEvent } from "@svara/ledger";
import { expect, test } from "vitest";
import { spansOf } from "./agent-states.ts";

const MIN = 60_000;
const reasons = {
  kindOf: (reason: string | undefined) => (reason === "lunch" ? ("rest" as const) : ("off_queue" as const)),
};

function login(at: number, slots: readonly string[] = ["voice"]): LedgerEvent {
  return { type: "agent.logged_in", at, agentId: "a", payload: { sessionId: "s", slots } } as never;
}
function logout(at: number): LedgerEvent {
  return {
    type: "agent.logged_out",
    at,
    agentId: "a",
    payload: { sessionId: "s", reason: "end_shift" },
  } as never;
}
function state(at: number, word: string, reason?: string, slot = "voice"): LedgerEvent {
  const payload = { slot, state: word, paid: true, productive: true, ...(reason && { reason }) };
  return { type: "agent.state_changed", at, agentId: "a", payload } as never;
}

test("states become kinds; what was before the day is cut off, what lasts goes to its end", () => {
  const spans = spansOf(
    [
      login(-60 * MIN),
      state(-60 * MIN, "available"),
      state(30 * MIN, "not_ready", "lunch"),
      state(60 * MIN, "talking"),
    ],
    { from: 0, to: 90 * MIN },
    reasons,
  );
  expect(spans.map(({ from, to, kind }) => [from / MIN, to / MIN, kind])).toEqual([
    [0, 30, "on_queue"],
    [30, 60, "rest"],
    [60, 90, "on_queue"],
  ]);
});

test("busy in any slot is on queue; not ready counts only where every slot is", () => {
  const spans = spansOf(
    [
      login(0, ["voice", "chat"]),
      state(0, "not_ready", "lunch"),
      state(0, "available", undefined, "chat"),
      state(20 * MIN, "not_ready", "lunch", "chat"),
      logout(40 * MIN),
    ],
    { from: 0, to: 60 * MIN },
    reasons,
  );
  expect(spans.map(({ from, to, kind }) => [from / MIN, to / MIN, kind])).toEqual([
    [0, 20, "on_queue"],
    [20, 40, "rest"],
  ]);
});

test("who does not answer is not on queue", () => {
  const [span] = spansOf([login(0), state(0, "not_responding")], { from: 0, to: MIN }, reasons);
  expect(span?.kind).toBe("off_queue");
});
