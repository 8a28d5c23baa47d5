import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HttpError, notFound } from "./http-error.ts";

export interface FileAnswer {
  /** Absolute. */
  readonly path: string;
  readonly type: string;
  /** In words, for the case that it is not there. */
  readonly what: string;
  /** Given to download, under this name. */
  readonly downloadAs?: string;
}

/** Sends a file, or the part of it that `Range` asks for (RFC 9110, section 14): players seek by it. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: FileAnswer,
): Promise<void> {
  const size = await sizeOf(file.path);
  if (size === undefined) throw notFound(file.what);
  reply.header("accept-ranges", "bytes").header("cache-control", "private, no-store").type(file.type);
  if (file.downloadAs !== undefined)
    reply.header("content-disposition", `attachment; filename="${file.downloadAs.replace(/[^\w.-]/g, "_")}"`);
  const range = parseRange(request.headers.range, size);
  if (range === "outside") {
    reply.header("content-range", `bytes */${size}`);
    throw new HttpError("The range is not within the file", { status: 416, code: "range" });
  }
  if (range === undefined) {
    reply.header("content-length", size);
    await reply.send(createReadStream(file.path));
    return;
  }
  reply
    .status(206)
    .header("content-range", `bytes ${range.from}-${range.to}/${size}`)
    .header("content-length", range.to - range.from + 1);
  await reply.send(createReadStream(file.path, { start: range.from, end: range.to }));
}

export interface ByteRange {
  readonly from: number;
  /** Included. */
  readonly to: number;
}

/** A single range of bytes; several or malformed ones are as none, and the whole is sent. */
export function parseRange(header: string | undefined, size: number): ByteRange | "outside" | undefined {
  const match = header === undefined ? null : /^bytes=(\d*)-(\d*)$/.exec(header.trim());
  if (!match) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Math.min(size, Number(last));
    return length === 0 ? "outside" : { from: size - length, to: size - 1 };
  }
  const from = Number(first);
  const to = last === "" ? size - 1 : Math.min(size - 1, Number(last));
  if (from >= size) return "outside";
  return from > to ? undefined : { from, to };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch {
    return undefined;
  }
}
