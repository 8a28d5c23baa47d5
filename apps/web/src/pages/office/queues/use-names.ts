import { api } from "@svara/contracts";
import { useMemo } from "react";
import { useMay } from "../../../api/rights.ts";
import { useEntities } from "../entity/crud.ts";
import type { NamedKind } from "./queue-words.ts";

export interface Names {
  /** The name of a thing of a kind; a dash of mystery where it may not be seen. */
  readonly nameOf: (kind: NamedKind, id: string) => string;
}

/** Names of the things that queues speak of, as far as one may see them. */
export function useNames(): Names {
  const organisation = useMay("organisation.view");
  const skills = useEntities("skill", api.skills, { enabled: organisation }).data;
  const teams = useEntities("team", api.teams, { enabled: organisation }).data;
  const sites = useEntities("site", api.sites, { enabled: organisation }).data;
  const queues = useEntities("queue", api.queues, { enabled: useMay("queues.view") }).data;
  const users = useEntities("user", api.users, { enabled: useMay("users.view") }).data;
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const list of [skills, teams, sites, queues]) {
      for (const { id, name } of list ?? []) names.set(id, name);
    }
    for (const { id, displayName } of users ?? []) names.set(id, displayName);
    return { nameOf: (_kind, id) => names.get(id) ?? "…" };
  }, [skills, teams, sites, queues, users]);
}
