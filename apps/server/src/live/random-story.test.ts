import { describe, expect, it } from "vitest";
import { RandomStory } from "./testing/random-story.ts";

const SEEDS = Number(process.env.STORY_SEEDS ?? 22);
const FIRST = Number(process.env.STORY_FIRST ?? 1);
const STEPS = Number(process.env.STORY_STEPS ?? 300);

describe("a floor where everybody does everything", () => {
  const seen = new Set<string>();

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
      for (const event of story.rig.ledger) for (const word of wordsOf(event)) seen.add(word);
    },
    60_000,
  );

  it("reaches what it is meant to reach", () => {
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
        "conference.joined",
        "conference.left",
        "park.started",
        "park.ended picked_up",
        "call.picked_up",
        "monitor.started",
        "monitor.changed",
        "monitor.ended",
        "contact.taken_over",
        "leg.moved",
        "leg.media_restored",
      ]),
    );
  });
});

function* wordsOf(event: RandomStory["rig"]["ledger"][number]): Iterable<string> {
  yield event.type;
  if (event.type === "transfer.completed") yield `${event.type} ${event.payload.kind}`;
  if (event.type === "leg.ended") yield `${event.type} ${event.payload.cause}`;
  if (event.type === "park.ended") yield `${event.type} ${event.payload.reason}`;
  if (event.type === "callback.attempted") yield `${event.type} ${event.payload.outcome}`;
  if (event.type === "agent.logged_out") yield `${event.type} ${event.payload.reason}`;
  if (event.type === "contact.created" && event.payload.linkedTo) yield "consultation";
}
