import { describe, expect, it } from "vitest";
import type { Effect } from "./effects.ts";
import { ConversationRig, queuedRig, talkingRig } from "./testing.ts";

const anna = "anna";

function told(effects: readonly Effect[]): string[] {
  return effects.filter((effect) => effect.to === "router").map((effect) => effect.type);
}

function outcome(rig: ConversationRig): unknown {
  return rig.ledger("contact.closed").find((event) => event.contactId === "contact-1")?.payload;
}

function end(rig: ConversationRig, agentId = anna): void {
  rig.confirmHangups();
  rig.send({ type: "wrap_up.finished", agentId, reason: "completed" });
}

describe("moved by rules", () => {
  it("[CV39] the router moves a waiting customer: two queue entries that tile, and nothing told back", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    rig.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 }, 4_000);
    const { effects } = rig.send({ type: "queue.moved", queueId: "second", priority: 7 }, 6_000);
    expect(told(effects)).toEqual([]);
    expect(rig.ledger("queue.left")[0]?.payload).toEqual({
      outcome: "overflow",
      waitMs: 10_000,
      toQueueId: "second",
    });
    expect(rig.ledger("queue.entered")[1]).toMatchObject({
      queueId: "second",
      payload: { initiation: "overflow", priority: 7 },
    });
    expect(rig.ledger("offer.withdrawn")[0]?.payload).toMatchObject({ reason: "queue_left" });
    // the router has moved its item itself, so it is there to be withdrawn
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 2_000);
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "abandoned_queue", endedBy: "customer" });
  });

  it("[CV40] an agent escalates: wrap-up at once, and the customer waits at the old place", () => {
    const rig = talkingRig();
    const { effects } = rig.send(
      { type: "escalate", agentId: anna, queueId: "experts", tier: 2, reason: "fault" },
      20_000,
    );
    expect(told(effects)).toEqual(["agent.activity", "item.escalated"].slice(1));
    expect(effects.find((effect) => effect.type === "item.escalated")).toMatchObject({
      queueId: "experts",
      tier: 2,
      reason: "fault",
      queuedAt: rig.ledger("queue.entered")[0]?.at,
    });
    expect(rig.ledger("contact.escalated")[0]).toMatchObject({
      agentId: anna,
      payload: { tier: 2, toQueueId: "experts", reason: "fault" },
    });
    expect(rig.conversation.view()).toMatchObject({ customer: "queue", agents: [{ state: "wrap_up" }] });
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 9_000);
    end(rig);
    rig.finish();
    expect(rig.tiles().slice(2)).toEqual(["talk/anna 20000", "queue 9000"]);
  });

  it("[CV40] nobody escalates a customer whom they do not have", () => {
    const rig = queuedRig();
    const command = { type: "escalate", agentId: anna, queueId: "experts", tier: 2 } as const;
    expect(rig.send(command).refused).toBe("not_on_contact");
  });

  it("[CV42] who was promised a call-back and hangs up has not abandoned", () => {
    const rig = queuedRig();
    rig.send({ type: "queue.left", outcome: "callback" }, 5_000);
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 1_000);
    rig.confirmHangups();
    rig.finish();
    expect(rig.ledger("queue.left")[0]?.payload).toMatchObject({ outcome: "callback" });
    expect(outcome(rig)).toEqual({ outcome: "callback_requested", endedBy: "customer" });
  });
});

describe("a call-back", () => {
  function offered(): ConversationRig {
    const rig = new ConversationRig();
    rig.send({
      type: "start.callback",
      agentId: anna,
      offerId: "o",
      ringTimeoutMs: 18_000,
      queueId: "sales",
      to: { kind: "number", number: "+4681111111" },
      linkedTo: "contact-0",
    });
    return rig;
  }

  it("[CV41] rings the agent, then the customer; both talk, and the agent wraps up", () => {
    const rig = offered();
    expect(rig.ledger("contact.created")[0]?.payload).toMatchObject({
      direction: "outbound",
      origin: "callback",
      linkedTo: "contact-0",
    });
    expect(rig.ledger("offer.made")[0]).toMatchObject({ queueId: "sales", agentId: anna });
    const accepted = rig.send({ type: "leg.answered", legId: rig.lastLeg("offer") }, 3_000);
    expect(told(accepted.effects)).toEqual(["offer.accepted", "agent.activity"]);
    const answered = rig.send({ type: "leg.answered", legId: rig.lastLeg("outbound") }, 8_000);
    expect(told(answered.effects)).toEqual(["agent.activity"]);
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 0);
    rig.send({ type: "leg.ended", legId: rig.lastLeg("outbound"), by: "customer", cause: "normal" }, 30_000);
    end(rig);
    rig.finish();
    expect(rig.tiles()).toEqual(["talk/anna 30000"]);
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "customer" });
    expect(JSON.stringify(rig.ledger())).not.toContain("4681111111");
  });

  it("[CV41] a customer who is not reached frees the agent, and the router hears why", () => {
    const rig = offered();
    rig.send({ type: "leg.answered", legId: rig.lastLeg("offer") }, 3_000);
    const legId = rig.lastLeg("outbound");
    const { effects } = rig.send({ type: "leg.ended", legId, by: "carrier", cause: "busy" }, 5_000);
    expect(effects.find((effect) => effect.type === "item.ended")).toMatchObject({
      wrapUp: false,
      notReached: "busy",
    });
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "busy", endedBy: "carrier" });
  });

  it("[CV41] an offer that nobody accepts ends the contact as cancelled", () => {
    const rig = offered();
    rig.send({ type: "offer.timed_out", offerId: "o" }, 18_000);
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "cancelled", endedBy: "us" });
  });
});
