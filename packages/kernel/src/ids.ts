import type { Clock } from "./clock.ts";
import { hexOf, type Random } from "./random.ts";

/** A string that names one kind of thing only: `Brand<string, "AgentId">` does not fit where a `QueueId` is asked. */
export type Brand<T, Name extends string> = T & { readonly __brand?: Name };

export type CentreId = Brand<string, "CentreId">;
export type ClientId = Brand<string, "ClientId">;
export type SiteId = Brand<string, "SiteId">;
export type TeamId = Brand<string, "TeamId">;
export type UserId = Brand<string, "UserId">;
export type AgentId = Brand<string, "AgentId">;
export type QueueId = Brand<string, "QueueId">;
export type SkillId = Brand<string, "SkillId">;
export type ContactId = Brand<string, "ContactId">;
export type SegmentId = Brand<string, "SegmentId">;
export type CustomerId = Brand<string, "CustomerId">;
export type OfferId = Brand<string, "OfferId">;
export type LegId = Brand<string, "LegId">;
export type BridgeId = Brand<string, "BridgeId">;
export type RecordingId = Brand<string, "RecordingId">;
export type EntryPointId = Brand<string, "EntryPointId">;
export type TrunkId = Brand<string, "TrunkId">;
export type EndpointId = Brand<string, "EndpointId">;
export type PromptId = Brand<string, "PromptId">;
export type HoursId = Brand<string, "HoursId">;

/** The source of identifiers. */
export interface Ids {
  /** A new UUIDv7 (RFC 9562, section 5.7): sorts by the time of its making. */
  next(): string;
}

/** UUIDv7 with a 12-bit counter in rand_a, so that ids made within one millisecond sort in order of making. */
export class UuidV7 implements Ids {
  readonly #clock: Clock;
  readonly #random: Random;
  #ms = 0;
  #counter = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  next(): string {
    const now = this.#clock.now();
    if (now > this.#ms) {
      this.#ms = now;
      this.#counter = (this.#random.bytes(1)[0] ?? 0) & 0x7f;
    } else if (++this.#counter > 0xfff) {
      this.#ms++;
      this.#counter = 0;
    }
    const time = this.#ms.toString(16).padStart(12, "0");
    const tail = this.#random.bytes(8);
    tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
    const rest = hexOf(tail);
    const count = this.#counter.toString(16).padStart(3, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  }
}
