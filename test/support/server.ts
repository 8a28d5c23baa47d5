import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { firstRun, type HttpSession } from "../../apps/server/src/demo/http-session.ts";
import { type RunningServer, type StartOptions, startServer } from "../../apps/server/src/server.ts";
import { createLog } from "../../apps/server/src/settings/log.ts";
import type { Settings } from "../../apps/server/src/settings/settings.ts";
import { freePort, portRange } from "./ports.ts";

export const ADMIN = { username: "admin", password: "a long secret of the admin" };

/** A real server on loopback in a data folder of its own. */
export interface TestServer {
  readonly running: RunningServer;
  readonly baseUrl: string;
  readonly sip: { readonly host: string; readonly port: number };
  readonly dataDir: string;
  readonly settings: Settings;
  /** Everything it logged, at level `debug`. */
  readonly log: () => string;
  /** Warnings and errors of the log. */
  readonly complaints: () => string;
  close(): Promise<void>;
}

/** Settings for a server of a test's own: loopback, free ports, a fresh data folder. */
export async function testSettings(): Promise<Settings> {
  return {
    httpHost: "127.0.0.1",
    httpPort: await freePort(),
    sipBind: "127.0.0.1",
    sipPort: await freePort(),
    turn: null,
    mediaAddress: "127.0.0.1",
    rtpPorts: portRange(800),
    webrtcPort: 0,
    mediaHosts: null,
    dataDir: await dataFolder(),
    databaseUrl: null,
    tls: null,
    secretKey: null,
    logLevel: "debug",
  };
}

/** A fresh folder that every account may enter, so that the embedded PostgreSQL lives inside it and goes with it. */
async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "svara-e2e-"));
  await chmod(folder, 0o755);
  return folder;
}

/** Starts a server in this process. */
export async function startTestServer(
  options: Pick<StartOptions, "demo" | "reattachGraceMs"> = {},
): Promise<TestServer> {
  const settings = await testSettings();
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const running = await startServer(settings, { log: createLog("debug", destination), ...options });
  return {
    running,
    baseUrl: `http://127.0.0.1:${settings.httpPort}`,
    sip: { host: "127.0.0.1", port: settings.sipPort },
    dataDir: settings.dataDir,
    settings,
    log: () => lines.join(""),
    complaints: () => complaintsIn(lines),
    async close() {
      await running.close();
      await rm(settings.dataDir, { recursive: true, force: true });
    },
  };
}

/** Warnings and errors, each said once. */
function complaintsIn(lines: readonly string[]): string {
  const said = new Set<string>();
  for (const line of lines) {
    if (!/"level":[4-6]0/.test(line)) continue;
    said.add(line.replace(/"(time|pid|hostname|requestId)":("[^"]*"|\d+),/g, "").slice(0, 700));
  }
  return [...said].slice(0, 12).join("\n");
}

/** Makes the first administrator by the link that the server printed. */
export function becomeAdmin(baseUrl: string, firstRunLink: string | undefined): Promise<HttpSession> {
  const token = /[#?]token=([^&]+)/.exec(firstRunLink ?? "")?.[1];
  if (!token) throw new Error(`no token in the first-run link ${firstRunLink}`);
  return firstRun(baseUrl, {
    ...ADMIN,
    token,
    displayName: "Ada Admin",
    language: "en",
    centreName: "Test centre",
    timeZone: "Europe/Stockholm",
    country: "SE",
  });
}
