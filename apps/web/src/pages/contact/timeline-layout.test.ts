import { expect, test } from "vitest";
import { layOutTimeline, type Segment } from "./timeline-layout.ts";

const segment = (
  id: string,
  party: Segment["party"],
  kind: Segment["kind"],
  startedAt: number,
  endedAt: number | null,
  agentId?: string,
): Segment => ({
  id,
  party,
  kind,
  startedAt,
  endedAt,
  endReason: null,
  agent: agentId === undefined ? null : { id: agentId, name: `Agent ${agentId}` },
  queue: null,
});

test("the customer's lane stands first and its bars tile the whole span", () => {
  const timeline = layOutTimeline(
    [
      segment("h", "handler", "talk", 20_000, 80_000, "7"),
      segment("a", "customer", "queue", 0, 20_000),
      segment("b", "customer", "talk", 20_000, 80_000),
    ],
    99_000,
  );
  expect(timeline?.lanes.map((lane) => lane.key)).toEqual(["customer", "7"]);
  expect(timeline?.lanes[0]?.bars.map((bar) => [bar.left, bar.width])).toEqual([
    [0, 0.25],
    [0.25, 0.75],
  ]);
});

test("what still goes on lasts until now", () => {
  const timeline = layOutTimeline([segment("a", "customer", "talk", 1_000, null)], 5_000);
  expect(timeline?.to).toBe(5_000);
  expect(timeline?.lanes[0]?.bars[0]?.durationMs).toBe(4_000);
});

test("without segments there is no timeline", () => {
  expect(layOutTimeline([], 0)).toBeUndefined();
});
