import type { RequestListener } from "node:http";
import cookie from "@fastify/cookie";
import multipart from "@fastify/multipart";
import type { Ids } from "@svara/kernel";
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
} from "fastify";
import type { Logger } from "pino";
import type { Listeners } from "./listeners.ts";
import { problemOf } from "./problem-of.ts";
import { readJson } from "./read-json.ts";
import { MAX_UPLOAD_BYTES } from "./upload.ts";

/** Largest JSON body: a flow or a year of holidays is far below it. */
const MAX_BODY_BYTES = 1024 * 1024;

export interface AppOptions {
  readonly log: Logger;
  readonly ids: Ids;
  readonly listeners: Listeners;
}

/** Fastify as we use it: our parser, our problems, our headers, our log lines. Routes are mounted by `HttpCore`. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { log, ids, listeners } = options;
  const app = fastify({
    // Fastify's own line a request would hold the address with its query; ours is below
    loggerInstance: log.child({}, { level: "warn" }) as FastifyBaseLogger,
    genReqId: () => ids.next(),
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: "loopback",
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    serverFactory: (handler) => listeners.create(handler as RequestListener),
    return503OnClosing: true,
  });
  await app.register(cookie);
  await app.register(multipart, { limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 20 } });
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    try {
      done(null, readJson(String(body)));
    } catch (error) {
      done(error as Error);
    }
  });
  app.addHook("onSend", async (request, reply, payload) => {
    secure(request, reply);
    return payload;
  });
  app.addHook("onResponse", async (request, reply) => {
    const path = request.routeOptions.url ?? "unknown"; // the pattern: addresses may hold personal data
    log.debug(
      {
        requestId: request.id,
        method: request.method,
        path,
        status: reply.statusCode,
        ms: reply.elapsedTime,
      },
      "http",
    );
  });
  app.setErrorHandler((error, request, reply) => tellProblem(log, error, request, reply));
  return app;
}

/** Answers with problem details; what is our fault goes to the log with the request's id. */
function tellProblem(
  log: Logger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error);
  if (problem.status >= 500 && problem.code === "internal")
    log.error({ err: error, requestId: request.id, path: request.routeOptions.url }, "a request failed");
  if (problem.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(problem.retryAfterMs / 1000));
  return reply
    .status(problem.status)
    .type("application/problem+json; charset=utf-8")
    .header("cache-control", "no-store")
    .send(JSON.stringify({ ...problem, instance: `urn:uuid:${request.id}` }));
}

/** Headers against framing, sniffing and foreign scripts. Mantine sets variables in style elements, hence 'unsafe-inline' there. */
function secure(request: FastifyRequest, reply: FastifyReply): void {
  const host = request.headers.host ?? "";
  const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : "";
  reply.headers({
    "content-security-policy": [
      "default-src 'self'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "font-src 'self' data:",
      "worker-src 'self' blob:",
      `connect-src 'self'${sockets}`,
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join("; "),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
  });
}
