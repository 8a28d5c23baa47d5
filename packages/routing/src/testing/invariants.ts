import type { Decision } from "../decision.ts";
import type { AgentConfig, AgentView, Medium, WorkItem } from "../model.ts";
import type { Router } from "../router.ts";
import { type DayStep, newRouter, playDay } from "./play-day.ts";
import type { DayInput } from "./random-day.ts";

type Offer = Extract<Decision, { readonly type: "offer" }>;

const LONGEST_LEASE_MS = 180_000; // of the assignments of random rules; the other leases are shorter

/** Plays a day and throws at the first step that breaks what must hold whatever the rules are. */
export function checkInvariants(day: readonly DayInput[]): void {
  const check = new Checker();
  const router = newRouter();
  playDay(router, day, (step, index) => {
    const wrong = check.step(router, step);
    if (wrong) throw new Error(`input ${index}, ${JSON.stringify(step.input)}: ${wrong}`);
  });
}

/** Knows what was told before, from inputs and decisions alone. */
class Checker {
  readonly #offers = new Map<string, Offer>();
  readonly #configs = new Map<string, AgentConfig>();
  readonly #plainQueues = new Set<string>();
  readonly #states = new Map<string, { state: string; at: number }>();
  readonly #times = new Map<string, { loggedIn: number; told: number }>();
  readonly #ringsSince = new Map<string, number>();
  #places = new Map<string, string>();
  #waiting: readonly WorkItem[] = [];

  /** What is wrong after a step; null when nothing is. */
  step(router: Router, step: DayStep): string | null {
    const { input } = step;
    const refused = step.decisions.some((d) => d.type === "ignored");
    if (input.type === "config.agent_set" && !refused) this.#configs.set(input.agent.id, input.agent);
    if (input.type === "config.queue_set") {
      const { id, steps, overflow, ageing } = input.queue;
      if (steps || overflow || ageing) this.#plainQueues.delete(id);
      else this.#plainQueues.add(id);
    }
    const agents = router.agents();
    const waiting = router.queueIds().flatMap((id) => router.waitingItems(id));
    const wrong =
      this.#outcomes(step, router) ??
      this.#lost(step, agents, waiting) ??
      this.#room(step, agents) ??
      this.#leases(router, agents) ??
      this.#overtaken(router, step, waiting) ??
      this.#time(step, agents, router) ??
      positions(router);
    this.#waiting = waiting;
    return wrong;
  }

  /** RT13, RT14, RT15: one offer of an item and to an agent at a time, one outcome each, in time. */
  #outcomes({ decisions }: DayStep, router: Router): string | null {
    for (const d of decisions) {
      if (d.type === "offer") {
        for (const other of this.#offers.values()) {
          if (other.itemId === d.itemId) return `${d.itemId} is offered twice`;
          if (other.agentId === d.agentId) return `${d.agentId} has two offers`;
        }
        const winner = d.explain.choice === "item_for_agent" ? d.itemId : d.agentId;
        const [first] = d.explain.candidates;
        if (d.explain.choice.includes("_for_") && first?.id !== winner)
          return `${first?.id} won, not ${winner}`;
        this.#offers.set(d.offerId, d);
      } else if ("offerId" in d) {
        const offer = this.#offers.get(d.offerId);
        if (!offer) return `${d.type} of ${d.offerId}, which is over`;
        if (d.at > offer.expiresAt) return `${d.offerId} is over at ${d.at}, after its lease`;
        this.#offers.delete(d.offerId);
      }
    }
    for (const offer of this.#offers.values()) {
      if (offer.expiresAt < router.now) return `${offer.offerId} rings beyond its lease`;
    }
    return null;
  }

  /** Each item is in line, rings, is in hand, or left with a word about it. */
  #lost(
    { input, decisions }: DayStep,
    agents: readonly AgentView[],
    waiting: readonly WorkItem[],
  ): string | null {
    const places = new Map<string, string>();
    for (const { id } of waiting) {
      if (places.has(id)) return `${id} waits twice`;
      places.set(id, "line");
    }
    const ringing = new Set([...this.#offers.values()].map((offer) => offer.itemId));
    for (const id of ringing) if (places.get(id) !== "line") return `${id} rings and does not wait`;
    for (const { agentId, offerId, handlings } of agents) {
      const held = new Set(handlings.map((h) => h.itemId));
      if (held.size < handlings.length) return `${agentId} holds an item twice`;
      if (offerId !== null && !this.#offers.has(offerId)) return `${agentId} has an offer nobody told`;
      for (const itemId of held) if (!places.has(itemId)) places.set(itemId, "hands");
    }
    for (const itemId of this.#places.keys()) {
      if (places.has(itemId)) continue;
      const told =
        ("itemId" in input && input.itemId === itemId) ||
        decisions.some((d) => "itemId" in d && d.itemId === itemId && LEAVES.has(d.type));
      if (!told) return `${itemId} is lost`;
    }
    this.#places = places;
    return null;
  }

  /** RT33, RT51: who is offered something has room for it. */
  #room({ input, decisions }: DayStep, agents: readonly AgentView[]): string | null {
    for (const { agentId, offerId, handlings } of agents) {
      const offer = this.#offers.get(offerId ?? "");
      const fresh = decisions.some((d) => d.type === "offer" && d.offerId === offerId);
      const config = this.#configs.get(agentId);
      if (!offer || !fresh || !config || input.type === "item.assigned") continue;
      const { medium } = offer;
      const interrupts = (by: Medium, other: Medium): boolean =>
        by !== other && (config.capacity?.interrupts?.[by] ?? []).includes(other);
      const active = handlings.filter((h) => h.phase !== "interrupted");
      if (active.filter((h) => h.medium === medium).length >= (config.slots[medium] ?? 0)) {
        return `${agentId} has no slot for ${offer.itemId}`;
      }
      for (const h of active) {
        if (interrupts(h.medium, medium)) return `${offer.itemId} would be set aside at once`;
        if (interrupts(medium, h.medium) && h.phase !== "wrap_up") continue;
        const apart = (config.capacity?.apart ?? []).some(
          (set) => set.includes(medium) && set.includes(h.medium),
        );
        if (apart && h.medium !== medium) return `${offer.itemId} at ${agentId} beside ${h.medium}`;
      }
    }
    return null;
  }

  /** RT55: nothing rings or dials for ever in an agent's hands. */
  #leases(router: Router, agents: readonly AgentView[]): string | null {
    const now = new Set<string>();
    for (const { agentId, handlings } of agents) {
      for (const { itemId, phase } of handlings) {
        if (phase !== "ringing" && phase !== "dialing") continue;
        const key = `${agentId} ${itemId}`;
        now.add(key);
        const since = this.#ringsSince.get(key) ?? router.now;
        this.#ringsSince.set(key, since);
        if (router.now - since > LONGEST_LEASE_MS) return `${itemId} rings at ${agentId} since ${since}`;
      }
    }
    for (const key of this.#ringsSince.keys()) if (!now.has(key)) this.#ringsSince.delete(key);
    return null;
  }

  /** No older item of the same needs and priority stays behind when a younger one is offered. */
  #overtaken(router: Router, { decisions }: DayStep, waiting: readonly WorkItem[]): string | null {
    for (const d of decisions) {
      if (d.type !== "offer" || d.at !== router.now || !d.explain.choice.includes("_for_")) continue;
      const offered = waiting.find((item) => item.id === d.itemId);
      if (!offered || !this.#plainQueues.has(offered.queueId)) continue;
      for (const other of waiting) {
        const untouched =
          this.#waiting.some((item) => item.id === other.id) &&
          ![...this.#offers.values()].some((offer) => offer.itemId === other.id) &&
          !decisions.some((one) => "itemId" in one && one.itemId === other.id);
        const older = other.queuedAt < offered.queuedAt;
        if (untouched && older && alike(other, offered)) return `${other.id} is overtaken by ${offered.id}`;
      }
    }
    return null;
  }

  /** RT23: states tile the time from log-in to log-out. */
  #time({ decisions }: DayStep, agents: readonly AgentView[], router: Router): string | null {
    for (const d of decisions) {
      if (d.type !== "agent.state_changed") continue;
      const told = this.#states.get(d.agentId);
      const before = told && told.state !== "logged_out" ? told : { state: "logged_out", at: d.fromSince };
      if (d.from !== before.state || d.fromSince !== before.at)
        return `${d.agentId} was ${before.state}, not ${d.from}`;
      if (d.at < d.fromSince) return `${d.agentId} was ${d.from} for less than nothing`;
      const sum = this.#times.get(d.agentId) ?? { loggedIn: 0, told: 0 };
      if (d.from === "logged_out") sum.loggedIn -= d.at;
      else sum.told += d.at - d.fromSince;
      if (d.to === "logged_out") sum.loggedIn += d.at;
      this.#times.set(d.agentId, sum);
      this.#states.set(d.agentId, { state: d.to, at: d.at });
    }
    for (const { agentId, state, since } of agents) {
      const told = this.#states.get(agentId);
      if (state !== (told?.state ?? "logged_out")) return `${agentId} is ${state}, told was ${told?.state}`;
      const sum = this.#times.get(agentId);
      const open = state === "logged_out" ? 0 : router.now;
      const stays = state === "logged_out" ? 0 : router.now - since;
      if (sum && sum.loggedIn + open !== sum.told + stays) return `the time of ${agentId} does not add up`;
    }
    return null;
  }
}

/** What may take an item out of the router's hands. */
const LEAVES: ReadonlySet<Decision["type"]> = new Set([
  "item.orphaned",
  "item.overflowed",
  "callback.failed",
  "assignment.expired",
  "wrapup.ended",
]);

/** The same in everything that rules look at: nobody who may have the one may not have the other. */
function alike(a: WorkItem, b: WorkItem): boolean {
  const plain = ({ id: _id, queuedAt: _at, ...rest }: WorkItem): string => JSON.stringify(rest);
  const simple = (item: WorkItem): boolean =>
    !item.callback &&
    !item.preferredAgentId &&
    item.initiation === "new" &&
    item.preferredWaitMs === undefined;
  return simple(a) && simple(b) && plain(a) === plain(b);
}

/** RT41, and the figures of a queue beside its line. */
function positions(router: Router): string | null {
  for (const id of router.queueIds()) {
    const line = router.waitingItems(id);
    const { waiting, oldestQueuedAt } = router.queueStats(id) ?? { waiting: -1, oldestQueuedAt: null };
    const oldest = line.length === 0 ? null : Math.min(...line.map((item) => item.queuedAt));
    if (waiting !== line.length || oldestQueuedAt !== oldest) return `the figures of ${id} are wrong`;
    const told = line.map((item) => router.position(item.id)).filter((one) => one !== undefined);
    if (told.some((one, i) => one !== i + 1)) return `positions in ${id}: ${told.join()}`;
  }
  return null;
}
