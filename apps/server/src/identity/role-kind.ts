import { type Permission, permission } from "@svara/contracts";
import { z } from "zod";
import { conflict, forbidden } from "../http/http-error.ts";
import type { OfficeKind } from "../office/office-kind.ts";
import { tableKind } from "../office/table-kind.ts";

const roleValue = z.object({ name: z.string().nullable(), permissions: z.array(permission) });
export type RoleValue = z.output<typeof roleValue>;

export interface RoleExtra {
  /** Set for the roles that come with Svara. */
  readonly preset: string | null;
}

/** Named sets of permissions. Nobody puts into a role what they do not hold over the whole centre. */
export const roleKind: OfficeKind<RoleValue, RoleExtra> = tableKind<RoleValue, RoleExtra>(
  {
    kind: "role",
    word: "role",
    schema: roleValue,
    view: "roles.view",
    edit: "roles.edit",
    unique: { role_name_unique: "name" },
    nameOf: (role) => role.name,
    placeOf: () => ({}),
    references: () => [],
    guard({ caller, id, before, after, catalogue }) {
      if (before && catalogue.get(roleKind, id)?.extra.preset)
        throw conflict("preset_role", "The roles that come with Svara stay as they are; copy one");
      for (const held of [before, after])
        for (const name of held?.permissions ?? [])
          if (!caller.access.hasEverywhere(name)) throw forbidden(name);
    },
  },
  {
    table: "role",
    toRow: (role) => ({ ...role }),
    fromRow: (row) => ({ name: row.name as string | null, permissions: row.permissions as Permission[] }),
    extraOf: (row) => ({ preset: row.preset as string | null }),
  },
);
