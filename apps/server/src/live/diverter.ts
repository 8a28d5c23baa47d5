import type { ConsultDestination, LegPurpose } from "@svara/conversation";
import type { AgentId, ClientId, Clock, Disposable, LegId } from "@svara/kernel";
import type { CentreModel } from "./centre-model.ts";
import { type DirectGoal, type DirectWorld, goalAfter, type Hop } from "./direct-calls.ts";
import type { LiveContact } from "./live-contact.ts";

export interface DiverterDeps {
  readonly clock: Clock;
  readonly model: () => CentreModel;
  readonly world: DirectWorld;
  /** Whether a number outside could be called for this contact. */
  readonly mayPlace: (number: string, clientId: ClientId) => boolean;
}

/** Whom somebody called directly; what a queue offers, and who was asked back, is not diverted. */
const DIRECT: ReadonlySet<LegPurpose> = new Set(["transfer", "consult", "internal", "direct"]);

/** A diversion comes before the end of the ringing. */
const HEAD_START_MS = 200;

interface Ringing {
  readonly contact: LiveContact;
  readonly agentId: AgentId;
  readonly timer: Disposable;
}

/** Sends direct calls on that ring at an agent in vain, where the agent said so. */
export class Diverter {
  readonly #deps: DiverterDeps;
  readonly #ringing = new Map<LegId, Ringing>();

  constructor(deps: DiverterDeps) {
    this.#deps = deps;
  }

  /** An agent is rung: from now their time for answering runs. */
  rings(contact: LiveContact, legId: LegId, agentId: AgentId, purpose: LegPurpose): void {
    if (!DIRECT.has(purpose) || contact.facts.callerAgentId === agentId) return;
    const { clock, model } = this.#deps;
    const limitMs = model().calling.directRingMs - HEAD_START_MS;
    const timer = clock.after(limitMs, () => this.notReached(legId, "no_answer"));
    this.#ringing.set(legId, { contact, agentId, timer });
  }

  /** The leg was answered, or is over without anybody asking where to. */
  over(legId: LegId): void {
    this.#ringing.get(legId)?.timer.dispose();
    this.#ringing.delete(legId);
  }

  /** The agent does not answer, or is not there: the call goes where they said. False: nowhere, it goes on as it would. */
  notReached(legId: LegId, cause: string): boolean {
    const ringing = this.#ringing.get(legId);
    if (!ringing) return false;
    this.over(legId);
    const { contact, agentId } = ringing;
    const goal = goalAfter(this.#deps.world, agentId, caseOf(cause), contact.via);
    const to = goal && this.destination(contact, goal);
    if (!goal || !to) return false;
    const before = contact.via;
    contact.via = goal.via; // who is called now is told
    if (contact.input({ type: "divert", of: agentId, to })) {
      contact.via = before;
      return false;
    }
    return true;
  }

  /** Where this contact may go for the goal: never to another client, and outside only where a line would take it. */
  destination(contact: LiveContact, goal: DirectGoal): ConsultDestination | undefined {
    const { model, mayPlace } = this.#deps;
    if (goal.kind === "refused") return undefined;
    const to = goal.kind === "ring" ? { kind: "agent" as const, agentId: goal.agentId } : goal.to;
    switch (to.kind) {
      case "agent":
        return model().agents.get(to.agentId)?.autoAnswer ? { ...to, autoAnswer: true } : to;
      case "queue":
        return model().queues.get(to.queueId)?.clientId === contact.clientId ? to : undefined;
      case "number":
        return mayPlace(to.number, contact.clientId) ? to : undefined;
    }
  }
}

function caseOf(cause: string): Exclude<Hop["when"], "always"> {
  switch (cause) {
    case "no_answer":
      return "no_answer";
    case "busy":
    case "refused":
      return "busy";
    default:
      return "unreachable";
  }
}
