import type { BridgeId, Clock, Instant, LegId } from "@svara/kernel";
import { SvaraError } from "@svara/kernel";
import type { LegKind, MediaHost } from "@svara/media";
import type { Dialog, IncomingCall, IncomingRefer, OutgoingCall, Reoffer } from "@svara/sip";
import type { HangupCause, LegEnd, LegInfo, LegState, Party, SwitchEventBody } from "../switch.ts";
import { endOfAttempt, endOfCall, refusalStatus } from "./leg-end.ts";

/** The SIP side of a leg; `dialog` once a call stands. */
type Signalling =
  | { readonly type: "in"; readonly call: IncomingCall }
  | { readonly type: "out"; call: OutgoingCall | undefined }
  | { readonly type: "dialog"; readonly dialog: Dialog };

export interface LegDeps {
  readonly switchId: string;
  readonly clock: Clock;
  readonly media: MediaHost;
  emit(event: SwitchEventBody): void;
  /** Called once, when the leg has ended and its media is closed. */
  gone(leg: EmbeddedLeg): void;
}

/**
 * One leg of the embedded switch.
 *
 *     incoming --answer--> answered --+
 *     dialing -> ringing -> answered -+--> ended     (every state may end)
 *
 * In `incoming`, `dialing` and `ringing` only the SIP side exists for the party; in `answered` the dialog stands and
 * media is negotiated; in `ended` nothing more is reported. `#enter` is the only place where the state changes.
 */
export class EmbeddedLeg {
  readonly legId: LegId;
  readonly party: Party;
  readonly direction: "inbound" | "outbound";
  readonly kind: LegKind;
  bridgeId: BridgeId | undefined;
  playbackId: string | undefined;
  readonly #deps: LegDeps;
  #state: LegState;
  #since: Instant;
  #signalling: Signalling;
  #remoteHold = false;
  #refer: IncomingRefer | undefined;

  constructor(
    deps: LegDeps,
    options: { legId: LegId; party: Party; kind: LegKind; call: IncomingCall | undefined },
  ) {
    this.#deps = deps;
    this.legId = options.legId;
    this.party = options.party;
    this.kind = options.kind;
    this.direction = options.call ? "inbound" : "outbound";
    this.#state = options.call ? "incoming" : "dialing";
    this.#since = deps.clock.now();
    this.#signalling = options.call ? { type: "in", call: options.call } : { type: "out", call: undefined };
    if (options.call) options.call.withdrawn.on((end) => this.finish(endOfCall(end, false)));
  }

  get state(): LegState {
    return this.#state;
  }

  get dialog(): Dialog | undefined {
    return this.#signalling.type === "dialog" ? this.#signalling.dialog : undefined;
  }

  info(): LegInfo {
    const { legId, direction, party } = this;
    const bridge = this.bridgeId === undefined ? {} : { bridgeId: this.bridgeId };
    return {
      legId,
      switchId: this.#deps.switchId,
      direction,
      party,
      state: this.#state,
      since: this.#since,
      ...bridge,
    };
  }

  ring(): void {
    if (this.#state === "incoming" && this.#signalling.type === "in") this.#signalling.call.ring();
  }

  /** Answers an incoming call; resolves when it stands or has ended. */
  async answer(): Promise<void> {
    if (this.#state !== "incoming" || this.#signalling.type !== "in") return;
    const { call } = this.#signalling;
    const { media } = this.#deps;
    try {
      const { sdp } = call.offer
        ? await media.request({
            type: "leg.answer",
            legId: this.legId,
            kind: this.kind,
            remoteSdp: call.offer,
          })
        : await media.request({ type: "leg.offer", legId: this.legId, kind: this.kind });
      if (this.#over()) return;
      const outcome = await call.answer(sdp);
      if (this.#over()) return;
      if (outcome.kind === "lost") return this.finish(endOfCall(outcome.end, false));
      if (!call.offer && outcome.remoteSdp) {
        await media.request({ type: "leg.accept", legId: this.legId, remoteSdp: outcome.remoteSdp });
        if (this.#over()) return;
      }
      this.#stand(outcome.dialog);
    } catch (error) {
      this.#refuseFor(call, error);
    }
  }

  /** Begins to call out with `place`, which sends the INVITE with our offer. */
  async dial(place: (offer: string) => OutgoingCall): Promise<void> {
    const { sdp } = await this.#deps.media.request({ type: "leg.offer", legId: this.legId, kind: this.kind });
    if (this.#over()) return;
    const call = place(sdp);
    this.#signalling = { type: "out", call };
    call.progress.on((progress) => {
      if (progress.status > 100 && this.#state === "dialing") {
        this.#enter("ringing");
        this.#deps.emit({ type: "leg.ringing", legId: this.legId });
      }
    });
    call.failed.on((failure) => this.finish(endOfAttempt(failure)));
    call.accepted.on(({ dialog, sdp: answer }) => void this.#accepted(dialog, answer));
  }

  /** Hangs up, cancels or refuses, whichever the state asks for. */
  hangup(cause: HangupCause): void {
    if (this.#over()) return;
    switch (this.#signalling.type) {
      case "in":
        turnAway(this.#signalling.call, refusalStatus(cause));
        return this.finish({
          doing: "us",
          cause: cause === "normal" ? "cancelled" : "refused",
          status: refusalStatus(cause),
        });
      case "out":
        this.#signalling.call?.cancel();
        return this.finish({ doing: "us", cause: "cancelled" });
      case "dialog":
        // who asked for a transfer hears that it was done before the call ends (RFC 5589, section 6)
        this.settleTransfer(200);
        this.#signalling.dialog.bye();
        return this.finish({ doing: "us", cause: "normal" });
    }
  }

  /** The media side has failed or fallen silent: the call is of no use any more. */
  failMedia(cause: "media_timeout" | "failed"): void {
    if (this.#over()) return;
    const signalling = this.#signalling;
    this.finish({ doing: "carrier", cause });
    if (signalling.type === "dialog") signalling.dialog.bye();
    else if (signalling.type === "out") signalling.call?.cancel();
    else turnAway(signalling.call, 500);
  }

  /** The one end of a leg: reports it, closes the media, tells the switch. */
  finish(end: LegEnd): void {
    if (this.#over()) return;
    this.#enter("ended");
    this.#deps.emit({ type: "leg.ended", legId: this.legId, end });
    this.#deps.media
      .request({ type: "leg.close", legId: this.legId })
      .catch(() => undefined)
      .finally(() => this.#deps.gone(this));
  }

  settleTransfer(status: number): void {
    this.#refer?.notify(status);
    this.#refer = undefined;
  }

  #over(): boolean {
    return this.#state === "ended";
  }

  #enter(next: LegState): void {
    this.#state = next;
    this.#since = this.#deps.clock.now();
  }

  async #accepted(dialog: Dialog, answer: string | undefined): Promise<void> {
    if (this.#over()) return dialog.bye();
    try {
      if (answer === undefined) throw new SvaraError("the answer has no SDP", { code: "media.bad_sdp" });
      await this.#deps.media.request({ type: "leg.accept", legId: this.legId, remoteSdp: answer });
      if (this.#over()) return dialog.bye();
      this.#stand(dialog);
    } catch {
      dialog.bye();
      this.finish({ doing: "us", cause: "no_common_codec", status: 488 });
    }
  }

  #stand(dialog: Dialog): void {
    this.#signalling = { type: "dialog", dialog };
    dialog.ended.on((end) => this.finish(endOfCall(end, true)));
    dialog.reoffer.on((reoffer) => void this.#reoffered(reoffer));
    dialog.info.on(({ contentType, body }) => {
      const digit = digitOfInfo(contentType, body);
      if (digit) this.#deps.emit({ type: "leg.dtmf", legId: this.legId, digit });
    });
    if (dialog.state === "ended") return this.finish({ doing: "far_end", cause: "normal" });
    this.#enter("answered");
    this.#deps.emit({ type: "leg.answered", legId: this.legId });
  }

  /** Remembers who asked for a transfer; the switch tells the world, since only it knows the other legs. */
  keepRefer(refer: IncomingRefer): void {
    this.#refer?.notify(487);
    this.#refer = refer;
    refer.accept();
  }

  async #reoffered(reoffer: Reoffer): Promise<void> {
    const { media, emit } = this.#deps;
    const { legId } = this;
    try {
      if (reoffer.offer === undefined) {
        const { sdp } = await media.request({ type: "leg.reoffer", legId, direction: "sendrecv" });
        if (!reoffer.isOpen) return; // withdrawn, or the call is over
        const answer = await reoffer.accept(sdp);
        if (answer && !this.#over()) await media.request({ type: "leg.accept", legId, remoteSdp: answer });
        return;
      }
      const { sdp, remoteHold } = await media.request({
        type: "leg.reanswer",
        legId,
        remoteSdp: reoffer.offer,
      });
      if (!reoffer.isOpen) return;
      void reoffer.accept(sdp);
      if (this.#over() || remoteHold === this.#remoteHold) return;
      this.#remoteHold = remoteHold;
      emit(remoteHold ? { type: "leg.held", legId } : { type: "leg.resumed", legId });
    } catch (error) {
      // Of an answer that came with the ACK nothing can be refused any more: the session stays as it was.
      if (reoffer.isOpen) reoffer.reject(error instanceof SvaraError ? error.sipStatus : 488);
    }
  }

  #refuseFor(call: IncomingCall, error: unknown): void {
    if (this.#over()) return;
    const status = error instanceof SvaraError ? error.sipStatus : 500;
    turnAway(call, status);
    this.finish({
      doing: "us",
      cause: status === 488 || status === 400 ? "no_common_codec" : "failed",
      status,
    });
  }
}

/** Refuses a call; one whose 200 is on its way is hung up instead (the BYE waits for the ACK). */
function turnAway(call: IncomingCall, status: number): void {
  if (call.state === "answered" || call.state === "confirmed") call.dialog?.bye();
  else call.reject(status);
}

/** The key in an INFO body: `application/dtmf-relay` (`Signal=5`) or `application/dtmf` (`5`). */
function digitOfInfo(contentType: string, body: string): string | undefined {
  const type = contentType.toLowerCase();
  const found = type.startsWith("application/dtmf-relay")
    ? /^\s*Signal\s*=\s*([0-9*#A-Da-d])/m.exec(body)
    : type.startsWith("application/dtmf")
      ? /^\s*([0-9*#A-Da-d])/.exec(body)
      : null;
  return found?.[1]?.toUpperCase();
}
