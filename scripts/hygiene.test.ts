import { describe, expect, test } from "vitest";
import { hygieneViolations } from "./hygiene.ts";

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
});
