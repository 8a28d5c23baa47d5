import type { TransferTargetChoice } from "@svara/contracts";
import type { ConsultDestination, Destination, Target } from "@svara/conversation";
import { type AgentId, type ClientId, type EntryPointId, type QueueId, SvaraError } from "@svara/kernel";
import type { CallRefusal } from "./call-gate.ts";
import { callerNumbers } from "./caller-numbers.ts";
import { CALL_REFUSALS, refusalStatus } from "./dial-words.ts";
import type { DirectTarget } from "./direct-calls.ts";
import type { LiveContact } from "./live-contact.ts";
import type { LiveRuntime } from "./live-runtime.ts";
import type { DeskAgent, DeskCall } from "./live-service.ts";
import { notNow } from "./refused.ts";

/** Whom an agent may call from the desk. */
export type CallGoal =
  | { readonly kind: "agent"; readonly agentId: AgentId }
  | {
      readonly kind: "number";
      readonly number: string;
      readonly clientId: ClientId;
      /** The number to show. */
      readonly callerId?: string;
    };

/** Where calls, transfers and consultations of the desk may go; what may not be is thrown as a SvaraError. */
export class DeskTargets {
  readonly #runtime: LiveRuntime;

  constructor(runtime: LiveRuntime) {
    this.#runtime = runtime;
  }

  ofCall(agent: DeskAgent, call: DeskCall): CallGoal {
    const goal = this.#goalOf(call);
    switch (goal.kind) {
      case "agent":
        if (goal.agentId === agent.agentId) throw notNow("same_agent");
        return goal;
      case "queue":
        throw new SvaraError("a queue cannot be called directly; transfer or consult instead", {
          code: "not_possible",
          httpStatus: 409,
        });
      case "number": {
        const clientId = this.#clientOf(agent, call);
        this.#mustBeAllowed(agent, goal.number, clientId, true);
        const callerId = this.#callerIdOf(agent, clientId, call);
        return { kind: "number", number: goal.number, clientId, ...(callerId ? { callerId } : {}) };
      }
    }
  }

  /** Of a consultation: as of a transfer, but nobody consults a flow. */
  ofConsult(agent: DeskAgent, contact: LiveContact, target: TransferTargetChoice): ConsultDestination {
    const goal = this.ofTransfer(agent, contact, target);
    if (goal.kind !== "entry_point") return goal;
    throw new SvaraError("an entry point cannot be consulted; transfer to it instead", {
      code: "not_possible",
      httpStatus: 409,
      field: "target",
    });
  }

  ofTransfer(agent: DeskAgent, contact: LiveContact, target: TransferTargetChoice): Destination {
    const runtime = this.#runtime;
    const goal = this.#goalOfTarget(agent, target);
    switch (goal.kind) {
      case "agent":
        if (goal.agentId === agent.agentId) throw notNow("same_agent");
        return this.#ringing(goal.agentId);
      case "queue":
        // a customer of one client is never handed to another
        if (runtime.model.queues.get(goal.queueId)?.clientId === contact.clientId) return goal;
        throw new SvaraError("there is no such queue", {
          code: "not_found",
          httpStatus: 404,
          field: "target.queueId",
        });
      case "entry_point":
        if (runtime.model.entryPoints.get(goal.entryPointId)?.clientId === contact.clientId) return goal;
        throw new SvaraError("there is no such entry point", {
          code: "not_found",
          httpStatus: 404,
          field: "target.entryPointId",
        });
      case "number":
        this.#mustBeAllowed(agent, goal.number, contact.clientId, false);
        return goal;
    }
  }

  /** Of a further party in a conference. */
  ofParty(
    agent: DeskAgent,
    contact: LiveContact,
    target: Extract<TransferTargetChoice, { kind: "agent" | "number" }>,
  ): Target {
    const goal = this.ofTransfer(agent, contact, target);
    if (goal.kind === "agent" || goal.kind === "number") return goal;
    throw new SvaraError("only people can be called into a call", {
      code: "not_possible",
      httpStatus: 409,
      field: "target",
    });
  }

  /** Where a colleague's diversions send it, who is rung with the device's own way of answering. */
  #ringing(agentId: AgentId): Target {
    const { agents } = this.#runtime.model;
    return agents.get(agentId)?.autoAnswer
      ? { kind: "agent", agentId, autoAnswer: true }
      : { kind: "agent", agentId };
  }

  #goalOfTarget(agent: DeskAgent, target: TransferTargetChoice): Destination {
    switch (target.kind) {
      case "number":
        return this.#followed(agent, this.#runtime.meaning(target.number));
      case "agent":
        return this.#followed(agent, { kind: "agent", agentId: target.agentId as AgentId });
      case "queue":
        return { kind: "queue", queueId: target.queueId as QueueId };
      case "entry_point":
        return { kind: "entry_point", entryPointId: target.entryPointId as EntryPointId };
    }
  }

  /** A colleague's diversions are followed; one who takes no call now is refused. */
  #followed(agent: DeskAgent, goal: DirectTarget): DirectTarget {
    if (goal.kind !== "agent" || goal.agentId === agent.agentId) return goal;
    const found = this.#runtime.colleagueGoal(goal.agentId);
    if (found) return found;
    throw notFree();
  }

  #goalOf(call: DeskCall): DirectTarget {
    switch (call.kind) {
      case "agent":
        return { kind: "agent", agentId: call.agentId };
      case "queue":
        return { kind: "queue", queueId: call.queueId };
      case "number":
        return this.#runtime.meaning(call.number);
    }
  }

  /** The agent may call out, and the call could be placed. */
  #mustBeAllowed(agent: DeskAgent, number: string, clientId: ClientId, begins: boolean): void {
    const runtime = this.#runtime;
    if (!agent.mayDialOut && !runtime.isEmergency(number)) throw blocked("no_right");
    const call = { number, clientId, begins, agentId: agent.agentId, asked: true };
    const verdict = runtime.mayPlace(call);
    if (verdict.allowed) return;
    runtime.turnedAway(call, verdict);
    throw blocked(verdict.reason);
  }

  /** The target's name, for the desk of who asks. */
  labelOf(target: TransferTargetChoice): NonNullable<LiveContact["consultLabel"]> {
    const { model } = this.#runtime;
    switch (target.kind) {
      case "agent":
        return { kind: "agent", label: model.agents.get(target.agentId as AgentId)?.name ?? "" };
      case "queue":
        return { kind: "queue", label: model.queues.get(target.queueId as QueueId)?.name ?? "" };
      case "number":
        return { kind: "number", label: target.number };
      case "entry_point":
        return {
          kind: "queue",
          label: model.entryPoints.get(target.entryPointId as EntryPointId)?.name ?? "",
        };
    }
  }

  /** The number that the agent chose to show: one of the client's that they may, or none. */
  #callerIdOf(agent: DeskAgent, clientId: ClientId, call: DeskCall): string | undefined {
    const wanted = call.kind === "number" ? call.fromNumberId : undefined;
    if (wanted === undefined) return undefined;
    const allowed = callerNumbers(this.#runtime.model, clientId, agent.agentId);
    const found = allowed.find(({ id }) => id === wanted);
    if (found) return found.number;
    throw new SvaraError("this number may not be shown for this client", {
      code: "caller_number_not_allowed",
      httpStatus: 403,
      field: "fromNumberId",
    });
  }

  /** For whom the agent calls: the client asked for, which must be one of theirs, or the first. */
  #clientOf(agent: DeskAgent, call: DeskCall): ClientId {
    const { clients } = this.#runtime.model;
    const asked = call.kind === "number" ? call.clientId : undefined;
    const own = agent.clients === "all" ? [...clients.keys()] : agent.clients.filter((id) => clients.has(id));
    const found = asked === undefined ? own[0] : own.find((id) => id === asked);
    if (found !== undefined) return found;
    const [any] = clients.keys();
    if (any !== undefined && call.kind === "number" && this.#runtime.isEmergency(call.number)) return any;
    throw new SvaraError("there is no such client you may call for", { code: "no_client", httpStatus: 403 });
  }
}

function blocked(reason: CallRefusal): SvaraError {
  return new SvaraError(CALL_REFUSALS[reason], { code: reason, httpStatus: refusalStatus(reason) });
}

/** A colleague who takes no call now. */
export function notFree(): SvaraError {
  return new SvaraError("this colleague cannot take a call now", {
    code: "agent_not_free",
    httpStatus: 409,
  });
}
