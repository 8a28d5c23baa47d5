import type { CallLogDay, LoggedCall, LoggedService } from "./call-log.ts";

/** When somebody worked, as the records show it. Milliseconds of the day. */
export interface Duty {
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Ascending and apart. */
  readonly breaks: readonly Span[];
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

// Both were chosen on January of the bank in docs/what-if.md, foretold from itself.
/** Even a free agent gets a call only after some seconds: who waits longer shows that nobody was free. */
const HANDOVER_MS = 10_000;
/** Away twice with less than this between is away all the time; beyond it somebody had simply nothing to do. */
const APART_MS = 450_000;
/** Waiting all the time, but for handing over. */
const NEARLY_ALL = 0.9;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * When each server was there. On duty from the first service to the last. Between two services a server was unavailable
 * while somebody waited whom they serve; from `breakMs` on that is a break. `typesOf` says whom a server serves.
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
    const breaks: Span[] = [];
    for (const gap of gapsOf(own)) {
      if (isAfterWork(gap, theirs, options)) afterWorkMs.push(gap.toMs - gap.fromMs);
      else breaks.push(...awayIn(gap, theirs).filter(({ fromMs, toMs }) => toMs - fromMs >= options.breakMs));
    }
    return { server, ...spanOf(own, theirs), breaks };
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
    if (waitMs < HANDOVER_MS) continue;
    if (askedAtMs < firstMs) fromMs = Math.max(fromMs, Math.min(firstMs, askedAtMs + waitMs));
    if (askedAtMs + waitMs > lastMs) toMs = Math.min(toMs, Math.max(lastMs, askedAtMs));
  }
  return { fromMs, toMs };
}

/** Between services; those that overlap are one. */
function gapsOf(services: readonly LoggedService[]): Span[] {
  const gaps: Span[] = [];
  let endMs = services[0]?.toMs ?? 0;
  for (const { fromMs, toMs } of services.slice(1)) {
    if (fromMs > endMs) gaps.push({ fromMs: endMs, toMs: fromMs });
    endMs = Math.max(endMs, toMs);
  }
  return gaps;
}

/** Short, and somebody waited nearly all the time. */
function isAfterWork(gap: Span, waits: readonly LoggedCall[], { breakMs }: InferenceOptions): boolean {
  const lengthMs = gap.toMs - gap.fromMs;
  if (lengthMs >= breakMs) return false;
  let waitedMs = 0;
  let untilMs = gap.fromMs;
  for (const { askedAtMs, waitMs } of waits) {
    if (askedAtMs >= gap.toMs) break;
    const fromMs = Math.max(askedAtMs, untilMs);
    const toMs = Math.min(askedAtMs + waitMs, gap.toMs);
    if (toMs <= fromMs) continue;
    waitedMs += toMs - fromMs;
    untilMs = toMs;
  }
  return waitedMs >= NEARLY_ALL * lengthMs;
}

/** When the server cannot have been free: somebody waited longer than a free agent lets them. */
function awayIn(gap: Span, waits: readonly LoggedCall[]): Span[] {
  const away: { fromMs: number; toMs: number }[] = [];
  for (const { askedAtMs, waitMs } of waits) {
    if (askedAtMs >= gap.toMs) break;
    const fromMs = Math.max(askedAtMs + HANDOVER_MS, gap.fromMs);
    const toMs = Math.min(askedAtMs + waitMs, gap.toMs);
    if (toMs <= fromMs) continue;
    const last = away.at(-1);
    if (last && fromMs - last.toMs <= APART_MS) last.toMs = Math.max(last.toMs, toMs);
    else away.push({ fromMs: last || fromMs - gap.fromMs > APART_MS ? fromMs : gap.fromMs, toMs });
  }
  return away;
}
