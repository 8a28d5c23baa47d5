import { threadId } from "node:worker_threads";
import { faultChannel, type WorkerFault } from "./worker-faults.ts";
import "./media-worker.ts";

/** The usual media worker, which breaks when a test tells it to (`breakWorker`). */
const orders = new BroadcastChannel(faultChannel(threadId));
orders.onmessage = ({ data }: { data: unknown }) => {
  const fault = data as WorkerFault;
  if (fault === "throws") {
    setImmediate(() => {
      throw new Error("broken on purpose");
    });
    return;
  }
  const hoard: number[][] = [];
  // big pieces: with small ones the collector works for minutes before it gives up
  while (fault === "eats_memory" || hoard.length === 0) hoard.push(new Array(1_000_000).fill(Math.PI));
  while (hoard.length > 0); // "hangs"
};
