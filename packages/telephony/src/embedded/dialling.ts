import type { Clock, Disposable, TrunkId } from "@svara/kernel";
import type { LegTerms } from "@svara/media";
import type { CallAccepted, CallFailure, CallProgress, OutgoingCall } from "@svara/sip";
import type { LegEnd } from "../switch.ts";
import { endOfAttempt } from "./leg-end.ts";

/** One place to send the call to. */
export interface Attempt {
  /** Absent for an endpoint. */
  readonly trunkId?: TrunkId;
  readonly terms: LegTerms;
  /** Nothing at all heard for this long: the place is as good as dead, where there is another. */
  readonly silenceLimitMs: number;
  /** Sends the INVITE. */
  place(offer: string, timeoutMs: number): OutgoingCall;
  /** Told what became of it: undefined when the place works, else why it does not. */
  report?(fault: CallFailure | undefined): void;
}

export interface DiallingDeps {
  readonly clock: Clock;
  readonly attempts: readonly Attempt[];
  /** For all attempts together. */
  readonly ringTimeoutMs: number;
  /** Our SDP under these terms. */
  offer(terms: LegTerms): Promise<string>;
  routed(trunkId: TrunkId): void;
  progress(progress: CallProgress): void;
  accepted(accepted: CallAccepted): void;
  failed(end: LegEnd): void;
}

/**
 * A call of ours on its way: one place after the other until one rings, answers, or says a word of the called party.
 *
 *    trying(i) --fault before ringing--> trying(i + 1);  trying, ringing -> accepted | failed | cancelled
 */
export class Dialling {
  readonly #deps: DiallingDeps;
  readonly #startedAt: number;
  #state: "trying" | "ringing" | "over" = "trying";
  #at = 0;
  #call: OutgoingCall | undefined;
  #silence: Disposable | undefined;

  constructor(deps: DiallingDeps) {
    this.#deps = deps;
    this.#startedAt = deps.clock.now();
  }

  /** The call under way, once its INVITE is sent. */
  get call(): OutgoingCall | undefined {
    return this.#call;
  }

  /** Sends the first INVITE. Errors: when our own media cannot be opened. */
  async start(): Promise<void> {
    await this.#try();
  }

  cancel(): void {
    if (this.#state === "over") return;
    this.#enter("over");
    this.#call?.cancel();
  }

  async #try(): Promise<void> {
    const attempt = this.#deps.attempts[this.#at];
    if (!attempt) return this.#fail({ doing: "us", cause: "failed" });
    const { trunkId } = attempt;
    if (trunkId && trunkId !== this.#deps.attempts[this.#at - 1]?.trunkId) this.#deps.routed(trunkId);
    const offer = await this.#deps.offer(attempt.terms);
    if (this.#state === "over") return;
    const call = attempt.place(offer, Math.max(1, this.#leftMs));
    this.#call = call;
    if (this.#hasNext) {
      this.#silence = this.#deps.clock.after(attempt.silenceLimitMs, () => this.#silent(attempt, call));
    }
    call.progress.on((progress) => this.#progress(attempt, call, progress));
    call.failed.on((failure) => this.#failed(attempt, call, failure));
    call.accepted.on((accepted) => {
      if (call !== this.#call || this.#state === "over") return accepted.dialog.bye();
      this.#enter("over");
      attempt.report?.(undefined);
      this.#deps.accepted(accepted);
    });
  }

  #progress(attempt: Attempt, call: OutgoingCall, progress: CallProgress): void {
    if (call !== this.#call || this.#state === "over" || progress.status <= 100) return;
    if (this.#state === "trying") {
      this.#enter("ringing");
      attempt.report?.(undefined);
    }
    this.#deps.progress(progress);
  }

  #failed(attempt: Attempt, call: OutgoingCall, failure: CallFailure): void {
    if (call !== this.#call || this.#state === "over") return;
    const isFault = this.#state === "trying" && isRouteFault(failure);
    attempt.report?.(isFault ? failure : undefined);
    if (isFault && this.#hasNext && this.#leftMs > 0) return this.#next();
    const deaf = failure.by === "timeout" && !call.heard;
    this.#fail(deaf ? { doing: "carrier", cause: "transport_lost", status: 408 } : endOfAttempt(failure));
  }

  /** The place has not even said that it tries. */
  #silent(attempt: Attempt, call: OutgoingCall): void {
    if (call !== this.#call || this.#state !== "trying" || call.heard) return;
    attempt.report?.({ by: "timeout", status: 408, reason: "no answer to the INVITE" });
    this.#call = undefined; // what it still says is late
    call.cancel();
    this.#next();
  }

  #next(): void {
    this.#silence?.dispose();
    this.#at++;
    this.#try().catch((error: unknown) => {
      const status = (error as { sipStatus?: number }).sipStatus ?? 500;
      this.#fail({ doing: "us", cause: status === 503 ? "congestion" : "failed", status });
    });
  }

  get #hasNext(): boolean {
    return this.#at + 1 < this.#deps.attempts.length;
  }

  get #leftMs(): number {
    return this.#deps.ringTimeoutMs - (this.#deps.clock.now() - this.#startedAt);
  }

  #enter(next: "ringing" | "over"): void {
    this.#state = next;
    this.#silence?.dispose();
  }

  #fail(end: LegEnd): void {
    if (this.#state === "over") return;
    this.#enter("over");
    this.#deps.failed(end);
  }
}

/** Whether a failure is the network's and not a word of the called party (SPEC TE36). */
export function isRouteFault({ by, status, reasonHeader }: CallFailure): boolean {
  if (by === "transport" || by === "timeout") return true;
  if (by === "local") return false;
  if (status === 480) return reasonHeader === undefined;
  // a redirection that we do not follow, and an account that the carrier refuses, are the route's matter, too
  if (status < 400 || status === 401 || status === 407 || status === 408) return true;
  return status >= 500 && status < 600;
}
