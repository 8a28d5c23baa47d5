import type { ClientId } from "@svara/kernel";
import type { Actor } from "@svara/ledger";
import type { ZodType } from "zod";
import type { Tx } from "../database/index.ts";

/** Who changes what, as a kind's `write` may want to store it. */
export interface WriteContext {
  readonly actor: Actor;
  readonly at: number;
  readonly revision: number;
}

/**
 * One kind of thing that is configured (a queue, a role, a trunk). A capability registers its kinds and gets revisions,
 * history, undo, `config.changed` events and ETags. `T` is the whole of one thing as plain JSON, without its id.
 */
export interface ConfigKind<T> {
  /** A word: `queue`, `entry_point`. Never changed once released: revisions name it. */
  readonly name: string;
  readonly schema: ZodType<T>;
  /**
   * Dotted paths of secrets in `T`, which must be optional there: absent in `write` means "as it is". `read` does not
   * return them. A revision stores only that one was set.
   */
  readonly secrets?: readonly string[];
  /** The client that owns it, for the scope in which its revisions are seen; the centre when not given. */
  clientOf?(value: T): ClientId | undefined;
  /** The thing as it is now, or null. */
  read(tx: Tx, id: string): Promise<T | null>;
  /** Makes, changes or, with null, removes it. Throws an error with a code when references forbid that. */
  write(tx: Tx, id: string, value: T | null, context: WriteContext): Promise<void>;
}
