import type { AgentId, QueueId } from "@svara/kernel";
import type { CentreModel } from "./centre-model.ts";
import { type DirectWorld, directGoal } from "./direct-calls.ts";
import type { Diverter } from "./diverter.ts";
import type { LiveContact } from "./live-contact.ts";

export interface DirectArrivalsDeps {
  readonly model: () => CentreModel;
  readonly world: DirectWorld;
  readonly diverter: Diverter;
}

/** Customers who dial an agent's own number: the agent rings, by their diversions; who reaches nobody waits in a queue. */
export class DirectArrivals {
  readonly #deps: DirectArrivalsDeps;

  constructor(deps: DirectArrivalsDeps) {
    this.#deps = deps;
  }

  /** The customer is on the line. */
  begin(contact: LiveContact, agentId: AgentId): void {
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

/** Where customers of a client wait who reach nobody else: its first queue that takes calls. */
export function defaultQueueOf(model: CentreModel, clientId: string): QueueId | undefined {
  return [...model.queues.values()].find(
    (queue) => queue.clientId === clientId && queue.media.includes("voice"),
  )?.id;
}
