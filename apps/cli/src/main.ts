import { COMMANDS } from "./commands.ts";
import { OutputClosed } from "./output-closed.ts";
import { runCli } from "./run-cli.ts";

/** For a pipe to take what was printed last. */
const LAST_WORDS_MS = 2_000;

/** Whoever read our output has seen enough, as `head` does. */
let outputClosed = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  outputClosed = true;
});

process.exitCode = await runCli(process.argv.slice(2), COMMANDS, {
  env: process.env,
  stdin: process.stdin,
  cwd: process.env.SVARA_CALLED_FROM ?? process.cwd(),
  isWatched: process.stderr.isTTY === true,
  out: (text) => {
    if (outputClosed) throw new OutputClosed();
    process.stdout.write(text);
  },
  err: (text) => process.stderr.write(text),
});

// Done is done: something a failed command left open must not keep the process, and a stopped server its ports.
setTimeout(() => process.exit(), LAST_WORDS_MS).unref();
