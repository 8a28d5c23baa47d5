import { type Instant, SeededRandom, UuidV7 } from "@svara/kernel";
import type { RosterShift } from "@svara/workforce/rostering";
import { expect, test } from "vitest";
import { dayChanges, publicationOf, type ShiftRow } from "./publication.ts";

const HOUR = 3_600_000;
const clock = { now: () => 5_000, monotonic: () => 0 };
const ids = new UuidV7(clock as never, new SeededRandom(1));
const how = { ids, at: 5_000 as Instant };

function shift(agentId: string, date: string, fromHour: number, toHour = fromHour + 8): RosterShift {
  return {
    agentId,
    date,
    patternId: null,
    from: fromHour * HOUR,
    to: toHour * HOUR,
    parts: [],
  } as RosterShift;
}

function rows(...shifts: RosterShift[]): ShiftRow[] {
  return shifts.map((each, index) => ({
    uid: `u${index}`,
    sequence: 0,
    changedAt: 1,
    cancelled: false,
    shift: each,
  }));
}

test("a moved shift keeps its uid and counts on; what stays as it is is not told", () => {
  const known = rows(shift("a", "2026-03-02", 8), shift("a", "2026-03-03", 8));
  const moved = shift("a", "2026-03-02", 9);
  const { rows: changed, changes } = publicationOf(known, [moved, shift("a", "2026-03-03", 8)], how);
  expect(changed).toEqual([{ uid: "u0", sequence: 1, changedAt: 5_000, cancelled: false, shift: moved }]);
  expect([...changes]).toEqual([
    [
      "a",
      [
        {
          date: "2026-03-02",
          before: { from: 8 * HOUR, to: 16 * HOUR },
          after: { from: 9 * HOUR, to: 17 * HOUR },
        },
      ],
    ],
  ]);
});

test("a shift that is taken back is kept as cancelled, once, and comes back under its uid", () => {
  const known = rows(shift("a", "2026-03-02", 8));
  const gone = publicationOf(known, [], how);
  expect(gone.rows).toMatchObject([{ uid: "u0", sequence: 1, cancelled: true }]);
  expect(publicationOf(gone.rows, [], how).rows).toEqual([]);
  const back = publicationOf(gone.rows, [shift("a", "2026-03-02", 10)], how);
  expect(back.rows).toMatchObject([{ uid: "u0", sequence: 2, cancelled: false }]);
  expect(back.changes.get("a")).toMatchObject([{ before: null, after: { from: 10 * HOUR } }]);
});

test("two shifts of a day are matched by their begins; a third is new", () => {
  const known = rows(shift("a", "2026-03-02", 6, 10), shift("a", "2026-03-02", 16, 20));
  const { rows: changed } = publicationOf(
    known,
    [shift("a", "2026-03-02", 16, 21), shift("a", "2026-03-02", 6, 10), shift("a", "2026-03-02", 12, 14)],
    how,
  );
  expect(changed.map(({ uid, sequence }) => [uid.slice(0, 2), sequence])).toEqual([
    ["u1", 1],
    [expect.any(String), 0],
  ]);
});

test("changed breaks are a change of the day", () => {
  const before = shift("a", "2026-03-02", 8);
  const lunch = { kind: "lunch", from: 12 * HOUR, to: 13 * HOUR, paid: false } as const;
  const changes = dayChanges([before], [{ ...before, parts: [lunch] }]);
  expect(changes.get("a")).toHaveLength(1);
  expect(dayChanges([before], [before]).size).toBe(0);
});
