import type { Instant } from "@svara/kernel";
import type { Decision, DecisionType } from "../decision.ts";
import type { Input } from "../input.ts";
import { type JournalEntry, JournalledRouter } from "../journal.ts";
import type { AgentConfig, AgentState, Presence, QueueConfig, WorkItem } from "../model.ts";
import { Router } from "../router.ts";

/** A voice queue with 20 s of ringing and no wrap-up. */
export function queueConfig(id: string, over: Partial<QueueConfig> = {}): QueueConfig {
  return {
    id,
    clientId: "client",
    media: ["voice"],
    requiredSkills: [],
    priority: 0,
    ringTimeoutMs: 20_000,
    wrapUp: { mode: "off" },
    ...over,
  };
}

/** An agent with one slot for voice and no skills. */
export function agentConfig(id: string, over: Partial<AgentConfig> = {}): AgentConfig {
  return { id, skills: {}, slots: { voice: 1 }, ...over };
}

/** A journalled router with a clock of its own, driven in a few words. */
export class FloorDriver {
  readonly journal: JournalEntry[] = [];
  readonly routed: JournalledRouter;
  now: Instant;

  constructor(start: Instant = Date.UTC(2026, 0, 5, 8), router = new Router({ routerId: "test", epoch: 1 })) {
    this.now = start;
    this.routed = new JournalledRouter(router, (entry) => this.journal.push(entry));
  }

  get router(): Router {
    return this.routed.router;
  }

  tell(input: Input): Decision[] {
    return this.routed.handle(input, this.now);
  }

  /** Moves the clock on. */
  pass(ms: number): Decision[] {
    this.now += ms;
    return this.routed.advance(this.now);
  }

  queue(id: string, over: Partial<QueueConfig> = {}): Decision[] {
    return this.tell({ type: "config.queue_set", queue: queueConfig(id, over) });
  }

  /** Configures an agent, without logging in. */
  agent(id: string, over: Partial<AgentConfig> = {}): Decision[] {
    return this.tell({ type: "config.agent_set", agent: agentConfig(id, over) });
  }

  /** Configures agents, plugs their phones in and logs them in as available, one millisecond apart. */
  staff(ids: readonly string[], over: Partial<AgentConfig> = {}): Decision[] {
    return ids.flatMap((id) => {
      const decisions = [
        ...this.agent(id, over),
        ...this.tell({ type: "agent.reachable", agentId: id, medium: "voice", reachable: true }),
        ...this.tell({ type: "agent.logged_in", agentId: id, presence: { state: "available" } }),
      ];
      this.now++;
      return decisions;
    });
  }

  /** An item enters the queue now. */
  arrive(id: string, queueId = "q", over: Partial<WorkItem> = {}): Decision[] {
    const item: WorkItem = {
      id,
      medium: "voice",
      clientId: "client",
      queueId,
      queuedAt: this.now,
      initiation: "new",
      ...over,
    };
    return this.tell({ type: "item.queued", item });
  }

  /** The agent answers what rings. */
  accept(agentId: string): Decision[] {
    return this.tell({ type: "offer.accepted", offerId: this.offerOf(agentId) });
  }

  present(agentId: string, presence: "available" | string): Decision[] {
    return this.tell({ type: "agent.presence_set", agentId, presence: presenceOf(presence) });
  }

  end(itemId: string, agentId: string): Decision[] {
    return this.tell({ type: "item.ended", itemId, agentId });
  }

  offerOf(agentId: string): string {
    const offerId = this.router.agent(agentId)?.offerId;
    if (!offerId) throw new Error(`nothing rings at ${agentId}`);
    return offerId;
  }

  /** What rings where: `agent: item`. */
  ringing(): string[] {
    return this.router
      .agents()
      .filter((agent) => agent.offerId !== null)
      .map((agent) => {
        const offer = this.decided("offer").find((d) => d.offerId === agent.offerId);
        return `${agent.agentId}: ${offer?.itemId}`;
      });
  }

  state(agentId: string): AgentState | `not_ready ${string}` | undefined {
    const agent = this.router.agent(agentId);
    return agent?.state === "not_ready" ? `not_ready ${agent.reason}` : agent?.state;
  }

  /** All decisions of a type so far. */
  decided<T extends DecisionType>(type: T): Extract<Decision, { readonly type: T }>[] {
    return this.journal
      .flatMap((entry) => entry.decisions)
      .filter((d): d is Extract<Decision, { readonly type: T }> => d.type === type);
  }
}

/** Available, or an unpaid break of that name. */
function presenceOf(name: string): Presence {
  return name === "available"
    ? { state: "available" }
    : { state: "not_ready", reason: name, paid: false, productive: false };
}
