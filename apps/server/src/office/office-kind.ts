import type { ConfigurationKind, FieldProblem, Permission, RouteAccess } from "@svara/contracts";
import type { z } from "zod";
import type { WriteContext } from "../configuration/index.ts";
import type { Tx } from "../database/index.ts";
import type { Caller, Place } from "../rights/access.ts";
import type { Catalogue } from "./catalogue.ts";

/** A configured thing as it is stored: `value` is what revisions keep, `extra` what is told beside it. */
export interface Stored<Value, Extra = unknown> {
  readonly id: string;
  readonly revision: number;
  readonly archived: boolean;
  readonly value: Value;
  readonly extra: Extra;
}

/** A thing that another one names, and the field in which it does. */
export interface Reference {
  readonly kind: ConfigurationKind;
  readonly id: string;
  readonly field: string;
}

export interface CheckContext {
  readonly id: string;
  readonly catalogue: Catalogue;
}

export interface GuardedChange<Value> {
  readonly caller: Caller;
  readonly id: string;
  readonly before: Value | null;
  readonly after: Value | null;
  readonly catalogue: Catalogue;
}

/**
 * One kind of configured thing: where it is stored, who may see and change it, what it names, what must hold.
 * `Value` is the whole of one without its id. Removing archives: the row stays for the names of the past.
 */
export interface OfficeKind<Value, Extra = unknown> {
  readonly kind: ConfigurationKind;
  /** Stored beside this kind: read anew when one of it changes. */
  readonly beside?: ConfigurationKind;
  /** One, in words: `queue`. */
  readonly word: string;
  readonly schema: z.ZodType<Value>;
  /** Fields of `Value` that are secrets. */
  readonly secrets?: readonly string[];
  readonly view: RouteAccess;
  readonly edit: Permission;
  /** Unique indexes and the field that is at fault when one is violated. */
  readonly unique: Readonly<Record<string, string>>;
  nameOf(value: Value): string | null;
  /** Where it stands, for scopes. */
  placeOf(value: Value, id: string): Place;
  references(value: Value): readonly Reference[];
  /** What must hold beside the schema. */
  check?(value: Value, context: CheckContext): readonly FieldProblem[];
  /** Refuses, by throwing, a change that nobody or not this caller may make. */
  guard?(change: GuardedChange<Value>): void;
  /** All, archived ones too. */
  load(tx: Tx): Promise<readonly Stored<Value, Extra>[]>;
  /** One that is not archived. */
  read(tx: Tx, id: string): Promise<Value | null>;
  /** Makes or changes one; brings an archived one back. */
  write(tx: Tx, id: string, value: Value, context: WriteContext): Promise<void>;
  archive(tx: Tx, id: string, context: WriteContext): Promise<void>;
}
