import { type AnswerOf, api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useServices } from "../../services.ts";

export type Disposition = AnswerOf<typeof api.dispositions.list>["items"][number];

const SHIPPED = [
  "resolved",
  "follow_up",
  "complaint",
  "information",
  "sale",
  "wrong_number",
  "no_contact",
  "other",
] as const;
type Shipped = (typeof SHIPPED)[number];

/** The name of a disposition: the client's own, or the catalogue's for those that come with Svara. */
export function dispositionName(disposition: Pick<Disposition, "code" | "name">, t: TFunction): string {
  if (disposition.name !== null) return disposition.name;
  return (SHIPPED as readonly string[]).includes(disposition.code)
    ? t(`disposition.${disposition.code as Shipped}`)
    : disposition.code;
}

/** All dispositions one may see, archived ones too: old contacts carry them. */
export function useDispositions(): readonly Disposition[] {
  const { client } = useServices();
  const query = useQuery({
    queryKey: ["config", "dispositions", "all"],
    queryFn: () => client.call(api.dispositions.list, { query: { limit: 1000, archived: "true" } }),
  });
  return [...(query.data?.items ?? [])].sort((a, b) => a.position - b.position);
}

/** Those an agent may choose for a contact of this client and queue. */
export function dispositionsFor(
  all: readonly Disposition[],
  contact: { readonly clientId?: string | undefined; readonly queueId?: string | undefined },
): readonly Disposition[] {
  return all.filter(
    (each) =>
      !each.archived &&
      (contact.clientId === undefined || each.clientId === contact.clientId) &&
      (each.queueIds.length === 0 ||
        (contact.queueId !== undefined && each.queueIds.includes(contact.queueId))),
  );
}
