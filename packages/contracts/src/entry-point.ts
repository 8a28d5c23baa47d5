import { z } from "zod";
import { configurationParams, configurationRoutes, configured } from "./configuration.ts";
import { durationMs, e164, extension, id, instant, language, name } from "./primitives.ts";
import { fieldProblem } from "./problem.ts";
import { defineRoute } from "./route.ts";

/** A prompt of ours in the entry point's language, or an uploaded one. */
const promptChoice = z.union([z.literal("default"), id]);

/** What follows a message: the end, or waiting in another queue. */
const afterMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hangup") }),
  z.object({ kind: z.literal("queue"), queueId: id }),
]);

/** The plain form of an entry point's flow; the server makes the graph of steps from it. Absent prompts are not played. */
export const entryPointForm = z.object({
  language,
  greeting: promptChoice.optional(),
  recordingNotice: z.boolean(),
  hoursId: id.optional(),
  queueId: id,
  music: promptChoice,
  announcePosition: z.boolean(),
  announceEstimatedWait: z.boolean(),
  announceEverySec: z.int().min(15).max(600),
  /** Absent: the shipped one. */
  closedMessage: id.optional(),
  closedThen: afterMessage,
  unstaffedMessage: id.optional(),
  /** Absent: customers wait although nobody is on duty. */
  unstaffedThen: afterMessage.optional(),
});
export type EntryPointFormDraft = z.output<typeof entryPointForm>;

export const entryPointDraft = z.object({ clientId: id, name, form: entryPointForm });
export const entryPoint = entryPointDraft.extend({
  ...configured,
  /** Raised with each change of the form. */
  version: z.int().min(1),
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
  /** Agents may show it when they call out; an agent's own number only that agent. Never an extension. */
  outbound: z.boolean().default(true),
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
  source: z.enum(["uploaded", "recorded"]),
  durationMs: durationMs,
  bytes: z.int(),
  createdAt: instant,
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
  shipped: defineRoute({
    method: "GET",
    path: "/api/v1/shipped-prompts",
    permission: "entry_points.view",
    response: z.object({
      items: z.array(
        z.object({
          /** Such as `sv/greeting.wav`. */
          path: z.string(),
          kind: z.enum(["announcement", "music"]),
          language: language.nullable(),
          name: z.string(),
        }),
      ),
    }),
    summary: "The prompts and the music that come with Svara",
    tag: "entry points",
  }),
  shippedAudio: defineRoute({
    method: "GET",
    path: "/api/v1/shipped-prompts/audio",
    permission: "entry_points.view",
    query: z.object({ path: z.string().max(100) }),
    answers: "wav",
    response: z.unknown(),
    summary: "Listen to a prompt that comes with Svara",
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
