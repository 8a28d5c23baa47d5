import { type Instant, SeededRandom } from "@svara/kernel";
import type { Input } from "../input.ts";
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
}

/** A whole day that follows from a seed: `length` inputs after those that open the floor. */
export function randomDay(seed: number, length: number, of: Partial<FloorKind> = {}): Day {
  const random = new SeededRandom(seed);
  const pick: Pick = (n) => Math.floor(random.next() * n);
  const kind = { ...randomKind(pick), ...of };
  const naive = new NaiveRouter();
  const inputs: DayInput[] = [];
  const expected: (readonly PlainDecision[])[] = [];
  let at: Instant = START;
  const tell = (input: Input): void => {
    inputs.push({ at, input });
    expected.push(naive.handle(input, at));
  };
  for (const input of openingInputs(pick, kind)) tell(input);
  for (let i = 0; i < length; i++) {
    at += randomStep(pick, kind);
    if (pick(20) === 0) at = Math.max(at, naive.floor.now); // so that a clock set back does not stay behind for long
    tell(randomInput(pick, kind, naive.floor, i));
  }
  return { inputs, expected };
}

/** What the naive router decides when it is told these inputs. */
export function expectDay(inputs: readonly DayInput[]): Day {
  const naive = new NaiveRouter();
  return { inputs, expected: inputs.map(({ at, input }) => naive.handle(input, at)) };
}
