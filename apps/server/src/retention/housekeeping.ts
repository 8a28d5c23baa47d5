import { type Disposable, Disposables, every } from "@svara/kernel";
import type { Erasure } from "../contacts/erasure.ts";
import type { Core } from "../core.ts";
import type { Idempotency } from "../http/idempotency.ts";
import { applyPlanRetention } from "../plan/plan-retention.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Parts {
  readonly core: Pick<Core, "clock" | "database" | "log" | "sessions" | "throttle">;
  readonly erasure: Erasure;
  readonly idempotency: Idempotency;
}

/** What is done from time to time: retention each day, old sessions and answers each hour. */
export function startHousekeeping({ core, erasure, idempotency }: Parts): Disposable {
  const { clock, database, log, sessions, throttle } = core;
  const open = new Disposables();
  const run = (what: string, work: () => Promise<unknown>) => (): void => {
    void work().catch((error: unknown) => log.error({ err: error }, `${what} failed`));
  };
  const retention = run("retention", async () => {
    await erasure.applyRetention();
    log.info(await applyPlanRetention(database.db, clock), "retention of planning applied");
  });
  open.add(every(clock, DAY_MS, retention));
  open.add(clock.after(10_000, retention)); // after a start: a server that is never on at night forgets too
  open.add(
    every(
      clock,
      HOUR_MS,
      run("housekeeping", async () => {
        await sessions.sweep();
        await throttle.sweep();
        await idempotency.forget();
      }),
    ),
  );
  return open;
}
