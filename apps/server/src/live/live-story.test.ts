import type { AgentId, EndpointId, LegId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { itemOf } from "./item-id.ts";
import { centre, LiveRig } from "./testing/live-rig.ts";

/** Anna talks with a customer; boris is there, too. */
async function talking(rig: LiveRig) {
  await rig.arrive("anna");
  const { leg, contact } = await rig.customer("100", "+46701000");
  await rig.pass(2_000);
  const annas = await rig.answer("anna");
  await rig.arrive("boris");
  return { leg, contact, annas };
}

const LUNCH = { state: "not_ready", reason: "lunch", paid: false, productive: false } as const;

const pair = (...legs: LegId[]): LegId[][] => [[...legs].sort()];

describe("an inbound call", () => {
  it("is offered, answered, held, resumed, hung up by the customer and wrapped up", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer("100", "+46700000");
    expect(rig.deskStateOf("anna", contact.id)).toBe("offered");
    await rig.pass(3_000);
    const annas = await rig.answer("anna");
    expect(rig.together()).toEqual(pair(leg, annas));
    expect(rig.stateOf("anna")).toBe("talking");
    await rig.pass(10_000);
    await rig.act("anna", contact.id, { kind: "hold" });
    expect(rig.stateOf("anna")).toBe("held");
    expect(rig.together()).toEqual(pair(annas));
    await rig.pass(5_000);
    await rig.act("anna", contact.id, { kind: "resume" });
    expect(rig.together()).toEqual(pair(leg, annas));
    await expect(rig.act("anna", contact.id, { kind: "finish_wrap_up" })).rejects.toMatchObject({
      code: "wrong_state",
    });
    rig.switch.hangUpBy(leg);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("wrap_up");
    expect(rig.deskStateOf("anna", contact.id)).toBe("wrap_up");
    await rig.act("anna", contact.id, { kind: "finish_wrap_up" });
    expect(rig.outcomeOf(contact.id)).toBe("answered");
    expect(rig.stateOf("anna")).toBe("available");
    await rig.finish();
    expect([...rig.store.recordings.values()].map((r) => r.state)).toEqual(["stored"]);
    const changes = Object.assign({}, ...(rig.store.contacts.get(contact.id)?.changes ?? []));
    expect(changes).toMatchObject({ outcome: "answered", waitMs: 3_000, talkMs: 10_000, agentId: "anna" });
    expect(rig.warnings).toEqual([]);
  });

  it("goes to the next when refused and when not answered; who let it ring is not ready", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna", "boris", "celia");
    const { contact } = await rig.customer();
    const first = rig.legOf("anna") ? "anna" : "boris";
    rig.switch.refuse(rig.legOf(first) as LegId, "busy", 486);
    await rig.settle();
    expect(rig.stateOf(first)).toBe("not_ready");
    expect(rig.deskStateOf(first, contact.id)).toBeUndefined();
    const ringing = ["anna", "boris", "celia"].find((n) => rig.legOf(n)) as string;
    await rig.pass(18_000);
    expect(rig.runtime.link.router.agent(ringing as AgentId)).toMatchObject({
      state: "not_ready",
      reason: "rona",
    });
    const last = ["anna", "boris", "celia"].find((n) => rig.legOf(n)) as string;
    await rig.answer(last);
    expect(rig.deskStateOf(last, contact.id)).toBe("talking");
    await rig.act(last, contact.id, { kind: "hang_up" });
    expect(rig.events("offer.refused")).toHaveLength(1);
    expect(rig.events("offer.timed_out")).toHaveLength(1);
    await rig.finish();
  });

  it("is answered at the instant at which the router takes the offer back: the agent has it, nobody else is blamed", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    await rig.arrive("boris");
    const offered = rig.legOf("anna") as LegId;
    rig.runtime.act(() => {
      rig.switch.pickUp(offered);
      rig.runtime.agents.setPresence("anna" as AgentId, LUNCH, "agent");
    });
    await rig.settle();
    expect(rig.together()).toEqual(pair(leg, offered));
    expect(rig.stateOf("anna")).toBe("talking");
    expect(rig.deskStateOf("anna", contact.id)).toBe("talking");
    expect(rig.stateOf("boris")).toBe("available");
    expect(rig.runtime.link.router.item(itemOf(contact.id))).toBeUndefined();
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.stateOf("anna")).toBe("not_ready");
  });

  it("of a withheld number has no customer; one to a number of nobody is refused", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await rig.customer("100");
    expect(rig.store.contacts.get(contact.id)?.remoteNumber).toBeUndefined();
    expect(rig.events("contact.classified")).toEqual([]);
    rig.switch.hangUpBy(leg);
    rig.switch.callIn("555");
    await rig.settle();
    expect(rig.events("call.blocked").map((e) => e.payload.reason)).toEqual(["unknown_number"]);
    await rig.finish();
  });

  it("goes on when the recording fails, and the ledger says so", async () => {
    const rig = new LiveRig();
    rig.switch.recordingFault = "disk_full";
    const { leg, annas } = await talking(rig);
    expect(rig.together()).toEqual(pair(leg, annas));
    expect(rig.events("recording.failed")).toMatchObject([{ payload: { reason: "disk_full" } }]);
    expect([...rig.store.recordings.values()]).toMatchObject([{ state: "failed", reason: "disk_full" }]);
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a queue that is removed", () => {
  it("hands its callers to another queue of the client", async () => {
    const rig = new LiveRig();
    const { contact } = await rig.customer();
    const model = centre();
    rig.runtime.applyModel({
      ...model,
      queues: new Map([...model.queues].filter(([id]) => id !== "q1")),
      revision: 2,
    });
    await rig.settle();
    expect(rig.runtime.link.router.item(itemOf(contact.id))?.queueId).toBe("q2");
    await rig.arrive("anna");
    await rig.answer("anna");
    await rig.act("anna", contact.id, { kind: "hang_up" });
    await rig.finish();
  });

  it("ends the call with the truth when there is no other", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await rig.customer();
    rig.runtime.applyModel({ ...centre(), queues: new Map(), revision: 2 });
    await rig.settle();
    expect(rig.outcomeOf(contact.id)).toBe("failed_tech");
    expect(rig.switch.legs.get(leg)?.state).toBe("ended");
    // and one who arrives now does not wait for nobody
    const second = await rig.customer().catch(() => undefined);
    expect(second ? rig.outcomeOf(second.contact.id) : "failed_tech").toBe("failed_tech");
    await rig.finish();
  });

  it("ends a consultation that waited in it, and the agent has the customer", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    await rig.desk.setPresence(rig.agentOf("boris"), { kind: "not_ready", reasonId: "lunch" });
    await rig.act("anna", contact.id, { kind: "consult", target: { kind: "queue", queueId: "q2" } });
    const model = centre();
    rig.runtime.applyModel({
      ...model,
      queues: new Map([...model.queues].filter(([id]) => id !== "q2")),
      revision: 2,
    });
    await rig.settle();
    expect(contact.view().consult).toBeUndefined();
    expect(rig.together()).toEqual(pair(leg, annas));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a transfer", () => {
  it("that nobody answers comes back to who gave it", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    await rig.act("anna", contact.id, { kind: "transfer", target: { kind: "agent", agentId: "boris" } });
    expect(rig.stateOf("anna")).toBe("wrap_up");
    expect(rig.stateOf("boris")).toBe("reserved");
    await rig.pass(20_000);
    expect(rig.deskStateOf("boris", contact.id)).toBeUndefined();
    expect(rig.stateOf("boris")).toBe("available");
    const back = await rig.answer("anna");
    expect(rig.together()).toEqual(pair(leg, back));
    expect(rig.stateOf("anna")).toBe("talking");
    expect(rig.deskStateOf("anna", contact.id)).toBe("talking");
    await rig.pass(60_000);
    expect(rig.stateOf("anna")).toBe("talking");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("to a colleague who is busy, to oneself, to another client's queue or to a line that is none is refused", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    const refused = async (
      target:
        | { kind: "agent"; agentId: string }
        | { kind: "queue"; queueId: string }
        | { kind: "number"; number: string },
    ) =>
      rig.act("anna", contact.id, { kind: "transfer", target }).then(
        () => "done",
        (e: { code: string }) => e.code,
      );
    expect(await refused({ kind: "agent", agentId: "anna" })).toBe("same_agent");
    expect(await refused({ kind: "agent", agentId: "celia" })).toBe("agent_not_free");
    expect(await refused({ kind: "queue", queueId: "nowhere" })).toBe("not_found");
    rig.runtime.applyModel({ ...centre(), trunks: new Map(), revision: 2 });
    expect(await refused({ kind: "number", number: "+46709000" })).toBe("no_lines");
    expect(rig.deskStateOf("anna", contact.id)).toBe("talking");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a consultation", () => {
  it("is completed: the colleague has the customer, on the desk as well, and it has a row of its own", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    await rig.act("anna", contact.id, { kind: "consult", target: { kind: "agent", agentId: "boris" } });
    const boriss = await rig.answer("boris");
    await rig.pass(4_000);
    await rig.act("anna", contact.id, { kind: "consult_complete" });
    expect(rig.together()).toEqual(pair(leg, boriss));
    expect(rig.deskStateOf("boris", contact.id)).toBe("talking");
    expect(rig.desk.contact("boris" as AgentId, contact.id)?.direction).toBe("inbound");
    expect(rig.stateOf("boris")).toBe("talking");
    expect(rig.stateOf("anna")).toBe("wrap_up");
    await rig.act("boris", contact.id, { kind: "hang_up" });
    expect(rig.stateOf("boris")).toBe("wrap_up");
    await rig.finish();
    const rows = [...rig.store.contacts.values()];
    expect(rows.map((r) => [r.direction, r.linkedTo, r.closed])).toEqual([
      ["inbound", undefined, true],
      ["internal", contact.id, true],
    ]);
  });

  it("is cancelled: the agent talks with the customer again", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    await rig.act("anna", contact.id, { kind: "consult", target: { kind: "agent", agentId: "boris" } });
    await rig.answer("boris");
    await rig.act("anna", contact.id, { kind: "consult_cancel" });
    expect(rig.together()).toEqual(pair(leg, annas));
    expect(rig.deskStateOf("boris", contact.id)).toBeUndefined();
    expect(rig.stateOf("boris")).toBe("available");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("whose asker hangs up while it rings becomes a transfer, and stays on the colleague's desk", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    await rig.act("anna", contact.id, { kind: "consult", target: { kind: "agent", agentId: "boris" } });
    rig.switch.hangUpBy(annas);
    await rig.settle();
    expect(rig.deskStateOf("boris", contact.id)).toBe("offered");
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(pair(leg, boriss));
    expect(rig.stateOf("boris")).toBe("talking");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a device that is lost", () => {
  it("comes back: comfort for the customer in between, then both are together", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    rig.switch.unregister("anna" as EndpointId);
    await rig.settle();
    expect(rig.deskStateOf("anna", contact.id)).toBe("detached");
    await rig.pass(5_000);
    rig.switch.register("anna" as EndpointId);
    await rig.settle();
    const again = await rig.answer("anna");
    expect(rig.together()).toEqual(pair(leg, again));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("is called at once when it never lost its registration, but not for ever", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    rig.switch.fail(annas, "media_timeout");
    await rig.settle();
    const again = await rig.answer("anna");
    expect(rig.together()).toEqual(pair(leg, again));
    for (let i = 0; i < 2; i++) {
      rig.switch.fail(rig.legOf("anna") as LegId, "failed");
      await rig.settle();
      await rig.answer("anna");
    }
    rig.switch.fail(rig.legOf("anna") as LegId, "failed");
    await rig.settle();
    expect(rig.legOf("anna")).toBeUndefined();
    await rig.pass(30_000);
    expect(contact.view().customer).toBe("queue");
    await rig.answer("boris");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("is no longer the agent's device: the call stays where it is, and comes to the new one when lost", async () => {
    const rig = new LiveRig(centre({ phones: { desk: "anna" } }));
    const { leg, contact } = await talking(rig);
    rig.switch.register("desk" as EndpointId);
    await rig.desk.setDevice(rig.agentOf("anna"), { kind: "phone", phoneId: "desk" });
    expect(rig.deskStateOf("anna", contact.id)).toBe("talking");
    rig.switch.unregister("anna" as EndpointId);
    await rig.settle();
    const phone = await rig.answer("desk");
    expect(rig.together()).toEqual(pair(leg, phone));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("takes the customer to the queue when the agent was removed meanwhile", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    const model = centre();
    rig.runtime.applyModel({
      ...model,
      agents: new Map([...model.agents].filter(([id]) => id !== "anna")),
      revision: 2,
    });
    rig.switch.unregister("anna" as EndpointId);
    rig.switch.fail(rig.legOf("anna") as LegId);
    await rig.settle();
    await rig.pass(31_000);
    await rig.answer("boris");
    expect(rig.deskStateOf("boris", contact.id)).toBe("talking");
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.events("agent.logged_out").map((e) => e.agentId)).toContain("anna");
  });
});

describe("calls that agents make", () => {
  it("outbound: the agent's leg first, then the number, then wrap-up", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const { contactId } = await rig.desk.call(rig.agentOf("anna"), { kind: "number", number: "+46701000" });
    const annas = await rig.answer("anna");
    expect(rig.stateOf("anna")).toBe("dialing");
    const out = rig.switch.alive().find((l) => l.party.kind === "trunk")?.legId as LegId;
    const target = rig.switch.legs.get(out)?.asked?.target;
    expect(target).toMatchObject({ routes: [{ callerNumber: "+468123" }] });
    rig.switch.pickUp(out);
    await rig.settle();
    expect(rig.together()).toEqual(pair(annas, out));
    await rig.act("anna", contactId, { kind: "hang_up" });
    expect(rig.stateOf("anna")).toBe("wrap_up");
    await rig.finish();
    expect(rig.outcomeOf(contactId)).toBe("answered");
  });

  it("outbound that the switch cannot place ends at once and says so", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const { contactId } = await rig.desk.call(rig.agentOf("anna"), { kind: "number", number: "+46701000" });
    rig.switch.originateFault = true;
    await rig.answer("anna");
    await rig.settle();
    expect(rig.outcomeOf(contactId)).toBe("failed_tech");
    expect(rig.stateOf("anna")).toBe("available");
    await rig.finish();
  });

  it("internal: two colleagues, no wrap-up; to oneself or to a busy one it is refused", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna", "boris");
    const call = (to: string) => rig.desk.call(rig.agentOf("anna"), { kind: "number", number: to });
    await expect(call("201")).rejects.toMatchObject({ code: "same_agent" });
    await expect(call("203")).rejects.toMatchObject({ code: "agent_not_free" });
    const { contactId } = await call("202");
    const annas = await rig.answer("anna");
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(pair(annas, boriss));
    rig.switch.hangUpBy(boriss);
    await rig.settle();
    expect([rig.stateOf("anna"), rig.stateOf("boris")]).toEqual(["available", "available"]);
    expect(rig.outcomeOf(contactId)).toBe("answered");
    await rig.finish();
  });

  it("for a client that is not theirs is refused", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const call = rig.desk.call(
      { ...rig.agentOf("anna"), clients: [] },
      { kind: "number", number: "+46701000", clientId: "client-1" },
    );
    await expect(call).rejects.toMatchObject({ code: "no_client" });
    await rig.finish();
  });
});

describe("a desk phone", () => {
  const withPhone = async () => {
    const rig = new LiveRig(centre({ phones: { desk: "anna" } }));
    rig.switch.register("desk" as EndpointId);
    await rig.arrive("anna", "boris");
    await rig.desk.setDevice(rig.agentOf("anna"), { kind: "phone", phoneId: "desk" });
    await rig.desk.setPresence(rig.agentOf("boris"), { kind: "not_ready", reasonId: "lunch" });
    return rig;
  };

  it("holds and resumes, and transfers blindly by REFER", async () => {
    const rig = await withPhone();
    const { leg, contact } = await rig.customer();
    const phone = await rig.answer("desk");
    rig.switch.holdBy(phone, true);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("held");
    rig.switch.holdBy(phone, false);
    await rig.settle();
    expect(rig.together()).toEqual(pair(leg, phone));
    rig.switch.refer(phone, "202");
    await rig.settle();
    expect(rig.switch.legs.get(phone)?.transfer).toBe(200);
    const boriss = await rig.answer("boris");
    expect(rig.together()).toEqual(pair(leg, boriss));
    expect(rig.deskStateOf("boris", contact.id)).toBe("talking");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("is told when a transfer cannot be: to a busy colleague, or of a call that is not there any more", async () => {
    const rig = await withPhone();
    const { leg } = await rig.customer();
    const phone = await rig.answer("desk");
    rig.switch.refer(phone, "203");
    await rig.settle();
    expect(rig.switch.legs.get(phone)?.transfer).toBe(486);
    rig.switch.holdBy(phone, true);
    rig.switch.refer(phone, "202", "nowhere" as LegId);
    await rig.settle();
    expect(rig.switch.legs.get(phone)?.transfer).toBe(481);
    expect([leg, phone].map((l) => rig.switch.legs.get(l)?.state)).toEqual(["answered", "answered"]);
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("dials a colleague who is busy, itself, or a number without a line, and is refused", async () => {
    const rig = await withPhone();
    const dial = async (number: string) => {
      const leg = rig.switch.callIn(number, { endpointId: "desk" as EndpointId }) as LegId;
      await rig.settle();
      return rig.switch.legs.get(leg)?.state;
    };
    expect(await dial("203")).toBe("ended");
    expect(await dial("201")).toBe("ended");
    rig.runtime.applyModel({ ...centre({ phones: { desk: "anna" } }), trunks: new Map(), revision: 2 });
    expect(await dial("+46701000")).toBe("ended");
    expect(rig.events("call.blocked").map((e) => e.payload.reason)).toEqual(["no_lines"]);
    expect(rig.runtime.contacts.size).toBe(0);
    await rig.finish();
  });

  it("cannot be taken by two colleagues at once", async () => {
    const rig = new LiveRig(centre({ phones: { shared: null } }));
    rig.switch.register("shared" as EndpointId);
    await rig.arrive("anna", "boris");
    const take = (name: string) =>
      rig.desk.setDevice(rig.agentOf(name), { kind: "phone", phoneId: "shared" });
    await take("anna");
    await expect(take("boris")).rejects.toMatchObject({ code: "phone_taken" });
    await rig.desk.logOut(rig.agentOf("anna"));
    await take("boris");
    expect(rig.runtime.agents.agent("anna" as AgentId).device.kind).toBe("browser");
    await rig.finish();
  });
});

describe("the floor", () => {
  it("shows who waits and who does what, and counts each call once", async () => {
    const rig = new LiveRig();
    const { leg } = await rig.customer();
    await rig.pass(4_000);
    expect(rig.floorNow().queues[0]).toMatchObject({
      id: "q1",
      waiting: 1,
      longestWaitMs: 4_000,
      answered: 0,
    });
    await rig.arrive("anna", "boris");
    const name = rig.legOf("anna") ? "anna" : "boris";
    await rig.answer(name);
    const { queues, agents, totals } = rig.floorNow();
    expect(queues[0]).toMatchObject({
      waiting: 0,
      offered: 1,
      answered: 1,
      agents: { talking: 1, available: 1 },
    });
    expect(agents.map((a) => a.state).sort()).toEqual(["available", "talking"]);
    expect(totals).toMatchObject({ waiting: 0, agentsLoggedIn: 2, agentsTalking: 1 });
    const deltas: object[] = [];
    const watching = rig.floor.watch({ key: "all", queue: () => true, agent: () => true }, (d) =>
      deltas.push(d),
    );
    rig.switch.hangUpBy(leg);
    await rig.pass(500);
    expect(deltas).toMatchObject([{ agents: [{ id: name, state: "wrap_up" }] }]);
    watching.dispose();
    watching.dispose();
    await rig.finish();
    expect(rig.clock.pending).toBe(0);
  });
});

describe("signing in and out", () => {
  it("waits for the call in hand, keeps its reason, and is taken back by signing in again", async () => {
    const rig = new LiveRig();
    const { leg } = await talking(rig);
    await rig.desk.logOut(rig.agentOf("anna"));
    expect(rig.stateOf("anna")).toBe("talking");
    await rig.desk.logIn(rig.agentOf("anna"), { kind: "available" });
    rig.runtime.act(() => rig.runtime.agents.logOut("boris" as AgentId, "forced"));
    rig.switch.hangUpBy(leg);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("wrap_up");
    expect(rig.events("agent.logged_out").map((e) => [e.agentId, e.payload.reason])).toEqual([
      ["boris", "forced"],
    ]);
    await rig.finish();
  });

  it.each([
    [{ mode: "off" } as const, "available", "available"],
    [{ mode: "timed", limitMs: 10_000 } as const, "wrap_up", "available"],
    [{ mode: "manual" } as const, "wrap_up", "wrap_up"],
  ])("wrap-up %o", async (wrapUp, atOnce, later) => {
    const rig = new LiveRig(centre({ queues: { q1: { wrapUp } } }));
    const { leg, contact } = await talking(rig);
    rig.switch.hangUpBy(leg);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe(atOnce);
    await rig.pass(10_000);
    expect(rig.stateOf("anna")).toBe(later);
    if (later === "wrap_up") await rig.act("anna", contact.id, { kind: "finish_wrap_up" });
    await rig.finish();
  });
});

describe("a fault of ours", () => {
  it("ends the call that it hits, with the truth, and no other", async () => {
    const rig = new LiveRig();
    const { leg, contact, annas } = await talking(rig);
    const other = await rig.customer();
    rig.runtime.act(() => contact.input({ type: "start.inbound", legId: leg })); // what must never happen
    await rig.settle();
    expect(rig.warnings.filter((w) => w.startsWith("work on a contact failed"))).toHaveLength(1);
    expect([leg, annas].map((l) => rig.switch.legs.get(l)?.state)).toEqual(["ended", "ended"]);
    expect(rig.switch.legs.get(other.leg)?.state).toBe("answered");
    rig.switch.hangUpBy(other.leg);
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBe("failed_tech");
  });

  it("a switch that can neither call nor play costs the call, not the centre", async () => {
    const rig = new LiveRig();
    rig.switch.originateFault = true;
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    expect(rig.runtime.link.router.agent("anna" as AgentId)).toMatchObject({ reason: "offer_failed" });
    rig.switch.hangUpBy(leg);
    await rig.finish();
    expect(rig.outcomeOf(contact.id)).toBe("abandoned_queue");
  });

  it("a database that is away keeps no call waiting", async () => {
    const rig = new LiveRig();
    rig.store.broken = true;
    const { leg, contact, annas } = await talking(rig);
    expect(rig.together()).toEqual(pair(leg, annas));
    rig.switch.hangUpBy(leg);
    await rig.pass(60_000);
    expect(rig.outcomeOf(contact.id)).toBe("answered");
    expect(rig.runtime.contacts.size).toBe(0);
  });
});

describe("the end of the day", () => {
  it("drains: no new calls, what runs goes on and may be transferred outside", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    let drained = false;
    const drain = rig.runtime.drain(600_000).then(() => {
      drained = true;
    });
    expect(rig.switch.callIn("100")).toBeUndefined();
    const call = rig.desk.call(rig.agentOf("boris"), { kind: "number", number: "+46701000" });
    await expect(call).rejects.toMatchObject({ code: "draining" });
    await rig.act("anna", contact.id, { kind: "transfer", target: { kind: "number", number: "+46709000" } });
    const out = rig.switch.alive().find((l) => l.asked?.target.kind === "number")?.legId as LegId;
    rig.switch.pickUp(out);
    await rig.settle();
    expect(drained).toBe(false);
    rig.switch.hangUpBy(leg);
    await rig.pass(60_000);
    await drain;
    expect(rig.outcomeOf(contact.id)).toBe("transferred_out");
    await rig.finish();
  });

  it("closes: calls end by us, agents are signed out, rows and recordings are written, and then there is silence", async () => {
    const rig = new LiveRig();
    const { contact } = await talking(rig);
    await rig.customer();
    await rig.arrive("celia");
    await rig.runtime.close();
    const written = rig.ledger.length;
    await rig.pass(300_000);
    expect(rig.ledger).toHaveLength(written);
    expect(rig.clock.pending).toBe(0);
    rig.verify();
    expect(rig.outcomeOf(contact.id)).toBe("failed_tech");
    expect(rig.events("contact.closed")).toHaveLength(2);
    expect(new Set(rig.events("agent.logged_out").map((e) => e.payload.reason))).toEqual(new Set(["forced"]));
    expect([...rig.store.recordings.values()].map((r) => r.state)).toEqual(["stored"]);
    expect([...rig.store.contacts.values()].every((c) => c.closed)).toBe(true);
  });
});
