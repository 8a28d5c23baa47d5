import { ApiError, type Softphone } from "@svara/contracts";
import type { Disposable } from "@svara/kernel";
import type { TabClaim } from "../softphone/phone-line.ts";

export interface DeskTabClaimOptions {
  readonly tabId: string;
  /** Between the tabs of this browser. */
  readonly local: TabClaim;
  /** Between all browsers of this person: asks the server. Throws 409 while another one has the phone. */
  ask(takeOver: boolean): Promise<Softphone>;
  /** Calls back with the owner that the server tells, at once and at each change. */
  watchOwner(listener: (tabId: string | undefined) => void): Disposable;
  granted(softphone: Softphone): void;
}

/** The phone belongs to one tab of one browser: first the tabs of this browser settle it, then the server. */
export class DeskTabClaim implements TabClaim {
  readonly #options: DeskTabClaimOptions;

  constructor(options: DeskTabClaimOptions) {
    this.#options = options;
  }

  claim(mode: "wait" | "steal", report: { granted(): void; waiting(): void; lost(): void }): Disposable {
    const { tabId, local, watchOwner } = this.#options;
    let disposed = false;
    let phase: "local" | "asking" | "refused" | "owner" = "local";
    /** After a grant the server's word may lag; only a change away from us means that we lost it. */
    let seenAsOwner = false;

    const ask = async (takeOver: boolean): Promise<void> => {
      phase = "asking";
      try {
        const softphone = await this.#options.ask(takeOver);
        if (disposed) return;
        phase = "owner";
        seenAsOwner = false;
        this.#options.granted(softphone);
        report.granted();
      } catch (error) {
        if (disposed) return;
        phase = "refused";
        if (!(error instanceof ApiError && error.status === 409)) phase = "local";
        report.waiting();
      }
    };
    const lock = local.claim(mode, {
      granted: () => void ask(mode === "steal"),
      waiting: report.waiting,
      lost: report.lost,
    });
    const watch = watchOwner((owner) => {
      if (phase === "owner") {
        if (owner === tabId) seenAsOwner = true;
        else if (owner !== undefined && seenAsOwner) report.lost();
      } else if (phase === "refused" && owner === undefined) {
        void ask(false);
      }
    });
    return {
      dispose() {
        disposed = true;
        watch.dispose();
        lock.dispose();
      },
    };
  }
}
