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
}

/** `incoming` and `dialing` have no answer yet; `ringing` has had a 180 or 183; `ended` legs are no longer listed. */
export type LegState = "incoming" | "dialing" | "ringing" | "answered" | "ended";

/** Who is at the far end of a leg. */
export type Party =
  | { readonly kind: "endpoint"; readonly endpointId: EndpointId }
  | { readonly kind: "trunk"; readonly trunkId: TrunkId };

/** Whom to call. */
export type DialTarget =
  | { readonly kind: "endpoint"; readonly endpointId: EndpointId }
  | { readonly kind: "number"; readonly number: string; readonly trunkId: TrunkId };

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
  | { readonly kind: "tone"; readonly tone: ToneName }
  | { readonly kind: "silence"; readonly ms: number };

export type ToneName = "ringback" | "busy" | "congestion" | "dial" | "beep";

/** A finished recording: one file a direction, aligned to the same start. */
export interface RecordingTracks {
  /** What the party said. */
  readonly inPath: string;
  /** What the party heard. */
  readonly outPath: string;
  readonly durationMs: number;
}

export interface Originate {
  readonly legId: LegId;
  readonly target: DialTarget;
  /** Shown to the called party. */
  readonly callerNumber?: string;
  readonly callerName?: string;
  /** Ringing longer than this ends the leg with `no_answer`. */
  readonly ringTimeoutMs: number;
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
    }
  | { readonly type: "leg.ringing"; readonly legId: LegId }
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
  | { readonly type: "trunk.down"; readonly trunkId: TrunkId; readonly reason: string };

/** Figures for `/metrics` and the doctor. */
export interface SwitchFigures {
  readonly legs: number;
  readonly bridges: number;
  readonly recordings: number;
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
  answer(legId: LegId): Promise<void>;
  /** Begins a call; how it goes on comes as events. Resolves when the attempt is under way. */
  originate(request: Originate): Promise<void>;
  /** Ends a leg whatever its state: refuses, cancels or hangs up. */
  hangup(legId: LegId, cause: HangupCause): Promise<void>;

  createBridge(bridgeId: BridgeId): Promise<void>;
  destroyBridge(bridgeId: BridgeId): Promise<void>;
  /** Puts an answered leg into a bridge, out of any other, and stops its playbacks. */
  join(bridgeId: BridgeId, legId: LegId): Promise<void>;
  leave(bridgeId: BridgeId, legId: LegId): Promise<void>;

  /** Plays to one leg; replaces what the leg hears now. With `loop` until stopped. */
  play(
    playbackId: string,
    legId: LegId,
    items: readonly PlaybackItem[],
    options?: { loop?: boolean },
  ): Promise<void>;
  stopPlayback(playbackId: string): Promise<void>;
  /** Sends digits to the party as RFC 4733 events. */
  sendDtmf(legId: LegId, digits: string): Promise<void>;
  /** Silences what the party says, for the bridge and the recording. */
  mute(legId: LegId, muted: boolean): Promise<void>;

  /** Records a leg, each direction in a track of its own, until `stopRecording` or the leg's end. */
  startRecording(recordingId: RecordingId, legId: LegId, pathPrefix: string): Promise<void>;
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

  /** New calls are refused with 503 from now on; running calls go on. */
  drain(): void;
  /** Ends every leg, flushes every recording, closes every socket. */
  close(): Promise<void>;
}
