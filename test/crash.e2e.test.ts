import { rm } from "node:fs/promises";
import { api, type ContactDetail } from "@svara/contracts";
import type { SoftCall } from "@svara/telephony";
import { afterAll, expect, test } from "vitest";
import { signIn } from "../apps/server/src/demo/http-session.ts";
import type { Settings } from "../apps/server/src/settings/settings.ts";
import { Books } from "./support/books.ts";
import { TestCentre } from "./support/centre.ts";
import { ADMIN, testSettings } from "./support/server.ts";
import { ServerProcess } from "./support/server-process.ts";
import { type SoftAgent, SoftPeople } from "./support/soft-people.ts";
import { TELEPHONE_HZ, TONES, toneMs } from "./support/tones.ts";
import { waitFor } from "./support/wait-for.ts";
import { stereo } from "./support/wav.ts";

const CALLS = 20;
const NUMBER = "800";
/** What is on disk may be so much older than the crash. */
const LOST_AT_MOST_MS = 2_000;

let settings: Settings | undefined;
let server: ServerProcess | undefined;
let people: SoftPeople | undefined;

afterAll(async () => {
  await people?.close();
  await server?.stop();
  if (settings) await rm(settings.dataDir, { recursive: true, force: true });
});

test(`kill -9 during ${CALLS} calls: the next start closes them where they were cut, and their recordings play`, async () => {
  settings = await testSettings();
  server = await ServerProcess.start(settings);
  const centre = await TestCentre.buildAt(server.baseUrl, server.firstRunLink);
  const skill = await centre.skill();
  const queue = await centre.queue(skill);
  await centre.line(NUMBER, queue.id);
  people = await SoftPeople.gather(server.sip);
  const agents: SoftAgent[] = [];
  for (let i = 0; i < CALLS; i++) {
    agents.push(await people.agentAtPhone(centre, await centre.agent([skill])));
  }

  const crowd = people;
  for (const agent of agents) answerEverything(crowd, agent);
  const customers: SoftCall[] = [];
  const phone = await crowd.phone("customers");
  for (let i = 0; i < CALLS; i++) {
    const call = await phone.call(NUMBER, { from: `+4670174${String(600 + i).padStart(4, "0")}` });
    await call.whenAnswered();
    await call.say(await crowd.tone(TONES.customer), true);
    customers.push(call);
  }
  await waitFor(`${CALLS} calls are talked`, async () => {
    const { totals } = await centre.admin.call(api.floor.state, {});
    return totals.agentsTalking === CALLS;
  });
  const talkingSince = Date.now();
  await waitFor("five seconds of talk", () => Date.now() - talkingSince > 5_000);

  const crashedAt = Date.now();
  await server.crash();
  server = await ServerProcess.start(settings);

  const admin = await signIn(server.baseUrl, ADMIN.username, ADMIN.password);
  const contacts = await waitFor("the recordings are settled", async () => {
    const { items } = await admin.call(api.contacts.list, { query: {} });
    const details: ContactDetail[] = [];
    for (const { id } of items) details.push(await admin.call(api.contacts.get, { params: { id } }));
    return details.every(({ recordings }) => recordings.every(({ state }) => state !== "recording"))
      ? details
      : undefined;
  });
  expect(contacts).toHaveLength(CALLS);
  const books = await Books.open(settings.dataDir);
  for (const contact of contacts) {
    expect(contact.outcome).toBe("failed_tech");
    expect(contact.endedAt).toBeGreaterThan(crashedAt - LOST_AT_MOST_MS);
    expect(contact.endedAt).toBeLessThanOrEqual(crashedAt);
    expect(await books.contactProblems(contact.id)).toEqual([]);
    expect(contact.recordings).toMatchObject([{ state: "stored" }]);
    const audio = await admin.call(api.recordings.audio, { params: { id: contact.recordings[0]?.id ?? "" } });
    const { left, right, ms } = stereo(Buffer.from(await (audio as Blob).arrayBuffer()));
    const talkMs = crashedAt - (contact.answeredAt ?? 0);
    expect(ms).toBeGreaterThan(talkMs - LOST_AT_MOST_MS);
    for (const [{ samples }, hz] of [
      [left, TONES.customer],
      [right, TONES.agent],
    ] as const) {
      // A busy machine loses sound; what counts is that it is there, up to the end.
      expect(toneMs(samples, hz)).toBeGreaterThan(ms / 3);
      expect(toneMs(samples.subarray(-2 * TELEPHONE_HZ), hz)).toBeGreaterThan(300);
    }
  }
  for (const { agent } of agents) {
    expect(await books.agentProblems(agent.id)).toEqual([]);
    const events = await books.agent(agent.id);
    const out = events.findLast(({ type }) => type === "agent.logged_out");
    expect(out?.at).toBeGreaterThan(crashedAt - LOST_AT_MOST_MS);
    expect(out?.at).toBeLessThanOrEqual(crashedAt);
  }
  await books.close();
  const floor = await admin.call(api.floor.state, {});
  expect(floor.totals).toMatchObject({ agentsLoggedIn: 0, waiting: 0 });

  // And it takes calls again.
  const again = await phone.call(NUMBER, { from: "+46701740699" });
  await again.whenAnswered();
  again.hangup();
});

/** The agent answers whatever rings, and speaks. */
function answerEverything(people: SoftPeople, agent: SoftAgent): void {
  agent.phone.incoming.on((call) => {
    void call.answer().then(async () => call.say(await people.tone(TONES.agent), true));
  });
}
