import type { RosterDayChange } from "@svara/contracts";
import type { Ids, Instant } from "@svara/kernel";
import type { RosterShift } from "@svara/workforce/rostering";

/** A shift as calendars know it: the uid stays when the shift moves. */
export interface ShiftRow {
  readonly uid: string;
  /** Counts the publications that changed it. */
  readonly sequence: number;
  readonly changedAt: Instant;
  readonly cancelled: boolean;
  readonly shift: RosterShift;
}

/** What a publication changes. */
export interface Publication {
  /** Rows that are new or differ. */
  readonly rows: readonly ShiftRow[];
  /** Agents whose days change, with those days. */
  readonly changes: ReadonlyMap<string, readonly RosterDayChange[]>;
}

/** What comes of publishing `shifts` where `known` holds. Does not change anything. */
export function publicationOf(
  known: readonly ShiftRow[],
  shifts: readonly RosterShift[],
  { ids, at }: { readonly ids: Ids; readonly at: Instant },
): Publication {
  const rows: ShiftRow[] = [];
  const free = Map.groupBy(known, ({ shift }) => dayKey(shift));
  for (const shift of shifts) {
    const candidates = free.get(dayKey(shift)) ?? [];
    const before = bestMatch(candidates, shift);
    if (!before) {
      rows.push({ uid: ids.next(), sequence: 0, changedAt: at, cancelled: false, shift });
      continue;
    }
    candidates.splice(candidates.indexOf(before), 1);
    if (before.cancelled || !isSame(before.shift, shift))
      rows.push({ ...before, sequence: before.sequence + 1, changedAt: at, cancelled: false, shift });
  }
  for (const left of free.values())
    for (const row of left)
      if (!row.cancelled) rows.push({ ...row, sequence: row.sequence + 1, changedAt: at, cancelled: true });
  const held = known.filter(({ cancelled }) => !cancelled).map(({ shift }) => shift);
  return { rows, changes: dayChanges(held, shifts) };
}

/** The days of each agent on which shifts differ, in order. */
export function dayChanges(
  before: readonly RosterShift[],
  after: readonly RosterShift[],
): ReadonlyMap<string, readonly RosterDayChange[]> {
  const olds = Map.groupBy(before, dayKey);
  const news = Map.groupBy(after, dayKey);
  const changes = new Map<string, RosterDayChange[]>();
  for (const key of [...new Set([...olds.keys(), ...news.keys()])].sort()) {
    const was = (olds.get(key) ?? []).toSorted(byBegin);
    const is = (news.get(key) ?? []).toSorted(byBegin);
    const [agentId = "", date = ""] = key.split(" ");
    for (let index = 0; index < Math.max(was.length, is.length); index++) {
      const [old, young] = [was[index], is[index]];
      if (old && young && isSame(old, young)) continue;
      const days = changes.get(agentId) ?? [];
      changes.set(agentId, days);
      days.push({ date, before: spanOf(old), after: spanOf(young) });
    }
  }
  return changes;
}

/** The same time with the same parts; who made it how does not matter to its agent. */
export function isSame(a: RosterShift, b: RosterShift): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    (a.overtime === true) === (b.overtime === true) &&
    a.parts.length === b.parts.length &&
    a.parts.every((part, index) => {
      const other = b.parts[index];
      return other && part.kind === other.kind && part.from === other.from && part.to === other.to;
    })
  );
}

/** One that holds before one that was taken back, the same begin before another. */
function bestMatch(candidates: readonly ShiftRow[], { from }: RosterShift): ShiftRow | undefined {
  const rank = (row: ShiftRow): number => (row.cancelled ? 2 : 0) + (row.shift.from === from ? 0 : 1);
  return candidates.toSorted((a, b) => rank(a) - rank(b))[0];
}

function dayKey({ agentId, date }: RosterShift): string {
  return `${agentId} ${date}`;
}

function byBegin(a: RosterShift, b: RosterShift): number {
  return a.from - b.from;
}

function spanOf(shift: RosterShift | undefined): RosterDayChange["before"] {
  return shift ? { from: shift.from, to: shift.to } : null;
}
