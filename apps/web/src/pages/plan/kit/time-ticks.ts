const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Where the axis of time is marked and with what words: hours within two days, days within three weeks, else weeks. Marks
 * lie on full hours and midnights of the zone's clocks.
 */
export function timeTicks(
  from: number,
  to: number,
  timeZone: string,
  locale: string,
): { readonly ticks: number[]; readonly words: ReadonlyMap<number, string> } {
  const span = to - from;
  const words = new Map<number, string>();
  if (!(span > 0)) return { ticks: [from], words };
  const hourOf = partOf(timeZone, { hour: "2-digit", hourCycle: "h23" });
  const stepHours = span <= 12 * HOUR_MS ? 1 : span <= DAY_MS ? 2 : span <= 2 * DAY_MS ? 4 : 24;
  const days = span / DAY_MS;
  const everyDays = days <= 10 ? 1 : days <= 35 ? 7 : 14;
  const shown =
    stepHours < 24
      ? new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit" })
      : days <= 10
        ? new Intl.DateTimeFormat(locale, { timeZone, weekday: "short", day: "numeric" })
        : new Intl.DateTimeFormat(locale, { timeZone, day: "numeric", month: "short" });
  const weekday = partOf(timeZone, { weekday: "short" }, "en-GB");
  for (let at = Math.ceil(from / HOUR_MS) * HOUR_MS; at <= to; at += HOUR_MS) {
    const hour = Number(hourOf(at));
    if (hour % stepHours !== 0) continue;
    if (stepHours === 24 && everyDays > 1 && weekday(at) !== "Mon") continue;
    words.set(at, shown.format(at));
  }
  return { ticks: [...words.keys()], words };
}

/** The same for points that are days: each within sixteen, else the Mondays, of many weeks every other. */
export function dayTicks(
  days: readonly number[],
  timeZone: string,
  locale: string,
): { readonly ticks: number[]; readonly words: ReadonlyMap<number, string> } {
  const few = days.length <= 16;
  const shown = new Intl.DateTimeFormat(locale, {
    timeZone,
    ...(few ? { weekday: "short", day: "numeric" } : { day: "numeric", month: "short" }),
  });
  const weekday = partOf(timeZone, { weekday: "short" });
  const mondays = few ? days : days.filter((at) => weekday(at) === "Mon");
  const every = mondays.length > 16 ? 2 : 1;
  const words = new Map<number, string>();
  for (const [index, at] of mondays.entries())
    if (few || index % every === 0) words.set(at, shown.format(at));
  return { ticks: [...words.keys()], words };
}

function partOf(
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
  locale = "en-GB",
): (at: number) => string {
  const format = new Intl.DateTimeFormat(locale, { timeZone, ...options });
  return (at) => format.format(at);
}
