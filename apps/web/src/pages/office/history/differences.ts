/** One field that differs between two states of a thing, as text for people. */
export interface Difference {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Noise in every change. */
const IGNORED = new Set(["id", "revision"]);

/** What changed, field by field; nested objects by dotted path, lists whole. */
export function differences(before: unknown, after: unknown, path = ""): Difference[] {
  if (isRecord(before) || isRecord(after)) {
    const [a, b] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => path !== "" || !IGNORED.has(key))
      .flatMap((key) => differences(a[key], b[key], path === "" ? key : `${path}.${key}`));
  }
  const [old, fresh] = [textOf(before), textOf(after)];
  return old === fresh ? [] : [{ path, before: old, after: fresh }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : JSON.stringify(value);
  return String(value);
}
