import { describe, expect, it } from "vitest";
import { endOfAttempt, endOfCall, refusalStatus } from "./leg-end.ts";

describe("how a leg ended", () => {
  it.each([
    [486, "far_end", "busy"],
    [600, "far_end", "busy"],
    [480, "far_end", "refused"],
    [603, "far_end", "refused"],
    [403, "far_end", "forbidden"],
    [407, "far_end", "forbidden"],
    [404, "far_end", "not_found"],
    [484, "far_end", "not_found"],
    [408, "far_end", "no_answer"],
    [488, "far_end", "no_common_codec"],
    [487, "far_end", "cancelled"],
    [503, "carrier", "congestion"],
    [500, "carrier", "congestion"],
    [502, "carrier", "failed"],
    [699, "far_end", "failed"],
  ] as const)("[TE7] an attempt refused with %i is the doing of %s: %s", (status, doing, cause) => {
    expect(endOfAttempt({ by: "remote", status, reason: "" })).toEqual({ doing, cause, status });
  });

  it("[TE7] tells an attempt that rang out, was cancelled, had no device or no network", () => {
    expect(endOfAttempt({ by: "timeout", status: 408, reason: "" })).toMatchObject({ cause: "no_answer" });
    expect(endOfAttempt({ by: "local", status: 487, reason: "" })).toMatchObject({
      doing: "us",
      cause: "cancelled",
    });
    expect(endOfAttempt({ by: "local", status: 480, reason: "" })).toMatchObject({
      doing: "us",
      cause: "not_registered",
    });
    expect(endOfAttempt({ by: "transport", status: 503, reason: "" })).toMatchObject({
      doing: "carrier",
      cause: "transport_lost",
    });
  });

  it("[TE7] [TE15] tells a hang-up from a caller who gave up", () => {
    expect(endOfCall({ by: "remote" }, true)).toEqual({ doing: "far_end", cause: "normal" });
    expect(endOfCall({ by: "remote", status: 487 }, false)).toEqual({
      doing: "far_end",
      cause: "cancelled",
      status: 487,
    });
    expect(endOfCall({ by: "local" }, true)).toEqual({ doing: "us", cause: "normal" });
    expect(endOfCall({ by: "transport" }, true)).toEqual({ doing: "carrier", cause: "transport_lost" });
    expect(endOfCall({ by: "timeout", status: 408 }, true)).toMatchObject({ doing: "carrier" });
  });

  it("[TE9] refuses with the status of the cause", () => {
    expect(refusalStatus("busy")).toBe(486);
    expect(refusalStatus("refused")).toBe(603);
    expect(refusalStatus("not_found")).toBe(404);
    expect(refusalStatus("congestion")).toBe(503);
    expect(refusalStatus("forbidden")).toBe(403);
    expect(refusalStatus("unavailable")).toBe(480);
  });
});
