import { readdir } from "node:fs/promises";
import path from "node:path";
import { api } from "@svara/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { Customers } from "./support/customers.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const NUMBER = "960";
const NAME = "Zebulon Quastenflosser";
const NOTE = "prefers marmalade over jam";

const ready = meets("sipp");

let server: TestServer;
let people: SoftPeople;
let customers: Customers;
let books: Books;

beforeAll(async () => {
  if (!ready) return;
  server = await startTestServer();
  people = await SoftPeople.gather(server.sip);
  customers = new Customers(server.sip);
  books = await Books.open(server.dataDir);
});

afterAll(async () => {
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
});

test("a customer who called is erased: neither number nor name nor note is left in any table, nor the recording", async () => {
  const centre = await TestCentre.build(server);
  const skill = await centre.skill();
  const queue = await centre.queue(skill);
  await centre.line(NUMBER, queue.id);
  const agent = await people.agentAtPhone(centre, await centre.agent([skill]));

  const caller = await customers.call(NUMBER);
  const call = await agent.nextCall();
  await call.answer();
  await call.say(await people.tone(TONES.agent), true);
  await caller.audio.hears(TONES.agent);
  const { contacts } = await agent.becomes("talking");
  const inHand = contacts[0];
  if (!inHand?.customer) throw new Error("the desk shows no customer");
  await agent.agent.session.call(api.desk.setWork, {
    params: { id: inHand.contactId },
    body: { notes: NOTE },
  });
  const known = await centre.admin.call(api.customers.get, { params: { id: inHand.customer.id } });
  await centre.admin.call(api.customers.replace, {
    params: { id: known.id },
    body: {
      name: NAME,
      company: null,
      language: null,
      notes: NOTE,
      identifiers: known.identifiers,
    },
  });
  call.hangup();
  await caller.gone();
  await agent.leave();
  await caller.closed(centre);
  const contact = await waitFor("the recording is stored", async () => {
    const read = await centre.admin.call(api.contacts.get, { params: { id: inHand.contactId } });
    return read.recordings[0]?.state === "stored" ? read : undefined;
  });

  const traces = [NAME, NOTE, caller.number, caller.number.slice(1)];
  const before = await books.dump();
  for (const trace of traces) expect(before).toContain(trace);
  expect(await recordingFiles()).not.toEqual([]);

  const erased = await centre.admin.call(api.customers.erase, { params: { id: known.id } });
  expect(erased).toEqual({ contacts: 1, recordings: 1 });

  const after = await books.dump();
  for (const trace of traces) expect(after).not.toContain(trace);
  expect(await recordingFiles()).toEqual([]);
  for (const trace of traces) expect(server.log()).not.toContain(trace);

  // What was counted stays counted.
  const kept = await centre.admin.call(api.contacts.get, { params: { id: contact.id } });
  expect(kept).toMatchObject({ outcome: "answered", customer: null, remoteNumber: null, notes: "" });
  expect(kept.talkMs).toBe(contact.talkMs);
  expect(await books.contactProblems(contact.id)).toEqual([]);
  const { totals } = await centre.admin.call(api.floor.state, {});
  expect(totals).toMatchObject({ offered: 1, answered: 1 });
});

async function recordingFiles(): Promise<string[]> {
  const names = await readdir(path.join(server.dataDir, "recordings"), { recursive: true });
  return names.filter((name) => name.endsWith(".wav"));
}
