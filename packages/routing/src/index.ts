export type {
  Candidate,
  Decision,
  DecisionType,
  Explanation,
  IgnoreCode,
  OfferWithdrawReason,
} from "./decision.ts";
export type { Input, InputType, OfferFailure, PresenceBy, WithdrawReason } from "./input.ts";
export {
  type Difference,
  type JournalEntry,
  JournalledRouter,
  Replayer,
  type ReplayResult,
  replay,
} from "./journal.ts";
export {
  AGENT_STATES,
  type AgentConfig,
  type AgentState,
  type AgentStrategyName,
  type AgentView,
  type HandlingPhase,
  type HandlingView,
  type Initiation,
  type ItemId,
  MEDIA,
  type Medium,
  type Presence,
  type QueueConfig,
  type QueueStats,
  type SkillNeed,
  type WorkItem,
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
