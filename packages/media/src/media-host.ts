import type { Brand, BridgeId, Instant, LegId, RecordingId, Signal } from "@svara/kernel";

/** Names one playback; made by the caller. */
export type PlaybackId = Brand<string, "PlaybackId">;

/** A voice codec of this host; both are G.711 (ITU-T, 1988) at 8 kHz, one byte a sample. */
export type Codec = "PCMA" | "PCMU";

/** A codec that is relayed untouched and never decoded here: Opus (RFC 7587) and G.722 (RFC 3551, section 4.5.2). */
export type WidebandCodec = "OPUS" | "G722";

/** What a leg may have agreed on. */
export type LegCodec = Codec | WidebandCodec;

/** `rtp`: a UDP port of its own (phones, trunks). `webrtc`: ICE-lite, DTLS-SRTP on the shared port (browsers). */
export type LegKind = "rtp" | "webrtc";

/**
 * Whether an `rtp` leg's sound is encrypted (RFC 3711). `off`: never. `optional`: when the peer offers it (RTP/SAVP, RTP/AVP with
 * keys, DTLS); our offer is RTP/AVP with keys. `required`: encrypted or not at all; our offer is RTP/SAVP.
 */
export type SrtpPolicy = "off" | "optional" | "required";

/** What may be agreed on a leg. Given when the leg is made, it holds for the leg's life. */
export interface LegTerms {
  /** Default: `off` for our offers, `optional` for answers. */
  readonly srtp?: SrtpPolicy;
  /** Whether the SDP travels encrypted. `false`: keys in it (RFC 4568) are neither offered nor believed. Default: not asked. */
  readonly secureSignalling?: boolean;
  /** Whether Opus and G.722 may be agreed on, to be relayed untouched; see `leg.codec_needed`. Default false: G.711 only. */
  readonly passThrough?: boolean;
  /** How keys come and go. `auto`: RFC 4733 where the peer has it, else as tones. `events`: RFC 4733 only. `tones`: both are heard, tones are sent. */
  readonly keys?: "auto" | "events" | "tones";
  /** For a leg that comes from another host: how it was encrypted there, and is to be here. */
  readonly carried?: "dtls" | "sdes" | undefined;
}

/** Seen from this host, as in SDP (RFC 8866, section 6.7). */
export type MediaDirection = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** One key of RFC 4733, section 3.2: `0`..`9`, `*`, `#`, `A`..`D`. */
export type DtmfDigit = string;

export type ToneName = "ringback" | "busy" | "congestion" | "dial" | "beep";
/** ISO 3166-1, two letters; one that is not known has the tones of most of Europe. */
export type ToneCountry = string;

/**
 * A piece of a playback. A tone lasts `durationMs`, or one turn of its cadence when that is left out.
 * A file is a WAV: PCM of 8 or 16 bits, A-law or mu-law, any rate, any number of channels.
 */
export type PlayItem =
  | { readonly file: string }
  | { readonly tone: ToneName; readonly country?: ToneCountry; readonly durationMs?: number }
  | { readonly silenceMs: number }
  /** Soft noise of about -60 dBm0, so that the line does not seem dead. */
  | { readonly comfortNoiseMs: number };

/** Who hears whom in a bridge. `listener` hears everybody, nobody hears it; `whisper` hears everybody, only `to` hear it. */
export type BridgeRole =
  | { readonly type: "party" }
  | { readonly type: "listener" }
  | { readonly type: "whisper"; readonly to: readonly LegId[] };

/** How a host is made. Plain data: it crosses to the worker as it is. */
export interface MediaHostOptions {
  /** The local address all sockets bind to. */
  readonly bindAddress: string;
  /** The address written into SDP: what the other side can reach. Default: `bindAddress`, unless that is a wildcard. */
  readonly advertisedAddress?: string;
  /** UDP ports for RTP legs; even ports are used for RTP, the odd one above for RTCP. `{min: 0, max: 0}`: any. */
  readonly rtpPorts: { readonly min: number; readonly max: number };
  /** The one UDP port of all WebRTC legs; 0: any. */
  readonly webrtcPort: number;
  /** A leg that should hear the other side, and hears nothing for this long, reports `leg.silent`. Default 60 000; a browser's at most 10 000. */
  readonly mediaTimeoutMs?: number;
  /** In order of liking, for our offers; an answer follows the peer's order. Default PCMA, PCMU. */
  readonly codecs?: readonly Codec[];
  /** How often `host.lateness` and `host.stats` are emitted. Default 5 000. */
  readonly statsIntervalMs?: number;
  /** How often `leg.quality` is emitted for each leg with media. Default 10 000. */
  readonly qualityIntervalMs?: number;
}

/**
 * What a host can be asked. Ids are the caller's. Every command may be repeated: the same command for the same id
 * gives the same result and no second effect; commands for a leg, playback or recording that is over succeed and do nothing
 * where they end something (`leg.close`, `play.stop`, `record.stop`, `bridge.leave`, `bridge.destroy`).
 */
export type MediaCommand =
  /** Creates the leg and our offer. Of a pool's hosts it takes the one that carries `near`. */
  | {
      readonly type: "leg.offer";
      readonly legId: LegId;
      readonly near?: LegId;
      readonly kind: LegKind;
      readonly codecs?: readonly Codec[];
      readonly terms?: LegTerms;
    }
  /** Creates the leg from the peer's offer and answers it. Errors: `media.no_common_codec`, `media.bad_sdp`, `media.no_ports`. */
  | {
      readonly type: "leg.answer";
      readonly legId: LegId;
      readonly near?: LegId;
      readonly kind: LegKind;
      readonly remoteSdp: string;
      readonly terms?: LegTerms;
    }
  /** The peer's answer to our last `leg.offer` or `leg.reoffer`; may come again with another SDP (183, then 200). */
  | { readonly type: "leg.accept"; readonly legId: LegId; readonly remoteSdp: string }
  /** The peer offers anew within the call: hold, resume, another address. */
  | { readonly type: "leg.reanswer"; readonly legId: LegId; readonly remoteSdp: string }
  /**
   * We offer anew within the call; `direction` is ours: `sendonly` or `inactive` holds the peer, `sendrecv` resumes.
   * `passThrough` changes that term: `false` brings a leg back to G.711, `true` lets it leave for Opus or G.722.
   */
  | {
      readonly type: "leg.reoffer";
      readonly legId: LegId;
      readonly direction: MediaDirection;
      readonly passThrough?: boolean;
    }
  /** Drops what the party says (`in`) or hears (`out`) in this host; packets to the party go on as silence. */
  | { readonly type: "leg.mute"; readonly legId: LegId; readonly in?: boolean; readonly out?: boolean }
  /** Sends back to the party what it says, while it is in no bridge and nothing plays. */
  | { readonly type: "leg.echo"; readonly legId: LegId; readonly on: boolean }
  /** Listens to the party; one `leg.detected` comes within `withinMs` (a machine's `beep` may come after `machine`). */
  | {
      readonly type: "leg.detect";
      readonly legId: LegId;
      readonly what: "fax" | "answering_machine";
      readonly withinMs: number;
    }
  | { readonly type: "leg.close"; readonly legId: LegId }
  | { readonly type: "bridge.create"; readonly bridgeId: BridgeId }
  /** A leg is in one bridge at most: joining another leaves the first. Joining again changes the role. */
  | {
      readonly type: "bridge.join";
      readonly bridgeId: BridgeId;
      readonly legId: LegId;
      readonly role?: BridgeRole;
    }
  | { readonly type: "bridge.leave"; readonly bridgeId: BridgeId; readonly legId: LegId }
  | { readonly type: "bridge.destroy"; readonly bridgeId: BridgeId }
  /**
   * Plays to the party of the leg. While it plays, the party does not hear the bridge. A second playback replaces the
   * first (`play.ended` `replaced`). Errors: `media.prompt_unreadable`.
   */
  | {
      readonly type: "play.start";
      readonly playbackId: PlaybackId;
      readonly legId: LegId;
      readonly items: readonly PlayItem[];
      readonly loop?: boolean;
    }
  | { readonly type: "play.stop"; readonly playbackId: PlaybackId }
  /** Writes `<pathPrefix>-in.wav` (from the party) and `<pathPrefix>-out.wav` (to the party); folders are made. */
  | {
      readonly type: "record.start";
      readonly recordingId: RecordingId;
      readonly legId: LegId;
      readonly pathPrefix: string;
      /** Both sides hear a beep (1400 Hz, 0.2 s) this often, and it is recorded. Absent: none. */
      readonly beepEveryMs?: number;
    }
  /** Until the resume both tracks get silence, and the span is reported by `record.stop`. */
  | { readonly type: "record.pause"; readonly recordingId: RecordingId }
  | { readonly type: "record.resume"; readonly recordingId: RecordingId }
  | { readonly type: "record.stop"; readonly recordingId: RecordingId }
  /** RFC 4733 events to the party; resolves when they are sent. `durationMs` per digit, default 160. */
  | {
      readonly type: "dtmf.send";
      readonly legId: LegId;
      readonly digits: string;
      readonly durationMs?: number;
    }
  | { readonly type: "stats" };

export interface RecordingTracks {
  /** What the party said. */
  readonly in: string;
  /** What the party heard. */
  readonly out: string;
}

/** A finished recording: two mu-law WAV files of the same length, both beginning at `startedAt`. */
export interface RecordingSummary {
  readonly recordingId: RecordingId;
  readonly tracks: RecordingTracks;
  readonly startedAt: Instant;
  readonly durationMs: number;
  /** Both files together. */
  readonly bytes: number;
  /** Spans without audio, counted from the start of the recording. */
  readonly pauses: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly outcome: "complete" | "failed";
}

/** Counters of one leg since its making. */
export interface LegStats {
  readonly legId: LegId;
  readonly kind: LegKind;
  readonly codec: LegCodec | null;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  /** Gaps in the received sequence numbers. */
  readonly packetsLost: number;
  /** Duplicates, late, unauthenticated, wrong payload, wrong source. */
  readonly packetsDropped: number;
  /** Interarrival jitter (RFC 3550, section 6.4.1). */
  readonly jitterMs: number;
}

/** How well a leg is heard, by the E-model (ITU-T G.107, default values). Since the leg's making. */
export interface LegQuality {
  /** 1 to 4.5, of what the party sends. */
  readonly mos: number;
  /** Of what we send, by the party's RTCP receiver reports; absent without them. */
  readonly remoteMos?: number;
  readonly codec: string;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  /** 0 to 1: lost on the way, and come too late to be played. */
  readonly lossShare: number;
  readonly jitterMs: number;
  /** By RTCP (RFC 3550, section 6.4.1); absent until a report came back. */
  readonly roundTripMs?: number;
}

/** The whole host, for /metrics. Counters since start. */
export interface HostStats {
  readonly legs: number;
  readonly bridges: number;
  readonly playbacks: number;
  readonly recordings: number;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly packetsDropped: number;
  /** STUN, DTLS or SRTP datagrams refused before any state changed. */
  readonly refusedDatagrams: number;
  readonly recordingBytes: number;
  readonly freeRtpPorts: number;
}

/** How late things happened within the last interval, in milliseconds. */
export interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The result of each command. */
export interface MediaResults {
  "leg.offer": { readonly sdp: string };
  "leg.answer": { readonly sdp: string; readonly codec: LegCodec; readonly encrypted: boolean };
  "leg.accept": { readonly codec: LegCodec; readonly encrypted: boolean; readonly remoteHold: boolean };
  "leg.reanswer": {
    readonly sdp: string;
    readonly codec: LegCodec;
    readonly encrypted: boolean;
    readonly remoteHold: boolean;
  };
  "leg.reoffer": { readonly sdp: string };
  "leg.mute": Record<string, never>;
  "leg.echo": Record<string, never>;
  "leg.detect": Record<string, never>;
  "leg.close": { readonly stats: LegStats | null; readonly quality?: LegQuality };
  "bridge.create": Record<string, never>;
  "bridge.join": Record<string, never>;
  "bridge.leave": Record<string, never>;
  "bridge.destroy": Record<string, never>;
  /** `durationMs` is null for a loop. */
  "play.start": { readonly durationMs: number | null };
  "play.stop": Record<string, never>;
  "record.start": { readonly tracks: RecordingTracks; readonly startedAt: Instant };
  "record.pause": Record<string, never>;
  "record.resume": Record<string, never>;
  /** `summary` is null for a recording this host never knew. */
  "record.stop": { readonly summary: RecordingSummary | null };
  "dtmf.send": Record<string, never>;
  stats: {
    readonly host: HostStats;
    readonly lateness: Lateness;
    readonly commandLateness: Lateness;
    readonly legs: readonly LegStats[];
  };
}

export type MediaCommandType = MediaCommand["type"];
export type MediaResult<T extends MediaCommandType> = MediaResults[T];

/** What a host reports. `at` is the host's clock. */
export type MediaEvent =
  /** The first valid packet from the party. */
  | { readonly type: "leg.media"; readonly legId: LegId; readonly at: Instant }
  /** WebRTC: ICE and DTLS are up, media can flow. */
  | { readonly type: "leg.connected"; readonly legId: LegId; readonly at: Instant }
  /** One per key press, at its beginning. */
  | { readonly type: "leg.dtmf"; readonly legId: LegId; readonly digit: DtmfDigit; readonly at: Instant }
  /** Nothing was heard from the other side for `silentMs` though it should send; again after each further time-out. */
  | { readonly type: "leg.silent"; readonly legId: LegId; readonly silentMs: number; readonly at: Instant }
  /** The leg can carry no more media (DTLS refused, socket error). The caller closes it. */
  | { readonly type: "leg.failed"; readonly legId: LegId; readonly reason: string; readonly at: Instant }
  /**
   * The leg speaks a codec that is not decoded here, and somebody wants to hear it in another way than untouched: until a
   * `leg.reoffer` with `passThrough: false` is answered there is silence. Once until then.
   */
  | { readonly type: "leg.codec_needed"; readonly legId: LegId; readonly at: Instant }
  | {
      readonly type: "leg.detected";
      readonly legId: LegId;
      readonly what: "fax" | "human" | "machine" | "beep" | "unknown";
      readonly at: Instant;
    }
  | {
      readonly type: "leg.quality";
      readonly legId: LegId;
      readonly quality: LegQuality;
      readonly at: Instant;
    }
  | {
      readonly type: "play.ended";
      readonly playbackId: PlaybackId;
      readonly legId: LegId;
      readonly reason: "finished" | "stopped" | "replaced" | "leg_closed";
      readonly at: Instant;
    }
  /** The disk refused; the call goes on, what is written stays a valid file. */
  | {
      readonly type: "record.failed";
      readonly recordingId: RecordingId;
      readonly reason: string;
      readonly at: Instant;
    }
  /** The leg was closed while recorded; the same summary comes from a later `record.stop`. */
  | { readonly type: "record.ended"; readonly summary: RecordingSummary; readonly at: Instant }
  /** `lateness`: of the 20 ms ticker. `commandLateness`: how long commands waited until the host saw them. */
  | {
      readonly type: "host.lateness";
      readonly lateness: Lateness;
      readonly commandLateness: Lateness;
      readonly at: Instant;
    }
  | { readonly type: "host.stats"; readonly stats: HostStats; readonly at: Instant }
  /** The host is gone (its thread died): every leg with it. Nothing comes after. */
  | { readonly type: "host.failed"; readonly reason: string; readonly at: Instant };

/**
 * A place where media is worked: this thread, a worker thread, later another process or machine. Only plain data crosses.
 * A refused command rejects with a `SvaraError` whose code begins with `media.`.
 */
export interface MediaHost {
  readonly events: Signal<MediaEvent>;
  request<C extends MediaCommand>(command: C): Promise<MediaResult<C["type"]>>;
  /** Closes every leg, finishes every recording, frees sockets and threads. */
  close(): Promise<void>;
}
