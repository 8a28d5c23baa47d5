import type { AnswerOf, CallOf, Problem, Route } from "@svara/contracts";
import type { FastifyInstance } from "fastify";

export interface ApiAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
  readonly problem: Problem;
  readonly text: string;
}

export interface ApiCall {
  readonly ifMatch?: number;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown };

/** A browser of a test: keeps its cookie and its csrf, calls routes without a network. */
export class TestClient {
  readonly #app: FastifyInstance;
  cookie: string | undefined;
  csrf: string | undefined;
  token: string | undefined;
  /** Where its calls come from. */
  address = "127.0.0.1";

  constructor(app: FastifyInstance) {
    this.#app = app;
  }

  async call<R extends Route>(route: R, input: CallOf<R> & ApiCall): Promise<ApiAnswer<AnswerOf<R>>> {
    const parts = input as Parts & ApiCall;
    const path = route.path.replace(/:(\w+)/g, (_, key: string) =>
      encodeURIComponent(String(parts.params?.[key])),
    );
    const query = new URLSearchParams(
      Object.entries(parts.query ?? {}).map(([key, value]) => [key, String(value)]),
    ).toString();
    const answer = await this.raw(route.method, query ? `${path}?${query}` : path, {
      ...(parts.body !== undefined && { body: JSON.stringify(parts.body) }),
      headers: {
        ...(parts.body !== undefined && { "content-type": "application/json" }),
        ...(parts.ifMatch !== undefined && { "if-match": `"r${parts.ifMatch}"` }),
        ...(parts.idempotencyKey !== undefined && { "idempotency-key": parts.idempotencyKey }),
        ...parts.headers,
      },
    });
    return answer as ApiAnswer<AnswerOf<R>>;
  }

  /** Any request at all, with this client's cookie, csrf and token. */
  async raw(
    method: string,
    url: string,
    options: { readonly body?: string | Buffer; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<ApiAnswer<unknown>> {
    const response = await this.#app.inject({
      method: method as "GET",
      url,
      remoteAddress: this.address,
      ...(options.body !== undefined && { payload: options.body }),
      headers: {
        host: "localhost:8080",
        ...(this.cookie !== undefined && { cookie: this.cookie }),
        ...(this.csrf !== undefined && method !== "GET" && { "x-svara-csrf": this.csrf }),
        ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
        ...options.headers,
      },
    });
    const set = response.headers["set-cookie"];
    const cookie = (Array.isArray(set) ? set[0] : set)?.split(";")[0];
    if (cookie?.startsWith("svara_session=")) this.cookie = cookie;
    const json = /json/.test(String(response.headers["content-type"]))
      ? JSON.parse(response.body)
      : undefined;
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
      body: json,
      problem: json as Problem,
      text: response.body,
    };
  }
}
