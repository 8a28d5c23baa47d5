import type { IntegerProgram } from "./integer-program.ts";

/** A column as it is added. */
export interface Column {
  readonly cost?: number;
  /** 0 if absent. */
  readonly lower?: number;
  /** Infinity if absent. */
  readonly upper?: number;
  readonly integer?: boolean;
}

/** Gathers columns and rows of an integer program. */
export class ProgramBuilder {
  readonly #cost: number[] = [];
  readonly #lower: number[] = [];
  readonly #upper: number[] = [];
  readonly #integer: number[] = [];
  readonly #rowLower: number[] = [];
  readonly #rowUpper: number[] = [];
  readonly #starts: number[] = [0];
  readonly #indices: number[] = [];
  readonly #values: number[] = [];
  #offset = 0;

  /** Adds a column and returns its number. */
  column({ cost = 0, lower = 0, upper = Number.POSITIVE_INFINITY, integer = false }: Column): number {
    this.#lower.push(lower);
    this.#upper.push(upper);
    this.#integer.push(integer ? 1 : 0);
    return this.#cost.push(cost) - 1;
  }

  /** Adds `lower ≤ Σ value·column ≤ upper`; entries of one column are added up. */
  row(entries: readonly (readonly [column: number, value: number])[], lower: number, upper: number): void {
    const sums = new Map<number, number>();
    for (const [column, value] of entries) sums.set(column, (sums.get(column) ?? 0) + value);
    for (const [column, value] of sums) {
      if (value === 0) continue;
      this.#indices.push(column);
      this.#values.push(value);
    }
    this.#starts.push(this.#indices.length);
    this.#rowLower.push(lower);
    this.#rowUpper.push(upper);
  }

  /** Adds to the cost of every solution. */
  constant(cost: number): void {
    this.#offset += cost;
  }

  build(): IntegerProgram {
    return {
      columns: this.#cost.length,
      rows: this.#rowLower.length,
      cost: Float64Array.from(this.#cost),
      offset: this.#offset,
      colLower: Float64Array.from(this.#lower),
      colUpper: Float64Array.from(this.#upper),
      isInteger: Uint8Array.from(this.#integer),
      rowLower: Float64Array.from(this.#rowLower),
      rowUpper: Float64Array.from(this.#rowUpper),
      starts: Int32Array.from(this.#starts),
      indices: Int32Array.from(this.#indices),
      values: Float64Array.from(this.#values),
    };
  }
}
