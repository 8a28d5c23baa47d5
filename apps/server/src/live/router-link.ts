import type { AgentId, Clock, ContactId, Instant, QueueId } from "@svara/kernel";
import type { LedgerDraft } from "@svara/ledger";
import type { AgentState, Decision, Input, JournalledRouter, Router } from "@svara/routing";
import type { CentreModel } from "./centre-model.ts";
import { HostTimer } from "./host-timer.ts";
import { contactOf } from "./item-id.ts";
import type { LiveContacts } from "./live-contacts.ts";
import { agentConfig, queueConfig } from "./router-config.ts";

/** A decision of the router that concerns somebody else. */
export type DecisionOf<T extends Decision["type"]> = Extract<Decision, { type: T }>;

/** Who hears of decisions. */
export interface DecisionSink {
  offered(decision: DecisionOf<"offer">): void;
  offerOver(decision: DecisionOf<"offer.timed_out"> | DecisionOf<"offer.withdrawn">): void;
  orphaned(decision: DecisionOf<"item.orphaned">): void;
  stepped(decision: DecisionOf<"item.stepped">): void;
  overflowed(decision: DecisionOf<"item.overflowed">): void;
  callbackFailed(decision: DecisionOf<"callback.failed">): void;
  callbackLate(decision: DecisionOf<"callback.late">): void;
  assignmentExpired(decision: DecisionOf<"assignment.expired">): void;
  /** The router logs the agent out. */
  dropped(agentId: AgentId): void;
  wrapUpStarted(decision: DecisionOf<"wrapup.started">): void;
  wrapUpEnded(decision: DecisionOf<"wrapup.ended">): void;
  agentChanged(agentId: AgentId, at: Instant): void;
}

export interface RouterLinkDeps {
  readonly clock: Clock;
  readonly router: Router;
  readonly journalled: JournalledRouter;
  readonly append: (draft: LedgerDraft) => void;
  readonly contacts: Pick<LiveContacts, "ofItem">;
  readonly sink: DecisionSink;
  /** The agent is busy as a supervisor in a call. */
  readonly isMonitoring: (agentId: AgentId) => boolean;
  readonly warn: (message: string, detail: object) => void;
}

/** The live runtime's only way to the router: every input is journalled, every decision is carried to whom it concerns. */
export class RouterLink {
  readonly #deps: RouterLinkDeps;
  readonly #timer: HostTimer;
  readonly #queues = new Map<QueueId, string>();
  readonly #agents = new Map<AgentId, string>();
  #rules = "";

  constructor(deps: RouterLinkDeps) {
    this.#deps = deps;
    this.#timer = new HostTimer(deps.clock, () => this.advance());
  }

  get router(): Router {
    return this.#deps.router;
  }

  /** Tells the router something, and carries out what it decides. Returns the decisions for who must know at once. */
  handle(input: Input, at: Instant = this.#deps.clock.now()): readonly Decision[] {
    return this.#carry(this.#deps.journalled.handle(input, at));
  }

  /** Lets the router's due timers fire. */
  advance(): void {
    this.#carry(this.#deps.journalled.advance(this.#deps.clock.now()));
  }

  /** Brings the router's queues and agents in line with the configuration. */
  configure(model: CentreModel): void {
    const { revision } = model;
    const rules = JSON.stringify(model.rules);
    if (rules !== this.#rules) {
      this.#rules = rules;
      this.handle({ type: "config.rules_set", rules: model.rules, revision });
    }
    for (const queue of model.queues.values()) {
      const config = queueConfig(queue);
      if (remember(this.#queues, queue.id, config))
        this.handle({ type: "config.queue_set", queue: config, revision });
    }
    for (const agent of model.agents.values()) {
      const config = agentConfig(agent);
      if (remember(this.#agents, agent.id, config))
        this.handle({ type: "config.agent_set", agent: config, revision });
    }
    for (const agentId of [...this.#agents.keys()].filter((id) => !model.agents.has(id))) {
      this.#agents.delete(agentId);
      this.handle({ type: "config.agent_removed", agentId, revision });
    }
    for (const queueId of [...this.#queues.keys()].filter((id) => !model.queues.has(id))) {
      this.#queues.delete(queueId);
      this.handle({ type: "config.queue_removed", queueId, revision });
    }
  }

  close(): void {
    this.#timer.dispose();
  }

  /** The contact that makes the state. */
  #contactOf({ itemId, agentId }: DecisionOf<"agent.state_changed">): ContactId | undefined {
    if (itemId === null) return undefined;
    return this.#deps.contacts.ofItem(itemId, agentId)?.contactId ?? contactOf(itemId);
  }

  #carry(decisions: readonly Decision[]): readonly Decision[] {
    this.#timer.arm(this.#deps.router.nextDue());
    for (const decision of decisions) this.#decide(decision);
    return decisions;
  }

  #decide(decision: Decision): void {
    const { sink, append } = this.#deps;
    switch (decision.type) {
      case "offer":
        return sink.offered(decision);
      case "offer.timed_out":
      case "offer.withdrawn":
        return sink.offerOver(decision);
      case "item.orphaned":
        return sink.orphaned(decision);
      case "item.stepped":
        return sink.stepped(decision);
      case "item.overflowed":
        return sink.overflowed(decision);
      case "callback.failed":
        return sink.callbackFailed(decision);
      case "callback.late":
        return sink.callbackLate(decision);
      case "assignment.expired":
        return sink.assignmentExpired(decision);
      case "agent.dropped":
        return sink.dropped(decision.agentId);
      case "wrapup.started":
      case "wrapup.extended":
        if (decision.type === "wrapup.started") sink.wrapUpStarted(decision);
        return sink.agentChanged(decision.agentId, decision.at);
      case "wrapup.ended":
        return sink.wrapUpEnded(decision);
      case "agent.state_changed":
        if (decision.to !== "logged_out") {
          const { agentId, to } = decision;
          const monitors = to === "busy_other" && this.#deps.isMonitoring(agentId);
          append(stateChanged(decision, monitors ? "monitoring" : to, this.#contactOf(decision)));
        }
        return sink.agentChanged(decision.agentId, decision.at);
      case "presence.changed":
        append(presenceSet(decision));
        return sink.agentChanged(decision.agentId, decision.at);
      case "ignored":
        if (decision.code !== "no_change") this.#deps.warn("the router ignored an input", decision);
        return;
      // told by whoever caused it, or to whoever asked
      case "offer.accepted":
      case "offer.refused":
      case "offer.failed":
      case "item.returned":
      case "callback.promised":
      case "crosssell.answered":
      // media that have no channel yet
      case "item.interrupted":
      case "item.resumed":
        return;
    }
  }
}

function stateChanged(
  decision: DecisionOf<"agent.state_changed">,
  to: Exclude<AgentState, "logged_out"> | "monitoring",
  contactId: ContactId | undefined,
): LedgerDraft {
  const { agentId, at, reason, paid, productive, medium } = decision;
  return {
    type: "agent.state_changed",
    at,
    agentId,
    ...(contactId ? { contactId } : {}),
    payload: {
      slot: medium ?? "voice",
      state: to,
      ...(reason ? { reason } : {}),
      paid,
      productive,
    },
  };
}

function presenceSet(decision: DecisionOf<"presence.changed">): LedgerDraft {
  const { agentId, at, presence, pending } = decision;
  return {
    type: "agent.presence_set",
    at,
    agentId,
    payload:
      presence.state === "available"
        ? { presence: "available", pending }
        : { presence: "not_ready", reasonId: presence.reason, pending },
  };
}

function remember<K>(known: Map<K, string>, key: K, value: unknown): boolean {
  const text = JSON.stringify(value);
  if (known.get(key) === text) return false;
  known.set(key, text);
  return true;
}
