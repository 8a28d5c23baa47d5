import { describe, expect, it } from "vitest";
import { RandomStory } from "./testing/random-story.ts";

const SEEDS = Number(process.env.STORY_SEEDS ?? 6);
const FIRST = Number(process.env.STORY_FIRST ?? 1);
const STEPS = Number(process.env.STORY_STEPS ?? 400);

describe("a floor where everybody does everything", () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))(
    "leaves nothing behind and a true ledger (seed %i)",
    async (seed) => {
      const story = new RandomStory(seed);
      await story.begin();
      try {
        for (let i = 0; i < STEPS; i++) await story.step();
        await story.end();
      } catch (error) {
        throw new Error(`seed ${seed}: ${error}\n${story.rig.warnings.slice(-12).join("\n")}`, {
          cause: error,
        });
      }
      expect(story.rig.warnings.filter((w) => /^(live work|work on a contact) failed/.test(w))).toEqual([]);
    },
    60_000,
  );
});
