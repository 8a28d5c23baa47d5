import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { SystemClock } from "@svara/kernel";
import {
  type ContactHistory,
  estimatePatience,
  FORECAST_METHODS,
  type Forecast,
  type ForecastMethod,
  type ForecastOptions,
  fitHandlingTime,
  fitHistory,
  forecastFrom,
  type GapMeaning,
  type IntervalMs,
  type IntradayForecast,
  reforecastDay,
  type SpecialDay,
} from "@svara/workforce/forecasting";
import { wholeNumber } from "../arguments.ts";
import type { Command, Given, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { UsageError } from "../usage-error.ts";
import { type BacklogSettings, backlogSettings, planWork, workWords } from "./forecast-backlog.ts";
import { readHistories, readSpecialDays } from "./forecast-history.ts";
import { readHandled, readWaits } from "./forecast-records.ts";
import { dateOf, instantReader, isZone } from "./forecast-table.ts";
import {
  daysCsv,
  forecastWords,
  handlingText,
  intervalsCsv,
  intradayCsv,
  patienceText,
  scoresTable,
  workCsv,
} from "./forecast-text.ts";

const DEFAULT_HORIZON = 7;
const DEFAULT_ZONE = "UTC";
const MOST_BYTES = 500_000_000;

export const forecast: Command = {
  name: "forecast",
  summary: "forecast contacts per interval from past ones; patience and handling time from call records",
  usage: "[history | -] [options]",
  details: [
    "The history is CSV with a head (columns at, count, and queue, medium where there are several; without count each line",
    "is one contact), or a JSON array of such rows; - or nothing is standard input. Times without an offset are those of",
    "--time-zone. Prints CSV: the mean of each interval (offered) and its quantiles, 80 % between p100 and p900, 95 %",
    "between p025 and p975. Which method was chosen, and how far it was off on the history, is said beside it.",
    "",
    "  svara forecast calls.csv --time-zone Europe/Kyiv --horizon-days 14 > next.csv",
    "  svara forecast calls.csv --evaluate                       # errors of all methods on this history",
    "  svara forecast calls.csv --special-days days.csv --days   # day by day; days.csv: date,name,effect,from,to",
    "  svara forecast calls.csv --intraday 2026-11-23T12:00      # the rest of a day that goes on",
    "  svara forecast mail.csv --backlog 120 --response-hours 24 --work-hours 08:00-17:00   # work that can wait",
    "  svara forecast --patience records.csv                     # columns wait_s, outcome",
    "  svara forecast --handling-time records.csv --json         # columns at, handle_s",
  ].join("\n"),
  options: {
    "horizon-days": {
      type: "string",
      value: "days",
      summary: `how many days to forecast (default ${DEFAULT_HORIZON})`,
    },
    "first-day": {
      type: "string",
      value: "date",
      summary: "the first of them (default: the day after the history)",
    },
    interval: { type: "string", value: "minutes", summary: "5, 15, 30 or 60 (default: that of the history)" },
    "time-zone": {
      type: "string",
      value: "name",
      summary: `whose days and clocks count (default ${DEFAULT_ZONE})`,
    },
    "special-days": {
      type: "string",
      value: "file",
      summary: "holidays and campaigns, past and to come (CSV or JSON)",
    },
    method: { type: "string", value: "name", summary: `auto (default), ${FORECAST_METHODS.join(", ")}` },
    gaps: {
      type: "string",
      value: "meaning",
      summary: "what intervals mean that are not there: auto (default), closed, zero",
    },
    days: { type: "boolean", summary: "print day totals instead of intervals" },
    evaluate: {
      type: "boolean",
      summary: "print how far each method was off on the history, and no forecast",
    },
    intraday: {
      type: "string",
      value: "time",
      summary: "forecast the rest of this day; the history holds the day until then",
    },
    backlog: {
      type: "string",
      value: "items",
      summary: "so many wait: print the work of each interval, even and in time",
    },
    "response-hours": { type: "string", value: "hours", summary: "within which an item must be done" },
    "work-hours": {
      type: "string",
      value: "from-to",
      summary: "when that work is done, such as 08:00-17:00 (default: when contacts come)",
    },
    "work-days": { type: "string", value: "days", summary: "on which (default mon,tue,wed,thu,fri)" },
    patience: { type: "boolean", summary: "estimate patience from call records instead" },
    "handling-time": { type: "boolean", summary: "estimate handling time from call records instead" },
    "gave-up": { type: "string", value: "words", summary: "outcomes of those who hung up, parted by commas" },
    served: { type: "string", value: "words", summary: "outcomes of those who were answered" },
    ignore: { type: "string", value: "words", summary: "outcomes that are left out" },
    out: { type: "string", value: "file", summary: "write the result there, whole or not at all" },
  },
  words: { min: 0, max: 1 },
  async run(given, terminal) {
    const mode = modeOf(given);
    const settings = settingsOf(given);
    const specialDays = await specialDaysOf(given, terminal);
    const progress = new Progress(terminal, new SystemClock());
    try {
      const { text, name } = await inputOf(given, terminal);
      const result = resultOf(mode, text, name, { ...settings, specialDays }, given, progress);
      progress.end();
      const file = given.options.out;
      if (typeof file === "string") await writeWhole(resolve(terminal.cwd, file), result.out);
      else terminal.out(result.out);
      if (result.beside !== "" && !given.json) terminal.err(result.beside);
      return 0;
    } finally {
      progress.end();
    }
  },
};

type Mode = "forecast" | "evaluate" | "intraday" | "patience" | "handling_time";

function modeOf({ options }: Given): Mode {
  const asked = (["evaluate", "intraday", "backlog", "patience", "handling-time"] as const).filter(
    (name) => options[name] !== undefined,
  );
  if (asked.length > 1) {
    throw new UsageError(
      `${asked.map((name) => `--${name}`).join(" and ")} exclude each other`,
      "give one of them",
    );
  }
  const [mode] = asked;
  return mode === undefined || mode === "backlog"
    ? "forecast"
    : mode === "handling-time"
      ? "handling_time"
      : mode;
}

interface Settings {
  readonly timeZone: string;
  readonly intervalMs: IntervalMs | undefined;
  readonly gaps: GapMeaning;
  readonly horizonDays: number;
  readonly firstDay: string | undefined;
  readonly method: ForecastMethod | "auto";
  readonly intradayAt: number | undefined;
  readonly backlog: BacklogSettings | undefined;
}

/** Everything that can be given wrongly is read before the history is. */
function settingsOf(given: Given): Settings {
  const { options } = given;
  const timeZone = typeof options["time-zone"] === "string" ? options["time-zone"] : DEFAULT_ZONE;
  if (!isZone(timeZone)) {
    throw new UsageError(`--time-zone is "${timeZone}"`, "give the name of a zone such as Europe/Kyiv");
  }
  const minutes = options.interval;
  const intervalMs = ([300_000, 900_000, 1_800_000, 3_600_000] as const).find(
    (ms) => String(ms / 60_000) === minutes,
  );
  if (minutes !== undefined && intervalMs === undefined)
    throw new UsageError(`--interval is "${minutes}"`, "give 5, 15, 30 or 60");
  const firstDay = options["first-day"];
  if (firstDay !== undefined && !isDate(String(firstDay))) {
    throw new UsageError(`--first-day is "${firstDay}"`, "give a date such as 2026-12-24");
  }
  const at = options.intraday;
  const intradayAt = typeof at === "string" ? instantReader(timeZone)(at) : undefined;
  if (at !== undefined && intradayAt === undefined) {
    throw new UsageError(`--intraday is "${at}"`, "give a time such as 2026-11-23T12:00");
  }
  return {
    timeZone,
    intervalMs,
    gaps: oneOf(given, "gaps", ["auto", "closed", "zero"] as const),
    horizonDays: wholeNumber(given, "horizon-days", DEFAULT_HORIZON, { min: 1, max: 400 }),
    firstDay: firstDay === undefined ? undefined : String(firstDay),
    method: oneOf(given, "method", ["auto", ...FORECAST_METHODS] as const),
    intradayAt,
    backlog: backlogSettings(given),
  };
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && instantReader("UTC")(text) !== undefined;
}

/** One of these words; the first where none is given. */
function oneOf<const W extends string>({ options }: Given, name: string, words: readonly [W, ...W[]]): W {
  const text = options[name];
  if (text === undefined) return words[0];
  const word = words.find((known) => known === text);
  if (word === undefined) throw new UsageError(`--${name} is "${text}"`, `give one of ${words.join(", ")}`);
  return word;
}

async function specialDaysOf({ options }: Given, { cwd }: Terminal): Promise<SpecialDay[]> {
  const file = options["special-days"];
  return typeof file === "string" ? readSpecialDays(await textOf(file, cwd, "--special-days"), file) : [];
}

async function inputOf({ words }: Given, terminal: Terminal): Promise<{ text: string; name: string }> {
  const [file] = words;
  if (file !== undefined && file !== "-")
    return { text: await textOf(file, terminal.cwd, "the history"), name: file };
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of terminal.stdin) {
    const buffer = typeof part === "string" ? Buffer.from(part) : part;
    bytes += buffer.length;
    if (bytes > MOST_BYTES)
      throw new UsageError("standard input has more than 500 MB", "count the contacts by interval first");
    parts.push(buffer);
  }
  return { text: Buffer.concat(parts).toString("utf8"), name: "standard input" };
}

async function textOf(file: string, cwd: string, what: string): Promise<string> {
  return await readFile(resolve(cwd, file), "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      `${what}: ${file} cannot be read (${cause.code ?? cause.message})`,
      "give the path of a file that is there",
    );
  });
}

/** What is printed, and what is said beside it. */
interface Result {
  readonly out: string;
  readonly beside: string;
}

function resultOf(
  mode: Mode,
  text: string,
  name: string,
  settings: Settings & { readonly specialDays: readonly SpecialDay[] },
  given: Given,
  progress: Progress,
): Result {
  const asJson = (value: unknown): Result => ({ out: `${JSON.stringify(value)}\n`, beside: "" });
  if (mode === "patience") {
    const patience = estimatePatience(readWaits(text, name, outcomeWords(given)));
    return given.json ? asJson(patience) : { out: patienceText(patience), beside: "" };
  }
  if (mode === "handling_time") {
    const { timeZone, intervalMs = 1_800_000 } = settings;
    const time = fitHandlingTime(readHandled(text, name, timeZone, outcomeWords(given).ignored), {
      timeZone,
      intervalMs,
    });
    return given.json ? asJson(time) : { out: handlingText(time), beside: "" };
  }
  const { timeZone, intervalMs, gaps } = settings;
  const histories = readHistories(text, name, { timeZone, gaps, ...(intervalMs ? { intervalMs } : {}) });
  if (mode === "intraday") {
    const days = histories.map((history) => intraday(history, settings, progress));
    return given.json ? asJson({ forecasts: days }) : { out: intradayCsv(days), beside: "" };
  }
  const forecasts = histories.map((history, i) =>
    forecastOne(history, settings, progress, `${i + 1} of ${histories.length}`),
  );
  if (mode === "evaluate") {
    const scores = forecasts.map(({ series, choices, scores: all, history, notes }) => ({
      series,
      choices,
      scores: all,
      history,
      notes,
    }));
    return given.json
      ? asJson({ evaluations: scores })
      : { out: forecasts.map(scoresTable).join("\n"), beside: "" };
  }
  const { backlog } = settings;
  if (backlog !== undefined) {
    const works = forecasts.map((one) => planWork(one, backlog));
    if (given.json) return asJson({ workloads: works });
    return { out: workCsv(works), beside: forecasts.map(forecastWords).join("") + workWords(works) };
  }
  if (given.json) return asJson({ forecasts });
  return {
    out: given.options.days === true ? daysCsv(forecasts) : intervalsCsv(forecasts),
    beside: forecasts.map(forecastWords).join(""),
  };
}

function forecastOne(
  history: ContactHistory,
  settings: Settings & { readonly specialDays: readonly SpecialDay[] },
  progress: Progress,
  which: string,
): Forecast {
  return forecastFrom(
    fitHistory(history, optionsOf(settings), () => progress.show(() => `trying methods on stream ${which}`)),
  );
}

function optionsOf(settings: Settings & { readonly specialDays: readonly SpecialDay[] }): ForecastOptions {
  const { horizonDays, firstDay, method, specialDays } = settings;
  return {
    horizonDays,
    method,
    specialDays,
    evaluate: true,
    ...(firstDay === undefined ? {} : { firstDay }),
  };
}

/** The history until the day's midnight teaches; what came since then is the day so far. */
function intraday(
  history: ContactHistory,
  settings: Settings & { readonly specialDays: readonly SpecialDay[] },
  progress: Progress,
): IntradayForecast {
  const at = settings.intradayAt ?? 0;
  const date = dateOf(at - 1, settings.timeZone);
  const midnight = instantReader(settings.timeZone)(date) ?? at;
  const before = history.counts.filter((count) => count.at < midnight);
  const today = history.counts.filter((count) => count.at >= midnight && count.at < at);
  const fit = fitHistory(
    { ...history, counts: before },
    { ...optionsOf(settings), horizonDays: 1, firstDay: date },
    () => progress.show(() => "trying methods"),
  );
  return reforecastDay(fit, today, at);
}

function outcomeWords({ options }: Given): { gaveUp: string[]; served: string[]; ignored: string[] } {
  const words = (name: string): string[] => {
    const text = options[name];
    return typeof text === "string"
      ? text
          .toLowerCase()
          .split(",")
          .map((word) => word.trim())
      : [];
  };
  return { gaveUp: words("gave-up"), served: words("served"), ignored: words("ignore") };
}

/** Beside the file first, then in its place: who reads it never sees half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, text, { flag: "wx" });
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `--out: ${path} cannot be written (${code ?? message})`,
      "give a path in a folder that may be written to",
    );
  }
}
