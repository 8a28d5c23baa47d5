import type { FactType } from "@svara/kernel/expression";
import { CUSTOMER_TYPES } from "./contact.ts";
import { WEEKDAYS } from "./organisation.ts";
import { LANGUAGES } from "./primitives.ts";

/** One thing that may be known of a contact when it waits. */
export interface RoutingFact {
  readonly type: FactType;
  /** In English, for the API and for editors. */
  readonly summary: string;
}

/**
 * What routing expressions may ask. One list: expressions are checked by it, the server fills it, the API tells it.
 * Codes, counts and flags only: these stand in the router's journal. What is not known is left out.
 */
export const ROUTING_FACTS = {
  "customer.known": { type: "flag", summary: "The caller is a customer we know" },
  "customer.type": { type: { oneOf: CUSTOMER_TYPES }, summary: "What kind of customer" },
  "customer.segment": { type: "text", summary: "The client's own code for a group of customers" },
  "customer.value": { type: "text", summary: "The client's own code for a customer's value, such as gold" },
  "customer.language": { type: { oneOf: LANGUAGES }, summary: "The customer's language" },
  "caller.withheld": { type: "flag", summary: "The caller shows no number" },
  "contacts.last30": {
    type: "number",
    summary: "Contacts of this customer in the last 30 days, this one excluded",
  },
  "contacts.lastAbandoned": { type: "flag", summary: "The customer's last contact ended while waiting" },
  "contacts.daysSinceLast": { type: "number", summary: "Whole days since the customer's last contact" },
  "contact.initiation": {
    type: { oneOf: ["new", "transfer", "overflow"] },
    summary: "How the contact came into this queue",
  },
  "entry.pointId": { type: "text", summary: "Id of the entry point" },
  "entry.numberId": { type: "text", summary: "Id of the dialled number" },
  "item.language": { type: { oneOf: LANGUAGES }, summary: "The language of the entry point" },
  "item.medium": { type: "text", summary: "The medium, such as voice" },
  "time.hour": { type: "number", summary: "Hour of the client's day at entry, 0 to 23" },
  "time.minuteOfDay": {
    type: "number",
    summary: "Minutes since midnight at entry, in the client's time zone",
  },
  "time.weekday": { type: { oneOf: WEEKDAYS }, summary: "Day of the client's week at entry" },
  "escalation.tier": {
    type: "number",
    summary: "The tier that an agent asked for; only after an escalation",
  },
  "escalation.reason": { type: "text", summary: "The code that the agent gave as reason of the escalation" },
} as const satisfies Readonly<Record<string, RoutingFact>>;

export type RoutingFactName = keyof typeof ROUTING_FACTS;

/** The same list as `checkExpression` of `@svara/kernel/expression` wants it. */
export const ROUTING_FACT_TYPES: Readonly<Record<string, FactType>> = Object.fromEntries(
  Object.entries(ROUTING_FACTS).map(([name, fact]) => [name, fact.type]),
);
