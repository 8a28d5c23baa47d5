import type { AgentId } from "@svara/kernel";
import {
  type AgentConfig,
  type Decision,
  type Input,
  type ItemId,
  type JournalEntry,
  JournalledRouter,
  Router,
  type WorkItem,
} from "@svara/routing";
import { describe, expect, test } from "vitest";
import { agents, CLIENT, queue, queueId } from "../testing/floors.ts";
import { allStays, type FloorRecord } from "./floor-record.ts";
import { RecordReader } from "./record-reader.ts";
import { whatIf } from "./what-if.ts";
import { WHAT_IF_FIGURES } from "./what-if-figures.ts";

const MINUTE_MS = 60_000;
const X = "x000" as AgentId;
const Y = "y000" as AgentId;

/** A floor with calls that interrupt mails, told minute by minute; who is offered something takes it at once. */
class Told {
  readonly #journal: string[] = [];
  readonly #router = new JournalledRouter(new Router({ routerId: "r", epoch: 1 }), (entry) =>
    this.#journal.push(JSON.stringify(entry)),
  );

  constructor(more: Partial<AgentConfig> = {}) {
    this.at(0, queue("calls"));
    this.at(0, queue("mails", { media: ["email"], wrapUp: { mode: "manual" } }));
    const slots = { voice: 1, email: 1 };
    const capacity = { interrupts: { voice: ["email" as const] } };
    for (const name of ["x", "y"]) {
      const [agent] = agents(name, 1, { slots, capacity, ...more });
      if (agent === undefined) continue;
      this.at(0, { type: "config.agent_set", agent });
      this.at(0, { type: "agent.reachable", agentId: agent.id, medium: "voice", reachable: true });
    }
  }

  at(minute: number, input: Input): Decision[] {
    const decisions = this.#router.handle(input, minute * MINUTE_MS);
    expect(decisions.filter(({ type }) => type === "ignored")).toEqual([]);
    for (const decision of decisions) {
      if (decision.type === "offer") this.at(minute, { type: "offer.accepted", offerId: decision.offerId });
    }
    return decisions;
  }

  logIn(minute: number, agentId: AgentId): void {
    this.at(minute, { type: "agent.logged_in", agentId, presence: { state: "available" } });
  }

  logOut(minute: number, agentId: AgentId): void {
    this.at(minute, { type: "agent.logged_out", agentId, reason: "end_shift" });
  }

  queued(minute: number, id: string, to: "calls" | "mails", more: Partial<WorkItem> = {}): void {
    const item: WorkItem = {
      id: id as ItemId,
      medium: to === "calls" ? "voice" : "email",
      clientId: CLIENT,
      queueId: queueId(to),
      queuedAt: minute * MINUTE_MS,
      initiation: "new",
      ...more,
    };
    this.at(minute, { type: "item.queued", item });
  }

  ended(minute: number, id: string, agentId: AgentId): void {
    this.at(minute, { type: "item.ended", itemId: id as ItemId, agentId });
  }

  wrappedUp(minute: number, id: string, agentId: AgentId): void {
    this.at(minute, { type: "wrapup.finished", itemId: id as ItemId, agentId });
  }

  record(): FloorRecord {
    const reader = new RecordReader();
    for (const line of this.#journal) reader.feed(JSON.parse(line) as JournalEntry);
    return reader.finish();
  }
}

/** Minutes of talk and wrap-up, stay by stay. */
function times(record: FloorRecord): (readonly [string, number | null, number | null])[] {
  const minutes = (ms: number | null): number | null => (ms === null ? null : ms / MINUTE_MS);
  return [...allStays(record.stays)].map((stay) => [
    stay.item.id.replace(/#.*/, ""),
    minutes(stay.talkMs),
    minutes(stay.wrapUpMs),
  ]);
}

function expectSameAgain(record: FloorRecord): void {
  const { total, queues } = whatIf(record, { replications: 1 });
  for (const comparison of [total, ...queues]) {
    for (const figure of WHAT_IF_FIGURES) {
      expect(comparison.sameRules[figure].value, figure).toBe(comparison.happened[figure]);
    }
  }
}

describe("work that calls interrupt", () => {
  test("[WF30] the time in which it was set aside is not talk", () => {
    const floor = new Told();
    floor.logIn(0, X);
    floor.queued(1, "first", "mails");
    floor.queued(2, "second", "mails");
    floor.queued(3, "call", "calls");
    floor.ended(8, "call", X); // five minutes, in which nobody wrote
    floor.queued(9, "another", "calls");
    floor.ended(10, "another", X);
    floor.ended(17, "first", X);
    floor.wrappedUp(18, "first", X);
    floor.ended(22, "second", X);
    floor.wrappedUp(23, "second", X);
    floor.logOut(40, X);
    const record = floor.record();
    expect(times(record)).toEqual([
      ["first", 10, 1],
      ["second", 4, 1],
      ["call", 5, null],
      ["another", 1, null],
    ]);
    expectSameAgain(record);
  });

  test("[WF31] what an agent gives back at log-out waits again, and is one talk with what the next does of it", () => {
    const floor = new Told();
    floor.logIn(0, X);
    floor.queued(1, "mail", "mails");
    floor.queued(3, "call", "calls");
    floor.logOut(4, X);
    floor.ended(8, "call", X);
    floor.logIn(10, Y);
    floor.ended(18, "mail", Y);
    floor.wrappedUp(19, "mail", Y);
    floor.logOut(40, Y);
    const record = floor.record();
    expect(times(record)).toEqual([
      ["mail", 10, 1],
      ["call", 5, null],
    ]);
    expect(record.facts.unfinished).toBe(0);
    expectSameAgain(record);
  });

  test("[WF31] given back and never taken again, it is a talk whose end is not known", () => {
    const floor = new Told();
    floor.logIn(0, X);
    floor.queued(1, "mail", "mails");
    floor.queued(3, "call", "calls");
    floor.logOut(4, X);
    floor.ended(8, "call", X);
    floor.at(20, { type: "item.withdrawn", itemId: "mail" as ItemId, reason: "customer_gone" });
    const record = floor.record();
    expect(times(record)).toEqual([
      ["mail", null, null],
      ["call", 5, null],
    ]);
    expect(record.facts.unfinished).toBe(1);
    expect(record.stays[0]).toMatchObject({ outcome: "answered", waitMs: 0 });
    const { assumptions } = whatIf(record, { replications: 1 });
    expect(assumptions.find(({ code }) => code === "unfinished_drawn")?.params).toEqual({ talks: 1 });
  });
});

describe("an item that two agents have in hand", () => {
  test("[WF32] a warm transfer keeps both talks, and comes again so long after the answer as then", () => {
    const floor = new Told();
    floor.logIn(0, X);
    floor.queued(1, "call", "calls");
    floor.logIn(2, Y);
    floor.queued(3, "call", "calls", { initiation: "transfer" });
    floor.ended(4, "call", X); // stayed a minute with both
    floor.ended(9, "call", Y);
    floor.queued(10, "call", "calls", { initiation: "transfer" });
    floor.ended(12, "call", X);
    floor.logOut(20, X);
    floor.logOut(20, Y);
    const record = floor.record();
    expect(times(record)).toEqual([
      ["call", 3, null],
      ["call", 6, null],
      ["call", 2, null],
    ]);
    expectSameAgain(record);
  });

  test("[WF32] what was given on already is not given back at log-out, and its first talk is known", () => {
    const floor = new Told();
    floor.logIn(0, X);
    floor.queued(1, "mail", "mails");
    floor.queued(4, "mail", "mails", { initiation: "transfer" });
    floor.queued(6, "call", "calls");
    floor.logOut(8, X);
    floor.ended(9, "call", X);
    floor.logIn(10, Y);
    floor.ended(13, "mail", Y);
    const record = floor.record();
    expect(record.facts.unfinished).toBe(0);
    expect(times(record)).toEqual([
      ["mail", 5, null],
      ["mail", 3, expect.any(Number)],
      ["call", 3, null],
    ]);
  });

  test("[WF32] who takes what the same agent gave on has two talks", () => {
    const floor = new Told({ slots: { voice: 2 } });
    floor.logIn(0, X);
    floor.queued(1, "call", "calls");
    floor.queued(4, "call", "calls", { initiation: "transfer" });
    floor.ended(9, "call", X);
    expect(times(floor.record())).toEqual([
      ["call", 3, null],
      ["call", 5, null],
    ]);
  });

  test("[WF32] a wrap-up that outlasts the next agent's talk and wrap-up is kept", () => {
    const floor = new Told();
    floor.logIn(0, X);
    floor.logIn(0, Y);
    floor.queued(1, "mail", "mails");
    floor.ended(2, "mail", X);
    floor.queued(2, "mail", "mails", { initiation: "transfer" });
    floor.ended(4, "mail", Y);
    floor.wrappedUp(5, "mail", Y);
    floor.wrappedUp(12, "mail", X);
    floor.logOut(40, X);
    floor.logOut(40, Y);
    const record = floor.record();
    expect(times(record)).toEqual([
      ["mail", 1, 10],
      ["mail", 2, 1],
    ]);
    expectSameAgain(record);
  });
});

test("[WF34] who logs out of a wrap-up does so again, and gets nothing between the two", () => {
  const floor = new Told();
  floor.logIn(0, X);
  floor.queued(1, "first", "mails");
  floor.ended(2, "first", X);
  floor.queued(3, "second", "mails");
  floor.logOut(5, X);
  floor.logIn(9, Y);
  floor.ended(11, "second", Y);
  floor.logOut(12, Y);
  const record = floor.record();
  expect(record.stays.map(({ waitMs }) => waitMs / MINUTE_MS)).toEqual([0, 6]);
  expectSameAgain(record);
});
