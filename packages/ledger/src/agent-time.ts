import type { Instant } from "@svara/kernel";
import type { LedgerDraft } from "./events.ts";
import type { AgentState, Medium } from "./words.ts";

/** A stretch of one state in one slot; `to` is absent while it lasts. */
export interface StateSpan {
  readonly slot: Medium;
  readonly state: AgentState;
  readonly reason?: string;
  readonly paid: boolean;
  readonly productive: boolean;
  readonly from: Instant;
  readonly to?: Instant;
}

/** From sign-in to sign-out. In each slot the spans tile it. */
export interface AgentSession {
  readonly sessionId: string;
  readonly from: Instant;
  readonly spans: readonly StateSpan[];
  readonly to?: Instant;
}

/** Time of one slot within a window, in milliseconds. */
export interface SlotTime {
  readonly loggedInMs: number;
  readonly byState: Readonly<Partial<Record<AgentState, number>>>;
  readonly paidMs: number;
  readonly productiveMs: number;
}

export interface AgentProblem {
  readonly problem:
    | "time_runs_back"
    | "login_twice"
    | "logout_without_login"
    | "state_without_login"
    | "state_unknown"
    | "sum_wrong";
  readonly at: Instant;
}

/** A half-open stretch of time. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

interface OpenSession {
  sessionId: string;
  from: Instant;
  to?: Instant;
  spans: StateSpan[];
}

/**
 * The reducer of one agent's time: hand it the agent's events in order, from a sign-in on. A slot is in exactly one state at
 * every instant of a session, so its durations add up to the logged-in time to the millisecond (LE9); what no event
 * accounts for is `unknown` (LE10).
 */
export class AgentTime {
  readonly problems: AgentProblem[] = [];
  readonly #sessions: OpenSession[] = [];
  #lastAt: Instant = Number.NEGATIVE_INFINITY;

  get sessions(): readonly AgentSession[] {
    return this.#sessions;
  }

  /** The session that lasts. */
  get current(): AgentSession | undefined {
    const last = this.#sessions.at(-1);
    return last?.to === undefined ? last : undefined;
  }

  apply(event: LedgerDraft): void {
    switch (event.type) {
      case "agent.logged_in":
        this.#advance(event.at);
        return this.#login(event);
      case "agent.logged_out":
        this.#advance(event.at);
        return this.#logout(event.at);
      case "agent.state_changed":
        this.#advance(event.at);
        return this.#state(event);
    }
  }

  /** Time per slot within a window; what lasts is counted up to `now`. */
  within(window: Window, now: Instant): ReadonlyMap<Medium, SlotTime> {
    const slots = new Map<
      Medium,
      { byState: Partial<Record<AgentState, number>>; paidMs: number; productiveMs: number }
    >();
    for (const session of this.#sessions) {
      for (const span of session.spans) {
        const ms = overlap(span, window, now);
        if (ms === 0) continue;
        const slot = slots.get(span.slot) ?? { byState: {}, paidMs: 0, productiveMs: 0 };
        slots.set(span.slot, slot);
        slot.byState[span.state] = (slot.byState[span.state] ?? 0) + ms;
        if (span.paid) slot.paidMs += ms;
        if (span.productive) slot.productiveMs += ms;
      }
    }
    const loggedInMs = this.loggedInMs(window, now);
    return new Map([...slots].map(([slot, time]) => [slot, { ...time, loggedInMs }]));
  }

  /** Logged-in time within a window. */
  loggedInMs(window: Window, now: Instant): number {
    return this.#sessions.reduce((sum, session) => sum + overlap(session, window, now), 0);
  }

  #login(event: LedgerDraft<"agent.logged_in">): void {
    const { at, payload } = event;
    if (this.current) {
      this.problems.push({ problem: "login_twice", at });
      this.#logout(at);
    }
    const spans = payload.slots.map((slot) => unknownSpan(slot, at));
    this.#sessions.push({ sessionId: payload.sessionId, from: at, spans });
  }

  #logout(at: Instant): void {
    const session = this.#sessions.at(-1);
    if (session === undefined || session.to !== undefined) {
      this.problems.push({ problem: "logout_without_login", at });
      return;
    }
    session.spans = session.spans.map((span) => (span.to === undefined ? { ...span, to: at } : span));
    session.to = at;
  }

  #state(event: LedgerDraft<"agent.state_changed">): void {
    const { at, payload } = event;
    const session = this.#sessions.at(-1);
    if (session === undefined || session.to !== undefined) {
      this.problems.push({ problem: "state_without_login", at });
      return;
    }
    const index = session.spans.findLastIndex((span) => span.slot === payload.slot);
    const before = session.spans[index] ?? unknownSpan(payload.slot, session.from);
    const closed: StateSpan[] = before.from === at ? [] : [{ ...before, to: at }];
    session.spans.splice(index < 0 ? session.spans.length : index, 1, ...closed);
    session.spans.push({ ...payload, from: at });
  }

  #advance(at: Instant): void {
    if (at < this.#lastAt) this.problems.push({ problem: "time_runs_back", at });
    this.#lastAt = Math.max(this.#lastAt, at);
  }
}

/** Reads an agent's events, in order. */
export function agentTime(events: Iterable<LedgerDraft>): AgentTime {
  const time = new AgentTime();
  for (const event of events) time.apply(event);
  return time;
}

/**
 * What breaks the rules in an agent's events within a window: sessions that do not fit, time that no state accounts for, or
 * a slot whose states do not add up to the logged-in time.
 */
export function verifyAgentDay(
  events: Iterable<LedgerDraft>,
  window: Window,
  now: Instant,
): readonly AgentProblem[] {
  const time = agentTime(events);
  const problems = time.problems.filter(({ at }) => at >= window.from && at < window.to);
  for (const slot of time.within(window, now).values()) {
    const sum = Object.values(slot.byState).reduce((total, ms) => total + ms, 0);
    if (sum !== slot.loggedInMs) problems.push({ problem: "sum_wrong", at: window.from });
    if (slot.byState.unknown) problems.push({ problem: "state_unknown", at: window.from });
  }
  return problems;
}

function unknownSpan(slot: Medium, from: Instant): StateSpan {
  return { slot, state: "unknown", paid: true, productive: false, from };
}

function overlap(
  part: { readonly from: Instant; readonly to?: Instant },
  window: Window,
  now: Instant,
): number {
  return Math.max(0, Math.min(part.to ?? now, window.to) - Math.max(part.from, window.from));
}
