import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "./testing.ts";

const CLIENT = "0198c0de-0000-7000-8000-000000000001";

/** What every table must keep, whichever capability brings it. */
describe("isolation of clients", () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await testDatabase();
  });
  afterAll(() => test.close());

  const names = async (query: string): Promise<string[]> => {
    const { rows } = await sql.raw<{ name: string }>(query).execute(test.db);
    return rows.map((row) => row.name);
  };

  it("is forced on every table with a client_id", async () => {
    const open = await names(`
      select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'client_id'
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
         and not (c.relrowsecurity and c.relforcerowsecurity)`);
    expect(open).toEqual([]);
  });

  it("rests on the scope in every policy, and on one policy a table", async () => {
    const other = await names(`
      select tablename as name from pg_policies where schemaname = 'public' group by tablename
      having count(*) <> 1 or bool_or(qual not like '%app_scope_clients()%' or with_check is distinct from qual)`);
    expect(other).toEqual([]);
  });

  it("cannot be passed round by the runtime's role", async () => {
    const owned = await names(
      "select relname as name from pg_class where pg_get_userbyid(relowner) = 'app_rt'",
    );
    expect(owned).toEqual([]);
    const partitions = await names(`
      select relname as name from pg_class where relispartition and relkind = 'r'
         and has_table_privilege('app_rt', oid, 'select, insert, update, delete, truncate')`);
    expect(partitions).toEqual([]);
    const roles = await names(
      "select rolname as name from pg_roles where rolname in ('app_rt', 'app_owner') and (rolsuper or rolbypassrls)",
    );
    expect(roles).toEqual([]);
  });

  it.each([
    [undefined, { isAll: false, isSet: false, clients: [] }],
    ["", { isAll: false, isSet: false, clients: [] }],
    ["{}", { isAll: false, isSet: true, clients: [] }],
    ["*", { isAll: true, isSet: true, clients: [] }],
    [`{${CLIENT}}`, { isAll: false, isSet: true, clients: [CLIENT] }],
  ])("reads the setting %j as nothing more than it says", async (setting, expected) => {
    const seen = await test.db.transaction().execute(async (tx) => {
      if (setting !== undefined) await sql`select set_config('app.clients', ${setting}, true)`.execute(tx);
      const { rows } = await sql`
        select app_scope_all() as is_all, app_scope_set() as is_set, app_scope_clients() as clients`.execute(
        tx,
      );
      return rows[0];
    });
    expect(seen).toEqual(expected);
  });
});
