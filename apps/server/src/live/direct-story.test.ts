import type { ClientId, EndpointId, LegId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import type { Rights } from "./centre-model.ts";
import { type CentreSketch, centre, LiveRig, TRUNK } from "./testing/live-rig.ts";

const group = (...legs: LegId[]): LegId[][] => [[...legs].sort()];
const NONE = { always: null, busy: null, no_answer: null, unreachable: null };

const NO_RIGHTS: Rights = { has: () => false, covers: () => false, clientsOf: () => [] };

/** A customer dials Anna's own number, +4681. */
async function direct(
  names: readonly string[],
  sketch: CentreSketch = {},
  prepare?: (rig: LiveRig) => Promise<unknown>,
  notice: "heard" | "plays" = "heard",
) {
  const rig = new LiveRig(centre(sketch));
  await rig.arrive(...names);
  await prepare?.(rig);
  const leg = rig.switch.callIn("4681", { callerNumber: "+46701000", trunkId: TRUNK }) as LegId;
  await rig.settle();
  if (notice === "heard") await rig.pass(2_000);
  const contact = rig.runtime.contacts.byLeg(leg);
  if (!contact) throw new Error("no contact");
  return { rig, leg, contact };
}

describe("a call to an agent's own number", () => {
  it("rings the agent, is recorded and wrapped up as any; nothing of it was offered to a queue", async () => {
    const { rig, leg, contact } = await direct(["anna", "boris"]);
    expect(rig.legOf("boris")).toBeUndefined();
    await rig.pass(3_000);
    const annas = await rig.answer("anna");
    expect(rig.together()).toEqual(group(leg, annas));
    expect(rig.stateOf("anna")).toBe("talking");
    await rig.pass(5_000);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBe("answered");
    expect(rig.events("queue.entered", contact.id)).toEqual([]);
    expect(rig.events("recording.stored", contact.id)).toHaveLength(1);
  });

  it("rings after the customer heard in their language that it is recorded", async () => {
    const { rig, leg, contact } = await direct(["anna"], {}, undefined, "plays");
    expect(rig.legOf("anna")).toBeUndefined();
    await rig.pass(2_000);
    expect(rig.events("notice.played", contact.id)).toMatchObject([
      { payload: { promptId: "system:en.recording-notice", notice: "recording", complete: true } },
    ]);
    await rig.answer("anna");
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.events("recording.stored", contact.id)).toHaveLength(1);
  });

  it("is not recorded when the notice could not be played", async () => {
    const { rig, leg, contact } = await direct(["anna"], {}, undefined, "plays");
    await rig.switch.stopPlayback(rig.switch.legs.get(leg)?.playbackId ?? "");
    await rig.settle();
    await rig.answer("anna");
    await rig.pass(3_000);
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.events("notice.played", contact.id)).toMatchObject([{ payload: { complete: false } }]);
    expect(rig.events("recording.started", contact.id)).toEqual([]);
  });

  it("whose customer hangs up during the notice rings nowhere", async () => {
    const { rig, leg, contact } = await direct(["anna"], {}, undefined, "plays");
    rig.switch.hangUpBy(leg);
    await rig.pass(3_000);
    expect(rig.legOf("anna")).toBeUndefined();
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBeDefined();
  });

  it("goes where the agent said when nobody answers; the diversion is told to a number outside", async () => {
    const { rig, leg } = await direct(["anna", "boris"], {}, (r) =>
      r.desk.setCalling(r.agentOf("anna"), {
        diversions: { ...NONE, no_answer: { kind: "agent", agentId: "boris" } },
      }),
    );
    await rig.pass(20_000);
    expect(rig.legOf("anna")).toBeUndefined();
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(group(leg, boriss));
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const away = await direct(["anna"], {}, (r) =>
      r.desk.setCalling(r.agentOf("anna"), {
        diversions: { ...NONE, always: { kind: "number", number: "+46812345" } },
      }),
    );
    const out = away.rig.switch.alive().find((l) => l.asked?.target.kind === "number");
    expect(out?.asked?.divertedFrom).toEqual({ number: "4681", reason: "unconditional" });
    expect(away.rig.ledger.find(({ type }) => type === "call.placed")?.agentId).toBe("anna"); // by their limits
    away.rig.switch.pickUp(out?.legId as LegId);
    await away.rig.settle();
    expect(away.rig.together()).toEqual(group(away.leg, out?.legId as LegId));
    away.rig.switch.hangUpBy(away.leg);
    await away.rig.finish();
  });

  it("goes to the diversion of a busy agent, and of one whose telephone says it is busy", async () => {
    const busy = { ...NONE, busy: { kind: "agent" as const, agentId: "boris" } };
    const { rig, leg } = await direct(["anna", "boris"], {}, async (r) => {
      await r.desk.setCalling(r.agentOf("anna"), { diversions: busy });
      await r.desk.setCalling(r.agentOf("anna"), { doNotDisturb: true });
    });
    expect(rig.legOf("anna")).toBeUndefined();
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(group(leg, boriss));
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const said = await direct(["anna", "boris"], {}, (r) =>
      r.desk.setCalling(r.agentOf("anna"), { diversions: busy }),
    );
    said.rig.switch.refuse(said.rig.legOf("anna") as LegId, "busy", 486);
    await said.rig.settle();
    await said.rig.answer("boris");
    said.rig.switch.hangUpBy(said.leg);
    await said.rig.finish();
  });

  it("waits in the client's queue when nobody answers or is there", async () => {
    const { rig, leg, contact } = await direct(["anna", "boris"]);
    await rig.pass(20_000);
    expect(contact.view()).toMatchObject({ customer: "queue", queueId: "q1" });
    const boriss = rig.legOf("anna") ? await rig.answer("anna") : await rig.answer("boris");
    expect(rig.together()).toEqual(group(leg, boriss));
    rig.switch.hangUpBy(leg);
    await rig.finish();
    const nobody = await direct([]);
    expect(nobody.contact.view()).toMatchObject({ customer: "queue" });
    nobody.rig.switch.hangUpBy(nobody.leg);
    await nobody.rig.finish();
    expect(nobody.rig.outcomeOf(nobody.contact.id)).toBe("abandoned_queue");
  });

  it("is picked up by a colleague of the team while it rings", async () => {
    const team = { teamId: "team-1" };
    const { rig, leg, contact } = await direct(["anna", "boris"], { profiles: { anna: team, boris: team } });
    await rig.desk.pickUp(rig.agentOf("boris"), contact.id);
    await rig.settle();
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(group(leg, boriss));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("of a customer who hangs up while it rings was not answered", async () => {
    const { rig, leg, contact } = await direct(["anna"]);
    rig.switch.hangUpBy(leg);
    await rig.settle();
    expect(rig.legOf("anna")).toBeUndefined();
    expect(rig.stateOf("anna")).toBe("available");
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBeDefined();
  });
});

describe("a colleague's call", () => {
  it("that nobody answers goes on to where the colleague said, also into a queue", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna", "boris", "celia");
    await rig.desk.setCalling(rig.agentOf("boris"), {
      diversions: { ...NONE, no_answer: { kind: "agent", agentId: "celia" } },
    });
    await rig.desk.call(rig.agentOf("anna"), { kind: "agent", agentId: "boris" });
    await rig.settle();
    const annas = await rig.answer("anna");
    await rig.pass(20_000);
    expect(rig.legOf("boris")).toBeUndefined();
    const celias = await rig.answer("celia");
    expect(rig.together()).toEqual(group(annas, celias));
    rig.switch.hangUpBy(annas);
    await rig.finish();
  });

  it("that the colleague has diverted outside is theirs: an internal call by their rights, their number told to nobody", async () => {
    const rig = new LiveRig(centre({ profiles: { anna: { rights: NO_RIGHTS } } }));
    await rig.arrive("anna", "boris");
    await rig.desk.setCalling(rig.agentOf("boris"), {
      diversions: { ...NONE, always: { kind: "number", number: "+46701234567" } },
    });
    const { contactId } = await rig.desk.call(rig.agentOf("anna"), { kind: "agent", agentId: "boris" });
    await rig.settle();
    const annas = await rig.answer("anna");
    const out = rig.switch.alive().find((l) => l.asked?.target.kind === "number")?.legId as LegId;
    rig.switch.pickUp(out);
    await rig.settle();
    expect(rig.together()).toEqual(group(annas, out));
    expect(rig.store.contacts.get(contactId)).toMatchObject({ direction: "internal" });
    expect(rig.desk.contact("anna", contactId)).toMatchObject({ remoteName: "boris" });
    expect(
      JSON.stringify([rig.desk.contact("anna", contactId), rig.store.contacts.get(contactId)]),
    ).not.toContain("46701234567");
    expect(rig.events("call.placed").map((event) => event.agentId)).toEqual(["boris"]);
    rig.switch.hangUpBy(out);
    await rig.finish();
  });

  it("reaches a desk phone whose owner is not at work", async () => {
    const rig = new LiveRig(centre({ phones: { desk: "boris" } }));
    rig.switch.register("desk" as EndpointId);
    await rig.desk.setDevice(rig.agentOf("boris"), { kind: "phone", phoneId: "desk" });
    await rig.arrive("anna");
    await rig.desk.call(rig.agentOf("anna"), { kind: "agent", agentId: "boris" });
    await rig.settle();
    const annas = await rig.answer("anna");
    const boriss = await rig.answer("desk");
    expect(rig.together()).toEqual(group(annas, boriss));
    rig.switch.hangUpBy(annas);
    await rig.finish();
  });

  it("tells a number outside why it is called when the agent did not answer", async () => {
    const { rig, leg } = await direct(["anna"], {}, (r) =>
      r.desk.setCalling(r.agentOf("anna"), {
        diversions: { ...NONE, no_answer: { kind: "number", number: "+46812345" } },
      }),
    );
    await rig.pass(20_000);
    const out = rig.switch.alive().find((l) => l.asked?.target.kind === "number");
    expect(out?.asked?.divertedFrom).toEqual({ number: "4681", reason: "no-answer" });
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("is not diverted abroad once that right is taken away", async () => {
    const may = new Set(["desk.dial_out", "desk.divert_outside", "dial.abroad"]);
    const rights: Rights = {
      has: (permission) => may.has(permission),
      covers: (permission) => may.has(permission),
      clientsOf: (permission) => (may.has(permission) ? "all" : []),
    };
    const sketch = { profiles: { anna: { rights } }, dialing: { countries: "all" } } as const;
    const { rig, leg, contact } = await direct(["anna"], sketch, async (r) => {
      await r.desk.setCalling(r.agentOf("anna"), {
        diversions: { ...NONE, always: { kind: "number", number: "+4722123456" } },
      });
      may.delete("dial.abroad");
    });
    expect(rig.events("call.placed")).toEqual([]);
    expect(contact.view()).toMatchObject({ customer: "queue" });
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("is diverted outside by the rules and rights of a client for whom the agent works, not of the first one", async () => {
    const model = centre({
      profiles: {
        anna: {
          rights: {
            has: () => true,
            covers: (_permission, { clientId }) => clientId === "client-1",
            clientsOf: () => ["client-1" as ClientId],
          },
        },
      },
    });
    const other = [...model.clients.values()].map((client) => ({ ...client, id: "client-0" as ClientId }));
    const rig = new LiveRig({
      ...model,
      clients: new Map([...other, ...model.clients.values()].map((client) => [client.id, client])),
    });
    await rig.arrive("anna");
    const always = { kind: "number", number: "+46701000000" } as const;
    const set = await rig.desk.setCalling(rig.agentOf("anna"), { diversions: { ...NONE, always } });
    expect(set.diversions.always).toEqual(always);
    await rig.finish();
  });
});
