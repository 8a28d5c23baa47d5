import type { AgentId, ContactId, LegId, QueueId, SkillId } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { itemOf } from "./item-id.ts";
import type { CustomerHistory } from "./live-store.ts";
import { centre, LiveRig } from "./testing/live-rig.ts";

const q1 = "q1" as QueueId;
const q2 = "q2" as QueueId;

const HISTORY: CustomerHistory = {
  known: true,
  type: "business",
  segment: "nordic",
  value: "gold",
  language: "sv",
  contactsLast30: 4,
  last: { at: 0, abandoned: true },
  lastAgent: null,
};

/** What the router was told when this contact was queued. */
function queued(rig: LiveRig, contactId: ContactId) {
  const entry = rig.journal.find(
    ({ input }) => input.type === "item.queued" && input.item.id === itemOf(contactId),
  );
  if (entry?.input.type !== "item.queued") throw new Error("never queued");
  return entry.input.item;
}

async function end(rig: LiveRig, leg: LegId): Promise<void> {
  rig.switch.hangUpBy(leg);
  await rig.settle();
}

describe("facts", () => {
  it("go with a contact into the queue: codes, counts and the clock on the client's wall, never the number", async () => {
    const rig = new LiveRig();
    rig.store.histories.set("+46701000", HISTORY);
    const { leg, contact } = await rig.customer("100", "+46701000");
    // the row is written while the greeting plays; here it comes with the queue
    await rig.pass(1_000);
    const facts = { ...queued(rig, contact.id).facts };
    const later = rig.journal.flatMap(({ input }) => (input.type === "item.facts_set" ? [input.facts] : []));
    expect(Object.assign({}, facts, ...later)).toMatchObject({
      "item.language": "en",
      "item.medium": "voice",
      "contact.initiation": "new",
      "entry.pointId": "entry-1",
      "entry.numberId": "number-1",
      "caller.withheld": false,
      "customer.type": "business",
      "customer.value": "gold",
      "contacts.last30": 4,
      "contacts.lastAbandoned": true,
    });
    expect(JSON.stringify(rig.journal)).not.toContain("46701");
    await end(rig, leg);
    await rig.finish();
  });

  it("that hold for a criterion raise a contact over those who wait longer", async () => {
    const rig = new LiveRig(
      centre({ queues: { q1: { criteria: [{ id: "gold", when: 'customer.value == "gold"', raise: 10 }] } } }),
    );
    rig.store.histories.set("+46702000", HISTORY);
    const plain = await rig.customer("100", "+46701000");
    await rig.pass(5_000);
    const gold = await rig.customer("100", "+46702000");
    await rig.arrive("anna");
    expect(rig.deskStateOf("anna", gold.contact.id)).toBe("offered");
    await end(rig, gold.leg);
    await end(rig, plain.leg);
    await rig.finish();
  });

  it("the last agent is asked first, within the days of the queue", async () => {
    const rig = new LiveRig(centre({ queues: { q1: { lastAgentDays: 30, preferredWaitMs: 20_000 } } }));
    const lastAgent = { agentId: "celia" as AgentId, at: rig.clock.now() - 86_400_000 };
    rig.store.histories.set("+46701000", { ...HISTORY, lastAgent });
    await rig.arrive("anna", "celia");
    const { leg, contact } = await rig.customer("100", "+46701000");
    expect(queued(rig, contact.id).preferredAgentId).toBe("celia");
    expect(rig.deskStateOf("celia", contact.id)).toBe("offered");
    await end(rig, leg);
    await rig.finish();
  });
});

describe("steps and overflow", () => {
  it("criteria relax while a customer waits, and the ledger tells it", async () => {
    const skill = "skill-1" as SkillId;
    const rig = new LiveRig(
      centre({
        queues: {
          q1: {
            requiredSkills: [{ skillId: skill, minProficiency: 4 }],
            steps: [{ afterMs: 30_000, skills: [{ skillId: skill, minProficiency: 1 }] }],
          },
        },
        profiles: { anna: { skills: { [skill]: 2 } } },
      }),
    );
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    await rig.pass(29_000);
    expect(rig.deskStateOf("anna", contact.id)).toBeUndefined();
    expect(rig.runtime.link.router.explainWait(itemOf(contact.id))).toMatchObject({ step: 0, steps: 1 });
    await rig.pass(1_000);
    expect(rig.deskStateOf("anna", contact.id)).toBe("offered");
    expect(rig.events("routing.stepped", contact.id)[0]).toMatchObject({ queueId: q1, payload: { step: 1 } });
    expect(rig.events("offer.made")[0]?.payload.explain).toMatchObject({ step: 1, strategy: "longest_idle" });
    await end(rig, leg);
    await rig.finish();
  });

  it("to another queue: the place is kept, each queue tells its own wait", async () => {
    const rig = new LiveRig(
      centre({
        queues: {
          q1: {
            requiredSkills: [{ skillId: "rare" as SkillId, minProficiency: 1 }],
            overflow: [{ id: "late", afterMs: 60_000, to: { kind: "queue", queueId: q2, priority: 5 } }],
          },
          q2: {},
        },
      }),
    );
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    await rig.pass(60_000);
    expect(rig.deskStateOf("anna", contact.id)).toBe("offered");
    await rig.pass(2_000);
    await rig.answer("anna");
    expect(rig.events("routing.overflowed", contact.id)[0]?.payload).toEqual({
      rule: "late",
      to: "queue",
      toQueueId: "q2",
      left: false,
    });
    expect(
      rig.events("queue.left", contact.id).map((e) => [e.queueId, e.payload.outcome, e.payload.waitMs]),
    ).toEqual([
      ["q1", "overflow", 60_000],
      ["q2", "answered", 2_000],
    ]);
    expect(rig.events("queue.entered", contact.id)[1]?.payload).toMatchObject({
      initiation: "overflow",
      priority: 5,
    });
    expect(rig.desk.contact("anna" as AgentId, contact.id)?.queue).toMatchObject({ id: "q2" });
    await end(rig, leg);
    await rig.finish();
    expect(rig.warnings).toEqual([]);
  });

  it("a message ends the call after it is heard", async () => {
    const rig = new LiveRig(
      centre({
        queues: {
          q1: {
            overflow: [
              {
                id: "empty",
                afterMs: 0,
                noAgents: true,
                to: { kind: "message", promptId: null, leaves: true },
              },
            ],
          },
        },
      }),
    );
    const { contact } = await rig.customer();
    await rig.settle();
    expect(rig.events("queue.left", contact.id)[0]?.payload).toMatchObject({ outcome: "overflow" });
    await rig.pass(20_000);
    expect(rig.outcomeOf(contact.id)).toBe("overflow");
    await rig.finish();
  });

  it("hang-up after too long", async () => {
    const rig = new LiveRig(
      centre({ queues: { q1: { overflow: [{ id: "late", afterMs: 120_000, to: { kind: "hang_up" } }] } } }),
    );
    const { contact } = await rig.customer();
    await rig.pass(120_000);
    expect(rig.outcomeOf(contact.id)).toBe("overflow");
    await rig.finish();
  });

  it("a message to who stays is said once, and the wait goes on", async () => {
    const rig = new LiveRig(
      centre({
        queues: {
          q1: {
            overflow: [
              { id: "busy", afterMs: 10_000, to: { kind: "message", promptId: null, leaves: false } },
            ],
          },
        },
      }),
    );
    const { leg, contact } = await rig.customer();
    await rig.pass(30_000);
    expect(rig.events("routing.overflowed", contact.id)).toHaveLength(1);
    await rig.arrive("anna");
    await rig.answer("anna");
    expect(rig.deskStateOf("anna", contact.id)).toBe("talking");
    await end(rig, leg);
    await rig.finish();
  });
});

describe("why a contact waits", () => {
  it("is told to who sees the queue; why not an agent, to who sees the agent, too", async () => {
    const rig = new LiveRig(centre({ queues: { q1: {} }, profiles: { anna: { slots: {} } } }));
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer();
    const anna = "anna" as AgentId;
    const view = (queue: boolean, agent: boolean) => ({ key: "v", queue: () => queue, agent: () => agent });
    expect(rig.floor.explain(view(true, false), contact.id)).toMatchObject({
      shortNumber: 1,
      explanation: { queueId: "q1", position: 1 },
    });
    expect(rig.floor.whyNot(view(true, true), contact.id, anna)?.[0]).toMatchObject({ code: "no_slot" });
    expect(rig.floor.explain(view(false, true), contact.id)).toBeUndefined();
    expect(rig.floor.whyNot(view(false, true), contact.id, anna)).toBeUndefined();
    expect(rig.floor.whyNot(view(true, false), contact.id, anna)).toBeUndefined();
    expect(rig.floor.whyNot(view(true, true), contact.id, "nobody" as AgentId)).toBeUndefined();
    await end(rig, leg);
    expect(rig.floor.explain(view(true, true), contact.id)).toBeUndefined();
    await rig.finish();
  });
});

describe("what is foretold", () => {
  it("stands beside what came of it", async () => {
    const rig = new LiveRig();
    await rig.arrive("anna");
    const first = await rig.customer();
    await rig.answer("anna");
    const second = await rig.customer();
    const predicted = rig.events("wait.predicted", second.contact.id)[0];
    expect(predicted).toMatchObject({ queueId: q1, payload: { position: 1, basis: "queue_length" } });
    expect(predicted?.payload.expectedMs).toBeGreaterThan(0);
    await end(rig, first.leg);
    await end(rig, second.leg);
    await rig.finish();
  });
});

describe("a call-back", () => {
  const callbackQueue = {
    q1: {
      overflow: [{ id: "offer", afterMs: 10_000, to: { kind: "callback" } as const }],
      callback: { maxAttempts: 2, retryMs: 60_000, attemptLeaseMs: 60_000 },
    },
  };

  /** A customer who has been promised to be called back. */
  async function promised(rig: LiveRig) {
    const { leg, contact } = await rig.customer("100", "+46701000");
    await rig.pass(10_000);
    rig.switch.press(leg, "1");
    await rig.settle();
    await rig.pass(10_000);
    return { contact, itemId: itemOf(contact.id) };
  }

  /** The customer's phone, which we call. */
  const outside = (rig: LiveRig): LegId | undefined =>
    rig.switch.alive().findLast((leg) => leg.party.kind === "trunk")?.legId;

  it("is accepted by key 1, keeps the place, and an agent calls", async () => {
    const rig = new LiveRig(centre({ queues: callbackQueue }));
    const { contact, itemId } = await promised(rig);
    expect(rig.outcomeOf(contact.id)).toBe("callback_requested");
    expect(rig.events("callback.promised", contact.id)[0]?.payload).toEqual({ position: 1 });
    expect(rig.store.callbacks.get(contact.id)).toMatchObject({ queueId: "q1", attempts: 0 });
    expect(rig.runtime.link.router.item(itemId)).toMatchObject({ callback: {} });

    await rig.arrive("anna");
    await rig.pass(2_000);
    await rig.answer("anna");
    expect(rig.stateOf("anna")).toBe("dialing");
    const leg = outside(rig) as LegId;
    await rig.pass(4_000);
    rig.switch.pickUp(leg);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("talking");
    const called = rig.events("contact.created").find((e) => e.payload.origin === "callback");
    expect(called?.payload).toMatchObject({ direction: "outbound", linkedTo: contact.id });
    expect(rig.deskStateOf("anna", called?.contactId as ContactId)).toBe("talking");
    expect(rig.events("callback.attempted", contact.id)[0]?.payload).toEqual({
      attempt: 1,
      outcome: "answered",
      byContactId: called?.contactId,
    });
    await rig.pass(20_000);
    await end(rig, leg);
    expect(rig.stateOf("anna")).toBe("wrap_up");
    await rig.finish();
    expect(rig.outcomeOf(called?.contactId as ContactId)).toBe("answered");
    expect(rig.store.callbacks.get(contact.id)?.outcome).toBe("answered");
    expect(rig.warnings).toEqual([]);
  });

  it("that nobody answers is tried again, and given up after the last attempt", async () => {
    const rig = new LiveRig(centre({ queues: callbackQueue }));
    const { contact, itemId } = await promised(rig);
    await rig.arrive("anna");
    await rig.answer("anna");
    rig.switch.refuse(outside(rig) as LegId, "busy", 486);
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("available");
    const [first] = rig.events("callback.attempted", contact.id);
    expect(first?.payload).toMatchObject({ attempt: 1, outcome: "busy", nextAt: rig.clock.now() + 60_000 });
    await rig.pass(60_000);
    await rig.answer("anna");
    rig.switch.refuse(outside(rig) as LegId, "busy", 486);
    await rig.settle();
    expect(rig.runtime.link.router.item(itemId)).toBeUndefined();
    expect(rig.store.callbacks.get(contact.id)).toMatchObject({ outcome: "failed", attempts: 2 });
    await rig.finish();
  });

  it("whose offer is missed waits on; the next agent calls", async () => {
    const rig = new LiveRig(centre({ queues: callbackQueue }));
    await promised(rig);
    await rig.arrive("anna");
    expect(rig.legOf("anna")).toBeDefined();
    await rig.pass(18_000);
    expect(rig.stateOf("anna")).toBe("not_ready");
    await rig.arrive("boris");
    await rig.answer("boris");
    rig.switch.pickUp(outside(rig) as LegId);
    await rig.settle();
    expect(rig.stateOf("boris")).toBe("talking");
    await end(rig, outside(rig) as LegId);
    await rig.finish();
  });

  it("comes back to the agent whose transfer of it was not answered", async () => {
    const rig = new LiveRig(centre({ queues: callbackQueue }));
    const { contact } = await promised(rig);
    await rig.arrive("anna");
    await rig.answer("anna");
    const customer = outside(rig) as LegId;
    rig.switch.pickUp(customer);
    await rig.settle();
    const called = rig.events("contact.created").find((e) => e.payload.origin === "callback");
    const id = called?.contactId as ContactId;
    const target = { kind: "number", number: "+46812345" } as const;
    await rig.act("anna", id, { kind: "transfer", target });
    expect(rig.stateOf("anna")).toBe("wrap_up");
    rig.switch.refuse(outside(rig) as LegId, "busy", 486);
    await rig.settle();
    await rig.answer("anna");
    expect(rig.stateOf("anna")).toBe("talking");
    await end(rig, customer);
    await rig.finish();
    expect(rig.stateOf("anna")).toBe("available");
    expect(rig.store.callbacks.get(contact.id)?.outcome).toBe("answered");
  });

  it("is not offered to who shows no number", async () => {
    const rig = new LiveRig(centre({ queues: callbackQueue }));
    const { leg, contact } = await rig.customer();
    await rig.pass(12_000);
    rig.switch.press(leg, "1");
    await rig.settle();
    expect(rig.events("callback.promised")).toEqual([]);
    expect(contact.view().customer).toBe("queue");
    await end(rig, leg);
    await rig.finish();
  });

  it("is not begun any more when the server drains, and not forgotten", async () => {
    const rig = new LiveRig(centre({ queues: callbackQueue }));
    const { contact } = await promised(rig);
    await rig.runtime.drain(1_000);
    await rig.arrive("anna");
    expect(rig.legOf("anna")).toBeUndefined();
    expect(rig.store.callbacks.get(contact.id)?.outcome).toBeUndefined();
    await rig.finish();
  });

  it("outlasts a restart at its place", async () => {
    const before = new LiveRig(centre({ queues: callbackQueue }));
    const { contact } = await promised(before);
    const rig = new LiveRig(centre({ queues: callbackQueue }));
    for (const [id, row] of before.store.contacts) rig.store.contacts.set(id, row);
    for (const [id, row] of before.store.callbacks) rig.store.callbacks.set(id, row);
    await rig.runtime.restore();
    expect(rig.runtime.link.router.waitingItems(q1).map((item) => item.id)).toEqual([contact.id]);
    rig.runtime.contactsErased([contact.id]);
    await rig.settle();
    expect(rig.runtime.link.router.waitingItems(q1)).toEqual([]);
    expect(rig.store.callbacks.get(contact.id)?.outcome).toBe("withdrawn");
  });
});

describe("agents", () => {
  async function talking(rig: LiveRig) {
    await rig.arrive("anna");
    const { leg, contact } = await rig.customer("100", "+46701000");
    await rig.answer("anna");
    return { leg, contact };
  }

  it("escalate: the customer waits for the tier, the agent wraps up, the expert gets the same contact", async () => {
    const rig = new LiveRig(centre({ profiles: { boris: { tiers: [2] } } }));
    const { leg, contact } = await talking(rig);
    await rig.arrive("celia");
    await rig.act("anna", contact.id, { kind: "escalate", tier: 2, reason: "fault" });
    expect(rig.stateOf("anna")).toBe("wrap_up");
    expect(rig.deskStateOf("celia", contact.id)).toBeUndefined();
    await rig.arrive("boris");
    await rig.answer("boris");
    expect(rig.deskStateOf("boris", contact.id)).toBe("talking");
    expect(rig.events("contact.escalated", contact.id)[0]).toMatchObject({
      agentId: "anna",
      payload: { tier: 2, toQueueId: "q1", reason: "fault" },
    });
    expect(rig.events("queue.entered", contact.id)[1]?.payload).toMatchObject({ initiation: "transfer" });
    await end(rig, leg);
    await rig.finish();
    expect(rig.warnings).toEqual([]);
  });

  it("do not escalate to a tier that nobody serves", async () => {
    const rig = new LiveRig();
    const { leg, contact } = await talking(rig);
    await expect(rig.act("anna", contact.id, { kind: "escalate", tier: 4 })).rejects.toMatchObject({
      code: "nobody_in_tier",
    });
    expect(rig.deskStateOf("anna", contact.id)).toBe("talking");
    await end(rig, leg);
    await rig.finish();
  });

  it("pick a waiting contact where they may, also during a break", async () => {
    const rig = new LiveRig(
      centre({
        queues: { q1: { requiredSkills: [{ skillId: "rare" as SkillId, minProficiency: 1 }] }, q2: {} },
        profiles: { anna: { pickQueueIds: [q1] } },
      }),
    );
    await rig.arrive("anna", "boris");
    const { leg, contact } = await rig.customer();
    const may = () => true;
    expect(rig.desk.pickable(rig.agentOf("anna"), may)).toMatchObject([
      { id: "q1", waiting: [{ contactId: contact.id, ringing: false }] },
    ]);
    expect(rig.desk.pickable(rig.agentOf("boris"), may)).toEqual([]);
    await expect(rig.desk.pick(rig.agentOf("boris"), contact.id, may)).rejects.toMatchObject({
      code: "not_allowed",
    });
    await expect(rig.desk.pick(rig.agentOf("anna"), contact.id, () => false)).rejects.toMatchObject({
      code: "not_found",
    });
    await rig.desk.pick(rig.agentOf("anna"), contact.id, may);
    await rig.settle();
    await rig.answer("anna");
    expect(rig.events("offer.made", contact.id)[0]?.payload.explain?.choice).toBe("picked");
    await end(rig, leg);
    await rig.finish();
  });

  it("ask whether they may sell more, and the ledger keeps the answer", async () => {
    const rig = new LiveRig(centre({ queues: { q1: { crossSell: { waitingAtMost: 0 } } } }));
    const { leg, contact } = await talking(rig);
    expect(rig.desk.contact("anna" as AgentId, contact.id)).toMatchObject({ crossSell: true });
    expect(await rig.desk.crossSell(rig.agentOf("anna"), contact.id)).toMatchObject({
      allowed: true,
      because: null,
    });
    const other = await rig.customer();
    expect(await rig.desk.crossSell(rig.agentOf("anna"), contact.id)).toMatchObject({
      allowed: false,
      because: "waiting",
      waiting: 1,
    });
    expect(rig.events("crosssell.asked", contact.id)).toHaveLength(2);
    await end(rig, leg);
    await end(rig, other.leg);
    await rig.finish();
  });

  it("rest as long as the queue says; wrap-up on demand comes when asked for", async () => {
    const forced = new LiveRig(
      centre({ queues: { q1: { wrapUp: { mode: "timed_forced", limitMs: 20_000 } } } }),
    );
    const first = await talking(forced);
    await end(forced, first.leg);
    expect(forced.desk.contact("anna" as AgentId, first.contact.id)?.wrapUp).toMatchObject({ forced: true });
    await expect(forced.act("anna", first.contact.id, { kind: "finish_wrap_up" })).rejects.toMatchObject({
      code: "no_early_exit",
    });
    await forced.pass(20_000);
    expect(forced.stateOf("anna")).toBe("available");
    await forced.finish();

    const asked = new LiveRig(centre({ queues: { q1: { wrapUp: { mode: "requested", limitMs: 60_000 } } } }));
    const second = await talking(asked);
    await asked.act("anna", second.contact.id, { kind: "request_wrap_up", wanted: true });
    expect(asked.desk.contact("anna" as AgentId, second.contact.id)?.wrapUpRequested).toBe(true);
    await end(asked, second.leg);
    expect(asked.stateOf("anna")).toBe("wrap_up");
    await asked.act("anna", second.contact.id, { kind: "extend_wrap_up", byMs: 30_000 });
    await asked.pass(60_000);
    expect(asked.stateOf("anna")).toBe("wrap_up");
    await asked.finish();
  });

  it("are forced by a supervisor: wrap-up and ringing end at once, a live call goes on", async () => {
    const rig = new LiveRig();
    const { leg } = await talking(rig);
    await rig.floor.setPresence("user:x", "anna" as AgentId, { kind: "not_ready", reasonId: "lunch" });
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("talking");
    await end(rig, leg);
    await rig.floor.setPresence("user:x", "anna" as AgentId, { kind: "not_ready", reasonId: "lunch" });
    await rig.settle();
    expect(rig.stateOf("anna")).toBe("not_ready");

    await rig.arrive("boris");
    const other = await rig.customer();
    expect(rig.deskStateOf("boris", other.contact.id)).toBe("offered");
    await rig.floor.logOut("user:x", "boris" as AgentId);
    await rig.settle();
    expect(rig.stateOf("boris")).toBe("logged_out");
    expect(rig.events("agent.logged_out").map((e) => [e.agentId, e.payload.reason])).toEqual([
      ["boris", "forced"],
    ]);
    expect(rig.events("offer.withdrawn", other.contact.id)[0]?.payload.reason).toBe("supervisor");
    await end(rig, other.leg);
    await rig.finish();
  });

  it("who dial longer than the lease are let go, and the call with them", async () => {
    const rig = new LiveRig(centre({ rules: { assignmentLeaseMs: 30_000 } }));
    await rig.arrive("anna");
    const call = { kind: "number", number: "+46812345" } as const;
    const { contactId } = await rig.desk.call(rig.agentOf("anna"), call);
    await rig.settle();
    await rig.answer("anna");
    expect(rig.stateOf("anna")).toBe("dialing");
    await rig.pass(30_000);
    expect(rig.stateOf("anna")).toBe("available");
    expect(rig.deskStateOf("anna", contactId)).toBeUndefined();
    expect(rig.outcomeOf(contactId)).toBe("cancelled");
    await rig.finish();
  });

  it("whose desk is gone get no work, and are logged out after the grace", async () => {
    const rig = new LiveRig(centre({ rules: { connectionGraceMs: 30_000 } }));
    await rig.arrive("anna");
    const watch = rig.desk.watch("anna" as AgentId, () => undefined);
    watch.dispose();
    const again = rig.desk.watch("anna" as AgentId, () => undefined);
    await rig.pass(40_000);
    expect(rig.stateOf("anna")).toBe("available");
    again.dispose();
    const { leg, contact } = await rig.customer();
    expect(rig.deskStateOf("anna", contact.id)).toBeUndefined();
    const reasons = rig.runtime.link.router.whyNot(itemOf(contact.id), "anna" as AgentId);
    expect(reasons).toMatchObject([{ code: "disconnected" }]);
    await rig.pass(30_000);
    expect(rig.stateOf("anna")).toBe("logged_out");
    expect(rig.events("agent.logged_out")[0]?.payload.reason).toBe("connection_lost");
    await end(rig, leg);
    await rig.finish();
  });
});
