import { parseArgs } from "node:util";
import type { Command, CommandOption, Given } from "./command.ts";
import { UsageError } from "./usage-error.ts";

/** The options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, CommandOption>> = {
  help: { type: "boolean", short: "h", summary: "show this help" },
  json: { type: "boolean", summary: "print the result as JSON" },
};

/**
 * What `argv` (without the command's name) gives to `command`.
 * @throws {UsageError} on an unknown option, a missing or unwanted value, and too few or too many words
 */
export function parseArguments(command: Command, argv: readonly string[]): Given & { help: boolean } {
  const known = { ...command.options, ...COMMON_OPTIONS };
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      Object.entries(known).map(([name, { type, short }]) => [
        name,
        { type, ...(short === undefined ? {} : { short }) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const options: Record<string, string | boolean> = {};
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    else if (token.kind === "option") options[token.name] = valueGiven(command, known, token);
  }
  const help = options.help === true;
  if (!help) checkWords(command, words);
  return { options, words, json: options.json === true, help };
}

function valueGiven(
  command: Command,
  known: Readonly<Record<string, CommandOption>>,
  token: { name: string; rawName: string; value?: string | undefined },
): string | boolean {
  const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
  if (option === undefined) {
    const near = nearest(token.name, Object.keys(known));
    const hint = near === undefined ? "" : `did you mean --${near}? `;
    throw new UsageError(
      `"svara ${command.name}" has no option ${token.rawName}`,
      `${hint}${helpHint(command.name)}`,
    );
  }
  if (option.type === "boolean") {
    if (token.value === undefined) return true;
    throw new UsageError(
      `${token.rawName} takes no value, and was given "${token.value}"`,
      helpHint(command.name),
    );
  }
  if (token.value === undefined || token.value === "") {
    throw new UsageError(
      `${token.rawName} needs a value`,
      `write ${token.rawName} <${option.value ?? "value"}>`,
    );
  }
  return token.value;
}

function checkWords(command: Command, words: readonly string[]): void {
  const { min, max } = command.words ?? { min: 0, max: 0 };
  const usage = `usage: svara ${command.name} ${command.usage}`.trimEnd();
  if (words.length < min) throw new UsageError(`"svara ${command.name}" needs more to work on`, usage);
  const tooMuch = words[max];
  if (tooMuch !== undefined)
    throw new UsageError(`"svara ${command.name}" does not know what to do with "${tooMuch}"`, usage);
}

function helpHint(name: string): string {
  return `"svara ${name} --help" lists its options`;
}

/**
 * A whole number given as an option's value.
 * @throws {UsageError} when it is not one, or lies outside of min..max
 */
export function wholeNumber(
  given: Given,
  name: string,
  fallback: number,
  range: { min: number; max: number },
): number {
  const text = given.options[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw new UsageError(`--${name} is "${text}"`, `give a whole number from ${range.min} to ${range.max}`);
}

/** The name that `wrong` was most likely meant to be: at most two keystrokes away. */
export function nearest(wrong: string, names: readonly string[]): string | undefined {
  const ranked = names.map((name) => ({ name, distance: distance(wrong, name) }));
  ranked.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const [best] = ranked;
  return best !== undefined && best.distance <= 2 ? best.name : undefined;
}

/** Levenshtein's distance, row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
