import { api, openApiDocument } from "@svara/contracts";
import type { Clock, Disposable } from "@svara/kernel";
import { type Kysely, sql } from "kysely";
import type { DB, Ledger } from "../database/index.ts";
import type { HttpCore } from "../http/http-core.ts";
import { forbidden } from "../http/http-error.ts";
import type { Identity } from "../identity/identity.ts";
import type { LiveService } from "../live/live-service.ts";
import type { Metrics } from "../metrics/metrics.ts";

interface Parts {
  readonly http: HttpCore;
  readonly db: Kysely<DB>;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly metrics: Metrics;
  readonly version: string;
  readonly demonstration: boolean;
  readonly draining: () => boolean;
  readonly live: Pick<LiveService, "telephony">;
  /** Where HTTPS is served, if it is. */
  readonly httpsUrl: () => string | null;
}

/** A database that hangs is as far away as one that is down, and who asks for our health has not all day. */
const DATABASE_ANSWER_MS = 2_000;

/** Health, version, the API's description, metrics. */
export function mountSystemRoutes(parts: Parts): void {
  const { http, db, ledger, clock, version, metrics, identity } = parts;
  const startedAt = clock.now();

  http.mountPublic(api.system.health, async ({ reply }) => {
    const reachable = await answersInTime(db, clock);
    const works = reachable && ledger.pressure !== "lost";
    if (!works) reply.status(503);
    return {
      status: works ? (parts.draining() ? ("draining" as const) : ("ok" as const)) : ("degraded" as const),
      version,
      database: reachable ? ("ok" as const) : ("unreachable" as const),
      epoch: ledger.epoch,
      uptimeMs: clock.now() - startedAt,
      now: clock.now(),
      alarms: [...new Set(parts.live.telephony.alarms().map(({ code }) => code))],
    };
  });
  http.mount(api.system.about, async ({ request }) => ({
    version,
    epoch: ledger.epoch,
    secure: request.protocol === "https",
    httpsUrl: parts.httpsUrl(),
    demonstration: parts.demonstration,
  }));

  const description = JSON.stringify(openApiDocument({ version }));
  http.app.get("/api/openapi.json", async (_request, reply) =>
    reply.type("application/json; charset=utf-8").send(description),
  );
  http.app.get("/metrics", async (request, reply) => {
    if (!isLoopback(request.ip)) {
      const caller = await identity.identify({
        headers: request.headers,
        method: "GET",
        address: request.ip,
      });
      if (!caller?.access.has("metrics.view")) throw forbidden("metrics.view");
    }
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}

function isLoopback(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127\./.test(address);
}

async function answersInTime(db: Kysely<DB>, clock: Clock): Promise<boolean> {
  const asked = sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
  let timer: Disposable | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = clock.after(DATABASE_ANSWER_MS, () => resolve(false));
  });
  const answered = await Promise.race([asked, late]);
  timer?.dispose();
  return answered;
}
