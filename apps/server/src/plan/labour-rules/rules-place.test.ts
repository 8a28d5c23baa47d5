import { expect, test } from "vitest";
import { rulesFor, rulesPlace } from "./rules-place.ts";

const set = (id: string, teamIds: string[], siteIds: string[]) => ({ id, value: { teamIds, siteIds } });

test("a team's rules go before its site's, and those before everybody's", () => {
  const sets = [set("all", [], []), set("site", [], ["s"]), set("team", ["t"], [])];
  expect(rulesFor(sets, { teamId: "t", siteId: "s" })?.id).toBe("team");
  expect(rulesFor(sets, { teamId: "u", siteId: "s" })?.id).toBe("site");
  expect(rulesFor(sets, { teamId: null, siteId: null })?.id).toBe("all");
  expect(rulesFor([sets[1] as (typeof sets)[1]], { teamId: null, siteId: null })).toBeUndefined();
});

test("rules of one team stand there; those of several stand over the centre", () => {
  expect(rulesPlace({ teamIds: ["t"], siteIds: [] })).toEqual({ teamId: "t" });
  expect(rulesPlace({ teamIds: [], siteIds: ["s"] })).toEqual({ siteId: "s" });
  expect(rulesPlace({ teamIds: ["t"], siteIds: ["s"] })).toEqual({});
  expect(rulesPlace({ teamIds: [], siteIds: [] })).toEqual({});
});
