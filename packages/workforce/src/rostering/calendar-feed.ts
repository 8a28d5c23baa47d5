import type { Instant } from "@svara/kernel";
import type { RosterShift, ShiftPart } from "./roster.ts";

/** What a calendar program subscribes to: one agent's published shifts. */
export interface CalendarFeed {
  /** How the calendar is called. */
  readonly name: string;
  /** Makes the UIDs worldwide unique, such as the installation's host name. */
  readonly domain: string;
  readonly entries: readonly CalendarEntry[];
  /** When the feed is written. */
  readonly now: Instant;
}

/** A shift as it was published. */
export interface CalendarEntry {
  readonly shift: RosterShift;
  /** Stays the same when the shift moves. */
  readonly uid: string;
  /** Rises with each publication that changes the shift. */
  readonly sequence: number;
  readonly publishedAt: Instant;
  /** The shift was taken back. */
  readonly cancelled?: boolean;
  readonly summary: string;
  /** The words for the parts, in the agent's language. */
  readonly partNames: Readonly<Record<ShiftPart["kind"], string>>;
  /** IANA zone in which the description gives wall times. */
  readonly timeZone: string;
}

const OCTETS_A_LINE = 75; // RFC 5545 section 3.1, the line break not counted

/** A calendar holds one component at least (RFC 5545 section 3.6): without events it is its zone. */
const NO_EVENTS = [
  "BEGIN:VTIMEZONE",
  "TZID:UTC",
  "BEGIN:STANDARD",
  "DTSTART:19700101T000000",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0000",
  "TZNAME:UTC",
  "END:STANDARD",
  "END:VTIMEZONE",
];

/** The feed as iCalendar text (RFC 5545): times in UTC, lines folded, values escaped, ends of lines CR LF. */
export function calendarFeed({ name, domain, entries, now }: CalendarFeed): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Svara//Rosters//EN",
    "CALSCALE:GREGORIAN",
    `X-WR-CALNAME:${escaped(name)}`,
    "REFRESH-INTERVAL;VALUE=DURATION:PT15M", // RFC 7986
    "X-PUBLISHED-TTL:PT15M",
    ...(entries.length > 0 ? entries.flatMap((entry) => event(entry, domain, now)) : NO_EVENTS),
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function event(entry: CalendarEntry, domain: string, now: Instant): string[] {
  const { shift, uid, sequence, publishedAt, cancelled, summary } = entry;
  const description = partsInWords(entry);
  return [
    "BEGIN:VEVENT",
    `UID:${escaped(`${uid}@${domain}`)}`,
    `DTSTAMP:${utc(now)}`,
    `LAST-MODIFIED:${utc(publishedAt)}`,
    `SEQUENCE:${sequence}`,
    `DTSTART:${utc(shift.from)}`,
    `DTEND:${utc(shift.to)}`,
    `SUMMARY:${escaped(summary)}`,
    ...(description === "" ? [] : [`DESCRIPTION:${escaped(description)}`]),
    `STATUS:${cancelled ? "CANCELLED" : "CONFIRMED"}`,
    "TRANSP:OPAQUE",
    "END:VEVENT",
  ];
}

function partsInWords({ shift, partNames, timeZone }: CalendarEntry): string {
  return shift.parts
    .map(({ kind, from, to }) => `${clock(from, timeZone)}-${clock(to, timeZone)} ${partNames[kind]}`)
    .join("\n");
}

function clock(at: Instant, timeZone: string): string {
  const wall = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return wall.toPlainTime().toString({ smallestUnit: "minute" });
}

/** `20260302T070000Z`. */
function utc(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toString({ smallestUnit: "second" })
    .replaceAll(/[-:]/g, "");
}

/** A value of type TEXT (RFC 5545 section 3.3.11); control characters are not allowed in one. */
function escaped(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\\;,]/g, (sign) => `\\${sign}`)
    .replaceAll("\n", "\\n")
    .replaceAll(/\p{Cc}/gu, "");
}

const encoder = new TextEncoder();

/** At most 75 octets a line, cut between characters; each further line begins with a space. */
function folded(line: string): string {
  let out = "";
  let octets = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (octets + size > OCTETS_A_LINE) {
      out += "\r\n ";
      octets = 1;
    }
    out += character;
    octets += size;
  }
  return out;
}
