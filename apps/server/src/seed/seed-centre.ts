import type { Ids } from "@svara/kernel";
import { type CentreValue, centreKind } from "../clients/centre-kind.ts";
import { clientKind } from "../clients/client-kind.ts";
import type { Configuration } from "../configuration/index.ts";
import { WHOLE_CENTRE } from "../database/index.ts";
import { hoursKind } from "../hours/hours-kind.ts";
import type { Office } from "../office/office.ts";
import type { OfficeKind } from "../office/office-kind.ts";
import { reasonKind, siteKind } from "../organisation/organisation-kinds.ts";
import { dispositionKind } from "../queues/disposition-kind.ts";

interface Parts {
  readonly office: Office;
  readonly configuration: Configuration;
  readonly ids: Ids;
  readonly centreId: string;
  /** Of this machine. */
  readonly timeZone: string;
}

/** Named by code: the screen has the words in each language. */
const REASONS = [
  { code: "break", paid: true, productive: false },
  { code: "lunch", paid: false, productive: false },
  { code: "training", paid: true, productive: true },
  { code: "coaching", paid: true, productive: true },
  { code: "meeting", paid: true, productive: true },
  { code: "back_office", paid: true, productive: true },
  { code: "technical", paid: true, productive: false },
  { code: "personal", paid: false, productive: false },
] as const;

const DISPOSITIONS = [
  "resolved",
  "follow_up",
  "information",
  "sale",
  "complaint",
  "wrong_number",
  "no_contact",
  "other",
] as const;

const WORKING_DAY = [{ from: "08:00", to: "17:00" }];
const WHOLE_DAY = [{ from: "00:00", to: "24:00" }];

/** What a centre begins with at its very first start: a client, a site, reasons, outcomes, hours. Later starts change nothing. */
export async function seedCentre(parts: Parts): Promise<void> {
  const { office, centreId, timeZone, ids } = parts;
  if (office.catalogue.all(clientKind).size > 0) return;
  const centre: CentreValue = { name: "Svara", timeZone, language: "en", country: "SE" };
  await put(parts, centreKind, centreId, centre);
  const clientId = ids.next();
  await put(parts, clientKind, clientId, {
    ...centre,
    name: "Svara",
    recordCalls: true,
    recordingRetentionDays: 90,
    personalDataRetentionDays: 365,
    callerIdNumber: null,
  });
  await put(parts, siteKind, ids.next(), { name: "Svara", timeZone });
  await seedClientDefaults(parts, clientId, timeZone);
  for (const [position, reason] of REASONS.entries())
    await put(parts, reasonKind, ids.next(), { ...reason, name: null, position });
}

/** Outcomes and opening hours for a client that has none. */
export async function seedClientDefaults(
  parts: Pick<Parts, "configuration" | "ids">,
  clientId: string,
  timeZone: string,
): Promise<void> {
  const { ids } = parts;
  for (const [position, code] of DISPOSITIONS.entries())
    await put(parts, dispositionKind, ids.next(), { clientId, code, name: null, queueIds: [], position });
  const days = ["mon", "tue", "wed", "thu", "fri"] as const;
  const always = Object.fromEntries([...days, "sat", "sun"].map((day) => [day, WHOLE_DAY]));
  const office = Object.fromEntries(days.map((day) => [day, WORKING_DAY]));
  const hours = { clientId, timeZone, holidays: null, exceptions: [] };
  await put(parts, hoursKind, ids.next(), { ...hours, name: "24/7", weekly: always });
  await put(parts, hoursKind, ids.next(), { ...hours, name: "Mon-Fri 08-17", weekly: office });
}

async function put<Value>(
  { configuration }: Pick<Parts, "configuration">,
  kind: OfficeKind<Value>,
  id: string,
  value: Value,
): Promise<void> {
  await configuration.apply(WHOLE_CENTRE, { actor: "system", kind: kind.kind, id, value });
}
