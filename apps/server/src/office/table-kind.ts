import type { Kysely } from "kysely";
import type { DB, Tx } from "../database/index.ts";
import type { OfficeKind, Stored } from "./office-kind.ts";

export type Row = Record<string, unknown>;

export interface TableOptions<Value, Extra> {
  readonly table: keyof DB;
  /** Columns of a value; JSON columns as text. */
  toRow(value: Value): Row;
  fromRow(row: Row): Value;
  /** What is told beside the value. */
  extraOf?(row: Row): Extra;
}

type Storage = "load" | "read" | "write" | "archive";

/** A kind that is stored as rows of one table with the columns `id`, `archived` and `revision`. */
export function tableKind<Value, Extra = Record<never, never>>(
  rules: Omit<OfficeKind<Value, Extra>, Storage>,
  options: TableOptions<Value, Extra>,
): OfficeKind<Value, Extra> {
  const { table, toRow, fromRow, extraOf } = options;
  return {
    ...rules,
    async load(tx) {
      const rows = await untyped(tx).selectFrom(table).selectAll().execute();
      return rows.map(
        (row): Stored<Value, Extra> => ({
          id: String(row.id),
          revision: Number(row.revision),
          archived: row.archived === true,
          value: fromRow(row),
          extra: (extraOf?.(row) ?? {}) as Extra,
        }),
      );
    },
    async read(tx, id) {
      const row = await untyped(tx)
        .selectFrom(table)
        .selectAll()
        .where("id", "=", id)
        .where("archived", "=", false)
        .executeTakeFirst();
      return row ? fromRow(row) : null;
    },
    async write(tx, id, value, context) {
      const row = { ...toRow(value), archived: false, revision: context.revision };
      await untyped(tx)
        .insertInto(table)
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
        .execute();
    },
    async archive(tx, id, context) {
      await untyped(tx)
        .updateTable(table)
        .set({ archived: true, revision: context.revision })
        .where("id", "=", id)
        .execute();
    },
  };
}

/** Kysely without the columns' types: the table is known only when the kind is declared. */
export function untyped(tx: Tx): Kysely<Record<string, Row>> {
  return tx as unknown as Kysely<Record<string, Row>>;
}
