export type { Announcements, Flow, FlowOutcome, MusicRef, PromptRef, Step, StepId } from "./flow.ts";
export type { FlowEffect, FlowInput, FlowWorld } from "./flow-io.ts";
export {
  LANGUAGES,
  type Language,
  MAX_SPOKEN_POSITION,
  MAX_SPOKEN_WAIT_MINUTES,
  MUSIC,
  type MusicName,
  musicPath,
  promptCatalogue,
  promptPath,
  type SystemPrompt,
  systemPrompts,
} from "./prompt-catalogue.ts";
