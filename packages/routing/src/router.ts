import type { AgentId, Instant, QueueId } from "@svara/kernel";
import type { AgentReason } from "./agent-reasons.ts";
import type { Decision } from "./decision.ts";
import { Engine } from "./engine.ts";
import { explainWait, type WaitExplanation, whyNot } from "./explain.ts";
import type { Input } from "./input.ts";
import type { AgentView, ItemId, Medium, QueueStats, WaitEstimate, WorkItem } from "./model.ts";
import * as queries from "./queries.ts";
import { type RouterSnapshot, restoreEngine, takeSnapshot } from "./snapshot.ts";
import { applyInput, fireDue } from "./step.ts";

/** Names a behaviour: raised whenever some journal could be decided differently, with the rules that changed. */
export const ENGINE_VERSION = "2";

/** Who a router is. */
export interface RouterOptions {
  readonly routerId: string;
  /** Changes at each start of the program; part of the offers' ids. */
  readonly epoch: number;
  /**
   * Whether explanations name the candidates; true if absent. A simulation may do without. A journal is always written by
   * a router that names them, since they are part of its decisions.
   */
  readonly explain?: boolean;
}

/**
 * The automatic call distributor. Deterministic: the same inputs at the same instants give the same decisions, whenever
 * and wherever they are repeated. It owns its state and changes it in place; its timers live inside. It starts empty:
 * queues, agents and log-ins arrive as inputs. The rules are in SPEC.md.
 */
export class Router {
  readonly #engine: Engine;

  constructor(options: RouterOptions) {
    this.#engine = new Engine(options.routerId, options.epoch, options.explain ?? true);
  }

  /** A router that goes on where the snapshot was taken. */
  static restore(snapshot: RouterSnapshot): Router {
    const router = new Router(snapshot);
    restoreEngine(router.#engine, snapshot);
    return router;
  }

  /** The whole state as plain JSON. */
  snapshot(): RouterSnapshot {
    return takeSnapshot(this.#engine, ENGINE_VERSION);
  }

  get routerId(): string {
    return this.#engine.routerId;
  }

  get epoch(): number {
    return this.#engine.epoch;
  }

  /** The instant of the last input or advance. */
  get now(): Instant {
    return this.#engine.now;
  }

  /** How many inputs were processed, ticks that fired a timer included. */
  get seq(): number {
    return this.#engine.seq;
  }

  /**
   * Fires what is due up to `at`, each timer at its own instant, then processes the input. An instant before the last one
   * counts as the last one. An input that does not fit gives an `ignored` decision.
   */
  handle(input: Input, at: Instant): Decision[] {
    const engine = this.#engine;
    if (input.type === "tick") return this.advance(at);
    try {
      fireDue(engine, at);
      engine.seq++;
      applyInput(engine, input);
      engine.endStep();
    } catch (error) {
      engine.takeDecisions(); // those of a broken step are no part of the next one
      throw error;
    }
    return engine.takeDecisions();
  }

  /** Fires what is due up to `at`. */
  advance(at: Instant): Decision[] {
    const engine = this.#engine;
    fireDue(engine, at);
    const decisions = engine.takeDecisions();
    if (decisions.length > 0) engine.seq++;
    return decisions;
  }

  /** How many timers have fired since the router was made or restored. */
  get fired(): number {
    return this.#engine.fired;
  }

  /** When `advance` has something to do next. */
  nextDue(): Instant | undefined {
    return this.#engine.timers.nextDue();
  }

  /** The place in the queue's line, 1 is next; items that ring at an agent count. Undefined: not waiting, or dormant. */
  position(itemId: ItemId): number | undefined {
    return queries.position(this.#engine, itemId);
  }

  /** The wait to be expected of a waiting item from now; null: unknown, or it does not wait. */
  estimate(itemId: ItemId): WaitEstimate | null {
    return queries.estimate(this.#engine, itemId);
  }

  /** What `estimate` would say of an item that joined the end of the line now. */
  estimateFor(queueId: QueueId, medium: Medium = "voice"): WaitEstimate | null {
    return queries.estimateFor(this.#engine, queueId, medium);
  }

  /** Of `estimate`, the wait in ms. */
  estimatedWaitMs(itemId: ItemId): number | undefined {
    return this.estimate(itemId)?.expectedMs;
  }

  /** Of `estimateFor`, the wait in ms. */
  expectedWaitMs(queueId: QueueId, medium: Medium = "voice"): number | undefined {
    return this.estimateFor(queueId, medium)?.expectedMs;
  }

  /** Agents logged in, in whatever presence, who could serve the queue; 0 is "nobody on duty". */
  staffed(queueId: QueueId, medium: Medium = "voice"): number {
    return queries.staffed(this.#engine, queueId, medium);
  }

  queueStats(queueId: QueueId): QueueStats | undefined {
    return queries.queueStats(this.#engine, queueId);
  }

  /** The queue's waiting items in order, those that ring included. */
  waitingItems(queueId: QueueId): WorkItem[] {
    return queries.waitingItems(this.#engine, queueId);
  }

  queueIds(): QueueId[] {
    return [...this.#engine.floor.queues.keys()];
  }

  agent(agentId: AgentId): AgentView | undefined {
    return queries.agent(this.#engine, agentId);
  }

  agents(): AgentView[] {
    return queries.agents(this.#engine);
  }

  /** A waiting item, or undefined. */
  item(itemId: ItemId): WorkItem | undefined {
    return this.#engine.floor.items.get(itemId)?.work;
  }

  /** Why a contact waits, as of the last input or advance; undefined: it does not wait. Looks at every agent once. */
  explainWait(itemId: ItemId): WaitExplanation | undefined {
    return explainWait(this.#engine, itemId);
  }

  /**
   * Every reason why the agent does not have the waiting item, the lasting ones first; none: this one could get it, and
   * another one or other work comes first. Undefined: no such waiting item or agent.
   */
  whyNot(itemId: ItemId, agentId: AgentId): AgentReason[] | undefined {
    return whyNot(this.#engine, itemId, agentId);
  }
}
