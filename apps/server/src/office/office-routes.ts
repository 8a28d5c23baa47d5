import type { configurationRoutes } from "@svara/contracts";
import type { z } from "zod";
import type { HttpCore } from "../http/http-core.ts";
import type { Caller } from "../rights/access.ts";
import type { Office } from "./office.ts";
import type { OfficeKind, Stored } from "./office-kind.ts";
import { pageByOffset } from "./page.ts";

type Routes<Entity extends z.ZodType, Draft extends z.ZodType> = ReturnType<
  typeof configurationRoutes<Entity, Draft>
>;

export interface OfficeRouteOptions<Value, Extra, Entity extends z.ZodType, Draft extends z.ZodType> {
  readonly kind: OfficeKind<Value, Extra>;
  /** What is told of one. */
  toEntity(stored: Stored<Value, Extra>): z.input<Entity> | Promise<z.input<Entity>>;
  /** The value of a draft; absent where the draft is the value. */
  fromDraft?(
    draft: z.output<Draft>,
    before: Stored<Value, Extra> | undefined,
    caller: Caller,
  ): Value | Promise<Value>;
  /** What is done beside, before the answer. */
  afterWrite?(stored: Stored<Value, Extra>, draft: z.output<Draft>, caller: Caller): void | Promise<void>;
  afterRemove?(id: string): void | Promise<void>;
}

type Some<Entity extends z.ZodType, Draft extends z.ZodType> = Partial<Routes<Entity, Draft>>;

/** Mounts list, get, create, replace and remove of a kind: those of them that `routes` has. */
export function mountOfficeRoutes<Value, Extra, Entity extends z.ZodType, Draft extends z.ZodType>(
  http: HttpCore,
  office: Office,
  routes: Some<Entity, Draft>,
  options: OfficeRouteOptions<Value, Extra, Entity, Draft>,
): void {
  const { kind, toEntity } = options;
  const fromDraft = options.fromDraft ?? ((draft: z.output<Draft>) => draft as unknown as Value);

  if (routes.list)
    http.mount(routes.list, async ({ caller, query }) => {
      const wanted = [...office.catalogue.all(kind).values()]
        .filter((stored) => query?.archived === "true" || !stored.archived)
        .filter((stored) => office.maySee(caller, kind, kind.placeOf(stored.value, stored.id)))
        .filter((stored) => !query?.clientId || belongsTo(kind, stored, query.clientId))
        .filter((stored) => matches(stored, query?.search))
        .toSorted((a, b) => byName(kind, a, b));
      const page = pageByOffset(wanted, query);
      return { items: await Promise.all(page.items.map(toEntity)), nextCursor: page.nextCursor } as never;
    });
  if (routes.get)
    http.mount(routes.get, async ({ caller, params, tag }) => {
      const stored = office.see(caller, kind, params.id);
      tag(stored.revision);
      return (await toEntity(stored)) as never;
    });
  if (routes.create)
    http.mount(routes.create, async ({ caller, body, tag }) => {
      const value = await fromDraft(body as z.output<Draft>, undefined, caller);
      const stored = await office.create(caller, kind, value);
      await options.afterWrite?.(stored, body as z.output<Draft>, caller);
      tag(stored.revision);
      return (await toEntity(stored)) as never;
    });
  if (routes.replace)
    http.mount(routes.replace, async ({ caller, params, body, ifMatch, tag }) => {
      const before = office.catalogue.get(kind, params.id);
      const value = await fromDraft(body as z.output<Draft>, before, caller);
      const stored = await office.replace(caller, kind, params.id, value, { ifMatch });
      await options.afterWrite?.(stored, body as z.output<Draft>, caller);
      tag(stored.revision);
      return (await toEntity(stored)) as never;
    });
  if (routes.remove)
    http.mount(routes.remove, async ({ caller, params, ifMatch }) => {
      await office.remove(caller, kind, params.id, { ifMatch });
      await options.afterRemove?.(params.id);
      return {};
    });
}

const collator = new Intl.Collator("sv", { numeric: true });

function byName<Value, Extra>(
  kind: OfficeKind<Value, Extra>,
  a: Stored<Value, Extra>,
  b: Stored<Value, Extra>,
): number {
  const order = collator.compare(kind.nameOf(a.value) ?? "", kind.nameOf(b.value) ?? "");
  return order !== 0 ? order : a.id < b.id ? -1 : 1;
}

function belongsTo<Value, Extra>(
  kind: OfficeKind<Value, Extra>,
  stored: Stored<Value, Extra>,
  clientId: string,
) {
  const owner = kind.placeOf(stored.value, stored.id).clientId;
  return owner === undefined || owner === null || owner === clientId;
}

function matches<Value, Extra>(stored: Stored<Value, Extra>, search: string | undefined): boolean {
  const wanted = search?.trim().toLowerCase();
  if (!wanted) return true;
  const words = Object.values(stored.value as object).filter((field) => typeof field === "string");
  return words.some((word) => word.toLowerCase().includes(wanted));
}
