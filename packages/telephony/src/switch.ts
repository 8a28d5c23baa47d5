import type { BridgeId, EndpointId, Instant, LegId, RecordingId, Signal, TrunkId } from "@svara/kernel";

/** One telephone conversation path between the switch and one party; an ARI channel. */
export interface LegInfo {
  readonly legId: LegId;
  readonly switchId: string;
  readonly direction: "inbound" | "outbound";
  readonly party: Party;
  readonly state: LegState;
  /** When the leg entered its state. */
  readonly since: Instant;
  readonly bridgeId?: BridgeId;
  /** As agreed with the party; absent before that. */
  readonly codec?: string;
  /** Whether its sound travels encrypted. */
  readonly encrypted?: boolean;
  /** What its signalling comes over: `udp`, `tcp`, `tls`, `ws`, `wss`. */
  readonly transport?: string;
}

/**
 * `incoming` and `dialing` have no answer yet; `early` has media before the answer (a 183 that we sent); `ringing` has had
 * a 180 or 183; `ended` legs are no longer listed.
 */
export type LegState = "incoming" | "early" | "dialing" | "ringing" | "answered" | "ended";

/** Who is at the far end of a leg. */
export type Party =
  | { readonly kind: "endpoint"; readonly endpointId: EndpointId }
  | { readonly kind: "trunk"; readonly trunkId: TrunkId };

/** Whom to call. */
export type DialTarget =
  | { readonly kind: "endpoint"; readonly endpointId: EndpointId }
  /** Over the first of the routes that works; the next is tried when one fails before it rings (SPEC TE36). */
  | { readonly kind: "number"; readonly routes: readonly [TrunkRoute, ...TrunkRoute[]] };

/** One way out: a trunk, and the numbers as this carrier wants them written. */
export interface TrunkRoute {
  readonly trunkId: TrunkId;
  readonly number: string;
  /** Absent: withheld. */
  readonly callerNumber?: string;
}

/** What a party may do and hear in a bridge. `whisper` hears everybody and is heard by `to` alone. */
export type BridgeRole =
  | { readonly type: "talk" }
  | { readonly type: "listen" }
  | { readonly type: "whisper"; readonly to: readonly LegId[] };

/** How well a party can be heard and hears, by the E-model (ITU-T G.107); since the leg's beginning unless said. */
export interface LegQuality {
  /** 1 to 4.5, of what we receive from the party. */
  readonly mos: number;
  /** As the party's RTCP reports tell of what we send; absent when it sends none. */
  readonly remoteMos?: number;
  readonly codec: string;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  /** 0 to 1: lost on the way, and come too late to be played. */
  readonly lossShare: number;
  readonly jitterMs: number;
  readonly roundTripMs?: number;
}

/** What can be listened for in what a party says. */
export type Detection = "fax" | "answering_machine";

/** `beep`: the tone after which a machine records. `unknown`: the time of listening passed without a verdict. */
export type DetectedWord = "fax" | "human" | "machine" | "beep" | "unknown";

/** Why a leg ended; `status` is the SIP status where there was one. */
export interface LegEnd {
  /** `far_end`: the party at the leg hung up or refused; `us`: we did; `carrier`: the network failed. */
  readonly doing: "far_end" | "us" | "carrier";
  readonly cause: EndCause;
  readonly status?: number;
}

export type EndCause =
  | "normal"
  | "cancelled"
  | "busy"
  | "refused"
  | "no_answer"
  | "not_found"
  | "not_registered"
  | "forbidden"
  | "no_common_codec"
  | "media_timeout"
  | "transport_lost"
  | "congestion"
  | "failed";

/** What a hang-up says to the party. */
export type HangupCause =
  | "normal"
  | "busy"
  | "refused"
  | "not_found"
  | "unavailable"
  | "congestion"
  | "forbidden";

/** One thing to hear. Files are absolute paths of WAV files. */
export type PlaybackItem =
  | { readonly kind: "file"; readonly path: string }
  /** `country`: ISO 3166-1 alpha-2; one we have no table for sounds as in Europe. */
  | { readonly kind: "tone"; readonly tone: ToneName; readonly country?: string }
  | { readonly kind: "silence"; readonly ms: number }
  /** Soft noise, so that a line does not seem dead; with `loop` until stopped. */
  | { readonly kind: "comfort_noise"; readonly ms: number };

export type ToneName = "ringback" | "busy" | "congestion" | "dial" | "beep";

/** A finished recording: one file a direction, aligned to the same start. */
export interface RecordingTracks {
  /** What the party said. */
  readonly inPath: string;
  /** What the party heard. */
  readonly outPath: string;
  readonly durationMs: number;
}

/** A call that was meant for somebody else (RFC 5806). */
export interface Diversion {
  readonly number: string;
  /** As RFC 5806 words it: `unconditional`, `user-busy`, `no-answer`, `deflection`, `unknown`, ... */
  readonly reason: string;
}

export interface Originate {
  readonly legId: LegId;
  readonly target: DialTarget;
  /** Shown to a called endpoint; a trunk shows what its route says. */
  readonly callerNumber?: string;
  readonly callerName?: string;
  /** Ringing longer than this ends the leg with `no_answer`. */
  readonly ringTimeoutMs: number;
  /** Asks the phone to answer by itself (Call-Info `answer-after=0` and its sisters). */
  readonly autoAnswer?: boolean;
  /** On whose behalf the call is sent on: becomes Diversion (RFC 5806) and History-Info (RFC 7044). */
  readonly divertedFrom?: Diversion;
  /** A leg with which this one will share a bridge: both are put on the same media host. */
  readonly near?: LegId;
  /** Extra SIP headers, all beginning with `X-Svara-`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What the switch reports, numbered by `n` in the switch's own order (SPEC TE4).
 * `leg.transfer_asked`: the party sent REFER; answer with `acceptTransfer` or `refuseTransfer`.
 */
export type SwitchEvent = { readonly n: number; readonly at: Instant } & SwitchEventBody;

export type SwitchEventBody =
  | {
      readonly type: "leg.incoming";
      readonly legId: LegId;
      readonly party: Party;
      /** As dialled: the user part of the request URI. */
      readonly calledNumber: string;
      /** As presented, absent when withheld. */
      readonly callerNumber?: string;
      readonly callerName?: string;
      readonly headers: Readonly<Record<string, string>>;
      /** The first called, when the call was diverted to us (Diversion, History-Info). */
      readonly divertedFrom?: Diversion;
      /** The call wants to take the place of one of our legs (INVITE with Replaces, RFC 3891). */
      readonly replacesLegId?: LegId;
    }
  | { readonly type: "leg.ringing"; readonly legId: LegId }
  /** An outbound call goes on over this trunk: at its beginning, and when a trunk before it failed (SPEC TE36). */
  | { readonly type: "leg.routed"; readonly legId: LegId; readonly trunkId: TrunkId }
  /** The party's network plays to us before the answer (183 with SDP). */
  | { readonly type: "leg.early_media"; readonly legId: LegId }
  /** Each `qualityIntervalMs` while answered, and once before `leg.ended`. */
  | { readonly type: "leg.quality"; readonly legId: LegId; readonly quality: LegQuality }
  | { readonly type: "leg.detected"; readonly legId: LegId; readonly what: DetectedWord }
  /** The media host of the leg died; the leg is being set up anew on another (SPEC TE41). */
  | { readonly type: "leg.media_lost"; readonly legId: LegId }
  | { readonly type: "leg.media_restored"; readonly legId: LegId }
  | { readonly type: "leg.answered"; readonly legId: LegId }
  | { readonly type: "leg.media"; readonly legId: LegId }
  | { readonly type: "leg.held"; readonly legId: LegId }
  | { readonly type: "leg.resumed"; readonly legId: LegId }
  | { readonly type: "leg.dtmf"; readonly legId: LegId; readonly digit: string }
  | {
      readonly type: "leg.transfer_asked";
      readonly legId: LegId;
      readonly number: string;
      /** The other leg of an attended transfer, when it is one of ours. */
      readonly replacesLegId?: LegId;
    }
  | { readonly type: "leg.ended"; readonly legId: LegId; readonly end: LegEnd }
  | { readonly type: "bridge.destroyed"; readonly bridgeId: BridgeId }
  | {
      readonly type: "playback.ended";
      readonly playbackId: string;
      readonly legId: LegId;
      readonly reason: "done" | "stopped" | "failed";
    }
  | {
      readonly type: "recording.stored";
      readonly recordingId: RecordingId;
      readonly legId: LegId;
      readonly tracks: RecordingTracks;
    }
  | {
      readonly type: "recording.failed";
      readonly recordingId: RecordingId;
      readonly legId: LegId;
      readonly reason: string;
    }
  | { readonly type: "endpoint.registered"; readonly endpointId: EndpointId }
  | {
      readonly type: "endpoint.unregistered";
      readonly endpointId: EndpointId;
      readonly reason: "removed" | "expired" | "connection_lost";
    }
  | { readonly type: "trunk.up"; readonly trunkId: TrunkId }
  | { readonly type: "trunk.down"; readonly trunkId: TrunkId; readonly reason: string }
  /** Signalling from an address is dropped until then: too many wrong passwords, or a flood. */
  | {
      readonly type: "source.banned";
      readonly address: string;
      readonly until: Instant;
      readonly reason: string;
    };

/** Figures for `/metrics` and the doctor. */
export interface SwitchFigures {
  readonly legs: number;
  readonly bridges: number;
  readonly recordings: number;
  /** Legs over each trunk that has any. */
  readonly legsByTrunk: ReadonlyMap<TrunkId, number>;
  /** Hosts of media that run, and that there should be. */
  readonly mediaHosts: { readonly running: number; readonly of: number };
  /** How late 20 ms media ticks were over the last seconds, milliseconds. */
  readonly mediaLatenessP99Ms: number;
  readonly mediaLatenessMaxMs: number;
}

/**
 * A telephone switch as Svara sees it. Rules in SPEC.md; `runSwitchContract` in ./testing proves a driver.
 * Every command names what it makes by a caller-made id; the same command twice does nothing more and answers alike.
 * A command on a leg that has ended resolves without effect, since an end may cross it on the way.
 * Errors: `TelephonyError`, see errors.ts.
 */
export interface Switch {
  readonly switchId: string;
  readonly events: Signal<SwitchEvent>;

  /** Tells an incoming leg's party that it rings. */
  ring(legId: LegId): Promise<void>;
  /** Opens media to an incoming leg before the answer (183 with SDP): from then on `play` is heard. */
  earlyMedia(legId: LegId): Promise<void>;
  answer(legId: LegId): Promise<void>;
  /** Begins a call; how it goes on comes as events. Resolves when the attempt is under way. */
  originate(request: Originate): Promise<void>;
  /** Ends a leg whatever its state: refuses, cancels or hangs up. */
  hangup(legId: LegId, cause: HangupCause): Promise<void>;

  createBridge(bridgeId: BridgeId): Promise<void>;
  destroyBridge(bridgeId: BridgeId): Promise<void>;
  /**
   * Puts an answered leg into a bridge, out of any other, and stops its playbacks; again with another role changes the
   * role. Default: `talk`.
   */
  join(bridgeId: BridgeId, legId: LegId, role?: BridgeRole): Promise<void>;
  leave(bridgeId: BridgeId, legId: LegId): Promise<void>;

  /** Plays to one leg; replaces what the leg hears now. With `loop` until stopped. */
  play(
    playbackId: string,
    legId: LegId,
    items: readonly PlaybackItem[],
    options?: { loop?: boolean },
  ): Promise<void>;
  stopPlayback(playbackId: string): Promise<void>;
  /** Sends back to the party what it says, while it is in no bridge and nothing plays. */
  echo(legId: LegId, on: boolean): Promise<void>;
  /** Listens to the party for at most `withinMs`; the verdict comes as `leg.detected`. */
  detect(legId: LegId, what: Detection, withinMs: number): Promise<void>;
  /** Sends digits to the party: RFC 4733 events, or tones to one that does not know them. */
  sendDtmf(legId: LegId, digits: string): Promise<void>;
  /** Silences what the party says, for the bridge and the recording. */
  mute(legId: LegId, muted: boolean): Promise<void>;

  /** Records a leg, each direction in a track of its own, until `stopRecording` or the leg's end. */
  startRecording(
    recordingId: RecordingId,
    legId: LegId,
    pathPrefix: string,
    options?: { readonly beepEveryMs?: number },
  ): Promise<void>;
  pauseRecording(recordingId: RecordingId): Promise<void>;
  resumeRecording(recordingId: RecordingId): Promise<void>;
  stopRecording(recordingId: RecordingId): Promise<void>;

  /** Reports the outcome of a REFER to the leg that asked; on success that leg is hung up by its party. */
  acceptTransfer(legId: LegId): Promise<void>;
  refuseTransfer(legId: LegId, status: number): Promise<void>;

  /** The legs alive now: what a restarted server rebuilds its view from. */
  listLegs(): Promise<readonly LegInfo[]>;
  isRegistered(endpointId: EndpointId): boolean;
  figures(): SwitchFigures;
  /** Addresses whose signalling is dropped now. */
  bans(): readonly { readonly address: string; readonly until: Instant; readonly reason: string }[];
  unban(address: string): void;

  /** New calls are refused with 503 from now on, but those to numbers that `isLetIn`; running calls go on. */
  drain(isLetIn?: (calledNumber: string) => boolean): void;
  /** Ends every leg, flushes every recording, closes every socket. */
  close(): Promise<void>;
}
