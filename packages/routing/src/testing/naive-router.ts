import type { AgentId, Instant, OfferId } from "@svara/kernel";
import type { Decision, OfferWithdrawReason } from "../decision.ts";
import type { Input } from "../input.ts";
import type {
  AgentConfig,
  HandlingPhase,
  Medium,
  Presence,
  QueueConfig,
  WorkItem,
  WrapUpRule,
} from "../model.ts";

/** A decision without its explanation, which the naive router does not give. */
export type PlainDecision = Omit<Decision, "explain" | "offerId">;

/** Strips what the naive router does not know. */
export function withoutExplain(decision: Decision): PlainDecision {
  const { explain: _explain, offerId: _offerId, ...plain } = decision as Extract<Decision, { type: "offer" }>;
  return plain;
}

interface NaiveHandling {
  itemId: string;
  medium: Medium;
  queueId: string | null;
  phase: HandlingPhase;
  since: Instant;
  until: Instant | null;
  armed: number;
  wrapUp: WrapUpRule;
}

interface NaiveAgent {
  config: AgentConfig;
  loggedIn: boolean;
  leaving: boolean;
  retired: boolean;
  presence: Presence;
  unreachable: Medium[];
  busyOther: boolean;
  idleSince: Instant;
  handlings: NaiveHandling[];
  told: { state: string; reason: string | null; itemId: string | null; since: Instant };
}

interface NaiveOffer {
  id: OfferId;
  item: WorkItem;
  agent: NaiveAgent;
  until: Instant;
  armed: number;
}

/**
 * The rules of SPEC.md a second time, written to be plainly right instead of fast: flat lists, no index, nothing kept that
 * can be computed, every pair of agent and item tried after every step. It is told the ids of the real router's offers.
 */
export class NaiveRouter {
  readonly agents: NaiveAgent[] = [];
  readonly queues: QueueConfig[] = [];
  readonly items: WorkItem[] = [];
  readonly offers: NaiveOffer[] = [];
  now: Instant = 0;
  #armed = 0;
  #out: PlainDecision[] = [];

  /** As `Router.handle`; `offerIds` are those of the offers that the real router made in this step, by item. */
  handle(input: Input, at: Instant): PlainDecision[] {
    this.#passUntil(at);
    this.#apply(input);
    this.#finish();
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** Gives the naive router's offer of an item the id that the real one gave it. */
  nameOffer(itemId: string, id: OfferId): void {
    for (const offer of this.offers) if (offer.item.id === itemId) offer.id = id;
  }

  #emit(decision: PlainDecision): void {
    this.#out.push(decision);
  }

  #passUntil(at: Instant): void {
    const until = Math.max(this.now, at);
    for (;;) {
      const timers: { due: Instant; armed: number; fire: () => void }[] = [];
      for (const offer of this.offers) {
        timers.push({
          due: offer.until,
          armed: offer.armed,
          fire: () => this.#lose(offer, "offer.timed_out", "rona"),
        });
      }
      for (const agent of this.agents) {
        for (const h of agent.handlings) {
          if (h.phase !== "wrap_up" || h.until === null) continue;
          timers.push({ due: h.until, armed: h.armed, fire: () => this.#endWrapUp(agent, h, "timeout") });
        }
      }
      timers.sort((a, b) => a.due - b.due || a.armed - b.armed);
      const next = timers[0];
      if (next === undefined || next.due > until) break;
      this.now = Math.max(this.now, next.due);
      next.fire();
      this.#finish();
    }
    this.now = until;
  }

  #apply(input: Input): void {
    const known = "agentId" in input ? this.agents.find((a) => a.config.id === input.agentId) : undefined;
    switch (input.type) {
      case "tick":
        return;
      case "config.queue_set": {
        const i = this.queues.findIndex((q) => q.id === input.queue.id);
        if (i < 0) this.queues.push(input.queue);
        else this.queues[i] = input.queue;
        return;
      }
      case "config.queue_removed": {
        const i = this.queues.findIndex((q) => q.id === input.queueId);
        if (i < 0) {
          this.#ignore(input.type, "unknown_queue", input.queueId);
          return;
        }
        const items = this.items
          .filter((item) => item.queueId === input.queueId)
          .sort((a, b) => this.#order(a, b));
        for (const item of items) this.#withdraw(item, "queue_removed");
        this.queues.splice(i, 1);
        for (const item of items) {
          remove(this.items, item);
          const { id: itemId, queueId, queuedAt } = item;
          this.#emit({ type: "item.orphaned", at: this.now, itemId, queueId, queuedAt } as PlainDecision);
        }
        return;
      }
      case "config.agent_set": {
        const old = this.agents.find((a) => a.config.id === input.agent.id);
        if (old) {
          old.config = input.agent;
          old.retired = false;
        } else this.agents.push(newAgent(input.agent, this.now));
        return;
      }
      case "offer.accepted":
      case "offer.refused":
      case "offer.failed": {
        const offer = this.offers.find((o) => o.id === input.offerId);
        if (!offer) this.#ignore(input.type, "stale_offer", input.offerId);
        else if (input.type === "offer.refused") this.#lose(offer, input.type, "refused");
        else if (input.type === "offer.failed") {
          this.#lose(offer, input.type, "offer_failed", { reason: input.reason });
        } else this.#win(offer);
        return;
      }
      case "item.queued":
        if (this.items.some((item) => item.id === input.item.id)) {
          this.#ignore(input.type, "already_queued", input.item.id);
        } else if (!this.#queue(input.item.queueId)) {
          this.#ignore(input.type, "unknown_queue", input.item.queueId);
        } else this.items.push(input.item);
        return;
      case "item.withdrawn":
      case "item.moved": {
        const item = this.items.find((i) => i.id === input.itemId);
        if (!item) this.#ignore(input.type, "unknown_item", input.itemId);
        else if (input.type === "item.withdrawn") {
          this.#withdraw(item, input.reason);
          remove(this.items, item);
        } else if (!this.#queue(input.queueId)) {
          this.#ignore(input.type, "unknown_queue", input.queueId);
        } else {
          this.#withdraw(item, "moved");
          remove(this.items, item);
          const { type: _type, itemId: _itemId, priority, ...changes } = input;
          const moved = { ...item, ...changes };
          if (priority === null) delete (moved as { priority?: number }).priority;
          else if (priority !== undefined) (moved as { priority?: number }).priority = priority;
          this.items.push(moved);
        }
        return;
      }
      default:
        if (!known) this.#ignore(input.type, "unknown_agent", input.agentId);
        else this.#applyToAgent(input, known);
    }
  }

  #applyToAgent(input: Extract<Input, { readonly agentId: AgentId }>, agent: NaiveAgent): void {
    const id = agent.config.id;
    const handling = "itemId" in input ? agent.handlings.find((h) => h.itemId === input.itemId) : undefined;
    switch (input.type) {
      case "config.agent_removed":
        this.#withdrawFrom(agent, "agent_removed");
        agent.retired = true;
        agent.leaving = agent.loggedIn;
        this.#leaveIfDone(agent);
        return;
      case "agent.logged_in":
        if (agent.retired) this.#ignore(input.type, "unknown_agent", id);
        else if (agent.loggedIn && !agent.leaving) this.#ignore(input.type, "already_logged_in", id);
        else {
          agent.loggedIn = true;
          agent.leaving = false;
          agent.idleSince = this.now;
          this.#present(agent, input.presence, "agent");
        }
        return;
      case "agent.logged_out":
        if (!agent.loggedIn) {
          this.#ignore(input.type, "not_logged_in", id);
          return;
        }
        this.#withdrawFrom(agent, "agent_logged_out");
        agent.leaving = true;
        this.#leaveIfDone(agent);
        return;
      case "agent.presence_set":
        if (!agent.loggedIn) this.#ignore(input.type, "not_logged_in", id);
        else if (JSON.stringify(agent.presence) === JSON.stringify(input.presence)) {
          this.#ignore(input.type, "no_change", id);
        } else {
          this.#present(agent, input.presence, input.by ?? "agent");
          if (input.presence.state === "not_ready") this.#withdrawFrom(agent, "agent_not_ready");
        }
        return;
      case "agent.reachable": {
        const now = !agent.unreachable.includes(input.medium);
        if (now === input.reachable) this.#ignore(input.type, "no_change", id);
        else if (input.reachable) remove(agent.unreachable, input.medium);
        else {
          agent.unreachable.push(input.medium);
          const offer = this.offers.find((o) => o.agent === agent);
          if (offer?.item.medium === input.medium) this.#withdrawFrom(agent, "agent_unreachable");
        }
        return;
      }
      case "agent.busy_other":
        if (agent.busyOther === input.busy) {
          this.#ignore(input.type, "no_change", id);
          return;
        }
        agent.busyOther = input.busy;
        if (input.busy) this.#withdrawFrom(agent, "agent_busy");
        else agent.idleSince = this.now;
        return;
      case "item.assigned": {
        if (handling && handling.phase !== "wrap_up") {
          this.#ignore(input.type, "already_assigned", input.itemId);
          return;
        }
        const item = this.items.find((i) => i.id === input.itemId);
        if (item) {
          this.#withdraw(item, "assigned");
          remove(this.items, item);
        }
        if (handling) {
          const durationMs = this.now - handling.since;
          this.#emit({
            type: "wrapup.ended",
            ...this.#wrap(agent, handling),
            by: "resumed",
            durationMs,
          } as PlainDecision);
          handling.phase = input.phase ?? "talking";
          handling.since = this.now;
          handling.until = null;
          return;
        }
        const rule = input.wrapUp ?? this.#queue(input.queueId ?? null)?.wrapUp ?? { mode: "off" as const };
        this.#take(agent, input.itemId, input.medium, input.queueId ?? null, input.phase ?? "talking", rule);
        return;
      }
      default:
        if (!handling) this.#ignore(input.type, "unknown_handling", input.itemId);
        else this.#applyToHandling(input, agent, handling);
    }
  }

  #applyToHandling(
    input: Extract<Input, { type: "item.phase_set" | "item.ended" | "wrapup.finished" | "wrapup.extended" }>,
    agent: NaiveAgent,
    h: NaiveHandling,
  ): void {
    const wrapping = h.phase === "wrap_up";
    switch (input.type) {
      case "item.phase_set":
        if (wrapping || h.phase === input.phase) this.#ignore(input.type, "no_change", h.itemId);
        else {
          h.phase = input.phase;
          h.since = this.now;
        }
        return;
      case "item.ended": {
        if (wrapping) {
          this.#ignore(input.type, "no_change", h.itemId);
          return;
        }
        const rule = this.#queue(h.queueId)?.wrapUp ?? h.wrapUp;
        const connected = h.phase !== "ringing" && h.phase !== "dialing";
        if (
          input.wrapUp === "skip" ||
          rule.mode === "off" ||
          !agent.loggedIn ||
          agent.leaving ||
          !connected
        ) {
          this.#done(agent, h);
          return;
        }
        h.phase = "wrap_up";
        h.since = this.now;
        h.until = rule.limitMs === undefined ? null : this.now + rule.limitMs;
        h.armed = ++this.#armed;
        this.#emit({ type: "wrapup.started", ...this.#wrap(agent, h), until: h.until } as PlainDecision);
        return;
      }
      case "wrapup.finished":
        if (wrapping) this.#endWrapUp(agent, h, "agent");
        else this.#ignore(input.type, "not_in_wrap_up", h.itemId);
        return;
      case "wrapup.extended":
        if (!wrapping) this.#ignore(input.type, "not_in_wrap_up", h.itemId);
        else if (h.until === null) this.#ignore(input.type, "no_limit", h.itemId);
        else {
          h.until += input.byMs;
          h.armed = ++this.#armed;
          const { queueId: _queueId, ...named } = this.#wrap(agent, h);
          this.#emit({ type: "wrapup.extended", ...named, until: h.until } as PlainDecision);
        }
        return;
    }
  }

  /** Matches, then tells every state that changed. */
  #finish(): void {
    for (;;) {
      let best: { item: WorkItem; agent: NaiveAgent } | undefined;
      for (const item of this.items) {
        if (this.offers.some((o) => o.item === item)) continue;
        for (const agent of this.agents) {
          if (!this.#isOpen(agent, item.medium) || !this.#canServe(agent, item)) continue;
          if (best === undefined || this.#isBetter(item, agent, best)) best = { item, agent };
        }
      }
      if (best === undefined) break;
      const { item, agent } = best;
      const until = this.now + (this.#queue(item.queueId)?.ringTimeoutMs ?? 0);
      this.offers.push({ id: "", item, agent, until, armed: ++this.#armed });
      const { queueId, medium } = item;
      const named = { at: this.now, itemId: item.id, agentId: agent.config.id };
      this.#emit({ type: "offer", ...named, queueId, medium, expiresAt: until } as PlainDecision);
    }
    for (const agent of [...this.agents]) this.#tell(agent);
  }

  #isBetter(item: WorkItem, agent: NaiveAgent, than: { item: WorkItem; agent: NaiveAgent }): boolean {
    if (item !== than.item) return this.#order(item, than.item) < 0;
    const preferred = item.preferredAgentId;
    if (than.agent.config.id === preferred) return false;
    if (agent.config.id === preferred) return true;
    const byIdle = this.#queue(item.queueId)?.agentStrategy !== "none";
    if (byIdle && agent.idleSince !== than.agent.idleSince) return agent.idleSince < than.agent.idleSince;
    return agent.config.id < than.agent.config.id;
  }

  #order(a: WorkItem, b: WorkItem): number {
    const priority = (item: WorkItem): number => item.priority ?? this.#queue(item.queueId)?.priority ?? 0;
    return priority(b) - priority(a) || a.queuedAt - b.queuedAt || (a.id < b.id ? -1 : 1);
  }

  #isOpen(agent: NaiveAgent, medium: Medium): boolean {
    const inHand = agent.handlings.filter((h) => h.medium === medium).length;
    return (
      agent.loggedIn &&
      !agent.leaving &&
      !agent.retired &&
      agent.presence.state === "available" &&
      !agent.busyOther &&
      !agent.unreachable.includes(medium) &&
      !this.offers.some((o) => o.agent === agent) &&
      inHand < (agent.config.slots[medium] ?? 0)
    );
  }

  #canServe({ config }: NaiveAgent, item: WorkItem): boolean {
    const needs = [...(this.#queue(item.queueId)?.requiredSkills ?? []), ...(item.requiredSkills ?? [])];
    return (
      (config.queueIds === undefined || config.queueIds.includes(item.queueId)) &&
      needs.every((need) => (config.skills[need.skillId] ?? 0) >= need.minProficiency)
    );
  }

  #tell(agent: NaiveAgent): void {
    const next = this.#stateOf(agent);
    const { told } = agent;
    if (next.state !== told.state || next.reason !== told.reason || next.itemId !== told.itemId) {
      this.#emit({
        type: "agent.state_changed",
        at: this.now,
        agentId: agent.config.id,
        from: told.state,
        fromSince: told.since,
        to: next.state,
        reason: next.reason,
        paid: next.paid,
        productive: next.productive,
        presence: agent.presence,
        medium: next.medium,
        itemId: next.itemId,
      } as PlainDecision);
      agent.told = { state: next.state, reason: next.reason, itemId: next.itemId, since: this.now };
    }
    if (agent.retired && !agent.loggedIn && agent.handlings.length === 0) remove(this.agents, agent);
  }

  #stateOf(agent: NaiveAgent): {
    state: string;
    reason: string | null;
    paid: boolean;
    productive: boolean;
    medium: Medium | null;
    itemId: string | null;
  } {
    const idle = (state: string, reason: string | null, paid: boolean, productive: boolean) => {
      return { state, reason, paid, productive, medium: null, itemId: null };
    };
    const work = (state: string, medium: Medium, itemId: string) => {
      return { state, reason: null, paid: true, productive: true, medium, itemId };
    };
    if (!agent.loggedIn) return idle("logged_out", null, false, false);
    for (const phase of "talking conferenced consulting held dialing busy_other wrap_up offer ringing".split(
      " ",
    )) {
      if (phase === "busy_other" && agent.busyOther) return idle("busy_other", null, true, true);
      const offer = this.offers.find((o) => o.agent === agent);
      if (phase === "offer" && offer) return work("reserved", offer.item.medium, offer.item.id);
      const h = agent.handlings.find((one) => one.phase === phase);
      if (h) return work(phase === "ringing" ? "reserved" : phase, h.medium, h.itemId);
    }
    const { presence, config, unreachable } = agent;
    if (presence.state === "not_ready") {
      return idle("not_ready", presence.reason, presence.paid, presence.productive);
    }
    const media = Object.entries(config.slots).filter(([, n]) => n > 0);
    if (media.every(([m]) => unreachable.includes(m as Medium)))
      return idle("not_ready", "unreachable", true, false);
    return idle("available", null, true, true);
  }

  #win(offer: NaiveOffer): void {
    const { item, agent } = offer;
    const queue = this.#queue(item.queueId);
    remove(this.offers, offer);
    remove(this.items, item);
    this.#emit({
      type: "offer.accepted",
      at: this.now,
      itemId: item.id,
      agentId: agent.config.id,
      queueId: item.queueId,
      waitMs: Math.max(0, this.now - item.queuedAt),
    } as PlainDecision);
    this.#take(agent, item.id, item.medium, item.queueId, "talking", queue?.wrapUp ?? { mode: "off" });
  }

  #lose(
    offer: NaiveOffer,
    type: "offer.timed_out" | "offer.refused" | "offer.failed",
    why: string,
    more = {},
  ): void {
    const { item, agent } = offer;
    remove(this.offers, offer);
    this.#emit({ type, at: this.now, itemId: item.id, agentId: agent.config.id, ...more } as PlainDecision);
    this.#present(agent, { state: "not_ready", reason: why, paid: true, productive: false }, "system");
    this.#returned(item);
  }

  #withdraw(item: WorkItem, reason: OfferWithdrawReason): void {
    const offer = this.offers.find((o) => o.item === item);
    if (!offer) return;
    remove(this.offers, offer);
    const named = { at: this.now, itemId: item.id, agentId: offer.agent.config.id };
    this.#emit({ type: "offer.withdrawn", ...named, reason } as PlainDecision);
  }

  #withdrawFrom(agent: NaiveAgent, reason: OfferWithdrawReason): void {
    const offer = this.offers.find((o) => o.agent === agent);
    if (!offer) return;
    this.#withdraw(offer.item, reason);
    this.#returned(offer.item);
  }

  #returned({ id: itemId, queueId, queuedAt }: WorkItem): void {
    this.#emit({ type: "item.returned", at: this.now, itemId, queueId, queuedAt } as PlainDecision);
  }

  #present(agent: NaiveAgent, presence: Presence, by: string): void {
    if (presence.state === "available" && agent.presence.state !== "available") agent.idleSince = this.now;
    agent.presence = presence;
    const pending = agent.handlings.length > 0 || agent.busyOther;
    const named = { at: this.now, agentId: agent.config.id };
    this.#emit({ type: "presence.changed", ...named, presence, by, pending } as PlainDecision);
  }

  #take(
    agent: NaiveAgent,
    itemId: string,
    medium: Medium,
    queueId: string | null,
    phase: HandlingPhase,
    wrapUp: WrapUpRule,
  ): void {
    agent.idleSince = this.now;
    agent.handlings.push({ itemId, medium, queueId, phase, since: this.now, until: null, armed: 0, wrapUp });
  }

  #endWrapUp(agent: NaiveAgent, h: NaiveHandling, by: string): void {
    const durationMs = this.now - h.since;
    this.#emit({ type: "wrapup.ended", ...this.#wrap(agent, h), by, durationMs } as PlainDecision);
    this.#done(agent, h);
  }

  #done(agent: NaiveAgent, h: NaiveHandling): void {
    remove(agent.handlings, h);
    agent.idleSince = this.now;
    this.#leaveIfDone(agent);
  }

  #leaveIfDone(agent: NaiveAgent): void {
    if (!agent.leaving || agent.handlings.some((h) => h.phase !== "wrap_up")) return;
    agent.leaving = false;
    agent.loggedIn = false;
    for (const h of [...agent.handlings]) this.#endWrapUp(agent, h, "logout");
  }

  #wrap(agent: NaiveAgent, h: NaiveHandling) {
    return { at: this.now, agentId: agent.config.id, itemId: h.itemId, queueId: h.queueId };
  }

  #ignore(input: string, code: string, id: string): void {
    this.#emit({ type: "ignored", at: this.now, input, code, id } as PlainDecision);
  }

  #queue(id: string | null): QueueConfig | undefined {
    return this.queues.find((q) => q.id === id);
  }
}

function newAgent(config: AgentConfig, now: Instant): NaiveAgent {
  return {
    config,
    loggedIn: false,
    leaving: false,
    retired: false,
    presence: { state: "not_ready", reason: "not_logged_in", paid: false, productive: false },
    unreachable: ["voice", "video"],
    busyOther: false,
    idleSince: 0,
    handlings: [],
    told: { state: "logged_out", reason: null, itemId: null, since: now },
  };
}

function remove<T>(list: T[], value: T): void {
  const i = list.indexOf(value);
  if (i >= 0) list.splice(i, 1);
}
