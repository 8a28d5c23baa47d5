import type { Authority } from "../authority.ts";
import type { SourceGuard } from "./source-guard.ts";

/** The house's authority, with the guard told of every login and of every trunk known by its address. */
export function watchedAuthority(authority: Authority, guard: SourceGuard): Authority {
  return {
    findAccount: (username, realm) => authority.findAccount(username, realm),
    async identifyBySource(source, request) {
      const trunk = await authority.identifyBySource(source, request);
      if (trunk) guard.vouchForTrunk(source.host);
      return trunk;
    },
    isLockedOut: (source, username) => authority.isLockedOut?.(source, username) ?? false,
    loginSucceeded(attempt) {
      guard.loginSucceeded(attempt.source);
      authority.loginSucceeded?.(attempt);
    },
    loginFailed(attempt) {
      guard.loginFailed(attempt.source);
      authority.loginFailed?.(attempt);
    },
  };
}
