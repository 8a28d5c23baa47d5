import type { AgentId, Instant } from "@svara/kernel";
import {
  type Decision,
  type DirectRouter,
  type Input,
  type JournalEntry,
  JournalledRouter,
  type MadeOffer,
  Router,
  type RouterListener,
  type ToldAgent,
  tellDecisions,
  type WorkItem,
} from "@svara/routing";

/** How a simulated floor speaks to its router. */
export type RouterPort = Pick<DirectRouter, "tell" | "queue" | "accept" | "end" | "advance" | "nextDue">;

/** The router as it is live, with a journal beside it: every call becomes an input. Decides what `DirectRouter` does (WF1). */
export class JournalPort implements RouterPort {
  readonly #router: JournalledRouter;
  readonly #listener: RouterListener;
  readonly #agents = new Map<AgentId, ToldAgent>();

  constructor(options: {
    readonly epoch: number;
    readonly journal: (entry: JournalEntry) => void;
    readonly listener: RouterListener;
  }) {
    const router = new Router({ routerId: SIMULATED, epoch: options.epoch });
    this.#router = new JournalledRouter(router, options.journal);
    this.#listener = options.listener;
  }

  get nextDue(): Instant {
    return this.#router.router.nextDue() ?? Number.POSITIVE_INFINITY;
  }

  tell(input: Input, at: Instant): void {
    this.#hear(this.#router.handle(input, at));
  }

  queue(item: WorkItem, at: Instant): void {
    this.tell({ type: "item.queued", item }, at);
  }

  accept({ id: offerId }: MadeOffer, at: Instant): void {
    this.tell({ type: "offer.accepted", offerId }, at);
  }

  end({ item, agent }: MadeOffer, at: Instant): void {
    this.tell({ type: "item.ended", itemId: item.id, agentId: agent.id }, at);
  }

  advance(at: Instant): void {
    this.#hear(this.#router.advance(at));
  }

  #hear(decisions: readonly Decision[]): void {
    tellDecisions(this.#listener, decisions, (agentId) => this.#agentOf(agentId));
  }

  #agentOf(id: AgentId): ToldAgent {
    let agent = this.#agents.get(id);
    if (agent === undefined) {
      agent = { id, tag: null };
      this.#agents.set(id, agent);
    }
    return agent;
  }
}

/** The name of a simulated router. */
export const SIMULATED = "simulation";
