export { stateIndex } from "./agent.ts";
export type { AgentReason } from "./agent-reasons.ts";
export { checkRouting } from "./check-routing.ts";
export type {
  FindingCode,
  FindingParams,
  FindingSubject,
  RoutingFinding,
} from "./checks/finding.ts";
export type { RoutingPlan } from "./checks/plan.ts";
export type {
  Candidate,
  Decision,
  DecisionType,
  Explanation,
  IgnoreCode,
  OfferWithdrawReason,
} from "./decision.ts";
export { DirectRouter } from "./direct-router.ts";
export { ENGINE_VERSIONS, type EngineVersion, versionsBetween } from "./engine-versions.ts";
export type { WaitEvent, WaitExplanation } from "./explain.ts";
export {
  explainFromJournal,
  type PastFloor,
  routerAt,
  whyNotFromJournal,
} from "./explain-from-journal.ts";
export type { BlendThreshold } from "./gate.ts";
export { hashOf, IdTable, KNOWN_HASHES } from "./id-table.ts";
export type {
  AttemptOutcome,
  Input,
  InputType,
  OfferFailure,
  PresenceBy,
  WithdrawReason,
} from "./input.ts";
export {
  type Difference,
  type JournalEntry,
  JournalledRouter,
  Replayer,
  type ReplayResult,
  replay,
} from "./journal.ts";
export { describeDifference, describeVersions, firstMismatch, type Mismatch } from "./journal-difference.ts";
export {
  entryLine,
  JOURNAL_FORMAT,
  JOURNAL_VERSION,
  type JournalEnd,
  type JournalEntryLine,
  type JournalHeader,
  type JournalLine,
  type JournalSnapshot,
} from "./journal-line.ts";
export { type Crc32, JournalReader } from "./journal-reader.ts";
export {
  type MadeOffer,
  type OtherDecision,
  type RouterListener,
  type ToldAgent,
  tellDecisions,
} from "./listener.ts";
export {
  AGENT_STATES,
  type Ageing,
  type AgentConfig,
  type AgentState,
  type AgentStrategyName,
  type AgentView,
  type BlendRule,
  type CallbackPolicy,
  type CallbackWish,
  type CapacityRules,
  type CriteriaStep,
  type CrossSellRule,
  DEFAULT_RULES,
  type Facts,
  type GroupId,
  type HandlingPhase,
  type HandlingView,
  type Initiation,
  type ItemId,
  MEDIA,
  type Medium,
  type OverflowRule,
  type OverflowTarget,
  type Presence,
  type QueueConfig,
  type QueueStats,
  type Requirement,
  type RouterRules,
  type RoutingCriterion,
  type SiteId,
  type SkillNeed,
  type Tier,
  type WaitEstimate,
  type WaitingCost,
  type WorkItem,
  type WorkKind,
  type WorkStrategyName,
  type WrapUpRule,
} from "./model.ts";
export { ENGINE_VERSION, Router, type RouterOptions } from "./router.ts";
export type { RouterSnapshot } from "./snapshot.ts";
export type {
  AgentFacts,
  AgentStrategy,
  ItemFacts,
  SkillSetFacts,
  WorkStrategy,
} from "./strategies/strategy.ts";
