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
  LegKind,
  LegQuality,
  LegStats,
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
  ToneCountry,
  ToneName,
} from "./media-host.ts";
export { composeStereo, repairRecording, waveformPeaks } from "./recording-files.ts";
export { WorkerMediaHost } from "./worker-media-host.ts";
