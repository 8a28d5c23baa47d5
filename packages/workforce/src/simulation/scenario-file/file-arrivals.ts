import type { Instant } from "@svara/kernel";
import type { ItemId, WorkItem } from "@svara/routing";
import type { PoissonStream, RatePiece, RecordedItem } from "../scenario.ts";
import { type FileArrivals, refused } from "./file-form.ts";
import { type FileDay, ms } from "./file-times.ts";

type Comes =
  | Pick<PoissonStream, "rates" | "item" | "kind">
  | { readonly kind: "recorded"; readonly items: readonly RecordedItem[] };

/** Recorded contacts that come outside of the day. */
export interface LeftOut {
  readonly queueId: string;
  readonly file: string;
  readonly contacts: number;
}

/** What comes to a queue. `read` gives the text of a file that the scenario names; `leftOut` is added to. */
export function arrivalsOf(
  arrivals: FileArrivals,
  item: PoissonStream["item"],
  about: {
    readonly day: FileDay;
    readonly intervalMs: number;
    readonly field: string;
    readonly read: (file: string) => string;
    readonly leftOut: LeftOut[];
  },
): Comes {
  const { day, intervalMs, field, read, leftOut } = about;
  if ("csv" in arrivals) {
    const all = recorded(read(arrivals.csv), item, day, `${field}.csv`);
    const items = all.filter(({ at }) => at >= day.from && at < day.to);
    const contacts = all.length - items.length;
    if (contacts > 0 && items.length === 0) {
      throw refused(
        `${field}.csv`,
        `has nobody for this day: all of its ${contacts} contacts in ${arrivals.csv} come outside of ${day.words}`,
      );
    }
    if (contacts > 0) leftOut.push({ queueId: item.queueId, file: arrivals.csv, contacts });
    return { kind: "recorded", items };
  }
  if ("perHour" in arrivals)
    return { kind: "poisson", item, rates: [{ from: day.from, perHour: arrivals.perHour }] };
  if ("contacts" in arrivals) {
    const most = Math.ceil((day.to - day.from) / intervalMs);
    if (arrivals.contacts.length > most) {
      throw refused(
        `${field}.contacts`,
        `has ${arrivals.contacts.length} numbers, and the day has ${most} intervals`,
      );
    }
    const rates = [...arrivals.contacts, 0].map(
      (count, i): RatePiece => ({
        from: day.from + i * intervalMs,
        perHour: (count * 3_600_000) / intervalMs,
      }),
    );
    return { kind: "poisson", item, rates };
  }
  const rates = arrivals.rates.map(({ from, perHour }, i): RatePiece => {
    return { from: day.at(from, `${field}.rates.${i}.from`), perHour };
  });
  const late = rates.findIndex(({ from }, i) => i > 0 && from <= (rates[i - 1]?.from ?? from));
  if (late > 0) throw refused(`${field}.rates.${late}.from`, "must be later than the rate before it");
  return { kind: "poisson", item, rates };
}

const LONGEST_S = 31_536_000; // a year, as in the schema

const COLUMNS = ["time", "talkS", "wrapUpS", "patienceS"] as const;

/** One contact a line, under a head that names the columns; a time is a time of day with seconds, or an instant with its offset. */
function recorded(text: string, item: PoissonStream["item"], day: FileDay, field: string): RecordedItem[] {
  const [{ text: head } = { text: "" }, ...lines] = text
    .split(/\r?\n/)
    .map((line, i) => ({ text: line, number: i + 1 }))
    .filter((line) => line.text.trim() !== "");
  const names = head.split(/[,;\t]/).map((name) => name.trim());
  const places = COLUMNS.map((name) => names.indexOf(name));
  if ((places[0] ?? -1) < 0) {
    throw refused(
      field,
      `needs a first line with a column "time", and may have ${COLUMNS.slice(1).join(", ")}`,
    );
  }
  const items = lines.map(({ text: line, number }, i): RecordedItem => {
    const where = `${field} line ${number}`;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim());
    const [time, talk, wrapUp, patience] = places.map((place) => (place < 0 ? "" : (cells[place] ?? "")));
    const at = timeOf(time ?? "", day, where);
    const seconds = (cell: string | undefined, name: string): number | undefined => {
      if (cell === undefined || cell === "") return undefined;
      const value = Number(cell);
      if (!(value >= 0 && value <= LONGEST_S))
        throw refused(where, `needs ${name} in seconds, 0 to ${LONGEST_S}, not "${cell}"`);
      return ms(value);
    };
    const talkMs = seconds(talk, "talkS");
    const wrapUpMs = seconds(wrapUp, "wrapUpS");
    const patienceMs = seconds(patience, "patienceS");
    const work: WorkItem = { ...item, id: `${item.queueId}-${i + 1}` as ItemId, queuedAt: at };
    return {
      at,
      item: work,
      ...(talkMs === undefined ? {} : { talkMs }),
      ...(wrapUpMs === undefined ? {} : { wrapUpMs }),
      ...(patienceMs === undefined ? {} : { patienceMs }),
    };
  });
  return items.sort((a, b) => a.at - b.at);
}

const CLOCK = /^(\d{2}:\d{2})(?::(\d{2}(?:\.\d{1,3})?))?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

function timeOf(text: string, day: FileDay, field: string): Instant {
  const clock = CLOCK.exec(text);
  if (clock?.[1] !== undefined) return day.at(clock[1], field) + ms(Number(clock[2] ?? 0));
  const at = INSTANT.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  if (Number.isNaN(at)) {
    throw refused(field, `needs a time such as 09:15:30 or 2026-03-02T09:15:30+01:00, not "${text}"`);
  }
  return at;
}
