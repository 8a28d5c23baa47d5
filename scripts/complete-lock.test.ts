import { describe, expect, test } from "vitest";
import { entryFor, missingOptionals } from "./complete-lock.ts";

describe("a lock file that lacks other platforms' binaries", () => {
  test("what a package pins and the lock has nowhere above it is missing", () => {
    const packages = {
      "": { optionalDependencies: { "node-linux": "1.0.0" } },
      "node_modules/node-linux": {},
      "node_modules/tool": { optionalDependencies: { "tool-mac": "2.0.0", "tool-linux": "2.0.0" } },
      "node_modules/tool-linux": {},
      "node_modules/host/node_modules/tool": {
        optionalDependencies: { "tool-inner": "1.0.0", "tool-linux": "1.0.0" },
      },
      "node_modules/host/node_modules/tool-inner": {},
    };
    expect(missingOptionals(packages)).toEqual([
      { name: "tool-mac", version: "2.0.0", parent: "node_modules/tool" },
    ]);
  });

  test.each([
    ["@x/cli-darwin-arm64", { os: ["darwin"], cpu: ["arm64"] }],
    ["@x/cli-linux-x64-musl", { os: ["linux"], cpu: ["x64"], libc: ["musl"] }],
    ["@x/cli-linux-x64", { os: ["linux"], cpu: ["x64"], libc: ["glibc"] }],
    ["@x/binding-linux-arm-gnueabihf", { os: ["linux"], cpu: ["arm"], libc: ["glibc"] }],
    ["@x/binding-linux-arm-musleabihf", { os: ["linux"], cpu: ["arm"], libc: ["musl"] }],
    ["@x/binding-win32-ia32-msvc", { os: ["win32"], cpu: ["ia32"] }],
  ])("the name %s says its platform", (name, platform) => {
    expect(entryFor({ name, version: "1.0.0", parent: "" }, false)).toEqual({
      version: "1.0.0",
      optional: true,
      ...platform,
    });
  });

  test("a name without a platform, and a range instead of a version, are left alone", () => {
    expect(entryFor({ name: "fsevents", version: "2.0.0", parent: "" }, false)).toBeUndefined();
    expect(entryFor({ name: "x-linux-x64", version: "^2.0.0", parent: "" }, false)).toBeUndefined();
  });
});
