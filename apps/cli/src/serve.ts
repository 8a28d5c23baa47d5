import { SystemClock } from "@svara/kernel";
import type { RunningServer } from "@svara/server";
import type { Terminal } from "./command.ts";
import { untilStopped } from "./signals.ts";

const DRAIN_LIMIT_MS = 600_000; // longer than all but a few calls; a second signal cuts it short

/** Time for the answer to the first administrator to arrive before the server goes away for a moment. */
const ANSWER_MS = 1_000;

/** Starts the server; calls back when it wants to be started anew. */
export type Start = (startAnew: () => void) => Promise<RunningServer>;

/** Says where the server is, and keeps it until it is told to stop: then calls that run may end first. */
export async function serve(start: Start, json: boolean, terminal: Terminal): Promise<number> {
  const clock = new SystemClock();
  let running: Promise<RunningServer>;
  const startAnew = (): void => {
    clock.after(ANSWER_MS, () => {
      running = running.then(async (old) => {
        await old.close();
        return start(startAnew);
      });
      running.then(
        () => terminal.err("svara: phones and browsers of other machines are welcome now\n"),
        (error: unknown) => {
          terminal.err(`svara: ${error instanceof Error ? error.message : String(error)}\n`);
          process.exit(1);
        },
      );
    });
  };
  running = start(startAnew);
  say(await running, json, terminal);

  await untilStopped(process, clock, () => {
    terminal.err("svara: stopping at once\n");
    void running.then((server) => server.close()).then(() => process.exit(0));
  });
  terminal.err("svara: no new calls; waiting for those that run (again to stop at once)\n");
  const server = await running;
  await server.drain(DRAIN_LIMIT_MS);
  await server.close();
  return 0;
}

function say({ address, firstRunLink, lines }: RunningServer, json: boolean, terminal: Terminal): void {
  if (json) terminal.out(`${JSON.stringify({ address, firstRunLink })}\n`);
  else
    terminal.out(
      `${["", `Svara is ready: ${address}`, ...firstRun(firstRunLink), ...lines, ""].join("\n")}\n`,
    );
}

/** As a SIGTERM from outside would. */
export function stopThisProcess(): void {
  process.kill(process.pid, "SIGTERM");
}

function firstRun(link: string | undefined): string[] {
  return link === undefined ? [] : [`Make the first administrator here: ${link}`];
}
