type Cell = string | number | null;

/** A CSV (RFC 4180) with a byte order mark; numbers to a thousandth, what a spreadsheet would run is given as text. */
export function csvText(columns: readonly string[], lines: readonly (readonly Cell[])[]): string {
  return `\uFEFF${[columns, ...lines].map((line) => `${line.map(cellText).join(",")}\r\n`).join("")}`;
}

function cellText(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
  const text = /^[=@+\-\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
