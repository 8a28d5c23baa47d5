import * as path from "node:path";
import { type Clock, type Ids, type Random, SecureRandom, SystemClock, UuidV7 } from "@svara/kernel";
import type { Logger } from "pino";
import { callingRulesKind } from "./clients/calling-rules-kind.ts";
import { centreKind } from "./clients/centre-kind.ts";
import { clientKind } from "./clients/client-kind.ts";
import { dialRulesKind } from "./clients/dial-rules-kind.ts";
import { routingRulesKind } from "./clients/routing-rules-kind.ts";
import { Configuration } from "./configuration/index.ts";
import { Customers } from "./customers/customers.ts";
import { type Database, Ledger, openDatabase, WHOLE_CENTRE, withScope } from "./database/index.ts";
import { entryPointKind } from "./entry-points/entry-point-kind.ts";
import { hoursKind } from "./hours/hours-kind.ts";
import { Accounts } from "./identity/accounts.ts";
import { ApiTokens } from "./identity/api-tokens.ts";
import { Audit } from "./identity/audit.ts";
import { Identity } from "./identity/identity.ts";
import { keepPresetRoles } from "./identity/preset-roles.ts";
import { roleKind } from "./identity/role-kind.ts";
import { Sessions } from "./identity/sessions.ts";
import { SignInThrottle } from "./identity/throttle.ts";
import { userKind } from "./identity/user-kind.ts";
import { numberKind } from "./numbers/number-kind.ts";
import { Office } from "./office/office.ts";
import { capacityProfileKind } from "./organisation/capacity-profile-kind.ts";
import { reasonKind, siteKind, skillKind, teamKind } from "./organisation/organisation-kinds.ts";
import { phoneKind } from "./phones/phone-kind.ts";
import { type AgentTermsKind, makeAgentTermsKind } from "./plan/contracts/agent-terms-kind.ts";
import { workContractKind } from "./plan/contracts/work-contract-kind.ts";
import { approvalRulesKind } from "./plan/labour-rules/approval-rules-kind.ts";
import { labourRulesKind } from "./plan/labour-rules/labour-rules-kind.ts";
import { shiftPatternKind } from "./plan/shift-patterns/shift-pattern-kind.ts";
import { specialDayKind } from "./plan/special-days/special-day-kind.ts";
import { promptKind } from "./prompts/prompt-kind.ts";
import { dispositionKind } from "./queues/disposition-kind.ts";
import { queueKind } from "./queues/queue-kind.ts";
import { openSecretBox, type SecretBox } from "./secrets/index.ts";
import { seedCentre } from "./seed/seed-centre.ts";
import type { Settings } from "./settings/settings.ts";
import { makeTrunkKind } from "./trunks/trunk-kind.ts";

export interface CoreOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** An open database, for tests; it is not closed with the core. */
  readonly database?: Database;
}

/** What everything else stands on: database, ledger, configuration, identity. No port is open yet. */
export interface Core {
  readonly settings: Pick<Settings, "dataDir" | "databaseUrl" | "secretKey">;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly database: Database;
  readonly ledger: Ledger;
  readonly configuration: Configuration;
  readonly office: Office;
  readonly box: SecretBox;
  readonly trunkKind: ReturnType<typeof makeTrunkKind>;
  readonly agentTermsKind: AgentTermsKind;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly tokens: ApiTokens;
  readonly throttle: SignInThrottle;
  readonly audit: Audit;
  readonly identity: Identity;
  readonly customers: Customers;
  readonly countryOf: (clientId: string) => string;
  readonly promptsFolder: string;
  readonly recordingsFolder: string;
  close(): Promise<void>;
}

/** Opens the core; at the very first start the centre gets what it begins with. */
export async function openCore(settings: Core["settings"], options: CoreOptions): Promise<Core> {
  const { log } = options;
  const clock = options.clock ?? new SystemClock();
  const random = options.random ?? new SecureRandom();
  const ids = new UuidV7(clock, random);
  const { dataDir, databaseUrl } = settings;
  const database =
    options.database ??
    (await openDatabase({ dataDir, clock, log, ...(databaseUrl !== null && { databaseUrl }) }));
  try {
    return await openOn(settings, {
      log,
      clock,
      random,
      ids,
      database,
      owned: options.database === undefined,
    });
  } catch (error) {
    if (!options.database) await database.close();
    throw error;
  }
}

async function openOn(
  settings: Core["settings"],
  base: Pick<Core, "log" | "clock" | "random" | "ids" | "database"> & { readonly owned: boolean },
): Promise<Core> {
  const { log, clock, random, ids, database, owned } = base;
  const { dataDir, secretKey } = settings;
  const box = openSecretBox({ dataDir, ...(secretKey !== null && { secretKey }) });
  const { db } = database;
  const ledger = await Ledger.open(database, { clock, ids, log });
  const configuration = new Configuration({ ledger, clock });
  const office = new Office({ db, ledger, configuration, ids });
  const trunkKind = makeTrunkKind(box);
  for (const kind of PLAIN_KINDS) kind(office);
  office.register(trunkKind);
  const agentTermsKind = makeAgentTermsKind(office.catalogue);
  office.register(agentTermsKind);
  await withScope(db, WHOLE_CENTRE, (tx) => keepPresetRoles(tx, ids));
  await office.open();
  const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  await seedCentre({ office, configuration, ids, centreId: ledger.centreId, timeZone });
  await office.settled();

  const parts = { db, clock, ids };
  const accounts = new Accounts(db);
  const sessions = new Sessions(parts);
  const tokens = new ApiTokens(parts);
  const throttle = new SignInThrottle(parts);
  const audit = new Audit(parts);
  const identity = new Identity({ accounts, sessions, tokens, throttle, audit, office, clock });
  const countryOf = (clientId: string): string =>
    office.catalogue.get(clientKind, clientId)?.value.country ??
    office.catalogue.inUse(centreKind)[0]?.value.country ??
    "SE";
  return {
    settings,
    log,
    clock,
    random,
    ids,
    database,
    ledger,
    configuration,
    office,
    box,
    trunkKind,
    agentTermsKind,
    accounts,
    sessions,
    tokens,
    throttle,
    audit,
    identity,
    customers: new Customers({ ids, clock, countryOf }),
    countryOf,
    promptsFolder: path.join(dataDir, "prompts"),
    recordingsFolder: path.join(dataDir, "recordings"),
    async close() {
      await ledger.close();
      if (owned) await database.close();
    },
  };
}

const PLAIN_KINDS: readonly ((office: Office) => void)[] = [
  (office) => office.register(centreKind),
  (office) => office.register(clientKind),
  (office) => office.register(siteKind),
  (office) => office.register(teamKind),
  (office) => office.register(skillKind),
  (office) => office.register(reasonKind),
  (office) => office.register(capacityProfileKind),
  (office) => office.register(routingRulesKind),
  (office) => office.register(callingRulesKind),
  (office) => office.register(dialRulesKind),
  (office) => office.register(roleKind),
  (office) => office.register(userKind),
  (office) => office.register(queueKind),
  (office) => office.register(dispositionKind),
  (office) => office.register(hoursKind),
  (office) => office.register(promptKind),
  (office) => office.register(entryPointKind),
  (office) => office.register(numberKind),
  (office) => office.register(phoneKind),
  (office) => office.register(specialDayKind),
  (office) => office.register(shiftPatternKind),
  (office) => office.register(workContractKind),
  (office) => office.register(labourRulesKind),
  (office) => office.register(approvalRulesKind),
];
