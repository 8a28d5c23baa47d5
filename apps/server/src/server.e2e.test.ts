import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer, type Server } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { api, createApiClient } from "@svara/contracts";
import { SecureRandom, SystemClock } from "@svara/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCertificate, type RunningServer, readSettings, startServer } from "./index.ts";

/** Above the ephemeral ports that other tests take by chance. */
const RTP_PORTS = "61000-61099";

const dataDir = mkdtempSync(path.join(tmpdir(), "svara-start-"));
const env = (port: number | string) => ({
  SVARA_DATA_DIR: dataDir,
  SVARA_HTTP_PORT: String(port),
  SVARA_SIP_PORT: "0",
  SVARA_RTP_PORTS: RTP_PORTS,
  SVARA_LOG_LEVEL: "silent",
});
let server: RunningServer;
let blocker: Server;

beforeAll(async () => {
  server = await startServer(readSettings(env(0)));
});
afterAll(async () => {
  await server.close();
  blocker?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const portOf = (address: string): number => Number(new URL(address).port);

async function reaches(host: string, port: number): Promise<boolean> {
  return fetch(`http://${host}:${port}/api/health`).then(
    (response) => response.ok,
    () => false,
  );
}

/** An address of this machine that others see; undefined where there is none. */
function ownAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((found) => found?.family === "IPv4" && !found.internal)?.address;
}

test("only this machine is served until the first administrator exists, then others too; nobody is cut off", async () => {
  const port = portOf(server.address);
  const outside = ownAddress();
  expect(await reaches("127.0.0.1", port)).toBe(true);
  if (outside !== undefined) expect(await reaches(outside, port)).toBe(false);
  const token = new URL(server.firstRunLink ?? "").hash.replace("#token=", "");
  const client = createApiClient({ baseUrl: server.address });
  const session = await client.call(api.identity.firstRun, {
    body: { token, username: "boss", displayName: "Boss", password: "a long enough one", language: "uk" },
  });
  expect(session.user).toMatchObject({ username: "boss", language: "uk" });
  await expect.poll(() => reaches("127.0.0.1", port)).toBe(true);
  if (outside !== undefined) await expect.poll(() => reaches(outside, port)).toBe(true);
});

test("a forgotten password is reset at the console while the server runs", async () => {
  const { password } = JSON.parse(await atTheConsole("boss")) as { password: string };
  const client = createApiClient({ baseUrl: server.address });
  const session = await client.call(api.identity.signIn, { body: { username: "boss", password } });
  expect(session.user.mustChangePassword).toBe(true);
  await expect(atTheConsole("nobody")).rejects.toThrow(/there is no user nobody/);
});

/** `resetUser` in a process of its own, as the command runs it. */
async function atTheConsole(login: string): Promise<string> {
  const door = path.join(import.meta.dirname, "index.ts");
  const code = `import { readSettings, resetUser } from ${JSON.stringify(door)};
    console.log(JSON.stringify(await resetUser(readSettings(process.env), { login: ${JSON.stringify(login)} })));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
    env: { ...process.env, ...env(0) },
  });
  return stdout;
}

test("a port that is taken is named with the setting that moves us; a certificate makes it HTTPS", async () => {
  await server.close();
  blocker = createServer().listen(0, "0.0.0.0");
  await new Promise((resolve) => blocker.once("listening", resolve));
  const taken = (blocker.address() as { port: number }).port;
  await expect(startServer(readSettings(env(taken)))).rejects.toMatchObject({
    code: "port_taken",
    field: "SVARA_HTTP_PORT",
    message: expect.stringContaining(String(taken)),
  });
  const made = makeCertificate(
    { dataDir, names: { dns: ["localhost"], ip: ["127.0.0.1"] }, renewAuthority: false },
    { clock: new SystemClock(), random: new SecureRandom() },
  );
  server = await startServer(readSettings(env(0)));
  expect(server.address).toMatch(/^https:/);
  expect(server.firstRunLink).toBeUndefined();
  const status = await new Promise((resolve, reject) => {
    const options = { ca: readFileSync(made.authorityPath), path: "/api/health" };
    request(server.address, options, (response) => resolve(response.statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(200);
});
