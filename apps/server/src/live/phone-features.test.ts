import { DEFAULT_FEATURE_CODES } from "@svara/contracts";
import { describe, expect, it } from "vitest";
import { dialledFeature } from "./phone-features.ts";

const dialled = (digits: string) => dialledFeature(digits, DEFAULT_FEATURE_CODES);

describe("feature codes", () => {
  it.each([
    ["*1201", "listen", "201"],
    ["*8", "pick_up", ""],
    ["*8202", "pick_up", "202"],
    ["*70", "park", ""],
    ["*711", "fetch_parked", "1"],
    ["*7112", "fetch_parked", "12"],
    ["*72+46812345", "divert_always", "+46812345"],
    ["*73", "divert_off", ""],
    ["*78", "do_not_disturb_on", ""],
  ])("%s is %s", (digits, feature, argument) => {
    expect(dialled(digits)).toEqual({ feature, argument });
  });

  it.each(["201", "*1", "*72", "*9", "*7", "*1abc", "*701"])("%s is none", (digits) => {
    expect(dialled(digits)).toBeUndefined();
  });

  it("are those of the centre: none for a feature without a code, the longest where two fit", () => {
    expect(dialledFeature("*70", { ...DEFAULT_FEATURE_CODES, park: null })).toBeUndefined();
    expect(dialledFeature("*8888", { ...DEFAULT_FEATURE_CODES, park: "*8888" })).toEqual({
      feature: "park",
      argument: "",
    });
  });
});
