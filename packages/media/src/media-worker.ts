import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { SecureRandom, SystemClock } from "@svara/kernel";
import { LocalMediaHost } from "./local-media-host.ts";
import { toWireError } from "./media-error.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./media-protocol.ts";
import { Outbox } from "./outbox.ts";

/** Sound that is late is lost, everything else can wait a little: on a busy machine this thread goes first. */
const niceness = -10;

/** The entry of the worker thread that `WorkerMediaHost` starts. */
if (parentPort) {
  hurry();
  const port = parentPort;
  const outbox = new Outbox<FromWorker>((messages) => port.postMessage(messages));
  const send = (message: FromWorker): void => outbox.push(message);
  const { options } = workerData as WorkerStart;
  const deps = { clock: new SystemClock(), random: new SecureRandom(), warmUp: true };
  try {
    const host = await LocalMediaHost.start(options, deps);
    host.events.on((event) => send({ kind: "event", event }));
    port.on("message", (messages: readonly ToWorker[]) => messages.forEach(take));
    function take(message: ToWorker): void {
      // Both clocks follow the wall clock to the millisecond, which is as fine as this figure is.
      if (message.kind === "request") host.commandLateness.add(deps.clock.now() - message.sentAt);
      const task = message.kind === "close" ? host.close() : host.request(message.command);
      task.then(
        (result) => {
          send({ kind: "result", id: message.id, result: result ?? null });
          if (message.kind !== "close") return;
          outbox.flush();
          port.close();
        },
        (error: unknown) => send({ kind: "error", id: message.id, error: toWireError(error) }),
      );
    }
    send({ kind: "ready", webrtcPort: host.webrtcPort });
  } catch (error) {
    send({ kind: "refused", error: toWireError(error) });
  }
}

/** Linux knows priorities of threads; elsewhere, and for accounts that may not raise theirs, all stays as it is. */
function hurry(): void {
  if (process.platform !== "linux") return; // elsewhere it would be the whole process
  try {
    setPriority(niceness);
  } catch {
    // no right to: RLIMIT_NICE or CAP_SYS_NICE gives it
  }
}
