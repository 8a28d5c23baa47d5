import { expect, test } from "vitest";
import { stateIndex } from "./agent.ts";
import { mediaBits, mediumBit, mediumIndex } from "./medium-bits.ts";
import { AGENT_STATES, MEDIA, type Medium } from "./model.ts";

test("every medium and state has the place that its list gives it, and no other word has one", () => {
  expect(MEDIA.map(mediumIndex)).toEqual(MEDIA.map((_, i) => i));
  expect(AGENT_STATES.map(stateIndex)).toEqual(AGENT_STATES.map((_, i) => i));
  expect([mediumIndex("toString" as Medium), mediumBit("fax machine" as Medium)]).toEqual([-1, 0]);
  expect(mediaBits(MEDIA)).toBe(255);
});
