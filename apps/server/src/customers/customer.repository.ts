import type { ClientId, CustomerId, Instant } from "@svara/kernel";
import type { Tx } from "../database/index.ts";
import type { TimeKey } from "../office/page.ts";

export interface CustomerRow {
  readonly id: string;
  readonly clientId: string;
  readonly shortNumber: number;
  readonly name: string | null;
  readonly company: string | null;
  readonly language: string | null;
  readonly type: string | null;
  readonly segment: string | null;
  readonly value: string | null;
  readonly notes: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

export interface Identifier {
  readonly kind: "phone" | "email";
  readonly value: string;
}

export interface CustomerFields {
  readonly name: string | null;
  readonly company: string | null;
  readonly language: string | null;
  readonly type: string | null;
  readonly segment: string | null;
  readonly value: string | null;
  readonly notes: string;
}

export async function findByIdentifier(
  tx: Tx,
  clientId: ClientId,
  identifier: Identifier,
): Promise<CustomerRow | undefined> {
  return tx
    .selectFrom("customerIdentifier as i")
    .innerJoin("customer as c", "c.id", "i.customerId")
    .selectAll("c")
    .where("i.clientId", "=", clientId)
    .where("i.kind", "=", identifier.kind)
    .where("i.value", "=", identifier.value)
    .executeTakeFirst();
}

export async function insertCustomer(
  tx: Tx,
  customer: CustomerFields & {
    readonly id: CustomerId;
    readonly clientId: ClientId;
    readonly shortNumber: number;
    readonly at: Instant;
  },
): Promise<void> {
  const { at, ...row } = customer;
  await tx
    .insertInto("customer")
    .values({ ...row, createdAt: at, updatedAt: at })
    .execute();
}

export async function updateCustomer(
  tx: Tx,
  id: CustomerId,
  fields: CustomerFields,
  at: Instant,
): Promise<void> {
  await tx
    .updateTable("customer")
    .set({ ...fields, updatedAt: at })
    .where("id", "=", id)
    .execute();
}

export async function replaceIdentifiers(
  tx: Tx,
  owner: { readonly id: CustomerId; readonly clientId: ClientId },
  identifiers: readonly Identifier[],
): Promise<void> {
  await tx.deleteFrom("customerIdentifier").where("customerId", "=", owner.id).execute();
  if (identifiers.length === 0) return;
  await tx
    .insertInto("customerIdentifier")
    .values(
      identifiers.map((identifier, position) => ({
        customerId: owner.id,
        clientId: owner.clientId,
        kind: identifier.kind,
        value: identifier.value,
        position,
      })),
    )
    .execute();
}

export async function identifiersOf(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Identifier[]>> {
  const found = new Map<string, Identifier[]>();
  if (ids.length === 0) return found;
  const rows = await tx
    .selectFrom("customerIdentifier")
    .select(["customerId", "kind", "value"])
    .where("customerId", "in", [...ids])
    .orderBy("position")
    .execute();
  for (const row of rows) {
    const list = found.get(row.customerId) ?? [];
    list.push({ kind: row.kind as Identifier["kind"], value: row.value });
    found.set(row.customerId, list);
  }
  return found;
}

export async function customersByIds(tx: Tx, ids: readonly string[]): Promise<CustomerRow[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("customer")
    .selectAll()
    .where("id", "in", [...ids])
    .execute();
}

export interface CustomerSearch {
  readonly clientId?: ClientId | undefined;
  /** Part of a name, a company, a mail address or a number; or a short number. */
  readonly text?: string | undefined;
  readonly digits?: string | undefined;
  readonly before?: TimeKey | undefined;
  readonly limit: number;
}

/** The most recently changed first. */
export async function searchCustomers(tx: Tx, search: CustomerSearch): Promise<CustomerRow[]> {
  let query = tx.selectFrom("customer").selectAll();
  if (search.clientId) query = query.where("clientId", "=", search.clientId);
  if (search.text) {
    const like = `%${search.text.replace(/[\\%_]/g, "\\$&")}%`;
    const digits = search.digits;
    query = query.where((eb) =>
      eb.or([
        eb("name", "ilike", like),
        eb("company", "ilike", like),
        ...(digits && /^\d{1,9}$/.test(digits) ? [eb("shortNumber", "=", Number(digits))] : []),
        eb.exists(
          eb
            .selectFrom("customerIdentifier as i")
            .select("i.customerId")
            .whereRef("i.customerId", "=", "customer.id")
            .where((inner) =>
              inner.or([
                inner("i.value", "ilike", like),
                ...(digits && digits.length >= 3 ? [inner("i.value", "like", `%${digits}%`)] : []),
              ]),
            ),
        ),
      ]),
    );
  }
  const { before } = search;
  if (before)
    query = query.where((eb) =>
      eb.or([
        eb("updatedAt", "<", before.at),
        eb.and([eb("updatedAt", "=", before.at), eb("id", "<", before.id)]),
      ]),
    );
  return query.orderBy("updatedAt", "desc").orderBy("id", "desc").limit(search.limit).execute();
}

/** The identifiers go with it. */
export async function deleteCustomer(tx: Tx, id: CustomerId): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom("customer").where("id", "=", id).executeTakeFirst();
  return numDeletedRows > 0n;
}
