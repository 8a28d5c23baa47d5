import type { Permission, Session } from "@svara/contracts";
import { useSession } from "../services.ts";

/** Whether the session holds a permission anywhere. The server checks the scope; the screen only hides what cannot be. */
export function mayIn(session: Session, ...anyOf: readonly Permission[]): boolean {
  return session.permissions.some((held) => anyOf.includes(held.permission) && held.scopes.length > 0);
}

export function useMay(...anyOf: readonly Permission[]): boolean {
  return mayIn(useSession(), ...anyOf);
}
