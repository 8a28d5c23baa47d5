import type { ClientId, ContactId, RecordingId } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import type { LedgerDraft } from "@svara/ledger";
import { expect, test } from "vitest";
import type { LiveStore } from "./live-store.ts";
import { RecordingKeeper } from "./recording-keeper.ts";

const recording = {
  recordingId: "r" as RecordingId,
  contactId: "c" as ContactId,
  clientId: "k" as ClientId,
};

test("a recording that fails before its row stands is failed in the row too, and the operator hears of it", async () => {
  const rows: string[] = [];
  const events: LedgerDraft[] = [];
  const warnings: string[] = [];
  let contactStands = (): void => {};
  const keeper = new RecordingKeeper({
    clock: new ManualClock(),
    folder: "/nowhere",
    store: {
      recordingBegun: async () => void rows.push("begun"),
      recordingFailed: async () => void rows.push("failed"),
    } as unknown as LiveStore,
    append: (draft) => void events.push(draft),
    warn: (message) => void warnings.push(message),
  });
  const contactRow = new Promise<void>((resolve) => {
    contactStands = resolve;
  });
  keeper.begin(contactRow, recording);
  keeper.failed(recording.recordingId, "ENOSPC: no space left on device, write");
  expect(events.map(({ type, payload }) => [type, payload])).toEqual([
    ["recording.failed", { recordingId: "r", reason: "disk_full" }],
  ]);
  expect(warnings).toEqual(["a recording failed"]);
  expect(rows).toEqual([]);
  contactStands();
  await keeper.settled();
  expect(rows).toEqual(["begun", "failed"]);
});
