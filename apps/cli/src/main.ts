import { COMMANDS } from "./commands.ts";
import { runCli } from "./run-cli.ts";

/** For a pipe to take what was printed last. */
const LAST_WORDS_MS = 2_000;

process.exitCode = await runCli(process.argv.slice(2), COMMANDS, {
  env: process.env,
  stdin: process.stdin,
  cwd: process.env.SVARA_CALLED_FROM ?? process.cwd(),
  isWatched: process.stderr.isTTY === true,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});

// Done is done: something a failed command left open must not keep the process, and a stopped server its ports.
setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
