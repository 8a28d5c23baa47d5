import { invalid } from "../http/http-error.ts";

export interface PageQuery {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const DEFAULT_LIMIT = 100;

/** A page of a list that is in memory; the cursor is the place of the next item. */
export function pageByOffset<T>(
  items: readonly T[],
  query: PageQuery | undefined,
): { readonly items: T[]; readonly nextCursor: string | null } {
  const from = query?.cursor === undefined ? 0 : Number(query.cursor);
  if (!Number.isSafeInteger(from) || from < 0)
    throw invalid([{ field: "query.cursor", code: "invalid", message: "not a cursor of this list" }]);
  const until = from + (query?.limit ?? DEFAULT_LIMIT);
  return { items: items.slice(from, until), nextCursor: until < items.length ? String(until) : null };
}

/** The place in a list ordered by an instant and an id, both falling. */
export interface TimeKey {
  readonly at: number;
  readonly id: string;
}

/** A cursor that goes on after a row of such a list. */
export function encodeCursor({ at, id }: TimeKey): string {
  return Buffer.from(`${at} ${id}`).toString("base64url");
}

/** @throws HttpError 400 when it is not a cursor of ours */
export function decodeCursor(cursor: string): TimeKey {
  const text = Buffer.from(cursor, "base64url").toString();
  const match = /^(\d{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  if (!match?.[2])
    throw invalid([{ field: "query.cursor", code: "invalid", message: "not a cursor of this list" }]);
  return { at: Number(match[1]), id: match[2] };
}
