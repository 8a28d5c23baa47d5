import { PERMISSIONS, type Permission, type Route } from "@svara/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { etagOf } from "../configuration/index.ts";
import type { Caller } from "../rights/access.ts";
import { forbidden, HttpError, invalid, notSignedIn } from "./http-error.ts";
import type { Idempotency } from "./idempotency.ts";
import { refuseUnstorable } from "./read-json.ts";
import { readUpload, type Upload } from "./upload.ts";
import { validate } from "./validate.ts";

/** A call of a route that everybody may call. */
export interface PublicCall<R extends Route> {
  readonly params: z.output<R["params"]>;
  readonly query: z.output<R["query"]>;
  readonly body: z.output<R["body"]>;
  /** The file of a route that takes an upload. */
  readonly upload: Upload | undefined;
  /** Revision that the caller has seen. */
  readonly ifMatch: number | undefined;
  /** Where it came from. */
  readonly address: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Sets the answer's ETag. */
  readonly tag: (revision: number) => void;
}

export interface Call<R extends Route> extends PublicCall<R> {
  readonly caller: Caller;
}

/** Gives the answer; a handler of files sends it itself and gives nothing. */
export type PublicHandler<R extends Route> = (call: PublicCall<R>) => Promise<z.input<R["response"]>>;
export type Handler<R extends Route> = (call: Call<R>) => Promise<z.input<R["response"]>>;

export interface HttpCoreParts {
  readonly app: FastifyInstance;
  /** Who calls; throws 403 when a change lacks the proof against forgery. */
  readonly identify: (request: FastifyRequest) => Promise<Caller | undefined>;
  readonly idempotency: Idempotency;
}

/** Mounts the routes of the contract: rights, validation, idempotency and answers are done here, once. */
export class HttpCore {
  readonly app: FastifyInstance;
  readonly #identify: HttpCoreParts["identify"];
  readonly #idempotency: Idempotency;
  readonly #mounted = new Set<Route>();

  constructor(parts: HttpCoreParts) {
    this.app = parts.app;
    this.#identify = parts.identify;
    this.#idempotency = parts.idempotency;
  }

  /** The routes that are served. */
  get mounted(): ReadonlySet<Route> {
    return this.#mounted;
  }

  /** Mounts a route for those who hold its permission, or, where it says so, for whoever is signed in. */
  mount<R extends Route>(route: R, handler: Handler<R>): void {
    const { access } = route;
    if (access === "public" || !(access === "signed_in" || access in PERMISSIONS))
      throw new Error(`${route.method} ${route.path} names no permission and is not served`);
    this.#serve(route, async (request, reply) => {
      const caller = await this.#identify(request);
      if (!caller) throw notSignedIn();
      if (access !== "signed_in" && !caller.access.has(access as Permission)) throw forbidden(access);
      const call = { ...(await read(route, request, reply)), caller };
      const run = (): Promise<unknown> => handler(call).then((answer) => checked(route, answer));
      if (!route.idempotent) return run();
      return this.#idempotency.once(caller.actor, request, call.body, run);
    });
  }

  /** Mounts a route that anybody may call. */
  mountPublic<R extends Route>(route: R, handler: PublicHandler<R>): void {
    if (route.access !== "public") throw new Error(`${route.method} ${route.path} is not public`);
    this.#serve(route, async (request, reply) => {
      const call = await read(route, request, reply);
      return checked(route, await handler(call));
    });
  }

  #serve(route: Route, run: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void {
    if (this.#mounted.has(route)) throw new Error(`${route.method} ${route.path} is mounted twice`);
    this.#mounted.add(route);
    this.app.route({
      method: route.method,
      url: route.path,
      handler: async (request, reply) => {
        const answer = await run(request, reply);
        if (reply.sent || route.answers !== "json") return reply;
        return reply
          .type("application/json; charset=utf-8")
          .header("cache-control", "no-store")
          .send(JSON.stringify(answer));
      },
    });
  }
}

async function read<R extends Route>(
  route: R,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<PublicCall<R>> {
  refuseUnstorable(request.params, "params");
  refuseUnstorable(request.query, "query");
  const params = part(route.params, request.params, "params");
  const query = part(route.query, request.query, "query");
  const upload = route.sends === "upload" ? await readUpload(request) : undefined;
  const body = part(route.body, upload ? upload.fields : request.body, "");
  const ifMatch = route.versioned ? revisionOf(request.headers["if-match"]) : undefined;
  const tag = (revision: number): void => {
    reply.header("etag", etagOf(revision));
  };
  const call: PublicCall<Route> = {
    params,
    query,
    body,
    upload,
    ifMatch,
    address: request.ip,
    request,
    reply,
    tag,
  };
  return call as PublicCall<R>;
}

/** A part that the route does not declare may be absent or empty. */
function part(schema: z.ZodType, value: unknown, prefix: string): unknown {
  const empty =
    value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
  if (empty && schema.safeParse(undefined).success) return undefined;
  return validate(schema, value ?? undefined, prefix);
}

/** `"r12"` of If-Match; `*` is any. */
function revisionOf(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const match = /^(?:W\/)?"?r?(\d{1,15})"?$/.exec(header.trim());
  if (!match)
    throw invalid([{ field: "headers.if-match", code: "wrong_format", message: "not an ETag of ours" }]);
  return Number(match[1]);
}

/** The answer by the route's schema: what the schema does not name never leaves the server. */
function checked(route: Route, answer: unknown): unknown {
  if (route.answers !== "json") return answer;
  const result = route.response.safeParse(answer);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new HttpError(
    `the answer of ${route.method} ${route.path} is not as declared: ${issue?.path.join(".")} ${issue?.message}`,
    {
      status: 500,
      code: "internal",
      cause: result.error,
    },
  );
}
