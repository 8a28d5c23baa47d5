import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { costOf, databaseCost, mainThreadCost, residentMb } from "./process-cost.ts";

const cli = new URL("../../../apps/cli/src/main.ts", import.meta.url).pathname;
const readyMs = 60_000;
const stopMs = 20_000;

/** The server as a user has it: `svara start` in a process of its own, with the embedded PostgreSQL, on loopback. */
export class ServerProcess {
  readonly baseUrl: string;
  readonly firstRunToken: string;
  readonly sip: { readonly host: string; readonly port: number };
  /** Milliseconds from the start of the process until it said that it is ready; the first start makes the database. */
  readonly readyAfterMs: number;
  readonly #child: ChildProcess;
  readonly #dataDir: string;

  private constructor(
    child: ChildProcess,
    dataDir: string,
    said: {
      readonly address: string;
      readonly firstRunLink: string;
      readonly sipPort: number;
      readonly readyAfterMs: number;
    },
  ) {
    this.#child = child;
    this.#dataDir = dataDir;
    this.baseUrl = said.address.replace("localhost", "127.0.0.1");
    this.firstRunToken = new URL(said.firstRunLink).hash.replace("#token=", "");
    this.sip = { host: "127.0.0.1", port: said.sipPort };
    this.readyAfterMs = said.readyAfterMs;
  }

  /** `profileDir`: V8 writes a processor profile of each thread there when the server stops. */
  static async start(options: {
    readonly sipPort: number;
    readonly profileDir?: string;
  }): Promise<ServerProcess> {
    const dataDir = await temporaryFolder();
    const { sipPort } = options;
    const profile = options.profileDir ? ["--cpu-prof", `--cpu-prof-dir=${options.profileDir}`] : [];
    const began = performance.now();
    const child = spawn(process.execPath, [...profile, cli, "start", "--json"], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        SVARA_DATA_DIR: dataDir,
        SVARA_HTTP_HOST: "127.0.0.1",
        SVARA_HTTP_PORT: "0",
        SVARA_SIP_BIND: "127.0.0.1",
        SVARA_SIP_PORT: String(sipPort),
        SVARA_RTP_PORTS: "10000-31999",
        SVARA_LOG_LEVEL: "error",
        // Never the database, key or certificate of a real centre.
        SVARA_DATABASE_URL: "",
        SVARA_SECRET_KEY: "",
        SVARA_TLS_CERT: "",
        SVARA_TLS_KEY: "",
        SVARA_MEDIA_ADDRESS: "127.0.0.1",
      },
    });
    process.once("exit", () => child.kill());
    const line = await firstLine(child).catch(async (error: unknown) => {
      child.kill();
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    });
    const readyAfterMs = Math.round(performance.now() - began);
    return new ServerProcess(child, dataDir, {
      ...(JSON.parse(line) as { address: string; firstRunLink: string }),
      sipPort,
      readyAfterMs,
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The server's process, all threads. */
  cost(): ReturnType<typeof costOf> {
    return costOf([this.#child.pid ?? 0]);
  }

  /** The thread that does signalling, routing and HTTP. */
  mainThreadCost(): ReturnType<typeof costOf> {
    return mainThreadCost(this.#child.pid ?? 0);
  }

  databaseCost(): ReturnType<typeof costOf> {
    return databaseCost(this.#child.pid ?? 0);
  }

  get residentMb(): number {
    return residentMb(this.#child.pid ?? 0);
  }

  /** Stops it and removes its data. */
  async stop(): Promise<void> {
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    const patience = setTimeout(() => this.#child.kill("SIGKILL"), stopMs);
    this.#child.kill("SIGTERM");
    await gone;
    clearTimeout(patience);
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}

/** A folder that the account of the database may enter, too. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "svara-bench-"));
  await chmod(folder, 0o711);
  return folder;
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    if (!child.stdout) return reject(new Error("the server has no output"));
    const late = setTimeout(() => reject(new Error("the server is not ready within a minute")), readyMs);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code} before it was ready`)));
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      if (!line.startsWith("{")) return;
      clearTimeout(late);
      resolve(line);
    });
  });
}

/** A UDP port that is free now. */
export function freePort(): Promise<number> {
  const probe = createSocket("udp4");
  return new Promise((resolve) =>
    probe.bind(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    }),
  );
}
