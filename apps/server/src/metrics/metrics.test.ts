import { Signal } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import { expect, test } from "vitest";
import { countContacts } from "./metrics.ts";

function counted(
  ...events: readonly (readonly [contactId: string, type: string, payload: object])[]
): string[] {
  const appended = new Signal<LedgerDraft>();
  const counts: string[] = [];
  countContacts({ appended }, (medium, outcome) => counts.push(`${medium} ${outcome}`));
  for (const [contactId, type, payload] of events)
    appended.emit({ type, at: 0, contactId, payload } as unknown as LedgerDraft);
  return counts;
}

const created = { medium: "voice", direction: "inbound" };
const talk = { party: "customer", kind: "talk" };

test("an answered contact is counted at the answer, once, however often it is transferred", () => {
  const events = [
    ["c", "contact.created", created],
    ["c", "segment.started", { party: "customer", kind: "queue" }],
    ["c", "segment.started", talk],
  ] as const;
  expect(counted(...events)).toEqual(["voice answered"]);
  expect(
    counted(...events, ["c", "segment.started", talk], ["c", "contact.closed", { outcome: "answered" }]),
  ).toEqual(["voice answered"]);
});

test("the others are counted by their outcome when they are closed; internal ones are not", () => {
  expect(
    counted(
      ["a", "contact.created", created],
      ["b", "contact.created", { ...created, direction: "internal" }],
      ["b", "segment.started", talk],
      ["a", "contact.closed", { outcome: "abandoned_queue" }],
      ["b", "contact.closed", { outcome: "answered" }],
    ),
  ).toEqual(["voice abandoned_queue"]);
});
