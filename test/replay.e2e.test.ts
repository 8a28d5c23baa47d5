import path from "node:path";
import { api } from "@svara/contracts";
import { verifyContact } from "@svara/ledger";
import { type JournalEntry, replay } from "@svara/routing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { journalRuns, readJournal } from "../apps/server/src/database/index.ts";
import { signIn } from "../apps/server/src/demo/http-session.ts";
import { ROUTER_ID } from "../apps/server/src/live/live-parts.ts";
import { Books } from "./support/books.ts";
import { svara } from "./support/run-svara.ts";
import { startTestServer, type TestServer } from "./support/server.ts";
import { waitFor } from "./support/wait-for.ts";

/** Calls come each second and talk for half a minute on average. */
const CALLS_PER_HOUR = 3_600;
const CLOSED = 2;

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ demo: { callsPerHour: CALLS_PER_HOUR, agents: 12 } });
});

afterAll(() => server?.close());

test("the demonstration lives: calls are answered, and its journal decides the same when it is replayed", async () => {
  const supervisor = await signIn(server.baseUrl, "supervisor", "demo-supervisor");
  await waitFor(
    "three calls are answered within a minute",
    async () => (await supervisor.call(api.floor.state, {})).totals.answered >= 3,
    60_000,
  );
  await waitFor(
    "calls have come to their end",
    async () => {
      const { items } = await supervisor.call(api.contacts.list, { query: {} });
      return items.filter(({ endedAt }) => endedAt !== null).length >= CLOSED;
    },
    60_000,
  );

  const books = await Books.open(server.dataDir);
  try {
    const [run] = await journalRuns(books.db, ROUTER_ID);
    if (!run) throw new Error("the router has kept no journal");
    const entries: JournalEntry[] = [];
    for await (const entry of readJournal(books.db, run)) entries.push(entry as unknown as JournalEntry);
    expect(entries.length).toBeGreaterThan(50);
    const result = replay(entries);
    expect(result).toMatchObject({ entries: entries.length, differences: 0, otherVersions: [] });

    const events = await books.all();
    const contacts = new Set(events.flatMap((event) => event.contactId ?? []));
    const closed = [...contacts].filter((id) =>
      events.some((event) => event.type === "contact.closed" && event.contactId === id),
    );
    expect(closed.length).toBeGreaterThanOrEqual(CLOSED);
    for (const id of contacts) expect(verifyContact(await books.contact(id))).toEqual([]);
    const agents = new Set(events.flatMap((event) => event.agentId ?? []));
    expect(agents.size).toBeGreaterThanOrEqual(12);
    for (const id of agents) expect(await books.agentProblems(id)).toEqual([]);
  } finally {
    await books.close();
  }
});

test("svara replay decides the installation's journal again, while it runs and after it stopped", async () => {
  const replayed = async () => {
    const { code, out, err } = await svara(["replay", "--data-dir", server.dataDir, "--json"]);
    expect(err).toBe("");
    expect(code).toBe(0);
    return JSON.parse(out) as { entries: number; decisions: number; differences: number; epochs: number };
  };
  const running = await replayed();
  expect(running).toMatchObject({ differences: 0, epochs: 1 });
  expect(running.entries).toBeGreaterThan(50);
  expect(running.decisions).toBeGreaterThan(50);

  await server.running.close();
  const stopped = await replayed();
  expect(stopped).toMatchObject({ differences: 0, epochs: 1 });
  expect(stopped.entries).toBeGreaterThanOrEqual(running.entries);

  const file = path.join(server.dataDir, "day.jsonl.gz");
  expect(await svara(["journal", "export", file, "--data-dir", server.dataDir])).toMatchObject({ code: 0 });
  const { code, out } = await svara(["replay", file, "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ entries: stopped.entries, differences: 0, complete: true });

  const asked = await svara(["whatif", file, "--replications", "3", "--json"]);
  expect(asked).toMatchObject({ code: 0, err: "" });
  const { total } = JSON.parse(asked.out);
  expect(total.happened.answered).toBeGreaterThanOrEqual(3);
  expect(total.sameRules.offered.value).toBe(total.happened.offered);
});
