import { COMMANDS } from "./commands.ts";
import { runCli } from "./run-cli.ts";

process.exitCode = await runCli(process.argv.slice(2), COMMANDS, {
  env: process.env,
  stdin: process.stdin,
  cwd: process.env.SVARA_CALLED_FROM ?? process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
