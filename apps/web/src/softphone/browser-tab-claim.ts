import type { Disposable } from "@svara/kernel";
import type { TabClaim } from "./phone-line.ts";

/** Tab ownership by a Web Lock: the browser frees it when the owner closes or crashes, and it can be stolen. */
export class BrowserTabClaim implements TabClaim {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  claim(mode: "wait" | "steal", report: { granted(): void; waiting(): void; lost(): void }): Disposable {
    const abort = new AbortController();
    let release: () => void = () => undefined;
    let held = false;
    const hold = (): Promise<void> => {
      if (abort.signal.aborted) return Promise.resolve();
      held = true;
      report.granted();
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const stolen = (): void => {
      if (held && !abort.signal.aborted) report.lost();
    };
    if (mode === "steal") {
      navigator.locks.request(this.#name, { steal: true }, hold).catch(stolen);
    } else {
      void this.#isTaken().then((taken) => {
        if (taken && !abort.signal.aborted) report.waiting();
      });
      navigator.locks.request(this.#name, { signal: abort.signal }, hold).catch(stolen);
    }
    return {
      dispose() {
        abort.abort();
        release();
      },
    };
  }

  async #isTaken(): Promise<boolean> {
    const { held = [] } = await navigator.locks.query();
    return held.some((lock) => lock.name === this.#name);
  }
}
