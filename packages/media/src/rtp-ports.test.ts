import { ManualClock } from "@svara/kernel/testing";
import { afterEach, describe, expect, it } from "vitest";
import { RtpPorts, type SocketPair } from "./rtp-ports.ts";

describe("RTP ports", () => {
  const clock = new ManualClock();
  let open: SocketPair[] = [];

  const close = async (pair: SocketPair): Promise<void> => {
    open = open.filter((p) => p !== pair);
    for (const socket of [pair.rtp, pair.rtcp]) await new Promise<void>((done) => socket.close(() => done()));
  };
  afterEach(() => Promise.all(open.map(close)));

  async function take(ports: RtpPorts): Promise<SocketPair> {
    const pair = await ports.open();
    open.push(pair);
    return pair;
  }

  /** Four ports that were free a moment ago. */
  async function range(): Promise<{ min: number; max: number }> {
    const any = new RtpPorts(clock, "127.0.0.1", { min: 0, max: 0 });
    for (;;) {
      const first = await take(any);
      await close(first);
      const ports = new RtpPorts(clock, "127.0.0.1", { min: first.rtpPort, max: first.rtpPort + 3 });
      const both = await Promise.all([take(ports), take(ports)]).catch(() => null);
      if (both === null) continue;
      for (const pair of both) await close(pair);
      return { min: first.rtpPort, max: first.rtpPort + 3 };
    }
  }

  it("[ME77] come in pairs, even and the odd one above, until there are none", async () => {
    const { min, max } = await range();
    const ports = new RtpPorts(clock, "127.0.0.1", { min: min - 1, max });
    const pairs = [await take(ports), await take(ports)];
    expect(pairs.map((p) => [p.rtpPort, p.rtcpPort])).toEqual([
      [min, min + 1],
      [min + 2, min + 3],
    ]);
    expect(ports.free).toBe(0);
    await expect(ports.open()).rejects.toMatchObject({
      code: "media.no_ports",
      sipStatus: 503,
      retryable: true,
    });
  });

  it("[ME77] begin where they are told to, and go round", async () => {
    const { min, max } = await range();
    const ports = new RtpPorts(clock, "127.0.0.1", { min, max }, 5);
    expect([(await take(ports)).rtpPort, (await take(ports)).rtpPort]).toEqual([min + 2, min]);
  });

  it("[ME77] rest for two seconds before they are used again", async () => {
    const ports = new RtpPorts(clock, "127.0.0.1", await range());
    const [first, second] = [await take(ports), await take(ports)];
    await close(first);
    ports.release(first.rtpPort);
    await expect(ports.open()).rejects.toMatchObject({ code: "media.no_ports" });
    clock.advance(1999);
    await close(second);
    ports.release(second.rtpPort);
    await expect(ports.open()).rejects.toMatchObject({ code: "media.no_ports" });
    clock.advance(1);
    expect((await take(ports)).rtpPort).toBe(first.rtpPort);
    await expect(ports.open()).rejects.toMatchObject({ code: "media.no_ports" });
  });
});
