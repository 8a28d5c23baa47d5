import { describe, expect, it } from "vitest";
import type { Effect } from "./effects.ts";
import { type ConversationRig, talkingRig } from "./testing.ts";

const anna = "anna";
const boris = "boris";
const celia = "celia";

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

/** Customer, anna and boris in conference since 15 + 10 + 3 + 7 s: talk, ringing, consultation. */
function conference(): ConversationRig {
  const rig = talkingRig();
  rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } }, 10_000);
  rig.send({ type: "leg.answered", legId: rig.lastLeg("consult") }, 3_000);
  rig.send({ type: "conference.merge", agentId: anna }, 7_000);
  return rig;
}

/** Calls one more and lets them answer. Returns their leg. */
function add(rig: ConversationRig, whom: string | { number: string }): string {
  const target =
    typeof whom === "string"
      ? ({ kind: "agent", agentId: whom } as const)
      : ({ kind: "number", number: whom.number } as const);
  rig.send({ type: "conference.add", agentId: anna, to: target }, 1_000);
  const legId = rig.lastLeg("conference");
  rig.send({ type: "leg.answered", legId }, 2_000);
  return legId;
}

describe("a conference", () => {
  it("[CV43] from a consultation: all three together, and the third party's part goes on in the customer's contact", () => {
    const rig = conference();
    const [offer, consult] = [rig.lastLeg("offer"), rig.lastLeg("consult")];
    expect(rig.together()).toEqual([["customer", offer, consult]]);
    expect(rig.conversation.view()).toMatchObject({
      customer: "conference",
      agents: [
        { agentId: anna, state: "conferenced", contactId: "contact-1" },
        { agentId: boris, state: "conferenced", contactId: "contact-1" },
      ],
    });
    expect(rig.ledger("transfer.cancelled")[0]?.payload).toMatchObject({ reason: "merged" });
    const [left, came] = rig.ledger("leg.moved");
    expect(came).toMatchObject({ contactId: "contact-1", legId: consult, agentId: boris });
    expect(left).toMatchObject({ legId: consult, payload: { way: "to", otherContactId: "contact-1" } });
    expect(rig.ledger("contact.closed")[0]).toMatchObject({ contactId: left?.contactId });
    expect(rig.ledger("conference.joined").map((e) => e.agentId)).toEqual([anna, boris]);
  });

  it("[CV43] the router has the third party on the customer's contact before the consultation ends", () => {
    const rig = talkingRig();
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("consult") });
    const { effects } = rig.send({ type: "conference.merge", agentId: anna });
    expect(to(effects, "router")).toEqual([
      "item.assigned",
      "agent.activity",
      "item.ended",
      "agent.activity",
    ]);
    expect(effects.filter((e) => e.type === "agent.activity")).toMatchObject([
      { agentId: boris, activity: "conferenced", contactId: "contact-1" },
      { agentId: anna, activity: "conferenced" },
    ]);
  });

  it("[CV43] needs an answered consultation", () => {
    const rig = talkingRig();
    expect(rig.send({ type: "conference.merge", agentId: anna }).refused).toBe("no_consult");
    rig.send({ type: "consult", agentId: anna, to: { kind: "agent", agentId: boris } });
    expect(rig.send({ type: "conference.merge", agentId: anna }).refused).toBe("not_answered_yet");
  });

  it("[CV44] grows by colleagues and numbers while the others talk on, up to its limit", () => {
    const rig = talkingRig({ conferenceLimit: 4 });
    rig.send({ type: "conference.add", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    expect(rig.conversation.view()).toMatchObject({
      customer: "talk",
      conference: [{ agentId: anna }, { agentId: boris, state: "ringing" }],
    });
    rig.send({ type: "leg.answered", legId: rig.lastLeg("conference") }, 4_000);
    const outside = add(rig, { number: "+46850000001" });
    expect(rig.together()[0]).toHaveLength(4);
    expect(rig.together()[0]).toContain(outside);
    const more = { type: "conference.add", agentId: boris, to: { kind: "agent", agentId: celia } } as const;
    expect(rig.send(more).refused).toBe("conference_full");
    expect(JSON.stringify(rig.ledger())).not.toContain("46850000001");
  });

  it("[CV44] who does not answer changes nothing", () => {
    const rig = talkingRig();
    rig.send({ type: "conference.add", agentId: anna, to: { kind: "agent", agentId: boris } }, 5_000);
    const legId = rig.lastLeg("conference");
    const { effects } = rig.send({ type: "leg.ended", legId, by: "agent", cause: "busy" }, 4_000);
    expect(to(effects, "router")).toEqual(["agent.released"]);
    expect(to(effects, "switch")).toEqual([]);
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", agents: [{ agentId: anna }] });
    expect(rig.conversation.view().conference).toBeUndefined();
  });

  it("[CV45] the customer's segment names who has them; the handlers' overlap", () => {
    const rig = conference();
    rig.send({ type: "conference.leave", agentId: anna }, 20_000);
    rig.send({ type: "leg.ended", legId: "customer", by: "customer", cause: "normal" }, 8_000);
    close(rig, anna, boris);
    expect(rig.tiles()).toEqual([
      "flow 5000",
      "queue 10000",
      "talk/anna 10000",
      "hold/anna 10000",
      "talk/anna 20000",
      "talk/boris 8000",
    ]);
    expect(rig.handlerSegments().filter((segment) => segment.includes("talk"))).toEqual([
      "anna talk 15000-25000",
      "boris talk 28000-35000", // with anna alone
      "boris talk 35000-63000",
      "anna talk 35000-55000",
    ]);
    expect(rig.ledger("conference.left").map((e) => e.payload)).toEqual([
      { party: "agent", reason: "left" },
      { party: "agent", reason: "ended" },
    ]);
  });

  it("[CV46] holds its customer, and the others talk on; any of its agents resumes", () => {
    const rig = conference();
    const held = rig.send({ type: "hold", agentId: boris }, 5_000);
    expect(to(held.effects, "switch")).toEqual(["bridge.leave", "play.start", "record.pause"]);
    expect(rig.together()).toEqual([[rig.lastLeg("offer"), rig.lastLeg("consult")]]);
    expect(rig.send({ type: "hold", agentId: anna }).refused).toBe("already_held");
    rig.send({ type: "resume", agentId: anna }, 6_000);
    expect(rig.conversation.view().customer).toBe("conference");
    expect(rig.tiles().slice(-3)).toEqual(["talk/anna 5000", "hold/anna 6000", "talk/anna 0"]);
  });

  it("[CV47] one agent left with the customer is a talk, which can be transferred as any", () => {
    const rig = conference();
    const refused = rig.send({ type: "transfer", agentId: anna, to: { kind: "queue", queueId: "sales" } });
    expect(refused.refused).toBe("conference_running");
    rig.send({ type: "conference.drop", agentId: anna, party: { kind: "agent", agentId: boris } }, 3_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", agents: [{ state: "talking" }] });
    expect(rig.together()).toEqual([["customer", rig.lastLeg("offer")]]);
    expect(rig.ledger("conference.left")[0]).toMatchObject({
      agentId: boris,
      payload: { reason: "dropped" },
    });
    const sent = rig.send({ type: "transfer", agentId: anna, to: { kind: "queue", queueId: "sales" } });
    expect(sent.refused).toBeUndefined();
  });

  it("[CV47] a number outside that is left alone with the customer is as after a transfer to it", () => {
    const rig = talkingRig();
    const outside = add(rig, { number: "112" });
    rig.send({ type: "conference.leave", agentId: anna }, 9_000);
    expect(rig.together()).toEqual([["customer", outside]]);
    expect(rig.tiles().at(-1)).toBe("talk 0");
    rig.send({ type: "leg.ended", legId: outside, by: "customer", cause: "normal" }, 9_000);
    close(rig, anna);
    expect(outcome(rig)).toMatchObject({ outcome: "transferred_out" });
  });

  it("[CV47] who rings may be called off, and nobody else can be dropped", () => {
    const rig = talkingRig();
    rig.send({ type: "conference.add", agentId: anna, to: { kind: "agent", agentId: boris } });
    const drop = { type: "conference.drop", agentId: anna } as const;
    expect(rig.send({ ...drop, party: { kind: "agent", agentId: celia } }).refused).toBe("no_such_party");
    const { effects } = rig.send({ ...drop, party: { kind: "agent", agentId: boris } });
    expect(to(effects, "switch")).toEqual(["leg.hangup"]);
    expect(rig.send({ type: "conference.leave", agentId: anna }).refused).toBe("no_conference");
  });

  it("[CV48] the last agent may not leave two outside with the customer; a hang-up ends it for all", () => {
    const rig = talkingRig();
    add(rig, { number: "112" });
    add(rig, { number: "113" });
    expect(rig.send({ type: "conference.leave", agentId: anna }).refused).toBe("last_agent");
    rig.send({ type: "hang_up", agentId: anna }, 5_000);
    close(rig, anna);
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "agent" });
  });

  it("[CV49] the customer's hang-up ends it for all; after-contact work has whoever has had the customer", () => {
    const rig = conference();
    add(rig, { number: "112" });
    const gone = { type: "leg.ended", legId: "customer", by: "customer", cause: "normal" } as const;
    const { effects } = rig.send(gone, 5_000);
    expect(effects.filter((e) => e.type === "item.ended")).toMatchObject([
      { agentId: anna, wrapUp: true },
      { agentId: boris, wrapUp: false },
    ]);
    close(rig, anna);
    expect(outcome(rig)).toEqual({ outcome: "answered", endedBy: "customer" });
  });

  it("[CV50] an agent lost out of a conference is awaited while the others talk on", () => {
    const rig = conference();
    rig.send({ type: "agent.lost", agentId: anna }, 4_000);
    expect(rig.conversation.view()).toMatchObject({
      customer: "talk",
      agents: [
        { agentId: anna, state: "detached" },
        { agentId: boris, state: "talking" },
      ],
    });
    expect(rig.tiles().at(-1)).toBe("talk/boris 0");
    rig.send({ type: "agent.returned", agentId: anna }, 2_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") }, 1_000);
    expect(rig.together()[0]).toEqual(["customer", rig.lastLeg("consult"), rig.lastLeg("reattach")]);
    rig.send({ type: "agent.lost", agentId: anna }, 1_000);
    rig.wait(30_000);
    expect(rig.conversation.view().agents).toMatchObject([{ agentId: boris }]);
    expect(rig.effects.findLast((e) => e.type === "item.ended")).toMatchObject({ agentId: anna, lost: true });
  });

  it("[CV50] when none of them is left, the customer waits as after any loss", () => {
    const rig = conference();
    rig.send({ type: "agent.lost", agentId: anna }, 4_000);
    rig.send({ type: "agent.lost", agentId: boris }, 4_000);
    expect(rig.conversation.view().customer).toBe("detached");
    expect(rig.legs.get("customer")?.playing).toBeDefined();
    rig.send({ type: "agent.returned", agentId: boris }, 1_000);
    rig.send({ type: "leg.answered", legId: rig.lastLeg("reattach") }, 1_000);
    expect(rig.conversation.view()).toMatchObject({ customer: "talk", agents: [{ agentId: boris }] });
  });

  it("[CV51] is recorded as a talk, in one recording; digits go to everybody outside", () => {
    const rig = talkingRig();
    const outside = add(rig, { number: "112" });
    add(rig, boris);
    expect([...rig.recordings.values()]).toEqual(["running"]);
    const { effects } = rig.send({ type: "send_dtmf", agentId: anna, digits: "12" });
    expect(effects).toEqual(
      ["customer", outside].map((legId) => ({ to: "switch", type: "dtmf.send", legId, digits: "12" })),
    );
  });
});
