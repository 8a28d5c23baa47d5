import type { CallLogDay, LoggedCall, LoggedService } from "./call-log.ts";

/** When somebody worked, as the records show it. Milliseconds of the day. */
export interface Duty {
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Ascending and apart. */
  readonly breaks: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** What the records of a day tell of its staff. */
export interface InferredStaff {
  readonly duties: readonly Duty[];
  /** From the end of a service to the next one, where somebody waited all the time: what agents do after a call. */
  readonly afterWorkMs: readonly number[];
}

/** How staff is inferred. */
export interface InferenceOptions {
  /** Unavailable for so long or longer is a break of the record; what is shorter is work after a call, and drawn. */
  readonly breakMs: number;
}

/** So much waiting shows that somebody was not there: calls reach even a free agent after some seconds. */
const SHOWN_BY_MS = 10_000;
/** Waiting all the time, but for handing over. */
const NEARLY_ALL = 0.9;

interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  /** Unavailable from the gap's beginning to here. */
  awayToMs: number;
}

/**
 * When each server was there. On duty from the first service to the last. Between two services a server was unavailable as
 * long as somebody waited whom they serve; from `breakMs` on that is a break. `typesOf` says whom a server serves.
 */
export function inferStaff(
  day: CallLogDay,
  typesOf: (server: string) => ReadonlySet<string>,
  options: InferenceOptions,
): InferredStaff {
  const afterWorkMs: number[] = [];
  const waits = day.calls.filter(({ waitMs }) => waitMs > 0);
  const duties = [...servicesOf(day.calls)].map(([server, own]): Duty => {
    const types = typesOf(server);
    const theirs = waits.filter(({ type }) => types.has(type));
    const gaps = gapsOf(own).map((gap) => seen(gap, theirs, options, afterWorkMs));
    return { server, ...spanOf(own, theirs), breaks: gaps.flatMap((gap) => breakOf(gap, options)) };
  });
  return { duties, afterWorkMs };
}

function servicesOf(calls: readonly LoggedCall[]): Map<string, LoggedService[]> {
  const services = new Map<string, LoggedService[]>();
  for (const { service } of calls) {
    if (service === null) continue;
    const own = services.get(service.server) ?? [];
    services.set(service.server, own);
    own.push(service);
  }
  for (const own of services.values()) own.sort((a, b) => a.fromMs - b.fromMs);
  return services;
}

const SHIFT_GRID_MS = 900_000; // shifts begin and end at quarter hours

/** From the quarter hour before the first service to the one after the last, as far as nobody waited whom they serve. */
function spanOf(
  services: readonly LoggedService[],
  waits: readonly LoggedCall[],
): Pick<Duty, "fromMs" | "toMs"> {
  const firstMs = services[0]?.fromMs ?? 0;
  const lastMs = Math.max(...services.map(({ toMs }) => toMs));
  let fromMs = Math.floor(firstMs / SHIFT_GRID_MS) * SHIFT_GRID_MS;
  let toMs = Math.ceil(lastMs / SHIFT_GRID_MS) * SHIFT_GRID_MS;
  for (const { askedAtMs, waitMs } of waits) {
    if (waitMs < SHOWN_BY_MS) continue;
    if (askedAtMs < firstMs) fromMs = Math.max(fromMs, Math.min(firstMs, askedAtMs + waitMs));
    if (askedAtMs + waitMs > lastMs) toMs = Math.min(toMs, Math.max(lastMs, askedAtMs));
  }
  return { fromMs, toMs };
}

function gapsOf(services: readonly LoggedService[]): Gap[] {
  const gaps: Gap[] = [];
  let endMs = services[0]?.toMs ?? 0;
  for (const { fromMs, toMs } of services.slice(1)) {
    if (fromMs > endMs) gaps.push({ fromMs: endMs, toMs: fromMs, awayToMs: endMs });
    endMs = Math.max(endMs, toMs);
  }
  return gaps;
}

/** Marks how long the server was unavailable in a gap, by those who waited meanwhile. */
function seen(
  gap: Gap,
  waits: readonly LoggedCall[],
  { breakMs }: InferenceOptions,
  afterWorkMs: number[],
): Gap {
  const { fromMs, toMs } = gap;
  let waitedMs = 0;
  let untilMs = fromMs;
  for (const { askedAtMs, waitMs } of waits) {
    if (askedAtMs >= toMs) break;
    const begins = Math.max(askedAtMs, untilMs);
    const ends = Math.min(askedAtMs + waitMs, toMs);
    if (ends <= begins) continue;
    waitedMs += ends - begins;
    untilMs = ends;
  }
  const lengthMs = toMs - fromMs;
  if (waitedMs >= SHOWN_BY_MS) gap.awayToMs = untilMs;
  if (waitedMs >= NEARLY_ALL * lengthMs && lengthMs < breakMs) afterWorkMs.push(lengthMs);
  return gap;
}

function breakOf({ fromMs, awayToMs }: Gap, { breakMs }: InferenceOptions): Duty["breaks"] {
  return awayToMs - fromMs >= breakMs ? [{ fromMs, toMs: awayToMs }] : [];
}
