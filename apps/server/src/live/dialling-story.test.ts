import { DEFAULT_DIAL_RULES } from "@svara/dialing";
import type { EndpointId, LegId, TrunkId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import type { ModelTrunk, Rights } from "./centre-model.ts";
import { type CentreSketch, centre, LiveRig } from "./testing/live-rig.ts";

const OSLO = "+4722123456";
const HOME = "+46701000000";
const without = (...missing: string[]): Rights => ({
  has: (permission) => !missing.includes(permission),
  covers: (permission) => !missing.includes(permission),
  clientsOf: () => "all",
});
const line = (over: Partial<NonNullable<ModelTrunk["line"]>>): NonNullable<ModelTrunk["line"]> => ({
  order: 1,
  format: "e164_plus",
  prefix: "",
  callerId: "own",
  emergency: true,
  countries: null,
  ...over,
});

async function rigOf(sketch: CentreSketch = {}): Promise<LiveRig> {
  const rig = new LiveRig(centre({ phones: { desk: "anna", hall: null }, ...sketch }));
  await rig.arrive("anna", "boris");
  rig.switch.register("desk" as EndpointId);
  rig.switch.register("hall" as EndpointId);
  return rig;
}

const call = (rig: LiveRig, number: string, who = "anna") =>
  rig.desk.call(rig.agentOf(who), { kind: "number", number });

const routesOf = (rig: LiveRig) => {
  const target = rig.switch.alive().findLast((leg) => leg.asked?.target.kind === "number")?.asked?.target;
  return target?.kind === "number" ? target.routes : [];
};

/** The agent's own device answers, and the number is called. */
async function outside(rig: LiveRig, number: string, who = "anna") {
  await call(rig, number, who);
  await rig.settle();
  await rig.answer(who);
  return routesOf(rig);
}

const hangUpAll = async (rig: LiveRig): Promise<void> => {
  for (const leg of rig.switch.alive()) rig.switch.hangUpBy(leg.legId);
  await rig.settle();
};

describe("a number on its way out", () => {
  it("is written for each carrier, over every trunk that can, the best first", async () => {
    const rig = await rigOf({
      trunks: ["backup", "cheap", "norway"],
      lines: {
        backup: { line: line({ order: 2, format: "e164", prefix: "99" }), callerNumber: "+46855500" },
        cheap: { line: line({ format: "national", callerId: "trunk" }), callerNumber: "+46855511" },
        norway: { line: line({ countries: ["NO"] }) },
      },
    });
    expect(await outside(rig, "0701-000 000")).toEqual([
      { trunkId: "cheap", number: "0701000000", callerNumber: "+46855511" },
      { trunkId: "backup", number: "9946701000000", callerNumber: "+46855500" },
    ]);
    const [placed] = rig.events("call.placed");
    expect(placed).toMatchObject({
      agentId: "anna",
      payload: { destination: "national", country: "se", trunkId: "cheap" },
    });
    await hangUpAll(rig);
    await rig.finish();
  });

  it("goes on over the next trunk when one fails, and last over one that is known to be dead", async () => {
    const rig = await rigOf({ trunks: ["a", "b", "c"] });
    rig.switch.deadTrunks.add("b" as TrunkId);
    rig.switch.trunkDown("a" as TrunkId, "no answer");
    await rig.settle();
    expect((await outside(rig, HOME)).map((route) => route.trunkId)).toEqual(["b", "c", "a"]);
    expect(rig.switch.figures().legsByTrunk).toEqual(new Map([["c", 1]]));
    await hangUpAll(rig);
    await rig.finish();
  });

  it("waits for no full line: the desk is told, and the ledger", async () => {
    const rig = await rigOf({ lines: { "trunk-1": { maxCalls: 1 } } });
    await outside(rig, HOME);
    await expect(call(rig, HOME, "boris")).rejects.toMatchObject({ code: "lines_full", httpStatus: 409 });
    const leg = rig.switch.callIn("100", { trunkId: "trunk-1" as TrunkId }) as LegId;
    await rig.settle();
    expect(rig.switch.legs.get(leg)?.state).toBe("ended");
    expect(rig.events("call.blocked")).toMatchObject([
      { agentId: "boris", payload: { reason: "lines_full", direction: "outbound" } },
      { payload: { reason: "lines_full", direction: "inbound", trunkId: "trunk-1" } },
    ]);
    await hangUpAll(rig);
    await rig.finish();
  });

  it("is refused with the remedy: a country, a right, a beginning, a limit", async () => {
    const rig = await rigOf({ profiles: { boris: { rights: without("dial.abroad") } } });
    await expect(call(rig, OSLO)).rejects.toMatchObject({ code: "country", httpStatus: 409 });
    await expect(call(rig, OSLO)).rejects.toThrow(
      "an administrator can change it in the office under Dial rules",
    );
    await expect(call(rig, OSLO, "boris")).rejects.toMatchObject({
      code: "no_right_abroad",
      httpStatus: 403,
    });
    await expect(call(rig, "+870773110000")).rejects.toMatchObject({ code: "high_cost" });
    await expect(call(rig, "hello")).rejects.toMatchObject({ code: "malformed", httpStatus: 400 });
    const open = await rigOf({ dialing: { countries: "all" } });
    await expect(call(open, "+25261234567")).rejects.toMatchObject({ code: "blocked_prefix" });
    expect((await outside(open, OSLO))[0]?.number).toBe(OSLO);
    await hangUpAll(open);
    const limited = await rigOf({
      dialing: {
        limits: {
          agentAtOnce: 3,
          agentPerDay: 1,
          agentAbroadPerDay: 1,
          trunkPerDay: 9,
          clientAtOnce: 9,
          clientAbroadPerDay: 9,
        },
      },
    });
    await outside(limited, HOME);
    await hangUpAll(limited);
    await limited.pass(60_000);
    await expect(call(limited, HOME)).rejects.toMatchObject({ code: "agent_per_day" });
  });

  it("that is asked for again and again in vain is an alarm", async () => {
    const rig = await rigOf();
    const alerts: string[] = [];
    rig.runtime.dialAlerted.on((alert) => alerts.push(`${alert.kind} ${alert.agentId}`));
    for (let i = 0; i < 12; i++) await call(rig, OSLO).catch(() => undefined);
    expect(alerts).toEqual(["many_refused anna"]);
    expect(rig.events("dial.alerted")).toMatchObject([
      { agentId: "anna", payload: { kind: "many_refused" } },
    ]);
  });

  it("of calls that a restart has not forgotten counts on", async () => {
    const rig = await rigOf({
      dialing: {
        countries: ["NO"],
        limits: {
          agentAtOnce: 3,
          agentPerDay: 500,
          agentAbroadPerDay: 1,
          trunkPerDay: 9,
          clientAtOnce: 9,
          clientAbroadPerDay: 9,
        },
      },
    });
    const clientId = [...rig.runtime.model.clients.keys()][0] as never;
    const placed = { clientId, agentId: "anna" as never, trunkId: "trunk-1" as TrunkId, at: rig.clock.now() };
    await rig.runtime.restore([{ ...placed, abroad: true }]);
    await expect(call(rig, OSLO)).rejects.toMatchObject({ code: "agent_abroad_per_day" });
  });
});

describe("whose call it is", () => {
  const limits = { ...DEFAULT_DIAL_RULES.limits, agentAtOnce: 1 };

  it("who has handed a customer on to a number outside may call out again", async () => {
    const rig = await rigOf({ dialing: { limits } });
    const { leg, contact } = await rig.customer();
    await rig.answer("anna");
    await rig.act("anna", contact.id, { kind: "transfer", target: { kind: "number", number: HOME } });
    const out = rig.switch.alive().find((one) => one.asked?.target.kind === "number")?.legId as LegId;
    rig.switch.pickUp(out);
    await rig.pass(60_000);
    expect(
      rig.switch
        .alive()
        .map((one) => one.legId)
        .sort(),
    ).toEqual([leg, out].sort());
    await call(rig, HOME);
    await rig.settle();
    await expect(call(rig, HOME)).rejects.toThrow();
    await hangUpAll(rig);
    await rig.finish();
  });

  it("is charged to who asks for it, not to who was first in the contact", async () => {
    const rig = await rigOf();
    await outside(rig, HOME);
    const customer = rig.switch.alive().find((one) => one.asked?.target.kind === "number")?.legId as LegId;
    rig.switch.pickUp(customer);
    await rig.settle();
    const [contact] = rig.runtime.contacts.all();
    if (!contact) throw new Error("no contact");
    await rig.act("anna", contact.id, { kind: "transfer", target: { kind: "agent", agentId: "boris" } });
    await rig.answer("boris");
    await rig.act("boris", contact.id, { kind: "consult", target: { kind: "number", number: "+46812345" } });
    expect(rig.events("call.placed").map((event) => event.agentId)).toEqual(["anna", "boris"]);
    await hangUpAll(rig);
    await rig.finish();
  });
});

describe("a number that comes in", () => {
  it("is read as the carrier's country writes it, ours and the caller's", async () => {
    const rig = await rigOf();
    rig.switch.callIn("081", { callerNumber: "070-1000000", trunkId: "trunk-1" as TrunkId });
    await rig.settle();
    const { contact } = await rig.customer("100", "0701000000");
    expect(contact.facts.remoteNumber).toBe("+46701000000");
  });
});

describe("a call for help", () => {
  it("needs no right, no free line and no open centre", async () => {
    const rig = await rigOf({
      profiles: { anna: { rights: without("desk.dial_out", "desk.use") } },
      lines: { "trunk-1": { maxCalls: 1 } },
      dialing: { outsidePrefix: "0" },
    });
    await outside(rig, HOME, "boris");
    void rig.runtime.drain(1_000);
    const routes = await outside(rig, "0112");
    expect(routes).toEqual([{ trunkId: "trunk-1", number: "112", callerNumber: "+468123" }]);
    expect(rig.events("call.placed").at(-1)?.payload.destination).toBe("emergency");
    await hangUpAll(rig);
    await rig.finish();
  });

  it("of a desk phone at which nobody works reaches a trunk and is put together with it", async () => {
    const rig = await rigOf();
    void rig.runtime.drain(1_000);
    const phone = rig.switch.callIn("112", { endpointId: "hall" as EndpointId }) as LegId;
    await rig.settle();
    const out = rig.switch.alive().find((leg) => leg.party.kind === "trunk")?.legId as LegId;
    rig.switch.pickUp(out);
    await rig.settle();
    expect(rig.together()).toEqual([[phone, out].sort()]);
    rig.switch.hangUpBy(out);
    await rig.settle();
    expect(rig.switch.alive()).toEqual([]);
    await rig.finish();
  });

  it("from a phone at which nobody works is waited for when the server stops", async () => {
    const rig = await rigOf();
    const phone = rig.switch.callIn("112", { endpointId: "hall" as EndpointId }) as LegId;
    await rig.settle();
    let drained = false;
    void rig.runtime.drain(60_000).then(() => {
      drained = true;
    });
    await rig.pass(5_000);
    expect(drained).toBe(false);
    rig.switch.hangUpBy(phone);
    await rig.settle();
    await rig.pass(1_000);
    expect(drained).toBe(true);
  });

  it("of a desk phone without any line is told that nothing is there; so is any other number", async () => {
    const rig = await rigOf({ trunks: [] });
    for (const [number, endpoint] of [
      ["112", "hall"],
      [HOME, "desk"],
    ] as const) {
      const leg = rig.switch.callIn(number, { endpointId: endpoint as EndpointId }) as LegId;
      await rig.settle();
      expect(rig.switch.log.at(-1)).toBe(`hangup ${leg} not_found`);
    }
    expect(rig.events("call.blocked").map((e) => e.payload.reason)).toEqual(["no_lines", "no_lines"]);
  });
});
