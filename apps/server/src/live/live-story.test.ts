import { describe, expect, it } from "vitest";
import { LiveRig } from "./testing/live-rig.ts";

describe("an inbound call", () => {
  it("is offered, answered, held, resumed, hung up by the customer and wrapped up", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer("100", "+4670");
    expect(rig.deskStateOf("anna", contact.id)).toBe("offered");
    await rig.pass(3_000);
    const agentLeg = await rig.answer("anna");
    expect(rig.together()).toEqual([[leg, agentLeg].sort()]);
    expect(rig.stateOf("anna")).toBe("talking");
    await rig.pass(10_000);
    await rig.act("anna", contact.id, { kind: "hold" });
    expect(rig.stateOf("anna")).toBe("held");
    await rig.pass(5_000);
    await rig.act("anna", contact.id, { kind: "resume" });
    await rig.pass(5_000);
    rig.switch.hangUpBy(leg);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("wrap_up");
    expect(rig.deskStateOf("anna", contact.id)).toBe("wrap_up");
    await rig.act("anna", contact.id, { kind: "finish_wrap_up" });
    expect(rig.outcomeOf(contact.id)).toBe("answered");
    expect(rig.stateOf("anna")).toBe("available");
    await rig.finish();
    expect([...rig.store.recordings.values()].map((r) => r.state)).toEqual(["stored"]);
    expect(rig.warnings).toEqual([]);
  });
});
