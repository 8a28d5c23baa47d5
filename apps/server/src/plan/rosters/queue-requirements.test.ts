import type { Permission, Scope } from "@svara/contracts";
import { expect, test } from "vitest";
import { Access, type Caller, type Place } from "../../rights/access.ts";
import { QueueRequirements } from "./queue-requirements.ts";

const QUARTER_MS = 900_000;
const place = { clientId: "client", queueId: "queue" } as Place;
const requirements = new QueueRequirements({
  placeOf: (queueId) => (queueId === "queue" ? place : undefined),
  inForce: async () => [{ at: QUARTER_MS, agents: 7, headcount: 9, contacts: 40, load: 5 }],
});

function callerWith(scope: object, permission: Permission = "plan.view"): Caller {
  const access = new Access([{ permissions: new Set([permission]), scope: scope as Scope }]);
  return {
    kind: "user",
    userId: "u",
    displayName: "U",
    actor: "user:u",
    access,
    address: "127.0.0.1",
  };
}

const wanted = { queueId: "queue", from: 0, quarters: 3, shrinkage: false };

test("who plans a queue, its client or the centre gets its requirement, quarter by quarter", async () => {
  for (const scope of [
    { kind: "centre" },
    { kind: "client", id: "client" },
    { kind: "queue", id: "queue" },
  ]) {
    const caller = callerWith(scope);
    expect(await requirements.agents(caller, wanted)).toEqual([0, 7, 0]);
    expect(await requirements.agents(caller, { ...wanted, shrinkage: true })).toEqual([0, 9, 0]);
    expect(await requirements.expected(caller, "queue", 0, QUARTER_MS)).toHaveLength(1);
  }
});

test("who plans a team, a site, another client or nothing gets none of it", async () => {
  for (const caller of [
    callerWith({ kind: "team", id: "team" }),
    callerWith({ kind: "site", id: "site" }),
    callerWith({ kind: "client", id: "other" }),
    callerWith({ kind: "queue", id: "other" }),
    callerWith({ kind: "centre" }, "queues.view"),
  ]) {
    expect(await requirements.agents(caller, wanted)).toBeNull();
    expect(await requirements.expected(caller, "queue", 0, QUARTER_MS)).toEqual([]);
  }
  expect(
    await requirements.agents(callerWith({ kind: "centre" }), { ...wanted, queueId: "none" }),
  ).toBeNull();
});
