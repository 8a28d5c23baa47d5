import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareDataFolder, requireRoomForDatabase } from "./prepare-data-folder.ts";

let folder = "";
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(tmpdir(), "svara-data-"));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test("the data folder is made with what is above it, and left clean; twice is harmless", () => {
  const dataDir = path.join(folder, "a", "b");
  prepareDataFolder(dataDir);
  prepareDataFolder(dataDir);
  expect(fs.readdirSync(dataDir)).toEqual([]);
});

test("a file in its place is named with the setting", () => {
  const file = path.join(folder, "file");
  fs.writeFileSync(file, "");
  for (const dataDir of [file, path.join(file, "below")])
    expect(() => prepareDataFolder(dataDir)).toThrow(/SVARA_DATA_DIR=.*a folder is needed/);
});

test.runIf(process.platform === "linux")("a place where the system forbids folders is told at once", () => {
  expect(() => prepareDataFolder("/proc/svara")).toThrow(/SVARA_DATA_DIR=\/proc\/svara cannot be used/);
});

test("a disk without room for a new database is told; a database that is there is opened all the same", () => {
  const freeBytes = 20 * 2 ** 20;
  expect(() => requireRoomForDatabase(folder, freeBytes)).toThrow(/needs 400 MB, and 20 MB are free/);
  fs.writeFileSync(path.join(folder, "secret.key"), "");
  requireRoomForDatabase(folder, freeBytes);
});
