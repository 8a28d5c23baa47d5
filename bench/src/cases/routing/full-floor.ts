import { SeededRandom } from "@svara/kernel";
import { type Decision, type Input, JournalledRouter, type QueueConfig, Router } from "@svara/routing";
import { agentConfig, queueConfig } from "@svara/routing/testing";

/** What a floor is made of. */
export interface FloorSize {
  readonly agents: number;
  readonly queues: number;
  /** Each queue asks for one of them, each agent has five; absent: agents are told their two queues. */
  readonly skills?: number;
  readonly waiting: number;
  /** Items age every minute and ask for nothing any more after half a minute. */
  readonly steps?: boolean;
  /** Offers tell their candidates, and every input is journalled: what the live router does. The simulator does neither. */
  readonly live: boolean;
}

/** A floor on which everybody works and people wait: an agent comes free, takes the next item, and another item joins. */
export class FullFloor {
  readonly #router: Router;
  readonly #front: Pick<Router, "handle">;
  #inputs = 0;
  readonly #random = new SeededRandom(7);
  readonly #size: FloorSize;
  readonly #msPerCall: number;
  readonly #busy: number[] = [];
  readonly #inHand: string[] = [];
  #now = Date.UTC(2026, 0, 5, 8);
  #items = 0;

  constructor(size: FloorSize) {
    this.#size = size;
    this.#msPerCall = Math.max(1, Math.round(HANDLE_MS / size.agents));
    this.#router = new Router({ routerId: "bench", epoch: 1, explain: size.live });
    this.#front = size.live ? new JournalledRouter(this.#router, () => undefined) : this.#router;
    for (let q = 0; q < size.queues; q++) this.#tell({ type: "config.queue_set", queue: this.#queue(q) });
    for (let a = 0; a < size.agents; a++) this.#hire(a);
    this.arrive(size.agents);
    for (let minute = 0; minute < FILLING_MINUTES; minute++) {
      this.#now += 60_000;
      this.arrive(size.waiting / FILLING_MINUTES);
    }
    if (this.#busy.length === 0) throw new Error("nobody on this floor can serve anything");
  }

  /** Inputs handled and timers fired. */
  get events(): number {
    return this.#inputs + this.#router.fired;
  }

  nextCall(): void {
    this.#now += this.#msPerCall;
    const agent = this.#busy[Math.floor(this.#random.next() * this.#busy.length)] ?? 0;
    const itemId = this.#inHand[agent] ?? "";
    this.#tell({ type: "item.ended", itemId, agentId: agentId(agent) });
    this.arrive(1);
  }

  arrive(count: number): void {
    for (let n = 0; n < count; n++) {
      const id = this.#items++;
      const queueId = queueName(id % this.#size.queues);
      const item = { id: `item-${id}`, medium: "voice", clientId: "client", queueId } as const;
      this.#tell({ type: "item.queued", item: { ...item, queuedAt: this.#now, initiation: "new" } });
    }
  }

  #queue(n: number): QueueConfig {
    const { skills, steps } = this.#size;
    return queueConfig(queueName(n), {
      ...(skills === undefined
        ? {}
        : { requiredSkills: [{ skillId: skillName(n % skills), minProficiency: 1 }] }),
      ...(steps
        ? { ageing: { everyMs: 60_000, by: 1, most: 10 }, steps: [{ afterMs: 30_000, skills: [] }] }
        : {}),
    });
  }

  #hire(n: number): void {
    const { queues, skills } = this.#size;
    const id = agentId(n);
    const of = skills === undefined ? { queueIds: twoOf(n, queues) } : { skills: fiveOf(n, skills) };
    this.#tell({ type: "config.agent_set", agent: agentConfig(id, of) });
    this.#tell({ type: "agent.reachable", agentId: id, medium: "voice", reachable: true });
    this.#tell({ type: "agent.logged_in", agentId: id, presence: { state: "available" } });
  }

  #tell(input: Input): void {
    this.#inputs++;
    for (const decision of this.#front.handle(input, this.#now)) this.#hear(decision);
  }

  #hear(decision: Decision): void {
    if (decision.type !== "offer") return;
    const agent = Number(decision.agentId.slice("agent-".length));
    if (this.#inHand[agent] === undefined) this.#busy.push(agent);
    this.#inHand[agent] = decision.itemId;
    this.#tell({ type: "offer.accepted", offerId: decision.offerId });
  }
}

const FILLING_MINUTES = 10;
const HANDLE_MS = 240_000; // the pace of the floor: each agent ends a contact every four minutes

function twoOf(n: number, queues: number): string[] {
  return [...new Set([queueName(n % queues), queueName((n + 1) % queues)])];
}

function fiveOf(n: number, skills: number): Record<string, number> {
  const numbers = Array.from({ length: 5 }, (_, k) => (n * 7 + k * k) % skills);
  return Object.fromEntries(numbers.map((skill, k) => [skillName(skill), 1 + ((n + k) % 5)]));
}

function agentId(n: number): string {
  return `agent-${n}`;
}

function queueName(n: number): string {
  return `queue-${n}`;
}

function skillName(n: number): string {
  return `skill-${n}`;
}
