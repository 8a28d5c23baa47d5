import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentTime, verifyAgentDay } from "./agent-time.ts";
import { agentScript } from "./testing.ts";
import { AGENT_STATES } from "./words.ts";

const { login, state, logout } = agentScript();
const day = { from: 0, to: 86_400_000 };
const now = 86_400_000;
const voice = (events: Parameters<typeof agentTime>[0], window = day, at = now) =>
  agentTime(events).within(window, at).get("voice");

describe("an agent's time", () => {
  it("[LE9] adds up by state", () => {
    const events = [
      login(100),
      state(100, "not_ready"),
      state(300, "available"),
      state(450, "talking"),
      logout(1_000),
    ];
    expect(voice(events)).toEqual({
      loggedInMs: 900,
      byState: { not_ready: 200, available: 150, talking: 550 },
      paidMs: 900,
      productiveMs: 700,
    });
    expect(verifyAgentDay(events, day, now)).toEqual([]);
  });

  it("[LE9] the sum of the states is the logged-in time to the millisecond, also of several sessions and in any window", () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 900_000 }), fc.constantFrom(...AGENT_STATES));
    const session = fc.tuple(
      fc.integer({ min: 0, max: 900_000 }),
      fc.array(step, { maxLength: 12 }),
      fc.boolean(),
    );
    const window = fc.tuple(fc.integer({ min: 0, max: 9_000_000 }), fc.integer({ min: 0, max: 9_000_000 }));
    fc.assert(
      fc.property(fc.array(session, { maxLength: 4 }), window, (sessions, [a, b]) => {
        let at = 0;
        const events = sessions.flatMap(([pause, steps], i) => {
          at += pause;
          const own = [login(at)];
          for (const [ms, name] of steps) {
            at += ms;
            own.push(state(at, name));
          }
          at += 10;
          return i === sessions.length - 1 ? own : [...own, logout(at)];
        });
        const time = voice(events, { from: Math.min(a, b), to: Math.max(a, b) }, at);
        const sum = Object.values(time?.byState ?? {}).reduce((total, ms) => total + ms, 0);
        expect(sum).toBe(time?.loggedInMs ?? 0);
        const quarter = 900_000;
        const quarters = Array.from({ length: 100 }, (_, i) => ({
          from: i * quarter,
          to: (i + 1) * quarter,
        }));
        const whole = agentTime(events).loggedInMs({ from: 0, to: 100 * quarter }, at);
        const parts = quarters.map((part) => agentTime(events).loggedInMs(part, at));
        expect(parts.reduce((total, ms) => total + ms, 0)).toBe(whole);
      }),
      { numRuns: 60 },
    );
  });

  it("[LE10] time that no state accounts for is unknown, and noticed", () => {
    const events = [login(0), state(50, "available"), logout(80)];
    expect(voice(events)?.byState).toEqual({ unknown: 50, available: 30 });
    expect(verifyAgentDay(events, day, now)).toEqual([{ problem: "state_unknown", at: 0 }]);
    expect(voice([login(0), state(0, "available"), state(0, "talking"), logout(9)])?.byState).toEqual({
      talking: 9,
    });
  });

  it("[LE11] a state that passes a boundary is split there, and none is lost", () => {
    const events = [login(0), state(0, "talking"), logout(2_000_000)];
    const parts = [0, 900_000, 1_800_000].map(
      (from) => voice(events, { from, to: from + 900_000 })?.byState.talking,
    );
    expect(parts).toEqual([900_000, 900_000, 200_000]);
  });

  it("[LE11] what lasts is counted up to now", () => {
    expect(voice([login(0), state(0, "available")], day, 70)?.byState.available).toBe(70);
  });

  it("[LE12] sessions that do not fit are noticed", () => {
    const found = (events: Parameters<typeof agentTime>[0]) =>
      agentTime(events).problems.map((p) => p.problem);
    expect(found([logout(5)])).toEqual(["logout_without_login"]);
    expect(found([state(5, "talking")])).toEqual(["state_without_login"]);
    expect(found([login(5), state(5, "talking"), login(9)])).toEqual(["login_twice"]);
    expect(found([login(5), state(4, "talking")])).toEqual(["time_runs_back"]);
  });
});
