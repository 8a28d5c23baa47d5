import { resolve } from "node:path";
import type { Command } from "../command.ts";
import { loadServer } from "../server-door.ts";

export const backup: Command = {
  name: "backup",
  summary: "save the database and the recordings, also while calls run",
  usage: "[folder] [options]",
  details: 'Without a folder the backup goes into "backups" of the data folder.',
  options: {},
  words: { min: 0, max: 1 },
  async run({ words: [into], json }, terminal) {
    const server = await loadServer();
    const made = await server.backup(
      server.readSettings(terminal.env),
      into === undefined ? {} : { into: resolve(terminal.cwd, into) },
    );
    terminal.out(
      json ? `${JSON.stringify(made)}\n` : `saved in ${made.path} (${(made.bytes / 1e6).toFixed(1)} MB)\n`,
    );
    return 0;
  },
};
