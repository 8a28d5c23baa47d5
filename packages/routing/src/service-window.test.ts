import { expect, test } from "vitest";
import { ServiceWindow } from "./service-window.ts";

test("[RT58] asking for a service level forgets nothing", () => {
  const window = new ServiceWindow();
  window.answered(0, true);
  const before = JSON.stringify(window.minutes());
  expect(window.share(29 * 60_000)).toBe(1);
  expect(window.share(30 * 60_000)).toBeNull();
  expect(JSON.stringify(window.minutes())).toBe(before);
  window.goneLate(30 * 60_000);
  expect(window.minutes()).toHaveLength(1);
});
