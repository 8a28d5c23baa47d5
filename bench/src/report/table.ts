import { type Figure, type FigureGroup, ratioOf } from "./figure.ts";

const HEAD = ["", "ours", "unit", "peer", "ours/peer", "conditions"];

/** The figures as lines of text, one block for each group. */
export function table(groups: readonly FigureGroup[]): string {
  const blocks = groups.map(({ title, figures }) => [title, figures.map(row)] as const);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...blocks.flatMap(([, rows]) => rows.map((cells) => cells[column]?.length ?? 0))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, n) =>
        n === 1 || n === 3 || n === 4 ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return blocks.map(([title, rows]) => [`\n${title}`, line(HEAD), ...rows.map(line)].join("\n")).join("\n");
}

function row(figure: Figure): string[] {
  const { what, value, unit, peer, conditions } = figure;
  const ratio = ratioOf(figure);
  return [
    `  ${what}`,
    value === null ? "-" : plain(value),
    unit,
    peer ? `${plain(peer.value)}${peer.note ? "*" : ""}` : "",
    ratio === undefined ? "" : `${ratio.toFixed(2)}x`,
    [conditions, peer?.note && `* ${peer.note}`].filter(Boolean).join("; "),
  ];
}

function plain(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-GB");
  return String(Math.round(value * 1000) / 1000);
}
