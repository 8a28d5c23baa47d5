import { agentProfile, grant, language, username } from "@svara/contracts";
import { isEmergency } from "@svara/dialing";
import { z } from "zod";
import { conflict, HttpError } from "../http/http-error.ts";
import type { Catalogue } from "../office/catalogue.ts";
import type { GuardedChange, OfficeKind, Reference } from "../office/office-kind.ts";
import { optionalReference } from "../office/own-client.ts";
import { accessOf } from "./held-grants.ts";
import { roleKind } from "./role-kind.ts";
import { archiveUser, loadUsers, readUser, writeUser } from "./user.repository.ts";

export const userValue = z.object({
  username,
  displayName: z.string().trim().min(1).max(120),
  email: z.email().nullable(),
  language,
  active: z.boolean(),
  grants: z.array(grant).max(50),
  agent: agentProfile.nullable(),
});
export type UserValue = z.output<typeof userValue>;

/** People who sign in, what they may do, and for agents where they work and what they can. */
export const userKind: OfficeKind<UserValue, Record<never, never>> = {
  kind: "user",
  word: "user",
  schema: userValue,
  view: "users.view",
  edit: "users.edit",
  unique: { user_account_username_unique: "username", agent_extension_unique: "agent.extension" },
  nameOf: (user) => user.displayName,
  placeOf: (user) => ({ teamId: user.agent?.teamId ?? null, siteId: user.agent?.siteId ?? null }),
  references: (user) => [...grantReferences(user), ...agentReferences(user)],
  check: (user, { catalogue }) => extensionFaults(user, catalogue),
  guard: guardUser,
  load: loadUsers,
  read: readUser,
  write: writeUser,
  archive: archiveUser,
};

function grantReferences(user: UserValue): Reference[] {
  return user.grants.flatMap(({ roleId, scope }, index) => [
    { kind: "role", id: roleId, field: `grants.${index}.roleId` },
    ...(scope.kind === "centre"
      ? []
      : [{ kind: scope.kind, id: scope.id, field: `grants.${index}.scope.id` }]),
  ]);
}

function agentReferences({ agent }: UserValue): Reference[] {
  if (!agent) return [];
  return [
    ...optionalReference("team", "agent.teamId", agent.teamId),
    ...optionalReference("site", "agent.siteId", agent.siteId),
    ...optionalReference("capacity_profile", "agent.capacityProfileId", agent.capacityProfileId),
    ...agent.skills.map(({ skillId }, index) => ({
      kind: "skill" as const,
      id: skillId,
      field: `agent.skills.${index}.skillId`,
    })),
  ];
}

/** An extension is either an agent's or a number's, and never one that calls for help: phones dial that before all else. */
function extensionFaults(user: UserValue, catalogue: Catalogue) {
  const extension = user.agent?.extension;
  if (!extension) return [];
  if (clientCountries(catalogue).some((country) => isEmergency(extension, country)))
    return [{ field: "agent.extension", code: "taken", message: `${extension} calls for help` }];
  const taken = [...numbersOf(catalogue)].some((number) => number === extension);
  return taken
    ? [{ field: "agent.extension", code: "taken", message: `${extension} leads somewhere else already` }]
    : [];
}

function clientCountries(catalogue: Catalogue): string[] {
  return catalogue.inUseOf("client").map((stored) => (stored.value as { readonly country: string }).country);
}

function numbersOf(catalogue: Catalogue): string[] {
  return catalogue.inUseOf("number").map((stored) => (stored.value as { readonly number: string }).number);
}

/**
 * Nobody gives rights that they do not hold, nobody changes somebody who holds more than they do,
 * and the last administrator stays.
 */
function guardUser({ caller, id, before, after, catalogue }: GuardedChange<UserValue>): void {
  for (const value of [before, after])
    if (value && !accessOf(value.grants, catalogue).isWithin(caller.access))
      throw new HttpError("This user has, or would have, rights that you do not have", {
        status: 403,
        code: "above_own_rights",
      });
  if (before && isAdministrator(before, catalogue) && !(after && isAdministrator(after, catalogue))) {
    const others = catalogue
      .inUse(userKind)
      .some((user) => user.id !== id && isAdministrator(user.value, catalogue));
    if (!others)
      throw conflict("last_administrator", "This is the last administrator: make another one first");
  }
}

function isAdministrator(user: UserValue, catalogue: Catalogue): boolean {
  return (
    user.active &&
    user.grants.some(
      ({ roleId, scope }) =>
        scope.kind === "centre" && catalogue.get(roleKind, roleId)?.extra.preset === "administrator",
    )
  );
}
