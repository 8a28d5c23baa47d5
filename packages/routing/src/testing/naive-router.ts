import type { Instant } from "@svara/kernel";
import type { Input } from "../input.ts";
import { emptyFloor, type NaiveFloor, type PlainDecision } from "./naive/floor.ts";
import { apply } from "./naive/inputs.ts";
import { finish } from "./naive/matching.ts";
import { passUntil } from "./naive/timers.ts";

export type { PlainDecision, PlainExplanation } from "./naive/floor.ts";

/**
 * The rules of SPEC.md a second time, written to be plainly right instead of fast: flat lists, no index, nothing kept that
 * can be computed, every pair of agent and item tried after every step. Its offers are named
 * `@item/agent#n`, the nth of this item to this agent.
 */
export class NaiveRouter {
  readonly floor: NaiveFloor = emptyFloor();

  /** As `Router.handle`. */
  handle(input: Input, at: Instant): readonly PlainDecision[] {
    const { floor } = this;
    passUntil(floor, at);
    apply(floor, input);
    finish(floor);
    const out = floor.out;
    floor.out = [];
    return out;
  }
}
