import type { Permission } from "@svara/contracts";

type Undotted<P extends string> = P extends `${infer A}.${infer B}` ? `${A}_${B}` : P;

/** The key of a permission in the catalogue: keys may not hold dots. */
export function permissionKey<P extends Permission>(name: P): Undotted<P> {
  return name.replace(".", "_") as Undotted<P>;
}
