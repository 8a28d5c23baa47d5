import type { LocalDate } from "@svara/calendar";
import type { AgentId, Instant } from "@svara/kernel";

/** Who works when. Plain JSON; instants in milliseconds. */
export interface Roster {
  readonly timeZone: string;
  /** The first day. */
  readonly from: LocalDate;
  readonly days: number;
  /** By agent, then by time. */
  readonly shifts: readonly RosterShift[];
}

/** A shift of an agent. It belongs to the date on which it begins. */
export interface RosterShift {
  readonly agentId: AgentId;
  readonly date: LocalDate;
  /** Null when a person made it freely. */
  readonly patternId: string | null;
  readonly from: Instant;
  readonly to: Instant;
  /** What is not work on contacts; ascending, without overlap, inside the shift. */
  readonly parts: readonly ShiftPart[];
  /** The solver does not touch it. */
  readonly locked?: boolean;
  /** Agreed overtime: counts towards the labour rules, not towards the contract's maximum. */
  readonly overtime?: boolean;
}

/** A stretch of a shift in which the agent takes no contacts. */
export interface ShiftPart {
  readonly kind: "break" | "lunch" | "training" | "meeting" | "coaching" | "other";
  readonly from: Instant;
  readonly to: Instant;
  readonly paid: boolean;
  /** Of a fixed activity. */
  readonly activityId?: string;
}

/** The kinds of part that rest a person. */
export function isRest({ kind }: ShiftPart): boolean {
  return kind === "break" || kind === "lunch";
}

/** The paid minutes of a shift: its length less the unpaid parts. */
export function paidMinutes({ from, to, parts }: Pick<RosterShift, "from" | "to" | "parts">): number {
  const unpaidMs = parts.reduce((sum, part) => (part.paid ? sum : sum + part.to - part.from), 0);
  return (to - from - unpaidMs) / MINUTE_MS;
}

const MINUTE_MS = 60_000;
