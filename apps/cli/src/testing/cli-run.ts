import { Readable } from "node:stream";
import type { Command } from "../command.ts";
import { runCli } from "../run-cli.ts";

/** What a command said, and its exit code. */
export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in `cwd` as `svara` would, with no environment. */
export async function cliRun(
  command: Command,
  argv: readonly string[],
  options: { readonly cwd: string; readonly stdin?: Iterable<Buffer>; readonly isWatched?: boolean },
): Promise<CliRun> {
  const said = { out: "", err: "" };
  const code = await runCli(
    [command.name, ...argv],
    { [command.name]: async () => command },
    {
      env: {},
      stdin: Readable.from(options.stdin ?? []),
      cwd: options.cwd,
      isWatched: options.isWatched ?? false,
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
    },
  );
  return { code, ...said };
}
