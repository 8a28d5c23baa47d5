import { SeededRandom } from "@svara/kernel";
import { describe, expect, test } from "vitest";
import { IdTable } from "./id-table.ts";

describe("a table of ids", () => {
  test("finds what is in it and nothing else, through growth and removal, as a Map does", () => {
    const random = new SeededRandom(5);
    const table = new IdTable<{ readonly id: string; readonly n: number }>();
    const map = new Map<string, number>();
    for (let n = 0; n < 20_000; n++) {
      const id = `id-${Math.floor(random.next() * 700)}`;
      if (random.next() < 0.5) {
        table.add({ id, n });
        map.set(id, n);
      } else {
        expect(table.delete(id)).toBe(map.delete(id));
      }
      const asked = `id-${Math.floor(random.next() * 700)}`;
      if (table.get(asked)?.n !== map.get(asked)) throw new Error(`${asked} at ${n}`);
    }
    expect(table.size).toBe(map.size);
    expect([...table.values()].map(({ id }) => id).sort()).toEqual([...map.keys()].sort());
  });

  test("a table that held a great many gives room back and keeps the rest", () => {
    const table = new IdTable<{ readonly id: string }>();
    for (let n = 0; n < 100_000; n++) table.add({ id: `${n}` });
    for (let n = 0; n < 100_000; n++) if (n % 1_000 !== 7) table.delete(`${n}`);
    expect(table.size).toBe(100);
    for (let n = 0; n < 100_000; n++) if (table.has(`${n}`) !== (n % 1_000 === 7)) throw new Error(`${n}`);
    expect([...table.values()]).toHaveLength(100);
  });

  test("ids of odd and even length that differ at their beginning alone are told apart", () => {
    const table = new IdTable<{ readonly id: string }>();
    for (const start of ["a", "b", "c", "d"]) table.add({ id: `${start}-0123456789abcdef` });
    expect(table.get("c-0123456789abcdef")?.id).toBe("c-0123456789abcdef");
    expect(table.has("e-0123456789abcdef")).toBe(false);
    expect(table.delete("e-0123456789abcdef")).toBe(false);
    expect(table.delete("a-0123456789abcdef")).toBe(true);
    expect(table.size).toBe(3);
  });
});
