import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Decision } from "./decision.ts";
import type { Input } from "./input.ts";
import { replay } from "./journal.ts";
import type { AgentView, Medium } from "./model.ts";
import { Router } from "./router.ts";
import { agentConfig, FloorDriver, queueConfig } from "./testing/floor-driver.ts";
import { NaiveRouter, type PlainDecision, withoutExplain } from "./testing/naive-router.ts";
import { type Pick, randomInput, randomStep } from "./testing/random-floor.ts";

/** Numbers from which a whole run follows. */
const runs = (length: number) => fc.array(fc.nat(0xffff), { minLength: 40, maxLength: length, size: "max" });

/** Shortening a failing run takes minutes: take `endOnFailure` away to look for the shortest. */
const runsOf = (numRuns: number, seed: number) => ({ numRuns, seed, endOnFailure: true });

function pickFrom(numbers: readonly number[]): { pick: Pick; done: () => boolean } {
  let i = 0;
  return { pick: (n) => (numbers[i++] ?? 0) % n, done: () => i >= numbers.length };
}

/** Plays a random floor and shows each step to `look`. */
function play(
  numbers: readonly number[],
  look: (floor: FloorDriver, input: Input, decisions: readonly Decision[]) => void,
): FloorDriver {
  const floor = new FloorDriver();
  const step = (input: Input): void => look(floor, input, floor.tell(input));
  for (const id of ["q0", "q1", "q2"]) step({ type: "config.queue_set", queue: queueConfig(id) });
  for (const id of ["a0", "a1", "a2", "a3"]) {
    step({ type: "config.agent_set", agent: agentConfig(id, { slots: { voice: 1, chat: 2 } }) });
    step({ type: "agent.reachable", agentId: id, medium: "voice", reachable: true });
    step({ type: "agent.logged_in", agentId: id, presence: { state: "available" } });
  }
  const { pick, done } = pickFrom(numbers);
  while (!done()) {
    floor.now += randomStep(pick);
    step(randomInput(pick, floor.router));
  }
  return floor;
}

const byText = (decisions: readonly PlainDecision[]): string[] =>
  decisions.map((d) => JSON.stringify(Object.entries(d).sort(([a], [b]) => (a < b ? -1 : 1)))).sort();

describe("random floors", () => {
  test("[RT5] [RT6] [RT7] [RT8] [RT24] a naive router that tries every pair decides the same, in everything", () => {
    fc.assert(
      fc.property(runs(2500), (numbers) => {
        const naive = new NaiveRouter();
        play(numbers, (floor, input, decisions) => {
          const expected = naive.handle(input, floor.now);
          expect(byText(decisions.map(withoutExplain))).toEqual(byText(expected));
          for (const d of decisions) if (d.type === "offer") naive.nameOffer(d.itemId, d.offerId);
        });
      }),
      runsOf(120, 20260105),
    );
  });

  test("[RT13] [RT14] [RT15] [RT41] nothing is lost, offered twice, or held beyond its lease", () => {
    fc.assert(
      fc.property(runs(2500), (numbers) => {
        const inLine = new Set<string>();
        const offers = new Map<string, Extract<Decision, { type: "offer" }>>();
        play(numbers, ({ router }, input, decisions) => {
          const ignored = decisions.some((d) => d.type === "ignored");
          if (!ignored && input.type === "item.queued") inLine.add(input.item.id);
          if (!ignored && (input.type === "item.withdrawn" || input.type === "item.assigned")) {
            inLine.delete(input.itemId);
          }
          for (const d of decisions) {
            if (d.type === "item.orphaned" || d.type === "offer.accepted") inLine.delete(d.itemId);
            if (d.type === "offer") {
              const open = [...offers.values()];
              expect(open.some((o) => o.itemId === d.itemId || o.agentId === d.agentId)).toBe(false);
              expect(d.explain.candidates[0]?.id).toBe(
                d.explain.choice === "agent_for_item" ? d.agentId : d.itemId,
              );
              offers.set(d.offerId, d);
            } else if ("offerId" in d) {
              expect(d.at).toBeLessThanOrEqual(offers.get(d.offerId)?.expiresAt ?? 0);
              expect(offers.delete(d.offerId)).toBe(true);
            }
          }
          for (const offer of offers.values()) expect(offer.expiresAt).toBeGreaterThan(router.now);
          for (const id of router.queueIds()) {
            const line = router.waitingItems(id);
            const oldest = line.length === 0 ? null : Math.min(...line.map((item) => item.queuedAt));
            expect(router.queueStats(id)).toMatchObject({ waiting: line.length, oldestQueuedAt: oldest });
            expect(line.map((item) => router.position(item.id))).toEqual(line.map((_, i) => i + 1));
          }
          const waiting = router.queueIds().flatMap((id) => router.waitingItems(id).map((item) => item.id));
          expect(waiting.sort()).toEqual([...inLine].sort());
        });
      }),
      runsOf(80, 2),
    );
  });

  test("[RT33] no offer goes beyond an agent's slots", () => {
    fc.assert(
      fc.property(runs(2500), (numbers) => {
        const slots = new Map<string, Partial<Record<Medium, number>>>();
        let before: readonly AgentView[] = [];
        play(numbers, ({ router }, input, decisions) => {
          if (input.type === "config.agent_set") slots.set(input.agent.id, input.agent.slots);
          for (const d of decisions) {
            if (d.type !== "offer") continue;
            // a timer may have freed a slot before the offer, never taken one: the state after the step bounds it
            const agent = router.agent(d.agentId);
            const held = agent?.handlings.filter((h) => h.medium === d.medium && h.startedAt < d.at) ?? [];
            const earlier = before.find((a) => a.agentId === d.agentId)?.handlings ?? [];
            expect(earlier.filter((h) => held.some((x) => x.itemId === h.itemId)).length).toBeLessThan(
              slots.get(d.agentId)?.[d.medium] ?? 0,
            );
          }
          before = router.agents();
        });
      }),
      runsOf(60, 3),
    );
  });

  test("[RT23] states tile the time from log-in to log-out", () => {
    fc.assert(
      fc.property(runs(2500), (numbers) => {
        const last = new Map<string, { state: string; at: number }>();
        const summed = new Map<string, number>();
        const loggedIn = new Map<string, number>();
        const floor = play(numbers, (_floor, _input, decisions) => {
          for (const d of decisions) {
            if (d.type !== "agent.state_changed") continue;
            const previous = last.get(d.agentId);
            expect(d.from).toBe(previous?.state ?? "logged_out");
            if (previous && d.from !== "logged_out") expect(d.fromSince).toBe(previous.at);
            expect(d.at).toBeGreaterThanOrEqual(d.fromSince);
            if (d.from === "logged_out") loggedIn.set(d.agentId, (loggedIn.get(d.agentId) ?? 0) - d.at);
            else summed.set(d.agentId, (summed.get(d.agentId) ?? 0) + d.at - d.fromSince);
            if (d.to === "logged_out") loggedIn.set(d.agentId, (loggedIn.get(d.agentId) ?? 0) + d.at);
            last.set(d.agentId, { state: d.to, at: d.at });
          }
        });
        for (const agent of floor.router.agents()) {
          expect(agent.state).toBe(last.get(agent.agentId)?.state ?? "logged_out");
          if (agent.loggedIn) {
            loggedIn.set(agent.agentId, (loggedIn.get(agent.agentId) ?? 0) + floor.router.now);
            summed.set(agent.agentId, (summed.get(agent.agentId) ?? 0) + floor.router.now - agent.since);
          }
        }
        for (const [agentId, ms] of loggedIn) expect(summed.get(agentId) ?? 0).toBe(ms);
      }),
      runsOf(80, 4),
    );
  });

  test("[RT6] nobody starves: once agents answer and nobody new comes, everyone who can be served is", () => {
    fc.assert(
      fc.property(runs(1500), (numbers) => {
        const floor = play(numbers, () => {});
        floor.now = floor.router.now;
        floor.staff(["zz"], { skills: { en: 5, sv: 5, uk: 5 }, slots: { voice: 1, chat: 1, email: 1 } });
        for (let i = 0; i < 500 && floor.ringing().length > 0; i++) {
          for (const agent of floor.router.agents()) {
            if (agent.offerId) floor.tell({ type: "offer.accepted", offerId: agent.offerId });
          }
          for (const agent of floor.router.agents()) {
            for (const { itemId } of agent.handlings) {
              floor.tell({ type: "item.ended", itemId, agentId: agent.agentId, wrapUp: "skip" });
              floor.tell({ type: "wrapup.finished", itemId, agentId: agent.agentId });
            }
          }
        }
        const waiting = floor.router.queueIds().flatMap((id) => floor.router.waitingItems(id));
        expect(waiting).toEqual([]);
      }),
      runsOf(40, 5),
    );
  });

  test("[RT45] a snapshot restored anywhere goes on the same", () => {
    fc.assert(
      fc.property(runs(2000), fc.nat(60), (numbers, skip) => {
        let twin: Router | undefined;
        let seen = 0;
        play(numbers, ({ router, now }, input, decisions) => {
          if (twin) expect(twin.handle(input, now)).toEqual(decisions);
          if (seen++ % 40 === skip % 40) {
            const text = JSON.stringify(router.snapshot());
            twin = Router.restore(JSON.parse(text));
            expect(JSON.stringify(twin.snapshot())).toBe(text);
          }
          if (!twin) return;
          expect(twin.agents()).toEqual(router.agents());
          for (const id of router.queueIds()) expect(twin.queueStats(id)).toEqual(router.queueStats(id));
        });
      }),
      runsOf(60, 6),
    );
  });

  test("[RT1] [RT46] a replayed journal has no differences, from the start and from a snapshot", () => {
    fc.assert(
      fc.property(runs(2000), (numbers) => {
        let snapshot: ReturnType<Router["snapshot"]> | undefined;
        let seen = 0;
        const { journal } = play(numbers, ({ router, routed }) => {
          if (++seen === 60) snapshot = router.snapshot();
          if (seen % 7 === 0) routed.advance(router.now + 900);
        });
        const stored = JSON.parse(JSON.stringify(journal)) as typeof journal;
        expect(replay(stored)).toMatchObject({ entries: journal.length, differences: 0 });
        const after = stored.filter((entry) => entry.seq > (snapshot?.seq ?? 0));
        expect(replay(after, snapshot ? { snapshot } : {}).differences).toBe(0);
      }),
      runsOf(40, 7),
    );
  });
});
