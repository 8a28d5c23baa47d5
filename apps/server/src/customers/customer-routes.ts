import type { Permission } from "@svara/contracts";
import { api, type Customer } from "@svara/contracts";
import type { Kysely } from "kysely";
import { clientKind } from "../clients/client-kind.ts";
import { contactCountsOf } from "../contacts/contact-counts.ts";
import type { Erasure } from "../contacts/erasure.ts";
import { type DB, type Scope, type Tx, withScope } from "../database/index.ts";
import type { HttpCore } from "../http/http-core.ts";
import { forbidden, invalid, notFound } from "../http/http-error.ts";
import type { Audit } from "../identity/audit.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Office } from "../office/office.ts";
import { decodeCursor, encodeCursor } from "../office/page.ts";
import type { Caller } from "../rights/access.ts";
import type { CustomerRecord, Customers } from "./customers.ts";

interface Parts {
  readonly http: HttpCore;
  readonly db: Kysely<DB>;
  readonly customers: Customers;
  readonly erasure: Erasure;
  readonly office: Office;
  readonly audit: Audit;
  readonly live: Pick<LiveService, "customerChanged" | "contactsErased">;
}

/** Customers of the clients that the caller's grants reach. */
export function mountCustomerRoutes(parts: Parts): void {
  const { http, db, customers, erasure, office, audit, live } = parts;

  http.mount(api.customers.list, async ({ caller, query }) => {
    const limit = Math.min(query?.limit ?? 50, 500);
    return withScope(db, scopeOf(caller, "customers.view"), async (tx) => {
      const rows = await customers.list(tx, {
        clientId: query?.clientId,
        text: query?.search || undefined,
        before: query?.cursor ? decodeCursor(query.cursor) : undefined,
        limit: limit + 1,
      });
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: await entities(tx, shown),
        nextCursor: rows.length > limit && last ? encodeCursor({ at: last.updatedAt, id: last.id }) : null,
      };
    });
  });
  http.mount(api.customers.get, async ({ caller, params }) =>
    withScope(db, scopeOf(caller, "customers.view"), async (tx) =>
      entity(tx, await customers.get(tx, params.id)),
    ),
  );
  http.mount(api.customers.create, async ({ caller, body }) => {
    const client = office.catalogue.get(clientKind, body.clientId);
    if (!client || client.archived)
      throw invalid([{ field: "clientId", code: "unknown", message: "there is no such client" }]);
    if (!reaches(caller, "customers.edit", client.id)) throw forbidden("customers.edit");
    return withScope(db, { clients: [client.id] }, async (tx) =>
      entity(tx, await customers.create(tx, client.id, body)),
    );
  });
  http.mount(api.customers.replace, async ({ caller, params, body }) => {
    const changed = await withScope(db, scopeOf(caller, "customers.edit"), async (tx) =>
      entity(tx, await customers.replace(tx, params.id, body)),
    );
    live.customerChanged(params.id, changed.name);
    return changed;
  });
  http.mount(api.customers.erase, async ({ caller, params }) => {
    const scope = scopeOf(caller, "customers.erase");
    const customer = await withScope(db, scope, (tx) => customers.get(tx, params.id));
    if (!reaches(caller, "customers.erase", customer.clientId)) throw notFound("customer");
    const { contacts, recordings } = await erasure.eraseCustomer(customer, (tx) =>
      audit.noteIn(tx, {
        action: "customer_erased",
        userId: caller.userId,
        address: caller.address,
        clientId: customer.clientId,
        subjectId: customer.id,
      }),
    );
    live.contactsErased(contacts);
    return { contacts: contacts.length, recordings };
  });
}

function scopeOf(caller: Caller, permission: Permission): Scope {
  const clients = caller.access.clientsOf(permission);
  return { clients: clients === "all" ? "all-of-centre" : clients };
}

function reaches(caller: Caller, permission: Permission, clientId: string): boolean {
  const clients = caller.access.clientsOf(permission);
  return clients === "all" || clients.includes(clientId);
}

async function entity(tx: Tx, record: CustomerRecord): Promise<Customer> {
  const [told] = await entities(tx, [record]);
  if (!told) throw notFound("customer");
  return told;
}

async function entities(tx: Tx, records: readonly CustomerRecord[]): Promise<Customer[]> {
  const counts = await contactCountsOf(
    tx,
    records.map((record) => record.id),
  );
  return records.map((record) => ({
    id: record.id,
    clientId: record.clientId,
    shortNumber: record.shortNumber,
    name: record.name,
    company: record.company,
    language: record.language as Customer["language"],
    type: record.type as Customer["type"],
    segment: record.segment,
    value: record.value,
    notes: record.notes,
    identifiers: record.identifiers.map((identifier) => ({ ...identifier })),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    lastContactAt: counts.get(record.id)?.lastAt ?? null,
    contactCount: counts.get(record.id)?.count ?? 0,
  }));
}
