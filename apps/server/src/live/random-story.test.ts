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

  it("reaches what it is meant to reach", async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 8; seed++) {
      const story = new RandomStory(seed);
      await story.begin();
      for (let i = 0; i < STEPS; i++) await story.step();
      for (const event of story.rig.ledger) {
        seen.add(event.type);
        if (event.type === "transfer.completed") seen.add(`${event.type} ${event.payload.kind}`);
        if (event.type === "leg.ended") seen.add(`${event.type} ${event.payload.cause}`);
        if (event.type === "callback.attempted") seen.add(`${event.type} ${event.payload.outcome}`);
        if (event.type === "agent.logged_out") seen.add(`${event.type} ${event.payload.reason}`);
        if (event.type === "contact.created" && event.payload.linkedTo) seen.add("consultation");
      }
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        "offer.refused",
        "offer.timed_out",
        "offer.withdrawn",
        "transfer.completed blind",
        "transfer.completed consult",
        "transfer.cancelled",
        "leg.held",
        "leg.ended media_timeout",
        "recording.failed",
        "call.blocked",
        "consultation",
        "routing.stepped",
        "routing.overflowed",
        "wait.predicted",
        "contact.escalated",
        "crosssell.asked",
        "callback.promised",
        "callback.attempted answered",
        "callback.attempted failed",
        "agent.logged_out connection_lost",
      ]),
    );
  }, 60_000);
});
