import type { Decision } from "./decision.ts";
import { versionsBetween } from "./engine-versions.ts";
import type { Difference, ReplayResult } from "./journal.ts";

/** The first field in which two values differ. */
export interface Mismatch {
  /** Such as `offer.agentId`, or `the 2nd decision` where one side has none. */
  readonly where: string;
  readonly recorded: unknown;
  readonly decided: unknown;
}

/** Where a recorded and a decided list of decisions part; undefined when they are the same. */
export function firstMismatch(
  recorded: readonly Decision[],
  decided: readonly Decision[],
): Mismatch | undefined {
  for (let i = 0; i < Math.max(recorded.length, decided.length); i++) {
    const [a, b] = [recorded[i], decided[i]];
    const whole = `decision ${i + 1}`;
    if (a === undefined || b === undefined || a.type !== b.type) {
      return { where: whole, recorded: a, decided: b };
    }
    const found = mismatch(a, b, `${whole}, ${a.type}`);
    if (found) return found;
  }
  return undefined;
}

/** A difference as lines for a person: the instant, the input, what was recorded, what is decided now, and where they part. */
export function describeDifference(difference: Difference, engineVersion: string): string[] {
  const { epoch, seq, at, input, recorded, decided } = difference;
  const lines = [
    `entry ${seq} of epoch ${epoch}, at ${new Date(at).toISOString()}`,
    `  input     ${phrase(input)}`,
    ...block("recorded", recorded, decided),
    ...block("now", decided),
  ];
  const parted = firstMismatch(recorded, decided);
  if (parted) {
    const was = parted.recorded === undefined ? "is not in the record" : `was ${brief(parted.recorded)}`;
    const is = parted.decided === undefined ? "is not decided now" : `is ${brief(parted.decided)} now`;
    lines.push(`  they part at ${parted.where}: ${was}, ${is}`);
  }
  lines.push(
    difference.engineVersion === engineVersion
      ? `  both by engine version ${engineVersion}: the record is damaged, or the engine does not keep its word`
      : `  recorded by engine version ${difference.engineVersion}, decided now by version ${engineVersion}`,
  );
  return lines;
}

/** What the engine versions of a journal other than this one mean for its differences, in sentences. */
export function describeVersions({ engineVersion, otherVersions }: ReplayResult): string[] {
  return otherVersions.flatMap((version) => {
    const changes = versionsBetween(version, engineVersion);
    if (changes === undefined) {
      return [`Engine version ${version} is not known here: the journal comes from another program version.`];
    }
    return [
      `Engine version ${version} wrote a part of the journal, and version ${engineVersion} decided now; between them changed:`,
      ...changes.map(({ version: v, rules, summary }) => {
        const which = rules.length > 0 ? ` (rules ${spans(rules).join(", ")})` : "";
        return `  version ${v}: ${summary}${which}`;
      }),
    ];
  });
}

/** Ids of rules with those that follow each other drawn together: `RT6 to RT10`. */
function spans(rules: readonly string[]): string[] {
  const runs: string[][] = [];
  for (const rule of rules) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before !== undefined && Number(rule.slice(2)) === Number(before.slice(2)) + 1) run.push(rule);
    else runs.push([rule]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]} to ${run.at(-1)}` : run.join(", ")));
}

function mismatch(a: unknown, b: unknown, where: string): Mismatch | undefined {
  if (a === b) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return { where, recorded: a, decided: b };
  }
  const left = a as Readonly<Record<string, unknown>>;
  const right = b as Readonly<Record<string, unknown>>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const place = Array.isArray(a) ? `${where}[${key}]` : `${where}.${key}`;
    const found = mismatch(left[key], right[key], place);
    if (found) return found;
  }
  return undefined;
}

function block(
  name: string,
  decisions: readonly Decision[],
  like: readonly Decision[] = decisions,
): string[] {
  const label = `  ${name.padEnd(10)}`;
  const texts = decisions.length > 0 ? decisions.map((each, i) => phrase(each, like[i])) : ["nothing"];
  return texts.map((text, i) => `${i === 0 ? label : " ".repeat(label.length)}${text}`);
}

/** An input or a decision in a line: its name and its plain fields, in the order of `like` where that has them. */
function phrase(thing: { readonly type: string }, like: { readonly type: string } = thing): string {
  const fields = thing as Readonly<Record<string, unknown>>;
  const said = [...new Set([...Object.keys(like), ...Object.keys(thing)])].flatMap((key) => {
    const value = fields[key];
    if (key === "type" || key === "at" || value === null || value === undefined) return [];
    if (typeof value !== "object") return [`${key} ${value}`];
    const { id } = value as { readonly id?: unknown };
    return typeof id === "string" ? [`${key} ${id}`] : []; // the rest of what is nested would hide the line
  });
  return said.length > 0 ? `${thing.type}: ${said.join(", ")}` : thing.type;
}

function brief(value: unknown): string {
  if (typeof value === "string") return value;
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
