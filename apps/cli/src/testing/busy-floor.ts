import { TimerHeap } from "@svara/kernel";
import {
  type Decision,
  type Input,
  type JournalEntry,
  JournalledRouter,
  Router,
  type RouterSnapshot,
} from "@svara/routing";
import { BusyPlan } from "./busy-plan.ts";

type Told<T extends Decision["type"]> = Extract<Decision, { readonly type: T }>;

const ARRIVAL_MS = 1_250; // 150 agents are just about busy
const PATIENCE_MS = 120_000;
const HANDLE_MS = 220_000;
const CHANGE_MS = 4_000;

/**
 * A large floor that lives: contacts of three media come, ring, are taken, refused or missed, held, transferred, escalated,
 * picked, called back and wrapped up; agents come and go; rules change meanwhile, and now and then the clock is set back.
 */
export class BusyFloor {
  decisions = 0;
  readonly #plan: BusyPlan;
  readonly #routed: JournalledRouter;
  readonly #due = new TimerHeap<() => void>();
  readonly #handled: { readonly itemId: string; readonly agentId: string }[] = [];
  #now: number;
  #items = 0;

  constructor(options: {
    readonly seed: number;
    readonly epoch: number;
    readonly start: number;
    readonly write: (entry: JournalEntry) => void;
  }) {
    this.#plan = new BusyPlan(options.seed);
    this.#now = options.start;
    const router = new Router({ routerId: "main", epoch: options.epoch });
    this.#routed = new JournalledRouter(router, (entry) => {
      this.decisions += entry.decisions.length;
      options.write(entry);
    });
    this.#open();
  }

  snapshot(): RouterSnapshot {
    return this.#routed.router.snapshot();
  }

  /** Lives on until so many decisions were made in all. */
  liveUntil(decisions: number): void {
    while (this.decisions < decisions) {
      const mine = this.#due.nextDue() ?? Number.POSITIVE_INFINITY;
      const routers = this.#routed.router.nextDue() ?? Number.POSITIVE_INFINITY;
      this.#now = Math.max(this.#now, Math.min(mine, routers));
      if (routers < mine) this.#carry(this.#routed.advance(this.#now));
      else this.#due.popDue(this.#now)?.value();
    }
  }

  #open(): void {
    const plan = this.#plan;
    for (let i = 0; i < plan.queueCount; i++)
      this.#tell({ type: "config.queue_set", queue: plan.queue(`q${i}`) });
    for (let i = 0; i < plan.agentCount; i++) this.#hire(`a${i}`);
    this.#later(0, () => this.#arrive());
    this.#later(CHANGE_MS, () => this.#change());
  }

  #tell(input: Input): void {
    this.#carry(this.#routed.handle(input, this.#now));
    if (input.type === "item.assigned") this.#endLater(input.itemId, input.agentId);
  }

  #later(ms: number, work: () => void): void {
    this.#due.add(this.#now + ms, work);
  }

  #logIn(agentId: string): void {
    this.#tell({ type: "agent.logged_in", agentId, presence: { state: "available" } });
  }

  #arrive(): void {
    const plan = this.#plan;
    const item = plan.item(`i${++this.#items}`, this.#now);
    this.#tell({ type: "item.queued", item });
    const itemId = item.id;
    this.#later(plan.afterMs(PATIENCE_MS), () => {
      const reason = plan.happens(0.8) ? "customer_gone" : "flow";
      if (this.#routed.router.item(itemId)) this.#tell({ type: "item.withdrawn", itemId, reason });
    });
    if (plan.happens(0.1)) this.#later(plan.pick(30_000), () => this.#turn(itemId));
    this.#later(plan.afterMs(ARRIVAL_MS), () => this.#arrive());
  }

  /** Something happens to an item that waits. */
  #turn(itemId: string): void {
    const plan = this.#plan;
    const agentId = plan.agentId();
    const queueId = plan.queueId();
    this.#tell(
      plan.oneOf<Input>([
        { type: "item.moved", itemId, queueId },
        { type: "item.moved", itemId, queueId, priority: plan.pick(4), initiation: "transfer" },
        { type: "item.facts_set", itemId, facts: plan.facts() },
        { type: "item.picked", itemId, agentId },
        { type: "item.assigned", itemId, agentId, medium: "voice" },
        { type: "callback.requested", itemId, wish: { from: this.#now + 20_000, until: this.#now + 90_000 } },
      ]),
    );
  }

  /** Somebody in the office or at a desk does something that no contact asked for. */
  #change(): void {
    const plan = this.#plan;
    const agentId = plan.agentId();
    const queueId = plan.queueId();
    const break_ = { state: "not_ready", reason: "break", paid: true, productive: false } as const;
    const kind = plan.pick(100);
    if (kind < 4) this.#tell({ type: "config.queue_set", queue: plan.queue(queueId) });
    else if (kind < 8) this.#tell({ type: "config.agent_set", agent: plan.agent(agentId) });
    else if (kind === 8) this.#replaceQueue(queueId);
    else if (kind === 9) this.#replaceAgent(agentId);
    else if (kind < 50) this.#tell({ type: "agent.presence_set", agentId, presence: break_ });
    else if (kind < 60) this.#callPrivately(agentId);
    else if (kind < 70) this.#tell({ type: "agent.logged_out", agentId, reason: "end_shift" });
    else if (kind < 80) this.#flicker(agentId);
    else if (kind < 84) this.#tell({ type: "agent.state_forced", agentId, presence: break_ });
    else if (kind < 88) this.#loseDesk(agentId);
    else if (kind < 90) this.#tell({ type: "config.rules_set", rules: this.#rules() });
    else if (kind < 92) this.#setClockBack();
    else if (kind < 96) this.#dialOut(agentId);
    else this.#askNonsense(agentId);
    this.#later(plan.afterMs(CHANGE_MS), () => this.#change());
  }

  #rules(): Extract<Input, { readonly type: "config.rules_set" }>["rules"] {
    return {
      workStrategy: this.#plan.oneOf(["priority_then_oldest", "gcmu", "fqr", "service_level_race", "none"]),
      missesAllowed: 1 + this.#plan.pick(3),
    };
  }

  #replaceQueue(queueId: string): void {
    this.#tell({ type: "config.queue_removed", queueId });
    this.#tell({ type: "config.queue_set", queue: this.#plan.queue(queueId) });
  }

  #replaceAgent(agentId: string): void {
    this.#tell({ type: "config.agent_removed", agentId });
    this.#later(this.#plan.pick(60_000), () => this.#hire(agentId));
  }

  #hire(agentId: string): void {
    this.#tell({ type: "config.agent_set", agent: this.#plan.agent(agentId) });
    this.#tell({ type: "agent.reachable", agentId, medium: "voice", reachable: true });
    this.#logIn(agentId);
  }

  #callPrivately(agentId: string): void {
    this.#tell({ type: "agent.busy_other", agentId, busy: true });
    this.#tellLater({ type: "agent.busy_other", agentId, busy: false }, this.#plan.afterMs(60_000));
  }

  #flicker(agentId: string): void {
    this.#tell({ type: "agent.reachable", agentId, medium: "voice", reachable: false });
    const back = { type: "agent.reachable", agentId, medium: "voice", reachable: true } as const;
    this.#tellLater(back, this.#plan.pick(20_000));
  }

  #loseDesk(agentId: string): void {
    this.#tell({ type: "agent.connection", agentId, connected: false });
    this.#tellLater({ type: "agent.connection", agentId, connected: true }, this.#plan.pick(60_000));
  }

  #setClockBack(): void {
    const now = this.#now;
    this.#now -= this.#plan.pick(30_000);
    this.#arriveOnce();
    this.#now = now;
  }

  #arriveOnce(): void {
    this.#tell({ type: "item.queued", item: this.#plan.item(`i${++this.#items}`, this.#now) });
  }

  #dialOut(agentId: string): void {
    const itemId = `out${++this.#items}`;
    this.#tell({ type: "item.assigned", itemId, agentId, medium: "voice", phase: "dialing" });
    if (this.#plan.happens(0.3)) return; // it rings and rings
    this.#tellLater({ type: "item.phase_set", itemId, agentId, phase: "talking" }, this.#plan.pick(15_000));
  }

  /** Inputs that fit nothing, and inputs about something that is over. */
  #askNonsense(agentId: string): void {
    const over = this.#plan.oneOf(this.#handled) ?? { itemId: "nobody", agentId };
    this.#tell(
      this.#plan.oneOf<Input>([
        { type: "offer.accepted", offerId: "no-such-offer" },
        { type: "item.withdrawn", itemId: over.itemId, reason: "customer_gone" },
        { type: "item.ended", ...over },
        { type: "wrapup.finished", ...over },
        { type: "callback.attempted", ...over, outcome: "busy" },
        { type: "item.moved", itemId: over.itemId, queueId: "no-such-queue" },
      ]),
    );
  }

  #carry(decisions: readonly Decision[]): void {
    for (const decision of decisions) this.#react(decision);
  }

  #react(decision: Decision): void {
    const plan = this.#plan;
    switch (decision.type) {
      case "offer":
        return this.#ring(decision);
      case "offer.accepted":
        return this.#work(decision);
      case "wrapup.started":
        return this.#wrapUp(decision);
      case "presence.changed": {
        const { agentId, presence } = decision;
        if (presence.state === "available") return;
        return this.#later(plan.afterMs(60_000), () =>
          this.#tell({ type: "agent.presence_set", agentId, presence: { state: "available" } }),
        );
      }
      case "agent.state_changed":
        if (decision.to !== "logged_out") return;
        return this.#later(plan.afterMs(120_000), () => this.#logIn(decision.agentId));
      case "item.orphaned": {
        const item = { ...plan.item(decision.itemId, this.#now), queuedAt: decision.queuedAt };
        return this.#later(0, () => this.#tell({ type: "item.queued", item }));
      }
      default:
        return;
    }
  }

  #ring({ offerId }: Told<"offer">): void {
    const plan = this.#plan;
    const kind = plan.pick(100);
    if (kind < 10) return; // nobody answers
    const answer: Input =
      kind < 14
        ? { type: "offer.refused", offerId }
        : kind < 16
          ? { type: "offer.failed", offerId, reason: "busy" }
          : { type: "offer.accepted", offerId };
    this.#later(500 + plan.pick(8_000), () => this.#tell(answer));
  }

  #work({ itemId, agentId }: Told<"offer.accepted">): void {
    const plan = this.#plan;
    this.#handled[plan.pick(1_000)] = { itemId, agentId };
    if (plan.happens(0.15)) {
      const phase = plan.oneOf(["held", "consulting", "talking"] as const);
      this.#tellLater({ type: "item.phase_set", itemId, agentId, phase }, plan.pick(30_000));
    }
    if (plan.happens(0.1)) this.#later(plan.pick(30_000), () => this.#extra(itemId, agentId));
    this.#endLater(itemId, agentId);
  }

  #endLater(itemId: string, agentId: string): void {
    const skip = this.#plan.happens(0.1) ? { wrapUp: "skip" as const } : {};
    this.#tellLater({ type: "item.ended", itemId, agentId, ...skip }, this.#plan.afterMs(HANDLE_MS));
  }

  #extra(itemId: string, agentId: string): void {
    this.#tell(
      this.#plan.oneOf<Input>([
        { type: "crosssell.asked", itemId, agentId },
        { type: "item.escalated", itemId, agentId, tier: this.#plan.tier() },
        { type: "wrapup.requested", itemId, agentId, wanted: true },
        { type: "callback.attempted", itemId, agentId, outcome: "no_answer" },
        { type: "item.assigned", itemId, agentId: this.#plan.agentId(), medium: "voice" },
      ]),
    );
  }

  #wrapUp({ itemId, agentId }: Told<"wrapup.started">): void {
    const plan = this.#plan;
    if (plan.happens(0.05))
      this.#tellLater({ type: "wrapup.extended", itemId, agentId, byMs: 10_000 }, 5_000);
    this.#tellLater({ type: "wrapup.finished", itemId, agentId }, plan.afterMs(40_000));
  }

  #tellLater(input: Input, ms: number): void {
    this.#later(ms, () => this.#tell(input));
  }
}
