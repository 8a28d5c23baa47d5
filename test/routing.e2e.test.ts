import { api, DEFAULT_QUEUE_ROUTING, type QueueRouting } from "@svara/contracts";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { LineAudio } from "./support/line-audio.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { Sipp } from "./support/sipp.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("sipp");

let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let books: Books;
let customers: Customers;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  books = await Books.open(server.dataDir);
  customers = new Customers(server.sip);
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.error(server.complaints());
});

afterAll(async () => {
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

test("a caller whom nobody can serve goes on to a second queue at the old place, and everything says why", async () => {
  const [rare, common] = [await centre.skill(), await centre.skill()];
  const second = await centre.queue(common);
  const first = await centre.queue(rare, {
    routing: routing({
      overflow: [{ id: "late", afterMs: 3_000, to: { kind: "queue", queueId: second.id } }],
    }),
  });
  await centre.line("701", first.id);
  const agent = await people.agentAtPhone(centre, await centre.agent([common]));
  const customer = await customers.call("701");

  const waiting = await waitFor("the customer waits", async () => {
    const { items } = await centre.admin.call(api.floor.waiting, { params: { id: first.id } });
    return items[0];
  });
  const why = await centre.admin.call(api.floor.explain, { params: { id: waiting.contactId } });
  expect(why).toMatchObject({
    queue: { id: first.id },
    state: "waiting",
    requirement: { skills: [{ minLevel: 1 }] },
    next: [{ what: "overflow_question", params: { rule: "late", to: "queue", queue: second.name } }],
    agents: [{ reason: "lacks_skill", agents: 1 }],
  });
  const agentId = agent.agent.id;
  const not = await centre.admin.call(api.floor.whyNot, { params: { id: waiting.contactId, agentId } });
  expect(not).toMatchObject({
    agent: { name: agent.agent.displayName },
    reasons: [{ reason: "lacks_skill" }],
  });

  const call = await agent.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.agent);
  await Promise.all([customer.audio.hears(TONES.agent), ear.hears(TONES.customer)]);
  call.hangup();
  await customer.gone();
  await agent.leave();
  const contact = await customer.closed(centre);
  expect(await books.contactProblems(contact.id)).toEqual([]);
  const detail = await centre.admin.call(api.contacts.get, { params: { id: contact.id } });
  expect(detail.queueStays).toMatchObject([
    { queue: { id: first.id }, outcome: "overflow", overflows: [{ rule: "late", queue: { id: second.id } }] },
    {
      queue: { id: second.id },
      initiation: "overflow",
      outcome: "answered",
      offers: [
        { agent: { id: agentId }, outcome: "accepted", choice: "agent_for_item", strategy: "longest_idle" },
      ],
    },
  ]);
});

test("a caller presses 1, hangs up, and is called back by the agent who comes free", async () => {
  const audio = await LineAudio.open(TONES.customer);
  const carrier = await Sipp.start({
    scenario: "called",
    server: server.sip,
    number: "carrier",
    mediaPort: audio.port,
    calls: 50, // each ping of the trunk is one
  });
  const trunk = await centre.admin.call(api.trunks.create, {
    body: {
      name: "Outbound carrier",
      inbound: { kind: "none" },
      outbound: {
        host: "127.0.0.1",
        port: carrier.port,
        transport: "udp",
        username: null,
        callerId: "+46850009000",
        register: false,
      },
      maxCalls: 10,
    },
  });
  await waitFor("the carrier answers a ping", async () => {
    const status = await centre.admin.call(api.trunks.status, { params: { id: trunk.id } });
    return status.reachable === true;
  });
  const skill = await centre.skill();
  const queue = await centre.queue(skill, {
    routing: routing({
      overflow: [{ id: "offer", afterMs: 1_000, to: { kind: "callback" } }],
      callback: { maxAttempts: 2, retryMs: 60_000, attemptLeaseMs: 60_000 },
    }),
  });
  await centre.line("702", queue.id);
  const customer = await customers.call("702");
  const asked = await customer.contact(centre);
  await waitFor("the call-back is offered", async () =>
    (await books.contact(asked.id)).some(({ type }) => type === "routing.overflowed"),
  );
  await customer.audio.press("1");
  await customer.gone();
  expect((await customer.closed(centre)).outcome).toBe("callback_requested");
  expect(await books.contactProblems(asked.id)).toEqual([]);
  const { items } = await centre.admin.call(api.floor.waiting, { params: { id: queue.id } });
  expect(items).toMatchObject([{ contactId: asked.id, callback: true, position: 1 }]);

  const agent = await people.agentAtPhone(centre, await centre.agent([skill]));
  const call = await agent.nextCall();
  await call.answer();
  const ear = await people.talk(call, TONES.agent);
  await Promise.all([audio.hears(TONES.agent), ear.hears(TONES.customer)]);
  call.hangup();
  await agent.leave();
  const made = await waitFor("the call-back is closed", async () => {
    const { linked } = await centre.admin.call(api.contacts.get, { params: { id: asked.id } });
    const [id] = linked;
    const contact = id ? await centre.admin.call(api.contacts.get, { params: { id } }) : undefined;
    return contact?.outcome ? contact : undefined;
  });
  expect(made).toMatchObject({
    origin: "callback",
    direction: "outbound",
    outcome: "answered",
    linkedTo: asked.id,
    queue: { id: queue.id },
    agent: { id: agent.agent.id },
  });
  expect(await books.contactProblems(made.id)).toEqual([]);
  const attempted = (await books.contact(asked.id)).find(({ type }) => type === "callback.attempted");
  expect(attempted?.payload).toMatchObject({ attempt: 1, outcome: "answered", byContactId: made.id });
  await audio.close();
  await carrier.kill(); // it would wait for further pings
});

/** A plain queue's routing but for some words. */
function routing(words: Partial<QueueRouting>): QueueRouting {
  return { ...DEFAULT_QUEUE_ROUTING, ...words };
}
