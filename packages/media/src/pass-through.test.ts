import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestHost, type TestHost } from "./test-host.ts";
import { RtpPhone } from "./testing.ts";

const passThrough = { passThrough: true } as const;

describe("a codec that is only passed through", () => {
  let t: TestHost;
  let phones: RtpPhone[];

  beforeEach(async () => {
    t = await startTestHost();
    phones = [];
  });
  afterEach(async () => {
    await t.host.close();
    await Promise.all(phones.map((phone) => phone.close()));
  });

  /** `m=audio ... 111 9 0`: Opus, G.722, mu-law. */
  function sdp(phone: RtpPhone, payloads: string): string {
    return [
      "v=0",
      "o=- 1 1 IN IP4 127.0.0.1",
      "s=-",
      "c=IN IP4 127.0.0.1",
      "t=0 0",
      `m=audio ${phone.port} RTP/AVP ${payloads}`,
      "a=rtpmap:111 opus/48000/2",
      "a=fmtp:111 useinbandfec=1",
      "",
    ].join("\r\n");
  }

  async function connect(
    legId: string,
    payloads: string,
    terms = {},
  ): Promise<{ phone: RtpPhone; sdp: string }> {
    const phone = await RtpPhone.open(phones.length + 1);
    phones.push(phone);
    const remoteSdp = sdp(phone, payloads);
    const answer = await t.host.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp, terms });
    phone.aim(answer.sdp);
    return { phone, sdp: answer.sdp };
  }

  async function bridge(...legs: string[]): Promise<void> {
    await t.host.request({ type: "bridge.create", bridgeId: "b" });
    for (const legId of legs) await t.host.request({ type: "bridge.join", bridgeId: "b", legId });
  }

  const needed = (): string[] => t.events.flatMap((e) => (e.type === "leg.codec_needed" ? [e.legId] : []));

  it("[ME78] is agreed on only where it is asked for, with G.711 beside it", async () => {
    expect((await connect("a", "111 9 0")).sdp).toMatch(/m=audio \d+ RTP\/AVP 0\r\n/);
    const { sdp: opus } = await connect("b", "111 9 0", passThrough);
    expect(opus).toMatch(/m=audio \d+ RTP\/AVP 111 0\r\n/);
    expect(opus).toContain("a=rtpmap:111 opus/48000/2\r\na=fmtp:111 ");
    expect((await connect("c", "9 0", passThrough)).sdp).toMatch(/RTP\/AVP 9 0\r\na=rtpmap:9 G722\/8000\r\n/);
    const offer = { type: "leg.offer", legId: "d", kind: "rtp", terms: passThrough } as const;
    expect((await t.host.request(offer)).sdp).toMatch(/RTP\/AVP 96 9 8 0 101\r\n/);
    await expect(connect("e", "111")).rejects.toMatchObject({
      code: "media.no_common_codec",
      sipStatus: 488,
    });
    await expect(connect("f", "18", passThrough)).rejects.toMatchObject({ code: "media.no_common_codec" });
  });

  it("[ME78] crosses a bridge of two untouched, under the other's payload type", async () => {
    const { phone: a } = await connect("a", "111 0", passThrough);
    const { phone: b } = await connect("b", "0 111", passThrough);
    await bridge("a", "b");
    const payloads = [5, 60, 33].map((length) => Buffer.alloc(length, length));
    for (const payload of payloads) await a.send(111, payload);
    await b.hears(3);
    expect(b.heard.map((p) => p.payload)).toEqual(payloads);
    expect(needed()).toEqual([]);
  });

  it("[ME79] is asked away once when somebody else wants to hear, and comes back by our offer", async () => {
    const { phone: a } = await connect("a", "9 0", passThrough);
    const { phone: b } = await connect("b", "9 0", passThrough);
    await bridge("a", "b");
    await a.send(9, Buffer.alloc(160));
    await b.hears(1);
    const folder = await mkdtemp(join(tmpdir(), "svara-media-"));
    await t.host.request({
      type: "record.start",
      recordingId: "r",
      legId: "b",
      pathPrefix: join(folder, "r"),
    });
    await a.send(9, Buffer.alloc(160));
    await a.send(9, Buffer.alloc(160));
    await b.send(9, Buffer.alloc(160));
    await t.received("a", 3);
    await t.received("b", 1);
    expect(needed()).toEqual(["a", "b"]);
    const reoffer = { type: "leg.reoffer", legId: "a", direction: "sendrecv", passThrough: false } as const;
    expect((await t.host.request(reoffer)).sdp).toMatch(/m=audio \d+ RTP\/AVP 0 101\r\n/);
    const accepted = await t.host.request({ type: "leg.accept", legId: "a", remoteSdp: sdp(a, "0") });
    expect(accepted.codec).toBe("PCMU");
    await a.send(0, Buffer.alloc(160, 3));
    await b.hears(2);
    expect(b.heard[1]?.payloadType).toBe(0);
    const up = { ...reoffer, passThrough: true };
    expect((await t.host.request(up)).sdp).toMatch(/m=audio \d+ RTP\/AVP 96 9 0 101\r\n/);
    await t.host.request({ type: "record.stop", recordingId: "r" });
    await rm(folder, { recursive: true, force: true });
  });

  it("[ME79] is asked away for a party that does not have it, and for a conference; a playback is G.711 at once", async () => {
    const { phone: a } = await connect("a", "9 0", passThrough);
    const { phone: b } = await connect("b", "0", passThrough);
    const items = [{ tone: "beep", durationMs: 20 } as const];
    await t.host.request({ type: "play.start", playbackId: "p", legId: "a", items });
    t.clock.advance(60);
    await a.hears(1);
    expect(a.heard[0]?.payloadType).toBe(0);
    expect(needed()).toEqual([]);
    await bridge("a", "b");
    await a.send(9, Buffer.alloc(160));
    await t.next("leg.codec_needed");
    expect(needed()).toEqual(["a"]);
    expect(b.heard).toEqual([]);
  });
});
