import { type Disposable, type LegId, type RecordingId, Signal } from "@svara/kernel";
import type { MediaHost, PlaybackId, PlayItem, RecordingSummary } from "@svara/media";
import type { CallEnd, Dialog, IncomingCall, OutgoingCall } from "@svara/sip";
import type { Diversion } from "../switch.ts";

export type SoftCallState = "ringing" | "answered" | "ended";

export interface SoftCallEnd {
  readonly by: "local" | "remote" | "transport" | "timeout";
  readonly status?: number;
}

/** How a call of a soft phone is made. */
export interface SoftCallOptions {
  /** The number it calls as, when not its own; null withholds it. */
  readonly from?: string | null;
  readonly displayName?: string;
  readonly timeoutMs?: number;
  /** Who sent the call on. */
  readonly divertedFrom?: Diversion;
  /** A call of whom the place shall be taken (RFC 3891). */
  readonly replaces?: SoftCall;
  /** How it presses keys: `tones` in the sound. Default: RFC 4733 where the other side has it. */
  readonly keys?: "auto" | "tones";
}

interface Deps {
  readonly legId: LegId;
  readonly media: MediaHost;
}

type Signalling =
  | { readonly type: "in"; readonly call: IncomingCall }
  | { readonly type: "out"; readonly call: OutgoingCall };

/** One call at a `SoftPhone`: ringing -> answered -> ended, or ringing -> ended. */
export class SoftCall {
  readonly legId: LegId;
  readonly answered = new Signal<void>();
  readonly ended = new Signal<SoftCallEnd>();
  /** The other side put us on hold (true) or took us back (false). */
  readonly held = new Signal<boolean>();
  /** Extra headers of an incoming INVITE, lower-case names. */
  readonly header: (name: string) => string | undefined;
  readonly callerNumber: string | undefined;
  /** Whether an incoming call asks to be answered without a hand. */
  readonly autoAnswer: boolean;
  /** Who sent an incoming call on to us. */
  readonly divertedFrom: Diversion | undefined;
  /** Offers of the other side within the call. */
  reoffers = 0;
  end: SoftCallEnd | undefined;
  readonly #media: MediaHost;
  #state: SoftCallState = "ringing";
  #dialog: Dialog | undefined;
  /** Our SDP of an incoming call's early media. */
  #earlySdp: string | undefined;
  #hearsEarly = false;
  readonly #early = new Signal<void>();
  readonly #call: Signalling;
  #plays = 0;
  #recordings = 0;

  private constructor(deps: Deps, call: Signalling) {
    this.legId = deps.legId;
    this.#media = deps.media;
    this.#call = call;
    this.header = (name) => (call.type === "in" ? call.call.request.headers.get(name) : undefined);
    this.callerNumber = call.type === "in" ? call.call.from.uri.user : undefined;
    this.autoAnswer = call.type === "in" && call.call.autoAnswer !== undefined;
    const last = call.type === "in" ? call.call.redirection?.last : undefined;
    this.divertedFrom = last && { number: last.address.uri.user ?? "", reason: last.reason };
  }

  static incoming(deps: Deps, call: IncomingCall, rings: boolean): SoftCall {
    const own = new SoftCall(deps, { type: "in", call });
    call.withdrawn.on((end) => own.#finish(end));
    if (rings) call.ring();
    return own;
  }

  static outgoing(deps: Deps, call: OutgoingCall): SoftCall {
    const own = new SoftCall(deps, { type: "out", call });
    call.failed.on(({ by, status }) => own.#finish({ by, status }));
    call.progress.on(({ sdp }) => {
      if (sdp !== undefined) void own.#hearEarly(sdp);
    });
    call.accepted.on(({ dialog, sdp }) => {
      void deps.media
        .request({ type: "leg.accept", legId: deps.legId, remoteSdp: sdp ?? "" })
        .then(() => own.#stand(dialog))
        .catch(() => dialog.bye());
    });
    return own;
  }

  get state(): SoftCallState {
    return this.#state;
  }

  /** The dialog, once the call stands. */
  get dialog(): Dialog | undefined {
    return this.#dialog;
  }

  /** Resolves when the other side plays something before its answer. */
  whenEarly(): Promise<void> {
    if (this.#hearsEarly) return Promise.resolve();
    return new Promise((resolve) => this.#early.on(resolve));
  }

  /** Resolves when the call is answered; rejects when it ends without. */
  whenAnswered(): Promise<void> {
    if (this.#state === "answered") return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.answered.on(resolve);
      const failed = (end: SoftCallEnd): void =>
        reject(new Error(`call not answered: ${end.by} ${end.status ?? ""}`));
      if (this.end) failed(this.end);
      else this.ended.on(failed);
    });
  }

  whenEnded(): Promise<SoftCallEnd> {
    if (this.end) return Promise.resolve(this.end);
    return new Promise((resolve) => this.ended.on(resolve));
  }

  /** Lets the caller hear us before the answer (183 with SDP). */
  async playEarly(): Promise<void> {
    if (this.#call.type !== "in" || this.#state !== "ringing") return;
    const { call } = this.#call;
    this.#earlySdp = await this.#sdpFor(call);
    call.ring({ sdp: this.#earlySdp });
  }

  async answer(): Promise<void> {
    if (this.#call.type !== "in" || this.#state !== "ringing") return;
    const { call } = this.#call;
    const sdp = this.#earlySdp ?? (await this.#sdpFor(call));
    if (this.state !== "ringing") return;
    const outcome = await call.answer(sdp);
    if (outcome.kind === "lost") return this.#finish(outcome.end);
    if (outcome.remoteSdp) {
      await this.#media.request({ type: "leg.accept", legId: this.legId, remoteSdp: outcome.remoteSdp });
    }
    this.#stand(outcome.dialog);
  }

  /** Refuses with a SIP status. */
  reject(status = 486): void {
    if (this.#call.type !== "in" || this.#state !== "ringing") return;
    this.#call.call.reject(status);
    this.#finish({ by: "local", status });
  }

  hangup(): void {
    if (this.#state === "ended") return;
    if (this.#dialog) this.#dialog.bye();
    else if (this.#call.type === "out") this.#call.call.cancel();
    else this.#call.call.reject(486);
    this.#finish({ by: "local" });
  }

  /** Says `items` to the other side. */
  async say(items: readonly PlayItem[], loop = false): Promise<void> {
    const playbackId = `${this.legId}-${++this.#plays}` as PlaybackId;
    await this.#media.request({ type: "play.start", playbackId, legId: this.legId, items, loop });
  }

  /** Says nothing more. */
  async quiet(): Promise<void> {
    const playbackId = `${this.legId}-${this.#plays}` as PlaybackId;
    await this.#media.request({ type: "play.stop", playbackId });
  }

  /** Hears of each key that the other side presses. */
  onDigit(listener: (digit: string) => void): Disposable {
    return this.#media.events.on((event) => {
      if (event.type === "leg.dtmf" && event.legId === this.legId) listener(event.digit);
    });
  }

  async press(digits: string): Promise<void> {
    await this.#media.request({ type: "dtmf.send", legId: this.legId, digits });
  }

  /** Presses a key by INFO. */
  async pressByInfo(digit: string): Promise<void> {
    await this.#dialog?.infoRequest("application/dtmf-relay", `Signal=${digit}\r\nDuration=160\r\n`);
  }

  /** Puts the other side on hold by re-INVITE, or takes it back. */
  async hold(on: boolean): Promise<void> {
    const direction = on ? "sendonly" : "sendrecv";
    const { sdp } = await this.#media.request({ type: "leg.reoffer", legId: this.legId, direction });
    const outcome = await this.#dialog?.reinvite(sdp);
    if (outcome?.kind === "answered") {
      await this.#media.request({ type: "leg.accept", legId: this.legId, remoteSdp: outcome.sdp ?? "" });
    }
  }

  /** Asks the other side to call `number` instead (RFC 3515), or to join `other`'s party (RFC 3891). */
  refer(target: string, other?: SoftCall): void {
    const replaces = other === undefined ? undefined : other.#dialog;
    this.#dialog?.refer(target, replaces ? { replaces } : {});
  }

  async startRecording(pathPrefix: string): Promise<void> {
    const recordingId = `rec-${this.legId}-${++this.#recordings}` as RecordingId;
    await this.#media.request({ type: "record.start", recordingId, legId: this.legId, pathPrefix });
  }

  async stopRecording(): Promise<RecordingSummary | null> {
    const recordingId = `rec-${this.legId}-${this.#recordings}` as RecordingId;
    return (await this.#media.request({ type: "record.stop", recordingId })).summary;
  }

  async #sdpFor(call: IncomingCall): Promise<string> {
    const { legId } = this;
    const { sdp } = call.offer
      ? await this.#media.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp: call.offer })
      : await this.#media.request({ type: "leg.offer", legId, kind: "rtp" });
    return sdp;
  }

  async #hearEarly(remoteSdp: string): Promise<void> {
    await this.#media.request({ type: "leg.accept", legId: this.legId, remoteSdp }).catch(() => undefined);
    this.#hearsEarly = true;
    this.#early.emit();
  }

  #stand(dialog: Dialog): void {
    if (this.#state === "ended") return dialog.bye();
    this.#dialog = dialog;
    this.#state = "answered";
    dialog.ended.on((end: CallEnd) => this.#finish(end));
    dialog.reoffer.on((reoffer) => {
      if (reoffer.offer === undefined) return reoffer.reject(488);
      this.reoffers++;
      void this.#media
        .request({ type: "leg.reanswer", legId: this.legId, remoteSdp: reoffer.offer })
        .then(({ sdp, remoteHold }) => {
          void reoffer.accept(sdp);
          this.held.emit(remoteHold);
        })
        .catch(() => reoffer.reject(488));
    });
    this.answered.emit();
  }

  #finish(end: { by: SoftCallEnd["by"]; status?: number }): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.end = end.status === undefined ? { by: end.by } : { by: end.by, status: end.status };
    void this.#media.request({ type: "leg.close", legId: this.legId }).catch(() => undefined);
    this.ended.emit(this.end);
  }
}
