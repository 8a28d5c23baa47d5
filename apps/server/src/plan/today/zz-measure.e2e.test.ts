import { dayOf, localDate } from "@svara/calendar";
import { api } from "@svara/contracts";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WHOLE_CENTRE, withScope } from "../../database/index.ts";
import { type TestServer, testServer } from "../../test-kit/test-server.ts";

let server: TestServer;
const AGENTS = 200;
const EVENTS = 400;
beforeAll(async () => {
  server = await testServer();
  const db = server.core.database.db;
  for (let i = 0; i < AGENTS; i++) {
    const made = await server.admin.call(api.users.create, {
      body: { username: `u${i}`, displayName: `u${i}`, email: null, language: "en", active: true,
        grants: [{ roleId: server.roleId("agent"), scope: { kind: "centre" } }],
        agent: { teamId: null, siteId: null, extension: null, skills: [] },
        password: "a long enough one", mustChangePassword: false } as never });
    expect(made.status).toBe(200);
  }
}, 300_000);
afterAll(() => server.close());
function probe() {
  let last = performance.now(); let max = 0; let over = 0;
  const timer = setInterval(() => { const now = performance.now(); const d = now - last; last = now; if (d > max) max = d; if (d > 50) over++; }, 5);
  return () => { clearInterval(timer); return { max: Math.round(max), over50: over }; };
}
test("measure", async () => {
  const zone = (await server.admin.call(api.planWhatIf.days, {})).body.timeZone;
  const now = server.core.clock.now() - 60_000;
  const date = localDate(now, zone);
  const { from } = dayOf(date, zone);
  await withScope(server.core.database.db, WHOLE_CENTRE, (tx) => sql`insert into event (seq, id, epoch, type, v, at, recorded_at, centre_id, agent_id, actor, config_revision, payload)
 select 900000 + row_number() over (order by k), gen_random_uuid(), 1, case when k = 0 then 'agent.logged_in' else 'agent.state_changed' end, 1, ${from}::bigint + (k * (${now}::bigint - ${from}::bigint) / ${EVENTS}::bigint), ${from}::bigint, (select id from centre limit 1), a.user_id, 'system', 1, case when k = 0 then '{"slots":["voice"], "sessionId":"s"}'::jsonb else jsonb_build_object('paid', true, 'slot', 'voice', 'state', (array['available','talking','wrap_up','not_ready'])[1 + k % 4], 'productive', true) end
 from agent_profile a, generate_series(0, ${EVENTS - 1}) k`.execute(tx));
  for (let i = 0; i < 3; i++) {
    const stop = probe(); const t = performance.now();
    const r = await server.admin.call(api.planToday.get, {});
    const f = r.body.agents.map((a) => `${a.agentId}${a.state}${a.since}`).join();
    console.log("today", r.status, Math.round(performance.now() - t), stop(), f.length, JSON.stringify(r.body.agents[0]), r.body.queues.map((q) => q.intervals.reduce((s, o) => s + (o.onDuty ?? 0), 0)));
    await new Promise((d) => setTimeout(d, 9000));
  }
  for (let i = 0; i < 2; i++) {
  const stop = probe(); const t = performance.now();
  const r = await server.admin.call(api.planAdherence.day, { query: { date } });
  console.log("adherence", r.status, Math.round(performance.now() - t), stop(), JSON.stringify(r.body.total), r.body.agents.length);
  }
}, 120_000);
