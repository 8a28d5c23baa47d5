import { COMMON_OPTIONS } from "./arguments.ts";
import type { Command, CommandOption } from "./command.ts";

/** The help of `svara` as a whole. */
export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    "Svara: a contact centre in one program.",
    "",
    "usage: svara <command> [options]",
    "",
    ...lines,
    "",
    '"svara <command> --help" explains one command. Settings come from the environment (SVARA_*).',
    "",
  ].join("\n");
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const options = Object.entries({ ...command.options, ...COMMON_OPTIONS }).map(describe);
  const width = Math.max(...options.map(({ left }) => left.length));
  return [
    `usage: svara ${command.name} ${command.usage}`.trimEnd(),
    "",
    `${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`,
    ...(command.details === undefined ? [] : ["", command.details.trim()]),
    "",
    ...options.map(({ left, summary }) => `  ${left.padEnd(width)}  ${summary}`),
    "",
  ].join("\n");
}

function describe([name, option]: [string, CommandOption]): { left: string; summary: string } {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  const value = option.type === "string" ? ` <${option.value ?? "value"}>` : "";
  return { left: `${short}--${name}${value}`, summary: option.summary };
}
