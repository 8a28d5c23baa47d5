import { SvaraError, SystemClock } from "@svara/kernel";
import {
  describeDifference,
  describeVersions,
  ENGINE_VERSION,
  type JournalHeader,
  Replayer,
  type ReplayResult,
  versionsBetween,
} from "@svara/routing";
import type { Command, Terminal } from "../command.ts";
import { Progress } from "../progress.ts";
import { INSTALLATION_OPTIONS, type OpenJournal, withJournalGiven } from "./journal-source.ts";

const LOOK_EVERY = 2_000; // entries between two looks at the clock

/** What a replay says: `--json` prints it as it is. */
interface ReplayReport extends ReplayResult {
  /** Rules that changed between the engines of the journal and this one; null where one of them is not known here. */
  readonly rulesChanged: readonly string[] | null;
  /** The file says at its end that it is whole. */
  readonly complete: boolean;
  /** The file is, to the letter, as it was written. */
  readonly intact: boolean;
  readonly durationMs: number;
}

export const replay: Command = {
  name: "replay",
  summary: "decide a router's journal again, and name the first difference",
  usage: "[journal | -] [options]",
  details: [
    'Reads a file that "svara journal export" wrote (also .gz, - is standard input), or else the journal of an installation,',
    "stopped or running, and lets the router of this program decide every input again.",
    "Exit code 0: everything was decided the same. 1: something was not. 2: the journal cannot be read or was changed.",
  ].join("\n"),
  options: INSTALLATION_OPTIONS,
  words: { min: 0, max: 1 },
  async run(given, terminal) {
    const report = await withJournalGiven(given, terminal, (journal) => decideAgain(journal, terminal));
    terminal.out(given.json ? `${JSON.stringify(report)}\n` : inWords(report));
    if (report.differences > 0) return 1;
    return report.intact ? 0 : 2;
  },
};

async function decideAgain(journal: OpenJournal, terminal: Terminal): Promise<ReplayReport> {
  const replayer = new Replayer();
  const progress = new Progress(terminal, new SystemClock());
  let header: JournalHeader | undefined;
  let entries = 0;
  try {
    for await (const line of journal.lines) {
      if (line.type === "header") header = line;
      else if (line.type === "snapshot") replayer.restore(line.snapshot);
      else if (line.type === "entry") {
        replayer.feed({ ...line, routerId: header?.routerId ?? "" });
        if (++entries % LOOK_EVERY === 0) progress.show(() => soFar(entries, journal.progress()));
      }
    }
  } finally {
    progress.end();
  }
  if (entries === 0) throw new SvaraError("the journal holds no entries", { code: "journal.empty" });
  const result = replayer.result();
  return {
    ...result,
    rulesChanged: rulesChanged(result.otherVersions),
    complete: journal.isComplete(),
    intact: journal.isIntact(),
    durationMs: progress.elapsedMs,
  };
}

function rulesChanged(otherVersions: readonly string[]): readonly string[] | null {
  const rules = new Set<string>();
  for (const version of otherVersions) {
    const changes = versionsBetween(version, ENGINE_VERSION);
    if (changes === undefined) return null;
    for (const rule of changes.flatMap((change) => change.rules)) rules.add(rule);
  }
  return [...rules];
}

function soFar(entries: number, share: number | undefined): string {
  const percent = share === undefined ? "" : ` (${Math.min(100, Math.floor(100 * share))} %)`;
  return `${count(entries)} entries decided again${percent}`;
}

function inWords(report: ReplayReport): string {
  const { decisions, differences, entries, epochs, firstDifference, engineVersion, durationMs } = report;
  const runs = epochs === 1 ? "one run of the program" : `${count(epochs)} runs of the program`;
  const lines = [
    differences === 0
      ? `No difference: ${count(decisions)} decisions on ${count(entries)} inputs were made again in ${(durationMs / 1000).toFixed(1)} s.`
      : `${count(differences)} of ${count(entries)} inputs were decided otherwise than recorded (${count(decisions)} decisions, ${(durationMs / 1000).toFixed(1)} s).`,
    `From ${iso(report.from)} to ${iso(report.to)}, ${runs}, engine version ${engineVersion}.`,
  ];
  if (firstDifference) {
    lines.push("", "The first difference; those after it may follow from it:");
    lines.push(...describeDifference(firstDifference, engineVersion).map((line) => `  ${line}`));
  }
  const versions = describeVersions(report);
  if (versions.length > 0) lines.push("", ...versions);
  if (!report.intact) {
    lines.push("", "The file is not as it was written: its checksum is another one. Do not rely on it.");
  }
  if (!report.complete) {
    lines.push(
      "",
      "The file does not end with the line that says that it is whole: it may have been cut off.",
    );
  }
  return `${lines.join("\n")}\n`;
}

function iso(at: number | null): string {
  return at === null ? "-" : new Date(at).toISOString();
}

function count(n: number): string {
  return n.toLocaleString("en");
}
