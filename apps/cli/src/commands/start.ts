import type { Command } from "../command.ts";
import { serve, stopThisProcess } from "../serve.ts";
import { loadServer } from "../server-door.ts";

export const start: Command = {
  name: "start",
  summary: "start the server",
  usage: "[options]",
  details:
    "Runs until SIGTERM or Ctrl-C; then takes no new calls, lets those that run end, and stops. A second signal stops at once.",
  options: {},
  async run({ json }, terminal) {
    const { readSettings, startServer } = await loadServer();
    const settings = readSettings(terminal.env);
    return serve(
      (startAnew) => startServer(settings, { onTakenOver: stopThisProcess, onFirstAdministrator: startAnew }),
      json,
      terminal,
    );
  },
};
