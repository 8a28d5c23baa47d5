import { mkdir, rm, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { api, type Language } from "@svara/contracts";
import { LANGUAGES, promptCatalogue } from "@svara/flows";
import type { Clock, Ids } from "@svara/kernel";
import type { HttpCore } from "../http/http-core.ts";
import { notFound } from "../http/http-error.ts";
import { sendFile } from "../http/send-file.ts";
import type { Office } from "../office/office.ts";
import type { Stored } from "../office/office-kind.ts";
import { mountOfficeRoutes } from "../office/office-routes.ts";
import { checkWav } from "./check-wav.ts";
import { type PromptValue, promptKind } from "./prompt-kind.ts";

interface Parts {
  readonly http: HttpCore;
  readonly office: Office;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Absolute. */
  readonly promptsFolder: string;
}

const SHIPPED_FOLDER = fileURLToPath(new URL("../../../../packages/flows/prompts/", import.meta.url));

/** Uploaded and recorded prompts, and those that come with Svara. */
export function mountPromptRoutes(parts: Parts): void {
  const { http, office, promptsFolder } = parts;
  const { list, get, replace, remove } = api.prompts;
  mountOfficeRoutes(
    http,
    office,
    { list, get, replace, remove },
    {
      kind: promptKind,
      toEntity,
      fromDraft(draft, before) {
        if (!before) throw notFound("prompt");
        return { ...before.value, ...draft };
      },
    },
  );
  mountUpload(parts);
  http.mount(api.prompts.audio, async ({ caller, params, request, reply }) => {
    const prompt = office.see(caller, promptKind, params.id);
    const file = path.join(promptsFolder, prompt.value.storageKey);
    await sendFile(request, reply, { path: file, type: "audio/wav", what: "prompt" });
    return undefined;
  });
  mountShipped(http);
}

function toEntity(stored: Stored<PromptValue>) {
  const { storageKey: _, ...value } = stored.value;
  return { id: stored.id, revision: stored.revision, archived: stored.archived, ...value };
}

function mountUpload({ http, office, ids, clock, promptsFolder }: Parts): void {
  http.mount(api.prompts.upload, async ({ caller, body, upload }) => {
    if (!upload) throw notFound("file");
    const { durationMs } = checkWav(upload.file);
    const storageKey = `${ids.next()}.wav`;
    const file = path.join(promptsFolder, storageKey);
    await mkdir(promptsFolder, { recursive: true });
    await writeFile(file, upload.file, { mode: 0o640 });
    try {
      const stored = await office.create(caller, promptKind, {
        clientId: body.clientId ?? null,
        name: body.name,
        kind: body.kind ?? "announcement",
        language: body.language ?? null,
        source: body.source ?? "uploaded",
        storageKey,
        durationMs,
        bytes: upload.file.length,
        createdAt: clock.now(),
      });
      return toEntity(stored);
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
  });
}

function mountShipped(http: HttpCore): void {
  http.mount(api.prompts.shipped, async () => ({ items: promptCatalogue.map(describe) }));
  http.mount(api.prompts.shippedAudio, async ({ query, request, reply }) => {
    if (!promptCatalogue.includes(query.path)) throw notFound("prompt"); // only what the catalogue names
    await sendFile(request, reply, {
      path: path.join(SHIPPED_FOLDER, query.path),
      type: "audio/wav",
      what: "prompt",
    });
    return undefined;
  });
}

function describe(file: string) {
  const [folder = "", base = ""] = file.split("/");
  const language: Language | null = LANGUAGES.find((known) => known === folder) ?? null;
  return {
    path: file,
    language,
    kind: language === null ? ("music" as const) : ("announcement" as const),
    name: base.replace(/\.wav$/, ""),
  };
}
