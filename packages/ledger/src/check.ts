import { EVENT_NEEDS, EVENT_VERSIONS, type EventType, type LedgerDraft } from "./events.ts";
import { LedgerError } from "./ledger-error.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WORD = /^[a-z][a-z0-9_.:-]{0,63}$/;
const FIELD = /^[a-z][a-zA-Z0-9]{0,39}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const VERSION = /^\d{1,2}(\.\d{1,3}){0,2}(-[a-z0-9.]{1,20})?$/;

/** Put in place of a string that may be personal data. */
export const WITHHELD = "withheld";

/** Whether this is a type of event that this version of the program knows. */
export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENT_VERSIONS, type);
}

/**
 * Checks a draft before it is stored: known type, integer instant, the ids that its type needs, no free text.
 * @throws LedgerError `event_unknown`, `event_incomplete`, `event_personal_data`
 */
export function checkDraft(draft: LedgerDraft): void {
  checkEnvelope(draft);
  const found = freeText(draft.payload, "payload");
  if (found !== undefined) {
    throw new LedgerError("event_personal_data", `${draft.type}: ${found} is neither an id nor a word`);
  }
}

/** The part of `checkDraft` that looks at type, instant and ids. */
export function checkEnvelope(draft: LedgerDraft): void {
  if (!isEventType(draft.type))
    throw new LedgerError("event_unknown", `unknown event type: ${String(draft.type)}`);
  if (!Number.isSafeInteger(draft.at)) {
    throw new LedgerError("event_incomplete", `${draft.type}: at is not an integer instant: ${draft.at}`);
  }
  for (const need of EVENT_NEEDS[draft.type]) {
    if (!draft[need]) throw new LedgerError("event_incomplete", `${draft.type} without ${need}`);
  }
}

/** The path of the first string in `value` that is neither an id nor a word: a number, a name, a note (LE2). */
export function freeText(value: unknown, at: string): string | undefined {
  if (typeof value === "string") return isIdOrWord(value) ? undefined : at;
  if (typeof value !== "object" || value === null) return undefined;
  const list = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    const found = list || isKey(key) ? freeText(inner, `${at}.${key}`) : `a key of ${at}`;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A copy of a payload in which every free text is replaced by a word that says so. */
export function withhold<T>(value: T): T {
  if (typeof value === "string") return (isIdOrWord(value) ? value : WITHHELD) as T;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((inner: unknown) => withhold(inner)) as T;
  const entries = Object.entries(value).map(([key, inner]) => [
    isKey(key) ? key : WITHHELD,
    withhold<unknown>(inner),
  ]);
  return Object.fromEntries(entries) as T;
}

function isIdOrWord(text: string): boolean {
  return WORD.test(text) || UUID.test(text) || SHA256.test(text) || VERSION.test(text);
}

/** Keys are the fields' names, or ids and words where something is counted by them. */
function isKey(key: string): boolean {
  return FIELD.test(key) || isIdOrWord(key);
}
