import { type BridgeId, type Clock, type Instant, type LegId, SvaraError } from "@svara/kernel";
import type { LegKind, LegTerms, MediaHostPool } from "@svara/media";
import type { Dialog, IncomingCall, IncomingRefer, Reoffer, SipLog } from "@svara/sip";
import type {
  BridgeRole,
  HangupCause,
  LegEnd,
  LegInfo,
  LegState,
  Party,
  SwitchEventBody,
} from "../switch.ts";
import { type Attempt, Dialling } from "./dialling.ts";
import { digitOfInfo, KeyPresses } from "./key-presses.ts";
import { endOfCall, refusalStatus } from "./leg-end.ts";
import { LegMedia } from "./leg-media.ts";

/** The SIP side of a leg; `dialog` once a call stands. */
type Signalling =
  | { readonly type: "in"; readonly call: IncomingCall; readonly terms: LegTerms }
  | { readonly type: "out"; dialling: Dialling | undefined }
  | { readonly type: "dialog"; readonly dialog: Dialog };

export interface LegDeps {
  readonly switchId: string;
  readonly clock: Clock;
  readonly log: SipLog;
  readonly media: MediaHostPool;
  emit(event: SwitchEventBody): void;
  /** The leg stands on a host that died meanwhile. */
  mediaLost(leg: EmbeddedLeg): void;
  /** Called once, at the end: from now on nothing can be asked of the leg. */
  over(leg: EmbeddedLeg): void;
  /** Called once, when the end is told and the media is closed. */
  gone(leg: EmbeddedLeg): void;
}

export interface LegSetup {
  readonly legId: LegId;
  readonly party: Party;
  readonly kind: LegKind;
  readonly near?: LegId | undefined;
  /** An incoming leg's call, and what may be agreed on it. */
  readonly incoming?: { readonly call: IncomingCall; readonly terms: LegTerms };
}

/** Where a leg is and as what. */
export interface Membership {
  readonly bridgeId: BridgeId;
  readonly role: BridgeRole;
}

/** The last word on the quality of a leg comes within this, or not at all. */
const CLOSE_LIMIT_MS = 1_000;
/** A party whose media host died takes the new place within this, or is gone: four tries of an INVITE over UDP. */
const RESCUE_LIMIT_MS = 8_000;
/** A re-INVITE of ours waits this long for one that is under way, so often. */
const OFFER_WAIT_MS = 500;
const OFFER_TURNS = 8;

/** A phone that transferred a call hangs up by itself when it hears how it went; one that does not is hung up. */
const TRANSFEROR_ENDS_MS = 500;

/**
 * One leg of the embedded switch.
 *
 *     incoming --earlyMedia--> early --answer--> answered --+
 *     incoming --answer--> answered                         |
 *     dialing -> ringing -> answered -----------------------+--> ended     (every state may end)
 *
 * In `incoming`, `dialing` and `ringing` only the SIP side exists for the party, but for the early media of a called
 * network; in `early` media is open without a dialog; in `answered` the dialog stands; in `ended` nothing more is reported
 * but the end itself. `#enter` is the only place where the state changes.
 */
export class EmbeddedLeg {
  readonly legId: LegId;
  readonly direction: "inbound" | "outbound";
  readonly kind: LegKind;
  membership: Membership | undefined;
  playbackId: string | undefined;
  /** What is being listened for. */
  isDetecting = false;
  readonly media: LegMedia;
  readonly #deps: LegDeps;
  readonly #keys: KeyPresses;
  #party: Party;
  #state: LegState;
  #since: Instant;
  #signalling: Signalling;
  /** A called network's early media flows. */
  #hearsEarly = false;
  /** The 183 of ours that stands. */
  #early: { readonly sdp: string; readonly settled: boolean } | undefined;
  #remoteHold = false;
  #refer: IncomingRefer | undefined;
  /** Offers of ours follow one another. */
  #offers: Promise<unknown> = Promise.resolve();
  /** From the making of an offer of ours until its answer is in use. */
  #isOffering = false;

  constructor(deps: LegDeps, setup: LegSetup) {
    const { legId, kind, near, incoming } = setup;
    this.#deps = deps;
    this.legId = legId;
    this.#party = setup.party;
    this.kind = kind;
    this.media = new LegMedia(deps.media, { legId, kind, ...(near === undefined ? {} : { near }) });
    this.#keys = new KeyPresses(deps.clock);
    this.direction = incoming ? "inbound" : "outbound";
    this.#state = incoming ? "incoming" : "dialing";
    this.#since = deps.clock.now();
    this.#signalling = incoming ? { type: "in", ...incoming } : { type: "out", dialling: undefined };
    incoming?.call.withdrawn.on((end) => this.finish(endOfCall(end, false)));
  }

  get state(): LegState {
    return this.#state;
  }

  get party(): Party {
    return this.#party;
  }

  get isOver(): boolean {
    return this.#state === "ended";
  }

  /** Whether it can be played to, recorded and bridged. */
  get hasMedia(): boolean {
    return this.#state === "answered" || this.#state === "early" || this.#hearsEarly;
  }

  get dialog(): Dialog | undefined {
    return this.#signalling.type === "dialog" ? this.#signalling.dialog : undefined;
  }

  /** Whether an INVITE with Replaces means this leg, be it answered or ringing. */
  isReplacedBy({ replaces, replacesEarly }: IncomingCall): boolean {
    const signalling = this.#signalling;
    if (signalling.type === "dialog") return replaces === signalling.dialog;
    return (
      signalling.type === "out" && replacesEarly !== undefined && signalling.dialling?.call === replacesEarly
    );
  }

  info(): LegInfo {
    const { legId, direction, party, membership, media } = this;
    const signalling = this.#signalling;
    const transport =
      signalling.type === "dialog"
        ? signalling.dialog.flow.protocol
        : signalling.type === "in"
          ? signalling.call.source.protocol
          : undefined;
    return {
      legId,
      switchId: this.#deps.switchId,
      direction,
      party,
      state: this.#state,
      since: this.#since,
      ...(membership ? { bridgeId: membership.bridgeId } : {}),
      ...media.agreed,
      ...(transport ? { transport } : {}),
    };
  }

  ring(): void {
    if (this.#state === "incoming" && this.#signalling.type === "in") this.#signalling.call.ring();
  }

  /** Opens media by a 183; resolves when it is open, or the call has ended. */
  async earlyMedia(): Promise<void> {
    if (this.#state !== "incoming" || this.#signalling.type !== "in") return;
    await this.#openEarly(this.#signalling);
  }

  /** Answers an incoming call; resolves when it stands or has ended. */
  async answer(): Promise<void> {
    const signalling = this.#signalling;
    if ((this.#state !== "incoming" && this.#state !== "early") || signalling.type !== "in") return;
    const { call, terms } = signalling;
    try {
      const early = this.media.isLost ? undefined : this.#early;
      if (!early && this.#early) await this.media.close();
      const sdp = early?.sdp ?? (await this.#firstSdp(call, terms));
      if (this.isOver) return;
      const outcome = await (early?.settled ? call.answer() : call.answer(sdp));
      if (this.isOver) return;
      if (outcome.kind === "lost") return this.finish(endOfCall(outcome.end, false));
      if (!call.offer && outcome.remoteSdp && !early?.settled && !this.media.isLost) {
        await this.media.accept(outcome.remoteSdp);
        if (this.isOver) return;
      }
      this.#standAnyhow(outcome.dialog);
    } catch (error) {
      this.#refuseFor(call, error);
    }
  }

  /** Begins to call out to the first of these places that takes the call. */
  async dial(attempts: readonly Attempt[], ringTimeoutMs: number): Promise<void> {
    if (this.#signalling.type !== "out") return;
    const { emit, clock } = this.#deps;
    const { legId } = this;
    const dialling = new Dialling({
      clock,
      attempts,
      ringTimeoutMs,
      offer: (terms) => this.media.offer(terms),
      routed: (trunkId) => {
        this.#party = { kind: "trunk", trunkId };
        emit({ type: "leg.routed", legId, trunkId });
      },
      progress: ({ sdp, dialog }) => {
        if (this.#state === "dialing") {
          this.#enter("ringing");
          emit({ type: "leg.ringing", legId });
        }
        if (sdp !== undefined) void this.#hearEarly(sdp);
        if (dialog && dialog.reoffer.size === 0)
          dialog.reoffer.on((reoffer) => void this.#reoffered(reoffer));
      },
      accepted: ({ dialog, sdp }) => void this.#accepted(dialog, sdp),
      failed: (end) => this.finish(end),
    });
    this.#signalling.dialling = dialling;
    await dialling.start();
  }

  /** Hangs up, cancels or refuses, whichever the state asks for. */
  hangup(cause: HangupCause): void {
    if (this.isOver) return;
    switch (this.#signalling.type) {
      case "in":
        turnAway(this.#signalling.call, refusalStatus(cause));
        return this.finish({
          doing: "us",
          cause: cause === "normal" ? "cancelled" : "refused",
          status: refusalStatus(cause),
        });
      case "out":
        this.#signalling.dialling?.cancel();
        return this.finish({ doing: "us", cause: "cancelled" });
      case "dialog": {
        const { dialog } = this.#signalling;
        // who asked for a transfer hears that it was done before the call ends, and may end it (RFC 5589, section 6)
        if (this.settleTransfer(200)) this.#deps.clock.after(TRANSFEROR_ENDS_MS, () => dialog.bye());
        else dialog.bye();
        return this.finish({ doing: "us", cause: "normal" });
      }
    }
  }

  /** The media side has failed or fallen silent: the call is of no use any more. */
  failMedia(cause: "media_timeout" | "failed"): void {
    if (this.isOver) return;
    const signalling = this.#signalling;
    this.finish({ doing: cause === "failed" ? "us" : "carrier", cause });
    if (signalling.type === "dialog") signalling.dialog.bye();
    else if (signalling.type === "out") signalling.dialling?.cancel();
    else turnAway(signalling.call, 500);
  }

  /** The one end of a leg: closes the media, reports its quality and the end, tells the switch. */
  finish(end: LegEnd): void {
    if (this.isOver) return;
    const { emit, over, gone, clock } = this.#deps;
    const { legId } = this;
    const talked = this.hasMedia;
    this.#enter("ended");
    over(this);
    const closing = this.media.close();
    if (!talked) {
      emit({ type: "leg.ended", legId, end });
      void closing.then(() => gone(this));
      return;
    }
    const told = { yet: false };
    const tell = (quality: Awaited<typeof closing>): void => {
      if (told.yet) return;
      told.yet = true;
      limit.dispose();
      if (quality) emit({ type: "leg.quality", legId, quality });
      emit({ type: "leg.ended", legId, end });
      gone(this);
    };
    const limit = clock.after(CLOSE_LIMIT_MS, () => tell(undefined));
    void closing.then(tell);
  }

  /** True when a transfer was waiting for this word. */
  settleTransfer(status: number): boolean {
    const refer = this.#refer;
    this.#refer = undefined;
    refer?.notify(status);
    return refer !== undefined;
  }

  /** Remembers who asked for a transfer; the switch tells the world, since only it knows the other legs. */
  keepRefer(refer: IncomingRefer): void {
    this.#refer?.notify(487);
    this.#refer = refer;
    refer.accept();
  }

  /** A key was heard in the sound. */
  heardKey(digit: string): void {
    if (!this.isOver && this.#keys.isNew(digit, "media"))
      this.#deps.emit({ type: "leg.dtmf", legId: this.legId, digit });
  }

  /**
   * Moves the media to another host, of the bridge where one is given, and the party with it by an offer of ours. True when
   * the leg is then where it should be; false when it could not be moved: on a living host it goes on there.
   */
  carryOver(bridgeId: BridgeId | undefined): Promise<boolean> {
    const carried = this.#offers.then(() => this.#carry(bridgeId));
    this.#offers = carried;
    return carried;
  }

  /** What was listened for is heard no more, since its host carries the leg no longer. */
  detectedNothing(): void {
    if (!this.isDetecting) return;
    this.isDetecting = false;
    this.#deps.emit({ type: "leg.detected", legId: this.legId, what: "unknown" });
  }

  /** Brings a leg that agreed on a codec we cannot work with back to G.711. */
  needCodec(): void {
    this.#offers = this.#offers.then(async () => {
      if (!this.dialog || this.isOver) return;
      try {
        this.#isOffering = true;
        const sdp = await this.media.reoffer("sendrecv", false);
        const outcome = await this.#reinvite(this.dialog, sdp);
        if (outcome !== undefined) await this.media.accept(outcome);
      } catch (error) {
        this.#warn(error, "the codec could not be changed");
      } finally {
        this.#isOffering = false;
      }
    });
  }

  async #carry(bridgeId: BridgeId | undefined): Promise<boolean> {
    if (this.isOver) return false;
    const isElsewhere = bridgeId === undefined ? this.media.isLost : this.media.isElsewhere(bridgeId);
    if (!isElsewhere) return true;
    const signalling = this.#signalling;
    switch (signalling.type) {
      case "dialog":
        return this.#carryByOffer(signalling.dialog, bridgeId);
      case "in":
        if (this.#state !== "early") return true;
        // its first SDP stands (RFC 3261, section 13.2.1): while its host lives the others come to it
        return this.media.isLost && this.#carryEarly(signalling);
      case "out":
        return false; // no offer before the answer; when it comes, the leg is carried over
    }
  }

  async #carryByOffer(dialog: Dialog, bridgeId: BridgeId | undefined): Promise<boolean> {
    // nobody listens to nothing for the 32 s that SIP would wait
    const limit = this.media.isLost
      ? this.#deps.clock.after(RESCUE_LIMIT_MS, () => this.failMedia("failed"))
      : undefined;
    this.#isOffering = true;
    try {
      const offer = await this.media.moveOffer(bridgeId);
      const answer = await this.#reinvite(dialog, offer);
      if (answer !== undefined && !this.isOver) {
        const { remoteHold } = await this.media.moveAccept(answer);
        if (this.isOver) return false;
        this.#holds(remoteHold);
        this.detectedNothing();
        return true;
      }
    } catch (error) {
      this.#warn(error, "a leg could not be moved to another media host");
    } finally {
      limit?.dispose();
      this.#isOffering = false;
    }
    await this.media.moveAbandon();
    return false;
  }

  /** A 183 can be followed by another with the new place; callers take the last one. */
  async #carryEarly(signalling: Extract<Signalling, { type: "in" }>): Promise<boolean> {
    await this.media.close();
    return this.#openEarly(signalling);
  }

  async #openEarly({ call, terms }: Extract<Signalling, { type: "in" }>): Promise<boolean> {
    try {
      const sdp = await this.#firstSdp(call, terms);
      if (this.isOver) return false;
      this.#early = { sdp, settled: false };
      if (this.#state === "incoming") this.#enter("early");
      if (!call.offer) {
        call.earlyAnswer.on((answer) => {
          this.#early = { sdp, settled: true };
          this.media.accept(answer).catch((error: unknown) => this.#refuseFor(call, error));
        });
      }
      // without an offer only a response that is acknowledged can bring ours (RFC 3262, section 5)
      call.ring({ sdp, reliable: call.offer === undefined });
      return true;
    } catch (error) {
      this.#refuseFor(call, error);
      return false;
    }
  }

  #firstSdp(call: IncomingCall, terms: LegTerms): Promise<string> {
    return call.offer === undefined ? this.media.offer(terms) : this.media.answer(call.offer, terms);
  }

  /** Our offer to the party; its answer, or undefined when it refused. */
  async #reinvite(dialog: Dialog, sdp: string): Promise<string | undefined> {
    for (let turn = 1; ; turn++) {
      try {
        const outcome = await dialog.reinvite(sdp);
        return outcome.kind === "answered" ? outcome.sdp : undefined;
      } catch (error) {
        // an offer is under way, such as the refresh of the session timer
        if (turn === OFFER_TURNS || !(error instanceof SvaraError) || error.code !== "sip.wrong_state")
          throw error;
        await new Promise<void>((go) => this.#deps.clock.after(OFFER_WAIT_MS, go));
      }
    }
  }

  #enter(next: LegState): void {
    this.#state = next;
    this.#since = this.#deps.clock.now();
  }

  /** The called network plays to us before the answer. */
  async #hearEarly(sdp: string): Promise<void> {
    try {
      await this.media.accept(sdp);
      if (this.#state !== "ringing" || this.#hearsEarly) return;
      this.#hearsEarly = true;
      this.#deps.emit({ type: "leg.early_media", legId: this.legId });
    } catch (error) {
      this.#warn(error, "early media cannot be heard");
    }
  }

  async #accepted(dialog: Dialog, answer: string | undefined): Promise<void> {
    if (this.isOver) return dialog.bye();
    try {
      if (answer === undefined) throw new SvaraError("the answer has no SDP", { code: "media.bad_sdp" });
      if (!this.media.isLost) await this.#acceptUnlessLost(answer);
      if (this.isOver) return dialog.bye();
      this.#standAnyhow(dialog);
    } catch {
      dialog.bye();
      this.finish({ doing: "us", cause: "no_common_codec", status: 488 });
    }
  }

  async #acceptUnlessLost(answer: string): Promise<void> {
    try {
      await this.media.accept(answer);
    } catch (error) {
      if (!this.media.isLost) throw error;
    }
  }

  /** The call stands; where its media host died in the meantime it is carried to another. */
  #standAnyhow(dialog: Dialog): void {
    this.#stand(dialog);
    if (!this.isOver && this.media.isLost) this.#deps.mediaLost(this);
  }

  #stand(dialog: Dialog): void {
    this.#signalling = { type: "dialog", dialog };
    dialog.ended.on((end) => this.finish(endOfCall(end, true)));
    if (dialog.reoffer.size === 0) dialog.reoffer.on((reoffer) => void this.#reoffered(reoffer));
    dialog.answerChanged.on((sdp) => {
      this.media
        .accept(sdp)
        .catch((error: unknown) => this.#warn(error, "a refreshed answer cannot be used"));
    });
    dialog.info.on(({ contentType, body }) => {
      const digit = digitOfInfo(contentType, body);
      if (digit && !this.isOver && this.#keys.isNew(digit, "info"))
        this.#deps.emit({ type: "leg.dtmf", legId: this.legId, digit });
    });
    if (dialog.state === "ended") return this.finish({ doing: "far_end", cause: "normal" });
    this.#enter("answered");
    this.#deps.emit({ type: "leg.answered", legId: this.legId });
  }

  /** What the party says of hold, in an offer of its own or in its answer to one of ours. */
  #holds(remoteHold: boolean): void {
    const { legId } = this;
    if (remoteHold === this.#remoteHold) return;
    this.#remoteHold = remoteHold;
    this.#deps.emit(remoteHold ? { type: "leg.held", legId } : { type: "leg.resumed", legId });
  }

  async #reoffered(reoffer: Reoffer): Promise<void> {
    // while our own offer is on its way there is no saying which host shall answer (RFC 3261, section 14.2)
    if (this.#isOffering || this.media.isLost) return reoffer.reject(491);
    try {
      if (reoffer.offer === undefined) {
        const sdp = await this.media.reoffer("sendrecv");
        if (!reoffer.isOpen) return; // withdrawn, or the call is over
        const answer = await reoffer.accept(sdp);
        if (answer && !this.isOver) await this.media.accept(answer);
        return;
      }
      const { sdp, remoteHold } = await this.media.reanswer(reoffer.offer);
      if (!reoffer.isOpen) return;
      void reoffer.accept(sdp);
      if (!this.isOver) this.#holds(remoteHold);
    } catch (error) {
      // Of an answer that came with the ACK nothing can be refused any more: the session stays as it was.
      if (reoffer.isOpen) reoffer.reject(error instanceof SvaraError ? error.sipStatus : 488);
    }
  }

  #refuseFor(call: IncomingCall, error: unknown): void {
    if (this.isOver) return;
    const status = error instanceof SvaraError ? error.sipStatus : 500;
    this.#warn(error, "an incoming call could not be taken");
    turnAway(call, status);
    this.finish({ doing: "us", cause: refusalCause(status), status });
  }

  #warn(error: unknown, message: string): void {
    this.#deps.log.warn({ legId: this.legId, error: String(error) }, message);
  }
}

function refusalCause(status: number): LegEnd["cause"] {
  if (status === 488 || status === 400) return "no_common_codec";
  return status === 503 ? "congestion" : "failed";
}

/** Refuses a call; one whose 200 is on its way is hung up instead (the BYE waits for the ACK). */
function turnAway(call: IncomingCall, status: number): void {
  if (call.state === "answered" || call.state === "confirmed") call.dialog?.bye();
  else call.reject(status);
}
