import type { FloorAgent, FloorQueue } from "@svara/contracts";
import { expect, test } from "vitest";
import { longestWaitMs, selectAgents, serviceLevelTone, sortQueues, waitTone } from "./floor-model.ts";

const agent = (id: string, state: FloorAgent["state"], since: number, teamId?: string): FloorAgent => ({
  id,
  name: `Agent ${id}`,
  state,
  since,
  ...(teamId === undefined ? {} : { teamId }),
});

const queue = (name: string, waiting: number, oldestEnqueuedAt?: number): FloorQueue => ({
  id: name,
  name,
  clientId: "c",
  medium: "voice",
  waiting,
  longestWaitMs: 0,
  ...(oldestEnqueuedAt === undefined ? {} : { oldestEnqueuedAt }),
  agents: { available: 0, reserved: 0, talking: 0, wrap_up: 0, not_ready: 0 },
  serviceLevel: null,
  serviceLevelTarget: 0.8,
  thresholdSec: 20,
  definition: "SL4.v1",
  offered: 0,
  answered: 0,
  abandoned: 0,
  shortAbandoned: 0,
  flowOut: 0,
  abandonRate: null,
  answerRate: null,
  averageAnswerMs: null,
});

test("who does not respond stands first, who is logged out does not stand there", () => {
  const shown = selectAgents(
    [
      agent("1", "available", 5),
      agent("2", "logged_out", 1),
      agent("3", "not_responding", 9),
      agent("4", "talking", 7),
    ],
    { search: "", teamId: null, group: null },
  );
  expect(shown.map((each) => each.id)).toEqual(["3", "4", "1"]);
});

test("within a group the longest in the state stands first", () => {
  const shown = selectAgents([agent("1", "talking", 500), agent("2", "held", 100)], {
    search: "",
    teamId: null,
    group: "busy",
  });
  expect(shown.map((each) => each.id)).toEqual(["2", "1"]);
});

test("filters by team and by part of the name", () => {
  const agents = [agent("1", "available", 1, "a"), agent("2", "available", 2, "b")];
  expect(selectAgents(agents, { search: "", teamId: "b", group: null }).map((each) => each.id)).toEqual([
    "2",
  ]);
  expect(
    selectAgents(agents, { search: "AGENT 1", teamId: null, group: null }).map((each) => each.id),
  ).toEqual(["1"]);
});

test("a wait is counted on from the instant of entry", () => {
  expect(longestWaitMs(queue("q", 1, 1_000), 31_000)).toBe(30_000);
  expect(longestWaitMs(queue("q", 0), 31_000)).toBe(0);
});

test("queues sort by a column and rows with equal values keep the order of names", () => {
  const queues = [queue("b", 2), queue("a", 2), queue("c", 5)];
  expect(sortQueues(queues, { column: "waiting", descending: true }, 0).map((each) => each.name)).toEqual([
    "c",
    "a",
    "b",
  ]);
});

test("tones follow the promise of the queue", () => {
  expect(waitTone(19_999, 20)).toBe("plain");
  expect(waitTone(20_000, 20)).toBe("warn");
  expect(waitTone(40_000, 20)).toBe("bad");
  expect(serviceLevelTone(null, 0.8)).toBe("plain");
  expect(serviceLevelTone(0.75, 0.8)).toBe("warn");
  expect(serviceLevelTone(0.5, 0.8)).toBe("bad");
});
