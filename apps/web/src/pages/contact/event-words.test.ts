import type { ContactDetail } from "@svara/contracts";
import { expect, test } from "vitest";
import { eventWords, namesIn } from "./event-words.ts";

type Event = ContactDetail["events"][number];

function event(type: string, details: Event["details"] = {}): Event {
  return { id: "1", seq: 1, at: 0, type, actor: "system", agent: null, queue: null, details };
}

const names = new Map([
  ["s", "Sofia"],
  ["m", "Maja"],
]);

test("a supervisor is named, and what they do is told by its word", () => {
  expect(eventWords(event("monitor.started", { mode: "listen", supervisorId: "s" }), names)).toEqual({
    word: "monitor_listen",
    who: "Sofia",
  });
  expect(eventWords(event("monitor.changed", { mode: "barge", supervisorId: "s" }), names).word).toBe(
    "monitor_barge",
  );
});

test("how a parked call ended is told apart", () => {
  const word = (reason: string): string => eventWords(event("park.ended", { reason }), names).word;
  expect([word("picked_up"), word("timed_out"), word("customer_ended"), word("ended")]).toEqual([
    "park_fetched",
    "park_returned",
    "park_hung_up",
    "park_ended",
  ]);
});

test("a consultation that became a conference is no cancelled transfer", () => {
  expect(eventWords(event("transfer.cancelled", { reason: "merged" }), names).word).toBe("transfer_merged");
});

test("who was picked up from is named", () => {
  expect(eventWords(event("call.picked_up", { fromAgentId: "m" }), names)).toEqual({
    word: "call_picked_up",
    who: "Maja",
  });
});

test("names come from wherever the contact has them", () => {
  const agent = { id: "a", name: "Anna" };
  expect(namesIn({ segments: [], legs: [], events: [{ ...event("leg.answered"), agent }] }).get("a")).toBe(
    "Anna",
  );
});
