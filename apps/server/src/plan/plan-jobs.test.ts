import { type AgentId, SeededRandom, SvaraError, UuidV7 } from "@svara/kernel";
import { expect, test } from "vitest";
import { Access, type Caller } from "../rights/access.ts";
import { type PlanJobContext, PlanJobs } from "./plan-jobs.ts";

const HOUR_MS = 3_600_000;

function jobs() {
  const clock = { at: 1_000_000, now: () => clock.at, monotonic: () => clock.at };
  const logged: unknown[] = [];
  const registry = new PlanJobs({
    clock: clock as never,
    ids: new UuidV7(clock as never, new SeededRandom(1)),
    log: { error: (what: unknown) => logged.push(what) },
  });
  return { registry, clock, logged };
}

function caller(userId: string, teamId?: string): Caller {
  const access = new Access(
    teamId ? [{ permissions: new Set(["plan.edit"]), scope: { kind: "team", id: teamId } }] : [],
  );
  return { kind: "user", userId, displayName: userId, actor: `user:${userId}`, access, address: "::1" };
}

/** Work that ends when the test says so. */
function work() {
  let finish: (result: unknown) => void = () => {};
  let fail: (error: Error) => void = () => {};
  let context: PlanJobContext | undefined;
  const ended = new Promise<unknown>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  return {
    run: (given: PlanJobContext) => {
      context = given;
      return ended;
    },
    finish: (result: unknown) => finish(result),
    fail: (error: Error) => fail(error),
    get context() {
      return context;
    },
  };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const ANNA = caller("anna");
const places = [{ teamId: "team-a" }];
const kind = "roster" as const;

test("work runs, tells how far it is, and its result is there", async () => {
  const { registry } = jobs();
  const one = work();
  const { id, state } = registry.start({ kind, caller: ANNA, places, run: one.run });
  expect(state).toBe("running");
  one.context?.report({ progress: 0.4, step: "solving", figures: { gap: 0.2, bound: -Infinity } });
  one.context?.report({ progress: 0.3 });
  expect(registry.get(ANNA, id)).toMatchObject({ progress: 0.4, step: "solving", figures: { gap: 0.2 } });
  one.finish({ rosterId: "r" });
  await settled();
  expect(registry.get(ANNA, id)).toMatchObject({ state: "done", progress: 1, result: { rosterId: "r" } });
});

test("whoever may follow it finds the work that runs on something", async () => {
  const { registry } = jobs();
  const one = work();
  const { id } = registry.start({ kind, caller: ANNA, places, about: "roster-1", run: one.run });
  expect(registry.runningOn(caller("pia", "team-a"), "roster-1")).toBe(id);
  expect(registry.runningOn(caller("sven", "team-b"), "roster-1")).toBeUndefined();
  expect(registry.runningOn(ANNA, "roster-2")).toBeUndefined();
  one.finish(null);
  await settled();
  expect(registry.runningOn(ANNA, "roster-1")).toBeUndefined();
});

test("two run at once, the others wait their turn", async () => {
  const { registry } = jobs();
  const all = [work(), work(), work()] as const;
  const states = () => started.map(({ id }) => registry.get(ANNA, id).state);
  const started = all.map(({ run }) => registry.start({ kind, caller: ANNA, places, run }));
  expect(states()).toEqual(["running", "running", "queued"]);
  all[1].finish(null);
  await settled();
  expect(states()).toEqual(["running", "done", "running"]);
});

test("stopped work keeps the best that it hands out", async () => {
  const { registry } = jobs();
  const one = work();
  const { id } = registry.start({ kind, caller: ANNA, places, run: one.run });
  registry.cancel(ANNA, id);
  expect(one.context?.signal.aborted).toBe(true);
  one.finish({ shifts: 3 });
  await settled();
  expect(registry.cancel(ANNA, id)).toMatchObject({ state: "cancelled", result: { shifts: 3 } });
});

test("work that waits is stopped before it begins", async () => {
  const { registry } = jobs();
  const waits = work();
  for (const { run } of [work(), work()]) registry.start({ kind, caller: ANNA, places, run });
  const { id } = registry.start({ kind, caller: ANNA, places, run: waits.run });
  expect(registry.cancel(ANNA, id).state).toBe("cancelled");
  expect(waits.context).toBeUndefined();
});

test("a fault of the input is told, a fault of ours goes to the log", async () => {
  const { registry, logged } = jobs();
  const [input, ours] = [work(), work()];
  const first = registry.start({ kind, caller: ANNA, places, run: input.run });
  const second = registry.start({ kind, caller: ANNA, places, run: ours.run });
  input.fail(new SvaraError("no agents", { code: "no_agents", httpStatus: 409 }));
  ours.fail(new Error("secret path"));
  await settled();
  expect(registry.get(ANNA, first.id)).toMatchObject({
    state: "failed",
    problem: { code: "no_agents", message: "no agents" },
  });
  expect(registry.get(ANNA, second.id).problem?.code).toBe("internal");
  expect(logged).toHaveLength(1);
});

test("only its owner and planners of all its places follow and stop it", () => {
  const { registry } = jobs();
  const { id } = registry.start({ kind, caller: ANNA, places, run: work().run });
  expect(registry.get(caller("pia", "team-a"), id).id).toBe(id);
  for (const other of [caller("eve"), caller("eve", "team-b")]) {
    expect(() => registry.get(other, id)).toThrow("no such planning work");
    expect(() => registry.cancel(other, id)).toThrow("no such planning work");
  }
});

test("one person cannot fill the line; results go after an hour", async () => {
  const { registry, clock } = jobs();
  const first = work();
  const { id } = registry.start({ kind, caller: ANNA, places, run: first.run });
  for (let n = 0; n < 4; n++) registry.start({ kind, caller: ANNA, places, run: work().run });
  const more = { kind, caller: { ...ANNA, agentId: "x" as AgentId }, places, run: work().run };
  expect(() => registry.start(more)).toThrow("too much planning work");
  first.finish(1);
  await settled();
  clock.at += HOUR_MS + 1;
  expect(() => registry.get(ANNA, id)).toThrow("no such planning work");
});
