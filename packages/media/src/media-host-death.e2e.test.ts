import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type LegId, type RecordingId, SystemClock } from "@svara/kernel";
import { afterEach, describe, expect, it } from "vitest";
import type { PlaybackId } from "./media-host.ts";
import { type LostMedia, MediaHostPool } from "./media-host-pool.ts";
import { decodeWav, RtpPhone } from "./testing.ts";
import { breakWorker, FAULTY_WORKER, type WorkerFault } from "./worker-faults.ts";
import { WorkerMediaHost } from "./worker-media-host.ts";

const onLoopback = { bindAddress: "127.0.0.1", rtpPorts: { min: 0, max: 0 }, webrtcPort: 0 };
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function aPhone(): Promise<RtpPhone> {
  const phone = await RtpPhone.open();
  closing.push(() => phone.close());
  return phone;
}

/** A leg that is answered, and its phone. */
async function talking(pool: MediaHostPool, legId: string, near?: string): Promise<RtpPhone> {
  const phone = await aPhone();
  const { sdp } = await pool.request({
    type: "leg.answer",
    legId: legId as LegId,
    kind: "rtp",
    remoteSdp: phone.sdp(),
    ...(near ? { near: near as LegId } : {}),
  });
  phone.aim(sdp);
  return phone;
}

describe("a pool of worker threads", () => {
  /** Two real workers that can be broken, each with a leg; the first leg is recorded and hears something. */
  async function twoWorkers() {
    const clock = new SystemClock();
    const workers: WorkerMediaHost[] = [];
    const folder = await mkdtemp(path.join(tmpdir(), "svara-pool-"));
    closing.push(() => rm(folder, { recursive: true }));
    const pool = await MediaHostPool.start(
      { ...onLoopback, hosts: 2, hangLimitMs: 2_000, statsIntervalMs: 500 },
      {
        clock,
        start: async (own) => {
          const worker = await WorkerMediaHost.start(own, { clock, entry: FAULTY_WORKER, memoryLimitMb: 40 });
          workers.push(worker);
          return worker;
        },
      },
    );
    closing.push(() => pool.close());
    const phones = { a: await talking(pool, "a"), b: await talking(pool, "b") };
    const started = await pool.request({
      type: "record.start",
      recordingId: "r" as RecordingId,
      legId: "a" as LegId,
      pathPrefix: path.join(folder, "r"),
    });
    await pool.request({
      type: "play.start",
      playbackId: "p" as PlaybackId,
      legId: "a" as LegId,
      items: [{ tone: "dial" }],
      loop: true,
    });
    await phones.a.hears(40); // the first 0.8 s of the recording are on their way to the disk
    return { pool, workers, phones, started };
  }

  const ends: [string, (worker: WorkerMediaHost) => void][] = [
    ["a thrown error", (worker) => breakWorker(worker, "throws")],
    ["its memory limit", (worker) => breakWorker(worker, "eats_memory")],
    ["terminate()", (worker) => void worker.kill()],
    ["a thread that hangs", (worker) => breakWorker(worker, "hangs" satisfies WorkerFault)],
  ];

  it.each(ends)("[ME133] [ME134] survives the end of one by %s", async (_how, end) => {
    const { pool, workers, phones, started } = await twoWorkers();
    const lost: LostMedia[] = [];
    const gone = new Promise<void>((resolve) =>
      pool.lost.on((what) => {
        lost.push(what);
        resolve();
      }),
    );
    const heardBefore = phones.b.heard.length;
    const victim = workers.find((worker) => worker.webrtcPort === workers[0]?.webrtcPort) as WorkerMediaHost;
    // which worker carries leg a is the pool's choice: the one that knows the playback
    const { host } = await victim.request({ type: "stats" });
    const carrier = host.playbacks === 1 ? victim : (workers.find((w) => w !== victim) as WorkerMediaHost);
    end(carrier);
    await gone;
    expect(lost).toMatchObject([{ legIds: ["a"], playbackIds: ["p"], recordingIds: ["r"] }]);
    expect(pool.isLost("a" as LegId)).toBe(true);
    expect(pool.isLost("b" as LegId)).toBe(false);
    // the other host goes on
    await pool.request({
      type: "play.start",
      playbackId: "q" as PlaybackId,
      legId: "b" as LegId,
      items: [{ tone: "beep" }],
    });
    await phones.b.hears(heardBefore + 5);
    // and the leg is carried on by a living one
    const { sdp } = await pool.moveOffer("a" as LegId);
    await pool.moveAccept("a" as LegId, phones.a.sdp());
    phones.a.aim(sdp);
    const before = phones.a.heard.length;
    await pool.request({
      type: "play.start",
      playbackId: "s" as PlaybackId,
      legId: "a" as LegId,
      items: [{ tone: "beep" }],
    });
    await phones.a.hears(before + 5);
    await expect.poll(() => pool.size, { timeout: 5_000 }).toEqual({ running: 2, of: 2 });
    for (const file of Object.values(started.tracks)) {
      const { samples } = decodeWav(await readFile(file));
      expect(samples.length).toBeGreaterThan(0);
    }
  });
});
