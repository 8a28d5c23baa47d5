import type { EndpointId, LegId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { centre, LiveRig, TRUNK } from "./testing/live-rig.ts";

const group = (...legs: LegId[]): LegId[][] => [[...legs].sort()];

async function talking(rig: LiveRig, ...others: string[]) {
  await rig.arrive("anna");
  const { leg, contact } = await rig.customer("100", "+46701000");
  await rig.pass(2_000);
  const annas = await rig.answer("anna");
  await rig.arrive(...others);
  await rig.pass(10_000);
  return { leg, contact, annas };
}

describe("a trunk that dies in the middle of a call", () => {
  it("leaves calls that have media alone", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    rig.switch.trunkDown(TRUNK, "timeout");
    await rig.pass(60_000);
    expect(rig.together()).toEqual(group(leg, annas));
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBe("answered");
  });

  it("takes a BYE with it: the customer's silence ends the call, told as the carrier's doing", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    rig.switch.trunkDown(TRUNK, "timeout");
    // the customer hung up; the BYE never came, the media stopped
    rig.switch.fail(leg, "media_timeout");
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("wrap_up");
    await rig.finish();
    expect(rig.events("leg.ended", contact.id).find((e) => e.legId === leg)?.payload).toMatchObject({
      by: "carrier",
      cause: "media_timeout",
    });
    expect(rig.outcomeOf(contact.id)).toBe("answered");
  });
});

describe("a laptop that sleeps", () => {
  it("in a call: comfort music at once, after the grace the customer stands in front of the queue, the agent is not asked", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig, "boris");
    const behind = await rig.customer("100");
    await rig.answer("boris");
    rig.switch.unregister("anna" as EndpointId, "connection_lost");
    await rig.settle();
    expect(contact.view().customer).toBe("detached");
    expect(rig.switch.legs.get(leg)?.playbackId).toBeDefined();
    rig.switch.fail(annas, "media_timeout");
    await rig.pass(30_000);
    expect(contact.view().customer).toBe("queue");
    rig.switch.hangUpBy(behind.leg);
    await rig.settle();
    await rig.act("boris", behind.contact.id, { kind: "finish_wrap_up" });
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(group(leg, boriss));
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const had = rig
      .events("segment.started", contact.id)
      .filter((e) => e.payload.party === "customer" && e.payload.kind === "talk")
      .map((e) => e.agentId);
    expect(had).toEqual(["anna", "boris"]);
  });

  it("and wakes within the grace has its call again", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    rig.switch.unregister("anna" as EndpointId, "connection_lost");
    await rig.pass(12_000);
    rig.switch.register("anna" as EndpointId);
    await rig.settle();
    const again = await rig.answer("anna");
    expect(rig.together()).toEqual(group(leg, again));
    expect(rig.deskStateOf("anna", contact.id)).toBe("talking");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a desk phone whose connection breaks", () => {
  it("goes on talking when it connects again, and is lost when it does not", async () => {
    const rig = new LiveRig(centre({ phones: { desk: "anna" } }));
    rig.switch.register("desk" as EndpointId);
    await rig.desk.setDevice(rig.agentOf("anna"), { kind: "phone", phoneId: "desk" });
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    const phone = await rig.answer("desk");
    rig.switch.unregister("desk" as EndpointId, "connection_lost");
    await rig.pass(2_000);
    rig.switch.register("desk" as EndpointId);
    await rig.pass(10_000);
    expect(rig.together()).toEqual(group(leg, phone));
    rig.switch.unregister("desk" as EndpointId, "connection_lost");
    await rig.pass(5_000);
    expect(contact.view().customer).toBe("detached");
    rig.switch.register("desk" as EndpointId);
    await rig.settle();
    const again = await rig.answer("desk");
    expect(rig.together()).toEqual(group(leg, again));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a clock that jumps", () => {
  it("over every limit at once: what was due happens, each once, and the books agree", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna", "boris");
    const { leg, contact } = await rig.customer();
    // the machine slept for an hour: nobody answered, everybody is asked in turn and lets it ring
    await rig.pass(3_600_000);
    rig.verify();
    expect(contact.view().customer).toBe("queue");
    for (const name of ["anna", "boris"]) expect(rig.stateOf(name)).toBe("not_ready");
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBe("abandoned_queue");
  });

  it("during a talk and a hold: the seconds are those of the clock, without a gap", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    await rig.act("anna", contact.id, { kind: "hold" });
    await rig.pass(7_200_000);
    await rig.act("anna", contact.id, { kind: "resume" });
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBe("answered");
  });
});

describe("media that are lost and come back", () => {
  it("are told in the ledger; the call goes on", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    rig.switch.loseMedia(leg);
    await rig.pass(400);
    rig.switch.restoreMedia(leg);
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, annas));
    expect(rig.events("leg.media_lost", contact.id)).toHaveLength(1);
    expect(rig.events("leg.media_restored", contact.id)).toHaveLength(1);
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("the quality of a line", () => {
  it("is shown in words as it changes, and stands with the leg in the ledger", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    const told = (mos: number, remoteMos?: number) =>
      rig.switch.reportQuality(leg, {
        mos,
        ...(remoteMos === undefined ? {} : { remoteMos }),
        codec: "PCMA",
        packetsReceived: 100,
        packetsSent: 100,
        lossShare: 0.01,
        jitterMs: 3,
      });
    told(4.3);
    await rig.settle();
    expect(rig.desk.contact("anna", contact.id)?.quality).toBe("good");
    told(4.3, 2.9);
    await rig.settle();
    expect(rig.desk.contact("anna", contact.id)?.quality).toBe("poor");
    expect(rig.floorNow().agents.find((a) => a.id === "anna")?.quality).toBe("poor");
    told(3.8);
    await rig.settle();
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const ended = rig.events("leg.ended", contact.id).find((e) => e.legId === leg);
    expect(ended?.payload.quality).toMatchObject({ mos: 3.8, codec: "pcma", lossShare: 0.01 });
  });
});
