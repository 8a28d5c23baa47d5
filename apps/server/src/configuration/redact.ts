/** What a revision stores in place of a secret. */
export const REDACTED = "$redacted";

type Json = unknown;

/** A copy in which the values at the dotted paths are replaced by `REDACTED`. `*` in a path stands for every element. */
export function redact(value: Json, paths: readonly string[]): Json {
  return paths.reduce<Json>((copy, path) => at(copy, path.split("."), () => REDACTED), value);
}

/** A copy without the redacted values, so that writing it leaves these secrets as they are. */
export function withoutRedacted(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutRedacted);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== REDACTED);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutRedacted(inner)]));
}

function at(value: Json, path: readonly string[], change: (old: Json) => Json): Json {
  const [head, ...rest] = path;
  if (head === undefined) return value === undefined || value === null ? value : change(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((inner: Json, i) =>
      head === "*" || head === String(i) ? at(inner, rest, change) : inner,
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      head === "*" || head === key ? at(inner, rest, change) : inner,
    ]),
  );
}
