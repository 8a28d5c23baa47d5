import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ChromiumPage } from "./chromium-page.ts";
import type { MediaEvent } from "./media-host.ts";
import { RtpPhone, readWav, sine, toneShare, toneWav } from "./testing.ts";
import { WorkerMediaHost } from "./worker-media-host.ts";

/** The browser's microphone hears this, the browser is played that. */
const microphoneHz = 1000;
const playedHz = 440;

describe("a browser leg", () => {
  let chromium: ChromiumPage;
  let host: WorkerMediaHost;
  let folder: string;
  let events: MediaEvent[];
  let call = 0;
  let name = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "svara-media-"));
    await toneWav(join(folder, "tone.wav"), playedHz, 1);
    chromium = await ChromiumPage.open(microphoneHz);
    host = await WorkerMediaHost.start({
      bindAddress: "127.0.0.1",
      rtpPorts: { min: 0, max: 0 },
      webrtcPort: 0,
      mediaTimeoutMs: 4000,
      qualityIntervalMs: 1000,
    });
    host.events.on((event) => events.push(event));
  });

  afterAll(async () => {
    await chromium?.close();
    await host?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    events = [];
    name = `call${++call}`;
  });

  afterEach(async () => {
    await host.request({ type: "leg.close", legId: name });
    await chromium.phone("hangup", name).catch(() => {});
  });

  async function eventually(test: (event: MediaEvent) => boolean): Promise<void> {
    const stop = performance.now() + 15_000;
    while (!events.some(test)) {
      if (performance.now() > stop) throw new Error(`not seen; events: ${JSON.stringify(events)}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function browserCalls(): Promise<void> {
    const offer = await chromium.phone<string>("offer", name);
    const { sdp } = await host.request({ type: "leg.answer", legId: name, kind: "webrtc", remoteSdp: offer });
    await chromium.phone("accept", name, sdp);
    await eventually((e) => e.type === "leg.media");
  }

  /** The tone share in what the browser said within the next second. */
  async function recordedShare(id: string, hz: number, forMs = 1500): Promise<number> {
    const pathPrefix = join(folder, id);
    const { tracks } = await host.request({ type: "record.start", recordingId: id, legId: name, pathPrefix });
    await new Promise((resolve) => setTimeout(resolve, forMs));
    await host.request({ type: "record.stop", recordingId: id });
    const { samples } = readWav(await readFile(tracks.in), tracks.in);
    return toneShare(samples.subarray(samples.length / 4), hz, 8000);
  }

  async function playTone(): Promise<void> {
    const items = [{ file: join(folder, "tone.wav") }];
    await host.request({ type: "play.start", playbackId: `${name}-tone`, legId: name, items, loop: true });
    await chromium.hears(name, playedHz);
  }

  it("[ME35] calls us, is heard and hears", async () => {
    await browserCalls();
    await playTone();
    expect(await recordedShare(`${name}-r`, microphoneHz)).toBeGreaterThan(0.9);
    expect(events.filter((e) => e.type === "leg.connected")).toHaveLength(1);
  });

  it("[ME35] is called by us, is heard and hears", async () => {
    const { sdp } = await host.request({ type: "leg.offer", legId: name, kind: "webrtc" });
    const answer = await chromium.phone<string>("answer", name, sdp);
    await host.request({ type: "leg.accept", legId: name, remoteSdp: answer });
    await eventually((e) => e.type === "leg.media");
    await playTone();
    expect(await recordedShare(`${name}-r`, microphoneHz)).toBeGreaterThan(0.9);
  });

  it("[ME12] holds and resumes; its microphone is not heard while it holds", async () => {
    await browserCalls();
    const held = await chromium.phone<string>("offer", name, { direction: "sendonly" });
    const answer = await host.request({ type: "leg.reanswer", legId: name, remoteSdp: held });
    expect(answer.remoteHold).toBe(true);
    await chromium.phone("accept", name, answer.sdp);
    expect(await recordedShare(`${name}-held`, microphoneHz, 800)).toBe(0);
    const resumed = await chromium.phone<string>("offer", name, { direction: "sendrecv" });
    const again = await host.request({ type: "leg.reanswer", legId: name, remoteSdp: resumed });
    expect(again.remoteHold).toBe(false);
    await chromium.phone("accept", name, again.sdp);
    expect(await recordedShare(`${name}-resumed`, microphoneHz)).toBeGreaterThan(0.9);
  });

  it("[ME13] is held by us, hears music, and is resumed", async () => {
    await browserCalls();
    const { sdp } = await host.request({ type: "leg.reoffer", legId: name, direction: "sendonly" });
    const answer = await chromium.phone<string>("answer", name, sdp);
    expect(answer).toContain("a=recvonly");
    await host.request({ type: "leg.accept", legId: name, remoteSdp: answer });
    await playTone();
    const back = await host.request({ type: "leg.reoffer", legId: name, direction: "sendrecv" });
    const resumed = await chromium.phone<string>("answer", name, back.sdp);
    expect(resumed).toContain("a=sendrecv");
    await host.request({ type: "leg.accept", legId: name, remoteSdp: resumed });
    expect(await recordedShare(`${name}-r`, microphoneHz)).toBeGreaterThan(0.9);
  });

  it("[ME20] presses keys", async () => {
    await browserCalls();
    await chromium.phone("press", name, "12#");
    await eventually((e) => e.type === "leg.dtmf" && e.digit === "#");
    const keys = events.flatMap((e) => (e.type === "leg.dtmf" ? [e.digit] : []));
    expect(keys).toEqual(["1", "2", "#"]);
  });

  it("[ME15] talks with a phone", async () => {
    await browserCalls();
    const phone = await RtpPhone.open();
    const legId = `${name}-phone`;
    const { sdp } = await host.request({
      type: "leg.answer",
      legId,
      kind: "rtp",
      remoteSdp: phone.sdp({ codecs: ["PCMA"] }),
    });
    phone.aim(sdp);
    await host.request({ type: "bridge.create", bridgeId: name });
    await host.request({ type: "bridge.join", bridgeId: name, legId: name });
    await host.request({ type: "bridge.join", bridgeId: name, legId });
    await phone.hears(50);
    const heard = phone.samples();
    expect(toneShare(heard.subarray(heard.length - 4000), microphoneHz, 8000)).toBeGreaterThan(0.9);
    const tone = sine(playedHz, 4000, 8000);
    const talk = (async () => {
      for (let at = 0; at < tone.length; at += 160) {
        await phone.say(tone.subarray(at, at + 160), "PCMA");
        await new Promise((resolve) => setTimeout(resolve, 19));
      }
    })();
    await chromium.hears(name, playedHz);
    await talk;
    await host.request({ type: "leg.close", legId });
    await phone.close();
  });

  it("[ME41] restarts ICE and goes on", async () => {
    await browserCalls();
    const offer = await chromium.phone<string>("offer", name, { iceRestart: true });
    const { sdp } = await host.request({ type: "leg.reanswer", legId: name, remoteSdp: offer });
    await chromium.phone("accept", name, sdp);
    await playTone();
    expect(await recordedShare(`${name}-r`, microphoneHz)).toBeGreaterThan(0.9);
    expect(await chromium.phone("state", name)).toBe("connected");
  });

  it("[ME51] [ME52] reports in SRTCP how it hears us, and how far away it is", async () => {
    await browserCalls();
    await playTone();
    await eventually((e) => e.type === "leg.quality" && e.quality.roundTripMs !== undefined);
    const { quality } = await host.request({ type: "leg.close", legId: name });
    expect(quality?.roundTripMs).toBeLessThan(1000);
    expect(quality?.mos).toBeGreaterThan(3.5);
    expect(quality?.remoteMos).toBeGreaterThan(3.5);
  });

  it("[ME42] that vanishes is reported", async () => {
    await browserCalls();
    const page = chromium.page;
    await page.goto("about:blank"); // no hang-up, no BYE
    await eventually((e) => (e.type === "leg.silent" || e.type === "leg.failed") && e.legId === name);
    await page.goBack();
  });
});
