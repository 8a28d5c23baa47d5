import type { ContactSummary } from "./contacts.ts";

const COLUMNS = [
  "number",
  "started",
  "answered",
  "ended",
  "medium",
  "direction",
  "outcome",
  "wait_s",
  "talk_s",
  "queue",
  "agent",
  "entry_point",
  "customer_number",
  "customer_name",
  "remote_number",
  "disposition",
] as const;

/** The first line, with a byte order mark: spreadsheets take the file for UTF-8 only with it. */
export function csvHead(): string {
  return `\uFEFF${COLUMNS.join(",")}\r\n`;
}

/** One contact as a line (RFC 4180). Instants are ISO 8601 in UTC. */
export function csvLine(contact: ContactSummary, dispositionName: (id: string) => string): string {
  const fields: Record<(typeof COLUMNS)[number], string | number | null> = {
    number: contact.shortNumber,
    started: instant(contact.startedAt),
    answered: instant(contact.answeredAt),
    ended: instant(contact.endedAt),
    medium: contact.medium,
    direction: contact.direction,
    outcome: contact.outcome,
    wait_s: seconds(contact.waitMs),
    talk_s: seconds(contact.talkMs),
    queue: contact.queue?.name ?? null,
    agent: contact.agent?.name ?? null,
    entry_point: contact.entryPoint?.name ?? null,
    customer_number: contact.customer?.shortNumber ?? null,
    customer_name: contact.customer?.name ?? null,
    remote_number: contact.remoteNumber,
    disposition: contact.dispositionId === null ? null : dispositionName(contact.dispositionId),
  };
  return `${COLUMNS.map((column) => field(fields[column])).join(",")}\r\n`;
}

/** Quoted where need be; what a spreadsheet would run as a formula is given as text. */
function field(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=@\t\r]|^[+-](?![\d\s]+$)/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function seconds(ms: number | null): string | null {
  return ms === null ? null : (ms / 1000).toFixed(1);
}
