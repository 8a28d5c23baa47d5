export { checkFlow, type FlowProblem, type FlowRefs } from "./check-flow.ts";
export {
  type EntryPointForm,
  entryPointFlow,
  type FlowIdentity,
  farewellFlow,
  recordingNoticeFlow,
  type Then,
  type WaitingTreatment,
  waitingFlow,
} from "./entry-point.ts";
export type { Announcements, Flow, FlowOutcome, MusicRef, PromptRef, Step, StepId } from "./flow.ts";
export type { FlowEffect, FlowInput, FlowWorld } from "./flow-io.ts";
export { FlowRun } from "./flow-run.ts";
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
export { positionPhrase, speakPosition, speakWait, systemPrompt, waitPhrase } from "./spoken.ts";
