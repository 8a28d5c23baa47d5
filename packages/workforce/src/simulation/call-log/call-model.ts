import type { Distribution, SurvivalCurve } from "../distribution.ts";
import { fitPatience, type PatienceFit } from "../what-if/patience-fit.ts";
import type { CallLog, LoggedCall } from "./call-log.ts";
import { HandlingEffects } from "./handling-effects.ts";
import { type InferenceOptions, inferStaff } from "./infer-duties.ts";

/** What was learned from a call log: enough to simulate other days of the same centre. */
export interface CallModel {
  readonly handling: HandlingEffects;
  /** What agents do after a call, before they can take the next. */
  readonly afterWork: Distribution;
  /** By `patienceKey`; where too few gave up, that of the type, else of all. */
  readonly patience: ReadonlyMap<string, PatienceFit>;
  readonly anyPatience: PatienceFit;
  /** Of those who would have to wait: hang up at once. */
  readonly balking: number;
}

const CURVE_NEEDS = 100; // hang-ups of one type and priority; with fewer its own curve is mostly noise

/** Fits what a simulation needs of a log. */
export function fitCallModel(log: CallLog, options: InferenceOptions): CallModel {
  const calls = log.days.flatMap((day) => day.calls);
  const typesOf = typesServed(log);
  const afterWorkMs = log.days.flatMap((day) => inferStaff(day, typesOf, options).afterWorkMs);
  const waits = new Map<string, LoggedCall[]>();
  for (const call of calls) {
    add(waits, call.type, call);
    add(waits, patienceKey(call), call);
  }
  const fits = [...waits].map(([key, own]) => [key, patienceOf(own)] as const);
  return {
    handling: new HandlingEffects(log),
    afterWork:
      afterWorkMs.length === 0
        ? { kind: "deterministic", ms: 0 }
        : { kind: "empirical", valuesMs: afterWorkMs },
    patience: new Map(fits.filter(([, { gaveUp }]) => gaveUp >= CURVE_NEEDS)),
    anyPatience: patienceOf(calls),
    balking: balkingOf(calls),
  };
}

/** The patience of a call, as a curve whose first step are those who do not wait at all. */
export function patienceCurve(model: CallModel, call: Pick<LoggedCall, "type" | "priority">): SurvivalCurve {
  const { fit } = patienceFor(model, call);
  const { atMs, survival, tailMeanMs } = fit.curve;
  const stays = 1 - model.balking;
  if (model.balking === 0) return fit.curve;
  return {
    kind: "survival",
    atMs: [0, ...atMs],
    survival: [stays, ...survival.map((share) => share * stays)],
    tailMeanMs,
  };
}

/** The fit that stands for a call; shared where too few of its own kind gave up. */
export function patienceFor(
  model: CallModel,
  call: Pick<LoggedCall, "type" | "priority">,
): { readonly fit: PatienceFit; readonly isShared: boolean } {
  const own = model.patience.get(patienceKey(call));
  if (own) return { fit: own, isShared: false };
  return { fit: model.patience.get(call.type) ?? model.anyPatience, isShared: true };
}

export function patienceKey({ type, priority }: Pick<LoggedCall, "type" | "priority">): string {
  return `${type}/${priority}`;
}

const SKILLED_FROM = 0.01; // a share of one's calls; below it the type came by a transfer or a mistake

/** Whom each server of a log serves: the types that they took more than now and then. */
export function typesServed({ days }: Pick<CallLog, "days">): (server: string) => ReadonlySet<string> {
  const served = new Map<string, Map<string, number>>();
  for (const { type, service } of days.flatMap(({ calls }) => calls)) {
    if (service === null) continue;
    const own = served.get(service.server) ?? new Map<string, number>();
    served.set(service.server, own.set(type, (own.get(type) ?? 0) + 1));
  }
  const types = new Map(
    [...served].map(([server, own]) => {
      const all = [...own.values()].reduce((sum, n) => sum + n, 0);
      return [server, new Set([...own].filter(([, n]) => n >= SKILLED_FROM * all).map(([type]) => type))];
    }),
  );
  return (server) => types.get(server) ?? NO_TYPES;
}

const NO_TYPES: ReadonlySet<string> = new Set();

function patienceOf(calls: readonly LoggedCall[]): PatienceFit {
  return fitPatience(calls.map(({ waitMs, outcome }) => ({ waitMs, gaveUp: outcome === "abandoned" })));
}

function balkingOf(calls: readonly LoggedCall[]): number {
  const waiting = calls.filter(({ waitMs, outcome }) => waitMs > 0 || outcome === "abandoned").length;
  const gone = calls.filter(({ waitMs, outcome }) => waitMs === 0 && outcome === "abandoned").length;
  return waiting === 0 ? 0 : gone / waiting;
}

function add<T>(into: Map<string, T[]>, key: string, value: T): void {
  const own = into.get(key);
  if (own) own.push(value);
  else into.set(key, [value]);
}
