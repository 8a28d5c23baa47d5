import { describe, expect, it } from "vitest";
import type { Effect } from "./effects.ts";
import { ConversationRig, queuedRig, talkingRig } from "./testing.ts";

const anna = "anna";
const boris = "boris";
const celia = "celia";

function to(effects: readonly Effect[], to: Effect["to"]): string[] {
  return effects.filter((effect) => effect.to === to).map((effect) => effect.type);
}

function sounds(effects: readonly Effect[]): string[] {
  return effects.flatMap((e) => (e.type === "play.start" ? [`${e.legId} ${e.sound}`] : []));
}

function outcome(rig: ConversationRig): unknown {
  return rig.ledger("contact.closed").find((event) => event.contactId === "contact-1")?.payload;
}

function close(rig: ConversationRig, ...agents: string[]): void {
  rig.confirmHangups();
  for (const agentId of agents) rig.send({ type: "wrap_up.finished", agentId, reason: "completed" });
  rig.finish();
}

const customerGone = { type: "leg.ended", legId: "customer", by: "customer", cause: "normal" } as const;

describe("before the join", () => {
  /** An offer to anna with an announcement, answered 4 s after it was made, 10 s after the customer began to wait. */
  function announcing(): ConversationRig {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    const offer = {
      type: "offer.made",
      offerId: "o",
      contactId,
      agentId: anna,
      ringTimeoutMs: 18_000,
    } as const;
    rig.send({ ...offer, announcement: "prompt-1", autoAnswer: true }, 6_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("offer") }, 4_000);
    return rig;
  }

  it("[CV60] the agent hears the announcement; the customer's wait ends with the join", () => {
    const rig = announcing();
    const own = rig.lastLeg("offer");
    expect(rig.effects.find((e) => e.type === "leg.originate")).toMatchObject({ autoAnswer: true });
    expect(rig.effects.filter((e) => e.type === "play.start")).toMatchObject([
      { legId: own, sound: "announcement", announcement: "prompt-1", beep: true },
      { legId: "customer", sound: "ringback" },
    ]);
    expect(rig.effects.some((e) => e.type === "offer.accepted")).toBe(true);
    expect(rig.conversation.view()).toMatchObject({
      customer: "announcing",
      agents: [{ announcing: true }],
      queueId: "sales",
    });
    rig.send({ type: "playback.ended", playbackId: rig.lastPlayback(own) }, 2_000);
    expect(rig.together()).toEqual([["customer", own]]);
    expect(rig.ledger("queue.left")[0]?.payload).toEqual({ outcome: "answered", waitMs: 12_000 });
    expect(rig.ledger("offer.accepted")[0]?.payload).toMatchObject({ ringMs: 4_000 });
    expect(rig.tiles()).toEqual(["flow 5000", "queue 12000", "talk/anna 0"]);
  });

  it("[CV60] an announcement that never ends does not keep them apart", () => {
    const rig = announcing();
    rig.wait(10_000);
    expect(rig.conversation.view().customer).toBe("talk");
  });

  it("[CV60] an agent who goes meanwhile leaves the customer in the same entry, in front", () => {
    const rig = announcing();
    const { effects } = rig.send({ type: "hang_up", agentId: anna }, 1_000);
    expect(effects.find((e) => e.type === "item.ended")).toMatchObject({ agentId: anna, wrapUp: false });
    expect(effects.find((e) => e.type === "item.queued")).toMatchObject({
      queueId: "sales",
      queuedAt: rig.ledger("queue.entered")[0]?.at,
    });
    expect(to(effects, "flow")).toEqual(["flow.wait"]);
    rig.send(customerGone, 5_000);
    close(rig);
    expect(rig.ledger("queue.entered")).toHaveLength(1);
    expect(rig.ledger("queue.left")[0]?.payload).toEqual({ outcome: "abandoned", waitMs: 16_000 });
  });

  it("[CV60] a customer who hangs up meanwhile was never answered", () => {
    const rig = announcing();
    rig.send(customerGone, 1_000);
    close(rig);
    expect(outcome(rig)).toEqual({ outcome: "abandoned_queue", endedBy: "customer" });
  });

  it("[CV61] a leg called without an offer counts as ringing while it beeps", () => {
    const rig = talkingRig();
    const target = { kind: "agent", agentId: boris, autoAnswer: true } as const;
    rig.send({ type: "transfer", agentId: anna, to: target });
    const legId = rig.lastLeg("transfer");
    const { effects } = rig.send({ type: "leg.answered", legId }, 1_000);
    expect(sounds(effects)).toEqual([`${legId} beep`]);
    expect(rig.conversation.view()).toMatchObject({ customer: "transferring" });
    rig.send({ type: "playback.ended", playbackId: rig.lastPlayback(legId) }, 300);
    expect(rig.conversation.view().customer).toBe("talk");
    const lost = talkingRig();
    lost.send({ type: "transfer", agentId: anna, to: target });
    lost.send({ type: "leg.answered", legId: lost.lastLeg("transfer") });
    lost.send({ type: "leg.ended", legId: lost.lastLeg("transfer"), by: "carrier", cause: "failed" });
    expect(lost.conversation.view()).toMatchObject({ customer: "transferring" });
    expect(lost.lastLeg("return")).toBeDefined();
  });

  it("[CV62] a device rung for what was just asked for answers by itself, and without a beep", () => {
    const rig = talkingRig();
    rig.send({ type: "monitor.start", supervisorId: "sven", agentId: anna, mode: "listen" });
    rig.send({ type: "agent.lost", agentId: anna });
    const { effects } = rig.send({ type: "agent.returned", agentId: anna });
    expect(effects.find((e) => e.type === "leg.originate")).toMatchObject({
      purpose: "reattach",
      autoAnswer: true,
      near: "customer",
    });
    const answered = rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") });
    expect(sounds(answered.effects)).toEqual([]);
    expect(rig.effects.find((e) => e.type === "leg.originate" && e.purpose === "monitor")).toMatchObject({
      autoAnswer: true,
    });
  });

  it("[CV73] a phone that calls in for an offer is answered instead of being rung", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    const offer = { type: "offer.made", contactId, agentId: anna, ringTimeoutMs: 18_000 } as const;
    const { effects } = rig.send({ ...offer, offerId: "o", legId: "in-1" });
    expect(to(effects, "switch")).toEqual(["leg.answer"]);
    rig.send({ type: "leg.answered", legId: "in-1" });
    expect(rig.together()).toEqual([["customer", "in-1"]]);
    const late = rig.send({ ...offer, offerId: "o2", agentId: boris, legId: "in-2" });
    expect(late.effects).toContainEqual({
      to: "switch",
      type: "leg.hangup",
      legId: "in-2",
      cause: "answered_elsewhere",
    });
  });

  it("[CV73] an offer withdrawn for a colleague tells the phone that it was answered elsewhere", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    rig.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 });
    const { effects } = rig.send({ type: "offer.withdrawn", offerId: "o", reason: "answered_elsewhere" });
    expect(effects.find((e) => e.type === "leg.hangup")).toMatchObject({ cause: "answered_elsewhere" });
  });
});

describe("early media", () => {
  it("[CV63] of a transfer's target is heard by the customer instead of our ring-back", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "number", number: "112" } });
    const target = rig.lastLeg("transfer");
    const { effects } = rig.send({ type: "leg.early_media", legId: target }, 500);
    expect(to(effects, "switch")).toEqual(["play.stop", "bridge.join", "bridge.join"]);
    expect(rig.together()).toEqual([["customer", target]]);
    const answered = rig.send({ type: "leg.answered", legId: target }, 500);
    expect(to(answered.effects, "switch")).toEqual(["record.stop"]);
  });

  it("[CV63] and when it does not answer the customer hears ring-back again, on the way back", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "number", number: "112" } });
    const target = rig.lastLeg("transfer");
    rig.send({ type: "leg.early_media", legId: target }, 500);
    const { effects } = rig.send(
      { type: "leg.ended", legId: target, by: "carrier", cause: "not_found" },
      500,
    );
    expect(sounds(effects)).toEqual(["customer ringback"]);
  });

  it("[CV63] of a consulted number, or of the customer dialled, is heard by the agent", () => {
    const rig = talkingRig();
    rig.send({ type: "consult", agentId: anna, to: { kind: "number", number: "112" } });
    rig.send({ type: "leg.early_media", legId: rig.lastLeg("consult") });
    expect(rig.together()).toContainEqual([rig.lastLeg("offer"), rig.lastLeg("consult")]);
    const outbound = new ConversationRig();
    outbound.send({ type: "start.outbound", agentId: anna, to: { kind: "number", number: "100" } });
    const own = outbound.lastLeg();
    outbound.send({ type: "leg.answered", legId: own });
    outbound.send({ type: "leg.early_media", legId: outbound.lastLeg() });
    expect(outbound.together()).toEqual([[own, outbound.lastLeg()]]);
    outbound.send({ type: "leg.answered", legId: outbound.lastLeg() });
    expect(outbound.conversation.view().customer).toBe("talk");
  });
});

describe("another device", () => {
  it("[CV64] is rung while the talk goes on, and takes over before the old one is hung up", () => {
    const rig = talkingRig();
    const old = rig.lastLeg("offer");
    const asked = rig.send({ type: "move_device", agentId: anna, endpointId: "phone-2" }, 5_000);
    expect(asked.effects.find((e) => e.type === "leg.originate")).toMatchObject({
      target: { kind: "agent", agentId: anna, endpointId: "phone-2" },
      purpose: "move",
    });
    expect(rig.together()).toEqual([["customer", old]]);
    expect(rig.send({ type: "move_device", agentId: anna }).refused).toBe("taken");
    const legId = rig.lastLeg("move");
    const { effects } = rig.send({ type: "leg.answered", legId }, 3_000);
    expect(to(effects, "switch")).toEqual(["bridge.join", "leg.hangup"]);
    expect(rig.together()).toEqual([["customer", legId]]);
    rig.send({ type: "leg.ended", legId: old, by: "us", cause: "normal" });
    rig.send(customerGone, 2_000);
    close(rig, anna);
    expect(rig.tiles().at(-1)).toBe("talk/anna 10000");
  });

  it("[CV64] in a consultation, and of the consulted, too", () => {
    const rig = talkingRig();
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("consult") });
    rig.send({ type: "move_device", agentId: boris, legId: "in-1" });
    rig.send({ type: "leg.answered", legId: "in-1" });
    expect(rig.together()).toContainEqual([rig.lastLeg("offer"), "in-1"]);
    rig.send({ type: "consult.complete", agentId: anna });
    expect(rig.together()).toContainEqual(["customer", "in-1"]);
  });

  it("[CV64] that does not answer changes nothing; one that answers after a loss brings the agent back", () => {
    const rig = talkingRig();
    rig.send({ type: "move_device", agentId: anna });
    rig.send({ type: "leg.ended", legId: rig.lastLeg("move"), by: "us", cause: "not_registered" });
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", agents: [{ state: "talking" }] });
    rig.send({ type: "move_device", agentId: anna });
    rig.send({ type: "agent.lost", agentId: anna });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("move") });
    expect(rig.together()).toEqual([["customer", rig.lastLeg("move")]]);
  });
});

describe("what happens to a leg", () => {
  it("[CV65] media lost and restored end nothing; music and a failed recording begin anew", () => {
    const rig = talkingRig();
    const [recordingId = ""] = rig.recordings.keys();
    rig.send({ type: "hold", agentId: anna });
    rig.send({ type: "leg.media_lost", legId: "customer" }, 1_000);
    rig.recordings.set(recordingId, "stopped");
    rig.send({ type: "recording.failed", recordingId });
    const { effects } = rig.send({ type: "leg.media_restored", legId: "customer" }, 1_000);
    expect(sounds(effects)).toEqual(["customer music"]);
    const resumed = rig.send({ type: "resume", agentId: anna }, 1_000);
    expect(to(resumed.effects, "switch")).toContain("record.start");
    expect(rig.ledger("leg.media_lost")).toHaveLength(1);
    expect(rig.ledger("leg.media_restored")).toHaveLength(1);
  });

  it("[CV65] a recording that was silenced stays silent when it has to begin anew", () => {
    const rig = talkingRig();
    const [recordingId = ""] = rig.recordings.keys();
    rig.send({ type: "recording.pause", agentId: anna, reason: "sensitive" });
    rig.recordings.set(recordingId, "stopped");
    rig.send({ type: "recording.failed", recordingId });
    const { effects } = rig.send({ type: "leg.media_restored", legId: "customer" });
    expect(to(effects, "switch")).toEqual([]);
    const resumed = rig.send({ type: "recording.resume", agentId: anna });
    expect(to(resumed.effects, "switch")).toEqual(["record.start"]);
  });

  it("[CV67] the last report of its sound is told with its end", () => {
    const rig = talkingRig();
    const quality = { mos: 4.3, codec: "pcma", lossShare: 0, jitterMs: 2 };
    rig.send({ type: "leg.quality", legId: "customer", quality });
    const last = { ...quality, mos: 3.9, lossShare: 0.02, roundTripMs: 40 };
    rig.send({ type: "leg.quality", legId: "customer", quality: last });
    expect(rig.conversation.view().quality).toEqual({ customer: last });
    rig.send(customerGone);
    expect(rig.ledger("leg.ended").find((e) => e.legId === "customer")?.payload).toMatchObject({
      quality: last,
    });
  });

  it("[CV67] a leg that was diverted to us says by what and from whom, by ids and words", () => {
    const rig = new ConversationRig();
    const divertedFrom = { reason: "no-answer", agentId: boris };
    rig.send({ type: "start.inbound", legId: "customer", divertedFrom });
    expect(rig.ledger("leg.started")[0]?.payload).toMatchObject({ divertedFrom });
  });
});

describe("two calls of one phone", () => {
  /** Anna's customer, and beside it her call to boris, made by the phone itself. */
  function two(): { customer: ConversationRig; beside: ConversationRig; far: string } {
    const beside = new ConversationRig({ contactId: "contact-2" });
    beside.send({ type: "start.internal", agentId: anna, toAgentId: boris });
    beside.send({ type: "leg.answered", legId: beside.lastLeg() });
    const far = beside.lastLeg();
    beside.send({ type: "leg.answered", legId: far });
    return { customer: talkingRig(), beside, far };
  }

  it("[CV66] joined: the customer's contact has the far party, the other one ends, both tell it", () => {
    const { customer, beside, far } = two();
    const legId = `far-${far}`; // two rigs make the same ids
    const party = { kind: "agent", agentId: boris, legId } as const;
    const taken = customer.send({ type: "merge.take", agentId: anna, fromContactId: "contact-2", party });
    expect(to(taken.effects, "router")).toEqual(["item.assigned", "agent.activity", "item.ended"]);
    expect(customer.together()).toEqual([["customer", legId]]);
    expect(customer.ledger("leg.moved")[0]).toMatchObject({
      legId,
      payload: { way: "from", otherContactId: "contact-2" },
    });
    expect(customer.ledger("transfer.completed")).toHaveLength(1);
    const given = { type: "merge.give", agentId: anna, legId: far, toContactId: "contact-1" } as const;
    const { effects } = beside.send(given);
    expect(effects.filter((e) => e.type === "leg.hangup")).toHaveLength(1);
    close(beside);
    expect(beside.ledger("leg.moved")[0]?.payload).toMatchObject({ way: "to", otherContactId: "contact-1" });
    expect(beside.ledger("contact.closed")[0]?.payload).toEqual({ outcome: "answered", endedBy: "agent" });
    customer.send(customerGone, 5_000);
    close(customer, anna, boris);
  });

  it("[CV66] with a number dialled by the phone: the customer is with it as after a transfer", () => {
    const outbound = new ConversationRig({ contactId: "contact-2" });
    outbound.send({ type: "start.outbound", agentId: anna, to: { kind: "number", number: "100" } });
    outbound.send({ type: "leg.answered", legId: outbound.lastLeg() });
    const far = outbound.lastLeg();
    outbound.send({ type: "leg.answered", legId: far });
    const customer = talkingRig();
    const party = { kind: "external", legId: "far" } as const;
    customer.send({ type: "merge.take", agentId: anna, fromContactId: "contact-2", party });
    expect(customer.together()).toEqual([["customer", "far"]]);
    outbound.send({ type: "merge.give", agentId: anna, legId: far, toContactId: "contact-1" }, 5_000);
    close(outbound, anna);
    expect(outbound.tiles()).toEqual(["talk/anna 5000"]);
  });

  it("[CV66] joined between colleagues: who stays talks with the far party", () => {
    const { beside, far } = two();
    const party = { kind: "agent", agentId: celia, legId: "far" } as const;
    const { effects } = beside.send({ type: "merge.take", agentId: anna, fromContactId: "contact-3", party });
    expect(effects.find((e) => e.type === "item.ended")).toMatchObject({ agentId: anna, wrapUp: false });
    expect(beside.together()).toEqual([[far, "far"]]);
    beside.send({ type: "leg.ended", legId: "far", by: "agent", cause: "normal" });
    close(beside);
  });

  it("[CV66] what has not been answered is neither taken nor given", () => {
    const rig = new ConversationRig();
    rig.send({ type: "start.internal", agentId: anna, toAgentId: boris });
    rig.send({ type: "leg.answered", legId: rig.lastLeg() });
    const give = { type: "merge.give", agentId: anna, legId: rig.lastLeg(), toContactId: "c" } as const;
    expect(rig.send(give).refused).toBe("not_answered_yet");
  });
});

describe("flows and colleagues", () => {
  it("[CV68] to an entry point: the flow has the customer again, and what comes of it is answered", () => {
    const rig = talkingRig();
    const survey = { kind: "entry_point", entryPointId: "survey" } as const;
    const { effects } = rig.send({ type: "transfer", agentId: anna, to: survey }, 20_000);
    expect(to(effects, "flow")).toEqual(["flow.run"]);
    expect(rig.conversation.view()).toMatchObject({ customer: "flow", agents: [{ state: "wrap_up" }] });
    rig.send({ type: "flow.ended", outcome: "completed_flow" }, 30_000);
    close(rig, anna);
    expect(rig.tiles().slice(2)).toEqual(["talk/anna 20000", "flow 30000"]);
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "us" });
    const left = talkingRig();
    left.send({ type: "transfer", agentId: anna, to: survey });
    left.send(customerGone, 1_000);
    close(left, anna);
    expect(outcome(left)).toMatchObject({ outcome: "answered" });
  });

  it("[CV71] a flow rings somebody for the customer, who is on the way to nobody yet", () => {
    const rig = new ConversationRig();
    rig.send({ type: "start.inbound", legId: "customer" });
    rig.send({ type: "leg.answered", legId: "customer" });
    const asked = rig.send({ type: "flow.ring", to: { kind: "agent", agentId: anna } }, 4_000);
    expect(sounds(asked.effects)).toEqual(["customer ringback"]);
    expect(asked.effects.find((e) => e.type === "leg.originate")).toMatchObject({ purpose: "direct" });
    const legId = rig.lastLeg("direct");
    const missed = rig.send({ type: "leg.ended", legId, by: "agent", cause: "busy" }, 6_000);
    expect(missed.effects).toContainEqual({
      to: "flow",
      type: "flow.not_reached",
      cause: "busy",
      agentId: anna,
    });
    expect(rig.conversation.view()).toMatchObject({ customer: "flow", agents: [] });
    rig.send({ type: "flow.ring", to: { kind: "agent", agentId: boris } });
    const { effects } = rig.send({ type: "leg.answered", legId: rig.lastLeg("direct") }, 5_000);
    expect(effects.find((e) => e.type === "item.assigned")).toMatchObject({ purpose: "direct" });
    expect(rig.tiles()).toEqual(["flow 15000", "talk/boris 0"]);
    expect(rig.ledger("transfer.completed")).toEqual([]);
    rig.send(customerGone);
    close(rig, boris);
  });

  it("[CV72] a call between colleagues goes on to another, whose answer lets the agent go", () => {
    const { rig } = colleagues();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: celia } }, 5_000);
    expect(rig.conversation.view().agents.map((a) => [a.agentId, a.state])).toEqual([
      [anna, "parked"],
      [boris, "dialing"],
      [celia, "ringing"],
    ]);
    const { effects } = rig.send({ type: "leg.answered", legId: rig.lastLeg("internal") }, 3_000);
    expect(effects.find((e) => e.to === "house")).toMatchObject({ agentId: anna, done: true });
    expect(rig.conversation.view().agents.map((a) => a.agentId)).toEqual([boris, celia]);
    rig.send({ type: "hang_up", agentId: boris });
    close(rig);
  });

  it("[CV72] and when it does not answer the two talk again", () => {
    const { rig, legs } = colleagues();
    rig.send({ type: "transfer", agentId: boris, to: { kind: "agent", agentId: celia } }, 5_000);
    const legId = rig.lastLeg("internal");
    const { effects } = rig.send({ type: "leg.ended", legId, by: "agent", cause: "busy" }, 3_000);
    expect(effects.find((e) => e.to === "house")).toMatchObject({
      agentId: boris,
      done: false,
      cause: "busy",
    });
    expect(rig.together()).toEqual([legs]);
    rig.send({ type: "transfer", agentId: boris, to: { kind: "agent", agentId: celia } }, 5_000);
    rig.send({ type: "hang_up", agentId: boris }, 1_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("internal") }, 1_000);
    expect(rig.conversation.view().agents.map((a) => a.agentId)).toEqual([anna, celia]);
  });
});

/** Anna and boris talk, without a customer. */
function colleagues(): { rig: ConversationRig; legs: string[] } {
  const rig = new ConversationRig();
  rig.send({ type: "start.internal", agentId: anna, toAgentId: boris });
  const own = rig.lastLeg();
  rig.send({ type: "leg.answered", legId: own });
  rig.send({ type: "leg.answered", legId: rig.lastLeg() });
  return { rig, legs: [own, rig.lastLeg()] };
}
