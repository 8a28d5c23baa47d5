import type { ClientId, Clock, CustomerId, Ids } from "@svara/kernel";
import type { Tx } from "../database/index.ts";
import { conflict, invalid, notFound } from "../http/http-error.ts";
import type { TimeKey } from "../office/page.ts";
import {
  type CustomerFields,
  type CustomerRow,
  customersByIds,
  deleteCustomer,
  findByIdentifier,
  type Identifier,
  identifiersOf,
  insertCustomer,
  replaceIdentifiers,
  searchCustomers,
  updateCustomer,
} from "./customer.repository.ts";
import { normaliseIdentifier } from "./phone-number.ts";
import { nextShortNumber } from "./short-number.ts";

/** A customer as lists and the desk show one. */
export interface CustomerCard {
  readonly id: CustomerId;
  readonly clientId: ClientId;
  readonly shortNumber: number;
  readonly name: string | null;
  readonly number: string | null;
}

export interface CustomerDraft extends CustomerFields {
  readonly identifiers: readonly Identifier[];
}

export interface CustomerRecord extends CustomerRow {
  readonly identifiers: readonly Identifier[];
}

interface Parts {
  readonly ids: Ids;
  readonly clock: Clock;
  /** The country in which a client's numbers are read. */
  readonly countryOf: (clientId: ClientId) => string;
}

/** Those who contact a client and are contacted. All personal data here is erasable. */
export class Customers {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws HttpError 404 */
  async get(tx: Tx, id: CustomerId): Promise<CustomerRecord> {
    const [row] = await customersByIds(tx, [id]);
    if (!row) throw notFound("customer");
    return { ...row, identifiers: (await identifiersOf(tx, [id])).get(id) ?? [] };
  }

  async list(
    tx: Tx,
    search: {
      readonly clientId?: ClientId | undefined;
      readonly text?: string | undefined;
      readonly before?: TimeKey | undefined;
      readonly limit: number;
    },
  ): Promise<CustomerRecord[]> {
    const rows = await searchCustomers(tx, { ...search, digits: digitsOf(search.text) });
    const identifiers = await identifiersOf(
      tx,
      rows.map((row) => row.id),
    );
    return rows.map((row) => ({ ...row, identifiers: identifiers.get(row.id) ?? [] }));
  }

  /** Cards by id, for those who show contacts. */
  async cards(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, CustomerCard>> {
    const rows = await customersByIds(tx, ids);
    const identifiers = await identifiersOf(tx, ids);
    return new Map(
      rows.map((row) => {
        const phone = identifiers.get(row.id)?.find((identifier) => identifier.kind === "phone");
        return [row.id, cardOf(row, phone?.value ?? null)];
      }),
    );
  }

  /** Ids of the customers that a search finds, for the search of contacts; at most `limit`. */
  async idsMatching(tx: Tx, text: string, limit: number): Promise<string[]> {
    const rows = await searchCustomers(tx, { text, digits: digitsOf(text), limit });
    return rows.map((row) => row.id);
  }

  async create(tx: Tx, clientId: ClientId, draft: CustomerDraft): Promise<CustomerRecord> {
    const identifiers = await this.#checked(tx, clientId, draft.identifiers, undefined);
    const id = this.#parts.ids.next();
    const shortNumber = await nextShortNumber(tx, clientId, "customer");
    await insertCustomer(tx, { id, clientId, shortNumber, ...fieldsOf(draft), at: this.#parts.clock.now() });
    await replaceIdentifiers(tx, { id, clientId }, identifiers);
    return this.get(tx, id);
  }

  async replace(tx: Tx, id: CustomerId, draft: CustomerDraft): Promise<CustomerRecord> {
    const { clientId } = await this.get(tx, id);
    const identifiers = await this.#checked(tx, clientId, draft.identifiers, id);
    await updateCustomer(tx, id, fieldsOf(draft), this.#parts.clock.now());
    await replaceIdentifiers(tx, { id, clientId }, identifiers);
    return this.get(tx, id);
  }

  /** Deletes the customer with all identifiers; contacts keep no more than an id. */
  async erase(tx: Tx, id: CustomerId): Promise<CustomerRecord> {
    const customer = await this.get(tx, id);
    await deleteCustomer(tx, id);
    return customer;
  }

  async #checked(
    tx: Tx,
    clientId: ClientId,
    identifiers: readonly Identifier[],
    owner: CustomerId | undefined,
  ): Promise<Identifier[]> {
    const country = this.#parts.countryOf(clientId);
    const kept: Identifier[] = [];
    for (const [index, identifier] of identifiers.entries()) {
      const field = `identifiers.${index}.value`;
      const value = normaliseIdentifier(identifier, country);
      if (value === null)
        throw invalid([
          {
            field,
            code: "wrong_format",
            message: identifier.kind === "phone" ? "not a number" : "not a mail address",
          },
        ]);
      if (kept.some((other) => other.kind === identifier.kind && other.value === value)) continue;
      const holder = await findByIdentifier(tx, clientId, { kind: identifier.kind, value });
      if (holder && holder.id !== owner)
        throw conflict("taken", `Customer ${holder.shortNumber} has ${value} already`, field);
      kept.push({ kind: identifier.kind, value });
    }
    return kept;
  }
}

function fieldsOf({ name, company, language, type, segment, value, notes }: CustomerDraft): CustomerFields {
  return { name: name || null, company: company || null, language, type, segment, value, notes };
}

function cardOf(row: CustomerRow, number: string | null): CustomerCard {
  return { id: row.id, clientId: row.clientId, shortNumber: row.shortNumber, name: row.name, number };
}

/** The digits of a search that looks like a number. */
function digitsOf(text: string | undefined): string | undefined {
  if (!text || !/^[+\d\s().\-/#]+$/.test(text)) return undefined;
  return text.replace(/\D/g, "") || undefined;
}
