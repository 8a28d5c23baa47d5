import type { Problem } from "./problem.ts";
import type { AnswerOf, CallOf, Route } from "./route.ts";

/** The cookie-and-header pair against forged requests: the session's `csrf` in this header. */
export const CSRF_HEADER = "x-svara-csrf";

export interface ApiClientOptions {
  /** Empty for the same host. */
  readonly baseUrl?: string;
  readonly fetch?: typeof fetch;
  /** The present session's `csrf`; asked at every call that changes something. */
  readonly csrf?: () => string | undefined;
  /** An API token instead of a session. */
  readonly token?: string;
}

export interface CallOptions {
  /** Revision of what is changed, as it was when it was read. */
  readonly ifMatch?: number;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** For routes that take an upload. */
  readonly file?: Blob;
}

/** An answer that is not a success, with the problem the server told. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ApiError";
    this.problem = problem;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

export interface ApiClient {
  /** Calls a route. @throws ApiError, also (code `network`, status 0) when the server is not reached. */
  call<R extends Route>(route: R, input: CallOf<R> & CallOptions): Promise<AnswerOf<R>>;
  /** The address of a GET route, for links and audio elements. */
  url<R extends Route>(route: R, input: CallOf<R>): string;
}

interface Parts {
  readonly params?: Record<string, unknown>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
}

/** A typed caller of the API over `fetch`. */
export function createApiClient(options: ApiClientOptions = {}): ApiClient {
  const base = options.baseUrl ?? "";
  const send = options.fetch ?? ((input: string, init: RequestInit) => fetch(input, init));

  async function call<R extends Route>(route: R, input: CallOf<R> & CallOptions): Promise<AnswerOf<R>> {
    const parts = input as Parts & CallOptions;
    const headers = new Headers({ accept: "application/json, application/problem+json" });
    const csrf = options.csrf?.();
    if (options.token) headers.set("authorization", `Bearer ${options.token}`);
    if (csrf && route.method !== "GET") headers.set(CSRF_HEADER, csrf);
    if (parts.ifMatch !== undefined) headers.set("if-match", `"r${parts.ifMatch}"`);
    if (parts.idempotencyKey) headers.set("idempotency-key", parts.idempotencyKey);
    const init: RequestInit = { method: route.method, headers, credentials: "same-origin" };
    if (parts.signal) init.signal = parts.signal;
    const body = bodyOf(route, parts, headers);
    if (body !== undefined) init.body = body;
    let response: Response;
    try {
      response = await send(addressOf(base, route, parts), init);
    } catch (cause) {
      if (parts.signal?.aborted) throw cause;
      throw new ApiError(unreachableServer(cause));
    }
    if (!response.ok) throw new ApiError(await problemOf(response));
    if (route.answers === "csv") return (await response.text()) as AnswerOf<R>;
    if (route.answers === "wav") return (await response.blob()) as AnswerOf<R>;
    return (await response.json()) as AnswerOf<R>;
  }

  return { call, url: (route, input) => addressOf(base, route, input as Parts) };
}

function addressOf(base: string, route: Route, parts: Parts): string {
  const path = route.path.replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(String(parts.params?.[key])),
  );
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parts.query ?? {}))
    if (value !== undefined && value !== "") query.set(key, String(value));
  const text = query.toString();
  return text ? `${base}${path}?${text}` : `${base}${path}`;
}

function bodyOf(route: Route, parts: Parts & CallOptions, headers: Headers): RequestInit["body"] | undefined {
  if (route.sends === "upload") {
    const form = new FormData();
    for (const [key, value] of Object.entries((parts.body ?? {}) as Record<string, unknown>))
      if (value !== undefined && value !== null) form.set(key, String(value));
    if (parts.file) form.set("file", parts.file);
    return form;
  }
  if (parts.body === undefined) return undefined;
  headers.set("content-type", "application/json");
  return JSON.stringify(parts.body);
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const told = (await response.json()) as Partial<Problem>;
    if (typeof told.code === "string") return told as Problem;
  } catch {
    // not JSON: a proxy answered, not the server
  }
  return {
    type: "about:blank",
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    code: `http_${response.status}`,
    detail: "",
  };
}

function unreachableServer(cause: unknown): Problem {
  return {
    type: "about:blank",
    title: "The server is not reached",
    status: 0,
    code: "network",
    detail: cause instanceof Error ? cause.message : "",
  };
}
