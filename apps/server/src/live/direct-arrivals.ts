import type { Language } from "@svara/flows";
import type { AgentId, QueueId } from "@svara/kernel";
import type { CentreModel } from "./centre-model.ts";
import { type DirectWorld, directGoal } from "./direct-calls.ts";
import type { Diverter } from "./diverter.ts";
import type { LiveContact } from "./live-contact.ts";

export interface DirectArrivalsDeps {
  readonly model: () => CentreModel;
  readonly world: DirectWorld;
  readonly diverter: Diverter;
  /** Does something in its turn. */
  readonly run: (work: () => void) => void;
}

/** Customers who dial an agent's own number: the agent rings, by their diversions; who reaches nobody waits in a queue. */
export class DirectArrivals {
  readonly #deps: DirectArrivalsDeps;

  constructor(deps: DirectArrivalsDeps) {
    this.#deps = deps;
  }

  /** The customer is on the line; who is recorded is told so before anybody rings. */
  begin(contact: LiveContact, agentId: AgentId): void {
    if (!contact.facts.record) return this.#ring(contact, agentId);
    contact.noticeFirst(() => this.#deps.run(() => this.#ring(contact, agentId)));
  }

  #ring(contact: LiveContact, agentId: AgentId): void {
    if (contact.closed) return;
    const { model, world, diverter } = this.#deps;
    const goal = directGoal(world, agentId);
    const to = diverter.destination(contact, goal);
    if (!to)
      return this.#waits(
        contact,
        goal.kind === "refused" && goal.why === "unreachable" ? "no_answer" : "busy",
      );
    contact.via = goal.via;
    if (to.kind === "queue") return this.#enter(contact, to.queueId);
    contact.input({ type: "flow.ring", to, ringTimeoutMs: model().calling.directRingMs });
  }

  /** Nobody answered, and no diversion took it. */
  notReached(contact: LiveContact, cause: string): void {
    this.#waits(contact, cause === "busy" || cause === "refused" ? "busy" : "no_answer");
  }

  /** No call is lost that somebody could answer: the first queue of the client takes it. */
  #waits(contact: LiveContact, outcome: "busy" | "no_answer"): void {
    if (contact.facts.fallbackQueueId) return this.#enter(contact, contact.facts.fallbackQueueId);
    contact.input({ type: "flow.ended", outcome });
  }

  #enter(contact: LiveContact, queueId: QueueId): void {
    contact.input({ type: "queue.entered", queueId, initiation: "new" });
    contact.waitInQueue(queueId);
  }
}

/** The language of a client's customers who come by no entry point: that of its own, first of one that gives notice of recording. */
export function languageOf(model: CentreModel, clientId: string): Language {
  const own = [...model.entryPoints.values()].filter((entryPoint) => entryPoint.clientId === clientId);
  return (own.find(({ form }) => form.recordingNotice) ?? own[0])?.form.language ?? "en";
}

/** Where customers of a client wait who reach nobody else: its first queue that takes calls. */
export function defaultQueueOf(model: CentreModel, clientId: string): QueueId | undefined {
  return [...model.queues.values()].find(
    (queue) => queue.clientId === clientId && queue.media.includes("voice"),
  )?.id;
}
