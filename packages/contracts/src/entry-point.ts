import { z } from "zod";
import { configurationParams, configurationRoutes, configured } from "./configuration.ts";
import { durationMs, e164, extension, id, instant, language, name } from "./primitives.ts";
import { fieldProblem } from "./problem.ts";
import { defineRoute } from "./route.ts";

/** A flow as `@svara/flows` defines it; its checker names what is wrong. */
export const flowGraph = z.record(z.string(), z.unknown());

export const entryPointDraft = z.object({ clientId: id, name, language, flow: flowGraph });
export const entryPoint = entryPointDraft.extend({
  ...configured,
  /** Raised with each change of the flow. */
  flowVersion: z.int().min(1),
});
export type EntryPoint = z.output<typeof entryPoint>;

export const numberTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("entry_point"), entryPointId: id }),
  z.object({ kind: z.literal("agent"), agentId: id }),
]);

export const numberDraft = z.object({
  clientId: id,
  /** E.164 with `+`, or an extension. */
  number: z.union([e164, extension]),
  label: z.string().trim().max(120),
  target: numberTarget,
});
export const number = numberDraft.extend(configured);

export const entryPoints = {
  ...configurationRoutes({
    path: "/api/v1/entry-points",
    words: ["an entry point", "entry points"],
    tag: "entry points",
    entity: entryPoint,
    draft: entryPointDraft,
    view: "entry_points.view",
    edit: "entry_points.edit",
  }),
  check: defineRoute({
    method: "POST",
    path: "/api/v1/entry-points/check",
    permission: "entry_points.view",
    body: entryPointDraft,
    response: z.object({ errors: z.array(fieldProblem) }),
    summary: "What is wrong with a flow, without saving it",
    tag: "entry points",
  }),
};

export const numbers = configurationRoutes({
  path: "/api/v1/numbers",
  words: ["a number", "numbers"],
  tag: "entry points",
  entity: number,
  draft: numberDraft,
  view: "entry_points.view",
  edit: "entry_points.edit",
});

export const prompt = z.object({
  ...configured,
  /** Null: of the centre, for all clients. */
  clientId: id.nullable(),
  name: z.string(),
  kind: z.enum(["announcement", "music"]),
  language: language.nullable(),
  /** `shipped` prompts come with Svara and are not changed. */
  source: z.enum(["shipped", "uploaded", "recorded"]),
  /** Key of a shipped prompt, such as `queue.position`; null for the others. */
  key: z.string().nullable(),
  durationMs: durationMs,
  bytes: z.int(),
  createdAt: instant.nullable(),
});
export type Prompt = z.output<typeof prompt>;

export const promptDraft = z.object({
  clientId: id.nullable(),
  name,
  kind: z.enum(["announcement", "music"]),
  language: language.nullable(),
});

/** Fields of the multipart form beside `file` (a WAV of at most 10 MB); all travel as text. */
export const promptUpload = z.object({
  clientId: id.optional(),
  name,
  kind: z.enum(["announcement", "music"]).default("announcement").optional(),
  language: language.optional(),
  source: z.enum(["uploaded", "recorded"]).default("uploaded").optional(),
});

const promptRoutes = configurationRoutes({
  path: "/api/v1/prompts",
  words: ["a prompt", "prompts"],
  tag: "entry points",
  entity: prompt,
  draft: promptDraft,
  view: "entry_points.view",
  edit: "entry_points.edit",
});

export const prompts = {
  list: promptRoutes.list,
  get: promptRoutes.get,
  replace: promptRoutes.replace,
  remove: promptRoutes.remove,
  upload: defineRoute({
    method: "POST",
    path: "/api/v1/prompts",
    permission: "entry_points.edit",
    body: promptUpload,
    sends: "upload",
    response: prompt,
    summary: "Upload a prompt: WAV, PCM 16 bit or G.711, any sampling rate from 8 to 48 kHz, at most 10 MB",
    tag: "entry points",
  }),
  audio: defineRoute({
    method: "GET",
    path: "/api/v1/prompts/:id/audio",
    permission: "entry_points.view",
    params: configurationParams,
    answers: "wav",
    response: z.unknown(),
    summary: "Listen to a prompt",
    tag: "entry points",
  }),
};
