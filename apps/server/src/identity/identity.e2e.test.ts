import { api, operations } from "@svara/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ADMIN, type TestServer, testServer } from "../test-kit/test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await testServer();
});
afterAll(() => server.close());

async function makeUser(username: string, role: "administrator" | "supervisor" | "agent" = "agent") {
  const made = await server.admin.call(api.users.create, {
    body: {
      username,
      displayName: username,
      email: null,
      language: "sv",
      active: true,
      grants: [{ roleId: server.roleId(role), scope: { kind: "centre" } }],
      agent: role === "agent" ? { teamId: null, siteId: null, extension: null, skills: [] } : null,
      password: "a long enough one",
      mustChangePassword: false,
    },
  });
  expect(made.status, made.text).toBe(200);
  return made.body;
}

test("every route of the contract is served, and each names who may call it", () => {
  for (const [name, route] of operations) expect(server.side.http.mounted.has(route), name).toBe(true);
  expect(() =>
    server.side.http.mount({ ...api.queues.list, access: "everybody" as never }, async () => ({}) as never),
  ).toThrow(/names no permission/);
});

test("the first-run link works once, and only with its token", async () => {
  const again = await server.client().call(api.identity.firstRun, {
    body: { ...ADMIN, username: "mallory", token: "x".repeat(32), displayName: "M", language: "en" },
  });
  expect(again.problem).toMatchObject({ status: 409, code: "first_run_over" });
  const state = await server.client().call(api.identity.firstRunState, {});
  expect(state.body.needed).toBe(false);
});

test("the session is in a cookie that scripts cannot read, and tells what one may", async () => {
  const client = server.client();
  const answer = await client.call(api.identity.signIn, { body: ADMIN });
  expect(answer.headers["set-cookie"]).toMatch(/^svara_session=[\w-]{43}; .*HttpOnly; SameSite=Lax/);
  expect(answer.body.permissions.map((held) => held.permission)).toContain("users.edit");
  const session = await client.call(api.identity.session, {});
  expect(session.body.user.username).toBe("admin");
});

test("without the csrf header nothing is changed, nor from another site's page", async () => {
  const client = await server.signIn(ADMIN.username, ADMIN.password);
  const body = { name: "Forged", description: "" };
  const foreign = await client.call(api.skills.create, { body, headers: { origin: "https://evil.example" } });
  expect(foreign.problem).toMatchObject({ status: 403, code: "origin" });
  client.csrf = undefined;
  const bare = await client.call(api.skills.create, { body });
  expect(bare.problem).toMatchObject({ status: 403, code: "csrf" });
  const signIn = await server.client().call(api.identity.signIn, {
    body: ADMIN,
    headers: { origin: "null" },
  });
  expect(signIn.problem).toMatchObject({ status: 403, code: "origin" });
});

test("wrong passwords lock the account, whether or not it exists, and the lock is told with its length", async () => {
  await makeUser("locky");
  const outcomes: Record<string, string[]> = {};
  for (const username of ["locky", "nobody-at-all"]) {
    const client = server.client();
    client.address = username === "locky" ? "192.0.2.1" : "192.0.2.2";
    outcomes[username] = [];
    for (let i = 0; i < 7; i++) {
      const answer = await client.call(api.identity.signIn, { body: { username, password: "wrong" } });
      outcomes[username].push(`${answer.status} ${answer.problem.code}`);
      if (answer.status === 429) expect(answer.problem.retryAfterMs).toBeGreaterThan(1000);
    }
  }
  expect(outcomes.locky).toEqual([...Array(5).fill("401 wrong_credentials"), "429 locked", "429 locked"]);
  expect(outcomes["nobody-at-all"]).toEqual(outcomes.locky);
  const right = await server.client().call(api.identity.signIn, {
    body: { username: "locky", password: "a long enough one" },
  });
  expect(right.status).toBe(429);
  const { body } = await server.admin.call(api.users.list, { query: { search: "locky" } });
  const locked = body.items[0];
  expect(locked?.lockedUntil).toBeGreaterThan(0);
  await server.admin.call(api.users.unlock, { params: { id: locked?.id ?? "" } });
  await server.signIn("locky", "a long enough one");
});

test("guesses sent at the same time are counted like guesses sent one after another", async () => {
  const client = server.client();
  client.address = "192.0.2.3";
  const body = { username: "rushed", password: "wrong" };
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => client.call(api.identity.signIn, { body })),
  );
  expect(answers.map((answer) => answer.status).toSorted()).toEqual([
    ...Array(5).fill(401),
    ...Array(7).fill(429),
  ]);
});

test("a session that is over by time ends with its sockets, and old failures are forgotten", async () => {
  await makeUser("rolf");
  const rolf = await server.signIn("rolf", "a long enough one");
  const { db } = server.core.database;
  const ended: string[] = [];
  const watch = server.core.sessions.ended.on((id) => ended.push(id));
  const { id } = await db
    .selectFrom("userSession")
    .select("id")
    .orderBy("createdAt", "desc")
    .executeTakeFirstOrThrow();
  await db.updateTable("userSession").set({ lastSeenAt: 0 }).where("id", "=", id).execute();
  await db.updateTable("signInThrottle").set({ lastFailedAt: 0, lockedUntil: 0 }).execute();
  await server.core.sessions.sweep();
  await server.core.throttle.sweep();
  watch.dispose();
  expect(ended).toEqual([id]);
  expect((await rolf.call(api.identity.session, {})).status).toBe(401);
  expect(await db.selectFrom("signInThrottle").selectAll().execute()).toEqual([]);
});

test("a changed password ends the other sessions, and the old one no longer works", async () => {
  await makeUser("pia");
  const desk = await server.signIn("pia", "a long enough one");
  const phone = await server.signIn("pia", "a long enough one");
  const wrong = await desk.call(api.identity.changePassword, {
    body: { current: "not it", next: "another long one" },
  });
  expect(wrong.problem).toMatchObject({ status: 400, code: "wrong_password", field: "current" });
  const changed = await desk.call(api.identity.changePassword, {
    body: { current: "a long enough one", next: "another long one" },
  });
  expect(changed.status).toBe(200);
  expect((await desk.call(api.identity.session, {})).status).toBe(200);
  expect((await phone.call(api.identity.session, {})).status).toBe(401);
  const old = await server.client().call(api.identity.signIn, {
    body: { username: "pia", password: "a long enough one" },
  });
  expect(old.status).toBe(401);
});

test("whoever is made inactive is out at once", async () => {
  const user = await makeUser("olle");
  const olle = await server.signIn("olle", "a long enough one");
  const {
    id,
    revision,
    archived: _a,
    passwordSet: _p,
    mustChangePassword: _m,
    lastSignInAt: _l,
    lockedUntil: _u,
    ...draft
  } = user;
  const answer = await server.admin.call(api.users.replace, {
    params: { id },
    ifMatch: revision,
    body: { ...draft, active: false },
  });
  expect(answer.status, answer.text).toBe(200);
  expect((await olle.call(api.identity.session, {})).status).toBe(401);
});

test("nobody gives rights they do not have, and the last administrator stays", async () => {
  const editor = await server.admin.call(api.roles.create, {
    body: { name: "User editor", permissions: ["users.view", "users.edit", "roles.view"] },
  });
  const made = await makeUser("ed", "agent");
  const {
    id,
    revision,
    archived: _a,
    passwordSet: _p,
    mustChangePassword: _m,
    lastSignInAt: _l,
    lockedUntil: _u,
    ...draft
  } = made;
  const promoted = await server.admin.call(api.users.replace, {
    params: { id },
    ifMatch: revision,
    body: { ...draft, grants: [{ roleId: editor.body.id, scope: { kind: "centre" } }] },
  });
  expect(promoted.status, promoted.text).toBe(200);
  const ed = await server.signIn("ed", "a long enough one");
  const grab = await ed.call(api.users.replace, {
    params: { id },
    body: { ...draft, grants: [{ roleId: server.roleId("administrator"), scope: { kind: "centre" } }] },
  });
  expect(grab.problem).toMatchObject({ status: 403, code: "above_own_rights" });
  const users = await server.admin.call(api.users.list, { query: { search: "admin" } });
  const admin = users.body.items.find((user) => user.username === "admin");
  const takeover = await ed.call(api.users.setPassword, {
    params: { id: admin?.id ?? "" },
    body: { password: "now it is mine!" },
  });
  expect(takeover.problem).toMatchObject({ status: 403, code: "above_own_rights" });
  const last = await server.admin.call(api.users.remove, { params: { id: admin?.id ?? "" } });
  expect(last.problem).toMatchObject({ status: 409, code: "last_administrator" });
  const preset = await server.admin.call(api.roles.remove, { params: { id: server.roleId("agent") } });
  expect(preset.problem.code).toBe("preset_role");
});

test("a token does what its permissions say, never more than its maker, and not after its removal", async () => {
  const made = await server.admin.call(api.tokens.create, {
    body: { name: "reader", permissions: ["queues.view"], scope: { kind: "centre" }, expiresAt: null },
  });
  expect(made.body.token).toMatch(/^svara_/);
  const program = server.client();
  program.token = made.body.token;
  expect((await program.call(api.queues.list, {})).status).toBe(200);
  expect((await program.call(api.users.list, {})).problem.code).toBe("forbidden");
  expect((await program.call(api.identity.changeLanguage, { body: { language: "sv" } })).status).toBe(401);
  const list = await server.admin.call(api.tokens.list, {});
  expect(list.text).not.toContain(made.body.token);
  await server.admin.call(api.tokens.remove, { params: { id: made.body.id } });
  expect((await program.call(api.queues.list, {})).status).toBe(401);
});

test("sign-ins, failures and locks are in the audit", async () => {
  const { body } = await server.admin.call(api.audit.list, { query: { limit: 500 } });
  const actions = new Set(body.items.map((entry) => entry.action));
  for (const action of [
    "first_administrator",
    "signed_in",
    "sign_in_failed",
    "sign_in_locked",
    "token_created",
  ])
    expect(actions).toContain(action);
});
