/** One column of a table and of its file. */
export interface TableColumn<Row> {
  /** Name in the CSV: a stable word in small letters. */
  readonly key: string;
  /** Heading on the screen. */
  readonly label: string;
  /** What stands in the file, and on the screen where `shown` is absent. */
  readonly value: (row: Row) => string | number | null;
}

/** Rows as CSV (RFC 4180): a head line of keys, lines that end in CR LF. Cells that a spreadsheet would run are disarmed. */
export function toCsv<Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[]): string {
  const lines = [
    columns.map(({ key }) => cell(key)),
    ...rows.map((row) => columns.map((c) => cell(c.value(row)))),
  ];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands a text to the browser as a file to keep. */
export function downloadText(fileName: string, text: string, type = "text/csv;charset=utf-8"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
