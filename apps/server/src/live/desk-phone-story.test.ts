import type { ClientId, EndpointId, LegId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import type { Rights } from "./centre-model.ts";
import { type CentreSketch, centre, LiveRig } from "./testing/live-rig.ts";

const group = (...legs: LegId[]): LegId[][] => [[...legs].sort()];
const NO_OUTSIDE: Rights = {
  has: (permission) => permission !== "desk.dial_out" && permission !== "desk.divert_outside",
  covers: () => false,
  clientsOf: () => ["client-1" as ClientId],
};

/** Anna works on a desk phone, boris and celia in browsers. */
async function withPhone(sketch: CentreSketch = {}) {
  const rig = new LiveRig(centre({ phones: { desk: "anna" }, ...sketch }));
  rig.switch.register("desk" as EndpointId);
  await rig.desk.setDevice(rig.agentOf("anna"), { kind: "phone", phoneId: "desk" });
  await rig.arrive("anna");
  return rig;
}

async function dial(rig: LiveRig, number: string): Promise<LegId> {
  const leg = rig.switch.callIn(number, { endpointId: "desk" as EndpointId }) as LegId;
  await rig.settle();
  return leg;
}

describe("codes on a desk phone", () => {
  it("turn do not disturb on and off; the phone hears that it was done", async () => {
    const rig = await withPhone();
    const on = await dial(rig, "*78");
    expect(rig.switch.legs.get(on)?.state).toBe("answered");
    expect(rig.desk.state(rig.agentOf("anna")).calling.doNotDisturb).toBe(true);
    expect(rig.stateOf("anna")).toBe("not_ready");
    await rig.pass(15_000);
    expect(rig.switch.legs.get(on)?.state).toBe("ended");
    await dial(rig, "*79");
    await rig.pass(15_000);
    expect(rig.stateOf("anna")).toBe("available");
    expect(rig.store.agentCallings.get("anna")?.doNotDisturb).toBe(false);
    await rig.finish();
  });

  it("at a phone that is anybody's, are those of who is at work there; nobody's after they log out", async () => {
    const rig = new LiveRig(centre({ phones: { hall: null } }));
    rig.switch.register("hall" as EndpointId);
    await rig.desk.setDevice(rig.agentOf("anna"), { kind: "phone", phoneId: "hall" });
    await rig.arrive("anna");
    const at = async (number: string): Promise<string | undefined> => {
      const leg = rig.switch.callIn(number, { endpointId: "hall" as EndpointId }) as LegId;
      await rig.settle();
      return rig.switch.legs.get(leg)?.state;
    };
    expect(await at("*78")).toBe("answered");
    await rig.pass(15_000);
    await rig.desk.logOut(rig.agentOf("anna"));
    expect([await at("*79"), await at("+46701000000")]).toEqual(["ended", "ended"]);
    expect(rig.desk.state(rig.agentOf("anna")).calling.doNotDisturb).toBe(true);
    await rig.finish();
  });

  it("divert and end it; outside only by right, never back to oneself", async () => {
    const rig = await withPhone();
    await rig.arrive("boris");
    await dial(rig, "*72202");
    expect(rig.desk.state(rig.agentOf("anna")).calling.diversions.always).toEqual({
      kind: "number",
      number: "202",
    });
    await rig.pass(15_000);
    await dial(rig, "*72201");
    await rig.pass(15_000);
    expect(rig.desk.state(rig.agentOf("anna")).calling.diversions.always).toMatchObject({ number: "202" });
    await dial(rig, "*73");
    await rig.pass(15_000);
    expect(rig.desk.state(rig.agentOf("anna")).calling.diversions.always).toBeNull();
    await rig.finish();
    const bound = await withPhone({ profiles: { anna: { rights: NO_OUTSIDE } } });
    await dial(bound, "*7246812345");
    await bound.pass(15_000);
    expect(bound.desk.state(bound.agentOf("anna")).calling.diversions.always).toBeNull();
    await bound.finish();
  });

  it("park the call that is on hold, and fetch it again", async () => {
    const rig = await withPhone();
    const { leg } = await rig.customer("100", "+46701000");
    const phone = await rig.answer("desk");
    rig.switch.holdBy(phone, true);
    await rig.settle();
    const asking = await dial(rig, "*70");
    expect(rig.desk.parked(rig.agentOf("anna"))).toMatchObject([{ slot: 1 }]);
    await rig.pass(20_000);
    expect(rig.switch.legs.get(asking)?.state).toBe("ended");
    const fetching = await dial(rig, "*711");
    expect(rig.together()).toEqual(group(leg, fetching));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("park by a transfer to the code, too", async () => {
    const rig = await withPhone();
    const { leg } = await rig.customer("100");
    const phone = await rig.answer("desk");
    rig.switch.refer(phone, "*70");
    await rig.settle();
    expect(rig.switch.legs.get(phone)?.transfer).toBe(200);
    expect(rig.desk.parked(rig.agentOf("anna"))).toHaveLength(1);
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("pick up what rings in the team, or at one colleague", async () => {
    const team = { teamId: "team-1" };
    const rig = await withPhone({ profiles: { anna: team, boris: team, celia: team } });
    await rig.desk.setPresence(rig.agentOf("anna"), { kind: "not_ready", reasonId: "lunch" });
    await rig.arrive("boris");
    const { leg } = await rig.customer("100");
    expect(rig.legOf("boris")).toBeDefined();
    const wrong = await dial(rig, "*8203");
    await rig.pass(2_500);
    expect(rig.switch.legs.get(wrong)?.state).toBe("ended");
    const taking = await dial(rig, "*8202");
    await rig.pass(2_500);
    expect(rig.together()).toEqual(group(leg, taking));
    expect(rig.legOf("boris")).toBeUndefined();
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a desk phone", () => {
  it("calls out only for those who may, and with the client's number", async () => {
    const bound = await withPhone({ profiles: { anna: { rights: NO_OUTSIDE } } });
    const refused = await dial(bound, "+46812345");
    expect(bound.switch.legs.get(refused)?.state).toBe("ended");
    expect(bound.switch.log.some((line) => line.startsWith(`hangup ${refused} forbidden`))).toBe(true);
    expect(bound.events("call.blocked").map((e) => e.payload.reason)).toEqual(["no_right"]);
    await bound.finish();
    const rig = await withPhone();
    await dial(rig, "+46812345");
    const out = rig.switch.alive().find((l) => l.asked?.target.kind === "number");
    expect(out?.asked?.target).toMatchObject({ routes: [{ number: "+46812345", callerNumber: "+468123" }] });
    rig.switch.refuse(out?.legId as LegId, "busy", 486);
    await rig.finish();
  });

  it("joins two calls that it made itself: the customer goes on with the colleague, one contact", async () => {
    const rig = await withPhone();
    await rig.arrive("boris");
    await rig.desk.setPresence(rig.agentOf("boris"), { kind: "not_ready", reasonId: "lunch" });
    const { leg, contact } = await rig.customer("100", "+46701000");
    const phone = await rig.answer("desk");
    await rig.pass(8_000);
    rig.switch.holdBy(phone, true);
    await rig.settle();
    const second = await dial(rig, "202");
    const boriss = await rig.answer("boris");
    await rig.pass(4_000);
    rig.switch.refer(phone, "202", second);
    await rig.settle();
    expect(rig.switch.legs.get(phone)?.transfer).toBe(200);
    expect(rig.together()).toEqual(group(leg, boriss));
    expect(rig.deskStateOf("boris", contact.id)).toBe("talking");
    await rig.pass(9_000);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const had = rig
      .events("segment.started", contact.id)
      .filter((e) => e.payload.party === "customer" && e.payload.kind === "talk")
      .map((e) => [e.agentId, e.at - contact.facts.startedAt]);
    expect(had).toEqual([
      ["anna", 0],
      ["boris", 12_000],
    ]);
  });

  it("gives the customer on to a colleague whose phone still rings", async () => {
    const rig = await withPhone();
    await rig.arrive("boris");
    await rig.desk.setPresence(rig.agentOf("boris"), { kind: "not_ready", reasonId: "lunch" });
    const { leg } = await rig.customer("100");
    const phone = await rig.answer("desk");
    rig.switch.holdBy(phone, true);
    const second = await dial(rig, "202");
    rig.switch.refer(phone, "202", second);
    await rig.settle();
    expect(rig.switch.legs.get(phone)?.transfer).toBe(200);
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(group(leg, boriss));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});
