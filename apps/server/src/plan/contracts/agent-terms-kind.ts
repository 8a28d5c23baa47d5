import { type AgentTermsDraft, agentTermsDraft, type FieldProblem } from "@svara/contracts";
import type { Tx } from "../../database/index.ts";
import { conflict } from "../../http/http-error.ts";
import { userKind } from "../../identity/user-kind.ts";
import type { Catalogue } from "../../office/catalogue.ts";
import type { OfficeKind } from "../../office/office-kind.ts";
import { optionalReference } from "../../office/own-client.ts";

export type AgentTermsKind = OfficeKind<AgentTermsDraft, Record<never, never>>;

const NOTHING_AGREED: AgentTermsDraft = { contractId: null, availability: [] };

/** Which contract each agent has, and when they can work. Every agent has terms; they stand where the agent does. */
export function makeAgentTermsKind(catalogue: Catalogue): AgentTermsKind {
  return {
    kind: "agent_terms",
    beside: "user",
    word: "agent",
    schema: agentTermsDraft,
    view: "plan.view",
    edit: "plan.edit",
    unique: {},
    nameOf: () => null,
    placeOf(_terms, id) {
      const user = catalogue.get(userKind, id);
      return user ? userKind.placeOf(user.value, id) : {};
    },
    references: ({ contractId }) => optionalReference("work_contract", "contractId", contractId),
    check: availabilityFaults,
    guard({ after }) {
      if (after === null) throw conflict("terms_stay", "An agent's terms go with the agent");
    },
    async load(tx) {
      const rows = await tx.selectFrom("agentTerms").selectAll().execute();
      const known = new Map(rows.map((row) => [row.agentId, row]));
      return [...catalogue.all(userKind).values()].flatMap(({ id, archived, value }) => {
        if (!value.agent) return [];
        const row = known.get(id);
        const terms = row ? termsOf(row) : NOTHING_AGREED;
        return [{ id, revision: row?.revision ?? 0, archived, value: terms, extra: {} }];
      });
    },
    async read(tx, id) {
      const row = await tx.selectFrom("agentTerms").selectAll().where("agentId", "=", id).executeTakeFirst();
      return row ? termsOf(row) : NOTHING_AGREED;
    },
    async write(tx: Tx, id, { contractId, availability }, { revision }) {
      const row = { contractId, availability: JSON.stringify(availability), revision };
      await tx
        .insertInto("agentTerms")
        .values({ agentId: id, ...row })
        .onConflict((taken) => taken.column("agentId").doUpdateSet(row))
        .execute();
    },
    async archive() {
      throw conflict("terms_stay", "An agent's terms go with the agent");
    },
  };
}

function termsOf(row: {
  readonly contractId: string | null;
  readonly availability: unknown;
}): AgentTermsDraft {
  return {
    contractId: row.contractId,
    availability: (row.availability ?? []) as AgentTermsDraft["availability"],
  };
}

/** A day is spoken of once. */
function availabilityFaults({ availability }: AgentTermsDraft): FieldProblem[] {
  const seen = new Set<string>();
  return availability.flatMap((entry, index) => {
    const day = "date" in entry ? entry.date : entry.weekday;
    const doubled = seen.has(day);
    seen.add(day);
    return doubled
      ? [{ field: `availability.${index}`, code: "taken", message: `${day} is there already` }]
      : [];
  });
}
