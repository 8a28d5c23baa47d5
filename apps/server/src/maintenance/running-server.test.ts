import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseSecondServer } from "./running-server.ts";

let dataDir: string;
let other: Server;
let address: string;

beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), "svara-second-"));
  other = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const place = other.address();
  address = `http://127.0.0.1:${typeof place === "object" ? place?.port : 0}`;
});

afterEach(async () => {
  if (other.listening) await new Promise((resolve) => other.close(resolve));
  rmSync(dataDir, { recursive: true });
});

const announce = (pid: number): void =>
  writeFileSync(path.join(dataDir, "server.json"), JSON.stringify({ pid, address }));

test("a server that runs on the same data is left in peace", async () => {
  announce(process.ppid);
  await expect(refuseSecondServer(dataDir)).rejects.toMatchObject({ code: "start.already_running" });
});

test("what a crash left behind hinders nobody", async () => {
  await refuseSecondServer(dataDir);
  announce(process.ppid); // the number of another program by now
  await new Promise((resolve) => other.close(resolve));
  await refuseSecondServer(dataDir);
  announce(2 ** 30); // no such process
  await refuseSecondServer(dataDir);
});
