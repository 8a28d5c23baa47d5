import type { Random } from "@svara/kernel";

/** What breaks parsers: ends of things, escapes, numbers beyond their range, lines that fold or stop. */
const PIECES = [
  "\r\n",
  "\r\n ",
  "\r\n\r\n",
  "\n",
  "\0",
  '"',
  '\\"',
  "<",
  ">",
  "<>",
  ";",
  ";;",
  ",",
  ",,",
  ":",
  "=",
  "@",
  "?",
  "&",
  "[",
  "]",
  "[::1]",
  "%",
  "%00",
  "%zz",
  "\\",
  "/",
  "*",
  "\xff\xfe",
  "\xc3\xa5",
  "-1",
  "0",
  "4294967295",
  "4294967296",
  "99999999999999999999",
  "SIP/2.0",
  "SIP/3.0",
  "sips:",
  "tel:+",
  ";lr",
  ";tag=",
  ";branch=z9hG4bK",
  ";received=",
  ";rport=99999",
  ";transport=tls",
  "Content-Length: 5\r\n",
  "Require: 100rel\r\n",
  "Replaces: a;to-tag=b;from-tag=c\r\n",
  "Session-Expires: 1\r\nSupported: timer\r\n",
  "Content-Encoding: gzip\r\n",
  "Expires: 0\r\n",
  "Max-Forwards: 0\r\n",
];

/** Makes one to four changes to a message given as latin-1 text; `other` is a further message to take pieces from. */
export function mutate(source: string, other: string, random: Random): string {
  let text = source;
  for (let k = 1 + pick(random, 4); k > 0 && text.length > 0; k--) text = once(text, other, random);
  return text.length > MAX_OCTETS ? text.slice(0, MAX_OCTETS) : text;
}

/** An integer from 0 up to, not including, `n`. */
export function pick(random: Random, n: number): number {
  return Math.floor(random.next() * n);
}

const MAX_OCTETS = 65_000;

function once(text: string, other: string, random: Random): string {
  const at = pick(random, text.length);
  const head = text.slice(0, at);
  switch (pick(random, 10)) {
    case 0:
      return head + String.fromCharCode(pick(random, 256)) + text.slice(at + 1);
    case 1:
      return head + text.slice(at + 1 + pick(random, 30));
    case 2:
      return pick(random, 4) === 0 ? head : text.slice(at);
    case 3:
      return head + text.slice(at, at + 1 + pick(random, 40)).repeat(2 + pick(random, 8)) + text.slice(at);
    case 4:
      return head + other.slice(pick(random, other.length), pick(random, other.length)) + text.slice(at);
    case 5:
      return withLine(text, random, (line) => [line, line]);
    case 6:
      return withLine(text, random, () => []);
    case 7:
      return withLine(text, random, (line) => [line.slice(0, line.indexOf(":") + 1)]);
    default:
      return head + (PIECES[pick(random, PIECES.length)] ?? "") + text.slice(at);
  }
}

function withLine(text: string, random: Random, change: (line: string) => string[]): string {
  const lines = text.split("\r\n");
  const at = pick(random, lines.length);
  lines.splice(at, 1, ...change(lines[at] ?? ""));
  return lines.join("\r\n");
}
