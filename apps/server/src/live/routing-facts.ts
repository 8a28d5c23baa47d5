import { zoned } from "@svara/calendar";
import type { RoutingFactName } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { Facts, Initiation } from "@svara/routing";
import type { ContactFacts } from "./contact-facts.ts";
import type { CustomerHistory } from "./live-store.ts";

export interface FactSources {
  readonly contact: Pick<ContactFacts, "direction" | "language" | "remoteNumber" | "entryPoint" | "numberId">;
  /** Known once the contact's row is written. */
  readonly history: CustomerHistory | undefined;
  readonly initiation: Initiation;
  /** Of the client. */
  readonly timeZone: string;
  readonly at: Instant;
}

type Known = { readonly [Name in RoutingFactName]?: string | number | boolean | null | undefined };

const DAY_MS = 86_400_000;

/**
 * What routing expressions may ask of a contact that begins to wait; what is not known is left out. Ids and codes only:
 * these stand in the router's journal.
 */
export function routingFacts({ contact, history, initiation, timeZone, at }: FactSources): Facts {
  const clock = clockOf(at, timeZone);
  const { entryPoint, numberId } = contact;
  return known({
    "item.medium": "voice",
    "item.language": contact.language,
    "contact.initiation": initiation === "callback" ? undefined : initiation,
    "entry.pointId": entryPoint?.id,
    "entry.numberId": numberId,
    "caller.withheld": contact.direction === "inbound" ? contact.remoteNumber === undefined : undefined,
    "time.hour": Math.floor(clock.minuteOfDay / 60),
    "time.minuteOfDay": clock.minuteOfDay,
    "time.weekday": clock.weekday,
    ...(contact.direction === "inbound" && contact.remoteNumber === undefined
      ? { "customer.known": false }
      : customerFacts(history, at)),
  });
}

/** What only the customer's record tells; it may be known later than the contact begins to wait. */
export function customerFacts(history: CustomerHistory | undefined, at: Instant): Facts {
  if (history === undefined) return {};
  const { last } = history;
  return known({
    "customer.known": history.known,
    "customer.type": history.type,
    "customer.segment": history.segment,
    "customer.value": history.value,
    "customer.language": history.language,
    "contacts.last30": history.contactsLast30,
    "contacts.lastAbandoned": last?.abandoned,
    "contacts.daysSinceLast": last ? Math.max(0, Math.floor((at - last.at) / DAY_MS)) : undefined,
  });
}

function known(facts: Known): Facts {
  const given = Object.entries(facts).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as Facts;
}

const WEEKDAYS = { 1: "mon", 2: "tue", 3: "wed", 4: "thu", 5: "fri", 6: "sat", 7: "sun" } as const;

/** The client's clock on the wall. */
function clockOf(at: Instant, timeZone: string): { readonly minuteOfDay: number; readonly weekday: string } {
  const { hour, minute, dayOfWeek } = zoned(at, timeZone);
  return { minuteOfDay: hour * 60 + minute, weekday: WEEKDAYS[dayOfWeek as keyof typeof WEEKDAYS] };
}
