import { isDeepStrictEqual } from "node:util";
import { type ClientId, type Clock, Signal } from "@svara/kernel";
import type { Actor } from "@svara/ledger";
import {
  type Emit,
  type Ledger,
  lockConfigRevision,
  type Scope,
  type Tx,
  takeConfigRevision,
} from "../database/index.ts";
import type { ConfigKind } from "./config-kind.ts";
import { ConfigurationError } from "./configuration-error.ts";
import { redact, withoutRedacted } from "./redact.ts";

/** A wish to change one thing. */
export interface ChangeRequest {
  readonly actor: Actor;
  readonly kind: string;
  readonly id: string;
  /** The whole new value; null removes. */
  readonly value: unknown;
  /** The ETag or revision that the caller has seen; not given: whatever is there. */
  readonly ifMatch?: string | number;
  /** One line for the history. */
  readonly summary?: string;
}

/** What became of it. */
export interface ChangeResult {
  /** The revision in which the thing was last changed. */
  readonly revision: number;
  readonly etag: string;
  /** False when the thing already was so: no revision was made. */
  readonly changed: boolean;
  readonly before: unknown;
  readonly after: unknown;
}

/** One entry of the history. */
export interface Revision {
  readonly revision: number;
  readonly at: number;
  readonly actor: Actor;
  readonly clientId: ClientId | null;
  readonly kind: string;
  readonly entityId: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly summary: string;
  readonly undoes: number | null;
}

/** Told after the commit. */
export interface ConfigurationChanged {
  readonly revision: number;
  readonly kind: string;
  readonly entityId: string;
}

/** Where a thing's history begins when it was never changed through the door (made by a migration). */
const NEVER_CHANGED = 0;

/** The one door for configuration: every change is a numbered revision with the whole before and after. */
export class Configuration {
  /** Emits after the commit of each change, in order of revisions within this process. */
  readonly changed = new Signal<ConfigurationChanged>();
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #kinds = new Map<string, ConfigKind<unknown>>();

  constructor(parts: { readonly ledger: Ledger; readonly clock: Clock }) {
    this.#ledger = parts.ledger;
    this.#clock = parts.clock;
    parts.ledger.appended.on((draft) => {
      if (draft.type !== "config.changed") return;
      const { revision, kind, entityId } = draft.payload;
      parts.ledger.configurationChanged(revision);
      this.changed.emit({ revision, kind, entityId });
    });
  }

  /** Makes a kind known. */
  register<T>(kind: ConfigKind<T>): void {
    if (!/^[a-z][a-z0-9_]*$/.test(kind.name)) throw new Error(`not a word for a kind: ${kind.name}`);
    if (this.#kinds.has(kind.name)) throw new Error(`configuration kind ${kind.name} is registered twice`);
    this.#kinds.set(kind.name, kind as ConfigKind<unknown>);
  }

  /** `change` in a transaction of its own. */
  apply(scope: Scope, request: ChangeRequest): Promise<ChangeResult> {
    return this.#ledger.transaction(scope, (tx, emit) => this.change(tx, emit, request));
  }

  /**
   * Changes one thing within the caller's transaction. The caller has checked the right to do so.
   * @throws ConfigurationError `config_invalid` (with the field), `config_changed_meanwhile`, `config_not_found`, `config_kind_unknown`
   */
  async change(tx: Tx, emit: Emit, request: ChangeRequest): Promise<ChangeResult> {
    return this.#change(tx, emit, request, null);
  }

  /**
   * Puts back what was before a revision, as a new revision. Secrets that the revision changed stay as they are.
   * @throws ConfigurationError `config_revision_unknown`; `config_undo_outdated` when the thing was changed again since
   */
  async undo(
    tx: Tx,
    emit: Emit,
    request: { readonly revision: number; readonly actor: Actor; readonly summary?: string },
  ): Promise<ChangeResult> {
    await lockConfigRevision(tx);
    const row = await tx
      .selectFrom("configRevision")
      .selectAll()
      .where("revision", "=", request.revision)
      .executeTakeFirst();
    if (!row) {
      throw new ConfigurationError("config_revision_unknown", `there is no revision ${request.revision}`);
    }
    const latest = await this.revisionOf(tx, row.kind, row.entityId);
    if (latest !== row.revision) {
      throw new ConfigurationError(
        "config_undo_outdated",
        `revision ${row.revision} cannot be undone alone: ${row.kind} was changed again by revision ${latest}`,
      );
    }
    return this.#change(
      tx,
      emit,
      {
        actor: request.actor,
        kind: row.kind,
        id: row.entityId,
        value: withoutRedacted(row.before),
        ...(request.summary !== undefined && { summary: request.summary }),
      },
      row.revision,
    );
  }

  /** The revision in which a thing was last changed; 0 when never. */
  async revisionOf(tx: Tx, kind: string, id: string): Promise<number> {
    const row = await tx
      .selectFrom("configRevision")
      .select((eb) => eb.fn.max("revision").as("revision"))
      .where("kind", "=", kind)
      .where("entityId", "=", id)
      .executeTakeFirst();
    return row?.revision ?? NEVER_CHANGED;
  }

  /** A thing with its ETag, or null. */
  async read(tx: Tx, kindName: string, id: string): Promise<{ value: unknown; etag: string } | null> {
    const value = await this.#kind(kindName).read(tx, id);
    return value === null ? null : { value, etag: etagOf(await this.revisionOf(tx, kindName, id)) };
  }

  /** Revisions, newest first; `before` is the cursor. */
  async history(
    tx: Tx,
    filter: {
      readonly kind?: string;
      readonly entityId?: string;
      readonly before?: number;
      readonly limit?: number;
    } = {},
  ): Promise<Revision[]> {
    const { kind, entityId, before } = filter;
    let query = tx.selectFrom("configRevision").selectAll();
    if (kind !== undefined) query = query.where("kind", "=", kind);
    if (entityId !== undefined) query = query.where("entityId", "=", entityId);
    if (before !== undefined) query = query.where("revision", "<", before);
    const rows = await query
      .orderBy("revision", "desc")
      .limit(filter.limit ?? 50)
      .execute();
    return rows.map((row) => ({ ...row, actor: row.actor as Actor }));
  }

  async #change(tx: Tx, emit: Emit, request: ChangeRequest, undoes: number | null): Promise<ChangeResult> {
    const kind = this.#kind(request.kind);
    const value = request.value === null ? null : parse(kind, request.value);
    const counter = await lockConfigRevision(tx);
    const last = await this.revisionOf(tx, kind.name, request.id);
    refuseOutdated(request, last);
    const before = await kind.read(tx, request.id);
    if (before === null && value === null) {
      throw new ConfigurationError("config_not_found", `there is no ${kind.name} ${request.id}`);
    }
    const secrets = kind.secrets ?? [];
    const revision = counter + 1;
    const at = this.#clock.now();
    if (isDeepStrictEqual(before, value)) {
      return { revision: last, etag: etagOf(last), changed: false, before, after: before };
    }
    await kind.write(tx, request.id, value, { actor: request.actor, at, revision });
    const after = value === null ? null : await kind.read(tx, request.id);
    const owner = kind.clientOf?.(value ?? before);
    await takeConfigRevision(tx, revision);
    await tx
      .insertInto("configRevision")
      .values({
        revision,
        at,
        actor: request.actor,
        clientId: owner ?? null,
        kind: kind.name,
        entityId: request.id,
        before: json(redact(before, secrets)),
        after: json(redact(withSecrets(after, value, secrets), secrets)),
        summary: request.summary ?? "",
        undoes,
      })
      .execute();
    emit({
      type: "config.changed",
      at,
      actor: request.actor,
      ...(owner !== undefined && { clientId: owner }),
      payload: { revision, kind: kind.name, entityId: request.id, ...(undoes !== null && { undoes }) },
    });
    return { revision, etag: etagOf(revision), changed: true, before, after };
  }

  #kind(name: string): ConfigKind<unknown> {
    const kind = this.#kinds.get(name);
    if (kind) return kind;
    throw new ConfigurationError("config_kind_unknown", `there is no configuration of kind ${name}`);
  }
}

/** The strong ETag (RFC 9110, section 8.8.3) of a thing that was last changed by `revision`. */
export function etagOf(revision: number): string {
  return `"r${revision}"`;
}

function refuseOutdated(request: ChangeRequest, last: number): void {
  const { ifMatch } = request;
  if (ifMatch === undefined || ifMatch === "*" || ifMatch === last) return;
  if (typeof ifMatch === "string" && ifMatch.split(",").some((tag) => tag.trim() === etagOf(last))) return;
  throw new ConfigurationError(
    "config_changed_meanwhile",
    `the ${request.kind} was changed meanwhile (revision ${last}); look at it again`,
  );
}

function parse(kind: ConfigKind<unknown>, value: unknown): unknown {
  const parsed = kind.schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join(".");
  throw new ConfigurationError(
    "config_invalid",
    `${field || kind.name}: ${issue?.message ?? "invalid"}`,
    field,
  );
}

/** What was read back, with the secrets of the written value where the history shall say that they were set. */
function withSecrets(after: unknown, written: unknown, secrets: readonly string[]): unknown {
  return secrets.reduce<unknown>((merged, path) => mergePath(merged, written, path.split(".")), after);
}

function mergePath(target: unknown, source: unknown, path: readonly string[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined || !isRecord(source) || source[head] === undefined) return target;
  if (!isRecord(target)) return target;
  const inner = rest.length === 0 ? source[head] : mergePath(target[head], source[head], rest);
  return { ...target, [head]: inner };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function json(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
