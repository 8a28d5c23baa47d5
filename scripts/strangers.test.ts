import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { missingStrangers, STRANGERS } from "./strangers.ts";

test("a stranger is there when a folder of the path holds it as a program", () => {
  const folder = mkdtempSync(join(tmpdir(), "svara-strangers-"));
  const [first, second] = STRANGERS.map(({ command }) => command);
  writeFileSync(join(folder, first ?? ""), "");
  writeFileSync(join(folder, second ?? ""), "");
  chmodSync(join(folder, first ?? ""), 0o755);
  const missing = missingStrangers(["/nowhere", folder].join(delimiter)).map(({ command }) => command);
  expect(missing).toEqual(STRANGERS.slice(1).map(({ command }) => command));
  rmSync(folder, { recursive: true });
});
