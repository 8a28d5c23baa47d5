import { expect, test } from "vitest";
import { csvHead, csvLine } from "./contact-csv.ts";
import type { ContactSummary } from "./contacts.ts";

const contact = {
  shortNumber: 7,
  startedAt: Date.UTC(2026, 0, 5, 8),
  answeredAt: null,
  endedAt: Date.UTC(2026, 0, 5, 8, 1),
  medium: "voice",
  direction: "inbound",
  outcome: "abandoned_queue",
  waitMs: 61_250,
  talkMs: null,
  queue: { id: "q", name: 'Sales, "new"' },
  agent: { id: "a", name: "=HYPERLINK(1)" },
  entryPoint: null,
  customer: { id: "c", shortNumber: 3, name: "Åsa\nÖ" },
  remoteNumber: "+46812345678",
  dispositionId: "d",
} as unknown as ContactSummary;

test("a line has a field for each column, quoted where need be, and nothing a spreadsheet would run", () => {
  const line = csvLine(contact, () => "Resolved");
  expect(line).toBe(
    '7,2026-01-05T08:00:00.000Z,,2026-01-05T08:01:00.000Z,voice,inbound,abandoned_queue,61.3,,"Sales, ""new""",' +
      '\'=HYPERLINK(1),,3,"Åsa\nÖ",+46812345678,Resolved\r\n',
  );
  expect(csvHead().split(",")).toHaveLength(16);
});
