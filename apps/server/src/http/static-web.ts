import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import staticFiles from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { notFound } from "./http-error.ts";

const YEAR_S = 31_536_000;

/** Serves the built web: hashed files for a year, `index.html` anew each time and for every address of the app. */
export async function serveWeb(app: FastifyInstance, folder: string): Promise<void> {
  const index = path.join(folder, "index.html");
  if (existsSync(folder))
    await app.register(staticFiles, {
      root: folder,
      index: false,
      wildcard: true,
      cacheControl: false,
      setHeaders(reply, file) {
        const hashed = file.startsWith(path.join(folder, "assets") + path.sep);
        reply.header("cache-control", hashed ? `public, max-age=${YEAR_S}, immutable` : "no-cache");
      },
      prefix: "/",
      prefixAvoidTrailingSlash: true,
      // a folder is no file: "/" and other addresses of the app go on to the page
      allowedPath: (pathName) => !isOurs(pathName) && path.extname(pathName) !== "",
      decorateReply: false,
    });
  app.setNotFoundHandler(async (request, reply) => {
    const wanted = request.url.split("?")[0] ?? "/";
    if (request.method !== "GET" || isOurs(wanted) || path.extname(wanted) !== "") throw notFound("address");
    const html = await readFile(index, "utf8").catch(() => UNBUILT);
    return reply.type("text/html; charset=utf-8").header("cache-control", "no-cache").send(html);
  });
}

/** Addresses of the server itself: never the app's page. */
function isOurs(pathName: string): boolean {
  return /^\/(api|sip|metrics)(\/|$)/.test(pathName);
}

const UNBUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Svara</title>
<body><h1>Svara</h1><p>The server runs, but the web application has not been built. <code>npm start</code> builds it.</p></body></html>`;
