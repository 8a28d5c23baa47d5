import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SystemClock } from "@svara/kernel";
import { afterAll, afterEach, beforeEach, expect, type TestContext, test } from "vitest";
import type { CallEnd } from "./call/call-end.ts";
import type { IncomingCall } from "./call/incoming-call.ts";
import { FixedAuthority, sdp, testAgent } from "./testing.ts";
import type { UserAgent } from "./user-agent.ts";

const hasSipp = spawnSync("sipp", ["-v"]).error === undefined;
const work = mkdtempSync(join(tmpdir(), "svara-sipp-"));
const running: ChildProcess[] = [];

let server: UserAgent;
let port = 0;

beforeEach(async (context: TestContext) => {
  if (!hasSipp) return context.skip("sipp is not installed");
  server = testAgent({ clock: new SystemClock(), authority: new FixedAuthority({ "101": "right" }) });
  ({ port } = await server.listenUdp({ host: "127.0.0.1", port: 0 }));
  await server.listenTcp({ host: "127.0.0.1", port });
});

afterEach(async () => {
  for (const child of running.splice(0)) child.kill();
  await server?.close();
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Runs a scenario of ours; resolves with "" when it passed, else with what SIPp complained of. */
function sipp(scenario: string, args: readonly string[]): Promise<string> {
  const file = join(import.meta.dirname, "sipp", `${scenario}.xml`);
  const local = [
    "-i",
    "127.0.0.1",
    "-mi",
    "127.0.0.1",
    "-nostdin",
    "-timeout",
    "30s",
    "-timeout_error",
    "-trace_err",
  ];
  const target = args.includes("-listen") ? [] : [`127.0.0.1:${port}`];
  const own = args.filter((arg) => arg !== "-listen");
  const child = spawn("sipp", [...target, "-sf", file, ...local, ...own], { cwd: work, stdio: "ignore" });
  running.push(child);
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code === 0 ? "" : `exit ${code}: ${complaints(child.pid ?? 0)}`));
  });
}

function complaints(pid: number): string {
  const logs = readdirSync(work).filter((name) => name.includes(`_${pid}_errors`));
  return logs.map((name) => readFileSync(join(work, name), "utf8")).join("\n");
}

/** A UDP port that is free now. */
async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port: free } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return free;
}

const LOGIN = ["-key", "user", "101", "-au", "101", "-ap", "right"];

test.each([
  ["u1", 50],
  ["t1", 20],
])("calls with login over %s come up and end", async (transport, calls) => {
  const ends: CallEnd[] = [];
  server.onInvite.on((call) => {
    call.ring();
    void call.answer(sdp(5000)).then((outcome) => {
      if (outcome.kind === "confirmed") outcome.dialog.ended.on((end) => ends.push(end));
    });
  });
  const args = ["-t", transport, "-m", String(calls), "-r", "50", "-s", "100", ...LOGIN];
  expect(await sipp("call", args)).toBe("");
  expect(ends.filter(({ by }) => by === "remote")).toHaveLength(calls);
  expect(server.stats.dialogs).toBe(0);
});

test("a caller with a wrong password never reaches us", async () => {
  const calls: IncomingCall[] = [];
  server.onInvite.on((call) => calls.push(call));
  expect(
    await sipp("call", ["-m", "1", "-s", "100", "-key", "user", "101", "-au", "101", "-ap", "wrong"]),
  ).toContain("exit");
  expect(calls).toEqual([]);
});

test("a caller who gives up is withdrawn", async () => {
  await server.close();
  const authority = new FixedAuthority({}, { "127.0.0.1": "carrier" });
  server = testAgent({ clock: new SystemClock(), authority });
  ({ port } = await server.listenUdp({ host: "127.0.0.1", port: 0 }));
  const ends: CallEnd[] = [];
  server.onInvite.on((call) => {
    call.withdrawn.on((end) => ends.push(end));
    call.ring();
  });
  expect(await sipp("cancel", ["-m", "10", "-r", "20", "-s", "100"])).toBe("");
  expect(ends).toHaveLength(10);
  expect(server.activeCalls).toBe(0);
});

test("a phone registers with login, is called, and is hung up on", async () => {
  const phonePort = String(await freePort());
  expect(await sipp("register", ["-m", "1", "-p", phonePort, ...LOGIN])).toBe("");
  expect(server.registrar.bindings("101")).toMatchObject([{ contact: { port: Number(phonePort) } }]);
  const phone = sipp("phone", ["-listen", "-m", "1", "-p", phonePort]);
  const call = server.invite({ kind: "aor", user: "101" }, { offer: sdp(4000), from: { user: "100" } });
  const progress: number[] = [];
  call.progress.on(({ status }) => progress.push(status));
  await new Promise<void>((resolve, reject) => {
    call.accepted.on(({ dialog }) => {
      dialog.bye();
      resolve();
    });
    call.failed.on((failure) => reject(new Error(`failed: ${failure.status} ${failure.reason}`)));
  });
  expect(await phone).toBe("");
  expect(progress).toEqual([180]);
});
