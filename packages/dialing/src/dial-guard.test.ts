import type { AgentId, ClientId, TrunkId } from "@svara/kernel";
import { expect, test } from "vitest";
import { readDestination } from "./destination.ts";
import {
  DEFAULT_DIAL_RULES,
  type DialAttempt,
  DialGuard,
  type DialRights,
  type DialRules,
} from "./dial-guard.ts";

const CLIENT = "client" as ClientId;
const ANNA = "anna" as AgentId;
const TRUNK = "trunk" as TrunkId;
const EVERY: DialRights = { out: true, abroad: true, highCost: true };
const DAY = 86_400_000;
const dayOf = (_: ClientId, at: number): string => String(Math.floor(at / DAY));

const HOME = "+46812345601";
const GERMANY = "+4930901820";
const SATELLITE = "+881612345678";

function attempt(number: string, rights: DialRights = EVERY, agentId: AgentId = ANNA): DialAttempt {
  const destination = readDestination(number, { country: "SE" });
  if (!destination) throw new Error(`${number} is no number`);
  return { destination, clientId: CLIENT, agentId, rights, country: "SE" };
}

function rules(more: Partial<DialRules> = {}): DialRules {
  return { ...DEFAULT_DIAL_RULES, ...more };
}

function word(number: string, more: Partial<DialRules> = {}, rights: DialRights = EVERY) {
  return new DialGuard(dayOf).refusal(attempt(number, rights), rules(more), 0);
}

test("[DI9] rights to call out and abroad", () => {
  expect(word(HOME, {}, { out: false, abroad: false, highCost: false })).toBe("no_right");
  expect(word(GERMANY, { countries: "all" }, { out: true, abroad: false, highCost: false })).toBe(
    "no_right_abroad",
  );
  expect(word("112", {}, { out: false, abroad: false, highCost: false })).toBeUndefined();
});

test("[DI10] countries, high cost, and the more precise of allowed and blocked", () => {
  expect(word(HOME)).toBeUndefined();
  expect(word(GERMANY)).toBe("country");
  expect(word(GERMANY, { countries: ["DE"] })).toBeUndefined();
  expect(word(SATELLITE, { countries: "all" })).toBe("high_cost");
  expect(word(SATELLITE, { countries: "all", highCost: true })).toBeUndefined();
  expect(word(SATELLITE, { countries: "all", highCost: true }, { ...EVERY, highCost: false })).toBe(
    "high_cost",
  );
  expect(word("+5352123456", { countries: "all" })).toBe("blocked_prefix");
  expect(word("+5352123456", { countries: "all", allowed: ["+535"] })).toBeUndefined();
  expect(word("118118", {})).toBe("high_cost");
  expect(word("118118", { allowed: ["118118"] })).toBeUndefined();
  expect(word("116117", {})).toBeUndefined();
  expect(word("116117", { blocked: ["116"] })).toBe("blocked_prefix");
  expect(word(GERMANY, { allowed: ["+4930"] })).toBeUndefined();
  expect(word(GERMANY, { allowed: ["+49"], blocked: ["+4930"] })).toBe("blocked_prefix");
});

test("[DI11] calls at once and of a day, for agent and client, and a new day", () => {
  const guard = new DialGuard(dayOf);
  const limits = {
    ...DEFAULT_DIAL_RULES.limits,
    agentAtOnce: 2,
    agentPerDay: 4,
    agentAbroadPerDay: 1,
    clientAtOnce: 3,
  };
  const given = rules({ countries: "all", limits });
  const ask = (number: string, at = 0, agent = ANNA) =>
    guard.refusal(attempt(number, EVERY, agent), given, at);
  const begin = (id: string, number: string, at = 0, agent = ANNA) =>
    guard.begun(id, attempt(number, EVERY, agent), { trunkId: TRUNK, at, closed: false });
  begin("1", HOME);
  expect(ask(HOME)).toBeUndefined();
  begin("2", GERMANY);
  expect(ask(HOME)).toBe("agent_at_once");
  const boris = "boris" as AgentId;
  expect(ask(HOME, 0, boris)).toBeUndefined();
  begin("3", HOME, 0, boris);
  expect(ask(HOME, 0, "celia" as AgentId)).toBe("client_at_once");
  for (const id of ["1", "2", "3"]) guard.ended(id);
  expect(ask(GERMANY)).toBe("agent_abroad_per_day");
  begin("4", HOME);
  begin("5", HOME);
  for (const id of ["4", "5"]) guard.ended(id);
  expect(ask(HOME)).toBe("agent_per_day");
  expect(ask("112")).toBeUndefined();
  expect(ask(GERMANY, DAY)).toBeUndefined();
});

test("[DI11] a trunk's day, and what a restart knows of it", () => {
  const guard = new DialGuard(dayOf);
  const given = rules({ limits: { ...DEFAULT_DIAL_RULES.limits, trunkPerDay: 2, agentPerDay: 2 } });
  guard.restore([
    { clientId: CLIENT, agentId: ANNA, trunkId: TRUNK, at: 0 },
    { clientId: CLIENT, agentId: ANNA, trunkId: TRUNK, at: 1 },
  ]);
  expect(guard.trunkSpent(TRUNK, CLIENT, given, 2)).toBe(true);
  expect(guard.trunkSpent(TRUNK, CLIENT, given, DAY)).toBe(false);
  expect(guard.refusal(attempt(HOME), given, 2)).toBe("agent_per_day");
});

test("[DI11] a call that goes on over another trunk counts there, too; calls abroad outlast a restart", () => {
  const guard = new DialGuard(dayOf);
  const limits = { ...DEFAULT_DIAL_RULES.limits, trunkPerDay: 1, agentAbroadPerDay: 1 };
  const given = rules({ countries: "all", limits });
  const other = "other" as typeof TRUNK;
  guard.begun("1", attempt(HOME), { trunkId: TRUNK, at: 0, closed: false });
  expect(guard.trunkSpent(other, CLIENT, given, 0)).toBe(false);
  guard.rerouted("1", other, 1);
  guard.rerouted("unknown", other, 1);
  expect([TRUNK, other].map((id) => guard.trunkSpent(id, CLIENT, given, 2))).toEqual([true, true]);
  guard.restore([{ clientId: CLIENT, agentId: ANNA, abroad: true, at: 0 }]);
  expect(guard.refusal(attempt(GERMANY), given, 2)).toBe("agent_abroad_per_day");
});

test("[DI11] clients on two dates at once do not wipe out each other's counts of an agent", () => {
  const east = "east" as ClientId;
  const guard = new DialGuard((clientId, at) => String(Math.floor(at / DAY) + (clientId === east ? 1 : 0)));
  const given = rules({ limits: { ...DEFAULT_DIAL_RULES.limits, agentPerDay: 1 } });
  const home = attempt(HOME);
  guard.begun("1", home, { trunkId: TRUNK, at: 0, closed: false });
  guard.ended("1");
  expect(guard.refusal({ ...home, clientId: east }, given, 1)).toBeUndefined();
  expect(guard.refusal(home, given, 2)).toBe("agent_per_day");
});

test("[DI12] unusual patterns are told, once an hour", () => {
  const guard = new DialGuard(dayOf, { abroad: 2, refused: 3 });
  const begin = (id: string, at: number, closed = false) =>
    guard.begun(id, attempt(GERMANY), { trunkId: TRUNK, at, closed }).map(({ kind }) => kind);
  expect([begin("1", 0), begin("2", 1), begin("3", 2), begin("4", 3)]).toEqual([[], [], ["many_abroad"], []]);
  expect(begin("5", 3_600_010)).toEqual([]);
  expect(begin("6", 3_600_011)).toEqual([]);
  expect(begin("7", 3_600_012)).toEqual(["many_abroad"]);
  expect(begin("8", 8_000_000, true)).toEqual(["abroad_when_closed"]);
  const refused = Array.from({ length: 5 }, (_, i) =>
    guard.turnedAway(attempt(SATELLITE), i).map(({ kind }) => kind),
  );
  expect(refused).toEqual([[], [], [], ["many_refused"], []]);
});

test("[DI11] what has ended leaves nothing behind", () => {
  const guard = new DialGuard(dayOf);
  const given = rules({ limits: { ...DEFAULT_DIAL_RULES.limits, agentAtOnce: 1 } });
  for (let i = 0; i < 100; i++) {
    expect(guard.refusal(attempt(HOME), given, i)).toBeUndefined();
    guard.begun(String(i), attempt(HOME), { trunkId: TRUNK, at: i, closed: false });
    guard.ended(String(i));
  }
});

test("[DI11] who has handed a call on has one less at once; it stays one of the client's", () => {
  const handedOn = new Set<string>();
  const guard = new DialGuard(dayOf, undefined, (id) => !handedOn.has(id));
  const limits = { ...DEFAULT_DIAL_RULES.limits, agentAtOnce: 1, clientAtOnce: 2 };
  guard.begun("one", attempt(HOME), { trunkId: TRUNK, at: 0, closed: false });
  expect(guard.refusal(attempt(HOME), rules({ limits }), 0)).toBe("agent_at_once");
  handedOn.add("one");
  expect(guard.refusal(attempt(HOME), rules({ limits }), 0)).toBeUndefined();
  guard.begun("two", attempt(HOME), { trunkId: TRUNK, at: 0, closed: false });
  expect(guard.refusal(attempt(HOME), rules({ limits }), 0)).toBe("client_at_once");
});
