import { readFileSync } from "node:fs";
import { connect } from "node:net";
import * as path from "node:path";
import { SvaraError } from "@svara/kernel";

/** What a running server tells about itself in `server.json` of its data folder. */
interface Announced {
  readonly pid: number;
  readonly address: string;
}

/**
 * A second server on the same data would take the ledger from the first one in the middle of its calls.
 * @throws SvaraError `start.already_running`
 */
export async function refuseSecondServer(dataDir: string): Promise<void> {
  const told = readAnnounced(dataDir);
  if (!told || told.pid === process.pid || !isAlive(told.pid)) return;
  // After a crash the number may belong to another program by now; the port hardly does as well.
  if (!(await answers(new URL(told.address)))) return;
  throw new SvaraError(
    `Svara runs already on ${dataDir} (process ${told.pid}, ${told.address}); stop it first, or choose another folder by SVARA_DATA_DIR`,
    { code: "start.already_running", httpStatus: 409 },
  );
}

function readAnnounced(dataDir: string): Announced | undefined {
  try {
    const told = JSON.parse(readFileSync(path.join(dataDir, "server.json"), "utf8")) as Partial<Announced>;
    return typeof told.pid === "number" && typeof told.address === "string"
      ? { pid: told.pid, address: told.address }
      : undefined;
  } catch {
    return undefined; // no server has run here, or it stopped in order
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function answers({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const end = (result: boolean) => (): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", end(true)).once("error", end(false)).setTimeout(2_000, end(false));
  });
}
