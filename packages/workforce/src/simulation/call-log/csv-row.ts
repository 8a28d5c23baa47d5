/** The cells of one line of CSV (RFC 4180, but for line breaks inside quotes). Undefined when a quote is not closed. */
export function csvCells(line: string): string[] | undefined {
  if (!line.includes('"')) return line.split(",");
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (line[at] !== '"') {
      const end = line.indexOf(",", at);
      cells.push(line.slice(at, end < 0 ? undefined : end));
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    let text = "";
    for (at++; ; at++) {
      if (at >= line.length) return undefined;
      if (line[at] !== '"') text += line[at];
      else if (line[at + 1] === '"') text += line[at++];
      else break;
    }
    cells.push(text);
    if (at + 1 >= line.length) return cells;
    if (line[at + 1] !== ",") return undefined;
    at += 2;
  }
}

/** A cell as it is written into CSV. */
export function csvCell(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
