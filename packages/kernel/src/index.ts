export { type Clock, every, type Instant, SystemClock } from "./clock.ts";
export { type Disposable, Disposables } from "./disposable.ts";
export { type ErrorInfo, SvaraError, unreachable } from "./error.ts";
export { Signal } from "./events.ts";
export {
  type AgentId,
  type Brand,
  type BridgeId,
  type CentreId,
  type ClientId,
  type ContactId,
  type CustomerId,
  type EndpointId,
  type EntryPointId,
  type HoursId,
  type Ids,
  type LegId,
  type OfferId,
  type PromptId,
  type QueueId,
  type RecordingId,
  type SegmentId,
  type SiteId,
  type SkillId,
  type TeamId,
  type TrunkId,
  type UserId,
  UuidV7,
} from "./ids.ts";
export { compileSchema, type JsonSchema, type SchemaCheck, type SchemaProblem } from "./json-schema.ts";
export { type Random, randomHex, SecureRandom, SeededRandom } from "./random.ts";
export { type TimerHandle, TimerHeap } from "./timer-heap.ts";
