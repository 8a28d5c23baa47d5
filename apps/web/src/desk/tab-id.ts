import type { Ids } from "@svara/kernel";

const TAB_KEY = "svara.tab";

/** The same word for this tab through reloads, so that a reload keeps the phone. */
export function tabIdOf(ids: Ids): string {
  const known = sessionStorage.getItem(TAB_KEY);
  if (known) return known;
  const fresh = ids.next();
  sessionStorage.setItem(TAB_KEY, fresh);
  return fresh;
}

/** This tab has had the phone: whoever reloads it may have a customer in comfort music. */
export function hadPhone(): boolean {
  return sessionStorage.getItem(TAB_KEY) !== null;
}
