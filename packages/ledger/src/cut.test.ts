import { describe, expect, it } from "vitest";
import { agentTime } from "./agent-time.ts";
import { contactTimeline, verifyContact } from "./contact-timeline.ts";
import { closeCutAgent, closeCutContact } from "./cut.ts";
import type { LedgerDraft } from "./events.ts";
import { agentScript, ContactScript } from "./testing.ts";

const owner = { contactId: "c-1", clientId: "client-1" };
const leg = (at: number): LedgerDraft => ({
  ...owner,
  type: "leg.started",
  at,
  legId: "l-1",
  payload: { party: "customer", direction: "in", switchId: "embedded" },
});

describe("what a crash cut", () => {
  it("[LE13] is closed as failed_tech at the last known instant, whole", () => {
    const events = [
      leg(0),
      ...new ContactScript().created(0).entered(0).customer("queue", 0).handler("ring", "a-1", 400).events,
    ].sort((a, b) => Number(b.type === "contact.created") - Number(a.type === "contact.created"));
    const closing = closeCutContact(contactTimeline(events), owner, 9_000);
    expect(closing.map((event) => event.type)).toEqual([
      "queue.left",
      "segment.ended",
      "segment.ended",
      "leg.ended",
      "contact.closed",
    ]);
    expect(closing.every((event) => event.at === 9_000 && event.clientId === "client-1")).toBe(true);
    expect(verifyContact([...events, ...closing])).toEqual([]);
    expect(closing.at(-1)?.payload).toEqual({ outcome: "failed_tech", endedBy: "us" });
  });

  it("[LE13] ends conferences, monitoring and parking, and a leg where it has moved to", () => {
    const joined: LedgerDraft = {
      ...owner,
      type: "conference.joined",
      at: 10,
      legId: "l-2",
      agentId: "a-2",
      payload: { party: "agent" },
    };
    const moved = (contactId: string, way: "to" | "from"): LedgerDraft => ({
      ...owner,
      contactId,
      type: "leg.moved",
      at: 5,
      legId: "l-2",
      payload: { way, otherContactId: "c-0", party: "agent", direction: "out" },
    });
    const monitored: LedgerDraft = {
      ...owner,
      type: "monitor.started",
      at: 11,
      agentId: "a-1",
      payload: { monitorId: "m-1", mode: "listen", supervisorId: "a-9" },
    };
    const parked: LedgerDraft = {
      ...owner,
      type: "park.started",
      at: 12,
      agentId: "a-1",
      payload: { parkId: "p-1" },
    };
    const begun = new ContactScript().created(0).customer("hold", 0).events;
    const timeline = contactTimeline([...begun, moved("c-1", "from"), joined, monitored, parked]);
    const closing = closeCutContact(timeline, owner, 9_000);
    expect(closing.map((event) => event.type)).toEqual([
      "segment.ended",
      "park.ended",
      "conference.left",
      "monitor.ended",
      "leg.ended",
      "contact.closed",
    ]);
    expect(closing).toContainEqual(expect.objectContaining({ type: "leg.ended", legId: "l-2" }));
    expect(contactTimeline([leg(0), { ...moved("c-1", "to"), legId: "l-1" }]).openLegs.size).toBe(0);
  });

  it("[LE13] ends no earlier than its own last event, and a closed contact stays as it is", () => {
    const events = new ContactScript().created(0).customer("talk", 5_000).events;
    expect(closeCutContact(contactTimeline(events), owner, 10).at(-1)?.at).toBe(5_000);
    const closed = new ContactScript().created(0).customer("talk", 0, 5, "customer_ended").closed(5);
    expect(closeCutContact(contactTimeline(closed.sorted()), owner, 10)).toEqual([]);
  });

  it("[LE13] signs out the agents who were signed in", () => {
    const { login, state, logout } = agentScript();
    const time = agentTime([login(0), state(0, "talking")]);
    const closing = closeCutAgent(time, "a-1", 700);
    expect(closing).toMatchObject([{ type: "agent.logged_out", at: 700, payload: { reason: "restart" } }]);
    for (const event of closing) time.apply(event);
    expect(time.loggedInMs({ from: 0, to: 1_000 }, 1_000)).toBe(700);
    expect(closeCutAgent(agentTime([login(0), logout(9)]), "a-1", 700)).toEqual([]);
  });
});
