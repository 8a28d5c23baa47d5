import { type Random, SeededRandom } from "@svara/kernel";
import type {
  AgentConfig,
  AgentStrategyName,
  Facts,
  Medium,
  OverflowRule,
  QueueConfig,
  Tier,
  WorkItem,
  WrapUpRule,
} from "@svara/routing";

const SKILLS = ["en", "sv", "uk", "ru", "billing", "tech"];
const AGENT_KINDS = 16;
const STRATEGIES: readonly AgentStrategyName[] = [
  "longest_idle",
  "least_occupied",
  "highest_proficiency",
  "round_robin",
  "balanced",
  "none",
];
const WRAP_UPS: readonly WrapUpRule[] = [
  { mode: "off" },
  { mode: "timed", limitMs: 30_000 },
  { mode: "timed_forced", limitMs: 15_000 },
  { mode: "manual" },
  { mode: "manual", limitMs: 60_000 },
  { mode: "requested", limitMs: 45_000 },
];

/** Draws from seeded chance the configuration and the contacts of a large floor with every kind of rule. */
export class BusyPlan {
  readonly agentCount = 150;
  readonly queueCount = 24;
  readonly #random: Random;
  readonly #kinds: readonly Omit<AgentConfig, "id">[];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#kinds = Array.from({ length: AGENT_KINDS }, () => this.#kind());
  }

  /** An integer in [0, n). */
  pick(n: number): number {
    return Math.floor(this.#random.next() * n);
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.pick(values.length)] as T;
  }

  /** True with the chance of `share`. */
  happens(share: number): boolean {
    return this.#random.next() < share;
  }

  /** A whole number of milliseconds, exponentially distributed. */
  afterMs(meanMs: number): number {
    return Math.round(-meanMs * Math.log(1 - this.#random.next()));
  }

  agentId(): string {
    return `a${this.pick(this.agentCount)}`;
  }

  queueId(): string {
    return `q${this.pick(this.queueCount)}`;
  }

  /** Agents are of a few kinds, as teams make them. */
  agent(id: string): AgentConfig {
    return { id, ...this.oneOf(this.#kinds) };
  }

  queue(id: string): QueueConfig {
    return {
      id,
      clientId: "client",
      media: [this.medium(), "voice"],
      requiredSkills: this.happens(0.6)
        ? [{ skillId: this.oneOf(SKILLS), minProficiency: 1 + this.pick(3) }]
        : [],
      priority: this.pick(3),
      ringTimeoutMs: 1000 * (5 + this.pick(15)),
      wrapUp: this.oneOf(WRAP_UPS),
      agentStrategy: this.oneOf(STRATEGIES),
      ...(this.happens(0.3)
        ? {
            steps: [
              { afterMs: 20_000, skills: [] },
              { afterMs: 45_000, raise: 2 },
            ],
          }
        : {}),
      ...(this.happens(0.3) ? { ageing: { everyMs: 15_000, by: 1, most: 4 } } : {}),
      ...(this.happens(0.4) ? { overflow: [this.#overflow()] } : {}),
      ...(this.happens(0.3)
        ? { criteria: [{ id: "gold", when: 'customer.value == "gold"', raise: 3 }] }
        : {}),
      ...(this.happens(0.2) ? { blend: { reserve: 1, waitingAtMost: 10 }, work: "outbound" as const } : {}),
      ...(this.happens(0.3) ? { callback: { maxAttempts: 3, retryMs: 60_000, attemptLeaseMs: 40_000 } } : {}),
      ...(this.happens(0.3) ? { crossSell: { waitingAtMost: 3 } } : {}),
      preferredWaitMs: this.oneOf([0, 10_000]),
    };
  }

  medium(): Medium {
    return this.oneOf<Medium>(["voice", "voice", "voice", "chat", "email"]);
  }

  facts(): Facts {
    return { "customer.value": this.oneOf(["gold", "silver"]), "contacts.last30": this.pick(5) };
  }

  tier(): Tier {
    return this.oneOf<Tier>([2, 3]);
  }

  item(id: string, now: number): WorkItem {
    return {
      id,
      medium: this.medium(),
      clientId: "client",
      queueId: this.queueId(),
      queuedAt: now - (this.happens(0.1) ? this.pick(60_000) : 0),
      initiation: "new",
      ...(this.happens(0.1) ? { priority: this.pick(5) } : {}),
      ...(this.happens(0.1) ? { preferredAgentId: this.agentId() } : {}),
      ...(this.happens(0.01) ? { onlyAgentId: this.agentId() } : {}),
      ...(this.happens(0.2) ? { facts: this.facts() } : {}),
    };
  }

  #kind(): Omit<AgentConfig, "id"> {
    const skills = Object.fromEntries(
      SKILLS.filter(() => this.happens(0.6)).map((skill) => [skill, 1 + this.pick(5)]),
    );
    return {
      skills,
      groups: [`g${this.pick(4)}`],
      siteId: `s${this.pick(3)}`,
      tiers: this.happens(0.2) ? [2, 3] : [1],
      slots: { voice: 1, ...(this.happens(0.6) ? { chat: 1 + this.pick(3), email: 1 } : {}) },
      pickQueueIds: [this.queueId(), this.queueId()],
      ...(this.happens(0.1) ? { queueIds: [this.queueId(), this.queueId(), this.queueId()] } : {}),
      ...(this.happens(0.5)
        ? { capacity: { apart: [["voice", "chat"]], interrupts: { voice: ["email"] } } }
        : {}),
    };
  }

  #overflow(): OverflowRule {
    const to = this.oneOf<OverflowRule["to"]>([
      { kind: "queue", queueId: this.queueId() },
      { kind: "sites", siteIds: ["s0", "s1", "s2"] },
      { kind: "voicemail" },
      { kind: "callback" },
    ]);
    return { id: "long", afterMs: this.oneOf([0, 30_000, 60_000]), lengthOver: this.pick(6), to };
  }
}
