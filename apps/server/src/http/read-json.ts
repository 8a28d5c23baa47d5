import { invalid } from "./http-error.ts";

/**
 * Parses a body. An empty one is absent. What PostgreSQL cannot keep as text (NUL, halves of surrogate pairs)
 * is refused here, with the field named, rather than failing there.
 */
export function readJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid([{ field: "body", code: "json", message: "not JSON" }]);
  }
  if (/\\u(0000|d[89a-f])/i.test(text)) refuseUnstorable(value, "");
  return value;
}

/** @throws HttpError 400 when a text somewhere in the value cannot be stored. */
export function refuseUnstorable(value: unknown, field: string): void {
  if (typeof value === "string") {
    if (value.includes("\0") || !value.isWellFormed())
      throw invalid([{ field: field || "body", code: "text", message: "has characters that are not text" }]);
  } else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      refuseUnstorable(item, join(field, String(index)));
    });
  } else if (value !== null && typeof value === "object") {
    for (const [key, item] of Object.entries(value)) {
      refuseUnstorable(key, join(field, key.replaceAll("\0", "?")));
      refuseUnstorable(item, join(field, key));
    }
  }
}

function join(field: string, key: string): string {
  return field === "" ? key : `${field}.${key}`;
}
