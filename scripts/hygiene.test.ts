import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkHygiene, hygieneViolations } from "./hygiene.ts";

const found = (path: string, text: string) => hygieneViolations([{ path, text }]);
const at = (...parts: string[]) => `/${parts.join("/")}`;

describe("hygiene", () => {
  test("a path of one machine is found wherever it is written", () => {
    expect(found("README.md", `ok\nsee ${at("home", "ann", "svara")}`)).toEqual([
      `README.md:2 names a path of one machine: ${at("home", "ann")}`,
    ]);
    expect(found("a.ts", `const x = "${at("work", "main")}";`)).toHaveLength(1);
    expect(found("a.ts", `const x = "${at("root", ".npmrc")}";`)).toHaveLength(1);
  });

  test("a route, a relative path and a placeholder are none", () => {
    expect(
      found(
        "a.ts",
        'get("/api/home/x"); import "./tmp/a.ts"; const y = `$' + '{base}/home/a`; cd("/homely/x");',
      ),
    ).toEqual([]);
  });

  test("the lock file names no registry, and workspaces by their folder", () => {
    const entry = (resolved: string) => `{\n  "resolved": "${resolved}"\n}`;
    expect(found("package-lock.json", entry("packages/kernel"))).toEqual([]);
    expect(found("package-lock.json", entry("https://registry.example/a.tgz"))[0]).toContain(
      "package-lock.json:2 binds",
    );
    expect(found("package-lock.json", entry("git+ssh://git@host/a.git"))).toHaveLength(1);
  });

  test("a checkout without git is read as well, down to its own folders and no further", () => {
    const root = mkdtempSync(join(tmpdir(), "svara-hygiene-"));
    for (const folder of [".ci", "docs", "node_modules"]) {
      mkdirSync(join(root, folder));
      writeFileSync(join(root, folder, "run"), at("home", "ann"));
    }
    writeFileSync(join(root, "README.md"), at("home", "bob"));
    const files = checkHygiene(root).map((violation) => violation.split(":")[0]);
    rmSync(root, { recursive: true });
    expect(files).toEqual([".ci/run", "README.md", "docs/run"]);
  });
});
