import type { EndpointId, LegId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { centre, LiveRig } from "./testing/live-rig.ts";

/** Anna talks with a customer; boris and celia are free. */
async function talking(rig: LiveRig) {
  await rig.arrive("anna");
  const { leg, contact } = await rig.customer("100", "+46701000");
  const annas = await rig.answer("anna");
  await rig.arrive("boris", "celia");
  await rig.pass(5_000);
  return { leg, contact, annas };
}

const group = (...legs: LegId[]): LegId[][] => [[...legs].sort()];

describe("a conference", () => {
  it("comes of a consultation: all three talk; whoever asked may leave, and the others go on", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    await rig.act("anna", contact.id, { kind: "consult", target: { kind: "agent", agentId: "boris" } });
    const boriss = await rig.answer("boris");
    await rig.act("anna", contact.id, { kind: "conference_merge" });
    expect(rig.together()).toEqual(group(leg, annas, boriss));
    const shown = rig.desk.contact("anna", contact.id);
    expect(shown?.conference).toMatchObject([
      { participantId: "customer", kind: "customer", state: "talking", self: false },
      { kind: "agent", agentId: "anna", self: true },
      { kind: "agent", agentId: "boris", label: "boris", state: "talking", self: false },
    ]);
    expect([rig.stateOf("anna"), rig.stateOf("boris")]).toEqual(["conferenced", "conferenced"]);
    await rig.act("anna", contact.id, { kind: "conference_leave" });
    expect(rig.together()).toEqual(group(leg, boriss));
    expect(rig.stateOf("anna")).toBe("wrap_up");
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBe("answered");
    expect(rig.store.contacts.get(contact.id)?.joined).toEqual(["anna", "boris"]); // supervisors of their teams find it
  });

  it("takes in a number while everybody talks on, and can send it off", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    await rig.act("anna", contact.id, {
      kind: "conference_add",
      target: { kind: "number", number: "+46812345" },
    });
    expect(rig.together()).toEqual(group(leg, annas));
    const outside = rig.switch.alive().find((l) => l.asked?.target.kind === "number")?.legId as LegId;
    rig.switch.pickUp(outside);
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, annas, outside));
    const third = rig.desk.contact("anna", contact.id)?.conference?.find((p) => p.kind === "number");
    expect(third).toMatchObject({ label: "+46812345", state: "talking" });
    await rig.act("anna", contact.id, { kind: "conference_drop", participantId: third?.participantId ?? "" });
    expect(rig.together()).toEqual(group(leg, annas));
    await expect(
      rig.act("anna", contact.id, { kind: "conference_drop", participantId: "nobody" }),
    ).rejects.toMatchObject({ code: "no_such_party" });
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("of four ends with the customer", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    for (const name of ["boris", "celia"]) {
      await rig.act("anna", contact.id, {
        kind: "conference_add",
        target: { kind: "agent", agentId: name },
      });
      await rig.answer(name);
    }
    expect(rig.together()[0]).toHaveLength(4);
    expect(rig.together()[0]).toContain(annas);
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a transfer to an entry point", () => {
  it("gives the customer to its flow again: same contact, a queue entry by transfer, the agent wraps up", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    await rig.act("anna", contact.id, {
      kind: "transfer",
      target: { kind: "entry_point", entryPointId: "entry-1" },
    });
    expect(rig.stateOf("anna")).toBe("wrap_up");
    const boriss = rig.legOf("boris") ?? rig.legOf("celia");
    expect(boriss).toBeDefined();
    const [first, second] = rig.events("queue.entered", contact.id);
    expect([first?.payload.initiation, second?.payload.initiation]).toEqual(["new", "transfer"]);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    await expect(
      rig.act("anna", contact.id, { kind: "transfer", target: { kind: "entry_point", entryPointId: "x" } }),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a call on the move", () => {
  it("goes to the agent's desk phone without a gap, and later calls go there", async () => {
    const rig = new LiveRig(centre({ phones: { desk: "anna" } }));
    const { leg, contact, annas } = await talking(rig);
    await expect(
      rig.act("anna", contact.id, { kind: "move", device: { kind: "phone", phoneId: "desk" } }),
    ).rejects.toMatchObject({ code: "device_unreachable" });
    rig.switch.register("desk" as EndpointId);
    await rig.act("anna", contact.id, { kind: "move", device: { kind: "phone", phoneId: "desk" } });
    expect(rig.together()).toEqual(group(leg, annas));
    expect(rig.desk.contact("anna", contact.id)?.moving).toBe(true);
    expect(rig.switch.legs.get(rig.legOf("desk") as LegId)?.asked?.autoAnswer).toBe(true);
    const desk = await rig.answer("desk");
    expect(rig.together()).toEqual(group(leg, desk));
    expect(rig.switch.legs.get(annas)?.state).toBe("ended");
    expect(rig.stateOf("anna")).toBe("talking");
    // the browser goes: it has nothing to do with the call any more
    rig.switch.unregister("anna" as EndpointId);
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, desk));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});
