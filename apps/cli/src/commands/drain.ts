import { wholeNumber } from "../arguments.ts";
import type { Command } from "../command.ts";
import { loadServer } from "../server-door.ts";

const DEFAULT_MINUTES = 10;

export const drain: Command = {
  name: "drain",
  summary: "let the running server end its calls and stop, for an update",
  usage: "[options]",
  details: "The server takes no new calls; it stops when the last one has ended, or after the limit.",
  options: {
    minutes: {
      type: "string",
      value: "minutes",
      summary: `how long calls may go on (default ${DEFAULT_MINUTES})`,
    },
  },
  async run(given, terminal) {
    const minutes = wholeNumber(given, "minutes", DEFAULT_MINUTES, { min: 0, max: 1440 });
    const server = await loadServer();
    const report = (line: string): void => terminal.err(`${line}\n`);
    const outcome = await server.drain(server.readSettings(terminal.env), {
      limitMs: minutes * 60_000,
      report,
    });
    if (given.json) terminal.out(`${JSON.stringify(outcome)}\n`);
    else terminal.out("the server has stopped\n");
    return 0;
  },
};
