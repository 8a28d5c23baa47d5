import { type Clock, type Disposable, type Instant, Signal } from "@svara/kernel";
import {
  type LineCall,
  type LineCallEnd,
  type Microphone,
  MicrophoneError,
  type MicrophoneTrouble,
  type PhoneLine,
  type Ringer,
  type TabClaim,
} from "./phone-line.ts";

/*
 *            start                 granted              microphone open          registered
 *   off ------------> claiming ------------> opening ------------> connecting ------------> ready
 *    ^                  |  ^ another tab        | refused, absent      ^   line lost          |
 *    |                  v  | closes, takeOver   v                      +----------------------+
 *    |               elsewhere               no_microphone -- retry, device change --> opening
 *    +---- stop (from anywhere)              insecure (no secure context: for good)
 *
 * Calls exist only in `connecting` and `ready`: a lost registration does not end media.
 * Hold, transfer and recording belong to the server; this machine only carries the agent's audio.
 */

export type SoftphoneState =
  | { readonly kind: "off" }
  | { readonly kind: "insecure" }
  | { readonly kind: "claiming" }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "opening" }
  | { readonly kind: "no_microphone"; readonly trouble: MicrophoneTrouble }
  | { readonly kind: "connecting"; readonly since: Instant; readonly refused: boolean }
  | { readonly kind: "ready" };

/** A call as the screen sees it. Consecutive INVITEs about one contact are one after another here. */
export interface PhoneCall {
  readonly id: string;
  readonly phase: "ringing" | "answering" | "talking";
  readonly contactId: string | undefined;
  readonly offerId: string | undefined;
  readonly remoteName: string;
  readonly remoteNumber: string;
  readonly muted: boolean;
  readonly since: Instant;
}

export interface SoftphoneSnapshot {
  readonly state: SoftphoneState;
  readonly calls: readonly PhoneCall[];
}

export interface SoftphoneOptions {
  readonly clock: Clock;
  readonly secureContext: boolean;
  readonly claim: TabClaim;
  readonly microphone: Microphone;
  readonly ringer: Ringer;
  openLine(): PhoneLine;
  /** Tells the server whether this agent can speak: without a microphone nothing is offered. */
  reportMicrophone(report: "ok" | MicrophoneTrouble | "insecure"): void;
}

interface LiveCall {
  readonly line: LineCall;
  view: PhoneCall;
}

/** A call that the server may have answered without asking: we asked for it ourselves, or it was ours already. */
const AUTO_ANSWER_HEADERS = ["X-Svara-Reattach", "X-Svara-Auto-Answer"] as const;

/** The browser's telephone: one state, its calls, and one signal when either changes. */
export class Softphone implements Disposable {
  readonly changed = new Signal<void>();
  readonly callEnded = new Signal<{ readonly call: PhoneCall; readonly how: LineCallEnd }>();
  readonly #options: SoftphoneOptions;
  #state: SoftphoneState = { kind: "off" };
  #calls: LiveCall[] = [];
  #claim: Disposable | undefined;
  #line: PhoneLine | undefined;
  #microphone: MediaStream | undefined;
  /** Distinguishes the present opening of the microphone from one that was overtaken. */
  #attempt = 0;
  #watch: Disposable | undefined;
  #snapshot: SoftphoneSnapshot = { state: { kind: "off" }, calls: [] };

  constructor(options: SoftphoneOptions) {
    this.#options = options;
  }

  /** The same object until something changes. */
  get snapshot(): SoftphoneSnapshot {
    return this.#snapshot;
  }

  start(): void {
    if (this.#state.kind !== "off") return;
    if (!this.#options.secureContext) {
      this.#enter({ kind: "insecure" });
      this.#options.reportMicrophone("insecure");
      return;
    }
    this.#watch = this.#options.microphone.changed.on(() => {
      if (this.#state.kind === "no_microphone") void this.#openMicrophone();
    });
    // who comes back to a customer in comfort music does not wait for one after another
    this.#options.microphone.prepare();
    this.#claimTab("wait");
  }

  /** The network has changed under us: what was connected may be dead without knowing it. */
  networkChanged(): void {
    if (this.#state.kind === "ready" || this.#state.kind === "connecting") this.#line?.retry();
  }

  /** Takes the phone from the tab that has it. */
  takeOver(): void {
    if (this.#state.kind === "elsewhere") this.#claimTab("steal");
  }

  /** Asks for the microphone again, or registers again. */
  retry(): void {
    if (this.#state.kind === "no_microphone") void this.#openMicrophone();
    else if (this.#state.kind === "connecting") this.#line?.retry();
  }

  stop(): void {
    this.#watch?.dispose();
    this.#watch = undefined;
    this.#enter({ kind: "off" });
  }

  dispose(): void {
    this.stop();
  }

  answer(callId: string): void {
    const call = this.#calls.find((each) => each.view.id === callId);
    if (call) this.#answer(call);
  }

  refuse(callId: string): void {
    this.#find(callId, "ringing")?.line.reject(486);
  }

  hangUp(callId: string): void {
    const call = this.#calls.find((each) => each.view.id === callId);
    if (!call) return;
    if (call.view.phase === "ringing") call.line.reject(486);
    else call.line.hangUp();
  }

  setMuted(callId: string, muted: boolean): void {
    const call = this.#calls.find((each) => each.view.id === callId);
    if (!call || call.view.phase === "ringing") return;
    call.line.setMuted(muted);
    this.#update(call, { muted });
  }

  sendDtmf(callId: string, tone: string): void {
    this.#find(callId, "talking")?.line.sendDtmf(tone);
  }

  #claimTab(mode: "wait" | "steal"): void {
    this.#claim?.dispose();
    this.#enter({ kind: "claiming" });
    let current: Disposable | undefined;
    const mine = (): boolean => this.#claim === current;
    current = this.#options.claim.claim(mode, {
      granted: () => mine() && void this.#openMicrophone(),
      waiting: () => {
        if (!mine()) return;
        this.#options.microphone.discard();
        this.#enter({ kind: "elsewhere" });
      },
      lost: () => {
        if (mine()) this.#claimTab("wait");
      },
    });
    this.#claim = current;
  }

  async #openMicrophone(): Promise<void> {
    this.#enter({ kind: "opening" });
    const attempt = ++this.#attempt;
    const opened = await this.#tryMicrophone();
    // the tab may have been taken or the phone switched off while the browser was asking
    if (this.#state.kind !== "opening" || attempt !== this.#attempt) {
      if ("stream" in opened) release(opened.stream);
      return;
    }
    if ("trouble" in opened) {
      this.#enter({ kind: "no_microphone", trouble: opened.trouble });
      this.#options.reportMicrophone(opened.trouble);
      return;
    }
    this.#microphone = opened.stream;
    this.#options.reportMicrophone("ok");
    this.#enter({ kind: "connecting", since: this.#options.clock.now(), refused: false });
    this.#connect();
  }

  async #tryMicrophone(): Promise<{ stream: MediaStream } | { trouble: MicrophoneTrouble }> {
    try {
      return { stream: await this.#options.microphone.open() };
    } catch (error) {
      return { trouble: error instanceof MicrophoneError ? error.trouble : "busy" };
    }
  }

  #connect(): void {
    const line = this.#options.openLine();
    this.#line = line;
    line.registered.on(() => this.#line === line && this.#enter({ kind: "ready" }));
    line.lost.on((trouble) => {
      if (this.#line !== line) return;
      const since = this.#state.kind === "connecting" ? this.#state.since : this.#options.clock.now();
      this.#enter({ kind: "connecting", since, refused: trouble === "refused" });
    });
    line.invited.on((call) => {
      if (this.#line === line) this.#onInvite(call);
      else call.reject(480);
    });
    line.start();
  }

  #onInvite(line: LineCall): void {
    const contactId = line.header("X-Svara-Contact");
    const call: LiveCall = {
      line,
      view: {
        id: line.id,
        phase: "ringing",
        contactId,
        offerId: line.header("X-Svara-Offer"),
        remoteName: line.remoteName,
        remoteNumber: line.remoteNumber,
        muted: false,
        since: this.#options.clock.now(),
      },
    };
    this.#calls = [...this.#calls, call];
    line.established.on(() => this.#update(call, { phase: "talking", since: this.#options.clock.now() }));
    line.ended.on((how) => this.#onEnded(call, how));
    this.#publish();
    if (AUTO_ANSWER_HEADERS.some((name) => line.header(name) === "1")) this.#answer(call);
  }

  #answer(call: LiveCall): void {
    if (call.view.phase !== "ringing") return;
    if (!this.#microphone) {
      call.line.reject(480);
      return;
    }
    call.line.answer(this.#microphone);
    this.#update(call, { phase: "answering" });
  }

  #onEnded(call: LiveCall, how: LineCallEnd): void {
    if (!this.#calls.includes(call)) return;
    this.#calls = this.#calls.filter((each) => each !== call);
    this.#publish();
    this.callEnded.emit({ call: call.view, how });
  }

  #update(call: LiveCall, change: Partial<PhoneCall>): void {
    if (!this.#calls.includes(call)) return;
    call.view = { ...call.view, ...change };
    this.#publish();
  }

  #find(callId: string, phase: PhoneCall["phase"]): LiveCall | undefined {
    return this.#calls.find((each) => each.view.id === callId && each.view.phase === phase);
  }

  /** The one door: closes what the next state may not have. */
  #enter(next: SoftphoneState): void {
    const carriesCalls = next.kind === "connecting" || next.kind === "ready";
    if (!carriesCalls) this.#closeLine();
    if (next.kind === "off") {
      this.#options.microphone.discard();
      this.#claim?.dispose();
      this.#claim = undefined;
    }
    this.#state = next;
    this.#publish();
  }

  #closeLine(): void {
    const line = this.#line;
    this.#line = undefined;
    this.#calls = [];
    line?.dispose();
    if (this.#microphone) release(this.#microphone);
    this.#microphone = undefined;
  }

  #publish(): void {
    const calls = this.#calls.map((each) => each.view);
    if (calls.some((call) => call.phase === "ringing")) this.#options.ringer.start();
    else this.#options.ringer.stop();
    this.#snapshot = { state: this.#state, calls };
    this.changed.emit();
  }
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
