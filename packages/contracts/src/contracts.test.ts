import { describe, expect, test } from "vitest";
import { api, operations } from "./api.ts";
import { createApiClient } from "./api-client.ts";
import { openApiDocument } from "./openapi.ts";
import { PERMISSION_NAMES, PERMISSIONS, PRESET_ROLES } from "./permission.ts";
import { timeZone } from "./primitives.ts";
import { applyDelta, clientMessage, type TopicData } from "./topic.ts";

describe("the routes", () => {
  test("name each method and path once", () => {
    const keys = [...operations.values()].map((route) => `${route.method} ${route.path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("name who may call them, and a schema for each parameter of the path", () => {
    for (const [name, route] of operations) {
      expect(["public", "signed_in", ...PERMISSION_NAMES], name).toContain(route.access);
      const wanted = [...route.path.matchAll(/:(\w+)/g)].map(([, key]) => key);
      const shape = "shape" in route.params ? Object.keys(route.params.shape as object) : [];
      expect(shape.sort(), name).toEqual(wanted.sort());
    }
  });

  test("that change something are open to nobody who is not signed in, but for signing in", () => {
    const open = [...operations].filter(([, route]) => route.access === "public" && route.method !== "GET");
    expect(open.map(([name]) => name)).toEqual(["identity.signIn", "identity.firstRun"]);
  });

  test("describe themselves as OpenAPI 3.1 with an id, a summary and an answer each", () => {
    const document = openApiDocument({ version: "1.2.3" }) as {
      paths: Record<string, Record<string, { operationId: string; summary: string; responses: object }>>;
    };
    const described = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(described).toHaveLength(operations.size);
    for (const operation of described) {
      expect(operation.summary.length).toBeGreaterThan(3);
      expect(operation.responses).toHaveProperty("200");
    }
    expect(JSON.stringify(document)).not.toContain(":id");
  });
});

test("preset roles hold only permissions that there are; the administrator holds all", () => {
  for (const permissions of Object.values(PRESET_ROLES))
    for (const permission of permissions) expect(PERMISSIONS).toHaveProperty([permission]);
  expect(PRESET_ROLES.administrator).toEqual(PERMISSION_NAMES);
});

test("a time zone must be one", () => {
  expect(timeZone.safeParse("Europe/Kyiv").success).toBe(true);
  expect(timeZone.safeParse("Europe/Atlantis").success).toBe(false);
});

describe("the client", () => {
  const headersOf = (call: { readonly init: RequestInit } | undefined): Headers =>
    new Headers(call?.init.headers);

  function recorded(answer: Response) {
    const calls: { url: string; init: RequestInit }[] = [];
    const client = createApiClient({
      baseUrl: "http://x",
      csrf: () => "c",
      fetch: async (url, init) => {
        calls.push({ url: String(url), init: init ?? {} });
        return answer.clone();
      },
    });
    return { client, calls };
  }

  test("writes parameters, query, body and headers", async () => {
    const { client, calls } = recorded(Response.json({}));
    await client.call(api.users.setPassword, {
      params: { id: "a/b" },
      body: { password: "longer than ten" },
    });
    expect(calls[0]?.url).toBe("http://x/api/v1/users/a%2Fb/password");
    const headers = headersOf(calls[0]);
    expect([headers.get("x-svara-csrf"), headers.get("content-type")]).toEqual(["c", "application/json"]);
    expect(client.url(api.contacts.export, { query: { search: "å b" } })).toBe(
      "http://x/api/v1/contacts.csv?search=%C3%A5+b",
    );
  });

  test("sends no csrf and no body where nothing is changed, and the revision where something is", async () => {
    const { client, calls } = recorded(Response.json({}));
    await client.call(api.queues.list, {});
    await client.call(api.queues.remove, { params: { id: "q" }, ifMatch: 7 });
    expect(headersOf(calls[0]).has("x-svara-csrf")).toBe(false);
    expect(calls[0]?.init.body).toBeUndefined();
    expect(headersOf(calls[1]).get("if-match")).toBe('"r7"');
  });

  test("tells the server's problem, a proxy's page and a lost network alike as an ApiError", async () => {
    const problem = { type: "about:blank", title: "T", status: 409, code: "in_use", detail: "by X" };
    const told = recorded(Response.json(problem, { status: 409 }));
    await expect(told.client.call(api.queues.list, {})).rejects.toMatchObject({
      code: "in_use",
      status: 409,
    });
    const proxy = recorded(new Response("<html>", { status: 502 }));
    await expect(proxy.client.call(api.queues.list, {})).rejects.toMatchObject({ code: "http_502" });
    const lost = createApiClient({ fetch: () => Promise.reject(new TypeError("refused")) });
    await expect(lost.call(api.queues.list, {})).rejects.toMatchObject({ code: "network", status: 0 });
  });
});

describe("topics", () => {
  const floor = {
    date: "2026-01-05",
    queues: [
      { id: "a", waiting: 1 },
      { id: "b", waiting: 2 },
    ],
    agents: [],
    totals: { waiting: 3 },
  } as unknown as TopicData<"floor">;

  test("rows that changed take the place of their like, new ones come last, gone ones go", () => {
    const changed = applyDelta("floor", floor, {
      queues: [
        { id: "b", waiting: 0 },
        { id: "c", waiting: 9 },
      ] as unknown as TopicData<"floor">["queues"],
      queuesGone: ["a"],
    });
    expect(changed.queues.map((queue) => [queue.id, queue.waiting])).toEqual([
      ["b", 0],
      ["c", 9],
    ]);
    expect(floor.queues).toHaveLength(2);
    expect(changed.agents).toBe(floor.agents);
  });

  test("parts of the desk that are given replace those held", () => {
    const desk = { agent: { id: "x" }, contacts: [1], device: {}, today: {} } as unknown as TopicData<"desk">;
    expect(applyDelta("desk", desk, { contacts: [] })).toEqual({ ...desk, contacts: [] });
  });

  test("a message of another shape is refused", () => {
    expect(clientMessage.safeParse({ type: "subscribe", sub: "s", topic: "floor" }).success).toBe(true);
    expect(clientMessage.safeParse({ type: "subscribe", sub: "s", topic: "moon" }).success).toBe(false);
  });
});
