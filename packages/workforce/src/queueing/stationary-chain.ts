import { tooLarge } from "./input.ts";

/** A finite Markov chain in continuous time, told by its moves. */
export interface Chain<State> {
  readonly start: State;
  /** Equal for equal states only. */
  key(state: State): number;
  /** Calls `move` for each state that `from` can become, with the rate. */
  moves(from: State, move: (to: State, rate: number) => void): void;
}

const MOST_CELLS = 40_000_000; // doubles of the band: 320 MB would be too much for a browser tab
const MOST_STATES = 300_000;
const MOST_WORK = 1e9; // a second or two

/**
 * Calls `visit` with every state that the start leads to and its stationary probability. Exact to rounding: numbers the
 * states breadth first, which keeps moves near the diagonal, and eliminates them without any subtraction (Grassmann,
 * Taksar, Heyman 1985) within that band.
 * @throws `queueing.bad_input` (field `agents`) when the chain is too large for exact numerics
 */
export function stationary<State>(
  chain: Chain<State>,
  visit: (state: State, probability: number) => void,
): void {
  const { states, moves, width } = explored(chain);
  const size = states.length;
  const span = 2 * width + 1;
  const rates = new Float64Array(size * span);
  const at = (i: number, j: number): number => i * span + (j - i + width);
  for (const [i, j, rate] of moves) rates[at(i, j)] = (rates[at(i, j)] ?? 0) + rate;

  for (let k = size - 1; k > 0; k--) {
    const first = Math.max(0, k - width);
    const fromK = at(k, first);
    let out = 0;
    for (let j = 0; j < k - first; j++) out += rates[fromK + j] ?? 0;
    for (let i = first; i < k; i++) {
      const cell = at(i, k);
      const into = rates[cell] ?? 0;
      if (into === 0) continue;
      const share = into / out;
      rates[cell] = share;
      const fromI = at(i, first);
      for (let j = 0; j < k - first; j++)
        rates[fromI + j] = (rates[fromI + j] ?? 0) + share * (rates[fromK + j] ?? 0);
    }
  }

  const weights = new Float64Array(size);
  weights[0] = 1;
  let total = 1;
  for (let k = 1; k < size; k++) {
    let weight = 0;
    for (let i = Math.max(0, k - width); i < k; i++) weight += (weights[i] ?? 0) * (rates[at(i, k)] ?? 0);
    weights[k] = weight;
    total += weight;
    if (weight > 1e200) {
      for (let i = 0; i <= k; i++) weights[i] = (weights[i] ?? 0) / weight;
      total /= weight;
    }
  }
  for (const [k, state] of states.entries()) visit(state, (weights[k] ?? 0) / total);
}

function explored<State>(chain: Chain<State>): {
  readonly states: readonly State[];
  readonly moves: readonly (readonly [from: number, to: number, rate: number])[];
  readonly width: number;
} {
  const states = [chain.start];
  const numbers = new Map([[chain.key(chain.start), 0]]);
  const moves: [number, number, number][] = [];
  let width = 0;
  for (let from = 0; from < states.length; from++) {
    chain.moves(states[from] as State, (state, rate) => {
      if (rate === 0) return;
      const key = chain.key(state);
      let to = numbers.get(key);
      if (to === undefined) {
        to = states.push(state) - 1;
        numbers.set(key, to);
      }
      moves.push([from, to, rate]);
      width = Math.max(width, Math.abs(to - from));
      checkSize(states.length, width);
    });
  }
  return { states, moves, width };
}

function checkSize(states: number, width: number): void {
  const isSmall = states <= MOST_STATES && states * (2 * width + 1) <= MOST_CELLS;
  if (isSmall && states * width * width <= MOST_WORK) return;
  throw tooLarge("agents", `a chain of more than ${states} states,`);
}

/**
 * Solves with ever longer queues until what would lie beyond the last place weighs nothing.
 * @throws what `solve` throws when the queues become too long
 */
export function withEnoughRoom<Result extends { readonly edge: number }>(
  first: number,
  solve: (room: number) => Result,
): Result {
  for (let room = first; ; room = Math.ceil(room * 1.6)) {
    const result = solve(room);
    if (result.edge < 1e-14) return result;
  }
}
