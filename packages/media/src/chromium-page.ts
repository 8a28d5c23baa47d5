import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { toneWav } from "./testing.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  // A machine with only a loopback interface gives no candidate without this.
  "--allow-loopback-in-peer-connection",
];

/** What runs in the page: one call, without SIP. */
const script = `
  const calls = {};
  async function open(name) {
    const pc = new RTCPeerConnection({ iceServers: [] });
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    const call = (calls[name] = { pc, stream });
    pc.ontrack = (event) => {
      const audio = new Audio();
      audio.muted = true; // Chromium feeds WebAudio only when an element plays the track
      audio.srcObject = new MediaStream([event.track]);
      audio.play();
      const context = new AudioContext();
      const analyser = context.createAnalyser();
      analyser.fftSize = 8192;
      context.createMediaStreamSource(audio.srcObject).connect(analyser);
      Object.assign(call, { context, analyser });
    };
    return call;
  }
  window.phone = {
    async offer(name, options) {
      const { pc, stream } = calls[name] ?? (await open(name));
      if (pc.getSenders().length === 0) for (const track of stream.getTracks()) pc.addTrack(track, stream);
      if (options?.direction) pc.getTransceivers()[0].direction = options.direction;
      await pc.setLocalDescription(await pc.createOffer({ iceRestart: options?.iceRestart ?? false }));
      return pc.localDescription.sdp;
    },
    async accept(name, sdp) {
      await calls[name].pc.setRemoteDescription({ type: "answer", sdp });
    },
    async answer(name, sdp) {
      const { pc, stream } = calls[name] ?? (await open(name));
      await pc.setRemoteDescription({ type: "offer", sdp });
      if (pc.getSenders().every((s) => s.track === null)) for (const track of stream.getTracks()) pc.addTrack(track, stream);
      await pc.setLocalDescription(await pc.createAnswer());
      return pc.localDescription.sdp;
    },
    /** Strongest frequency heard, in Hz, or 0 when it is quiet. */
    hears(name) {
      const { analyser, context } = calls[name];
      if (!analyser) return 0;
      const bins = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(bins);
      let best = 0;
      for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
      return bins[best] < -70 ? 0 : (best * context.sampleRate) / analyser.fftSize;
    },
    press(name, digits) {
      calls[name].pc.getSenders()[0].dtmf.insertDTMF(digits, 100, 70);
    },
    state(name) {
      return calls[name].pc.connectionState;
    },
    hangup(name) {
      calls[name].stream.getTracks().forEach((t) => t.stop());
      calls[name].pc.close();
      delete calls[name];
    },
  };
`;

/** A Chromium whose microphone hears one tone, with a page that can call a media host. */
export class ChromiumPage {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #server: Server;
  readonly #folder: string;

  private constructor(page: Page, context: BrowserContext, server: Server, folder: string) {
    this.page = page;
    this.#context = context;
    this.#server = server;
    this.#folder = folder;
  }

  static async open(microphoneHz: number): Promise<ChromiumPage> {
    const folder = await mkdtemp(join(tmpdir(), "svara-chromium-"));
    const tone = join(folder, "tone.wav");
    await toneWav(tone, microphoneHz, 10, 48_000);
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html");
      response.end(`<!doctype html><title>phone</title><script>${script}</script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const context = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
      headless: true,
      args: [...flags, `--use-file-for-fake-audio-capture=${tone}`],
    });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}/`);
    return new ChromiumPage(page, context, server, folder);
  }

  /** Calls a function of the page's phone. */
  phone<T>(method: string, ...args: readonly unknown[]): Promise<T> {
    return this.page.evaluate(`window.phone.${method}(...${JSON.stringify(args)})`);
  }

  /** Waits until the page hears `hz` (0: quiet). */
  async hears(name: string, hz: number): Promise<void> {
    const near =
      hz === 0 ? "=== 0" : `> ${hz - 15} && window.phone.hears(${JSON.stringify(name)}) < ${hz + 15}`;
    await this.page.waitForFunction(`window.phone.hears(${JSON.stringify(name)}) ${near}`, undefined, {
      timeout: 10_000,
      polling: 100,
    });
  }

  async close(): Promise<void> {
    await this.#context.close();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }
}
