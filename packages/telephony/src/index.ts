export type { Directory, EndpointAccount, TrunkAccount, TrunkPeer } from "./embedded/directory.ts";
export { EmbeddedSwitch, type EmbeddedSwitchOptions } from "./embedded/embedded-switch.ts";
export { TelephonyError, type TelephonyErrorCode } from "./errors.ts";
export {
  SoftCall,
  type SoftCallEnd,
  type SoftCallOptions,
  type SoftCallState,
} from "./soft-phone/soft-call.ts";
export { SoftPhone, type SoftPhoneOptions } from "./soft-phone/soft-phone.ts";
export type {
  BridgeRole,
  DetectedWord,
  Detection,
  DialTarget,
  Diversion,
  EndCause,
  HangupCause,
  LegEnd,
  LegInfo,
  LegQuality,
  LegState,
  Originate,
  Party,
  PlaybackItem,
  RecordingTracks,
  Switch,
  SwitchEvent,
  SwitchEventBody,
  SwitchFigures,
  ToneName,
  TrunkRoute,
} from "./switch.ts";
