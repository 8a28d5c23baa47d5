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

/** A cursor made of a row's sorting keys. */
export function encodeCursor(keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString("base64url");
}

/** The sorting keys of a cursor. @throws HttpError 400 when it is not one of `count` keys */
export function decodeCursor(cursor: string, count: number): (string | number)[] {
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(keys) && keys.length === count) return keys as (string | number)[];
  } catch {
    // told below
  }
  throw invalid([{ field: "query.cursor", code: "invalid", message: "not a cursor of this list" }]);
}
