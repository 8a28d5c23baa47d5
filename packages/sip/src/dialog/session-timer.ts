import type { Clock, Disposable } from "@svara/kernel";
import { type SessionAgreement, sessionDelays } from "./session-interval.ts";

/** What a session timer asks of its dialog. */
export interface SessionTimerHost {
  readonly clock: Clock;
  /** It is our turn to refresh. */
  refreshSession(): void;
  /** No refresh came in time: the peer is gone. */
  sessionExpired(): void;
}

/**
 * The timer of one session (RFC 4028 section 10): asks for a refresh at half time where that is ours, and ends the
 * session shortly before it expires.
 */
export class SessionTimer {
  readonly #host: SessionTimerHost;
  #agreement: SessionAgreement | undefined;
  #timer: Disposable | undefined;

  constructor(host: SessionTimerHost) {
    this.#host = host;
  }

  /** What is in force; undefined when no timer runs. */
  get agreement(): SessionAgreement | undefined {
    return this.#agreement;
  }

  /** A refresh succeeded, or the session began: the time runs anew. */
  restart(agreement: SessionAgreement | undefined): void {
    this.stop();
    this.#agreement = agreement;
    if (!agreement) return;
    const { refreshMs, endMs } = sessionDelays(agreement);
    const first = agreement.weRefresh ? refreshMs : endMs;
    this.#timer = this.#host.clock.after(first, () => {
      if (!agreement.weRefresh) return this.#host.sessionExpired();
      this.#timer = this.#host.clock.after(endMs - refreshMs, () => this.#host.sessionExpired());
      this.#host.refreshSession();
    });
  }

  stop(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#agreement = undefined;
  }
}
