import type { ConfigurationKind, FieldProblem } from "@svara/contracts";
import { type Ids, Signal } from "@svara/kernel";
import type { Kysely } from "kysely";
import type { ChangeResult, ConfigKind, Configuration, Revision } from "../configuration/index.ts";
import { type DB, type Ledger, type Scope, type Tx, WHOLE_CENTRE, withScope } from "../database/index.ts";
import { conflict, forbidden, HttpError, invalid, notFound } from "../http/http-error.ts";
import type { Caller, Place } from "../rights/access.ts";
import { Catalogue } from "./catalogue.ts";
import type { OfficeKind, Reference, Stored } from "./office-kind.ts";

/** Told when the catalogue holds the change. */
export interface OfficeChange {
  readonly revision: number;
  readonly kind: ConfigurationKind;
  readonly id: string;
}

export interface ChangeOptions {
  /** The revision that the caller has seen. */
  readonly ifMatch?: number | undefined;
  readonly summary?: string;
}

interface OfficeParts {
  readonly db: Kysely<DB>;
  readonly ledger: Ledger;
  readonly configuration: Configuration;
  readonly ids: Ids;
}

/** Everything that is configured: rights and references are checked here, revisions are made by the door. */
export class Office {
  readonly catalogue = new Catalogue();
  /** After the catalogue has been read anew. */
  readonly changed = new Signal<OfficeChange>();
  readonly #parts: OfficeParts;
  readonly #kinds = new Map<ConfigurationKind, OfficeKind<unknown>>();
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: OfficeParts) {
    this.#parts = parts;
    parts.configuration.changed.on((change) => {
      const kind = change.kind as ConfigurationKind;
      this.#reading = this.#reading
        .then(() => this.reload(kind))
        .then(() => this.changed.emit({ revision: change.revision, kind, id: change.entityId }));
    });
  }

  get revision(): number {
    return this.#parts.ledger.configRevision;
  }

  /** Makes a kind known and registers it at the configuration's door. */
  register<Value, Extra>(kind: OfficeKind<Value, Extra>): void {
    this.#kinds.set(kind.kind, kind as unknown as OfficeKind<unknown>);
    this.#parts.configuration.register(doorKind(kind));
  }

  /** Reads everything into the catalogue. */
  async open(): Promise<void> {
    for (const kind of this.#kinds.keys()) await this.reload(kind);
  }

  /** Reads one kind into the catalogue. */
  async reload(kind: ConfigurationKind): Promise<void> {
    const known = this.#kinds.get(kind);
    if (!known) return;
    const stored = await withScope(this.#parts.db, WHOLE_CENTRE, (tx) => known.load(tx));
    this.catalogue.replace(kind, stored);
    for (const other of this.#kinds.values()) if (other.beside === kind) await this.reload(other.kind);
  }

  /** One that the caller may see. @throws HttpError 404 */
  see<Value, Extra>(caller: Caller, kind: OfficeKind<Value, Extra>, id: string): Stored<Value, Extra> {
    const stored = this.catalogue.get(kind, id);
    if (!stored || !this.maySee(caller, kind, kind.placeOf(stored.value, id))) throw notFound(kind.word);
    return stored;
  }

  maySee<Value, Extra>(caller: Caller, kind: OfficeKind<Value, Extra>, place: Place): boolean {
    const { view } = kind;
    if (view !== "signed_in" && view !== "public") return caller.access.covers(view, place);
    return !place.clientId || caller.access.reachesClient(place.clientId);
  }

  async create<Value, Extra>(
    caller: Caller,
    kind: OfficeKind<Value, Extra>,
    value: Value,
    options: ChangeOptions = {},
  ): Promise<Stored<Value, Extra>> {
    return this.#change(caller, kind, this.#parts.ids.next(), null, value, options);
  }

  async replace<Value, Extra>(
    caller: Caller,
    kind: OfficeKind<Value, Extra>,
    id: string,
    value: Value,
    options: ChangeOptions = {},
  ): Promise<Stored<Value, Extra>> {
    const before = this.#existing(caller, kind, id);
    return this.#change(caller, kind, id, before, value, options);
  }

  async remove<Value, Extra>(
    caller: Caller,
    kind: OfficeKind<Value, Extra>,
    id: string,
    options: ChangeOptions = {},
  ): Promise<void> {
    const before = this.#existing(caller, kind, id);
    this.#allow(caller, kind, id, before, null);
    this.#refuseInUse(kind.kind, id, kind.word);
    await this.#change(caller, kind, id, before, null, options);
  }

  /** Puts back what was before a revision. @throws HttpError 403, 404, 409 */
  async undo(caller: Caller, revision: number): Promise<ChangeResult> {
    const [entry] = await this.history({ before: revision + 1, limit: 1 });
    const kind = entry && this.#kinds.get(entry.kind as ConfigurationKind);
    if (!entry || entry.revision !== revision || !kind) throw notFound("revision");
    const { before, after } = entry;
    this.#allow(caller, kind, entry.entityId, after, before);
    if (before === null) this.#refuseInUse(kind.kind, entry.entityId, kind.word);
    else this.refuseFaulty(kind, entry.entityId, before);
    const result = await named(kind, () =>
      this.#parts.ledger.transaction(WHOLE_CENTRE, (tx, emit) =>
        this.#parts.configuration.undo(tx, emit, { revision, actor: caller.actor }),
      ),
    );
    await this.settled();
    return result;
  }

  /** Revisions, newest first. */
  history(filter: Parameters<Configuration["history"]>[1]): Promise<Revision[]> {
    return withScope(this.#parts.db, WHOLE_CENTRE, (tx) => this.#parts.configuration.history(tx, filter));
  }

  /** The kind by its word. */
  kind(kind: ConfigurationKind): OfficeKind<unknown> | undefined {
    return this.#kinds.get(kind);
  }

  /** Resolves when the catalogue holds everything committed so far. */
  settled(): Promise<void> {
    return this.#reading;
  }

  #existing<Value, Extra>(caller: Caller, kind: OfficeKind<Value, Extra>, id: string): Value {
    const stored = this.catalogue.get(kind, id);
    const place = stored && kind.placeOf(stored.value, id);
    if (!stored || stored.archived || !place) throw notFound(kind.word);
    if (!caller.access.covers(kind.edit, place) && !this.maySee(caller, kind, place))
      throw notFound(kind.word);
    return stored.value;
  }

  async #change<Value, Extra>(
    caller: Caller,
    kind: OfficeKind<Value, Extra>,
    id: string,
    before: Value | null,
    after: Value | null,
    options: ChangeOptions,
  ): Promise<Stored<Value, Extra>> {
    this.#allow(caller, kind, id, before, after);
    if (after !== null) this.refuseFaulty(kind, id, after);
    const scope = scopeOf(caller, kind);
    await named(kind, () =>
      this.#parts.configuration.apply(scope, {
        actor: caller.actor,
        kind: kind.kind,
        id,
        value: after,
        ...(options.ifMatch !== undefined && { ifMatch: options.ifMatch }),
        ...(options.summary !== undefined && { summary: options.summary }),
      }),
    );
    await this.settled();
    const stored = this.catalogue.get(kind, id);
    if (!stored) throw notFound(kind.word);
    return stored;
  }

  /** The right is needed for where the thing stands and for where it will stand. */
  #allow<Value, Extra>(
    caller: Caller,
    kind: OfficeKind<Value, Extra>,
    id: string,
    before: Value | null,
    after: Value | null,
  ): void {
    for (const value of [before, after])
      if (value !== null && !caller.access.covers(kind.edit, kind.placeOf(value, id)))
        throw forbidden(kind.edit);
    kind.guard?.({ caller, id, before, after, catalogue: this.catalogue });
  }

  /** @throws HttpError 400 that names each field that does not hold */
  refuseFaulty<Value, Extra>(kind: OfficeKind<Value, Extra>, id: string, value: Value): void {
    const errors: FieldProblem[] = [];
    const owner = kind.placeOf(value, id).clientId;
    for (const reference of kind.references(value)) {
      const fault = this.#referenceFault(reference, owner);
      if (fault) errors.push(fault);
    }
    if (errors.length === 0) errors.push(...(kind.check?.(value, { id, catalogue: this.catalogue }) ?? []));
    if (errors.length > 0) throw invalid(errors);
  }

  /** What is named must be in use, and of the same client or of none. */
  #referenceFault(reference: Reference, owner: string | null | undefined): FieldProblem | undefined {
    const { kind, id, field } = reference;
    const found = this.catalogue.find(kind, id);
    if (!found)
      return { field, code: "unknown", message: `there is no such ${this.#kinds.get(kind)?.word ?? kind}` };
    const other = this.#kinds.get(kind)?.placeOf(found.value, id).clientId;
    if (kind !== "client" && owner && other && other !== owner)
      return { field, code: "other_client", message: "belongs to another client" };
    return undefined;
  }

  #refuseInUse(kind: ConfigurationKind, id: string, word: string): void {
    const users: string[] = [];
    for (const other of this.#kinds.values())
      for (const stored of this.catalogue.inUse(other))
        if (
          other.references(stored.value).some((reference) => reference.kind === kind && reference.id === id)
        )
          users.push(`${other.word} ${other.nameOf(stored.value) ?? stored.id}`);
    if (users.length === 0) return;
    const shown = users.slice(0, 5).join(", ");
    throw conflict("in_use", `The ${word} is used by ${shown}${users.length > 5 ? " and others" : ""}`);
  }
}

/** Writing is bounded to the clients of the right, so that a fault of ours cannot reach another's rows. */
function scopeOf<Value, Extra>(caller: Caller, kind: OfficeKind<Value, Extra>): Scope {
  const clients = caller.access.clientsOf(kind.edit);
  return { clients: clients === "all" ? "all-of-centre" : clients };
}

function doorKind<Value, Extra>(kind: OfficeKind<Value, Extra>): ConfigKind<Value> {
  return {
    name: kind.kind,
    schema: kind.schema,
    ...(kind.secrets && { secrets: kind.secrets }),
    clientOf: (value) => kind.placeOf(value, "").clientId ?? undefined,
    read: (tx, id) => kind.read(tx, id),
    write: (tx: Tx, id, value, context) =>
      value === null ? kind.archive(tx, id, context) : kind.write(tx, id, value, context),
  };
}

/** Runs a change; a unique index that is hit is told as the field at fault. */
async function named<Value, Extra, Result>(
  kind: OfficeKind<Value, Extra>,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const index = uniqueViolation(error);
    if (index === undefined) throw error;
    const field = kind.unique[index];
    throw new HttpError(`Another ${kind.word} has this ${field ?? "name"} already`, {
      status: 409,
      code: "taken",
      cause: error,
      ...(field !== undefined && { field, errors: [{ field, code: "taken", message: "is taken" }] }),
    });
  }
}

/** The index of a PostgreSQL unique violation (23505), also as the cause of another error. */
function uniqueViolation(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("code" in error && error.code === "23505" && "constraint" in error) return String(error.constraint);
  return uniqueViolation(error.cause);
}
