import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { goertzel, readWav, type Sound, writeWav } from "@svara/media/testing";
import { freePort, portRange } from "./ports.ts";
import { beeps, TELEPHONE_HZ } from "./tones.ts";
import { waitFor } from "./wait-for.ts";

export interface BaresipOptions {
  readonly user: string;
  readonly server: { readonly host: string; readonly port: number };
  /** With a password it registers. */
  readonly password?: string;
  readonly transport?: "udp" | "tcp" | "tls";
  /** Encrypts its sound by SDES keys, and takes no other. */
  readonly encrypted?: boolean;
  /** The tone it says. */
  readonly hz: number;
}

const MODULES = ["g711", "aufile", "aubridge", "sndfile", "account"];
const APPS = ["contact", "menu", "ctrl_tcp"];
/** It hangs up at the end of its file, so this is longer than any call. */
const TONE_S = 180;
const LATEST_MS = 300;

/** baresip, a SIP phone that is not ours, without a sound card: says a tone, records what it hears. */
export class Baresip {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #controlPort: number;
  readonly #ended: Promise<void>;
  #output = "";

  private constructor(parts: { process: ChildProcess; folder: string; controlPort: number }) {
    this.#process = parts.process;
    this.#folder = parts.folder;
    this.#controlPort = parts.controlPort;
    this.#ended = new Promise((resolve) => parts.process.on("exit", () => resolve()));
    for (const stream of [parts.process.stdout, parts.process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  static async start(options: BaresipOptions): Promise<Baresip> {
    const folder = await mkdtemp(path.join(tmpdir(), "svara-baresip-"));
    const controlPort = await freePort();
    const recordings = path.join(folder, "heard");
    const tone = path.join(folder, "tone.wav");
    await mkdir(recordings);
    await writeFile(
      tone,
      writeWav({ sampleRate: TELEPHONE_HZ, samples: beeps(options.hz, TONE_S, TELEPHONE_HZ) }),
    );
    const rtp = portRange(20);
    const config = [
      "poll_method epoll",
      `sip_listen 127.0.0.1:${await freePort()}`,
      "net_interface 127.0.0.1",
      "call_local_timeout 60",
      `rtp_ports ${rtp.min}-${rtp.max}`,
      `audio_source aufile,${tone}`,
      "audio_player aubridge,sink",
      "audio_alert aubridge,sink",
      "ausrc_srate 8000",
      "auplay_srate 8000",
      "ausrc_channels 1",
      "auplay_channels 1",
      "ausrc_format s16",
      "auplay_format s16",
      "audio_txmode poll",
      "jitter_buffer_delay 2-10",
      `snd_path ${recordings}`,
      `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
      "module_path /usr/lib/baresip/modules",
      ...[...MODULES, ...(options.encrypted ? ["srtp"] : [])].map((name) => `module ${name}.so`),
      ...APPS.map((name) => `module_app ${name}.so`),
    ];
    await writeFile(path.join(folder, "config"), `${config.join("\n")}\n`);
    await writeFile(path.join(folder, "contacts"), "");
    await writeFile(path.join(folder, "accounts"), `${account(options)}\n`);
    const child = spawn("baresip", ["-f", folder, "-v"], { stdio: ["ignore", "pipe", "pipe"] });
    const phone = new Baresip({ process: child, folder, controlPort });
    await phone.says(/baresip is ready/);
    return phone;
  }

  /** Waits until it has printed this. */
  says(pattern: RegExp): Promise<true> {
    return waitFor(`baresip prints ${pattern}`, () => {
      if (pattern.test(this.#output)) return true;
      if (this.#process.exitCode !== null) throw new Error(`baresip ended: ${this.#output.slice(-2_000)}`);
      return false;
    });
  }

  /** The keys that it received. */
  keys(): string {
    return [...this.#output.matchAll(/received event: '(.)' \(end=0\)/g)].map((match) => match[1]).join("");
  }

  /** A command of its menu, such as `dial`, `accept`, `hold`, `resume`, `hangup`, `sndcode`. */
  async command(command: string, params = ""): Promise<void> {
    const message = JSON.stringify({ command, params });
    const socket = connect(this.#controlPort, "127.0.0.1");
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.on("data", () => resolve());
      socket.write(`${Buffer.byteLength(message)}:${message},`);
    });
    socket.destroy();
  }

  /** Waits until the latest of what the newest call heard is the tone of `hz`. */
  hears(hz: number): Promise<true> {
    return waitFor(`baresip hears ${hz} Hz`, async () => {
      const latest = await this.#latest();
      return latest !== undefined && goertzel(latest, hz, TELEPHONE_HZ) > 0.7;
    });
  }

  /** Waits until it hears something that is neither silence nor the tone of `hz`. */
  hearsOther(hz: number): Promise<true> {
    return waitFor(`baresip hears something else than ${hz} Hz`, async () => {
      const latest = await this.#latest();
      const loud = latest?.some((sample) => Math.abs(sample) > 300) ?? false;
      return latest !== undefined && loud && goertzel(latest, hz, TELEPHONE_HZ) < 0.1;
    });
  }

  /** Ends it without a word to anybody. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    this.#process.kill("SIGTERM");
    const late = setTimeout(() => this.#process.kill("SIGKILL"), 4_000);
    await this.#ended;
    clearTimeout(late);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #latest(): Promise<Int16Array | undefined> {
    const folder = path.join(this.#folder, "heard");
    const newest = (await readdir(folder))
      .filter((name) => name.endsWith("-dec.wav"))
      .sort()
      .at(-1);
    if (newest === undefined) return undefined;
    const { samples } = growing(await readFile(path.join(folder, newest)), newest);
    return samples.subarray((-LATEST_MS * TELEPHONE_HZ) / 1_000);
  }
}

/** A WAV that is still being written: its header does not know its length yet. */
function growing(file: Buffer, name: string): Sound {
  const data = file.indexOf("data", 12, "latin1");
  if (data < 0) return { sampleRate: TELEPHONE_HZ, samples: new Int16Array(0) };
  const whole = Buffer.from(file);
  whole.writeUInt32LE((file.length - data - 8) & ~1, data + 4);
  return readWav(whole, name);
}

function account({ user, server, password, transport = "udp", encrypted = false }: BaresipOptions): string {
  const uri = `<sip:${user}@${server.host}:${server.port}${transport === "udp" ? "" : `;transport=${transport}`}>`;
  const codecs = `audio_codecs=pcma/8000/1,pcmu/8000/1${encrypted ? ";mediaenc=srtp-mand" : ""}`;
  if (password === undefined) return `${uri};regint=0;${codecs}`;
  return `${uri};auth_user=${user};auth_pass=${password};regint=60;${codecs}`;
}
