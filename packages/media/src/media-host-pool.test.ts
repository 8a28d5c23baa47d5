import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type BridgeId,
  type Clock,
  type LegId,
  type RecordingId,
  SeededRandom,
  Signal,
  SystemClock,
} from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, describe, expect, it } from "vitest";
import { LocalMediaHost } from "./local-media-host.ts";
import type { MediaEvent, MediaHost } from "./media-host.ts";
import { MediaHostPool, type MediaHostPoolOptions } from "./media-host-pool.ts";
import { decodeWav, RtpPhone, sine } from "./testing.ts";

const onLoopback = { bindAddress: "127.0.0.1", rtpPorts: { min: 0, max: 0 }, webrtcPort: 0 };
const bridgeId = "b" as BridgeId;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A pool of hosts in this thread, which is quicker to start. */
async function localPool(
  options: Partial<MediaHostPoolOptions> = {},
  clock: Clock = new SystemClock(),
): Promise<MediaHostPool> {
  const pool = await MediaHostPool.start(
    { ...onLoopback, hosts: 2, ...options },
    { clock, start: (own) => LocalMediaHost.start(own, { clock, random: new SeededRandom(3) }) },
  );
  closing.push(() => pool.close());
  return pool;
}

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

const portOf = (sdp: string): number => Number(/m=audio (\d+)/.exec(sdp)?.[1]);
const originOf = (sdp: string): string[] => /^o=\S+ (\d+) (\d+)/m.exec(sdp)?.slice(1) ?? [];

describe("a pool of hosts", () => {
  it("[ME130] a leg that is expected beside another draws those that are opened near it", async () => {
    const pool = await localPool();
    await talking(pool, "first");
    pool.expect("second" as LegId, "first" as LegId);
    await talking(pool, "called", "second"); // the other host is the emptier
    await talking(pool, "second");
    await pool.request({ type: "bridge.create", bridgeId });
    await pool.request({ type: "bridge.join", bridgeId, legId: "first" as LegId });
    expect(pool.needsMove(bridgeId, "called" as LegId)).toBe(false);
    expect(pool.needsMove(bridgeId, "second" as LegId)).toBe(false);
  });

  it("[ME130] a leg that opens later finds its place beside the one that was opened near it", async () => {
    const pool = await localPool();
    await talking(pool, "elsewhere");
    await talking(pool, "called", "caller"); // on the emptier host
    await talking(pool, "more");
    await talking(pool, "still more", "more");
    await talking(pool, "caller");
    await pool.request({ type: "bridge.create", bridgeId });
    await pool.request({ type: "bridge.join", bridgeId, legId: "called" as LegId });
    expect(pool.needsMove(bridgeId, "caller" as LegId)).toBe(false);
    expect(pool.needsMove(bridgeId, "elsewhere" as LegId)).toBe(true);
  });

  it("[ME130] spreads legs, keeps near ones together, and a bridge where its first leg is", async () => {
    const pool = await localPool();
    for (const leg of ["a", "b"]) await talking(pool, leg);
    await talking(pool, "c", "b");
    await pool.request({ type: "bridge.create", bridgeId });
    expect(pool.needsMove(bridgeId, "a" as LegId)).toBe(false);
    await pool.request({ type: "bridge.join", bridgeId, legId: "b" as LegId });
    expect(pool.needsMove(bridgeId, "c" as LegId)).toBe(false);
    expect(pool.needsMove(bridgeId, "a" as LegId)).toBe(true);
    const join = pool.request({ type: "bridge.join", bridgeId, legId: "a" as LegId });
    await expect(join).rejects.toMatchObject({ code: "media.wrong_state" });
    await pool.request({ type: "bridge.leave", bridgeId, legId: "b" as LegId });
    expect(pool.needsMove(bridgeId, "a" as LegId), "an empty bridge is nowhere").toBe(false);
  });

  it("[ME131] shares out the ports, and refuses when there are none without leaving anything", async () => {
    const clock = new ManualClock();
    const pool = await localPool({ rtpPorts: { min: 28_410, max: 28_413 } }, clock);
    const offers = [];
    for (const leg of ["a", "b"])
      offers.push(await pool.request({ type: "leg.offer", legId: leg as LegId, kind: "rtp" }));
    expect(offers.map(({ sdp }) => portOf(sdp)).sort()).toEqual([28_410, 28_412]);
    const third = pool.request({ type: "leg.offer", legId: "c" as LegId, kind: "rtp" });
    await expect(third).rejects.toMatchObject({ code: "media.no_ports", sipStatus: 503 });
    await pool.request({ type: "leg.close", legId: "b" as LegId });
    await expect.poll(async () => (await pool.request({ type: "stats" })).host.freeRtpPorts).toBe(1);
    clock.advance(2_000); // the port's rest
    await pool.request({ type: "leg.offer", legId: "d" as LegId, kind: "rtp", near: "a" as LegId });
    expect((await pool.request({ type: "stats" })).host.legs).toBe(2);
  });

  it("[ME132] moves a leg as one session, with its mute and its recording", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "svara-pool-"));
    closing.push(() => rm(folder, { recursive: true }));
    const pool = await localPool();
    const legId = "a" as LegId;
    const phone = await aPhone();
    const first = await pool.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp: phone.sdp() });
    phone.aim(first.sdp);
    await talking(pool, "b");
    await pool.request({ type: "bridge.create", bridgeId });
    await pool.request({ type: "bridge.join", bridgeId, legId: "b" as LegId });
    const recordingId = "r" as RecordingId;
    await pool.request({ type: "record.start", recordingId, legId, pathPrefix: path.join(folder, "r") });
    await phone.say(sine(440, 100, 8000), "PCMA");
    const { sdp } = await pool.moveOffer(legId, bridgeId);
    const [firstId, firstVersion] = originOf(first.sdp);
    expect(originOf(sdp)).toEqual([firstId, String(Number(firstVersion) + 1)]);
    expect(portOf(sdp)).not.toBe(portOf(first.sdp));
    await pool.moveAccept(legId, phone.sdp());
    phone.aim(sdp);
    expect(pool.needsMove(bridgeId, legId)).toBe(false);
    await pool.request({ type: "bridge.join", bridgeId, legId });
    await phone.say(sine(440, 100, 8000), "PCMA");
    await pool.request({ type: "leg.mute", legId, in: true });
    const { summary } = await pool.request({ type: "record.stop", recordingId });
    expect(summary?.tracks.in).toBe(path.join(folder, "r-in.wav"));
    const lengths = await Promise.all(
      ["in", "out"].map(
        async (side) => decodeWav(await readFile(path.join(folder, `r-${side}.wav`))).samples.length,
      ),
    );
    expect(lengths[0]).toBe(lengths[1]);
    expect(Math.round((lengths[0] ?? 0) / 8)).toBe(summary?.durationMs);
    await expect(readFile(path.join(folder, "r~2-in.wav"))).rejects.toThrow();
    const { legs } = await pool.request({ type: "stats" });
    expect(legs.filter((leg) => leg.legId === legId)).toHaveLength(1);
    const again = await pool.request({ type: "leg.reoffer", legId, direction: "sendrecv" });
    expect(originOf(again.sdp)).toEqual([firstId, String(Number(firstVersion) + 2)]);
  });

  it.each([
    [
      "UDP/TLS/RTP/SAVP",
      `a=setup:actpass\r\na=fingerprint:sha-256 ${"AB:".repeat(31)}AB\r\n`,
      /a=fingerprint:sha-256/,
    ],
    ["RTP/SAVP", `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${"A".repeat(40)}\r\n`, /a=crypto:1/],
  ])(
    "[ME132] what was %s is offered so by the next host, and nothing less is taken",
    async (profile, lines, keys) => {
      const pool = await localPool();
      const legId = "a" as LegId;
      const phone = await aPhone();
      const remoteSdp = phone.sdp().replace("RTP/AVP", profile) + lines;
      const terms = { srtp: "optional", secureSignalling: profile === "RTP/SAVP" } as const;
      await pool.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp, terms });
      const { sdp } = await pool.moveOffer(legId);
      expect(sdp).toMatch(new RegExp(`^m=audio \\d+ ${profile} `, "m"));
      expect(sdp).toMatch(keys);
      const plain = pool.moveAccept(legId, phone.sdp());
      await expect(plain).rejects.toMatchObject({ code: "media.unsupported_sdp" });
      await pool.moveAbandon(legId);
    },
  );

  /** A pool in which "a" is recorded on one host while its bridge is on the other. */
  async function recorded(): Promise<{ pool: MediaHostPool; folder: string; told: MediaEvent[] }> {
    const folder = await mkdtemp(path.join(tmpdir(), "svara-pool-"));
    closing.push(() => rm(folder, { recursive: true }));
    const pool = await localPool();
    const told: MediaEvent[] = [];
    pool.events.on((event) => told.push(event));
    for (const leg of ["a", "b"]) await talking(pool, leg);
    await pool.request({ type: "bridge.create", bridgeId });
    await pool.request({ type: "bridge.join", bridgeId, legId: "b" as LegId });
    const pathPrefix = path.join(folder, "r");
    await pool.request({
      type: "record.start",
      recordingId: "r" as RecordingId,
      legId: "a" as LegId,
      pathPrefix,
    });
    return { pool, folder, told };
  }

  it("[ME135] a recording that cannot follow its leg is told of, and the leg moves without it", async () => {
    const { pool, folder, told } = await recorded();
    await writeFile(path.join(folder, "r~2-in.wav"), "in the way");
    await pool.moveOffer("a" as LegId, bridgeId);
    await pool.moveAccept("a" as LegId, (await aPhone()).sdp());
    expect(pool.needsMove(bridgeId, "a" as LegId)).toBe(false);
    expect(told.filter(({ type }) => type === "record.failed")).toMatchObject([{ recordingId: "r" }]);
    expect(decodeWav(await readFile(path.join(folder, "r-in.wav"))).samples).toBeDefined();
  });

  it("[ME135] pieces that cannot be put together are a failed recording when the leg ends", async () => {
    const { pool, folder, told } = await recorded();
    await pool.moveOffer("a" as LegId, bridgeId);
    await pool.moveAccept("a" as LegId, (await aPhone()).sdp());
    await rm(path.join(folder, "r-in.wav"));
    await pool.request({ type: "leg.close", legId: "a" as LegId });
    await expect
      .poll(() => told.filter(({ type }) => type.startsWith("record.")))
      .toMatchObject([{ type: "record.failed", recordingId: "r" }]);
  });

  it("[ME135] a recording that is stopped while its leg moves does not go on", async () => {
    const { pool, folder, told } = await recorded();
    await pool.moveOffer("a" as LegId, bridgeId);
    const moved = pool.moveAccept("a" as LegId, (await aPhone()).sdp());
    const { summary } = await pool.request({ type: "record.stop", recordingId: "r" as RecordingId });
    await moved;
    expect(summary?.recordingId).toBe("r");
    expect((await pool.request({ type: "stats" })).host.recordings).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(["r-in.wav", "r-out.wav"]);
    await pool.request({ type: "leg.close", legId: "a" as LegId });
    expect(told.filter(({ type }) => type.startsWith("record."))).toEqual([]);
  });

  it("[ME130] legs that were carried away from a host that died do not count there any more", async () => {
    const hosts: MediaHost[] = [];
    const opened: number[] = [];
    const clock = new ManualClock();
    const answers = { sdp: "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n", codec: "PCMA", encrypted: false };
    const pool = await MediaHostPool.start(
      { ...onLoopback, hosts: 2 },
      {
        clock,
        start: async () => {
          const events = new Signal<MediaEvent>();
          const place = hosts.length % 2;
          const host = {
            events,
            request: async (command: { type: string }) => {
              if (command.type === "leg.offer") opened.push(place);
              return answers as never;
            },
            close: async () => undefined,
          };
          hosts.push(host);
          return host;
        },
      },
    );
    const open = (legId: string): Promise<unknown> =>
      pool.request({ type: "leg.offer", legId: legId as LegId, kind: "rtp" });
    for (const leg of ["a", "b", "c", "d"]) await open(leg);
    const lost: LegId[] = [];
    pool.lost.on(({ legIds }) => lost.push(...legIds));
    hosts[0]?.events.emit({ type: "host.failed", reason: "test", at: 0 });
    for (const legId of lost) {
      await pool.moveOffer(legId);
      await pool.moveAccept(legId, "");
    }
    clock.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
    opened.length = 0;
    for (const leg of ["e", "f", "g", "h"]) await open(leg);
    expect(opened).toEqual([0, 0, 0, 0]);
    await pool.close();
  });

  it("[ME132] a move that the party refuses leaves the leg where it was", async () => {
    const pool = await localPool();
    await talking(pool, "a");
    await pool.moveOffer("a" as LegId);
    await pool.moveAbandon("a" as LegId);
    const { legs } = await pool.request({ type: "stats" });
    expect(legs.map((leg) => leg.legId)).toEqual(["a"]);
    expect(pool.isLost("a" as LegId)).toBe(false);
  });

  it("[ME133] begins a host that keeps dying anew after growing pauses, and waits for none that cannot come", async () => {
    const clock = new ManualClock();
    const starts: number[] = [];
    const hosts: MediaHost[] = [];
    const began = clock.now();
    const pool = await MediaHostPool.start(
      { ...onLoopback, hosts: 1 },
      {
        clock,
        start: async () => {
          starts.push(clock.now() - began);
          const events = new Signal<MediaEvent>();
          const host = { events, request: async () => ({}) as never, close: async () => undefined };
          hosts.push(host);
          return host;
        },
      },
    );
    for (let i = 0; i < 4; i++) {
      hosts.at(-1)?.events.emit({ type: "host.failed", reason: "again", at: 0 });
      clock.advance(5_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(starts).toEqual([0, 0, 5_250, 10_500, 16_000]);
    await pool.close();
    expect(clock.pending).toBe(0);
  });
});
