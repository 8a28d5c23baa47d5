import { MEDIA } from "@svara/ledger";
import { z } from "zod";

/** A UUID as text. */
export const id = z.uuid();

/** An instant: integer milliseconds since 1970-01-01T00:00Z. */
export const instant = z.int().min(0);

/** A duration in whole milliseconds. */
export const durationMs = z.int().min(0);

/** A name people read; trimmed, never empty. */
export const name = z.string().trim().min(1).max(120);

export const medium = z.enum(MEDIA);

export const LANGUAGES = ["en", "ru", "uk", "sv"] as const;
export const language = z.enum(LANGUAGES);
export type Language = z.output<typeof language>;

/** An IANA time zone known to this machine, such as `Europe/Stockholm`. */
export const timeZone = z
  .string()
  .min(1)
  .max(64)
  .refine(isTimeZone, { error: "not a time zone of the IANA database" });

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** A country by ISO 3166-1 alpha-2: the one whose numbers may be written without `+`. */
export const country = z.string().regex(/^[A-Z]{2}$/, "two capital letters, ISO 3166-1");

/** A telephone number by E.164, with `+`. */
export const e164 = z.string().regex(/^\+[1-9]\d{4,14}$/, "a number with + and 5 to 15 digits");

/** An internal number: 2 to 8 digits, no `+`. */
export const extension = z.string().regex(/^\d{2,8}$/, "2 to 8 digits");

/** What a person may type to be dialled: digits, `+`, spaces, dashes, brackets; made E.164 by the server. */
export const dialled = z
  .string()
  .trim()
  .min(2)
  .max(40)
  .regex(/^[+\d][\d\s().\-/]*$/, "a telephone number");

/** A day of the calendar, `2026-11-22`. */
export const day = z.iso.date();

/** A flag in a query string. */
export const flag = z.enum(["true", "false"]);

/** The revision of the configuration that last changed the thing; also its `ETag`. */
export const revision = z.int().min(0);

/** A reference with the words to show. */
export const named = z.object({ id, name: z.string() });

/** Paging: `cursor` is the `nextCursor` of the page before. */
export const page = z.object({
  limit: z.coerce.number<number | string>().int().min(1).max(1000).default(100).optional(),
  cursor: z.string().max(400).optional(),
});

/** A page of items; `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(
  item: T,
): z.ZodObject<{
  items: z.ZodArray<T>;
  nextCursor: z.ZodNullable<z.ZodString>;
}> {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** The answer of commands that have nothing to tell. */
export const done = z.object({});
