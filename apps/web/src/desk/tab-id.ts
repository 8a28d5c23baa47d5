import type { Ids } from "@svara/kernel";

const TAB_KEY = "svara.tab";
const PHONE_KEY = "svara.phone";

/** The same word for this tab through reloads, so that a reload keeps the phone. */
export function tabIdOf(ids: Ids): string {
  const known = sessionStorage.getItem(TAB_KEY);
  if (known) return known;
  const fresh = ids.next();
  sessionStorage.setItem(TAB_KEY, fresh);
  return fresh;
}

/** Whether this tab carries the phone, told to its next load: whoever reloads may have a customer in comfort music. */
export function rememberPhone(carried: boolean): void {
  if (carried) sessionStorage.setItem(PHONE_KEY, "1");
  else sessionStorage.removeItem(PHONE_KEY);
}

export function hadPhone(): boolean {
  return sessionStorage.getItem(PHONE_KEY) !== null;
}
