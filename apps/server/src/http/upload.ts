import type { FastifyRequest } from "fastify";
import { HttpError, invalid } from "./http-error.ts";

/** A multipart form: one file and its fields, all text. */
export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly file: Buffer;
  readonly fileName: string;
}

/** Largest file that is taken. */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;

/** Reads multipart/form-data with one file named `file`. @throws HttpError 400, 413, 415 */
export async function readUpload(request: FastifyRequest): Promise<Upload> {
  if (!request.isMultipart())
    throw new HttpError("This takes multipart/form-data", { status: 415, code: "wrong_media_type" });
  const fields: Record<string, string> = {};
  let file: Buffer | undefined;
  let fileName = "";
  try {
    for await (const part of request.parts({
      limits: { fileSize: MAX_UPLOAD_BYTES, files: 1, fields: 20, fieldSize: 4000 },
    })) {
      if (part.type === "file") {
        file = await part.toBuffer();
        fileName = part.filename;
      } else if (typeof part.value === "string") fields[part.fieldname] = part.value;
    }
  } catch (error) {
    throw asFault(error);
  }
  if (!file) throw invalid([{ field: "file", code: "missing", message: "no file was sent" }]);
  return { fields, file, fileName };
}

/** The parser says only of its limits whose doing it was; what it cannot read is the sender's as well. */
function asFault(cause: unknown): unknown {
  if (!(cause instanceof Error) || "statusCode" in cause) return cause;
  return new HttpError(`The form cannot be read: ${cause.message}`, { status: 400, code: "invalid", cause });
}
