import {
  type AnswerOf,
  type ApiClient,
  api,
  type CallOf,
  type ConfigurationKind,
  type Route,
} from "@svara/contracts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notifyDone, notifyProblem } from "../../../api/notify.tsx";
import { problemText } from "../../../api/problem-text.ts";
import { useMay } from "../../../api/rights.ts";
import { useServices } from "../../../services.ts";

/** The routes of one kind of configured thing; `create` may have another shape, as for prompts. */
export interface EntityRoutes {
  readonly list: Route;
  readonly get: Route;
  readonly replace: Route;
  readonly remove: Route;
  readonly create?: Route;
}

export type EntityOf<R extends EntityRoutes> = AnswerOf<R["get"]> & {
  readonly id: string;
  readonly revision: number;
};
export type DraftOf<R extends EntityRoutes> = NonNullable<CallOf<R["replace"]>["body"]>;

/** Calls the routes of a kind with its own types; the one place where their generic shapes are bent together. */
function entityCalls<R extends EntityRoutes>(client: ApiClient, routes: R, newKey: () => string) {
  const call = (route: Route, input: object): Promise<unknown> => client.call(route, input as never);
  return {
    async list(query: object): Promise<readonly EntityOf<R>[]> {
      const items: EntityOf<R>[] = [];
      let cursor: string | null = null;
      do {
        const page = (await call(routes.list, {
          query: { limit: 500, ...query, ...(cursor === null ? {} : { cursor }) },
        })) as { items: EntityOf<R>[]; nextCursor: string | null };
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return items;
    },
    create: (draft: DraftOf<R>): Promise<EntityOf<R>> => {
      if (!routes.create) throw new Error("this kind is not created by a draft");
      return call(routes.create, { body: draft, idempotencyKey: newKey() }) as Promise<EntityOf<R>>;
    },
    replace: (id: string, revision: number, draft: DraftOf<R>): Promise<EntityOf<R>> =>
      call(routes.replace, { params: { id }, body: draft, ifMatch: revision }) as Promise<EntityOf<R>>,
    remove: (id: string, revision: number): Promise<unknown> =>
      call(routes.remove, { params: { id }, ifMatch: revision }),
  };
}

/** All things of a kind, for lists and choices. */
export function useEntities<R extends EntityRoutes>(
  kind: ConfigurationKind,
  routes: R,
  options: { readonly enabled?: boolean; readonly archived?: boolean } = {},
) {
  const { client, ids } = useServices();
  const archived = options.archived ?? false;
  return useQuery({
    queryKey: ["config", kind, "entities", archived],
    queryFn: () => entityCalls(client, routes, () => ids.next()).list(archived ? { archived: "true" } : {}),
    enabled: options.enabled ?? true,
  });
}

/** After a change: everything shown of the configuration is fetched anew, and a toast offers the way back. */
export function useChangeTold(kind: ConfigurationKind): (message: string, change: Changed) => Promise<void> {
  const { t, i18n } = useTranslation();
  const { client } = useServices();
  const queries = useQueryClient();
  const mayUndo = useMay("revisions.undo");
  return async (message, change) => {
    await queries.invalidateQueries({ queryKey: ["config"] });
    const undo = async (): Promise<void> => {
      try {
        const revision = change.revision ?? (await lastRevision(client, kind, change.id));
        await client.call(api.revisions.undo, { params: { revision } });
        await queries.invalidateQueries({ queryKey: ["config"] });
        notifyDone(t("office.undone"));
      } catch (error) {
        notifyProblem(problemText(error, i18n));
      }
    };
    notifyDone(message, mayUndo ? { label: t("common.undo"), run: () => void undo() } : undefined);
  };
}

interface Changed {
  readonly id: string;
  /** Known when the answer told it; otherwise the last one of the thing is asked for. */
  readonly revision?: number;
}

async function lastRevision(client: ApiClient, kind: ConfigurationKind, entityId: string): Promise<number> {
  const { items } = await client.call(api.revisions.list, { query: { kind, entityId, limit: 1 } });
  const newest = items[0];
  if (!newest) throw new Error("no revision of this thing");
  return newest.revision;
}

/** Create, change and remove things of a kind, each with its undo toast. */
export function useEntityChanges<R extends EntityRoutes>(kind: ConfigurationKind, routes: R) {
  const { t } = useTranslation();
  const { client, ids } = useServices();
  const told = useChangeTold(kind);
  const calls = entityCalls(client, routes, () => ids.next());
  const save = useMutation({
    mutationFn: ({ draft, entity }: { draft: DraftOf<R>; entity: EntityOf<R> | undefined }) =>
      entity ? calls.replace(entity.id, entity.revision, draft) : calls.create(draft),
    onSuccess: (saved, { entity }) =>
      told(entity ? t("office.saved") : t("office.created"), { id: saved.id, revision: saved.revision }),
    meta: { handlesErrors: true },
  });
  const remove = useMutation({
    mutationFn: (entity: EntityOf<R>) => calls.remove(entity.id, entity.revision),
    onSuccess: (_, entity) => told(t("office.removed"), { id: entity.id }),
  });
  return { save, remove };
}
