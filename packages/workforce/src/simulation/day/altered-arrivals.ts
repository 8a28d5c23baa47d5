import type { Instant, QueueId, Random } from "@svara/kernel";
import type { Input, ItemId } from "@svara/routing";
import type { Distribution } from "../distribution.ts";
import type {
  ArrivalStream,
  NextStay,
  PoissonStream,
  RatePiece,
  RecordedItem,
  Scenario,
} from "../scenario.ts";
import { chanceFor } from "../streams.ts";
import { type DayChange, factorOf, type OpenSpan } from "./day-change.ts";

const HOUR_MS = 3_600_000;
const AMONG_MS = 900_000; // a contact that comes in addition comes within the quarter of an hour of the one it is like

/** More or fewer contacts, other times, other opening hours. What is added is a stream of its own, so the others keep their chance. */
export function alteredArrivals(
  scenario: Scenario,
  change: DayChange,
  chance: { readonly seed: number; readonly replication: number },
): Scenario {
  const { volumes, handling, patience, hours } = change;
  if (!volumes?.length && !handling?.length && !patience?.length && !hours?.length) return scenario;
  const streams = scenario.arrivals.map((stream, number): readonly [ArrivalStream, ...ArrivalStream[]] => {
    const queueId = queueOf(stream);
    if (queueId === undefined) return [stream];
    const random = chanceFor(chance.seed, chance.replication, ADDED + number, "arrival");
    let kept = paced(stream, factorOf(handling, queueId), factorOf(patience, queueId));
    const added: ArrivalStream[] = [];
    for (const span of hours ?? []) {
      if (span.queueId !== null && span.queueId !== queueId) continue;
      const late = beyond(kept, span, random);
      if (late) added.push(late);
      kept = within(kept, span);
    }
    const factor = factorOf(volumes, queueId);
    if (factor > 1) return [kept, ...added, ...[kept, ...added].map((one) => more(one, factor - 1, random))];
    if (factor < 1) return [fewer(kept, factor, random), ...added.map((one) => fewer(one, factor, random))];
    return [kept, ...added];
  });
  return {
    ...scenario,
    arrivals: [...streams.map(([kept]) => kept), ...streams.flatMap(([, ...added]) => added.map(ownChance))],
  };
}

/** Numbers of chance that no stream of a scenario has. */
const ADDED = 1 << 20;

function queueOf(stream: ArrivalStream): QueueId | undefined {
  return stream.kind === "poisson" ? stream.item.queueId : stream.items[0]?.item.queueId;
}

function ownChance(stream: ArrivalStream): ArrivalStream {
  const { chance: _, ...others } = stream;
  return others;
}

function paced(stream: ArrivalStream, handling: number, patience: number): ArrivalStream {
  if (handling === 1 && patience === 1) return stream;
  const times = {
    talk: scaled(stream.talk, handling),
    ...(stream.wrapUp ? { wrapUp: scaled(stream.wrapUp, handling) } : {}),
    patience: scaled(stream.patience, patience),
  };
  if (stream.kind === "poisson") return { ...stream, ...times };
  const by = (ms: number, factor: number): number => Math.round(ms * factor);
  const item = <T extends RecordedItem | NextStay>(stay: T): T => ({
    ...stay,
    ...(stay.talkMs === undefined ? {} : { talkMs: by(stay.talkMs, handling) }),
    ...(stay.wrapUpMs === undefined ? {} : { wrapUpMs: by(stay.wrapUpMs, handling) }),
    ...(stay.patienceMs === undefined ? {} : { patienceMs: by(stay.patienceMs, patience) }),
    ...(stay.patienceOverMs === undefined ? {} : { patienceOverMs: by(stay.patienceOverMs, patience) }),
    ...(stay.next ? { next: item(stay.next) } : {}),
  });
  return { ...stream, ...times, items: stream.items.map(item) };
}

/** The distribution stretched: every time is `factor` times as long. */
function scaled(distribution: Distribution, factor: number): Distribution {
  if (factor === 1) return distribution;
  switch (distribution.kind) {
    case "never":
      return distribution;
    case "deterministic":
      return { ...distribution, ms: distribution.ms * factor };
    case "exponential":
    case "erlang":
    case "lognormal":
      return { ...distribution, meanMs: distribution.meanMs * factor };
    case "hyperexponential":
      return {
        ...distribution,
        branches: distribution.branches.map((branch) => ({ ...branch, meanMs: branch.meanMs * factor })),
      };
    case "uniform":
      return { ...distribution, fromMs: distribution.fromMs * factor, toMs: distribution.toMs * factor };
    case "empirical":
      return { ...distribution, valuesMs: distribution.valuesMs.map((ms) => Math.round(ms * factor)) };
    case "survival":
      return {
        ...distribution,
        atMs: distribution.atMs.map((ms) => ms * factor),
        tailMeanMs: distribution.tailMeanMs === null ? null : distribution.tailMeanMs * factor,
      };
  }
}

function within(stream: ArrivalStream, { from, to }: OpenSpan): ArrivalStream {
  if (stream.kind === "recorded") {
    return { ...stream, items: stream.items.filter(({ at }) => at >= from && at < to) };
  }
  const opening: RatePiece = { from, perHour: rateAt(stream, from) };
  const inside = stream.rates.filter((piece) => piece.from > from && piece.from < to);
  return { ...stream, rates: [opening, ...inside, { from: to, perHour: 0 }] };
}

function rateAt({ rates }: PoissonStream, at: Instant): number {
  return rates.findLast((piece) => piece.from <= at)?.perHour ?? 0;
}

/** Who comes in the hours that are new: like those of the nearest hour in which contacts came, `share` of them. */
function beyond(
  stream: ArrivalStream,
  { from, to, share }: OpenSpan,
  random: Random,
): ArrivalStream | undefined {
  if (share <= 0) return undefined;
  if (stream.kind === "poisson") {
    const busy = stream.rates.filter(({ perHour }) => perHour > 0);
    const first = busy[0];
    const last = busy.at(-1);
    if (!first || !last) return undefined;
    const closing = stream.rates[stream.rates.indexOf(last) + 1]?.from ?? Number.POSITIVE_INFINITY;
    const rates: RatePiece[] = [];
    if (from < first.from)
      rates.push({ from, perHour: first.perHour * share }, { from: first.from, perHour: 0 });
    if (closing < to) rates.push({ from: closing, perHour: last.perHour * share }, { from: to, perHour: 0 });
    return rates.length === 0 ? undefined : { ...stream, rates };
  }
  const firstAt = stream.items[0]?.at;
  const lastAt = stream.items.at(-1)?.at;
  if (firstAt === undefined || lastAt === undefined) return undefined;
  const items: RecordedItem[] = [];
  const early = stream.items.filter(({ at }) => at < firstAt + HOUR_MS);
  const late = stream.items.filter(({ at }) => at > lastAt - HOUR_MS);
  for (let hour = 1; firstAt - (hour - 1) * HOUR_MS > from; hour++)
    for (const stay of early)
      if (random.next() < share) items.push(like(stay, `-${hour}h`, stay.at - hour * HOUR_MS));
  for (let hour = 1; lastAt + (hour - 1) * HOUR_MS < to; hour++)
    for (const stay of late)
      if (random.next() < share) items.push(like(stay, `+${hour}h`, stay.at + hour * HOUR_MS));
  const inside = items.filter(({ at }) => at >= from && at < to).sort((a, b) => a.at - b.at);
  return inside.length === 0 ? undefined : { ...stream, items: inside };
}

function fewer(stream: ArrivalStream, factor: number, random: Random): ArrivalStream {
  if (stream.kind === "poisson") {
    return {
      ...stream,
      rates: stream.rates.map(({ from, perHour }) => ({ from, perHour: perHour * factor })),
    };
  }
  return { ...stream, items: stream.items.filter(() => random.next() < factor) };
}

/** What comes in addition: `share` times as much again. */
function more(stream: ArrivalStream, share: number, random: Random): ArrivalStream {
  if (stream.kind === "poisson") {
    return {
      ...stream,
      rates: stream.rates.map(({ from, perHour }) => ({ from, perHour: perHour * share })),
    };
  }
  const first = stream.items[0]?.at ?? 0;
  const last = stream.items.at(-1)?.at ?? 0;
  const items = stream.items.flatMap((stay) => {
    const count = Math.floor(share) + (random.next() < share % 1 ? 1 : 0);
    return Array.from({ length: count }, (_, i) => {
      const at = stay.at + Math.round((random.next() - 0.5) * AMONG_MS);
      return like(stay, `*${i + 1}`, Math.min(last, Math.max(first, at)));
    });
  });
  return { ...stream, items: items.sort((a, b) => a.at - b.at) };
}

/** Another contact on the same business: what it takes is drawn, where it goes stays. */
function like(stay: RecordedItem, part: string, at: Instant): RecordedItem {
  const other = again(stay, part);
  return { ...other, at, item: { ...other.item, queuedAt: at } };
}

function again(
  stay: RecordedItem | NextStay,
  part: string,
): Pick<RecordedItem, "item" | "leave" | "changes" | "next"> {
  const id = `${stay.item.id}${part}` as ItemId;
  return {
    item: { ...stay.item, id },
    ...(stay.leave ? { leave: stay.leave } : {}),
    ...(stay.changes
      ? { changes: stay.changes.map(({ afterMs, input }) => ({ afterMs, input: about(input, id) })) }
      : {}),
    ...(stay.next
      ? { next: { ...again(stay.next, part), after: stay.next.after, gapMs: stay.next.gapMs } }
      : {}),
  };
}

function about(input: Input, itemId: ItemId): Input {
  return "itemId" in input ? { ...input, itemId } : input;
}
