import type { Instant } from "@svara/kernel";
import type { Decision } from "../decision.ts";
import type { Input } from "../input.ts";
import { Router } from "../router.ts";
import { differenceOf, viewDifference } from "./compare.ts";
import { type Day, type DayInput, expectDay } from "./random-day.ts";

/** One input of a day and what the engine decided. */
export interface DayStep {
  readonly at: Instant;
  readonly input: Input;
  readonly decisions: readonly Decision[];
}

/** The first step of a day in which engine and naive router do not agree: what either of them decided alone. */
export interface Difference {
  /** The number of the input in the day. */
  readonly index: number;
  readonly engineAlone: readonly string[];
  readonly naiveAlone: readonly string[];
}

export const newRouter = (): Router => new Router({ routerId: "test", epoch: 1 });

/** Plays a day to a router; `look` sees each step and stops the day by returning false. */
export function playDay(
  router: Pick<Router, "handle">,
  day: readonly DayInput[],
  look: (step: DayStep, index: number) => boolean | undefined,
): void {
  const offers = new Map<string, string>();
  for (const [index, { at, input: named }] of day.entries()) {
    const input =
      "offerId" in named ? { ...named, offerId: offers.get(named.offerId) ?? named.offerId } : named;
    const decisions = router.handle(input as Input, at);
    for (const d of decisions) {
      if (d.type !== "offer") continue;
      let times = 1;
      while (offers.has(`@${d.itemId}/${d.agentId}#${times}`)) times++;
      offers.set(`@${d.itemId}/${d.agentId}#${times}`, d.offerId);
    }
    if (look({ at, input: input as Input, decisions }, index) === false) return;
  }
}

/** Compares engine and naive router over a day; `count` sees what was compared. */
export function firstDifference(
  { inputs, expected, views }: Day,
  count: (decisions: readonly Decision[]) => void = () => {},
): Difference | null {
  let found: Difference | null = null;
  const router = newRouter();
  playDay(router, inputs, ({ decisions }, index) => {
    const view = views.get(index);
    const difference =
      differenceOf(decisions, expected[index] ?? []) ?? (view ? viewDifference(router, view) : null);
    count(decisions);
    if (difference) found = { index, ...difference };
    return difference === null;
  });
  return found;
}

/** What kind of difference it is: the input, and what either side alone decided. */
function kindOf({ inputs }: Day, { index, engineAlone, naiveAlone }: Difference): string {
  const words = (alone: readonly string[]): string =>
    [...new Set(alone.map((one) => /^view|"type":"([^"]*)"|"code":"([^"]*)"|^explain.*/.exec(one)?.[0]))]
      .sort()
      .join(" ");
  return `${inputs[index]?.input.type}: ${words(engineAlone)} / ${words(naiveAlone)}`;
}

/** The shortest part of a day that differs in the same way: inputs are left out as long as it does. */
function shortest(day: Day): Day {
  const first = firstDifference(day);
  if (!first) return day;
  const kind = kindOf(day, first);
  let best = day.inputs.slice(0, first.index + 1);
  for (let size = Math.ceil(best.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.length; ) {
      const shorter = expectDay([...best.slice(0, from), ...best.slice(from + size)]);
      const difference = firstDifference(shorter);
      if (difference && kindOf(shorter, difference) === kind) {
        best = shorter.inputs.slice(0, difference.index + 1);
      } else from += size;
    }
  }
  return expectDay(best);
}

/** A difference to read: the shortest journal, in ms since its beginning, and what was decided at its end. */
export function tellDifference(day: Day): string {
  const short = shortest(day);
  const difference = firstDifference(short);
  const start = short.inputs[0]?.at ?? 0;
  return [
    ...short.inputs.map(({ at, input }) => `${at - start}\t${JSON.stringify(input)}`),
    ...(difference?.engineAlone ?? []).map((one) => `engine alone: ${one}`),
    ...(difference?.naiveAlone ?? []).map((one) => `naive alone: ${one}`),
  ].join("\n");
}
