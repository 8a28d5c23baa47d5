import { ROUTING_FACTS } from "@svara/contracts";
import { describe, expect, it } from "vitest";
import type { CustomerHistory } from "./live-store.ts";
import { type FactSources, routingFacts } from "./routing-facts.ts";

const HISTORY: CustomerHistory = {
  known: true,
  type: "citizen",
  segment: null,
  value: "gold",
  language: null,
  contactsLast30: 2,
  last: { at: Date.UTC(2026, 2, 28, 10), abandoned: false },
  lastAgent: null,
};

/** On the Sunday on which summer time began in Sweden: 10:30 UTC is 12:30. */
const sources = (over: Partial<FactSources> = {}): FactSources => ({
  contact: { direction: "inbound", language: "sv", remoteNumber: "+46701000", numberId: "number-1" },
  history: HISTORY,
  initiation: "new",
  timeZone: "Europe/Stockholm",
  at: Date.UTC(2026, 2, 29, 10, 30),
  ...over,
});

describe("routing facts", () => {
  it("are those that the contract lists, codes and counts without the number", () => {
    const facts = routingFacts(sources());
    for (const name of Object.keys(facts)) expect(ROUTING_FACTS).toHaveProperty([name]);
    expect(facts).toEqual({
      "item.medium": "voice",
      "item.language": "sv",
      "contact.initiation": "new",
      "entry.numberId": "number-1",
      "caller.withheld": false,
      "customer.known": true,
      "customer.type": "citizen",
      "customer.value": "gold",
      "contacts.last30": 2,
      "contacts.lastAbandoned": false,
      "contacts.daysSinceLast": 1,
      "time.hour": 12,
      "time.minuteOfDay": 750,
      "time.weekday": "sun",
    });
  });

  it("say of a withheld number that nobody is known, and leave out what is not known yet", () => {
    const withheld = routingFacts(
      sources({ contact: { direction: "inbound", language: "en" }, history: undefined }),
    );
    expect(withheld).toMatchObject({ "caller.withheld": true, "customer.known": false });
    const early = routingFacts(sources({ history: undefined }));
    expect(Object.keys(early).filter((name) => name.startsWith("customer"))).toEqual([]);
  });
});
