import { SeededRandom } from "@svara/kernel";
import { type Decision, type Input, JournalledRouter, Router } from "@svara/routing";
import { agentConfig, queueConfig } from "@svara/routing/testing";
import type { Figure } from "../report/figure.ts";
import type { CaseResult } from "./bench-case.ts";
import { perSecond } from "./per-second.ts";

interface FloorSize {
  readonly agents: number;
  readonly queues: number;
  readonly waiting: number;
}

const floors: readonly FloorSize[] = [
  { agents: 100, queues: 1, waiting: 1_000 },
  { agents: 1_000, queues: 20, waiting: 10_000 },
];
/** Calls between two looks at the clock. */
const batch = 50;

/** A full floor: an agent hangs up, is offered the next contact and takes it, and another contact joins a queue. */
export function routing(): CaseResult {
  return {
    group: { title: "Router (one thread, journalled)", figures: floors.flatMap(figures) },
    detail: null,
  };
}

function figures(size: FloorSize): Figure[] {
  const floor = new Floor(size);
  let offers = 0;
  let inputs = 0;
  const callsPerSecond = perSecond(() => {
    for (let n = 0; n < batch; n++) floor.nextCall();
    return batch;
  });
  offers = callsPerSecond;
  inputs = callsPerSecond * inputsPerCall;
  const { agents, queues, waiting } = size;
  const conditions = `${agents} agents, ${queues} ${queues === 1 ? "queue" : "queues"}, ${waiting} waiting`;
  const id = `routing.${agents}`;
  return [
    {
      id: `${id}.offers`,
      what: `${agents} agents: contacts given to agents`,
      value: offers,
      unit: "/s",
      better: "higher",
      conditions,
    },
    {
      id: `${id}.inputs`,
      what: `${agents} agents: inputs`,
      value: inputs,
      unit: "/s",
      better: "higher",
      conditions,
    },
  ];
}

/** Ended, accepted, queued. */
const inputsPerCall = 3;

class Floor {
  readonly #router: JournalledRouter;
  readonly #random = new SeededRandom(7);
  readonly #size: FloorSize;
  readonly #inHand: string[] = [];
  #now = Date.UTC(2026, 0, 5, 8);
  #items = 0;

  constructor(size: FloorSize) {
    this.#size = size;
    this.#router = new JournalledRouter(new Router({ routerId: "bench", epoch: 1 }), () => undefined);
    for (let q = 0; q < size.queues; q++)
      this.#tell({ type: "config.queue_set", queue: queueConfig(queueId(q)) });
    for (let a = 0; a < size.agents; a++) this.#hire(a);
    for (let n = 0; n < size.agents + size.waiting; n++) this.#arrive();
  }

  nextCall(): void {
    this.#now++;
    const agent = Math.floor(this.#random.next() * this.#size.agents);
    const itemId = this.#inHand[agent];
    if (itemId === undefined) throw new Error("an agent of a full floor has nothing in hand");
    this.#take(this.#tell({ type: "item.ended", itemId, agentId: agentId(agent) }));
    this.#arrive();
  }

  #arrive(): void {
    const n = this.#items++;
    const item = {
      id: `item-${n}`,
      medium: "voice",
      clientId: "client",
      queueId: queueId(n % this.#size.queues),
      queuedAt: this.#now,
      initiation: "new",
    } as const;
    this.#take(this.#tell({ type: "item.queued", item }));
  }

  /** Each agent knows two of the queues. */
  #hire(n: number): void {
    const queueIds = [queueId(n % this.#size.queues), queueId((n + 1) % this.#size.queues)];
    this.#tell({
      type: "config.agent_set",
      agent: agentConfig(agentId(n), { queueIds: [...new Set(queueIds)] }),
    });
    this.#tell({ type: "agent.reachable", agentId: agentId(n), medium: "voice", reachable: true });
    this.#tell({ type: "agent.logged_in", agentId: agentId(n), presence: { state: "available" } });
  }

  #take(decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.type !== "offer") continue;
      this.#tell({ type: "offer.accepted", offerId: decision.offerId });
      this.#inHand[Number(decision.agentId.slice(agentId("").length))] = decision.itemId;
    }
  }

  #tell(input: Input): readonly Decision[] {
    return this.#router.handle(input, this.#now);
  }
}

function agentId(n: number | ""): string {
  return `agent-${n}`;
}

function queueId(n: number): string {
  return `queue-${n}`;
}
