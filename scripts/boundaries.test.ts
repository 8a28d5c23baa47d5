import { describe, expect, test } from "vitest";
import { boundaryViolations } from "./boundaries.ts";

/** The violations of one file, without its place. */
function found(path: string, text: string): string[] {
  return boundaryViolations([{ path, text }]).map((line) => line.replace(`${path}:`, ""));
}

describe("import table", () => {
  test("an arrow of the table is allowed, one that is not there is refused with its line", () => {
    expect(found("packages/routing/src/a.ts", 'import { x } from "@svara/calendar";')).toEqual([]);
    expect(found("packages/kernel/src/a.ts", '\nimport { x } from "@svara/sip";')).toEqual([
      "2 packages/kernel may not import @svara/sip (scripts/boundary-table.ts, design section 3)",
    ]);
  });

  test.each([
    ["a type import", 'import type { X } from "@svara/telephony";'],
    ["a re-export", 'export { x } from "@svara/telephony";'],
    ["a re-export of all", 'export * from "@svara/telephony";'],
    ["a dynamic import", 'const x = await import("@svara/telephony");'],
    ["an import type", 'type X = import("@svara/telephony").X;'],
    ["an import for its effect", 'import "@svara/telephony";'],
  ])("%s counts", (_, text) => {
    expect(found("packages/routing/src/a.ts", text)).toHaveLength(1);
  });

  test("what only looks like an import does not count", () => {
    const text = '// import { x } from "@svara/sip";\nconst text = `import { x } from "@svara/sip"`;';
    expect(found("packages/kernel/src/a.ts", text)).toEqual([]);
  });

  test("a package has one door, and tests one more", () => {
    expect(found("packages/sip/src/a.ts", 'import { x } from "@svara/kernel/src/clock.ts";')[0]).toContain(
      "past the door",
    );
    expect(found("packages/sip/src/a.ts", 'import { x } from "@svara/kernel/testing";')[0]).toContain(
      "outside of a test",
    );
    expect(found("packages/sip/src/a.test.ts", 'import { x } from "@svara/kernel/testing";')).toEqual([]);
    expect(found("packages/sip/src/a.ts", 'import { x } from "@svara/kernel/expression";')).toEqual([]);
  });

  test("no relative path leaves the package", () => {
    expect(found("packages/sip/src/a.ts", 'import { x } from "../../media/src/rtp.ts";')[0]).toContain(
      "reaches out of packages/sip",
    );
    expect(found("packages/sip/src/call/a.ts", 'import { x } from "../dialog/b.ts";')).toEqual([]);
  });

  test("a workspace that the table does not name is refused", () => {
    expect(found("packages/magic/src/a.ts", "")[0]).toContain("does not name");
  });
});

describe("purity", () => {
  test("a pure package imports neither Node nor a library; its tests may", () => {
    expect(found("packages/routing/src/a.ts", 'import { readFileSync } from "node:fs";')[0]).toContain(
      "no Node API",
    );
    expect(found("packages/routing/src/a.ts", 'import { readFileSync } from "fs";')[0]).toContain(
      "no Node API",
    );
    expect(found("packages/routing/src/a.ts", 'import { z } from "zod";')[0]).toContain("no foreign library");
    expect(found("packages/routing/src/a.test.ts", 'import fc from "fast-check";')).toEqual([]);
    const plans = 'import { parsePhoneNumberFromString } from "libphonenumber-js/max";';
    expect(found("packages/dialing/src/destination.ts", plans)).toEqual([]);
    expect(found("packages/dialing/src/lines.ts", plans)[0]).toContain("no foreign library");
    expect(found("packages/media/src/a.ts", 'import { createSocket } from "node:dgram";')).toEqual([]);
  });

  test("a pure package uses no global of Node", () => {
    expect(found("packages/ledger/src/a.ts", "export const x = process.env.HOME;")[0]).toContain(
      "uses process",
    );
    expect(found("packages/ledger/src/a.ts", 'export const x = Buffer.from("a");')[0]).toContain(
      "uses Buffer",
    );
    expect(
      found("packages/ledger/src/a.ts", "export const x = (job: { process: number }) => job.process;"),
    ).toEqual([]);
  });

  test.each([
    "Date.now()",
    "new Date()",
    "Math.random()",
    "setTimeout(() => {}, 1)",
    "performance.now()",
    "crypto.randomUUID()",
  ])("no package takes %s from its surroundings", (expression) => {
    expect(found("packages/sip/src/a.ts", `export const x = () => ${expression};`)).toHaveLength(1);
    expect(found("packages/sip/src/a.test.ts", `export const x = () => ${expression};`)).toEqual([]);
  });

  test("what makes shipped files at development time may use Node", () => {
    const text = 'import { execFileSync } from "node:child_process";';
    expect(found("packages/flows/tools/make-prompts.ts", text)).toEqual([]);
    expect(found("packages/flows/src/tools.ts", text)).toHaveLength(1);
  });

  test("a given instant is no clock", () => {
    expect(
      found("packages/sip/src/a.ts", "export const x = (at: number) => new Date(at).toISOString();"),
    ).toEqual([]);
  });

  test("kernel's clock is the one exemption", () => {
    expect(found("packages/kernel/src/clock.ts", "export const x = () => Date.now();")).toEqual([]);
    expect(found("packages/kernel/src/ids.ts", "export const x = () => Date.now();")).toHaveLength(1);
  });
});

describe("capabilities of the server", () => {
  const queues = {
    path: "apps/server/src/queues/queue.repository.ts",
    text: 'db.insertInto("queue").values(q); db.selectFrom("queue as q");',
  };

  test("nobody imports another's repository", () => {
    const text = 'import { x } from "../queues/queue.repository.ts";';
    expect(found("apps/server/src/agents/a.ts", text)[0]).toContain(
      'reaches into the repository of "queues"',
    );
    expect(found("apps/server/src/queues/a.ts", 'import { x } from "./queue.repository.ts";')).toEqual([]);
    expect(found("apps/server/src/agents/a.ts", 'import { x } from "../queues/open-queue.ts";')).toEqual([]);
  });

  test("a table is read where it is written, and nowhere else", () => {
    const reader = {
      path: "apps/server/src/agents/a.ts",
      text: 'db.selectFrom("agent").innerJoin("queue", "a", "b");',
    };
    expect(boundaryViolations([queues])).toEqual([]);
    expect(boundaryViolations([queues, reader])).toEqual([
      'apps/server/src/agents/a.ts:1 "agents" reads table "queue" of "queues": call that capability\'s use cases',
    ]);
  });

  test("a table has one writer", () => {
    const writer = { path: "apps/server/src/agents/a.ts", text: 'db.updateTable("queue").set({});' };
    expect(boundaryViolations([queues, writer])[0]).toContain("is written by queues and agents");
  });
});
