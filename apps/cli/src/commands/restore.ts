import { resolve } from "node:path";
import type { Command } from "../command.ts";
import { loadServer } from "../server-door.ts";

export const restore: Command = {
  name: "restore",
  summary: "bring back what a backup saved; the server must not run",
  usage: "<folder> [options]",
  options: {
    force: { type: "boolean", summary: "replace the data that are there now (they are kept beside)" },
  },
  words: { min: 1, max: 1 },
  async run({ words: [from = ""], options, json }, terminal) {
    const server = await loadServer();
    const made = await server.restore(server.readSettings(terminal.env), {
      from: resolve(terminal.cwd, from),
      force: options.force === true,
    });
    terminal.out(json ? `${JSON.stringify(made)}\n` : `restored from ${from}; "svara start" uses it\n`);
    return 0;
  },
};
