import { type AnswerOf, api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useServices } from "../../services.ts";

export type Reason = AnswerOf<typeof api.reasons.list>["items"][number];

const SHIPPED = [
  "break",
  "lunch",
  "training",
  "coaching",
  "meeting",
  "back_office",
  "technical",
  "personal",
] as const;
type Shipped = (typeof SHIPPED)[number];

/** The name of a not-ready reason: the centre's own, or the catalogue's for those that come with Svara. */
export function reasonName(reason: Pick<Reason, "code" | "name">, t: TFunction): string {
  if (reason.name !== null) return reason.name;
  return (SHIPPED as readonly string[]).includes(reason.code)
    ? t(`reason.${reason.code as Shipped}`)
    : reason.code;
}

/** The reasons for not being ready, in the office's order. */
export function useReasons(): readonly Reason[] {
  const { client } = useServices();
  const query = useQuery({
    queryKey: ["config", "reasons"],
    queryFn: () => client.call(api.reasons.list, { query: { limit: 200 } }),
  });
  return [...(query.data?.items ?? [])].sort((a, b) => a.position - b.position);
}
