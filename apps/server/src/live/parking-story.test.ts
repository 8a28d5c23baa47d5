import type { ClientId, LegId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import type { Rights } from "./centre-model.ts";
import { centre, LiveRig } from "./testing/live-rig.ts";

const group = (...legs: LegId[]): LegId[][] => [[...legs].sort()];
const OTHER_CLIENT: Rights = {
  has: () => true,
  covers: () => false,
  clientsOf: () => ["client-2" as ClientId],
};

async function talking(rig: LiveRig) {
  await rig.arrive("anna");
  const { leg, contact } = await rig.customer("100", "+46701000");
  await rig.answer("anna");
  await rig.arrive("boris");
  return { leg, contact };
}

describe("a parked call", () => {
  it("waits in its slot with music until a colleague fetches it; it is one contact with its segments", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    expect(await rig.desk.park(rig.agentOf("anna"), contact.id, undefined)).toBe(1);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("wrap_up");
    expect(rig.switch.legs.get(leg)?.playbackId).toBeDefined();
    await rig.pass(10_000);
    const [parked] = rig.desk.parked(rig.agentOf("boris"));
    expect(parked).toMatchObject({
      slot: 1,
      contactId: contact.id,
      parkedBy: { name: "anna" },
      remoteNumber: "+46701000",
    });
    await rig.desk.fetchParked(rig.agentOf("boris"), 1);
    await rig.settle();
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(group(leg, boriss));
    expect(rig.desk.parked(rig.agentOf("boris"))).toEqual([]);
    await rig.pass(7_000);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const talks = rig
      .events("segment.started", contact.id)
      .filter((e) => e.payload.party === "customer" && e.payload.kind === "talk");
    expect(talks.map((e) => e.agentId)).toEqual(["anna", "boris"]);
    expect(rig.events("park.ended", contact.id)[0]?.payload.reason).toBe("picked_up");
  });

  it("takes the slot asked for, refuses one that is taken, and comes back to who parked it", async () => {
    const rig = new LiveRig(centre({ calling: { parkLimitMs: 20_000 } }));
    const { leg, contact } = await talking(rig);
    expect(await rig.desk.park(rig.agentOf("anna"), contact.id, 7)).toBe(7);
    await rig.settle();
    const second = await rig.customer("100");
    await rig.answer("boris");
    await expect(rig.desk.park(rig.agentOf("boris"), second.contact.id, 7)).rejects.toMatchObject({
      code: "slot_taken",
    });
    await rig.pass(20_000);
    const back = await rig.answer("anna");
    expect(rig.switch.legs.get(leg)?.bridgeId).toBe(rig.switch.legs.get(back)?.bridgeId);
    expect(rig.desk.parked(rig.agentOf("boris"))).toEqual([]);
    rig.switch.hangUpBy(leg);
    rig.switch.hangUpBy(second.leg);
    await rig.finish();
  });

  it("is nobody's of another client", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    await rig.desk.park(rig.agentOf("anna"), contact.id, undefined);
    const stranger = { ...rig.agentOf("boris"), rights: OTHER_CLIENT };
    expect(rig.desk.parked(stranger)).toEqual([]);
    await expect(rig.desk.fetchParked(stranger, 1)).rejects.toMatchObject({ code: "not_found" });
    rig.switch.hangUpBy(leg);
    await rig.settle();
    expect(rig.desk.parked(rig.agentOf("boris"))).toEqual([]);
    await rig.finish();
  });
});

describe("a call that rings at a colleague", () => {
  it("of a queue is taken by another of the team: the offer goes without blame, the contact is answered once", async () => {
    const team = { teamId: "team-1" };
    const rig = new LiveRig(centre({ profiles: { anna: team, boris: team } }));
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer("100", "+46701000");
    await rig.arrive("boris");
    await rig.pass(4_000);
    const [ringing] = rig.desk.ringing(rig.agentOf("boris"));
    expect(ringing).toMatchObject({ contactId: contact.id, agent: { name: "anna" }, kind: "offer" });
    await rig.desk.pickUp(rig.agentOf("boris"), contact.id);
    await rig.settle();
    expect(rig.legOf("anna")).toBeUndefined();
    const boriss = await rig.answer("boris");
    await rig.pass(2_000); // the beep of a device that answered by itself
    expect(rig.together()).toEqual(group(leg, boriss));
    expect([rig.stateOf("anna"), rig.stateOf("boris")]).toEqual(["available", "talking"]);
    expect(rig.events("call.picked_up", contact.id)).toMatchObject([
      { agentId: "boris", payload: { fromAgentId: "anna" } },
    ]);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.events("queue.left", contact.id).map((e) => e.payload.outcome)).toEqual(["answered"]);
  });

  it("goes on waiting when who took it does not answer", async () => {
    const team = { teamId: "team-1" };
    const rig = new LiveRig(centre({ agents: ["anna", "boris"], profiles: { anna: team, boris: team } }));
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer("100");
    await rig.arrive("boris");
    await rig.desk.pickUp(rig.agentOf("boris"), contact.id);
    await rig.settle();
    rig.switch.refuse(rig.legOf("boris") as LegId);
    await rig.settle();
    const again = rig.legOf("anna") ? "anna" : "boris";
    const answered = await rig.answer(again);
    expect(rig.together()).toEqual(group(leg, answered));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("of a transfer is taken, too; without the team and the right nobody sees it", async () => {
    const rig = new LiveRig(
      centre({ profiles: { celia: { rights: { ...OTHER_CLIENT, clientsOf: () => "all" } } } }),
    );
    const { leg, contact } = await talking(rig);
    await rig.arrive("celia");
    await rig.act("anna", contact.id, { kind: "transfer", target: { kind: "agent", agentId: "boris" } });
    expect(rig.desk.ringing(rig.agentOf("celia"))).toEqual([]);
    await expect(rig.desk.pickUp(rig.agentOf("celia"), contact.id)).rejects.toMatchObject({
      code: "not_found",
    });
    // by the right that covers everybody
    const chief = {
      ...rig.agentOf("celia"),
      rights: { ...OTHER_CLIENT, covers: () => true, clientsOf: () => "all" as const },
    };
    expect(rig.desk.ringing(chief)).toMatchObject([{ kind: "direct", agent: { name: "boris" } }]);
    await rig.desk.pickUp(chief, contact.id);
    await rig.settle();
    const celias = await rig.answer("celia");
    expect(rig.together()).toEqual(group(leg, celias));
    expect(rig.legOf("boris")).toBeUndefined();
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("of colleagues is taken within the team, for whatever client they work", async () => {
    const team = { teamId: "team-1" };
    const rig = new LiveRig(centre({ profiles: { boris: team, celia: team } }));
    await rig.arrive("anna", "boris", "celia");
    await rig.desk.call(rig.agentOf("anna"), { kind: "agent", agentId: "boris" });
    await rig.settle();
    const annas = await rig.answer("anna");
    const celia = { ...rig.agentOf("celia"), rights: OTHER_CLIENT };
    const [ringing] = rig.desk.ringing(celia);
    expect(ringing).toMatchObject({ kind: "direct", agent: { name: "boris" } });
    await rig.desk.pickUp(celia, ringing?.contactId ?? "");
    await rig.settle();
    const celias = await rig.answer("celia");
    expect(rig.together()).toEqual(group(annas, celias));
    rig.switch.hangUpBy(annas);
    await rig.finish();
  });
});
