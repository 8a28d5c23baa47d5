import { type AnswerOf, api } from "@svara/contracts";
import type { TFunction } from "i18next";
import { useEntities } from "../entity/crud.ts";

export type Role = AnswerOf<typeof api.roles.get>;

const PRESETS = ["administrator", "supervisor", "agent"] as const;
type Preset = (typeof PRESETS)[number];

/** The name of a role: the centre's own, or the catalogue's for a preset. */
export function roleName(role: Pick<Role, "name" | "preset">, t: TFunction): string {
  if (role.name !== null) return role.name;
  return (PRESETS as readonly (string | null)[]).includes(role.preset)
    ? t(`role.${role.preset as Preset}`)
    : (role.preset ?? "?");
}

/** Roles, presets first. */
export function useRoles(): readonly Role[] {
  const list = useEntities("role", api.roles);
  const rank = (role: Role): number =>
    role.preset === null ? PRESETS.length : PRESETS.indexOf(role.preset as Preset);
  return [...(list.data ?? [])].sort(
    (a, b) => rank(a) - rank(b) || (a.name ?? "").localeCompare(b.name ?? ""),
  );
}
