import { api } from "@svara/contracts";
import type { LegId, PromptId, QueueId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { centre, LiveRig } from "./testing/live-rig.ts";

const group = (...legs: LegId[]): LegId[][] => [[...legs].sort()];

describe("do not disturb", () => {
  it("lets nothing ring; whoever becomes available may be disturbed again", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna", "boris");
    await rig.desk.setCalling(rig.agentOf("anna"), { doNotDisturb: true });
    expect(rig.desk.state(rig.agentOf("anna"))).toMatchObject({
      agent: { state: "not_ready", reasonCode: "do_not_disturb" },
      calling: { doNotDisturb: true },
    });
    await expect(
      rig.desk.call(rig.agentOf("boris"), { kind: "agent", agentId: "anna" }),
    ).rejects.toMatchObject({
      code: "agent_not_free",
    });
    await rig.desk.setPresence(rig.agentOf("anna"), { kind: "available" });
    expect(rig.desk.state(rig.agentOf("anna")).calling.doNotDisturb).toBe(false);
    expect(rig.stateOf("anna")).toBe("available");
    await rig.finish();
  });

  it("tells who chose it when it could not be stored; the next choice that is stored holds again", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const stored = rig.store.callingSaved.bind(rig.store);
    rig.store.callingSaved = () => Promise.reject(new Error("away"));
    const choice = (doNotDisturb: boolean) => rig.desk.setCalling(rig.agentOf("anna"), { doNotDisturb });
    await expect(choice(true)).rejects.toMatchObject({ code: "not_stored", httpStatus: 503 });
    rig.store.callingSaved = stored;
    await expect(choice(false)).resolves.toMatchObject({ doNotDisturb: false });
    await rig.finish();
  });

  it("leaves another reason alone, and outlives a restart", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    await rig.desk.setPresence(rig.agentOf("anna"), { kind: "not_ready", reasonId: "lunch" });
    await rig.desk.setCalling(rig.agentOf("anna"), { doNotDisturb: true });
    await rig.desk.setCalling(rig.agentOf("anna"), { doNotDisturb: false });
    expect(rig.runtime.agents.presence("anna")).toMatchObject({ reason: "lunch" });
    await rig.desk.setCalling(rig.agentOf("anna"), { doNotDisturb: true });
    const next = new LiveRig();
    for (const [agentId, calling] of rig.store.agentCallings) next.store.agentCallings.set(agentId, calling);
    await next.runtime.restore();
    expect(next.desk.state(next.agentOf("anna")).calling.doNotDisturb).toBe(true);
    await rig.finish();
  });
});

describe("a diversion", () => {
  it("that is not given stays as it was", async () => {
    const rig = new LiveRig();
    const anna = rig.agentOf("anna");
    const busy = { kind: "agent", agentId: "boris" } as const;
    await rig.desk.setCalling(anna, { diversions: { busy } });
    const body = api.desk.setCalling.body.parse({ diversions: { no_answer: null } });
    expect((await rig.desk.setCalling(anna, body)).diversions).toEqual({
      always: null,
      busy,
      no_answer: null,
      unreachable: null,
    });
    expect((await rig.desk.setCalling(anna, { diversions: { busy: null } })).diversions.busy).toBeNull();
    await rig.finish();
  });

  it("sends colleagues' calls and transfers on; a ring of them is refused when it is made", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna", "boris", "celia");
    const divert = (name: string, to: string) =>
      rig.desk.setCalling(rig.agentOf(name), {
        diversions: {
          always: { kind: "agent", agentId: to },
          busy: null,
          no_answer: null,
          unreachable: null,
        },
      });
    await divert("boris", "celia");
    await expect(divert("celia", "boris")).rejects.toMatchObject({ code: "diversion_loop" });
    await rig.desk.call(rig.agentOf("anna"), { kind: "agent", agentId: "boris" });
    await rig.settle();
    const annas = await rig.answer("anna");
    expect(rig.legOf("boris")).toBeUndefined();
    const celias = await rig.answer("celia");
    expect(rig.together()).toEqual(group(annas, celias));
    rig.switch.hangUpBy(annas);
    await rig.finish();
  });

  it("to a queue is for transfers of the same client", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    await rig.answer("anna");
    await rig.desk.setCalling(rig.agentOf("boris"), {
      diversions: {
        always: null,
        busy: null,
        no_answer: null,
        unreachable: { kind: "queue", queueId: "q2" },
      },
    });
    await rig.act("anna", contact.id, { kind: "transfer", target: { kind: "agent", agentId: "boris" } });
    expect(contact.view()).toMatchObject({ customer: "queue", queueId: "q2" });
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});

describe("a device that answers by itself", () => {
  it("beeps, and the agent hears the queue's announcement before the customer", async () => {
    const rig = new LiveRig({
      ...centre({ queues: { q1: { autoAnswer: true, whisperPromptId: "sales" as PromptId } } }),
      prompts: new Map([["sales" as PromptId, "/prompts/sales.wav"]]),
    });
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    const ringing = rig.legOf("anna") as LegId;
    expect(rig.switch.legs.get(ringing)?.asked).toMatchObject({
      autoAnswer: true,
      headers: { "X-Svara-Auto-Answer": "1" },
    });
    expect(rig.desk.contact("anna", contact.id)?.autoAnswer).toBe(true);
    const annas = await rig.answer("anna");
    expect(rig.desk.contact("anna", contact.id)).toMatchObject({ announcing: true });
    expect(rig.together()).toEqual([]);
    await rig.pass(4_000); // a beep and a prompt
    expect(rig.together()).toEqual(group(leg, annas));
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });

  it("is the agent's own for transfers and colleagues' calls", async () => {
    const rig = new LiveRig(centre({ profiles: { boris: { autoAnswer: true } } }));
    await rig.arrive("anna", "boris");
    await rig.desk.call(rig.agentOf("anna"), { kind: "agent", agentId: "boris" });
    await rig.settle();
    const annas = await rig.answer("anna");
    expect(rig.switch.legs.get(rig.legOf("boris") as LegId)?.asked?.autoAnswer).toBe(true);
    const boriss = await rig.answer("boris");
    await rig.pass(2_000);
    expect(rig.together()).toEqual(group(annas, boriss));
    rig.switch.hangUpBy(annas);
    await rig.finish();
  });
});

describe("the number that is shown", () => {
  const model = () => {
    const base = centre();
    const own = { clientId: "client-1", label: "Sales", outbound: true, entryPointId: null, agentId: null };
    return {
      ...base,
      clients: new Map([...base.clients].map(([id, c]) => [id, { ...c, callerIdNumber: "+46855501" }])),
      numbers: new Map([
        ...base.numbers,
        ["+46855501", { ...own, id: "n-1", number: "+46855501" }],
        ["+46855502", { ...own, id: "n-2", number: "+46855502" }],
        ["+46855503", { ...own, id: "n-3", number: "+46855503", clientId: "client-2" }],
        ["+46855504", { ...own, id: "n-4", number: "+46855504", outbound: false }],
        ["+46855505", { ...own, id: "n-5", number: "+46855505", agentId: "anna" }],
      ]),
    };
  };
  const shown = (rig: LiveRig): string | undefined => {
    const target = rig.switch.alive().find((l) => l.asked?.target.kind === "number")?.asked?.target;
    return target?.kind === "number" ? target.routes[0].callerNumber : undefined;
  };
  const callOut = async (rig: LiveRig, fromNumberId?: string) => {
    await rig.desk.call(rig.agentOf("anna"), {
      kind: "number",
      number: "+46700000",
      ...(fromNumberId ? { fromNumberId } : {}),
    });
    await rig.settle();
    await rig.answer("anna");
  };

  it("is the client's, or the one chosen of those that the client's agents may show", async () => {
    const rig = new LiveRig(model());
    await rig.arrive("anna");
    const listed = rig.desk.callerIds(rig.agentOf("anna"), undefined);
    expect(listed.map(({ number, isDefault }) => [number, isDefault])).toEqual([
      ["+46855501", true],
      ["+46855502", false],
      ["+46855505", false],
    ]);
    await callOut(rig);
    expect(shown(rig)).toBe("+46855501");
    await rig.act("anna", rig.runtime.contacts.all()[0]?.id ?? "", { kind: "hang_up" });
    await rig.finish();
    const chosen = new LiveRig(model());
    await chosen.arrive("anna");
    await callOut(chosen, "n-2");
    expect(shown(chosen)).toBe("+46855502");
    for (const fromNumberId of ["n-3", "n-4", "number-1", "nothing"])
      await expect(
        chosen.desk.call(chosen.agentOf("anna"), { kind: "number", number: "+46700000", fromNumberId }),
      ).rejects.toMatchObject({ httpStatus: expect.any(Number) });
    await chosen.act("anna", chosen.runtime.contacts.all()[0]?.id ?? "", { kind: "hang_up" });
    await chosen.finish();
  });

  it("is an agent's own only for that agent", async () => {
    const rig = new LiveRig(model());
    await rig.arrive("boris");
    expect(rig.desk.callerIds(rig.agentOf("boris"), "client-1").map((n) => n.number)).not.toContain(
      "+46855505",
    );
    await expect(
      rig.desk.call(rig.agentOf("boris"), { kind: "number", number: "+46700000", fromNumberId: "n-5" }),
    ).rejects.toMatchObject({ code: "caller_number_not_allowed" });
    await rig.finish();
  });

  it("is the queue's when an agent of it consults outside", async () => {
    const base = model();
    const q1 = base.queues.get("q1" as QueueId);
    if (!q1) throw new Error("no queue");
    const queues = new Map([...base.queues, ["q1" as QueueId, { ...q1, callerIdNumberId: "n-2" }]]);
    const rig = new LiveRig({ ...base, queues });
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    await rig.answer("anna");
    await rig.act("anna", contact.id, { kind: "consult", target: { kind: "number", number: "+46700000" } });
    expect(shown(rig)).toBe("+46855502");
    rig.switch.hangUpBy(leg);
    await rig.finish();
  });
});
