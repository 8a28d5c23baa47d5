import { addDays, zoned } from "@svara/calendar";
import { api } from "@svara/contracts";
import type { Random } from "@svara/kernel";
import type { HttpSession } from "./http-session.ts";

/** A queue of the demonstration as its past looks. */
export interface PastQueue {
  readonly name: string;
  /** Part of all contacts. */
  readonly share: number;
  readonly handleS: number;
}

const WEEKS = 12;
const OPENS_AT = 7;
const CLOSES_AT = 20;
/** Contacts an hour of all queues at the busiest hour of a usual weekday: as many as the software's customers make. */
const PEAK_PER_HOUR = 700;
/** Monday first; people call after the week-end. */
const WEEKDAYS = [1.18, 1.04, 1, 0.97, 0.93, 0.36, 0];
/** Of the peak, by hour from opening: a steep morning, a dip at lunch, a softer afternoon. */
const HOURS = [0.28, 0.66, 0.95, 1, 0.92, 0.74, 0.78, 0.86, 0.82, 0.68, 0.5, 0.36, 0.24];

/** Twelve weeks before today, quarter by quarter: chance around a level that wanders from day to day. */
export function demoHistoryCsv(
  queues: readonly PastQueue[],
  options: { readonly today: string; readonly random: Random },
): string {
  const { today, random } = options;
  const lines = ["queue,at,offered,aht"];
  let level = 0;
  for (let back = WEEKS * 7; back >= 1; back--) {
    const date = addDays(today, -back);
    const weekday = WEEKDAYS[dayOfWeek(date) - 1] ?? 0;
    level = 0.6 * level + 0.06 * normal(random);
    if (weekday === 0) continue;
    for (let hour = OPENS_AT; hour < CLOSES_AT; hour++) {
      const perQuarter = (PEAK_PER_HOUR / 4) * weekday * (HOURS[hour - OPENS_AT] ?? 0) * Math.exp(level);
      for (let minute = 0; minute < 60; minute += 15)
        for (const { name, share, handleS } of queues) {
          const offered = poisson(perQuarter * share, random);
          const aht = Math.round(handleS * (1 + (0.35 * normal(random)) / Math.sqrt(Math.max(1, offered))));
          const time = `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
          lines.push(`${name},${date} ${time},${offered},${offered > 0 ? Math.max(5, aht) : ""}`);
        }
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Gives the demonstration the past of a centre that came from another system, the way a planner would. */
export async function importDemoHistory(
  admin: HttpSession,
  queues: readonly PastQueue[],
  options: { readonly now: number; readonly timeZone: string; readonly random: Random },
): Promise<void> {
  const { items } = await admin.call(api.clients.list, { query: {} });
  const clientId = items[0]?.id;
  if (clientId === undefined) return;
  const today = zoned(options.now, options.timeZone).toPlainDate().toString();
  const text = demoHistoryCsv(queues, { today, random: options.random });
  await admin.call(api.planHistory.importFile, {
    body: { clientId, mode: "store" },
    file: new File([text], "northlight-history.csv", { type: "text/csv" }),
  });
}

function dayOfWeek(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek;
}

/** Standard normal (Box and Muller 1958). */
function normal(random: Random): number {
  const [u, v] = [1 - random.next(), random.next()];
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** A count by chance around a mean: by products of uniforms below 30 (Knuth), by the normal law above. */
function poisson(mean: number, random: Random): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  return count;
}
