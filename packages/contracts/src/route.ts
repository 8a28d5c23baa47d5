import { z } from "zod";
import type { RouteAccess } from "./permission.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/** How a body or an answer travels. `upload` is multipart/form-data with one file named `file` beside the fields. */
export type Wire = "json" | "upload" | "csv" | "wav" | "ics";

/** One operation of the HTTP API. The server mounts it, OpenAPI is written from it, the web calls it. */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  readonly method: Method;
  /** Path with `:name` for each parameter. */
  readonly path: string;
  readonly access: RouteAccess;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
  readonly summary: string;
  readonly tag: string;
  readonly sends: Wire;
  readonly answers: Wire;
  /** Takes `Idempotency-Key`: the same key gets the same answer again for a day. */
  readonly idempotent: boolean;
  /** Takes `If-Match`: a change of something that has changed since is refused with 412. */
  readonly versioned: boolean;
}

export interface RouteOptions<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
> {
  readonly method: Method;
  readonly path: `/api/${string}`;
  readonly permission: RouteAccess;
  readonly response: Response;
  readonly summary: string;
  readonly tag: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly sends?: Wire;
  readonly answers?: Wire;
  readonly idempotent?: boolean;
  readonly versioned?: boolean;
}

/** Declares a route. A part that is not declared is `nothing` and is refused when sent. */
export function defineRoute<
  Response extends z.ZodType,
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(options: RouteOptions<Params, Query, Body, Response>): Route<Params, Query, Body, Response> {
  return {
    method: options.method,
    path: options.path,
    access: options.permission,
    params: (options.params ?? nothing) as Params,
    query: (options.query ?? nothing) as Query,
    body: (options.body ?? nothing) as Body,
    response: options.response,
    summary: options.summary,
    tag: options.tag,
    sends: options.sends ?? "json",
    answers: options.answers ?? "json",
    idempotent: options.idempotent ?? false,
    versioned: options.versioned ?? false,
  };
}

type Part<Name extends string, Schema extends z.ZodType> = Schema extends z.ZodUndefined
  ? { readonly [K in Name]?: undefined }
  : undefined extends z.input<Schema>
    ? { readonly [K in Name]?: z.input<Schema> }
    : Record<never, never> extends z.input<Schema>
      ? { readonly [K in Name]?: z.input<Schema> }
      : { readonly [K in Name]: z.input<Schema> };

/** What a caller hands over for a route: only the parts that it declares. */
export type CallOf<R extends Route> = Part<"params", R["params"]> &
  Part<"query", R["query"]> &
  Part<"body", R["body"]>;

/** What a call of the route gives. */
export type AnswerOf<R extends Route> = z.output<R["response"]>;

/** The schema of a part that a route does not have. */
export const nothing = z.undefined();
