import { describe, expect, it } from "vitest";
import type { Effect } from "./effects.ts";
import { ConversationRig, queuedRig, talkingRig } from "./testing.ts";

const anna = "anna";
const boris = "boris";
const celia = "celia";
const sven = "sven";

function to(effects: readonly Effect[], to: Effect["to"]): string[] {
  return effects.filter((effect) => effect.to === to).map((effect) => effect.type);
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

function parked(): ConversationRig {
  const rig = talkingRig();
  rig.send({ type: "park", agentId: anna }, 20_000);
  return rig;
}

describe("parking", () => {
  it("[CV52] the customer hears music and nobody has them; the agent wraps up", () => {
    const rig = talkingRig();
    const { effects } = rig.send({ type: "park", agentId: anna, timeoutMs: 60_000 }, 20_000);
    expect(effects.find((e) => e.to === "house")).toMatchObject({
      type: "park.started",
      contactId: "contact-1",
      agentId: anna,
      until: rig.at + 60_000,
    });
    expect(effects.find((e) => e.type === "play.start")).toMatchObject({ legId: "customer", sound: "music" });
    expect(rig.conversation.view()).toMatchObject({ customer: "parked", agents: [{ state: "wrap_up" }] });
    const gone = rig.send(customerGone, 9_000);
    expect(to(gone.effects, "house")).toEqual(["park.ended"]);
    close(rig, anna);
    expect(rig.tiles().slice(-2)).toEqual(["talk/anna 20000", "hold 9000"]);
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "customer" });
  });

  it("[CV53] any agent fetches them, by being rung", () => {
    const rig = parked();
    const { effects } = rig.send({ type: "pickup.parked", agentId: boris }, 5_000);
    expect(effects.find((e) => e.type === "leg.originate")).toMatchObject({
      purpose: "pickup",
      autoAnswer: true,
    });
    expect(rig.send({ type: "pickup.parked", agentId: celia }).refused).toBe("taken");
    const fetched = rig.send({ type: "leg.answered", legId: rig.lastLeg("pickup") }, 1_000);
    expect(to(fetched.effects, "house")).toEqual(["park.ended"]);
    expect(to(fetched.effects, "router")).toEqual(["item.assigned", "agent.activity"]);
    expect(rig.tiles().slice(-2)).toEqual(["hold 6000", "talk/boris 0"]);
    expect(rig.ledger("park.ended")[0]).toMatchObject({ agentId: boris, payload: { reason: "picked_up" } });
    expect(rig.send({ type: "pickup.parked", agentId: celia }).refused).toBe("not_parked");
  });

  it("[CV53] or with a phone that has called in, the parking agent's own, too", () => {
    const rig = parked();
    const { effects } = rig.send({ type: "pickup.parked", agentId: anna, legId: "in-1" }, 5_000);
    expect(to(effects, "switch")).toEqual(["leg.answer"]);
    rig.send({ type: "leg.answered", legId: "in-1" });
    expect(rig.together()).toEqual([["customer", "in-1"]]);
  });

  it("[CV53] who does not come leaves them where they are", () => {
    const rig = parked();
    rig.send({ type: "pickup.parked", agentId: boris }, 5_000);
    rig.send({ type: "leg.ended", legId: rig.lastLeg("pickup"), by: "us", cause: "not_registered" }, 1_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "parked", agents: [{ agentId: anna }] });
    rig.send({ type: "pickup.parked", agentId: boris }, 80_000);
    rig.wait(10_000); // the time in the slot passes while boris is rung
    expect(rig.conversation.view().customer).toBe("parked");
    rig.wait(10_000);
    expect(rig.conversation.view().customer).toBe("transferring");
  });

  it("[CV54] in the end they come back to the agent, and from there into the queue, in front", () => {
    const rig = parked();
    const { effects } = rig.wait(90_000);
    expect(to(effects, "house")).toEqual(["park.ended"]);
    expect(rig.conversation.view()).toMatchObject({
      customer: "transferring",
      agents: [{ agentId: anna, state: "ringing" }],
    });
    rig.wait(20_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "queue", queueId: "sales", agents: [] });
    const queued = rig.effects.findLast((e) => e.type === "item.queued");
    expect(queued).toMatchObject({ queuedAt: rig.ledger("queue.entered")[0]?.at });
  });
});

describe("a colleague's ringing call", () => {
  it("[CV55] a transfer is taken: the colleague hears no more, the taker talks", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    const rung = rig.lastLeg("transfer");
    const { effects } = rig.send({ type: "pickup", agentId: celia, of: boris, legId: "in-1" }, 3_000);
    expect(effects.find((e) => e.type === "leg.hangup")).toMatchObject({
      legId: rung,
      cause: "answered_elsewhere",
    });
    expect(to(effects, "router")).toEqual(["agent.released", "agent.reserved"]);
    rig.send({ type: "leg.answered", legId: "in-1" });
    expect(rig.together()).toEqual([["customer", "in-1"]]);
    expect(rig.ledger("call.picked_up")[0]).toMatchObject({
      agentId: celia,
      payload: { fromAgentId: boris },
    });
    expect(rig.ledger("transfer.completed")[0]?.payload).toMatchObject({ target: { agentId: celia } });
    rig.send(customerGone, 1_000);
    close(rig, anna, celia);
  });

  it("[CV55] a consultation and an internal call, too, by being rung", () => {
    const rig = talkingRig();
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    rig.send({ type: "pickup", agentId: celia, of: boris });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("consult") });
    expect(rig.conversation.view().consult).toMatchObject({ state: "talking", agentId: celia });
    const internal = new ConversationRig();
    internal.send({ type: "start.internal", agentId: anna, toAgentId: boris });
    internal.send({ type: "leg.answered", legId: internal.lastLeg() });
    internal.send({ type: "pickup", agentId: celia, of: boris });
    internal.send({ type: "leg.answered", legId: internal.lastLeg() });
    expect(internal.conversation.view().agents.map((a) => [a.agentId, a.state])).toEqual([
      [anna, "talking"],
      [celia, "talking"],
    ]);
  });

  it("[CV55] an offer, or what does not ring, is not taken", () => {
    const rig = queuedRig();
    const { contactId } = rig.conversation;
    rig.send({ type: "offer.made", offerId: "o", contactId, agentId: anna, ringTimeoutMs: 18_000 });
    expect(rig.send({ type: "pickup", agentId: boris, of: anna }).refused).toBe("not_ringing");
    rig.send({ type: "leg.answered", legId: rig.lastLeg("offer") });
    expect(rig.send({ type: "pickup", agentId: boris, of: anna }).refused).toBe("not_ringing");
    expect(rig.send({ type: "pickup", agentId: anna, of: anna }).refused).toBe("same_agent");
  });

  it("[CV69] what rings at an agent goes on to where they have diverted it", () => {
    const rig = talkingRig();
    rig.send({ type: "transfer", agentId: anna, to: { kind: "agent", agentId: boris } });
    rig.send({ type: "divert", of: boris, to: { kind: "agent", agentId: celia } }, 5_000);
    expect(rig.conversation.view().agents).toMatchObject([{ agentId: anna }, { agentId: celia }]);
    rig.send({ type: "divert", of: celia, to: { kind: "queue", queueId: "experts" } }, 5_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "queue", queueId: "experts" });
    const consult = talkingRig();
    consult.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    consult.send({ type: "divert", of: boris, to: { kind: "number", number: "112" } });
    consult.send({ type: "leg.answered", legId: consult.lastLeg("consult") });
    expect(consult.conversation.view().consult).toMatchObject({ state: "talking" });
    expect(consult.send({ type: "divert", of: boris, to: { kind: "agent", agentId: celia } }).refused).toBe(
      "not_ringing",
    );
    const away = new ConversationRig();
    const diverted = { kind: "number", number: "112" } as const;
    away.send({ type: "start.internal", agentId: anna, toAgentId: boris, diverted });
    away.send({ type: "leg.answered", legId: away.lastLeg("internal") });
    away.send({ type: "leg.answered", legId: away.lastLeg("internal") });
    expect(away.conversation.view().agents).toMatchObject([{ agentId: anna, state: "talking" }]);
  });
});

describe("a supervisor", () => {
  function monitored(mode: "listen" | "whisper" | "barge" = "listen"): ConversationRig {
    const rig = talkingRig();
    rig.send({ type: "monitor.start", supervisorId: sven, agentId: anna, mode }, 1_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("monitor") }, 1_000);
    return rig;
  }

  it.each([
    ["listen", { type: "listen" }],
    ["whisper", { type: "whisper", to: ["x-3"] }],
    ["barge", { type: "talk" }],
  ] as const)("[CV56] to %s is a role in the agent's bridge", (mode, role) => {
    const rig = monitored(mode);
    expect(rig.effects.findLast((e) => e.type === "bridge.join")).toMatchObject({
      legId: rig.lastLeg("monitor"),
      role,
    });
    expect(rig.lastLeg("offer")).toBe("x-3");
  });

  it("[CV56] the mode changes without a leaving", () => {
    const rig = monitored("listen");
    const { effects } = rig.send({ type: "monitor.mode", supervisorId: sven, mode: "whisper" }, 5_000);
    expect(to(effects, "switch")).toEqual(["bridge.join"]);
    expect(rig.ledger("monitor.changed")[0]?.payload).toMatchObject({ supervisorId: sven, mode: "whisper" });
  });

  it("[CV56] follows the agent into a consultation and hears nothing where the agent is in no bridge", () => {
    const rig = monitored("whisper");
    const [own, listening] = [rig.lastLeg("offer"), rig.lastLeg("monitor")];
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    expect(rig.legs.get(listening)?.bridge).toBeUndefined();
    rig.send({ type: "leg.answered", legId: rig.lastLeg("consult") });
    expect(rig.together()).toContainEqual([own, `${listening}:whisper`, rig.lastLeg("consult")]);
    rig.send({ type: "consult.swap", agentId: anna });
    expect(rig.together()).toContainEqual(["customer", own, `${listening}:whisper`]);
  });

  it("[CV57] is no part of the contact: no segment, no talk, told in the ledger", () => {
    const rig = monitored("barge");
    rig.send(customerGone, 30_000);
    close(rig, anna);
    const ofSven = rig.ledger("segment.started").filter((e) => e.agentId === sven);
    expect(ofSven).toEqual([]);
    expect(rig.tiles()).toEqual(["flow 5000", "queue 10000", "talk/anna 32000"]);
    expect(rig.ledger("monitor.started")[0]).toMatchObject({
      agentId: anna,
      payload: { supervisorId: sven, mode: "barge" },
    });
    expect(rig.ledger("monitor.ended")[0]?.payload).toMatchObject({
      supervisorId: sven,
      reason: "agent_left",
    });
    expect(rig.ledger("leg.started").at(-1)?.payload).toMatchObject({ party: "supervisor" });
    expect(rig.effects.filter((e) => e.to === "router" && e.type === "item.assigned")).toEqual([]);
  });

  it("[CV58] whose leg is lost, or who stops, ends nothing else", () => {
    const rig = monitored();
    const legId = rig.lastLeg("monitor");
    const lost = rig.send({ type: "leg.ended", legId, by: "carrier", cause: "transport_lost" }, 1_000);
    expect(to(lost.effects, "switch")).toEqual([]);
    expect(rig.ledger("monitor.ended")[0]?.payload).toMatchObject({ reason: "lost" });
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", monitors: [] });
    rig.send({ type: "monitor.start", supervisorId: sven, agentId: anna, mode: "listen", legId: "in-1" });
    rig.send({ type: "leg.answered", legId: "in-1" });
    const again = { type: "monitor.start", supervisorId: sven, agentId: anna, mode: "listen" } as const;
    expect(rig.send(again).refused).toBe("already_monitoring");
    expect(to(rig.send({ type: "monitor.stop", supervisorId: sven }).effects, "switch")).toEqual([
      "leg.hangup",
    ]);
    expect(rig.send({ type: "monitor.stop", supervisorId: sven }).refused).toBe("not_monitoring");
  });

  it("[CV58] stays with an agent who is lost until they are back", () => {
    const rig = monitored();
    rig.send({ type: "agent.lost", agentId: anna }, 1_000);
    expect(rig.legs.get(rig.lastLeg("monitor"))?.bridge).toBeUndefined();
    rig.send({ type: "agent.returned", agentId: anna }, 1_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") }, 1_000);
    expect(rig.together()[0]).toEqual([
      "customer",
      `${rig.lastLeg("monitor")}:listen`,
      rig.lastLeg("reattach"),
    ]);
  });

  it("[CV58] comes only to who has a part in the call", () => {
    const rig = talkingRig();
    const start = { type: "monitor.start", mode: "listen" } as const;
    expect(rig.send({ ...start, supervisorId: sven, agentId: boris }).refused).toBe("not_on_contact");
    expect(rig.send({ ...start, supervisorId: anna, agentId: anna }).refused).toBe("same_agent");
  });

  it("[CV59] takes over: the customer at once, the agent in after-contact work", () => {
    const rig = monitored();
    const { effects } = rig.send({ type: "take_over", supervisorId: sven }, 10_000);
    expect(to(effects, "router")).toEqual(["monitor.ended", "item.assigned", "agent.activity", "item.ended"]);
    expect(rig.together()).toEqual([["customer", rig.lastLeg("monitor")]]);
    expect(rig.conversation.view().agents).toMatchObject([
      { agentId: anna, state: "wrap_up" },
      { agentId: sven, state: "talking" },
    ]);
    expect(rig.tiles().slice(-2)).toEqual(["talk/anna 12000", "talk/sven 0"]);
    expect(rig.ledger("contact.taken_over")[0]).toMatchObject({
      agentId: sven,
      payload: { fromAgentId: anna },
    });
    expect([...rig.recordings.values()]).toEqual(["running"]);
    rig.send(customerGone, 5_000);
    close(rig, anna, sven);
  });

  it("[CV59] in a conference takes the agent's place, and of a lost agent the customer", () => {
    const rig = monitored();
    rig.send({ type: "conference.add", agentId: anna, to: { kind: "agent", agentId: boris } });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("conference") });
    rig.send({ type: "take_over", supervisorId: sven });
    expect(rig.conversation.view().conference).toMatchObject([{ agentId: sven }, { agentId: boris }]);
    expect(rig.tiles().at(-1)).toBe("talk/sven 0");
    const lost = monitored();
    lost.send({ type: "agent.lost", agentId: anna });
    lost.send({ type: "take_over", supervisorId: sven });
    expect(lost.conversation.view()).toMatchObject({ customer: "talk", monitors: [] });
  });

  it("[CV59] takes over only what is heard, and no consultation", () => {
    const rig = talkingRig();
    expect(rig.send({ type: "take_over", supervisorId: sven }).refused).toBe("not_monitoring");
    rig.send({ type: "monitor.start", supervisorId: sven, agentId: anna, mode: "listen" });
    expect(rig.send({ type: "take_over", supervisorId: sven }).refused).toBe("not_answered_yet");
    rig.send({ type: "leg.answered", legId: rig.lastLeg("monitor") });
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    expect(rig.send({ type: "take_over", supervisorId: sven }).refused).toBe("consult_running");
  });
});
