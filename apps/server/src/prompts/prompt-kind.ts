import { promptDraft } from "@svara/contracts";
import { z } from "zod";
import type { OfficeKind } from "../office/office-kind.ts";
import { optionalReference } from "../office/own-client.ts";
import { tableKind } from "../office/table-kind.ts";

/** A prompt with the file it stands for: a new recording is a new prompt, so revisions always name the right sound. */
const promptValue = promptDraft.extend({
  source: z.enum(["uploaded", "recorded"]),
  storageKey: z.string(),
  durationMs: z.int().min(0),
  bytes: z.int().min(0),
  createdAt: z.int(),
});
export type PromptValue = z.output<typeof promptValue>;

export const promptKind: OfficeKind<PromptValue, Record<never, never>> = tableKind<PromptValue>(
  {
    kind: "prompt",
    word: "prompt",
    schema: promptValue,
    view: "entry_points.view",
    edit: "entry_points.edit",
    unique: {},
    nameOf: (prompt) => prompt.name,
    placeOf: (prompt) => ({ clientId: prompt.clientId }),
    references: (prompt) => optionalReference("client", "clientId", prompt.clientId),
  },
  {
    table: "prompt",
    toRow: (prompt) => ({ ...prompt }),
    fromRow: (row) => ({
      clientId: row.clientId as string | null,
      name: String(row.name),
      kind: row.kind as PromptValue["kind"],
      language: row.language as PromptValue["language"],
      source: row.source as PromptValue["source"],
      storageKey: String(row.storageKey),
      durationMs: Number(row.durationMs),
      bytes: Number(row.bytes),
      createdAt: Number(row.createdAt),
    }),
  },
);
