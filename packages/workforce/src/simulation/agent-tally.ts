import type { AgentId, Instant } from "@svara/kernel";
import { AGENT_STATES, type AgentState, stateIndex } from "@svara/routing";
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
  readonly #plan: BlockPlan;
  readonly #agents = new Map<AgentId, AgentTime>();
  /** In ms: block by block, in each the states in the order of `AGENT_STATES`. */
  readonly #times: Float64Array;

  constructor(plan: BlockPlan) {
    this.#plan = plan;
    this.#times = new Float64Array(plan.count * AGENT_STATES.length);
  }

  /** The times so far. */
  get blocks(): StateTimes[] {
    return Array.from({ length: this.#plan.count }, (_, block) => {
      const entries = AGENT_STATES.map((state, i) => [state, this.#times[block * AGENT_STATES.length + i]]);
      return Object.fromEntries(entries) as StateTimes;
    });
  }

  /** The agent is in `state` from `at` on; until the first word of an agent it is logged out. */
  enter(agentId: AgentId, state: AgentState, at: Instant): void {
    this.agent(agentId).enter(state, at);
  }

  /** The time of one agent. */
  agent(agentId: AgentId): AgentTime {
    let agent = this.#agents.get(agentId);
    if (agent === undefined) {
      agent = new AgentTime((state, from, to) => this.#add(state, from, to));
      this.#agents.set(agentId, agent);
    }
    return agent;
  }

  /** Everybody is logged out from `at` on. */
  restart(at: Instant): void {
    for (const agentId of this.#agents.keys()) this.enter(agentId, "logged_out", at);
  }

  /** Counts the states that still last. */
  close(at: Instant): void {
    for (const agent of this.#agents.values()) agent.close(at);
  }

  #add(state: number, from: Instant, to: Instant): void {
    if (from === to) return;
    const whole = this.#plan.only(from, to);
    if (whole >= 0) this.#count(whole, state, to - from);
    else this.#plan.spread(from, to, (block, ms) => this.#count(block, state, ms));
  }

  #count(block: number, state: number, ms: number): void {
    const place = block * AGENT_STATES.length + state;
    this.#times[place] = (this.#times[place] as number) + ms;
  }
}

/** What one agent does, and since when; logged out before the first word. */
export class AgentTime {
  readonly #add: (state: number, from: Instant, to: Instant) => void;
  #state = LOGGED_OUT;
  #since: Instant = 0;

  constructor(add: (state: number, from: Instant, to: Instant) => void) {
    this.#add = add;
  }

  /** The agent is in `state` from `at` on. */
  enter(state: AgentState, at: Instant): void {
    if (this.#state !== LOGGED_OUT) this.#add(this.#state, this.#since, at);
    this.#state = stateIndex(state);
    this.#since = at;
  }

  /** Counts the state that still lasts. */
  close(at: Instant): void {
    if (this.#state !== LOGGED_OUT) this.#add(this.#state, this.#since, at);
    this.#since = at;
  }
}

const LOGGED_OUT = stateIndex("logged_out");

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
