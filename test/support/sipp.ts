import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./ports.ts";

export interface SippOptions {
  /** Name of the scenario in `sipp/`. */
  readonly scenario: string;
  readonly server: { readonly host: string; readonly port: number };
  /** The number that is called, or the user that registers. */
  readonly number: string;
  readonly from?: string;
  /** Port of the media, which is ours. */
  readonly mediaPort?: number;
  /** Source address; another of loopback's is a stranger to the trunk. */
  readonly address?: string;
  readonly transport?: "udp" | "tcp";
  /** Words put in place of `@NAME@` in the scenario. */
  readonly words?: Readonly<Record<string, string>>;
  readonly username?: string;
  readonly password?: string;
  /** Kills it after so long. */
  readonly limitMs?: number;
  /** Scenarios that it runs before it ends. */
  readonly calls?: number;
  /** Keeps what it sends and receives, for `messages`. */
  readonly keepsMessages?: boolean;
}

/** One call of SIPp, which does the signalling and nothing else. */
export class Sipp {
  readonly callId: string;
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #address: string;
  readonly #done: Promise<number>;
  #output = "";
  #nudges = 0;

  private constructor(parts: {
    callId: string;
    port: number;
    folder: string;
    address: string;
    process: ChildProcess;
  }) {
    this.callId = parts.callId;
    this.port = parts.port;
    this.#folder = parts.folder;
    this.#address = parts.address;
    this.#process = parts.process;
    this.#done = new Promise((resolve) => parts.process.on("exit", (code) => resolve(code ?? -1)));
    for (const stream of [parts.process.stdout, parts.process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-8_000);
      });
    }
  }

  static async start(options: SippOptions): Promise<Sipp> {
    const { server, number, transport = "udp", words = {}, address = "127.0.0.1" } = options;
    const folder = await mkdtemp(path.join(tmpdir(), "svara-sipp-"));
    const port = await freePort(address);
    const source = fileURLToPath(new URL(`./sipp/${options.scenario}.xml`, import.meta.url));
    const scenario = (await readFile(source, "utf8")).replace(/@([A-Z]+)@/g, (_, key: string) => {
      const word = words[key];
      if (word === undefined) throw new Error(`${options.scenario} wants a word for ${key}`);
      return word;
    });
    const file = path.join(folder, "scenario.xml");
    await writeFile(file, scenario);
    const callId = `sipp-${port}-${Math.random().toString(36).slice(2)}`;
    const args = [
      `${server.host}:${server.port}`,
      ...[
        "-sf",
        file,
        "-m",
        String(options.calls ?? 1),
        "-i",
        address,
        "-p",
        String(port),
        "-cid_str",
        callId,
      ],
      ...["-t", transport === "udp" ? "u1" : "t1", "-nostdin"],
      ...["-s", number, "-key", "caller", options.from ?? "+46701740605"],
      ...["-key", "media", String(options.mediaPort ?? 9)],
      ...(options.username ? ["-au", options.username] : []),
      ...(options.password ? ["-ap", options.password] : []),
      ...["-timeout", `${Math.ceil((options.limitMs ?? 60_000) / 1_000)}s`, "-timeout_error"],
      ...(options.keepsMessages ? ["-trace_msg", "-message_file", path.join(folder, "messages.log")] : []),
      ...["-trace_err", "-error_file", path.join(folder, "errors.log")],
    ];
    const child = spawn("sipp", args, {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TERM: "xterm" },
    });
    return new Sipp({ callId, port, folder, address, process: child });
  }

  /**
   * Makes the scenario go on where it waits for a MESSAGE. SIPp finds the call by its Call-ID, whoever sent it;
   * the server never sees this.
   */
  async nudge(): Promise<void> {
    const socket = createSocket("udp4");
    const n = ++this.#nudges;
    const message = [
      `MESSAGE sip:sipp@${this.#address}:${this.port} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKnudge${n}`,
      "From: <sip:test@127.0.0.1>;tag=nudge",
      "To: <sip:sipp@127.0.0.1>",
      `Call-ID: ${this.callId}`,
      `CSeq: ${n} MESSAGE`,
      "Content-Length: 0",
      "",
      "",
    ].join("\r\n");
    await new Promise<void>((resolve, reject) => {
      socket.send(message, this.port, this.#address, (error) => (error ? reject(error) : resolve()));
    });
    socket.close();
  }

  /** What it sent and received so far, as text. */
  messages(): Promise<string> {
    return readFile(path.join(this.#folder, "messages.log"), "utf8").catch(() => "");
  }

  /** Resolves when the scenario has run to its end; rejects when it met something else than it expected. */
  async done(): Promise<void> {
    const code = await this.#done;
    const errors = await readFile(path.join(this.#folder, "errors.log"), "utf8").catch(() => "");
    await rm(this.#folder, { recursive: true, force: true });
    if (code !== 0)
      throw new Error(`SIPp ended with ${code}\n${errors.slice(0, 3_000)}\n${this.#output.slice(-1_000)}`);
  }

  /** Ends it, call or not. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#done;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
