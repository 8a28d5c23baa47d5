import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeWav } from "@svara/media/testing";
import { type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { beeps } from "./tones.ts";
import { PATIENCE_MS, waitFor } from "./wait-for.ts";

const CHROMIUM = "/usr/bin/chromium";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-device-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
];

/** The page asks who is signed in before anybody is; Chromium tells that as an error. */
const NOT_SIGNED_IN = /status of 401/;

/** A real Chromium whose microphone is a file with a tone. */
export class DeskBrowser {
  readonly context: BrowserContext;
  readonly #folder: string;
  /** What pages complained of, for the message of a test that fails. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, folder: string) {
    this.context = context;
    this.#folder = folder;
  }

  static async launch(
    hz: number,
    options: { readonly microphone?: "granted" | "refused" } = {},
  ): Promise<DeskBrowser> {
    const folder = await mkdtemp(path.join(tmpdir(), "svara-chromium-"));
    const tone = path.join(folder, "microphone.wav");
    await writeFile(tone, writeWav({ sampleRate: 48_000, samples: beeps(hz, 10, 48_000) }));
    const context = await chromium.launchPersistentContext(path.join(folder, "profile"), {
      executablePath: CHROMIUM,
      headless: true,
      args: [
        ...FLAGS,
        options.microphone === "refused" ? "--deny-permission-prompts" : "--use-fake-ui-for-media-stream",
        `--use-file-for-fake-audio-capture=${tone}`,
      ],
      viewport: { width: 1280, height: 900 },
      locale: "en",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(takeMicrophoneAsItIs);
    return new DeskBrowser(context, folder);
  }

  /** A new tab of somebody who is signed in already. */
  reopen(url: string): Promise<DeskPage> {
    return this.open(url);
  }

  /** A new tab at the sign-in page. */
  async open(baseUrl: string): Promise<DeskPage> {
    const page = await this.context.newPage();
    page.on("console", (message) => {
      if (message.type() === "error" && !NOT_SIGNED_IN.test(message.text()))
        this.complaints.push(message.text());
    });
    page.on("response", (response) => {
      if (response.status() >= 500 || response.status() === 403) {
        this.complaints.push(`${response.status()} ${response.request().method()} ${response.url()}`);
      }
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    await page.goto(baseUrl);
    return new DeskPage(page);
  }

  /** Forgets who was signed in; tabs are closed. */
  async forget(): Promise<void> {
    const blank = await this.context.newPage();
    for (const page of this.context.pages()) if (page !== blank) await page.close();
    await this.context.clearCookies();
    this.complaints.length = 0;
  }

  /** What its tabs show, for the message of a test that fails. */
  async report(): Promise<string> {
    const pages = this.context.pages().map(async (page) => {
      const text = await page.locator("body").textContent({ timeout: 1_000 }).catch(String);
      return `${page.url()}\n${text}`;
    });
    return [...(await Promise.all(pages)), ...this.complaints].join("\n---\n");
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What the page has of microphones. */
interface MediaWorld {
  readonly navigator: {
    readonly mediaDevices?: { getUserMedia(wanted: { readonly audio?: unknown }): Promise<unknown> };
  };
}

/**
 * Runs in each page before its own scripts. A tone is not speech: while others sound, Chromium's echo canceller and noise
 * suppressor take it for their echo and press it down by 15 dB for many seconds. What is proven here is our own way of the sound.
 */
function takeMicrophoneAsItIs(): void {
  const { mediaDevices } = (globalThis as unknown as MediaWorld).navigator;
  if (!mediaDevices) return;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = (wanted) =>
    open(
      wanted.audio
        ? {
            ...wanted,
            audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
          }
        : wanted,
    );
}

/** The agent's desk as a person uses it: by what is written on it. */
export class DeskPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get offer(): Locator {
    return this.page.getByTestId("offer");
  }

  /** The contact in hand; `state` where it matters. */
  contact(state?: string): Locator {
    return this.page.locator(state ? `[data-testid=contact][data-state=${state}]` : "[data-testid=contact]");
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** A key of the pad that opens during a call. */
  key(digit: string): Locator {
    return this.page.getByRole("group", { name: "Keypad" }).getByRole("button", { name: digit, exact: true });
  }

  /** `room`: where this person's work begins, for others than agents. */
  async signIn(username: string, password: string, room = "**/desk"): Promise<void> {
    await this.page.getByLabel("User name").fill(username);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.button("Sign in").click();
    await this.page.waitForURL(room);
  }

  /** Begins the shift if need be and chooses Available; returns when the phone is ready for calls. */
  async becomeAvailable(): Promise<void> {
    await this.chooseAvailable();
    await this.ready();
  }

  /** Waits until this tab's phone is registered. */
  ready(): Promise<void> {
    return this.page.locator("[data-testid=device-state][data-ready=true]").waitFor();
  }

  async chooseAvailable(): Promise<void> {
    const presence = this.page.getByTestId("presence");
    const start = this.button("Start work").first();
    await start.or(presence).first().waitFor();
    if (!(await presence.isVisible())) await start.click();
    await presence.click();
    await this.page.getByRole("menuitem", { name: "Available" }).click();
  }

  /** Opens the transfer dialog and picks a person of the directory. */
  async pickForTransfer(name: string): Promise<void> {
    await this.button("Transfer").click();
    await this.page.getByRole("dialog").getByRole("textbox").fill(name);
    await this.page.getByRole("dialog").getByRole("option", { name }).click();
  }

  async accept(): Promise<void> {
    await this.page.getByTestId("accept").click();
    await this.contact("talking").waitFor();
  }

  /** The share of the sound that the page plays at `hz`, over the last 200 ms; 0 where nothing plays. */
  async share(hz: number): Promise<number> {
    return this.page.evaluate(measureRemoteSound, hz);
  }

  /** Waits until the page plays the tone. */
  async hears(hz: number): Promise<void> {
    await waitFor(`${hz} Hz in the browser`, async () => (await this.share(hz)) > 0.7);
  }
}

/** What the page has, as far as the measurement needs it: this program is checked without the browser's types. */
interface PageWorld {
  readonly document: {
    querySelector(selector: string): { readonly srcObject: unknown; readonly paused: boolean } | null;
  };
  readonly AudioContext: new () => PageAudio;
  svaraTap?: { readonly stream: unknown; readonly analyser: PageAnalyser };
}

interface PageAudio {
  resume(): Promise<void>;
  createAnalyser(): PageAnalyser;
  createMediaStreamSource(stream: unknown): { connect(node: PageAnalyser): void };
}

interface PageAnalyser {
  fftSize: number;
  readonly context: { readonly sampleRate: number };
  getFloatTimeDomainData(into: Float32Array): void;
}

/** Runs in the page: taps the audio element that plays the far side, and measures by Goertzel. */
async function measureRemoteSound(hz: number): Promise<number> {
  const world = globalThis as unknown as PageWorld;
  const element = world.document.querySelector("audio[data-svara-call]");
  const stream = element?.srcObject;
  if (!element || !stream || element.paused) return 0;
  let tap = world.svaraTap;
  if (tap?.stream !== stream) {
    const audio = new world.AudioContext();
    await audio.resume();
    const analyser = audio.createAnalyser();
    analyser.fftSize = 8_192;
    audio.createMediaStreamSource(stream).connect(analyser);
    tap = { stream, analyser };
    world.svaraTap = tap;
  }
  const { analyser } = tap;
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / analyser.context.sampleRate);
  let [s1, s2, total] = [0, 0, 0];
  for (const sample of samples) {
    const s0 = sample + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
    total += sample * sample;
  }
  if (total < 1e-6) return 0;
  return (2 * (s1 * s1 + s2 * s2 - coefficient * s1 * s2)) / (samples.length * total);
}
