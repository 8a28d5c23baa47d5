import type { ClientId, EndpointId, LegId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import type { Place, Rights } from "./centre-model.ts";
import { centre, LiveRig } from "./testing/live-rig.ts";

const group = (...legs: LegId[]): LegId[][] => [[...legs].sort()];

/** Held for one client only. */
function ofClient(clientId: string): Rights {
  return {
    has: () => true,
    covers: (_permission, place: Place) => place.clientId === clientId,
    clientsOf: () => [clientId as ClientId],
  };
}

/** Anna talks with a customer; celia supervises. */
async function supervised(sketch: Parameters<typeof centre>[0] = {}) {
  const rig = new LiveRig(centre(sketch));
  await rig.arrive("anna");
  const { leg, contact } = await rig.customer("100", "+46701000");
  const annas = await rig.answer("anna");
  rig.switch.register("celia" as EndpointId);
  await rig.settle();
  const chief = { agentId: "celia", rights: rig.runtime.agents.profile("celia").rights };
  return { rig, leg, contact, annas, chief };
}

describe("a supervisor", () => {
  it("listens unheard, whispers, barges in and leaves; the audit and the ledger tell it, talk time does not", async () => {
    const { rig, leg, contact, annas, chief } = await supervised();
    const monitor = await rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" });
    expect(monitor).toMatchObject({
      agentId: "anna",
      mode: "listen",
      state: "ringing",
      supervisor: { name: "celia" },
    });
    await rig.settle();
    expect(rig.switch.legs.get(rig.legOf("celia") as LegId)?.asked?.autoAnswer).toBe(true);
    const celias = await rig.answer("celia");
    expect(rig.together()).toEqual(group(leg, annas, celias));
    expect(rig.roleIn(celias)).toEqual({ type: "listen" });
    expect(rig.desk.contact("anna", contact.id)?.monitored).toBeUndefined();
    await rig.pass(5_000);
    await rig.floor.changeMonitor(chief, monitor.id, "whisper");
    await rig.settle();
    expect(rig.roleIn(celias)).toEqual({ type: "whisper", to: [annas] });
    expect(rig.desk.contact("anna", contact.id)?.monitored).toBe("whisper");
    await rig.floor.changeMonitor(chief, monitor.id, "barge");
    await rig.settle();
    expect(rig.roleIn(celias)).toEqual({ type: "talk" });
    const seen = rig.floorNow().agents.find((a) => a.id === "anna");
    expect(seen).toMatchObject({ talking: true, monitors: [{ supervisorId: "celia", mode: "barge" }] });
    await rig.floor.stopMonitor(chief, monitor.id);
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, annas));
    expect(rig.audited.map(({ action, userId, subjectId }) => [action, userId, subjectId])).toEqual([
      ["call_listened", "celia", contact.id],
      ["call_whispered", "celia", contact.id],
      ["call_barged", "celia", contact.id],
    ]);
    expect(rig.events("monitor.started", contact.id)).toHaveLength(1);
    expect(rig.events("monitor.ended", contact.id)).toHaveLength(1);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const talked = rig.events("segment.started", contact.id).filter((e) => e.agentId === "celia");
    expect(talked).toEqual([]);
  });

  it("takes the customer over; the agent wraps up, and who had the customer when is told", async () => {
    const { rig, leg, contact, chief } = await supervised();
    await rig.desk.logIn(rig.agentOf("celia"), { kind: "not_ready", reasonId: "lunch" });
    const monitor = await rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" });
    await rig.settle();
    const celias = await rig.answer("celia");
    expect(rig.stateOf("celia")).toBe("busy_other");
    expect(rig.desk.state(rig.agentOf("celia")).agent.state).toBe("monitoring");
    await rig.pass(4_000);
    await rig.floor.takeOver(chief, monitor.id);
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, celias));
    expect([rig.stateOf("anna"), rig.stateOf("celia")]).toEqual(["wrap_up", "talking"]);
    expect(rig.desk.contact("celia", contact.id)?.state).toBe("talking");
    await rig.pass(6_000);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.events("contact.taken_over", contact.id)).toMatchObject([
      { agentId: "celia", payload: { fromAgentId: "anna" } },
    ]);
    const states = rig.ledger.flatMap((e) =>
      e.type === "agent.state_changed" && e.agentId === "celia" ? [e.payload.state] : [],
    );
    expect(states).toContain("monitoring");
  });

  it("who took over and loses the browser is awaited with comfort music, as any agent", async () => {
    const { rig, leg, contact, chief } = await supervised();
    await rig.desk.logIn(rig.agentOf("celia"), { kind: "not_ready", reasonId: "lunch" });
    const monitor = await rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" });
    await rig.settle();
    await rig.answer("celia");
    await rig.floor.takeOver(chief, monitor.id);
    await rig.settle();
    rig.switch.unregister("celia" as EndpointId);
    await rig.settle();
    expect(contact.view().customer).toBe("detached");
    rig.switch.register("celia" as EndpointId);
    await rig.settle();
    const back = await rig.answer("celia");
    expect(rig.together()).toEqual(group(leg, back));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("goes with the agent into a consultation, and out when the call ends", async () => {
    const { rig, leg, contact, annas, chief } = await supervised();
    await rig.arrive("boris");
    await rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" });
    await rig.settle();
    const celias = await rig.answer("celia");
    await rig.act("anna", contact.id, { kind: "consult", target: { kind: "agent", agentId: "boris" } });
    const boriss = await rig.answer("boris");
    expect(rig.together()).toContainEqual([annas, boriss, celias].sort());
    await rig.act("anna", contact.id, { kind: "consult_cancel" });
    expect(rig.together()).toEqual(group(leg, annas, celias));
    rig.switch.hangUpBy(leg);
    await rig.settle();
    expect(rig.switch.legs.get(celias)?.state).toBe("ended");
    await rig.finish();
  });

  it("is shown to the agent where the centre says so", async () => {
    const { rig, leg, contact, chief } = await supervised({ calling: { showMonitoring: true } });
    await rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" });
    await rig.settle();
    await rig.answer("celia");
    expect(rig.desk.contact("anna", contact.id)?.monitored).toBe("listen");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("hears nobody of another client, nobody without the right, and not themselves", async () => {
    const { rig, leg, contact } = await supervised();
    const call = { contactId: contact.id, mode: "listen" as const };
    const by = (rights: Rights) => ({ agentId: "celia", rights });
    await expect(rig.floor.startMonitor(by(ofClient("client-2")), call)).rejects.toMatchObject({
      code: "not_found",
    });
    const viewer: Rights = {
      has: () => true,
      covers: (permission) => permission === "floor.view" || permission === "monitor.listen",
      clientsOf: () => "all",
    };
    await expect(rig.floor.startMonitor(by(viewer), { ...call, mode: "barge" })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      rig.floor.startMonitor({ agentId: "anna", rights: ofClient("client-1") }, call),
    ).rejects.toMatchObject({ code: "same_agent" });
    const monitor = await rig.floor.startMonitor(by(viewer), call);
    await rig.settle();
    await rig.answer("celia");
    await expect(rig.floor.changeMonitor(by(viewer), monitor.id, "whisper")).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(rig.floor.takeOver(by(viewer), monitor.id)).rejects.toMatchObject({ code: "forbidden" });
    expect(rig.floor.monitors(ofClient("client-2"))).toEqual([]);
    expect(rig.floor.monitors(ofClient("client-1"))).toHaveLength(1);
    expect(rig.audited).toHaveLength(1);
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("takes over by the monitoring that asked for it only: a later one that listens goes on listening", async () => {
    const { rig, leg, contact, annas, chief } = await supervised();
    const first = await rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" });
    await rig.settle();
    await rig.floor.takeOver(chief, first.id); // as soon as the device answers, which it never does
    await rig.floor.stopMonitor(chief, first.id);
    await rig.settle();
    await rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" });
    await rig.settle();
    const celias = await rig.answer("celia");
    expect(rig.together()).toEqual(group(leg, annas, celias));
    expect(rig.stateOf("anna")).toBe("talking");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("hears calls between colleagues by rights over people only: they are no client's", async () => {
    const rig = new LiveRig(centre());
    for (const name of ["anna", "boris", "celia"]) await rig.arrive(name);
    const { contactId } = await rig.desk.call(rig.agentOf("anna"), { kind: "agent", agentId: "boris" });
    await rig.settle();
    await rig.answer("anna");
    await rig.answer("boris");
    const call = { contactId, agentId: "anna", mode: "listen" as const };
    await expect(
      rig.floor.startMonitor({ agentId: "celia", rights: ofClient("client-1") }, call),
    ).rejects.toMatchObject({ code: "not_found" });
    const { rights } = rig.runtime.agents.profile("celia");
    expect(await rig.floor.startMonitor({ agentId: "celia", rights }, call)).toMatchObject({
      agentId: "anna",
    });
    await rig.act("anna", contactId, { kind: "hang_up" });
    await rig.finish();
  });

  it("needs a device that is there", async () => {
    const { rig, leg, contact, chief } = await supervised();
    rig.switch.unregister("celia" as EndpointId);
    await rig.settle();
    await expect(
      rig.floor.startMonitor(chief, { contactId: contact.id, mode: "listen" }),
    ).rejects.toMatchObject({ code: "device_unreachable" });
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a supervisor at a desk phone", () => {
  it("dials a code and listens, and takes over by another", async () => {
    const { rig, leg, annas } = await supervised({ phones: { chief: "celia" } });
    rig.switch.register("chief" as EndpointId);
    await rig.desk.setDevice(rig.agentOf("celia"), { kind: "phone", phoneId: "chief" });
    const listening = rig.switch.callIn("*1201", { endpointId: "chief" as EndpointId }) as LegId;
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, annas, listening));
    expect(rig.roleIn(listening)).toEqual({ type: "listen" });
    const asking = rig.switch.callIn("*4201", { endpointId: "chief" as EndpointId }) as LegId;
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, listening));
    await rig.pass(15_000);
    expect(rig.switch.legs.get(asking)?.state).toBe("ended");
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.audited.map(({ action }) => action)).toEqual(["call_listened", "call_taken_over"]);
  });

  it("takes over at once when nobody listens yet; a code for nobody is denied", async () => {
    const { rig, leg } = await supervised({ phones: { chief: "celia" } });
    rig.switch.register("chief" as EndpointId);
    await rig.desk.setDevice(rig.agentOf("celia"), { kind: "phone", phoneId: "chief" });
    const denied = rig.switch.callIn("*1202", { endpointId: "chief" as EndpointId }) as LegId;
    await rig.settle();
    await rig.pass(15_000);
    expect(rig.switch.legs.get(denied)?.state).toBe("ended");
    const taking = rig.switch.callIn("*4201", { endpointId: "chief" as EndpointId }) as LegId;
    await rig.settle();
    expect(rig.together()).toEqual(group(leg, taking));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});
