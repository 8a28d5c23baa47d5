import { ManualClock } from "@svara/kernel/testing";
import { describe, expect, it } from "vitest";
import { digitOfInfo, KeyPresses } from "./key-presses.ts";

describe("key presses", () => {
  it("[TE40] a key that comes in two ways is one press, and pressed twice it is two", () => {
    const clock = new ManualClock();
    const keys = new KeyPresses(clock);
    expect(keys.isNew("5", "media")).toBe(true);
    expect(keys.isNew("5", "info")).toBe(false);
    clock.advance(200);
    expect(keys.isNew("5", "info")).toBe(true);
    expect(keys.isNew("5", "media")).toBe(false);
    expect(keys.isNew("6", "media")).toBe(true);
    expect(keys.isNew("6", "media"), "pressed twice in one way").toBe(true);
    clock.advance(1_000);
    expect(keys.isNew("6", "info"), "too late to be the same press").toBe(true);
  });

  it("[TE40] reads both bodies of INFO", () => {
    expect(digitOfInfo("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n")).toBe("5");
    expect(digitOfInfo("application/dtmf", "#")).toBe("#");
    expect(digitOfInfo("application/media_control+xml", "<x/>")).toBeUndefined();
  });
});
