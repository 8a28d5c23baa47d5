import type { Permission, Scope } from "@svara/contracts";
import { describe, expect, test } from "vitest";
import { Access, type HeldGrant } from "./access.ts";

function grant(permissions: Permission[], scope: Scope, clientId?: string): HeldGrant {
  return { permissions: new Set(permissions), scope, ...(clientId !== undefined && { clientId }) };
}

const centre = { kind: "centre" } as const;
const client = (id: string) => ({ kind: "client", id }) as const;
const queue = (id: string) => ({ kind: "queue", id }) as const;
const team = (id: string) => ({ kind: "team", id }) as const;

describe("access", () => {
  test("is none by default", () => {
    expect(Access.none.has("queues.view")).toBe(false);
    expect(Access.none.covers("queues.view", { clientId: "a" })).toBe(false);
    expect(Access.none.clientsOf("queues.view")).toEqual([]);
    expect(Access.none.reachesClient("a")).toBe(false);
  });

  test("over the centre covers everything, over a client that client only", () => {
    const whole = new Access([grant(["queues.view"], centre)]);
    expect(whole.covers("queues.view", {})).toBe(true);
    expect(whole.covers("queues.edit", {})).toBe(false);
    const one = new Access([grant(["queues.view"], client("a"))]);
    expect(one.covers("queues.view", { clientId: "a" })).toBe(true);
    expect(one.covers("queues.view", { clientId: "b" })).toBe(false);
    expect(one.covers("queues.view", {})).toBe(false);
    expect(one.hasEverywhere("queues.view")).toBe(false);
  });

  test("over a queue bounds queries to the queue's client and rows to the queue", () => {
    const narrow = new Access([grant(["contacts.view"], queue("q"), "a")]);
    expect(narrow.clientsOf("contacts.view")).toEqual(["a"]);
    expect(narrow.narrowingOf("contacts.view")).toEqual({ clients: [], queues: ["q"], teams: [], sites: [] });
    expect(narrow.reachesClient("a")).toBe(true);
    expect(narrow.reachesClient("b")).toBe(false);
  });

  test("over a team reaches all clients' rows, narrowed to the team", () => {
    const lead = new Access([grant(["contacts.view"], team("t"))]);
    expect(lead.clientsOf("contacts.view")).toBe("all");
    expect(lead.narrowingOf("contacts.view")?.teams).toEqual(["t"]);
  });

  test("one grant's permission is not another grant's scope", () => {
    const mixed = new Access([grant(["queues.view"], centre), grant(["queues.edit"], client("a"))]);
    expect(mixed.covers("queues.edit", { clientId: "b" })).toBe(false);
    expect(mixed.clientsOf("queues.edit")).toEqual(["a"]);
  });

  test("is handed on only as far as it is held", () => {
    const mine = new Access([grant(["queues.view", "queues.edit"], client("a"))]);
    const within = (permissions: Permission[], scope: Scope, clientId?: string) =>
      new Access([grant(permissions, scope, clientId)]).isWithin(mine);
    expect(within(["queues.view"], client("a"))).toBe(true);
    expect(within(["queues.view"], queue("q"), "a")).toBe(true);
    expect(within(["queues.view"], queue("q"), "b")).toBe(false);
    expect(within(["queues.view"], centre)).toBe(false);
    expect(within(["users.edit"], client("a"))).toBe(false);
    const token = mine.cutTo(new Set<Permission>(["queues.view", "users.edit"]), grant([], client("a")));
    expect([token.has("queues.view"), token.has("users.edit")]).toEqual([true, false]);
  });
});
