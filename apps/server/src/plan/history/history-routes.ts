import { dayOf } from "@svara/calendar";
import { api } from "@svara/contracts";
import type { Instant } from "@svara/kernel";
import type { HttpCore } from "../../http/http-core.ts";
import { invalid } from "../../http/http-error.ts";
import type { Caller } from "../../rights/access.ts";
import { type PlanQueue, type PlanQueues, planScope } from "../plan-queues.ts";
import type { HistoryImports } from "./history-imports.ts";
import type { PlanHistory } from "./plan-history.ts";

interface Parts {
  readonly http: HttpCore;
  readonly queues: PlanQueues;
  readonly history: PlanHistory;
  readonly imports: HistoryImports;
}

const MOST_DAYS = 400;
const MOST_DAYS_OF_QUARTERS = 31;
const DAY_MS = 86_400_000;

/** Past figures, and files of them. */
export function mountHistoryRoutes({ http, queues, history, imports }: Parts): void {
  http.mount(api.planHistory.read, async ({ caller, query }) => {
    const wanted = queues.ofOneClient(caller, query.queueIds, "plan.view"); // days are those of one clock
    const timeZone = wanted[0]?.timeZone ?? "UTC";
    const by = query.by ?? "interval";
    const { from, to } = spanOf(
      query.from,
      query.to,
      timeZone,
      by === "day" ? MOST_DAYS : MOST_DAYS_OF_QUARTERS,
    );
    const items = await history.steps(planScope(caller, "plan.view"), {
      queueIds: wanted.map(({ id }) => id),
      from,
      to,
      by,
      timeZone,
      thresholdsMs: new Map(wanted.map(({ id, value }) => [id, value.serviceLevel.thresholdMs])),
    });
    return { timeZone, items };
  });

  http.mount(api.planHistory.state, async ({ caller }) => ({
    items: await statesOf(caller, queues.seen(caller), history),
  }));

  http.mount(api.planHistory.imports, async ({ caller }) => ({
    items: (await imports.list(caller)).map((row) => ({
      ...row,
      importedBy: queues.userName(row.importedBy),
    })),
  }));
  http.mount(api.planHistory.importFile, async ({ caller, body, upload }) =>
    imports.take(caller, {
      clientId: body.clientId,
      fileName: upload?.fileName ?? "",
      text: textOf(upload?.file),
      intervalMinutes: body.intervalMinutes === "60" ? 60 : body.intervalMinutes === "30" ? 30 : 15,
      store: body.mode === "store",
    }),
  );
  http.mount(api.planHistory.removeImport, async ({ caller, params }) => {
    await imports.remove(caller, params.id);
    return {};
  });
}

function textOf(file: Buffer | undefined): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file ?? new Uint8Array());
  } catch {
    throw invalid([{ field: "file", code: "wrong_encoding", message: "the file is not text in UTF-8" }]);
  }
}

/** @throws HttpError 400 */
function spanOf(
  from: string,
  to: string,
  timeZone: string,
  mostDays: number,
): { from: Instant; to: Instant } {
  if (to < from)
    throw invalid([{ field: "query.to", code: "before_from", message: `${to} is before ${from}` }]);
  const span = { from: dayOf(from, timeZone).from, to: dayOf(to, timeZone).to };
  if (span.to - span.from > (mostDays + 1) * DAY_MS)
    throw invalid([{ field: "query.to", code: "too_long", message: `at most ${mostDays} days` }]);
  return span;
}

async function statesOf(caller: Caller, seen: readonly PlanQueue[], history: PlanHistory) {
  const overviews = await history.overviews(planScope(caller, "plan.view"), seen);
  return seen.map((queue) => {
    const known = overviews.get(queue.id);
    return {
      queue: { id: queue.id, name: queue.name },
      clientId: queue.clientId,
      timeZone: queue.timeZone,
      medium: queue.value.medium,
      firstDay: known?.firstDay ?? null,
      lastDay: known?.lastDay ?? null,
      days: known?.days ?? 0,
      contacts: known?.contacts ?? 0,
      importedDays: known?.importedDays ?? 0,
      serviceLevel: queue.value.serviceLevel,
    };
  });
}
