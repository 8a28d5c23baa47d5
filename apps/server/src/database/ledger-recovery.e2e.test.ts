import { agentTime, type LedgerDraft, verifyAgentDay, verifyContact } from "@svara/ledger";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readEvents } from "./event-reader.ts";
import { closeCuts } from "./ledger-recovery.ts";
import { WHOLE_CENTRE, withScope } from "./scope.ts";
import { type TestDatabase, testClock, testDatabase, testIds } from "./testing.ts";

let test: TestDatabase;
beforeEach(async () => {
  test = await testDatabase();
});
afterEach(() => test.close());

const contactId = testIds.next();
const mailId = testIds.next();
const agentId = testIds.next();
const clientId = testIds.next();
const queueId = testIds.next();

/** A caller who waits, a mail that may wait for days, an agent on duty; then the server is gone. */
function life(at: number): LedgerDraft[] {
  const created = { direction: "inbound", origin: "customer" } as const;
  return [
    { type: "contact.created", at, contactId, clientId, payload: { medium: "voice", ...created } },
    { type: "contact.created", at, contactId: mailId, clientId, payload: { medium: "email", ...created } },
    {
      type: "segment.started",
      at,
      contactId,
      clientId,
      segmentId: testIds.next(),
      payload: { party: "customer", kind: "queue", initiation: "new" },
    },
    {
      type: "queue.entered",
      at,
      contactId,
      clientId,
      queueId,
      payload: { medium: "voice", initiation: "new", priority: 0 },
    },
    { type: "agent.logged_in", at, agentId, payload: { sessionId: testIds.next(), slots: ["voice"] } },
    {
      type: "agent.state_changed",
      at,
      agentId,
      payload: { slot: "voice", state: "available", paid: true, productive: true },
    },
  ];
}

it("closes what a crash cut, once, and leaves what may wait", async () => {
  const crashed = await test.openLedger();
  const at = testClock.now();
  crashed.append(...life(at));
  await crashed.flush(); // and no close: the process was killed
  const ledger = await test.openLedger();
  expect(await closeCuts(ledger, testClock.now())).toEqual({ contacts: [contactId], agents: [agentId] });
  const { contact, mail, agent } = await withScope(test.db, WHOLE_CENTRE, async (tx) => ({
    contact: await readEvents(tx, { contactId }),
    mail: await readEvents(tx, { contactId: mailId }),
    agent: await readEvents(tx, { agentId }),
  }));
  expect(verifyContact(contact)).toEqual([]);
  expect(contact.map((event) => event.type).slice(-3)).toEqual([
    "queue.left",
    "segment.ended",
    "contact.closed",
  ]);
  expect(contact.at(-1)).toMatchObject({ clientId, payload: { outcome: "failed_tech" }, epoch: 2 });
  expect(mail).toHaveLength(1);
  const day = { from: at, to: at + 86_400_000 };
  expect(verifyAgentDay(agent, day, day.to)).toEqual([]);
  expect(agentTime(agent).current).toBeUndefined();
  const third = await test.openLedger();
  expect(await closeCuts(third, testClock.now())).toEqual({ contacts: [], agents: [] });
});
