/** One call that asked for an agent, as a call log tells it. Times are milliseconds; those of the day count from its local midnight. */
export interface LoggedCall {
  /** The local day, as the log writes it (`1999-02-01`). */
  readonly date: string;
  /** When it asked for an agent. */
  readonly askedAtMs: number;
  /** What it was about: calls of one type wait together. */
  readonly type: string;
  /** As the log writes it; greater goes before. 0 is usual. */
  readonly priority: number;
  readonly outcome: "served" | "abandoned";
  /** From asking until an agent took it or the customer hung up. */
  readonly waitMs: number;
  /** Null for a call without one: abandoned, or the log lost its times. */
  readonly service: LoggedService | null;
  /** What the customer answered to the survey after the contact; null where nobody asked or answered. */
  readonly score: number | null;
}

/** An agent's part in a call. */
export interface LoggedService {
  readonly server: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A call log, read. */
export interface CallLog {
  readonly days: readonly CallLogDay[];
  readonly left: LeftOut;
}

/** The calls of one day, by the instant of asking. */
export interface CallLogDay {
  readonly date: string;
  readonly calls: readonly LoggedCall[];
}

/** Rows that tell of no call for an agent, by why. */
export interface LeftOut {
  /** Left while the voice menu talked, or at once: nobody was asked for. */
  readonly inMenu: number;
  /** Marked by the log itself as no call. */
  readonly phantom: number;
  /** Served without wait by nobody whom the log names, or at no time: not the work of the staff that it shows. */
  readonly unnamed: number;
}
