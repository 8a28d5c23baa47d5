import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Ids } from "@svara/kernel";
import { centreKind } from "../clients/centre-kind.ts";
import type { Configuration } from "../configuration/index.ts";
import { WHOLE_CENTRE } from "../database/index.ts";
import { conflict, HttpError } from "../http/http-error.ts";
import type { Office } from "../office/office.ts";
import type { Audit } from "./audit.ts";
import type { Identity, SignedIn } from "./identity.ts";
import { roleKind } from "./role-kind.ts";
import { type UserValue, userKind } from "./user-kind.ts";

interface Parts {
  readonly office: Office;
  readonly configuration: Configuration;
  readonly identity: Identity;
  readonly audit: Audit;
  readonly ids: Ids;
  readonly centreId: string;
}

export interface FirstAdministrator {
  readonly token: string;
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  readonly language: UserValue["language"];
  readonly centreName?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly country?: string | undefined;
}

/** The first administrator, made by whoever has the link that was printed at the start. */
export class FirstRun {
  readonly #parts: Parts;
  #token: string | undefined = randomBytes(24).toString("base64url");

  constructor(parts: Parts) {
    this.#parts = parts;
    if (!this.needed) this.#token = undefined;
  }

  /** No user exists yet. */
  get needed(): boolean {
    return this.#parts.office.catalogue.inUse(userKind).length === 0;
  }

  /** The one-time token; undefined once it was used or is not needed. */
  get token(): string | undefined {
    return this.#token;
  }

  /** Path of the link, with the one-time token in the fragment: it is in no server's log. */
  get path(): string | undefined {
    return this.#token === undefined ? undefined : `/first-run#token=${this.#token}`;
  }

  /** @throws HttpError 403 `first_run_token`, 409 `first_run_over` */
  async create(wanted: FirstAdministrator, address: string): Promise<SignedIn> {
    const { office, identity, audit, ids } = this.#parts;
    if (!this.needed || this.#token === undefined)
      throw conflict("first_run_over", "The first administrator has been created already");
    if (!same(wanted.token, this.#token))
      throw new HttpError("The link is not the one printed at the last start", {
        status: 403,
        code: "first_run_token",
      });
    const token = this.#token;
    this.#token = undefined; // one use, also of two at once
    try {
      const userId = ids.next();
      await this.#nameCentre(wanted, userId);
      await this.#makeUser(wanted, userId);
      await office.settled();
      await identity.setPassword(userId, wanted.password, false);
      await audit.note({ action: "first_administrator", userId, address });
      return await identity.signIn(wanted.username, wanted.password, address);
    } catch (error) {
      if (this.needed) this.#token = token;
      throw error;
    }
  }

  async #nameCentre(wanted: FirstAdministrator, userId: string): Promise<void> {
    const { office, configuration, centreId } = this.#parts;
    const centre = office.catalogue.get(centreKind, centreId);
    if (!centre) return;
    await configuration.apply(WHOLE_CENTRE, {
      actor: `user:${userId}`,
      kind: "centre",
      id: centreId,
      value: {
        ...centre.value,
        language: wanted.language,
        ...(wanted.centreName !== undefined && { name: wanted.centreName }),
        ...(wanted.timeZone !== undefined && { timeZone: wanted.timeZone }),
        ...(wanted.country !== undefined && { country: wanted.country }),
      },
    });
  }

  async #makeUser(wanted: FirstAdministrator, userId: string): Promise<void> {
    const { office, configuration } = this.#parts;
    const role = office.catalogue.inUse(roleKind).find((one) => one.extra.preset === "administrator");
    if (!role) throw new Error("the role administrator is missing");
    const value: UserValue = {
      username: wanted.username,
      displayName: wanted.displayName,
      email: null,
      language: wanted.language,
      active: true,
      grants: [{ roleId: role.id, scope: { kind: "centre" } }],
      agent: null,
    };
    await configuration.apply(WHOLE_CENTRE, { actor: `user:${userId}`, kind: "user", id: userId, value });
  }
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
