import type { HoursId, PromptId, QueueId } from "@svara/kernel";
import type { Announcements, Flow, FlowOutcome, MusicRef, PromptRef, Step, StepId } from "./flow.ts";
import type { Language, SystemPrompt } from "./prompt-catalogue.ts";

/** What happens after a message: the end, or another queue. */
export type Then = { readonly kind: "hangup" } | { readonly kind: "queue"; readonly queueId: QueueId };

/** The plain form of an entry point, as people fill it in. Absent prompts mean the shipped ones; `greeting` absent: none. */
export interface EntryPointForm {
  readonly language: Language;
  readonly greeting?: PromptId | "default";
  readonly recordingNotice: boolean;
  /** Absent: always open. */
  readonly hoursId?: HoursId;
  readonly queueId: QueueId;
  readonly music: PromptId | "default";
  readonly announcePosition: boolean;
  readonly announceEstimatedWait: boolean;
  readonly announceEverySec: number;
  readonly closedMessage?: PromptId;
  readonly closedThen: Then;
  /** Nobody on duty: absent `unstaffedThen` lets the customer wait all the same. */
  readonly unstaffedMessage?: PromptId;
  readonly unstaffedThen?: Then;
}

/** How flows are told apart in the ledger. */
export interface FlowIdentity {
  readonly flowId: string;
  readonly version: number;
}

/** The first announcement comes this long after the start of the wait: who is answered at once hears none. */
const FIRST_ANNOUNCEMENT_SEC = 8;

/** Turns the plain form into a graph. Steps: greeting, notice, hours, queue, closed, unstaffed, full, and what follows them. */
export function entryPointFlow(form: EntryPointForm, identity: FlowIdentity): Flow {
  const { language } = form;
  const steps: Record<StepId, Step> = {};
  const chain: StepId[] = [];
  if (form.hoursId !== undefined) {
    chain.push("hours");
    addMessage(steps, form, "closed", form.closedMessage, form.closedThen, "out_of_hours");
  }
  if (form.greeting !== undefined) chain.push("greeting");
  if (form.recordingNotice) chain.push("notice");
  chain.push("queue");
  const after = (step: StepId): StepId => chain[chain.indexOf(step) + 1] ?? "queue";
  if (form.hoursId !== undefined)
    steps.hours = { kind: "hours", hoursId: form.hoursId, open: after("hours"), closed: "closed" };
  if (form.greeting !== undefined) {
    const prompt = promptRef(language, form.greeting === "default" ? undefined : form.greeting, "greeting");
    steps.greeting = { kind: "play", prompts: [prompt], next: after("greeting") };
  }
  if (form.recordingNotice) {
    const prompts = [promptRef(language, undefined, "recording-notice")];
    steps.notice = { kind: "play", prompts, notice: "recording", next: "queue" };
  }
  const { unstaffedThen } = form;
  steps.queue = { ...queueStep(form, form.queueId, unstaffedThen && "unstaffed"), whenFull: "full" };
  steps.full = {
    kind: "message",
    prompts: [promptRef(language, undefined, "all-agents-busy")],
    next: "full-hangup",
  };
  steps["full-hangup"] = { kind: "hangup", outcome: "overflow" };
  if (unstaffedThen) addMessage(steps, form, "unstaffed", form.unstaffedMessage, unstaffedThen, "exit_empty");
  return { ...identity, language, start: chain[0] ?? "queue", steps };
}

/** How a queue keeps its customers company. */
export interface WaitingTreatment {
  readonly language: Language;
  readonly queueId: QueueId;
  readonly music: MusicRef;
  readonly announce?: Announcements;
}

/** The treatment of a customer who comes to a queue by a transfer or because an agent was lost: wait and be told. */
export function waitingFlow(treatment: WaitingTreatment, identity: FlowIdentity): Flow {
  const { language, queueId, music, announce } = treatment;
  const queue: Step = { kind: "queue", queueId, music, ...(announce && { announce }) };
  return { ...identity, language, start: "queue", steps: { queue } };
}

/** The last words to a customer whose wait is over without an agent, and the end. Without prompts: the end at once. */
export function farewellFlow(
  farewell: {
    readonly language: Language;
    readonly prompts: readonly PromptRef[];
    readonly outcome: FlowOutcome;
  },
  identity: FlowIdentity,
): Flow {
  const { language, prompts, outcome } = farewell;
  const end: Step = { kind: "hangup", outcome };
  if (prompts.length === 0) return { ...identity, language, start: "end", steps: { end } };
  return {
    ...identity,
    language,
    start: "farewell",
    steps: { farewell: { kind: "message", prompts, next: "end" }, end },
  };
}

/** The recording notice alone, for calls that no entry point answers. */
export function recordingNoticeFlow(
  { language }: { readonly language: Language },
  identity: FlowIdentity,
): Flow {
  const prompts = [promptRef(language, undefined, "recording-notice")];
  const notice: Step = { kind: "play", prompts, notice: "recording", next: "end" };
  return {
    ...identity,
    language,
    start: "notice",
    steps: { notice, end: { kind: "hangup", outcome: "completed_flow" } },
  };
}

/** A message and what follows it; another queue takes the customer with the same music and announcements. */
function addMessage(
  steps: Record<StepId, Step>,
  form: EntryPointForm,
  name: "closed" | "unstaffed",
  prompt: PromptId | undefined,
  then: Then,
  outcome: FlowOutcome,
): void {
  const next = `${name}-${then.kind}`;
  steps[name] = { kind: "message", prompts: [promptRef(form.language, prompt, name)], next };
  steps[next] =
    then.kind === "hangup" ? { kind: "hangup", outcome } : queueStep(form, then.queueId, undefined);
}

function promptRef(language: Language, uploaded: PromptId | undefined, shipped: SystemPrompt): PromptRef {
  return uploaded === undefined
    ? { kind: "system", name: shipped, language }
    : { kind: "uploaded", promptId: uploaded };
}

function queueStep(
  form: EntryPointForm,
  queueId: QueueId,
  whenUnstaffed: StepId | undefined,
): Extract<Step, { kind: "queue" }> {
  const music: MusicRef =
    form.music === "default" ? { kind: "default" } : { kind: "uploaded", promptId: form.music };
  const announce: Announcements = {
    position: form.announcePosition,
    estimatedWait: form.announceEstimatedWait,
    firstAfterSec: Math.min(FIRST_ANNOUNCEMENT_SEC, form.announceEverySec),
    everySec: form.announceEverySec,
  };
  const speaks = announce.position || announce.estimatedWait;
  return {
    kind: "queue",
    queueId,
    music,
    ...(speaks && { announce }),
    ...(whenUnstaffed !== undefined && { whenUnstaffed }),
  };
}
