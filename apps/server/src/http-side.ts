import { fileURLToPath } from "node:url";
import { type Disposable, Disposables } from "@svara/kernel";
import type { FastifyInstance } from "fastify";
import { mountCallingRules } from "./clients/calling-rules-routes.ts";
import { mountDialRules } from "./clients/dial-rules-routes.ts";
import { mountContactRoutes } from "./contacts/contact-routes.ts";
import { Contacts } from "./contacts/contacts.ts";
import { Erasure } from "./contacts/erasure.ts";
import type { Core } from "./core.ts";
import { mountCustomerRoutes } from "./customers/customer-routes.ts";
import { mountDeskRoutes } from "./desk/desk-routes.ts";
import type { TurnSettings } from "./desk/turn-credentials.ts";
import { Sockets } from "./events/sockets.ts";
import { mountFloorRoutes } from "./floor/floor-routes.ts";
import { createApp } from "./http/create-app.ts";
import { HttpCore } from "./http/http-core.ts";
import { Idempotency } from "./http/idempotency.ts";
import type { Listeners } from "./http/listeners.ts";
import { serveWeb } from "./http/static-web.ts";
import { FirstRun } from "./identity/first-run.ts";
import { mountIdentityRoutes } from "./identity/identity-routes.ts";
import type { LiveService } from "./live/live-service.ts";
import { Metrics } from "./metrics/metrics.ts";
import { mountPlainOfficeRoutes } from "./office/mount-office.ts";
import { mountPhoneRoutes } from "./phones/phone-routes.ts";
import { countedContacts } from "./plan/history/counted-contacts.ts";
import { mountPlanRoutes } from "./plan/mount-plan.ts";
import { mountPromptRoutes } from "./prompts/prompt-routes.ts";
import { mountRoutingRoutes } from "./routing/routing-routes.ts";
import { seedClientDefaults } from "./seed/seed-centre.ts";
import { mountSystemRoutes } from "./system/system-routes.ts";
import { mountTelephonyRoutes } from "./telephony/telephony-routes.ts";
import { mountTrunkRoutes } from "./trunks/trunk-routes.ts";
import { VERSION } from "./version.ts";

const WEB_FOLDER = fileURLToPath(new URL("../../web/dist", import.meta.url));

export interface HttpSideOptions {
  readonly listeners: Listeners;
  readonly live: LiveService;
  readonly demonstration: boolean;
  readonly turn: TurnSettings | null;
  readonly draining: () => boolean;
  readonly httpsUrl: () => string | null;
  readonly onFirstRun: () => void;
}

/** Everything that answers HTTP and WebSockets, mounted and ready; nothing listens yet. */
export interface HttpSide extends Disposable {
  readonly app: FastifyInstance;
  readonly http: HttpCore;
  readonly firstRun: FirstRun;
  readonly sockets: Sockets;
  readonly erasure: Erasure;
  readonly idempotency: Idempotency;
}

/** Mounts every route of the contract on the core and the live runtime. */
export async function createHttpSide(core: Core, options: HttpSideOptions): Promise<HttpSide> {
  const { log, ids, clock, database, ledger, office, identity, audit, customers, configuration } = core;
  const { listeners, live } = options;
  const { db } = database;
  const { centreId } = ledger;
  const open = new Disposables();
  const app = await createApp({ log, ids, listeners });
  const idempotency = new Idempotency({ db, clock });
  const http = new HttpCore({
    app,
    idempotency,
    identify: ({ headers, method, ip }) => identity.identify({ headers, method, address: ip }),
  });
  const firstRun = new FirstRun({ office, configuration, identity, audit, ids, centreId });
  const metrics = open.add(new Metrics({ ledger, live, version: VERSION }));
  const contacts = new Contacts({ db, clock, office, customers });
  const { recordingsFolder, promptsFolder } = core;
  const erasure = new Erasure({ db, clock, customers, office, idempotency, recordingsFolder, log });

  const { demonstration, draining, httpsUrl, onFirstRun } = options;
  const { accounts, throttle, tokens } = core;
  mountSystemRoutes({
    http,
    db,
    ledger,
    clock,
    identity,
    metrics,
    version: VERSION,
    demonstration,
    draining,
    httpsUrl,
    live,
  });
  mountIdentityRoutes({
    http,
    office,
    identity,
    firstRun,
    accounts,
    throttle,
    tokens,
    audit,
    centreId,
    onFirstRun,
  });
  mountPlainOfficeRoutes(http, office, {
    centreId,
    equip: async (clientId, timeZone) => {
      await seedClientDefaults({ configuration, ids }, clientId, timeZone);
      await office.settled();
    },
  });
  mountRoutingRoutes({ http, office, centreId });
  mountPromptRoutes({ http, office, ids, clock, promptsFolder });
  mountTrunkRoutes(http, office, live, core.trunkKind);
  mountPhoneRoutes(http, office, live);
  mountTelephonyRoutes({ http, live, audit });
  mountCallingRules({ http, office, centreId });
  mountDialRules({ http, office, live });
  mountDeskRoutes({ http, live, office, db, clock, turn: options.turn });
  mountFloorRoutes({ http, live, office });
  mountContactRoutes({
    http,
    contacts,
    office,
    audit,
    recordingsFolder,
    insight: live.insight,
    counted: countedContacts({ db, office }),
  });
  mountCustomerRoutes({ http, db, customers, erasure, office, audit, live });
  open.add(mountPlanRoutes({ http, core, live }));
  await serveWeb(app, WEB_FOLDER);
  await app.ready();

  const sockets = open.add(
    new Sockets({
      identity,
      live,
      office,
      sessionEnded: core.sessions.ended,
      clock,
      epoch: ledger.epoch,
      log,
    }),
  );
  listeners.handleUpgrade((request, socket, head) => sockets.upgrade(request, socket, head));
  return { app, http, firstRun, sockets, erasure, idempotency, dispose: () => open.dispose() };
}
