/** A change of a value: a field that is named is replaced as a whole, `null` takes it away, the others stay. */
export type FieldPatch<T> = { readonly [K in keyof T]?: T[K] | null };

/** The value with the change applied. */
export function patched<T extends object>(value: T, patch: FieldPatch<T> | undefined): T {
  if (patch === undefined) return value;
  const changed = { ...value, ...patch };
  for (const key of Object.keys(changed) as (keyof T)[]) if (changed[key] === null) delete changed[key];
  return changed as T;
}
