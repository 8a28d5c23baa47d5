import type { Command } from "../command.ts";
import { loadServer } from "../server-door.ts";
import { UsageError } from "../usage-error.ts";

export const user: Command = {
  name: "user",
  summary: "help somebody who cannot sign in",
  usage: "reset <login> [options]",
  details:
    "Lifts a lock-out and gives a new password, which is shown once. Works also while the server runs.",
  options: {},
  words: { min: 2, max: 2 },
  async run({ words: [action, login = ""], json }, terminal) {
    if (action !== "reset") {
      throw new UsageError(`"svara user" cannot "${action}"`, "write: svara user reset <login>");
    }
    const server = await loadServer();
    const made = await server.resetUser(server.readSettings(terminal.env), { login });
    terminal.out(
      json ? `${JSON.stringify(made)}\n` : `${made.login} signs in with the password ${made.password}\n`,
    );
    return 0;
  },
};
