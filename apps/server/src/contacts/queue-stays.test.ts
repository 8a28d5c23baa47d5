import type { AgentId, ContactId, QueueId } from "@svara/kernel";
import { decodeEvent, EVENT_VERSIONS, type LedgerEvent } from "@svara/ledger";
import { describe, expect, it } from "vitest";
import { queueStaysOf, rivalsIn } from "./queue-stays.ts";

const names = {
  agent: (id: AgentId) => ({ id, name: `agent ${id}` }),
  queue: (id: QueueId) => ({ id, name: `queue ${id}` }),
  knows: () => false,
};

let seq = 0;
function event(
  at: number,
  type: LedgerEvent["type"],
  queueId: string,
  payload: object,
  v?: number,
): LedgerEvent {
  const envelope = {
    id: `e${++seq}`,
    seq,
    epoch: 1,
    recordedAt: at,
    centreId: "c",
    actor: "system" as const,
  };
  return decodeEvent({
    ...envelope,
    type,
    v: v ?? EVENT_VERSIONS[type],
    at,
    contactId: "x" as ContactId,
    agentId: "a1" as AgentId,
    queueId: queueId as QueueId,
    configRevision: 0,
    payload,
  });
}

describe("stays in queues", () => {
  it("tell of each queue its own wait, steps, overflow and offers", () => {
    const stays = queueStaysOf(
      [
        event(0, "queue.entered", "q1", { medium: "voice", initiation: "new", priority: 0 }),
        event(10, "offer.made", "q1", { offerId: "o1", ringMs: 18 }),
        event(28, "offer.timed_out", "q1", { offerId: "o1", ringMs: 18 }),
        event(30, "routing.overflowed", "q1", { rule: "late", to: "queue", toQueueId: "q2", left: false }),
        event(30, "queue.left", "q1", { outcome: "overflow", waitMs: 30, toQueueId: "q2" }),
        event(30, "queue.entered", "q2", { medium: "voice", initiation: "overflow", priority: 0 }),
        event(40, "offer.made", "q2", { offerId: "o2", ringMs: 18 }),
      ],
      names,
    );
    expect(stays).toMatchObject([
      {
        queue: { name: "queue q1" },
        waitMs: 30,
        outcome: "overflow",
        overflows: [{ at: 30, rule: "late", to: "queue", queue: { name: "queue q2" }, left: false }],
        offers: [{ offerId: "o1", outcome: "timed_out", ringMs: 18, choice: "unknown" }],
      },
      { queue: { name: "queue q2" }, leftAt: null, offers: [{ offerId: "o2", outcome: "ringing" }] },
    ]);
  });

  it("read what earlier versions wrote of a choice among contacts", () => {
    const made = event(
      5,
      "offer.made",
      "q1",
      {
        offerId: "o",
        ringMs: 18,
        explain: {
          rule: "item_for_agent.priority_then_oldest",
          engineVersion: "1",
          candidates: [{ agentId: "rival", rank: [0, 4] }],
        },
      },
      1,
    );
    const entered = event(0, "queue.entered", "q1", { medium: "voice", initiation: "new", priority: 0 });
    expect(rivalsIn([made])).toEqual(["rival"]);
    const [stay] = queueStaysOf([entered, made], { ...names, knows: () => true });
    expect(stay?.offers[0]).toMatchObject({
      choice: "item_for_agent",
      strategy: "priority_then_oldest",
      rankedBy: [],
      candidates: [{ agent: null, contactId: "rival", rank: [0, 4] }],
    });
    expect(queueStaysOf([entered, made], names)[0]?.offers[0]?.candidates[0]?.contactId).toBeNull();
  });
});
