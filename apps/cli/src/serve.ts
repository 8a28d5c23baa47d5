import { SystemClock } from "@svara/kernel";
import type { RunningServer } from "@svara/server";
import type { Terminal } from "./command.ts";
import { untilStopped } from "./signals.ts";

const DRAIN_LIMIT_MS = 600_000; // longer than all but a few calls; a second signal cuts it short

/** Says where the server is, and keeps it until it is told to stop: then calls that run may end first. */
export async function serve(server: RunningServer, json: boolean, terminal: Terminal): Promise<number> {
  const { address, firstRunLink, lines = [] } = server;
  if (json) terminal.out(`${JSON.stringify({ address, firstRunLink })}\n`);
  else
    terminal.out(
      `${["", `Svara is ready: ${address}`, ...firstRun(firstRunLink), ...lines, ""].join("\n")}\n`,
    );

  await untilStopped(process, new SystemClock(), () => {
    terminal.err("svara: stopping at once\n");
    void server.close().then(() => process.exit(0));
  });
  terminal.err("svara: no new calls; waiting for those that run (again to stop at once)\n");
  await server.drain(DRAIN_LIMIT_MS);
  await server.close();
  return 0;
}

/** As a SIGTERM from outside would. */
export function stopThisProcess(): void {
  process.kill(process.pid, "SIGTERM");
}

function firstRun(link: string | undefined): string[] {
  return link === undefined ? [] : [`Make the first administrator here: ${link}`];
}
