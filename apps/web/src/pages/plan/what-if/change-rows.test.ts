import { whatIfChange } from "@svara/contracts";
import { expect, test } from "vitest";
import { CHANGE_KINDS, type ChangeRow, changeOf, faultOf, newRow, rowsOf } from "./change-rows.ts";

const QUEUE = "01990000-0000-7000-8000-0000000000a1";

const filled: ChangeRow[] = [
  newRow("volume", 0),
  newRow("handling", 1),
  { key: 2, kind: "staff", queueId: QUEUE, count: -2, from: "08:00", to: "24:00" },
  { key: 3, kind: "skill", agentIds: [QUEUE], skillId: QUEUE, level: 0 },
  {
    key: 4,
    kind: "queue",
    queueId: QUEUE,
    priority: 0,
    agentStrategy: null,
    ringTimeoutSec: 20,
    wrapUpSec: null,
  },
  newRow("order", 5),
  { key: 6, kind: "hours", queueId: null, from: "07:00", to: "20:00", sharePercent: 40 },
  newRow("patience", 7),
  newRow("rules", 8),
];

test("rows become a change that the server takes, and come back from it as they were", () => {
  const change = changeOf(filled);
  expect(whatIfChange.parse(change)).toEqual(change);
  expect(change.queues).toEqual([{ queueId: QUEUE, priority: 0, ringTimeoutSec: 20 }]);
  expect(change.hours[0]?.share).toBe(0.4);
  expect(rowsOf(change)).toEqual(filled);
});

test("what is not filled in, or means nothing, is told before it is sent", () => {
  expect(filled.map(faultOf)).toEqual(filled.map(() => undefined));
  const faults = CHANGE_KINDS.map((kind, key) => faultOf(newRow(kind, key)));
  expect(Object.fromEntries(CHANGE_KINDS.map((kind, i) => [kind, faults[i]]))).toEqual({
    volume: undefined,
    handling: undefined,
    staff: "queue_missing",
    skill: "agents_missing",
    queue: "queue_missing",
    order: undefined,
    hours: undefined,
    patience: undefined,
    rules: undefined,
  });
  expect(faultOf({ key: 0, kind: "rules", text: "{ queues: [" })).toBe("json");
  expect(faultOf({ key: 0, kind: "staff", queueId: QUEUE, count: 1, from: "17:00", to: "09:00" })).toBe(
    "span",
  );
  expect(faultOf({ key: 0, kind: "volume", queueId: null, percent: 0 })).toBe("zero");
});
