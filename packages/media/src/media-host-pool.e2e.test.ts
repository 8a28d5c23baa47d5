import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BridgeId, type LegId, SystemClock } from "@svara/kernel";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ChromiumPage } from "./chromium-page.ts";
import type { PlaybackId } from "./media-host.ts";
import { MediaHostPool } from "./media-host-pool.ts";
import { RtpPhone, toneWav } from "./testing.ts";
import { WorkerMediaHost } from "./worker-media-host.ts";

const MICROPHONE_HZ = 1_000;
const PLAYED_HZ = 440;
const legId = "browser" as LegId;

let chromium: ChromiumPage;
let pool: MediaHostPool;
let folder: string;
const workers: WorkerMediaHost[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "svara-pool-"));
  await toneWav(join(folder, "tone.wav"), PLAYED_HZ, 1);
  chromium = await ChromiumPage.open(MICROPHONE_HZ);
  const clock = new SystemClock();
  pool = await MediaHostPool.start(
    { bindAddress: "127.0.0.1", rtpPorts: { min: 0, max: 0 }, webrtcPort: 0, hosts: 2 },
    {
      clock,
      start: async (own) => {
        const worker = await WorkerMediaHost.start(own, { clock });
        workers.push(worker);
        return worker;
      },
    },
  );
});

afterAll(async () => {
  await chromium?.close();
  await pool?.close();
  await rm(folder, { recursive: true, force: true });
});

async function play(playbackId: string): Promise<void> {
  await pool.request({
    type: "play.start",
    playbackId: playbackId as PlaybackId,
    legId,
    items: [{ file: join(folder, "tone.wav") }],
    loop: true,
  });
  await chromium.hears(legId, PLAYED_HZ);
}

async function carrier(): Promise<WorkerMediaHost | undefined> {
  for (const worker of workers) {
    const stats = await worker.request({ type: "stats" }).catch(() => undefined);
    if (stats?.legs.some((leg) => leg.legId === legId)) return worker;
  }
  return undefined;
}

/** What a re-INVITE does: the browser takes our offer from another host and answers it. */
async function move(bridgeId?: BridgeId): Promise<void> {
  const { sdp } = await pool.moveOffer(legId, bridgeId);
  await pool.moveAccept(legId, await chromium.phone<string>("answer", legId, sdp));
}

it("[ME132] [ME133] a browser follows its leg to another host, living or dead, with new keys and a new certificate", async () => {
  const offer = await chromium.phone<string>("offer", legId);
  const { sdp } = await pool.request({ type: "leg.answer", legId, kind: "webrtc", remoteSdp: offer });
  await chromium.phone("accept", legId, sdp);
  await play("first");
  // a bridge on the other host
  const phone = await RtpPhone.open();
  const other = "phone" as LegId;
  const bridgeId = "b" as BridgeId;
  await pool.request({ type: "leg.answer", legId: other, kind: "rtp", remoteSdp: phone.sdp() });
  await pool.request({ type: "bridge.create", bridgeId });
  await pool.request({ type: "bridge.join", bridgeId, legId: other });
  expect(pool.needsMove(bridgeId, legId)).toBe(true);
  await move(bridgeId);
  await play("second");
  // and its death
  const lost = new Promise<void>((resolve) => {
    const watch = pool.lost.on(() => {
      watch.dispose();
      resolve();
    });
  });
  await (await carrier())?.kill();
  await lost;
  expect(pool.isLost(legId)).toBe(true);
  await move();
  await play("third");
  await phone.close();
});
