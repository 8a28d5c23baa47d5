import type { Disposable, Signal } from "@svara/kernel";

/** Why a line cannot be used now. */
export type LineTrouble = "network" | "refused";

/** What the softphone wants of a SIP user agent; JsSIP stands behind it in the browser, a fake in tests. */
export interface PhoneLine extends Disposable {
  readonly registered: Signal<void>;
  readonly lost: Signal<LineTrouble>;
  readonly invited: Signal<LineCall>;
  /** Connects and registers; reconnects by itself until disposed. */
  start(): void;
  /** Connects and registers anew at once, on a new connection: the former may be dead without knowing it. */
  retry(): void;
}

/** How a call came to its end as the line saw it. */
export type LineCallEnd = "answered_elsewhere" | "ended" | "failed" | "media_failed";

/** One INVITE from the server. Signals fire after the call was handed out, never before. */
export interface LineCall {
  readonly id: string;
  readonly remoteName: string;
  readonly remoteNumber: string;
  readonly established: Signal<void>;
  readonly ended: Signal<LineCallEnd>;
  /** The first value of a header of the INVITE. */
  header(name: string): string | undefined;
  answer(microphone: MediaStream): void;
  /** 486 refuses this offer, 480 says that nobody can answer here. */
  reject(status: 480 | 486): void;
  hangUp(): void;
  setMuted(muted: boolean): void;
  /** One of 0-9, *, #, A-D, as RFC 4733 telephone-event. */
  sendDtmf(tone: string): void;
}

/** The agent's microphone. */
export interface Microphone {
  /** Begins to open it before `open` asks, when the browser gives it without a question. */
  prepare(): void;
  /** Closes what was prepared and never opened. */
  discard(): void;
  /** Opens it, asking for permission when that was not given before. Throws a MicrophoneError. */
  open(): Promise<MediaStream>;
  /** Fires when a device was plugged in or out, or the permission changed. */
  readonly changed: Signal<void>;
}

export type MicrophoneTrouble = "refused" | "absent" | "busy";

/** The microphone could not be opened; `trouble` says why. */
export class MicrophoneError extends Error {
  readonly trouble: MicrophoneTrouble;
  constructor(trouble: MicrophoneTrouble) {
    super(`microphone ${trouble}`);
    this.name = "MicrophoneError";
    this.trouble = trouble;
  }
}

/** Only one tab of a browser owns the phone. */
export interface TabClaim {
  /**
   * Claims the phone. `wait` also stands in line, so that this tab takes over by itself when the owner closes;
   * `steal` takes it from another tab now. `granted` and `lost` report; disposing gives it back.
   */
  claim(mode: "wait" | "steal", report: { granted(): void; waiting(): void; lost(): void }): Disposable;
}

/** What rings. */
export interface Ringer {
  start(): void;
  stop(): void;
}
