export type {
  Authority,
  DigestAccount,
  Identity,
  LoginAttempt,
  Protocol,
  SourceAddress,
} from "./authority.ts";
export type { CallEnd, CallFailure, EndedBy } from "./call/call-end.ts";
export {
  type AnswerOptions,
  type AnswerOutcome,
  IncomingCall,
  type RingOptions,
} from "./call/incoming-call.ts";
export type { CancelReason } from "./call/invite-branch.ts";
export type { InviteOptions } from "./call/invite-request.ts";
export {
  type CallAccepted,
  type CallProgress,
  type InviteTarget,
  OutgoingCall,
} from "./call/outgoing-call.ts";
export type { FollowRedirects, RedirectContact } from "./call/redirects.ts";
export { type ByeReason, Dialog, type InfoMessage } from "./dialog/dialog.ts";
export {
  formatReplaces,
  IncomingRefer,
  OutgoingRefer,
  parseReplaces,
  type ReferProgress,
  type ReplacesTarget,
} from "./dialog/refer.ts";
export type { ReferOptions } from "./dialog/referring.ts";
export type { ReinviteOutcome } from "./dialog/reinvite.ts";
export type { Reoffer } from "./dialog/reoffer.ts";
export type { SessionAgreement, SessionTimerOptions } from "./dialog/session-interval.ts";
export { type Credentials, type DigestAlgorithm, type Ha1, makeHa1 } from "./digest/digest.ts";
export { SipError, type SipErrorCode, SipParseError } from "./errors.ts";
export type { Ban, BanEnd, BanReason } from "./guard/ban.ts";
export { DEFAULT_LIMITS, type SipLimits } from "./limits.ts";
export { SILENT_LOG, type SipLog } from "./log.ts";
export type { AutoAnswer } from "./message/auto-answer.ts";
export type { IdentityPair, PrivacyValue, RemoteParty } from "./message/caller-identity.ts";
export type { Diversion, DiversionParts, DiversionReason } from "./message/diversion.ts";
export { SipHeaders } from "./message/headers.ts";
export {
  causeOfDiversion,
  diversionReasonOf,
  type HistoryEntry,
  type HistoryParts,
} from "./message/history-info.ts";
export { type CSeq, type SipMessage, SipRequest, SipResponse } from "./message/message.ts";
export { formatNameAddr, type NameAddr, parseNameAddr } from "./message/name-addr.ts";
export { parseMessage } from "./message/parse-message.ts";
export type { Redirection, Redirector } from "./message/redirection.ts";
export type { HeaderLines } from "./message/respond.ts";
export { reasonPhrase } from "./message/status.ts";
export { isSipUri, makeUri, parseUri, type SipUri, type UriParts } from "./message/uri.ts";
export type { PingOutcome } from "./registration/ping.ts";
export { type Binding, Registrar, type UnregisterReason } from "./registration/registrar.ts";
export {
  TrunkRegistration,
  type TrunkRegistrationChange,
  type TrunkRegistrationOptions,
  type TrunkRegistrationState,
} from "./registration/trunk-registration.ts";
export type { DatagramPort } from "./transport/datagram-flow.ts";
export {
  type DnsAnswer,
  type DnsResolver,
  type NaptrRecord,
  type SrvRecord,
  systemDns,
} from "./transport/dns-resolver.ts";
export type { Flow, FlowOwner, Listener, TlsListener } from "./transport/flow.ts";
export { type Destination, locate } from "./transport/locate.ts";
export type { TlsTrust } from "./transport/tls-trust.ts";
export type { WebSocketPeer } from "./transport/websocket-flow.ts";
export { type SipStats, UserAgent, type UserAgentOptions } from "./user-agent.ts";
