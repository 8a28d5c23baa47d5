import { z } from "zod";
import { operations } from "./api.ts";
import { PERMISSIONS } from "./permission.ts";
import { problem } from "./problem.ts";
import { nothing, type Route } from "./route.ts";

type Json = Record<string, unknown>;

/** The API as an OpenAPI 3.1 document, written from the routes themselves. */
export function openApiDocument(info: { readonly version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const [operationId, route] of operations) {
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    (paths[path] as Json)[route.method.toLowerCase()] = describe(operationId, route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Svara",
      version: info.version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, "output") },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "svara_session" },
        token: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function describe(operationId: string, route: Route): Json {
  const operation: Json = {
    operationId,
    summary: route.summary,
    tags: [route.tag],
    parameters: [
      ...parametersOf(route, "params", "path"),
      ...parametersOf(route, "query", "query"),
      ...headersOf(route),
    ],
    responses: {
      "200": { description: "OK", content: answerOf(route) },
      default: {
        description: "A problem (RFC 9457)",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
  if (route.body !== nothing) operation.requestBody = bodyOf(route);
  if (route.access !== "public") operation.security = [{ session: [] }, { token: [] }];
  if (route.access in PERMISSIONS) operation["x-permission"] = route.access;
  return operation;
}

function bodyOf(route: Route): Json {
  const schema = schemaOf(route.body, "input");
  const required = !route.body.safeParse(undefined).success;
  if (route.sends !== "upload") return { required, content: { "application/json": { schema } } };
  const properties = { ...(schema.properties as Json), file: { type: "string", format: "binary" } };
  return {
    required,
    content: { "multipart/form-data": { schema: { ...schema, properties } } },
  };
}

function answerOf(route: Route): Json {
  if (route.answers === "csv") return { "text/csv": { schema: { type: "string" } } };
  if (route.answers === "ics") return { "text/calendar": { schema: { type: "string" } } };
  if (route.answers === "wav") return { "audio/wav": { schema: { type: "string", format: "binary" } } };
  return { "application/json": { schema: schemaOf(route.response, "output") } };
}

function parametersOf(route: Route, part: "params" | "query", place: "path" | "query"): Json[] {
  if (route[part] === nothing) return [];
  const schema = schemaOf(route[part], "input");
  const required = (schema.required as string[] | undefined) ?? [];
  return Object.entries((schema.properties ?? {}) as Json).map(([name, value]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: value,
  }));
}

function headersOf(route: Route): Json[] {
  const headers: Json[] = [];
  if (route.idempotent) headers.push({ name: "Idempotency-Key", in: "header", schema: { type: "string" } });
  if (route.versioned) headers.push({ name: "If-Match", in: "header", schema: { type: "string" } });
  return headers;
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json;
  return json;
}
