import type { AgentId, ContactId } from "@svara/kernel";
import { ContactScript } from "@svara/ledger/testing";
import { expect, test } from "vitest";
import { queueStaysOf } from "./queue-stay-of.ts";

const C = "c-1" as ContactId;
const ANNA = "a-1" as AgentId;

test("an answered contact has its wait, talk with holds, and work after it", () => {
  const script = new ContactScript(C, "q-1")
    .created(0)
    .entered(1_000)
    .handler("ring", ANNA, 4_000, 9_000)
    .left(9_000, "answered", 8_000)
    .handler("talk", ANNA, 9_000, 60_000)
    .handler("hold", ANNA, 60_000, 80_000)
    .handler("talk", ANNA, 80_000, 100_000)
    .handler("wrap_up", ANNA, 100_000, 115_000)
    .closed(115_000);
  expect(queueStaysOf(C, script.sorted())).toEqual([
    {
      contactId: C,
      number: 1,
      queueId: "q-1",
      queuedAt: 1_000,
      leftAt: 9_000,
      outcome: "answered",
      agentId: ANNA,
      waitMs: 8_000,
      talkMs: 91_000,
      wrapUpMs: 15_000,
    },
  ]);
});

test("what still runs is not told: a talk that goes on, work after it that is not over", () => {
  const talking = new ContactScript(C)
    .created(0)
    .entered(0)
    .left(5_000, "answered", 5_000)
    .handler("talk", ANNA, 5_000);
  expect(queueStaysOf(C, talking.sorted())[0]).toMatchObject({ agentId: ANNA, talkMs: null, wrapUpMs: null });
  const between = new ContactScript(C)
    .created(0)
    .entered(0)
    .left(5_000, "answered", 5_000)
    .handler("talk", ANNA, 5_000, 20_000);
  expect(queueStaysOf(C, between.sorted())[0]).toMatchObject({ talkMs: 15_000, wrapUpMs: null });
  expect(queueStaysOf(C, between.closed(20_000).sorted())[0]).toMatchObject({ talkMs: 15_000, wrapUpMs: 0 });
});

test("a transfer is a stay of its own: each agent's work belongs to the stay that they answered", () => {
  const bert = "a-2" as AgentId;
  const script = new ContactScript(C)
    .created(0)
    .entered(0)
    .left(10_000, "answered", 10_000)
    .handler("talk", ANNA, 10_000, 40_000)
    .handler("wrap_up", ANNA, 40_000, 70_000)
    .entered(40_000, "transfer")
    .left(50_000, "answered", 10_000)
    .handler("talk", bert, 50_000, 90_000)
    .closed(90_000);
  const stays = queueStaysOf(C, script.sorted());
  expect(stays).toMatchObject([
    { number: 1, agentId: ANNA, talkMs: 30_000, wrapUpMs: 30_000 },
    { number: 2, agentId: bert, queuedAt: 40_000, talkMs: 40_000, wrapUpMs: 0 },
  ]);
});

test("who waits has no end, who gave up has a wait and no agent", () => {
  const waiting = new ContactScript(C).created(0).entered(3_000);
  expect(queueStaysOf(C, waiting.sorted())[0]).toMatchObject({ leftAt: null, outcome: null, waitMs: null });
  const gone = new ContactScript(C)
    .created(0)
    .entered(3_000)
    .left(33_000, "abandoned", 30_000)
    .closed(33_000);
  expect(queueStaysOf(C, gone.sorted())[0]).toMatchObject({
    leftAt: 33_000,
    outcome: "abandoned",
    waitMs: 30_000,
    agentId: null,
    talkMs: null,
    wrapUpMs: null,
  });
});
