import type { TodayAgent } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import { isRest, type RosterShift } from "@svara/workforce/rostering";
import type { AgentStateSpan } from "../adherence/agent-line.ts";

type Found = Pick<
  TodayAgent,
  "scheduled" | "scheduledUntil" | "state" | "reasonId" | "since" | "problem" | "problemSince"
>;

const GRACE_MS = 120_000; // nobody is late by the time it takes to sit down

/**
 * What an agent should do at `now`, does, and what is wrong with it. `last` is what the agent did last, known up to at most
 * `staleMs` before `now`: when it lasts until then it goes on.
 */
export function adherenceNow(
  shifts: readonly RosterShift[],
  last: AgentStateSpan | undefined,
  now: Instant,
  staleMs = 0,
): Found {
  const actual = last && last.to >= now - staleMs ? last : undefined;
  const planned = plannedAt(shifts, now);
  const found = {
    scheduled: planned?.kind ?? null,
    scheduledUntil: planned?.to ?? null,
    state: actual?.state ?? null,
    reasonId: actual?.reason ?? null,
    since: actual?.from ?? last?.to ?? null,
  };
  const wrong = problemOf(planned, actual, last, now);
  return { ...found, problem: wrong?.problem ?? null, problemSince: wrong?.since ?? null };
}

interface Planned {
  readonly kind: "on_queue" | "rest" | "activity";
  readonly from: Instant;
  readonly to: Instant;
  readonly shiftFrom: Instant;
  /** What was planned just before was a rest. */
  readonly afterRest: boolean;
}

function plannedAt(shifts: readonly RosterShift[], now: Instant): Planned | undefined {
  const shift = shifts.find(({ from, to }) => from <= now && now < to);
  if (!shift) return undefined;
  const { from: shiftFrom } = shift;
  const part = shift.parts.find(({ from, to }) => from <= now && now < to);
  if (part) {
    const kind = isRest(part) ? "rest" : "activity";
    return { kind, from: part.from, to: part.to, shiftFrom, afterRest: false };
  }
  const before = shift.parts.findLast(({ to }) => to <= now);
  const next = shift.parts.find(({ from }) => from > now);
  return {
    kind: "on_queue",
    from: before?.to ?? shiftFrom,
    to: next?.from ?? shift.to,
    shiftFrom,
    afterRest: before !== undefined && isRest(before),
  };
}

function problemOf(
  planned: Planned | undefined,
  actual: AgentStateSpan | undefined,
  last: AgentStateSpan | undefined,
  now: Instant,
): { readonly problem: NonNullable<TodayAgent["problem"]>; readonly since: Instant } | undefined {
  if (!planned) return actual ? { problem: "unscheduled", since: actual.from } : undefined;
  const since = Math.max(planned.from, actual?.from ?? last?.to ?? planned.from);
  if (now - since < GRACE_MS) return undefined;
  if (!actual) {
    if (planned.kind === "rest") return undefined;
    const came = last !== undefined && last.to > planned.shiftFrom;
    return came ? { problem: "left", since } : { problem: "late", since: planned.shiftFrom };
  }
  if (planned.kind === "on_queue") {
    switch (actual.kind) {
      case "on_queue":
        return undefined;
      case "rest":
        return { problem: planned.afterRest ? "break_long" : "break_unplanned", since };
      case "activity":
      case "off_queue":
        return { problem: "off_queue", since };
    }
  }
  return planned.kind === "rest" && actual.kind === "on_queue"
    ? { problem: "on_queue_in_break", since }
    : undefined;
}
