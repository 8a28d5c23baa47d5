import type { AgentId } from "@svara/kernel";
import type { RosterShift } from "@svara/workforce/rostering";
import { expect, test } from "vitest";
import type { AgentStateSpan } from "../adherence/agent-line.ts";
import { adherenceNow } from "./adherence-now.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const shift: RosterShift = {
  agentId: "a" as AgentId,
  date: "2026-03-02",
  patternId: null,
  from: 8 * HOUR,
  to: 16 * HOUR,
  parts: [
    { kind: "break", from: 10 * HOUR, to: 10 * HOUR + 15 * MINUTE, paid: true },
    { kind: "lunch", from: 12 * HOUR, to: 12.5 * HOUR, paid: false },
  ],
};
const span = (kind: AgentStateSpan["kind"], from: number, to: number): AgentStateSpan => ({
  kind,
  from,
  to,
  state: kind === "on_queue" ? "available" : "not_ready",
  reason: null,
});
const at = (now: number, ...spans: AgentStateSpan[]) => adherenceNow([shift], spans.at(-1), now);

test("who is where the shift says has no problem", () => {
  expect(at(9 * HOUR, span("on_queue", 8 * HOUR, 9 * HOUR))).toMatchObject({
    scheduled: "on_queue",
    scheduledUntil: 10 * HOUR,
    state: "available",
    problem: null,
  });
  const now = 10 * HOUR + 5 * MINUTE;
  expect(at(now, span("rest", 10 * HOUR, now))).toMatchObject({ scheduled: "rest", problem: null });
  expect(adherenceNow([shift], undefined, 7 * HOUR)).toMatchObject({ scheduled: null, problem: null });
});

test("who has not come is late, after a moment's grace; who has gone has left", () => {
  expect(at(8 * HOUR + MINUTE).problem).toBeNull();
  expect(at(8 * HOUR + 20 * MINUTE)).toMatchObject({ problem: "late", problemSince: 8 * HOUR });
  expect(at(11 * HOUR, span("on_queue", 8 * HOUR, 10.5 * HOUR))).toMatchObject({
    problem: "left",
    problemSince: 10.5 * HOUR,
  });
});

test("a break that goes on is too long; one that nobody planned is said so", () => {
  const now = 10 * HOUR + 25 * MINUTE;
  expect(at(now, span("rest", 10 * HOUR, now))).toMatchObject({
    problem: "break_long",
    problemSince: 10 * HOUR + 15 * MINUTE,
  });
  expect(at(9 * HOUR, span("rest", 8.5 * HOUR, 9 * HOUR)).problem).toBe("break_unplanned");
  expect(at(9 * HOUR, span("off_queue", 8.5 * HOUR, 9 * HOUR)).problem).toBe("off_queue");
});

test("work in a break and work without a shift are told too", () => {
  const now = 12.25 * HOUR;
  expect(at(now, span("on_queue", 11 * HOUR, now))).toMatchObject({
    problem: "on_queue_in_break",
    problemSince: 12 * HOUR,
  });
  const evening = 18 * HOUR;
  expect(at(evening, span("on_queue", 17 * HOUR, evening)).problem).toBe("unscheduled");
});
