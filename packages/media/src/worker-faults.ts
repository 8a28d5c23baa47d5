import type { WorkerMediaHost } from "./worker-media-host.ts";

/** Ways for a media worker to come to its end, beside `terminate()`. */
export type WorkerFault = "throws" | "eats_memory" | "hangs";

/** The entry of a worker that `breakWorker` can break. */
export const FAULTY_WORKER = new URL("./faulty-media-worker.ts", import.meta.url);

export function faultChannel(threadId: number): string {
  return `svara-media-fault-${threadId}`;
}

/** Breaks a worker that was started with `FAULTY_WORKER` from within. */
export function breakWorker(host: WorkerMediaHost, fault: WorkerFault): void {
  const orders = new BroadcastChannel(faultChannel(host.threadId));
  orders.postMessage(fault);
  orders.close();
}
