import { api, type Permission } from "@svara/contracts";
import type { ClientId, Instant } from "@svara/kernel";
import { expect, test } from "vitest";
import type { AuditNote } from "../identity/audit.ts";
import { Access, type HeldGrant } from "../rights/access.ts";
import { mountTelephonyRoutes } from "./telephony-routes.ts";

type Handler = (request: object) => Promise<unknown>;

/** The routes, asked by somebody who holds both rights in this scope. */
function routesFor(scope: HeldGrant["scope"]) {
  const handlers = new Map<object, Handler>();
  const notes: AuditNote[] = [];
  const banned = new Set(["192.0.2.1"]);
  const permissions = new Set<Permission>(["telephony.view", "telephony.edit"]);
  mountTelephonyRoutes({
    http: { mount: (route: object, handler: unknown) => void handlers.set(route, handler as Handler) },
    live: {
      telephony: {
        alarms: () => [],
        load: () => ({ legs: 0, bridges: 0, recordings: 0 }),
        bans: () => [...banned].map((address) => ({ address, reason: "logins", until: 1 as Instant })),
        unban: (address: string) => banned.delete(address),
      },
    } as never,
    audit: { note: async (note) => void notes.push(note) },
  });
  const caller = { userId: "user-1", access: new Access([{ scope, permissions } as HeldGrant]) };
  const ask = (route: object, params = {}) => handlers.get(route)?.({ caller, params });
  return { ask, notes, banned };
}

test("who has a right for one client only neither sees nor lifts what concerns the whole centre", async () => {
  const { ask, banned, notes } = routesFor({ kind: "client", id: "client-1" as ClientId });
  const { status, bans, unban } = api.telephony;
  for (const route of [status, bans, unban])
    await expect(ask(route, { address: "192.0.2.1" })).rejects.toMatchObject({ code: "forbidden" });
  expect([banned.size, notes]).toEqual([1, []]);
});

test("a lifted ban is in the audit, one that is none is not", async () => {
  const { ask, notes } = routesFor({ kind: "centre" });
  expect(await ask(api.telephony.bans)).toMatchObject({ items: [{ address: "192.0.2.1" }] });
  await ask(api.telephony.unban, { address: "192.0.2.1" });
  await expect(ask(api.telephony.unban, { address: "192.0.2.1" })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(notes).toEqual([{ action: "ban_lifted", userId: "user-1", address: "192.0.2.1" }]);
});
