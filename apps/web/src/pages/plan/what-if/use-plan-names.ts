import { api } from "@svara/contracts";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../../../api/rights.ts";
import { useServices } from "../../../services.ts";

/** Something with a name, as a choice of a form. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Queues, agents and skills by name, as far as the reader may see them. */
export function usePlanNames() {
  const { client } = useServices();
  const mayUsers = useMay("users.view");
  const maySkills = useMay("organisation.view");
  const mayQueues = useMay("queues.view");
  const queues = useQuery({
    queryKey: ["config", "queues", "in-use"],
    queryFn: () => client.call(api.queues.list, { query: { limit: 500 } }),
    enabled: mayQueues,
  });
  const users = useQuery({
    queryKey: ["config", "users", "in-use"],
    queryFn: () => client.call(api.users.list, { query: { limit: 1000 } }),
    enabled: mayUsers,
  });
  const skills = useQuery({
    queryKey: ["config", "skills", "in-use"],
    queryFn: () => client.call(api.skills.list, { query: { limit: 500 } }),
    enabled: maySkills,
  });
  const byLabel = (a: Choice, b: Choice): number => a.label.localeCompare(b.label);
  return {
    queues: (queues.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })).sort(byLabel),
    agents: (users.data?.items ?? [])
      .flatMap(({ id, displayName, agent }) => (agent ? [{ value: id, label: displayName }] : []))
      .sort(byLabel),
    skills: (skills.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })).sort(byLabel),
  };
}

export type PlanNames = ReturnType<typeof usePlanNames>;

/** The name of an id; the id's beginning for one that nobody knows any more. */
export function nameOf(choices: readonly Choice[], id: string | null): string {
  return choices.find(({ value }) => value === id)?.label ?? (id ?? "").slice(0, 8);
}
