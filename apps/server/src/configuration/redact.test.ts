import { describe, expect, it } from "vitest";
import { REDACTED, redact, withoutRedacted } from "./redact.ts";

describe("redact", () => {
  const trunk = { host: "a", auth: { user: "u", password: "p" }, peers: [{ key: "1" }, { key: "2" }] };

  it("replaces the values at its paths, also in lists, and leaves the original alone", () => {
    expect(redact(trunk, ["auth.password", "peers.*.key", "not.there"])).toEqual({
      host: "a",
      auth: { user: "u", password: REDACTED },
      peers: [{ key: REDACTED }, { key: REDACTED }],
    });
    expect(trunk.auth.password).toBe("p");
  });

  it("leaves absent and null values as they are: no secret was set", () => {
    expect(redact({ auth: { password: null } }, ["auth.password", "auth.key"])).toEqual({
      auth: { password: null },
    });
    expect(redact(null, ["a"])).toBeNull();
  });

  it("is taken away again, so that writing leaves the secret as it is", () => {
    expect(withoutRedacted(redact(trunk, ["auth.password"]))).toEqual({ ...trunk, auth: { user: "u" } });
  });
});
