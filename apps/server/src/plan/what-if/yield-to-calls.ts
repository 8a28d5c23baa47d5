import { readlinkSync } from "node:fs";
import * as os from "node:os";

/** Gives this thread a low priority, where the system knows priorities of threads (Linux): calls go first. */
export function yieldToCalls(): void {
  try {
    const thread = Number(/task\/(\d+)$/.exec(readlinkSync("/proc/thread-self"))?.[1]);
    if (Number.isInteger(thread)) os.setPriority(thread, os.constants.priority.PRIORITY_LOW);
  } catch {
    // no such system: the thread has the priority of the process
  }
}
