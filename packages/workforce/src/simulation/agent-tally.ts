import type { AgentId, Instant } from "@svara/kernel";
import { AGENT_STATES, type AgentState } from "@svara/routing";
import type { BlockPlan } from "./block-plan.ts";

/** Time by state, in ms. */
export type StateTimes = Record<AgentState, number>;

/** States in which an agent handles contacts: HND of the KPI catalogue. */
const HANDLING: readonly AgentState[] = [
  "dialing",
  "talking",
  "held",
  "consulting",
  "conferenced",
  "wrap_up",
];

/** How the agents of a group spent their time, block by block. */
export class AgentTally {
  readonly blocks: StateTimes[];
  readonly #plan: BlockPlan;
  readonly #agents = new Map<AgentId, { state: AgentState; since: Instant }>();

  constructor(plan: BlockPlan) {
    this.#plan = plan;
    this.blocks = Array.from({ length: plan.count }, noTimes);
  }

  /** The agent is in `state` from `at` on; until the first word of an agent it is logged out. */
  enter(agentId: AgentId, state: AgentState, at: Instant): void {
    const agent = this.#agents.get(agentId);
    if (agent === undefined) {
      this.#agents.set(agentId, { state, since: at });
      return;
    }
    this.#add(agent.state, agent.since, at);
    agent.state = state;
    agent.since = at;
  }

  /** Everybody is logged out from `at` on. */
  restart(at: Instant): void {
    for (const agentId of this.#agents.keys()) this.enter(agentId, "logged_out", at);
  }

  /** Counts the states that still last. */
  close(at: Instant): void {
    for (const agent of this.#agents.values()) {
      this.#add(agent.state, agent.since, at);
      agent.since = at;
    }
  }

  #add(state: AgentState, from: Instant, to: Instant): void {
    if (state === "logged_out" || from === to) return;
    const whole = this.blocks[this.#plan.only(from, to)];
    if (whole) {
      whole[state] += to - from;
      return;
    }
    this.#plan.spread(from, to, (block, ms) => {
      const times = this.blocks[block];
      if (times) times[state] += ms;
    });
  }
}

/** HND: time with contacts. */
export function handlingMs(times: StateTimes): number {
  return HANDLING.reduce((sum, state) => sum + times[state], 0);
}

/** LI: time from log-in to log-out. */
export function loggedInMs(times: StateTimes): number {
  return AGENT_STATES.reduce((sum, state) => (state === "logged_out" ? sum : sum + times[state]), 0);
}

/** Times of several blocks together. */
export function sumTimes(parts: Iterable<StateTimes>): StateTimes {
  const sum = noTimes();
  for (const part of parts) for (const state of AGENT_STATES) sum[state] += part[state];
  return sum;
}

function noTimes(): StateTimes {
  return Object.fromEntries(AGENT_STATES.map((state) => [state, 0])) as StateTimes;
}
