import type { Language, Scope } from "@svara/contracts";
import { sql } from "kysely";
import type { WriteContext } from "../configuration/index.ts";
import type { Tx } from "../database/index.ts";
import type { Stored } from "../office/office-kind.ts";
import type { UserValue } from "./user-kind.ts";

type AgentValue = NonNullable<UserValue["agent"]>;

/** All users, archived ones too. */
export async function loadUsers(tx: Tx): Promise<readonly Stored<UserValue, Record<never, never>>[]> {
  const accounts = await tx.selectFrom("userAccount").selectAll().execute();
  const grants = await grantsOf(tx);
  const agents = await agentsOf(tx);
  return accounts.map((account) => ({
    id: account.id,
    revision: account.revision,
    archived: account.archived,
    extra: {},
    value: {
      username: account.username,
      displayName: account.displayName,
      email: account.email,
      language: account.language as Language,
      active: account.active,
      grants: grants.get(account.id) ?? [],
      agent: agents.get(account.id) ?? null,
    },
  }));
}

/** One that is not archived. */
export async function readUser(tx: Tx, id: string): Promise<UserValue | null> {
  const account = await tx
    .selectFrom("userAccount")
    .selectAll()
    .where("id", "=", id)
    .where("archived", "=", false)
    .executeTakeFirst();
  if (!account) return null;
  return {
    username: account.username,
    displayName: account.displayName,
    email: account.email,
    language: account.language as Language,
    active: account.active,
    grants: (await grantsOf(tx, id)).get(id) ?? [],
    agent: (await agentsOf(tx, id)).get(id) ?? null,
  };
}

export async function writeUser(tx: Tx, id: string, value: UserValue, context: WriteContext): Promise<void> {
  const { grants, agent, ...account } = value;
  const row = { ...account, archived: false, revision: context.revision };
  await tx
    .insertInto("userAccount")
    .values({ id, ...row, createdAt: context.at })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
    .execute();
  await tx.deleteFrom("roleGrant").where("userId", "=", id).execute();
  if (grants.length > 0)
    await tx
      .insertInto("roleGrant")
      .values(
        grants.map(({ roleId, scope }) => ({
          userId: id,
          roleId,
          scopeKind: scope.kind,
          scopeId: scope.kind === "centre" ? null : scope.id,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await writeAgent(tx, id, agent, context.at);
}

/** The extension is freed; grants and skills stay for an undo. */
export async function archiveUser(tx: Tx, id: string, context: WriteContext): Promise<void> {
  await tx
    .updateTable("userAccount")
    .set({ archived: true, revision: context.revision })
    .where("id", "=", id)
    .execute();
  await tx.updateTable("agentProfile").set({ extension: null }).where("userId", "=", id).execute();
}

async function writeAgent(tx: Tx, userId: string, agent: AgentValue | null, at: number): Promise<void> {
  if (agent) {
    const { extension, tiers, capacityProfileId, autoAnswer } = agent;
    const row = { extension, tiers, capacityProfileId, autoAnswer };
    await tx
      .insertInto("agentProfile")
      .values({ userId, ...row })
      .onConflict((conflict) => conflict.column("userId").doUpdateSet(row))
      .execute();
  } else await tx.deleteFrom("agentProfile").where("userId", "=", userId).execute();
  await writeAssignment(tx, userId, agent, at);
  await writeSkills(tx, userId, agent?.skills ?? [], at);
}

/** Ends the present row and begins a new one, only where something changes: the past stays as it was. */
async function writeAssignment(tx: Tx, userId: string, agent: AgentValue | null, at: number): Promise<void> {
  const open = await tx
    .selectFrom("agentAssignment")
    .select(["teamId", "siteId"])
    .where("userId", "=", userId)
    .where("untilAt", "is", null)
    .executeTakeFirst();
  if (open && agent && open.teamId === agent.teamId && open.siteId === agent.siteId) return;
  await tx
    .updateTable("agentAssignment")
    .set({ untilAt: sql`greatest(from_at, ${at})` })
    .where("userId", "=", userId)
    .where("untilAt", "is", null)
    .execute();
  if (agent)
    await tx
      .insertInto("agentAssignment")
      .values({ userId, teamId: agent.teamId, siteId: agent.siteId, fromAt: at })
      .execute();
}

async function writeSkills(tx: Tx, userId: string, skills: AgentValue["skills"], at: number): Promise<void> {
  const open = await tx
    .selectFrom("agentSkill")
    .select(["skillId", "level"])
    .where("userId", "=", userId)
    .where("untilAt", "is", null)
    .execute();
  const wanted = new Map(skills.map(({ skillId, level }) => [skillId, level]));
  const held = new Map(open.map(({ skillId, level }) => [skillId, level]));
  const ended = [...held]
    .filter(([skillId, level]) => wanted.get(skillId) !== level)
    .map(([skillId]) => skillId);
  const begun = [...wanted].filter(([skillId, level]) => held.get(skillId) !== level);
  if (ended.length > 0)
    await tx
      .updateTable("agentSkill")
      .set({ untilAt: sql`greatest(from_at, ${at})` })
      .where("userId", "=", userId)
      .where("untilAt", "is", null)
      .where("skillId", "in", ended)
      .execute();
  if (begun.length > 0)
    await tx
      .insertInto("agentSkill")
      .values(begun.map(([skillId, level]) => ({ userId, skillId, level, fromAt: at })))
      .execute();
}

async function grantsOf(tx: Tx, userId?: string): Promise<Map<string, UserValue["grants"]>> {
  let query = tx.selectFrom("roleGrant").selectAll().orderBy("userId").orderBy("roleId").orderBy("scopeId");
  if (userId !== undefined) query = query.where("userId", "=", userId);
  const grants = new Map<string, UserValue["grants"]>();
  for (const row of await query.execute()) {
    const scope = (
      row.scopeKind === "centre" ? { kind: "centre" } : { kind: row.scopeKind, id: row.scopeId }
    ) as Scope;
    const list = grants.get(row.userId) ?? [];
    list.push({ roleId: row.roleId, scope });
    grants.set(row.userId, list);
  }
  return grants;
}

async function agentsOf(tx: Tx, userId?: string): Promise<Map<string, AgentValue>> {
  let query = tx
    .selectFrom("agentProfile as p")
    .leftJoin("agentAssignment as a", (join) =>
      join.onRef("a.userId", "=", "p.userId").on("a.untilAt", "is", null),
    )
    .select([
      "p.userId",
      "p.extension",
      "p.tiers",
      "p.capacityProfileId",
      "p.autoAnswer",
      "a.teamId",
      "a.siteId",
    ]);
  let skillQuery = tx
    .selectFrom("agentSkill")
    .select(["userId", "skillId", "level"])
    .where("untilAt", "is", null)
    .orderBy("skillId");
  if (userId !== undefined) {
    query = query.where("p.userId", "=", userId);
    skillQuery = skillQuery.where("userId", "=", userId);
  }
  const agents = new Map<string, AgentValue>();
  for (const row of await query.execute())
    agents.set(row.userId, {
      teamId: row.teamId,
      siteId: row.siteId,
      extension: row.extension,
      skills: [],
      tiers: row.tiers as AgentValue["tiers"],
      capacityProfileId: row.capacityProfileId,
      autoAnswer: row.autoAnswer,
    });
  for (const row of await skillQuery.execute())
    agents.get(row.userId)?.skills.push({ skillId: row.skillId, level: row.level });
  return agents;
}
