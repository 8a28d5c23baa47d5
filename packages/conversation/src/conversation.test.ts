import { CountingIds } from "@svara/kernel/testing";
import { describe, expect, it } from "vitest";
import { Conversation } from "./conversation.ts";
import type { Effect } from "./effects.ts";
import { ConversationRig, queuedRig, talkingRig } from "./testing.ts";

const anna = "anna";
const boris = "boris";

/** The effects of a step in short: `switch leg.hangup customer`. */
function brief(effects: readonly Effect[], to: Effect["to"]): string[] {
  return effects.filter((e) => e.to === to).map((e) => e.type);
}

function outcome(rig: ConversationRig): unknown {
  return rig.ledger("contact.closed").find((e) => e.contactId === "contact-1")?.payload;
}

function wrapUp(rig: ConversationRig, agentId = anna): void {
  rig.confirmHangups();
  rig.send({ type: "wrap_up.finished", agentId, reason: "completed" });
}

describe("the way of one call", () => {
  it("[CV1] a customer's segments tile from the first sign to the end, with agent and queue", () => {
    const rig = talkingRig();
    rig.send({ type: "hold", agentId: anna }, 30_000);
    rig.send({ type: "resume", agentId: anna }, 12_000);
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 8_000);
    wrapUp(rig);
    rig.finish();
    expect(rig.tiles()).toEqual([
      "flow 5000",
      "queue 10000",
      "talk/anna 30000",
      "hold/anna 12000",
      "talk/anna 8000",
    ]);
    expect(rig.ledger("segment.started").filter((e) => e.queueId === "sales")).toHaveLength(1);
  });

  it("[CV2] an inbound leg is answered at once and the flow has the customer", () => {
    const rig = new ConversationRig();
    const { effects } = rig.send({ type: "start.inbound", legId: "customer", entryPointId: "entry-1" });
    expect(brief(effects, "switch")).toEqual(["leg.answer"]);
    expect(rig.conversation.view().customer).toBe("flow");
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 2_000);
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "abandoned_ivr", endedBy: "customer" });
  });

  it("[CV2] a flow that ends hangs up and names the outcome", () => {
    const rig = new ConversationRig();
    rig.send({ type: "start.inbound", legId: "customer" });
    rig.send({ type: "leg.answered", legId: "customer" });
    const { effects } = rig.send({ type: "flow.ended", outcome: "out_of_hours" }, 9_000);
    expect(brief(effects, "switch")).toEqual(["leg.hangup"]);
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "out_of_hours", endedBy: "us" });
  });

  it("[CV3] the offer is the INVITE: its answer accepts, stops the flow's sounds and bridges", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    const made = rig.send({
      type: "offer.made",
      offerId: "o",
      contactId,
      agentId: anna,
      ringTimeoutMs: 18_000,
    });
    expect(made.effects.find((e) => e.type === "leg.originate")).toMatchObject({
      target: { kind: "agent", agentId: anna },
      purpose: "offer",
      offerId: "o",
    });
    const { effects } = rig.send({ type: "leg.answered", legId: rig.lastLeg() }, 3_000);
    expect(brief(effects, "router")).toEqual(["offer.accepted", "agent.activity"]);
    expect(brief(effects, "flow")).toEqual(["flow.stop"]);
    expect(brief(effects, "switch")).toEqual(["bridge.create", "bridge.join", "bridge.join", "record.start"]);
    expect(rig.ledger("queue.left")[0]?.payload).toEqual({ outcome: "answered", waitMs: 3_000 });
    expect(rig.ledger("offer.accepted")[0]?.payload).toEqual({ offerId: "o", ringMs: 3_000 });
  });

  it.each([
    ["busy", "agent", "offer.refused", "offer.refused"],
    ["refused", "agent", "offer.refused", "offer.refused"],
    ["not_registered", "carrier", "offer.failed", "offer.withdrawn"],
    ["failed", "agent", "offer.failed", "offer.withdrawn"],
    ["no_answer", "us", "offer.failed", "offer.timed_out"],
  ] as const)(
    "[CV4] an offered leg that ends %s by %s tells the router %s; the customer goes on waiting",
    (...row) => {
      const [cause, by, told, written] = row;
      const rig = queuedRig();
      const { contactId } = rig.conversation;
      rig.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 });
      const { effects } = rig.send({ type: "leg.ended", legId: rig.lastLeg(), by, cause }, 2_000);
      expect(brief(effects, "router")).toEqual([told]);
      expect(rig.ledger(written)).toHaveLength(1);
      expect(rig.conversation.view()).toMatchObject({ customer: "queue", agents: [] });
    },
  );

  it("[CV4] the refuse button before the answer refuses the offer", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    rig.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 });
    const { effects } = rig.send({ type: "hang_up", agentId: anna });
    expect(brief(effects, "router")).toEqual(["offer.refused"]);
    expect(brief(effects, "switch")).toEqual(["leg.hangup"]);
  });

  it("[CV5] a late answer to a leg that was hung up is hung up again and changes nothing", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    rig.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 });
    const legId = rig.lastLeg();
    rig.send({ type: "offer.timed_out", offerId: "o" }, 18_000);
    const { effects } = rig.send({ type: "leg.answered", legId });
    expect(effects).toEqual([{ to: "switch", type: "leg.hangup", legId, cause: "normal" }]);
    expect(rig.conversation.view().customer).toBe("queue");
  });

  it("[CV6] a customer who hangs up while an agent rings withdraws the offer and leaves the queue abandoned", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    rig.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 }, 1_000);
    const ended = { type: "leg.ended", legId: "customer", by: "customer", cause: "normal" } as const;
    const { effects } = rig.send(ended, 2_000);
    expect(brief(effects, "router")).toEqual(["item.withdrawn"]);
    expect(brief(effects, "switch")).toEqual(["leg.hangup"]);
    expect(rig.ledger("offer.withdrawn")[0]?.payload).toMatchObject({
      reason: "customer_ended",
      ringMs: 2_000,
    });
    expect(rig.ledger("queue.left")[0]?.payload).toEqual({ outcome: "abandoned", waitMs: 3_000 });
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "abandoned_queue", endedBy: "customer" });
  });

  it("[CV7] the flow may take the customer out of the queue, or into another one as overflow", () => {
    const rig = queuedRig();
    rig.send({ type: "queue.entered", queueId: "backup", initiation: "overflow" }, 60_000);
    rig.send({ type: "queue.left", outcome: "timeout" }, 30_000);
    rig.send({ type: "flow.ended", outcome: "timeout" }, 4_000);
    rig.confirmHangups();
    rig.finish();
    expect(rig.ledger("queue.left").map((e) => e.payload)).toEqual([
      { outcome: "overflow", waitMs: 60_000, toQueueId: "backup" },
      { outcome: "timeout", waitMs: 30_000 },
    ]);
    expect(rig.tiles()).toEqual(["flow 5000", "queue 60000", "queue 30000", "flow 4000"]);
  });

  it("[CV8] an agent's hang-up ends the call; the contact closes after the last wrap-up and the last leg", () => {
    const rig = talkingRig();
    const { effects } = rig.send({ type: "hang_up", agentId: anna }, 60_000);
    expect(brief(effects, "switch")).toEqual(["leg.hangup", "record.stop", "leg.hangup", "bridge.destroy"]);
    expect(effects.find((e) => e.type === "item.ended")).toMatchObject({ wrapUp: true, queueId: "sales" });
    rig.send({ type: "wrap_up.finished", agentId: anna, reason: "timed_out" }, 20_000);
    expect(rig.conversation.closed).toBe(false);
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "agent" });
    expect(rig.ledger("leg.ended").map((e) => e.payload)).toMatchObject([{ by: "agent" }, { by: "agent" }]);
  });

  it("[CV8] a hang-up that the switch never confirms does not keep the contact open", () => {
    const rig = talkingRig();
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 1_000);
    rig.send({ type: "wrap_up.finished", agentId: anna, reason: "completed" }, 1_000);
    rig.wait(40_000);
    rig.finish();
    expect(rig.ledger("leg.ended").at(-1)?.payload).toMatchObject({ cause: "unconfirmed" });
  });

  it("[CV9] every end says whose doing it was; a broken trunk is not an abandon", () => {
    const rig = queuedRig();
    rig.send({ type: "leg.ended", legId: "customer", by: "carrier", cause: "failed" }, 1_000);
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "failed_tech", endedBy: "carrier" });
    expect(rig.ledger("queue.left")[0]?.payload).toMatchObject({ outcome: "failed_tech" });
  });
});

describe("hold and recording", () => {
  it("[CV10] on hold the customer hears music out of the bridge and the agent's leg stays", () => {
    const rig = talkingRig();
    const held = rig.send({ type: "hold", agentId: anna }, 1_000);
    expect(brief(held.effects, "switch")).toEqual(["bridge.leave", "play.start", "record.pause"]);
    expect(rig.send({ type: "hold", agentId: anna }).refused).toBe("already_held");
    const resumed = rig.send({ type: "resume", agentId: anna }, 1_000);
    expect(brief(resumed.effects, "switch")).toEqual(["play.stop", "bridge.join", "record.resume"]);
    expect(rig.send({ type: "resume", agentId: anna }).refused).toBe("not_held");
  });

  it("[CV11] hold on the agent's own phone does the same and is undone there; the customer's is only noted", () => {
    const rig = talkingRig();
    const legId = rig.lastLeg("offer");
    rig.send({ type: "leg.held", legId }, 1_000);
    expect(rig.conversation.view().customer).toBe("hold");
    rig.send({ type: "leg.resumed", legId }, 1_000);
    expect(rig.conversation.view().customer).toBe("talk");
    rig.send({ type: "leg.held", legId: "customer" }, 1_000);
    expect(rig.conversation.view().customer).toBe("talk");
    expect(rig.ledger("leg.held").map((e) => e.payload)).toEqual([{ by: "agent" }, { by: "customer" }]);
  });

  it("[CV12] the recording runs while an agent talks with the customer and obeys the agent's pause across holds", () => {
    const rig = talkingRig();
    rig.send({ type: "recording.pause", agentId: anna, reason: "sensitive" }, 1_000);
    rig.send({ type: "hold", agentId: anna }, 1_000);
    rig.send({ type: "resume", agentId: anna }, 1_000);
    expect(rig.conversation.view().recording).toBe("paused");
    rig.send({ type: "recording.resume", agentId: anna }, 1_000);
    expect(rig.conversation.view().recording).toBe("on");
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 1_000);
    expect([...rig.recordings.values()]).toEqual(["stopped"]);
  });

  it("[CV12] without recording nothing is recorded; with recordHold the music is", () => {
    const off = talkingRig({ record: false });
    expect(off.recordings.size).toBe(0);
    expect(off.send({ type: "recording.pause", agentId: anna, reason: "agent" }).refused).toBe(
      "not_recording",
    );
    const all = talkingRig({ recordHold: true });
    all.send({ type: "hold", agentId: anna }, 1_000);
    expect(all.conversation.view().recording).toBe("on");
  });
});

describe("a lost agent", () => {
  it.each([
    ["leg.ended", { type: "leg.ended", by: "carrier", cause: "transport_lost" }],
    ["leg.silent", { type: "leg.silent" }],
  ] as const)("[CV13] %s: comfort music, and a returning agent is called and bridged at once", (_, loss) => {
    const rig = talkingRig();
    rig.send({ ...loss, legId: rig.lastLeg("offer") } as Parameters<typeof rig.send>[0], 10_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "detached", agents: [{ state: "detached" }] });
    const { effects } = rig.send({ type: "agent.returned", agentId: anna }, 4_000);
    expect(effects.find((e) => e.type === "leg.originate")).toMatchObject({ purpose: "reattach" });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") }, 1_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", agents: [{ state: "talking" }] });
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 20_000);
    wrapUp(rig);
    rig.finish();
    expect(rig.tiles().slice(2)).toEqual(["talk/anna 10000", "hold/anna 5000", "talk/anna 20000"]);
  });

  it("[CV13] a closed socket is enough, and a second return gives up the first call", () => {
    const rig = talkingRig();
    rig.send({ type: "agent.lost", agentId: anna }, 10_000);
    rig.send({ type: "agent.returned", agentId: anna }, 2_000);
    const first = rig.lastLeg("reattach");
    rig.send({ type: "agent.returned", agentId: anna }, 2_000);
    expect(rig.legs.get(first)?.state).toBe("hung");
    rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") }, 100);
    expect(rig.conversation.view().customer).toBe("talk");
  });

  it("[CV14] after the grace the customer waits at the front of the queue as a new entry by transfer", () => {
    const rig = talkingRig();
    rig.send({ type: "agent.lost", agentId: anna }, 10_000);
    const { effects } = rig.wait(31_000);
    expect(effects.find((e) => e.type === "item.queued")).toMatchObject({
      queueId: "sales",
      initiation: "transfer",
      queuedAt: 1_005_000,
    });
    expect(effects.find((e) => e.type === "item.ended")).toMatchObject({ lost: true, wrapUp: false });
    expect(effects.find((e) => e.type === "flow.wait")).toMatchObject({ queueId: "sales" });
    expect(rig.tiles().slice(2)).toEqual(["talk/anna 10000", "hold/anna 30000", "queue 1000"]);
  });

  it("[CV14] a customer who was in no queue hears that we failed, and the contact ends failed_tech", () => {
    const rig = outboundTalk();
    rig.send({ type: "agent.lost", agentId: anna }, 10_000);
    rig.wait(30_000);
    expect(rig.conversation.view().customer).toBe("farewell");
    const playback = rig.effects.findLast((e) => e.type === "play.start");
    if (playback?.type !== "play.start") throw new Error("nothing is played");
    rig.send({ type: "playback.ended", playbackId: playback.playbackId }, 4_000);
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "failed_tech", endedBy: "us" });
  });

  it("[CV15] a customer who hangs up meanwhile leaves the agent after-contact work", () => {
    const rig = talkingRig();
    rig.send({ type: "agent.lost", agentId: anna }, 10_000);
    rig.send({ type: "agent.returned", agentId: anna }, 2_000);
    const { effects } = rig.send(
      { type: "leg.ended", legId: "customer", by: "customer", cause: "normal" },
      500,
    );
    expect(effects.find((e) => e.type === "item.ended")).toMatchObject({ wrapUp: true });
    wrapUp(rig);
    rig.finish();
  });
});

describe("blind transfer", () => {
  it("[CV16] to an agent: the first agent is in wrap-up at once, the customer hears ring-back until the answer", () => {
    const rig = talkingRig();
    const { effects } = rig.send(
      { type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } },
      5_000,
    );
    expect(brief(effects, "router")).toEqual(["agent.reserved", "item.ended"]);
    expect(effects.find((e) => e.type === "play.start")).toMatchObject({
      legId: "customer",
      sound: "ringback",
    });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("transfer") }, 6_000);
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 7_000);
    rig.send({ type: "wrap_up.finished", agentId: anna, reason: "completed" });
    wrapUp(rig, boris);
    rig.finish();
    expect(rig.tiles().slice(2)).toEqual(["talk/anna 5000", "hold 6000", "talk/boris 7000"]);
    expect(rig.ledger("transfer.completed")).toHaveLength(1);
  });

  it("[CV17] no answer: back to the agent who transferred, while in wrap-up of this contact", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    const { effects } = rig.wait(20_000);
    expect(brief(effects, "router")).toEqual(["agent.released", "agent.reserved"]);
    expect(rig.ledger("transfer.cancelled")[0]?.payload).toMatchObject({ reason: "not_answered" });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("return") }, 2_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", agents: [{ agentId: anna }] });
  });

  it("[CV17] no answer and the agent has gone on: to the front of the last queue", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    rig.send({ type: "wrap_up.finished", agentId: anna, reason: "completed" }, 5_000);
    const refusal = {
      type: "leg.ended",
      legId: rig.lastLeg("transfer"),
      by: "agent",
      cause: "busy",
    } as const;
    const { effects } = rig.send(refusal, 1_000);
    expect(brief(effects, "router")).toEqual(["agent.released", "item.queued"]);
    expect(rig.conversation.view()).toMatchObject({ customer: "queue", queueId: "sales" });
  });

  it("[CV18] to a queue: a new entry by transfer of the same contact, with the queue's own waiting treatment", () => {
    const rig = talkingRig();
    const to = { kind: "queue", queueId: "support" } as const;
    const { effects } = rig.send({ type: "transfer", agentId: anna, to }, 5_000);
    expect(effects.find((e) => e.type === "item.queued")).toMatchObject({
      contactId: "contact-1",
      queueId: "support",
      initiation: "transfer",
      queuedAt: 1_020_000,
    });
    expect(brief(effects, "flow")).toEqual(["flow.wait"]);
    expect(rig.ledger("transfer.completed")).toHaveLength(1);
  });

  it("[CV19] to a number: nobody of ours is with the customer, nothing is recorded, the outcome says so", () => {
    const rig = talkingRig();
    const to = { kind: "number", number: "+4680000000" } as const;
    rig.send({ type: "transfer", agentId: anna, to }, 5_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("transfer") }, 6_000);
    expect([...rig.recordings.values()]).toEqual(["stopped"]);
    rig.send({ type: "leg.ended", legId: rig.lastLeg("transfer"), by: "carrier", cause: "normal" }, 30_000);
    wrapUp(rig);
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "transferred_out", endedBy: "carrier" });
    expect(rig.tiles().slice(2)).toEqual(["talk/anna 5000", "hold 6000", "talk 30000"]);
    expect(JSON.stringify(rig.ledger())).not.toContain("4680000000");
  });

  it("[CV38] a target whose endpoint is lost while it rings is not waited for", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    const { effects } = rig.send({ type: "agent.lost", agentId: boris }, 1_000);
    expect(brief(effects, "router")).toEqual(["agent.released", "agent.reserved"]);
    expect(rig.ledger("transfer.cancelled")[0]?.payload).toMatchObject({ reason: "failed" });
    const offered = queuedRig();
    const { contactId } = offered.conversation;
    offered.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 });
    expect(offered.send({ type: "agent.lost", agentId: anna }).effects).toEqual([]);
  });

  it("[CV20] a customer who hangs up while the target rings stops the ringing", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 1_000);
    expect(rig.legs.get(rig.lastLeg("transfer"))?.state).toBe("hung");
    wrapUp(rig);
    rig.finish();
    expect(rig.ledger("transfer.cancelled")[0]?.payload).toMatchObject({ reason: "customer_ended" });
  });
});

describe("consultation", () => {
  function consulting(): ConversationRig {
    const rig = talkingRig();
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("consult") }, 3_000);
    return rig;
  }

  it("[CV21] the customer hears music, the third party is a linked contact of its own, never queued as offered", () => {
    const rig = consulting();
    const created = rig.ledger("contact.created")[1];
    expect(created?.payload).toMatchObject({ direction: "internal", linkedTo: "contact-1" });
    expect(rig.ledger("queue.entered")).toHaveLength(1);
    expect(rig.conversation.view()).toMatchObject({
      customer: "hold",
      consult: { state: "talking", agentId: boris },
      recording: "paused",
    });
  });

  it("[CV22] complete: the customer goes to the third party at once, the first agent into wrap-up", () => {
    const rig = consulting();
    const { effects } = rig.send({ type: "consult.complete", agentId: anna }, 10_000);
    const told = effects.filter((e) => e.to === "router");
    const assigned = told.findIndex((e) => e.type === "item.assigned" && e.agentId === boris);
    const ended = told.findIndex((e) => e.type === "item.ended" && e.agentId === boris);
    expect(assigned).toBeGreaterThanOrEqual(0);
    expect(ended).toBeGreaterThan(assigned);
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 7_000);
    rig.send({ type: "wrap_up.finished", agentId: anna, reason: "completed" });
    wrapUp(rig, boris);
    rig.finish();
    expect(rig.tiles().slice(2)).toEqual(["talk/anna 5000", "hold/anna 13000", "talk/boris 7000"]);
  });

  it("[CV23] swap: the customer and the third party change places, only one in talk", () => {
    const rig = consulting();
    rig.send({ type: "consult.swap", agentId: anna }, 10_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", consult: { state: "parked" } });
    rig.send({ type: "consult.swap", agentId: anna }, 4_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "hold", consult: { state: "talking" } });
    expect(rig.tiles().slice(2)).toEqual([
      "talk/anna 5000",
      "hold/anna 13000",
      "talk/anna 4000",
      "hold/anna 0",
    ]);
  });

  it("[CV24] cancel brings the agent back into talk with the customer", () => {
    const rig = consulting();
    rig.send({ type: "consult.cancel", agentId: anna }, 10_000);
    expect(rig.conversation.view()).toMatchObject({
      customer: "talk",
      agents: [{ agentId: anna, state: "talking" }],
    });
    rig.confirmHangups();
    expect(rig.ledger("contact.closed")[0]?.payload).toEqual({ outcome: "answered", endedBy: "agent" });
  });

  it("[CV25] a third party who hangs up or does not answer leaves the customer on hold with the agent", () => {
    const rig = consulting();
    rig.send({ type: "leg.ended", legId: rig.lastLeg("consult"), by: "agent", cause: "normal" }, 10_000);
    expect(rig.conversation.view()).toMatchObject({
      customer: "hold",
      agents: [{ agentId: anna, state: "held" }],
    });
    rig.send({ type: "consult", agentId: anna, to: { kind: "number", number: "112" } });
    rig.send({ type: "leg.ended", legId: rig.lastLeg("consult"), by: "carrier", cause: "busy" }, 1_000);
    expect(rig.conversation.view().customer).toBe("hold");
    expect(rig.send({ type: "resume", agentId: anna }).refused).toBeUndefined();
  });

  it("[CV26] a customer who hangs up meanwhile: the two talk on, then the agent has wrap-up", () => {
    const rig = consulting();
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 10_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "gone", consult: { state: "talking" } });
    expect(rig.send({ type: "consult.complete", agentId: anna }).refused).toBe("no_customer");
    rig.send({ type: "leg.ended", legId: rig.lastLeg("consult"), by: "agent", cause: "normal" }, 5_000);
    wrapUp(rig);
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "customer" });
  });

  it("[CV26] when the third party waits on hold, the agent goes over to them; one that still rings is given up", () => {
    const parked = consulting();
    parked.send({ type: "consult.swap", agentId: anna }, 1_000);
    parked.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 1_000);
    expect(parked.conversation.view()).toMatchObject({ consult: { state: "talking" } });
    const ringing = talkingRig();
    ringing.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    ringing.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 1_000);
    wrapUp(ringing);
    ringing.finish();
  });

  it("[CV27] hanging up in a consultation never drops the customer: it completes, or becomes a blind transfer", () => {
    const answered = consulting();
    answered.send(
      { type: "leg.ended", legId: answered.lastLeg("offer"), by: "agent", cause: "normal" },
      1_000,
    );
    expect(answered.conversation.view()).toMatchObject({
      customer: "talk",
      agents: [{ agentId: anna }, { agentId: boris, state: "talking" }],
    });
    const ringing = talkingRig();
    ringing.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    ringing.send({ type: "hang_up", agentId: anna }, 1_000);
    expect(ringing.conversation.view().customer).toBe("transferring");
    ringing.send({ type: "leg.answered", legId: ringing.lastLeg("consult") }, 1_000);
    expect(ringing.conversation.view().customer).toBe("talk");
    const queued = talkingRig();
    queued.send({ type: "consult", agentId: anna, to: { kind: "queue", queueId: "support" } });
    queued.send({ type: "hang_up", agentId: anna }, 1_000);
    expect(queued.conversation.view()).toMatchObject({ customer: "queue", queueId: "support" });
  });

  it("[CV28] to a queue: the consultation waits as an internal item and its offer is accepted for it", () => {
    const rig = talkingRig();
    const asked = rig.send({ type: "consult", agentId: anna, to: { kind: "queue", queueId: "support" } });
    const item = asked.effects.find((e) => e.type === "item.queued");
    if (item?.type !== "item.queued") throw new Error("not queued");
    expect(item.internal).toBe(true);
    rig.send(
      { type: "offer.made", offerId: "o2", contactId: item.contactId, agentId: boris, ringTimeoutMs: 18_000 },
      2_000,
    );
    rig.send({ type: "leg.answered", legId: rig.lastLeg("offer") }, 2_000);
    expect(rig.conversation.view()).toMatchObject({ consult: { state: "talking", agentId: boris } });
    rig.send({ type: "consult.complete", agentId: anna }, 2_000);
    expect(rig.conversation.view().customer).toBe("talk");
  });

  it("[CV29] an asking agent who is lost is awaited, and the consultation is kept", () => {
    const rig = consulting();
    rig.send({ type: "agent.lost", agentId: anna }, 1_000);
    expect(rig.conversation.view()).toMatchObject({
      customer: "detached",
      agents: [
        { agentId: anna, state: "detached" },
        { agentId: boris, state: "talking" },
      ],
      consult: { state: "talking" },
    });
    rig.send({ type: "agent.returned", agentId: anna }, 1_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") }, 1_000);
    expect(rig.conversation.view()).toMatchObject({
      customer: "hold",
      agents: [{ agentId: anna, state: "consulting" }, { agentId: boris }],
    });
    rig.send({ type: "consult.complete", agentId: anna }, 5_000);
    expect(rig.conversation.view().customer).toBe("talk");
    expect(rig.tiles().slice(-3)).toEqual(["talk/anna 5000", "hold/anna 11000", "talk/boris 0"]);
  });

  it("[CV29] what rings for a lost asking agent goes on ringing, and waits for them when it answers", () => {
    const rig = talkingRig();
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    rig.send({ type: "agent.lost", agentId: anna }, 1_000);
    const answered = rig.send({ type: "leg.answered", legId: rig.lastLeg("consult") }, 1_000);
    expect(answered.effects.find((e) => e.type === "play.start")).toMatchObject({ sound: "comfort" });
    rig.send({ type: "agent.returned", agentId: anna }, 1_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") }, 1_000);
    expect(rig.together()).toContainEqual([rig.lastLeg("consult"), rig.lastLeg("reattach")]);
  });

  it("[CV29] with the grace the consultation of a lost agent is over, too", () => {
    const rig = consulting();
    rig.send({ type: "agent.lost", agentId: anna }, 1_000);
    rig.wait(30_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "queue", agents: [] });
    expect(rig.ledger("transfer.cancelled")[0]?.payload).toMatchObject({ reason: "failed" });
  });
});

function outboundTalk(): ConversationRig {
  const rig = new ConversationRig();
  rig.send({ type: "start.outbound", agentId: anna, to: { kind: "number", number: "+4681111111" } });
  rig.send({ type: "leg.answered", legId: rig.lastLeg("outbound") }, 1_000);
  rig.send({ type: "leg.answered", legId: rig.lastLeg() }, 8_000);
  return rig;
}

describe("outbound and internal", () => {
  it("[CV30] outbound: the agent first, then the customer; the customer's time begins with the answer", () => {
    const rig = outboundTalk();
    rig.send({ type: "leg.ended", legId: rig.lastLeg(), by: "customer", cause: "normal" }, 30_000);
    wrapUp(rig);
    rig.finish();
    expect(rig.tiles()).toEqual(["talk/anna 30000"]);
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "customer" });
    expect(JSON.stringify(rig.ledger())).not.toContain("4681111111");
  });

  it.each([
    ["busy", "carrier", "busy"],
    ["no_answer", "carrier", "no_answer"],
    ["refused", "customer", "rejected"],
    ["not_found", "carrier", "invalid"],
    ["congestion", "carrier", "failed_tech"],
  ] as const)("[CV31] outbound that ends %s has the outcome %s/%s and no wrap-up", (cause, by, expected) => {
    const rig = new ConversationRig();
    rig.send({ type: "start.outbound", agentId: anna, to: { kind: "number", number: "100" } });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("outbound") }, 1_000);
    const { effects } = rig.send({ type: "leg.ended", legId: rig.lastLeg(), by, cause }, 8_000);
    expect(effects.find((e) => e.type === "item.ended")).toMatchObject({ wrapUp: false });
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: expected, endedBy: by });
  });

  it("[CV31] an agent who gives up, or never lifts the own phone, cancels", () => {
    const dialling = new ConversationRig();
    dialling.send({ type: "start.outbound", agentId: anna, to: { kind: "number", number: "100" } });
    dialling.send({ type: "leg.answered", legId: dialling.lastLeg("outbound") }, 1_000);
    dialling.send({ type: "hang_up", agentId: anna }, 3_000);
    dialling.confirmHangups();
    dialling.finish();
    expect(outcome(dialling)).toEqual({ outcome: "cancelled", endedBy: "agent" });
    const never = new ConversationRig();
    never.send({ type: "start.outbound", agentId: anna, to: { kind: "number", number: "100" } });
    never.wait(20_000);
    never.confirmHangups();
    never.finish();
    expect(outcome(never)).toEqual({ outcome: "cancelled", endedBy: "agent" });
  });

  it("[CV32] internal: two colleagues, no customer, no wrap-up", () => {
    const rig = new ConversationRig();
    rig.send({ type: "start.internal", agentId: anna, toAgentId: boris, legId: "desk-phone" });
    rig.send({ type: "leg.answered", legId: "desk-phone" });
    rig.send({ type: "leg.answered", legId: rig.lastLeg() }, 4_000);
    expect(rig.conversation.view().agents.map((a) => a.state)).toEqual(["talking", "talking"]);
    expect(rig.send({ type: "hold", agentId: anna }).refused).toBe("no_customer");
    rig.send({ type: "leg.ended", legId: rig.lastLeg(), by: "agent", cause: "normal" }, 9_000);
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "agent" });
    expect(rig.tiles()).toEqual([]);
  });

  describe("a desk phone that calls", () => {
    const dial = (toAgent: boolean): ConversationRig => {
      const rig = new ConversationRig();
      if (toAgent) rig.send({ type: "start.internal", agentId: anna, toAgentId: boris, legId: "desk-phone" });
      else
        rig.send({
          type: "start.outbound",
          agentId: anna,
          to: { kind: "number", number: "100" },
          legId: "desk-phone",
        });
      return rig;
    };

    it.each([true, false])("[CV70] rings until the other answers (colleague: %s)", (toAgent) => {
      const rig = new ConversationRig();
      const start = toAgent
        ? ({ type: "start.internal", agentId: anna, toAgentId: boris, legId: "desk-phone" } as const)
        : ({
            type: "start.outbound",
            agentId: anna,
            to: { kind: "number", number: "100" },
            legId: "desk-phone",
          } as const);
      expect(brief(rig.send(start).effects, "switch")).toEqual(["leg.ring", "leg.originate"]);
      const answered = rig.send({ type: "leg.answered", legId: rig.lastLeg() }, 4_000);
      expect(brief(answered.effects, "switch")).toEqual(["leg.answer"]);
      const joined = rig.send({ type: "leg.answered", legId: "desk-phone" }, 10);
      expect(brief(joined.effects, "switch")).toEqual(
        expect.arrayContaining(["bridge.create", "bridge.join", "bridge.join"]),
      );
    });

    it.each([
      ["busy", "busy"],
      ["refused", "unavailable"],
      ["no_answer", "unavailable"],
      ["not_found", "not_found"],
    ] as const)("[CV70] hears why nobody answers: %s gives %s", (cause, word) => {
      const rig = dial(false);
      const { effects } = rig.send({ type: "leg.ended", legId: rig.lastLeg(), by: "carrier", cause }, 3_000);
      expect(effects.find((e) => e.type === "leg.hangup")).toMatchObject({
        legId: "desk-phone",
        cause: word,
      });
    });

    it.each([true, false])("[CV70] gives up by hanging up (colleague: %s)", (toAgent) => {
      const rig = dial(toAgent);
      const ended = { type: "leg.ended", legId: "desk-phone", by: "agent", cause: "cancelled" } as const;
      expect(brief(rig.send(ended, 2_000).effects, "switch")).toContain("leg.hangup");
      rig.confirmHangups();
      rig.finish();
      expect(outcome(rig)).toEqual({ outcome: "cancelled", endedBy: "agent" });
    });
  });

  it("[CV32] a colleague who does not answer is named in the outcome", () => {
    const rig = new ConversationRig();
    rig.send({ type: "start.internal", agentId: anna, toAgentId: boris });
    rig.send({ type: "leg.answered", legId: rig.lastLeg() });
    rig.wait(20_000);
    rig.confirmHangups();
    rig.finish();
    expect(outcome(rig)).toEqual({ outcome: "no_answer", endedBy: "us" });
  });
});

describe("the door", () => {
  it("[CV33] a command that does not fit is refused by a word and changes nothing", () => {
    const rig = queuedRig();
    expect(rig.send({ type: "hold", agentId: anna }).refused).toBe("not_on_contact");
    const talk = talkingRig();
    expect(talk.send({ type: "consult.complete", agentId: anna }).refused).toBe("no_consult");
    expect(talk.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: anna } }).refused).toBe(
      "same_agent",
    );
    talk.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } });
    expect(talk.send({ type: "hold", agentId: anna }).refused).toBe("not_on_contact");
  });

  it("[CV34] a snapshot is plain JSON and goes on where it was", () => {
    const rig = talkingRig();
    const snapshot = rig.conversation.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    const settings = { contactId: "contact-1", clientId: "client-1", switchId: "switch-1", record: true };
    const restored = Conversation.restore(settings, snapshot, new CountingIds("y"));
    const { effects } = restored.handle({ type: "hold", agentId: anna }, rig.at + 1_000);
    expect(brief(effects, "switch")).toEqual(["bridge.leave", "play.start", "record.pause"]);
    expect(rig.conversation.view().customer).toBe("talk");
  });

  it("[CV35] we can end a contact in any state, and it closes clean", () => {
    for (const make of [queuedRig, talkingRig, outboundTalk]) {
      const rig = make();
      rig.send({ type: "end", outcome: "failed_tech" }, 1_000);
      rig.confirmHangups();
      rig.send({ type: "wrap_up.finished", agentId: anna, reason: "completed" });
      rig.finish();
      expect(outcome(rig)).toEqual({ outcome: "failed_tech", endedBy: "us" });
    }
  });

  it("[CV36] digits of the agent go to whom the agent hears; the customer's go to the flow while it has them", () => {
    const rig = queuedRig();
    expect(rig.send({ type: "leg.dtmf", legId: "customer", digit: "5" }).effects).toEqual([
      { to: "flow", type: "flow.dtmf", digit: "5" },
    ]);
    const talk = talkingRig();
    expect(talk.send({ type: "send_dtmf", agentId: anna, digits: "12#" }).effects).toMatchObject([
      { type: "dtmf.send", legId: "customer", digits: "12#" },
    ]);
  });
});
