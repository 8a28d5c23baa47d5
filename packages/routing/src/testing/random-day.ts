import { type Instant, SeededRandom } from "@svara/kernel";
import type { Input } from "../input.ts";
import { type FloorView, viewOf } from "./naive/view.ts";
import { NaiveRouter, type PlainDecision } from "./naive-router.ts";
import { type FloorKind, openingInputs, randomInput, randomKind, randomStep } from "./random-floor.ts";
import type { Pick } from "./random-rules.ts";

/** An input of a day. An answer to an offer names it by item and agent: `@item/agent#n`. */
export interface DayInput {
  readonly at: Instant;
  readonly input: Input;
}

const START = Date.UTC(2026, 0, 5, 7, 20); // a Monday, ten minutes before the office hours of some queues end

/** A day and what the naive router decides in it, step by step. */
export interface Day {
  readonly inputs: readonly DayInput[];
  readonly expected: readonly (readonly PlainDecision[])[];
  /** After every few inputs: how the floor stands then. */
  readonly views: ReadonlyMap<number, FloorView>;
}

/** A whole day that follows from a seed: `length` inputs after those that open the floor. */
export function randomDay(seed: number, length: number, of: Partial<FloorKind> = {}): Day {
  const random = new SeededRandom(seed);
  const pick: Pick = (n) => Math.floor(random.next() * n);
  const kind = { ...randomKind(pick), ...of };
  const inputs: DayInput[] = [];
  const { naive, tell: expect, expected, views } = expecting(9);
  let at: Instant = START;
  const tell = (input: Input): void => {
    inputs.push({ at, input });
    expect({ at, input });
  };
  for (const input of openingInputs(pick, kind)) tell(input);
  for (let i = 0; i < length; i++) {
    at += randomStep(pick, kind);
    if (pick(20) === 0) at = Math.max(at, naive.floor.now); // so that a clock set back does not stay behind for long
    tell(randomInput(pick, kind, naive.floor, i));
  }
  return { inputs, expected, views };
}

/** What the naive router decides when it is told these inputs. */
export function expectDay(inputs: readonly DayInput[]): Day {
  const { tell, expected, views } = expecting(1);
  for (const input of inputs) tell(input);
  return { inputs, expected, views };
}

function expecting(viewEvery: number) {
  const naive = new NaiveRouter();
  const expected: (readonly PlainDecision[])[] = [];
  const views = new Map<number, FloorView>();
  const tell = ({ at, input }: DayInput): void => {
    expected.push(naive.handle(input, at));
    if (expected.length % viewEvery === 0) views.set(expected.length - 1, viewOf(naive.floor));
  };
  return { naive, tell, expected, views };
}
