import { describe, expect, it } from "vitest";
import { checkDraft, withhold } from "./check.ts";
import type { LedgerDraft } from "./events.ts";

const classified = (payload: object): LedgerDraft =>
  ({
    type: "contact.classified",
    at: 5,
    contactId: "c-1",
    payload: { by: "agent", ...payload },
  }) as LedgerDraft;

describe("checkDraft", () => {
  it.each([
    "+4989123456",
    "0891234",
    "112",
    "Anna",
    "anna@example.org",
    "please call back",
    "Анна",
    "",
    "sip:100@host",
  ])("[LE2] refuses the free text %j in a payload", (text) => {
    expect(() => checkDraft(classified({ reasonId: text }))).toThrow(/neither an id nor a word/);
    expect(() => checkDraft(classified({ deep: [{ er: text }] }))).toThrow(/payload\.deep\.0\.er/);
    expect(() => checkDraft(classified({ [text]: 1 }))).toThrow();
  });

  it.each(["0198c0de-0000-7000-8000-000000000001", "wrap_up", "skill.missing", "c-1"])(
    "[LE2] takes the id or word %j",
    (text) => expect(() => checkDraft(classified({ reasonId: text }))).not.toThrow(),
  );

  it("[LE2] withholds free text and keeps the rest", () => {
    expect(withhold({ reason: "rona", note: "call Anna", list: ["x", "+49 1"], n: 3, ok: null })).toEqual({
      reason: "rona",
      note: "withheld",
      list: ["x", "withheld"],
      n: 3,
      ok: null,
    });
  });

  it("[LE3] refuses an unknown type, a missing id and an instant that is no integer", () => {
    const draft = classified({});
    expect(() => checkDraft({ ...draft, type: "contact.exploded" } as unknown as LedgerDraft)).toThrow(
      /unknown/,
    );
    expect(() => checkDraft({ ...draft, contactId: undefined } as unknown as LedgerDraft)).toThrow(
      /contact.classified without contactId/,
    );
    expect(() => checkDraft({ ...draft, at: 1.5 })).toThrow(/not an integer/);
  });
});
