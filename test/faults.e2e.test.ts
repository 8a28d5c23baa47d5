import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { api } from "@svara/contracts";
import { SystemClock } from "@svara/kernel";
import type { SoftCall } from "@svara/telephony";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { runDoctor } from "../apps/server/src/doctor/index.ts";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { type Customer, Customers } from "./support/customers.ts";
import { FragileDns } from "./support/fragile-dns.ts";
import { LineAudio } from "./support/line-audio.ts";
import { type Death, MortalHosts } from "./support/mortal-hosts.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { Sipp } from "./support/sipp.ts";
import { type Ear, type SoftAgent, SoftPeople } from "./support/soft-people.ts";
import { meets } from "./support/strangers.ts";
import { TELEPHONE_HZ, TONES } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";

const ready = meets("sipp");

const NUMBER = "960";
const CARRIER = "carrier.svara.test";
/** A party that is silent for so long is gone; a minute where no test waits for it. */
const MEDIA_TIMEOUT_MS = 6_000;
/** Who talked when a media host died waits no longer for the sound to come back; on a machine that does nothing else, 1 s. */
const BACK_LIMIT_MS = 5_000;
/** Longer than an answer of DNS is kept at least. */
const ANSWER_KEPT_MS = 5_500;

let hosts: MortalHosts;
let dns: FragileDns;
let server: TestServer;
let centre: TestCentre;
let people: SoftPeople;
let customers: Customers;
let books: Books;
let agents: SoftAgent[];
/** Calls that a test has taken. */
const given = new Set<SoftCall>();

beforeAll(async () => {
  if (!ready) return;
  hosts = new MortalHosts({ mediaTimeoutMs: MEDIA_TIMEOUT_MS });
  dns = await FragileDns.open();
  server = await startTestServer();
  centre = await TestCentre.build(server);
  people = await SoftPeople.gather(server.sip);
  customers = new Customers(server.sip);
  books = await Books.open(server.dataDir);
  const skill = await centre.skill();
  const queue = await centre.queue(skill, { wrapUp: { mode: "off" } });
  await centre.line(NUMBER, queue.id);
  agents = [];
  for (let n = 0; n < 2; n++) agents.push(await people.agentAtPhone(centre, await centre.agent([skill])));
});

afterEach(({ task }) => {
  for (const call of given) call.hangup();
  if (task.result?.state === "fail") console.error(server.complaints());
});

afterAll(async () => {
  await customers?.close();
  await people?.close();
  await books?.close();
  await server?.close();
  dns?.close();
  hosts?.restore();
});

interface Talk {
  readonly agent: SoftAgent;
  readonly agentCall: SoftCall;
  readonly agentEar: Ear;
}

/** Whoever is free takes the call that comes, and speaks. */
async function taken(): Promise<Talk> {
  const { agent, call } = await waitFor("a phone rings", () => {
    for (const each of agents) {
      const fresh = each.rung.find((rung) => !given.has(rung) && rung.state === "ringing");
      if (fresh) return { agent: each, call: fresh };
    }
    return undefined;
  });
  return answered(agent, call);
}

async function answered(agent: SoftAgent, agentCall: SoftCall): Promise<Talk> {
  given.add(agentCall);
  await agentCall.answer();
  return { agent, agentCall, agentEar: await people.talk(agentCall, TONES.agent) };
}

/** A customer whose line takes offers of a new place for the sound. */
async function softTalk(): Promise<
  Talk & { readonly call: SoftCall; readonly ear: Ear; readonly number: string }
> {
  const number = "+46701740998"; // the others count from 600
  const phone = await people.phone(number);
  const call = await phone.call(NUMBER);
  await call.whenAnswered();
  const ear = await people.talk(call, TONES.customer);
  const talk = await taken();
  await Promise.all([ear.hears(TONES.agent), talk.agentEar.hears(TONES.customer)]);
  return { ...talk, call, ear, number };
}

async function sippTalk(): Promise<Talk & { readonly customer: Customer }> {
  const customer = await customers.call(NUMBER);
  const talk = await taken();
  await Promise.all([customer.audio.hears(TONES.agent), talk.agentEar.hears(TONES.customer)]);
  return { ...talk, customer };
}

async function closedOf(number: string): Promise<{ readonly id: string; readonly outcome: string | null }> {
  return waitFor(`the contact of ${number} is closed`, async () => {
    const { items } = await centre.admin.call(api.contacts.list, { query: {} });
    return items.find(({ remoteNumber, endedAt }) => remoteNumber === number && endedAt !== null);
  });
}

async function alarms(): Promise<readonly string[]> {
  return (await centre.admin.call(api.system.health, {})).alarms;
}

test.runIf(ready)(
  "the disk is full: the call goes on, an alarm tells, the ledger says that the recording failed",
  async (context) => {
    const folder = path.join(server.dataDir, "recordings");
    mkdirSync(folder, { recursive: true });
    if (!mount(folder)) return context.skip("only root can make a small disk here");
    try {
      const { customer, agentEar } = await sippTalk();
      const contact = await customer.contact(centre);
      const failed = await waitFor("the ledger tells", async () =>
        (await books.contact(contact.id)).find(({ type }) => type === "recording.failed"),
      );
      expect(failed.payload).toMatchObject({ reason: "disk_full" });
      expect(await alarms()).toContain("recordings_fail");
      await Promise.all([customer.audio.hears(TONES.agent), agentEar.hears(TONES.customer)]);
      await customer.hangUp();
      expect((await customer.closed(centre)).outcome).toBe("answered");
      const events = await books.closedContact(contact.id);
      expect(events.map(({ type }) => type)).not.toContain("recording.stored");
      expect(await books.contactProblems(contact.id)).toEqual([]);
    } finally {
      execFileSync("umount", ["-l", folder]);
    }
    const next = await sippTalk();
    await next.customer.hangUp();
    await next.customer.closed(centre);
    await waitFor(
      "a stored recording ends the alarm",
      async () => !(await alarms()).includes("recordings_fail"),
    );
  },
);

test.runIf(ready)(
  "media hosts die by a fault, by their memory limit and by force: their calls talk on, others hear nothing of it",
  async () => {
    const moved = await softTalk();
    const first = await hosts.carrier();
    const bystander = await sippTalk();
    const itsLegs = await hosts.legsOf(first);
    expect(itsLegs).toHaveLength(2); // the other call is on the other host

    const samplesBefore = bystander.customer.audio.heard().length;
    const since = performance.now();
    for (const [n, death] of (["throws", "eats_memory", "terminate"] satisfies Death[]).entries()) {
      if (n === 1) {
        // the one call that stays has to be found again: after the first death both were on one host
        const heardMs = ((bystander.customer.audio.heard().length - samplesBefore) / TELEPHONE_HZ) * 1_000;
        expect(heardMs).toBeGreaterThan(0.9 * (performance.now() - since) - 200);
        await bystander.customer.hangUp();
        expect((await bystander.customer.closed(centre)).outcome).toBe("answered");
      }
      const carrier = await hosts.carrier(({ legId }) => itsLegs.includes(legId));
      const offers = moved.call.reoffers;
      await hosts.kill(carrier, death);
      await waitFor(`an offer after a death by ${death}`, () => moved.call.reoffers > offers);
      const offered = performance.now(); // a thread takes its time to use up its memory
      await Promise.all([moved.ear.hearsAnew(TONES.agent), moved.agentEar.hearsAnew(TONES.customer)]);
      const tookMs = performance.now() - offered;
      console.info(`${death}: both talk again ${Math.round(tookMs)} ms after the offer`);
      expect(tookMs).toBeLessThan(BACK_LIMIT_MS);
    }
    expect(await alarms()).toContain("media_lost");
    moved.call.hangup();
    const { id, outcome } = await closedOf(moved.number);
    expect(outcome).toBe("answered");
    const types = (await books.closedContact(id)).map(({ type }) => type);
    expect(types.filter((type) => type === "leg.media_lost")).toHaveLength(6);
    expect(types.filter((type) => type === "leg.media_restored")).toHaveLength(6);
    expect(await books.contactProblems(id)).toEqual([]);
  },
);

test.runIf(ready)(
  "a customer whose telephone takes no other place is ended, and the ledger says so",
  async () => {
    const { customer } = await sippTalk();
    await hosts.kill(await hosts.carrier(), "terminate");
    const contact = await customer.closed(centre);
    await customer.gone().catch(() => undefined); // SIPp minds the offer that it does not know
    const events = await books.closedContact(contact.id);
    expect(events.map(({ type }) => type)).toContain("leg.media_lost");
    expect(events.filter(({ type }) => type === "leg.ended").map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ by: "us", cause: "failed" }),
    );
    expect(await books.contactProblems(contact.id)).toEqual([]);
  },
);

test.runIf(ready)(
  "a carrier dies in mid-call: talk goes on while there is sound, then the call ends as the carrier's doing",
  async () => {
    const audio = await LineAudio.open(TONES.customer);
    const from = "+46701740999";
    const sipp = await Sipp.start({
      scenario: "customer",
      server: server.sip,
      number: NUMBER,
      from,
      mediaPort: audio.port,
    });
    const { agentCall, agentEar } = await taken();
    await Promise.all([audio.hears(TONES.agent), agentEar.hears(TONES.customer)]);
    await sipp.kill(); // nobody is at its port any more
    const deadSince = performance.now();
    await waitFor("two seconds", () => performance.now() - deadSince > 2_000);
    await Promise.all([audio.hears(TONES.agent), agentEar.hears(TONES.customer)]);
    expect(agentCall.state).toBe("answered");
    await audio.close();
    await agentCall.whenEnded();
    const { id, outcome } = await closedOf(from);
    expect(outcome).toBe("answered");
    const ends = (await books.closedContact(id)).filter(({ type }) => type === "leg.ended");
    expect(ends.map(({ payload }) => payload)).toContainEqual(
      expect.objectContaining({ by: "carrier", cause: "media_timeout" }),
    );
    expect(await books.contactProblems(id)).toEqual([]);
  },
);

test.runIf(ready)(
  "names cannot be looked up any more: phones and calls are as before, the carrier is called where it last was",
  async () => {
    const audio = await LineAudio.open(TONES.customer);
    const carrier = await Sipp.start({
      scenario: "called",
      server: server.sip,
      number: "unused",
      mediaPort: audio.port,
      calls: 50,
    });
    try {
      const trunk = await centre.admin.call(api.trunks.create, {
        body: {
          name: "Carrier by name",
          inbound: { kind: "none" },
          outbound: {
            host: CARRIER,
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
        const { reachable } = await centre.admin.call(api.trunks.status, { params: { id: trunk.id } });
        return reachable === true;
      });
      const running = await sippTalk();
      const asked = dns.asked;
      dns.vanish();
      const since = performance.now();
      await waitFor("the answers are too old", () => performance.now() - since > ANSWER_KEPT_MS);

      const caller = agents.find((agent) => agent !== running.agent);
      if (!caller) throw new Error("one agent is free");
      await caller.agent.session.call(api.desk.call, { body: { number: "+46701740699" } });
      const { agentCall: own, agentEar: ear } = await taken();
      await Promise.all([audio.hears(TONES.agent), ear.hears(TONES.customer)]);
      expect(dns.asked).toBeGreaterThan(asked); // it was asked again, in vain
      own.hangup();
      await Promise.all([running.customer.audio.hears(TONES.agent), running.agentEar.hears(TONES.customer)]);
      await running.customer.hangUp();
      expect((await running.customer.closed(centre)).outcome).toBe("answered");
      await diagnosed(carrier.port);
    } finally {
      await audio.close();
      await carrier.kill(); // it would wait for further pings
    }
  },
);

/** The doctor beside this server, which reads the trunk from the database and finds no name server. */
async function diagnosed(port: number): Promise<void> {
  const found = await runDoctor(server.settings, { clock: new SystemClock() });
  const of = (name: string) => found.find(({ check }) => check === name);
  expect(of("DNS")).toMatchObject({ verdict: "fail", message: expect.stringContaining(CARRIER) });
  expect(of("trunks")).toMatchObject({
    verdict: "fail",
    message: expect.stringContaining(`"Carrier by name" (${CARRIER}:${port}) does not answer`),
  });
  expect(of("ports")?.verdict).toBe("ok");
  expect(of("media ports")?.verdict).toBe("ok");
}

/** A small disk in place of the folder, almost full; false where this account may not. */
function mount(folder: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=128k", "svara-small-disk", folder], {
      stdio: "ignore",
    });
  } catch {
    return false;
  }
  writeFileSync(path.join(folder, "filler"), Buffer.alloc(64 * 1024));
  return true;
}
