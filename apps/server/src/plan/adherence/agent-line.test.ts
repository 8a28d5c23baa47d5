import { SeededRandom } from "@svara/kernel";
import { agentTime, type LedgerEvent } from "@svara/ledger";
import { expect, test } from "vitest";
import { AgentLine, type AgentStateSpan } from "./agent-line.ts";
import { spansOf } from "./agent-states.ts";

const reasons = {
  kindOf: (reason: string | undefined) => (reason === "lunch" ? ("rest" as const) : ("off_queue" as const)),
};
const SLOTS = ["voice", "chat", "email"] as const;
const STATES = ["available", "talking", "wrap_up", "not_ready", "not_responding", "monitoring"] as const;

/** An agent's day with everything that happens in one: signing in twice, slots without a state, states without a slot. */
function randomDay(random: SeededRandom): LedgerEvent[] {
  let at = -below(random, 2000);
  return Array.from({ length: 40 }, (_, i) => {
    at += below(random, 4) * below(random, 60);
    const one = { at, agentId: "a", seq: i };
    if (i === 0 || below(random, 12) === 0)
      return {
        ...one,
        type: "agent.logged_in",
        payload: { sessionId: `${i}`, slots: SLOTS.slice(0, below(random, 4)) },
      } as never;
    if (below(random, 12) === 0) return { ...one, type: "agent.logged_out", payload: {} } as never;
    const state = pick(random, STATES);
    const reason = state === "not_ready" ? pick(random, ["lunch", "other"]) : undefined;
    const payload = {
      slot: pick(random, SLOTS),
      state,
      paid: true,
      productive: true,
      ...(reason && { reason }),
    };
    return { ...one, type: "agent.state_changed", payload } as never;
  });
}

const BUSY = new Set(["talking", "wrap_up"]);
const rank = (state: string): number => {
  if (BUSY.has(state)) return 0;
  if (state === "available") return 1;
  return state === "unknown" ? 3 : 2;
};

/** Instant by instant, from the ledger's own reducer: the state of the slot that is busiest, and began first among such. */
function stateAt(events: readonly LedgerEvent[], at: number, to: number): string | undefined {
  const open = agentTime(events).sessions.flatMap((session) =>
    session.spans.filter((span) => span.from <= at && at < (span.to ?? session.to ?? to)),
  );
  const [first] = open.toSorted((a, b) => rank(a.state) - rank(b.state) || a.from - b.from);
  return first && `${first.state} ${first.reason ?? ""}`;
}

test("at every instant the line says what the busiest slot does, for two hundred odd days", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const events = randomDay(new SeededRandom(seed));
    const to = Math.max(1, (events.at(-1)?.at ?? 0) + 50);
    const spans = spansOf(events, { from: 0, to }, reasons);
    for (const [i, span] of spans.entries()) {
      expect(span.from, `seed ${seed}`).toBeGreaterThanOrEqual(spans[i - 1]?.to ?? 0);
      expect(span.to).toBeGreaterThan(span.from);
    }
    const borders = events.map(({ at }) => at).filter((at) => at >= 0 && at < to);
    for (const at of [0, ...borders]) {
      const span = spans.find((one) => one.from <= at && at < one.to);
      expect(span && `${span.state} ${span.reason ?? ""}`, `seed ${seed} at ${at}`).toBe(
        stateAt(events, at, to),
      );
    }
  }
});

test("looked at between any two events, the line is the same in the end", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const events = randomDay(new SeededRandom(seed));
    const to = Math.max(1, (events.at(-1)?.at ?? 0) + 50);
    const ended: AgentStateSpan[] = [];
    const line = new AgentLine({ from: 0, reasons, ended: (span) => ended.push(span) });
    for (const event of events) {
      line.apply(event);
      line.tail(to); // a look into the future changes nothing
    }
    expect([...ended, ...line.tail(to)], `seed ${seed}`).toEqual(spansOf(events, { from: 0, to }, reasons));
  }
});

function below(random: SeededRandom, end: number): number {
  return Math.floor(random.next() * end);
}

function pick<T>(random: SeededRandom, list: readonly T[]): T {
  return list[below(random, list.length)] as T;
}
