import { readlinkSync } from "node:fs";
import * as os from "node:os";

/**
 * Gives this thread a priority below that of the calls, where the system knows priorities of threads (Linux): on a busy
 * machine it has about a tenth of a processor, and the calls the rest.
 */
export function yieldToCalls(): void {
  try {
    const thread = Number(/task\/(\d+)$/.exec(readlinkSync("/proc/thread-self"))?.[1]);
    if (Number.isInteger(thread)) os.setPriority(thread, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // no such system: the thread has the priority of the process
  }
}
