import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Settings } from "../../apps/server/src/settings/settings.ts";
import { waitFor } from "./wait-for.ts";

const MAIN = fileURLToPath(new URL("../../apps/cli/src/main.ts", import.meta.url));

/** A second signal within a second counts as the same one. */
const SECOND_SIGNAL_MS = 1_500;
const STOP_LIMIT_MS = 30_000;

/** The server as its own process, started by the command as an operator would. */
export class ServerProcess {
  readonly baseUrl: string;
  readonly sip: { readonly host: string; readonly port: number };
  firstRunLink: string | undefined;
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  #output = "";

  private constructor(settings: Settings, child: ChildProcess) {
    this.baseUrl = `http://127.0.0.1:${settings.httpPort}`;
    this.sip = { host: "127.0.0.1", port: settings.sipPort };
    this.#process = child;
    this.#ended = new Promise((resolve) => child.on("exit", () => resolve()));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  /** Resolves when it says that it is ready. */
  static async start(settings: Settings): Promise<ServerProcess> {
    const child = spawn(process.execPath, [MAIN, "start", "--json"], {
      env: {
        ...process.env,
        SVARA_HTTP_HOST: settings.httpHost,
        SVARA_HTTP_PORT: String(settings.httpPort),
        SVARA_SIP_BIND: settings.sipBind ?? "",
        SVARA_SIP_PORT: String(settings.sipPort),
        SVARA_MEDIA_ADDRESS: settings.mediaAddress ?? "",
        SVARA_RTP_PORTS: `${settings.rtpPorts.min}-${settings.rtpPorts.max}`,
        SVARA_DATA_DIR: settings.dataDir,
        SVARA_LOG_LEVEL: settings.logLevel,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const server = new ServerProcess(settings, child);
    const ready = await waitFor("the server says that it is ready", () => server.#readyLine(), 60_000);
    server.firstRunLink = ready.firstRunLink;
    return server;
  }

  /** What it wrote to its standard streams: its log, and what it told the operator. */
  get output(): string {
    return this.#output;
  }

  /** `kill -9`, of this process only: PostgreSQL lives on or not, as it would on a real machine. */
  async crash(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  /** An end as by an operator who does not wait for the calls: two signals, the second a moment later. */
  async stop(): Promise<void> {
    this.#process.kill("SIGTERM");
    const again = setTimeout(() => this.#process.kill("SIGTERM"), SECOND_SIGNAL_MS);
    const enough = setTimeout(() => this.#process.kill("SIGKILL"), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(again);
    clearTimeout(enough);
  }

  #readyLine(): { firstRunLink?: string } | undefined {
    if (this.#process.exitCode !== null) throw new Error(`the server ended: ${this.#output.slice(-3_000)}`);
    const line = this.#output.split("\n").find((each) => each.startsWith('{"address"'));
    return line === undefined ? undefined : (JSON.parse(line) as { firstRunLink?: string });
  }
}
