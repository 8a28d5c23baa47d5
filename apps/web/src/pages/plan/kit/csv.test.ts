import { expect, test } from "vitest";
import { toCsv } from "./csv.ts";

test("cells are quoted where they must be, and none is a formula", () => {
  const rows = [
    { name: 'North, "old"', n: 1.5 },
    { name: "=1+1", n: null },
  ];
  const text = toCsv<(typeof rows)[number]>(
    [
      { key: "name", label: "Name", value: (row) => row.name },
      { key: "n", label: "N", value: (row) => row.n },
    ],
    rows,
  );
  expect(text).toBe('name,n\r\n"North, ""old""",1.5\r\n\'=1+1,\r\n');
});
