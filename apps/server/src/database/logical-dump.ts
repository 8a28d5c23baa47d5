import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import pg from "pg";
import { type BackupFile, copyHashed } from "./backup-manifest.ts";
import { ownerConfig } from "./migrate.ts";
import { withClient } from "./roles.ts";

/** The folder of the tables in a backup: one file of JSON rows for each. */
const ROWS_FOLDER = "rows";
const DUMP_ROWS = 2_000;
const LOAD_ROWS = 500;
const id = pg.escapeIdentifier;

/** The tables of ours, without partitions (their parents speak for them) and without the migrator's own. */
const TABLES = `
  select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname not like 'kysely\\_%'
   order by 1`;

/**
 * Writes every row of our tables, as of one instant, one JSON object a line. It needs neither pg_dump nor its version, and
 * loads into any PostgreSQL from 15 on. Jobs (schema pgboss) are not part of it.
 */
export function dumpRows(owner: pg.ClientConfig, backup: string): Promise<BackupFile[]> {
  fs.mkdirSync(path.join(backup, ROWS_FOLDER), { recursive: true, mode: 0o700 });
  return withClient(ownerConfig(owner), async (client) => {
    await client.query("begin isolation level repeatable read read only");
    const { rows: tables } = await client.query<{ name: string }>(TABLES);
    const files: BackupFile[] = [];
    for (const { name } of tables) {
      const relative = path.join(ROWS_FOLDER, `${name}.jsonl`);
      const half = path.join(backup, `${relative}.half`);
      await dumpTable(client, name, half);
      const copied = await copyHashed(half, path.join(backup, relative));
      fs.rmSync(half);
      if (copied) files.push({ path: relative, ...copied });
    }
    await client.query("commit");
    return files;
  });
}

async function dumpTable(client: pg.Client, table: string, file: string): Promise<void> {
  await client.query(
    `declare dump no scroll cursor for select row_to_json(t)::text as row from ${id(table)} t`,
  );
  const out = fs.openSync(file, "w", 0o600);
  try {
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`fetch ${DUMP_ROWS} from dump`);
      if (rows.length === 0) break;
      fs.writeSync(out, rows.map(({ row }) => `${row}\n`).join(""));
    }
  } finally {
    fs.closeSync(out);
  }
  await client.query("close dump");
}

/**
 * Loads dumped rows into an empty database that has the dump's migrations, in one transaction. Foreign keys are set aside
 * meanwhile and checked at the end, so the order of tables does not matter.
 */
export function loadRows(owner: pg.ClientConfig, backup: string): Promise<void> {
  return withClient(ownerConfig(owner), async (client) => {
    await client.query("begin");
    const keys = await foreignKeys(client);
    for (const key of keys) await client.query(`alter table ${key.table} drop constraint ${id(key.name)}`);
    const { rows: tables } = await client.query<{ name: string }>(TABLES);
    for (const { name } of tables) {
      const file = path.join(backup, ROWS_FOLDER, `${name}.jsonl`);
      if (fs.existsSync(file)) await loadTable(client, name, file);
    }
    for (const key of keys) {
      await client.query(`alter table ${key.table} add constraint ${id(key.name)} ${key.definition}`);
    }
    await advanceSequences(client);
    await client.query("commit");
  });
}

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

async function foreignKeys(client: pg.Client): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
       from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace`,
  );
  return rows;
}

async function loadTable(client: pg.Client, table: string, file: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [id(table)],
  );
  const columns = rows.map(({ name }) => id(name)).join(", ");
  const insert = `insert into ${id(table)} (${columns}) overriding system value
    select ${columns} from json_populate_recordset(null::${id(table)}, $1::json) on conflict do nothing`;
  let batch: string[] = [];
  const store = async () => {
    if (batch.length > 0) await client.query(insert, [`[${batch.join(",")}]`]);
    batch = [];
  };
  if (await hasMonths(client, table)) await makeMonths(client, file);
  for await (const line of lines(file)) {
    batch.push(line);
    if (batch.length === LOAD_ROWS) await store();
  }
  await store();
}

async function hasMonths(client: pg.Client, table: string): Promise<boolean> {
  const { rowCount } = await client.query(
    "select 1 from pg_partitioned_table where partrelid = $1::regclass",
    [id(table)],
  );
  return (rowCount ?? 0) > 0;
}

/** Partitions for the months of the dump: rows must not end up in the default one. */
async function makeMonths(client: pg.Client, file: string): Promise<void> {
  const months = new Map<string, number>();
  for await (const line of lines(file)) {
    const { at } = JSON.parse(line) as { at: number };
    const month = new Date(at).toISOString().slice(0, 7);
    if (!months.has(month)) months.set(month, at);
  }
  for (const at of months.values()) await client.query("select ensure_partitions($1, 0)", [at]);
}

async function advanceSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ sequence: string; table: string; column: string }>(
    `select s.oid::regclass::text as sequence, d.refobjid::regclass::text as table, a.attname as column
       from pg_class s
       join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
       join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where s.relkind = 'S' and s.relnamespace = 'public'::regnamespace`,
  );
  for (const { sequence, table, column } of rows) {
    await client.query(
      `select setval($1::regclass, coalesce((select max(${id(column)}) from ${table}), 0) + 1, false)`,
      [sequence],
    );
  }
}

function lines(file: string): readline.Interface {
  return readline.createInterface({ input: fs.createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}
