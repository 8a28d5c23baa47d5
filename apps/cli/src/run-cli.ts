import { SvaraError } from "@svara/kernel";
import { nearest, parseArguments } from "./arguments.ts";
import type { Command, Terminal } from "./command.ts";
import { helpOf, overview } from "./help.ts";
import { OutputClosed } from "./output-closed.ts";
import { UsageError } from "./usage-error.ts";

/** What `svara` ends with: 0 done, 1 it went wrong, 2 it was asked or set wrongly. */
export type ExitCode = 0 | 1 | 2;

type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

/** Runs one command line; never throws. `argv` begins with the command's name. */
export async function runCli(
  argv: readonly string[],
  commands: CommandTable,
  terminal: Terminal,
): Promise<number> {
  const json = argv.includes("--json");
  try {
    return await dispatch(argv, commands, terminal);
  } catch (error) {
    return explain(error, json, terminal);
  }
}

async function dispatch(
  argv: readonly string[],
  commands: CommandTable,
  terminal: Terminal,
): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    const all = await Promise.all(Object.values(commands).map((load) => load()));
    terminal.out(overview(all));
    return name === undefined ? 2 : 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const near = nearest(name, Object.keys(commands));
    const hint = near === undefined ? "" : `did you mean "${near}"? `;
    throw new UsageError(`there is no command "${name}"`, `${hint}"svara --help" lists all commands`);
  }
  const command = await load();
  const given = parseArguments(command, rest);
  if (given.help) {
    terminal.out(helpOf(command));
    return 0;
  }
  return command.run(given, terminal);
}

function explain(error: unknown, json: boolean, terminal: Terminal): ExitCode {
  if (error instanceof OutputClosed) return 1;
  if (!(error instanceof SvaraError)) {
    terminal.err(
      `svara: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  }
  const { code, message, field } = error;
  const remedy = error instanceof UsageError ? error.remedy : undefined;
  if (json) terminal.out(`${JSON.stringify({ error: { code, message, field, remedy } })}\n`);
  terminal.err(`svara: ${message}\n`);
  if (remedy !== undefined) terminal.err(`what to do: ${remedy}\n`);
  return isSetting(code) ? 2 : 1;
}

/** Whether the person who started the program can mend it by an argument or a setting. */
function isSetting(code: string): boolean {
  return (
    code === "port_taken" ||
    /^(cli\.|settings\.|start\.|journal\.|routing\.journal_|queueing\.(?:bad_input|unknown_model)$|forecasting\.bad_\w+$|workforce\.(?:rules_file|staff_file|empty_record|bad_scenario|bad_call_log|bad_back_test|bad_demand|bad_target|bad_distribution)$)/.test(
      code,
    )
  );
}
