/** The same thing measured at somebody else's. */
export interface PeerValue {
  readonly value: number;
  /** Where it differs from our case. */
  readonly note?: string;
}

/** One measured number with what it takes to read it. */
export interface Figure {
  /** Stable: results of two runs are compared by it. */
  readonly id: string;
  readonly what: string;
  /** Null: could not be measured in this run. */
  readonly value: number | null;
  readonly unit: string;
  /** Which of two values is the better one. */
  readonly better: "lower" | "higher";
  readonly conditions: string;
  readonly peer?: PeerValue;
}

/** A block of the table. */
export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly Figure[];
}

/** Ours to the peer's; undefined where there is nothing to compare. */
export function ratioOf({ value, peer }: Figure): number | undefined {
  if (value === null || peer === undefined || peer.value === 0) return undefined;
  return value / peer.value;
}
