import { randomInt } from "node:crypto";
import { SecureRandom, SvaraError, SystemClock, UuidV7 } from "@svara/kernel";
import { openDatabase, silentLog } from "../database/index.ts";
import { Accounts } from "../identity/accounts.ts";
import { Audit } from "../identity/audit.ts";
import { hashPassword } from "../identity/passwords.ts";
import { Sessions } from "../identity/sessions.ts";
import { SignInThrottle } from "../identity/throttle.ts";
import type { Settings } from "../settings/settings.ts";

/** Without letters and digits that look alike. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

export interface ResetUser {
  readonly login: string;
  /** To be changed at the first sign-in. */
  readonly password: string;
}

/** For whoever sits at the machine: lifts a lock-out, gives a new password, ends the user's sessions. Works while the server runs. */
export async function resetUser(
  settings: Pick<Settings, "dataDir" | "databaseUrl">,
  options: { readonly login: string; readonly password?: string },
): Promise<ResetUser> {
  const { dataDir, databaseUrl } = settings;
  const clock = new SystemClock();
  const database = await openDatabase({
    dataDir,
    clock,
    log: silentLog,
    migrate: false,
    ...(databaseUrl !== null && { databaseUrl }),
  });
  try {
    const parts = { db: database.db, clock, ids: new UuidV7(clock, new SecureRandom()) };
    const accounts = new Accounts(parts.db);
    const account = await accounts.byUsername(options.login);
    if (!account)
      throw new SvaraError(`there is no user ${options.login}`, { code: "user.unknown", httpStatus: 404 });
    const password = options.password ?? newPassword();
    await accounts.setPassword(account.id, await hashPassword(password), true);
    await new SignInThrottle(parts).succeeded(account.username);
    await new Sessions(parts).endAll(account.id);
    await new Audit(parts).note({ action: "user_reset", subjectId: account.id });
    return { login: account.username, password };
  } finally {
    await database.close();
  }
}

/** Four groups of four: about 79 bits. */
function newPassword(): string {
  const group = (): string => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  return Array.from({ length: 4 }, group).join("-");
}
