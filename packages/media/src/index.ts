export {
  alawToLinear,
  alawToMulaw,
  decodeG711,
  encodeG711,
  linearToAlaw,
  linearToMulaw,
  mulawToAlaw,
  mulawToLinear,
} from "./g711.ts";
export { LocalMediaHost, type LocalMediaHostDeps } from "./local-media-host.ts";
export { MediaError, type MediaErrorCode } from "./media-error.ts";
export type {
  BridgeRole,
  Codec,
  DtmfDigit,
  HostStats,
  Lateness,
  LegCodec,
  LegKind,
  LegQuality,
  LegStats,
  LegTerms,
  MediaCommand,
  MediaCommandType,
  MediaDirection,
  MediaEvent,
  MediaHost,
  MediaHostOptions,
  MediaResult,
  MediaResults,
  PlaybackId,
  PlayItem,
  RecordingSummary,
  RecordingTracks,
  SrtpPolicy,
  ToneCountry,
  ToneName,
  WidebandCodec,
} from "./media-host.ts";
export {
  type LostMedia,
  MediaHostPool,
  type MediaHostPoolDeps,
  type MediaHostPoolOptions,
} from "./media-host-pool.ts";
export { composeStereo, repairRecording, waveformPeaks } from "./recording-files.ts";
export { WorkerMediaHost } from "./worker-media-host.ts";
