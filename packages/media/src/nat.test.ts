import { SeededRandom } from "@svara/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LegNegotiation } from "./leg-negotiation.ts";
import { parseRemoteSdp } from "./sdp.ts";
import { startTestHost, type TestHost } from "./test-host.ts";
import { RtpPhone, sine } from "./testing.ts";

describe("a phone behind address translation", () => {
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

  async function open(ssrc = 7): Promise<RtpPhone> {
    const phone = await RtpPhone.open(ssrc);
    phones.push(phone);
    return phone;
  }

  async function answer(phone: RtpPhone, address: string): Promise<string> {
    const remoteSdp = phone.sdp({ codecs: ["PCMA"], address });
    const { sdp } = await t.host.request({ type: "leg.answer", legId: "a", kind: "rtp", remoteSdp });
    phone.aim(sdp);
    return sdp;
  }

  const tone = (packets: number): Int16Array => sine(1000, packets * 20, 8000);

  async function heard(): Promise<number> {
    const { legs } = await t.host.request({ type: "stats" });
    return legs[0]?.packetsReceived ?? -1;
  }

  async function hearsUs(phone: RtpPhone): Promise<void> {
    const before = phone.heard.length;
    const playbackId = `p${before}`;
    await t.host.request({
      type: "play.start",
      playbackId,
      legId: "a",
      items: [{ tone: "beep", durationMs: 40 }],
    });
    t.clock.advance(60);
    await phone.hears(before + 2);
  }

  it("[ME89] is heard and hears though its SDP names an address of its own network", async () => {
    const phone = await open();
    await answer(phone, "10.11.12.13");
    await phone.say(tone(6), "PCMA");
    await t.received("a", 6);
    expect(await heard()).toBe(3); // the first three were on probation
    await hearsUs(phone);
  });

  it("[ME89] is found again when the translation gives it another port, and nobody else is", async () => {
    const before = await open();
    const sdp = await answer(before, "10.11.12.13");
    await before.say(tone(6), "PCMA");
    await t.received("a", 6);
    const [after, stranger] = [await open(), await open(99)];
    for (const phone of [after, stranger]) phone.aim(sdp);
    after.sequence = before.sequence;
    after.timestamp = before.timestamp;
    t.clock.advance(3_000); // the party is silent: the host's upkeep lets others try
    await stranger.say(tone(20), "PCMA");
    await t.received("a", 26);
    expect(await heard()).toBe(3);
    await after.say(tone(5), "PCMA");
    await t.received("a", 31);
    expect(await heard()).toBe(5);
    await hearsUs(after);
    expect(stranger.heard).toEqual([]);
  });

  it("[ME90] or with IPv6 is understood; an address that our sockets cannot reach is refused", () => {
    const sdp = (address: string): string =>
      `v=0\r\no=- 1 1 IN IP6 ${address}\r\ns=-\r\nc=IN IP6 ${address}\r\nt=0 0\r\nm=audio 5004 RTP/AVP 8\r\na=rtcp:5009 IN IP6 2001:db8::9\r\n`;
    const remote = parseRemoteSdp(sdp("2001:db8::2"), "rtp", "IP6");
    expect(remote.rtp).toEqual({ address: "2001:db8::2", port: 5004 });
    expect(remote.rtcp).toEqual({ address: "2001:db8::9", port: 5009 });
    expect(() => parseRemoteSdp(sdp("2001:db8::2"), "rtp", "IP4")).toThrow(/cannot send to 2001:db8::2/);
    const made = new LegNegotiation({
      kind: "rtp",
      address: "2001:db8::1",
      codecs: ["PCMA"],
      ssrc: 1,
      cname: "c",
      sessionId: 1,
      terms: {},
      random: new SeededRandom(1),
    });
    const local = { port: 20_000, rtcpPort: 20_001, security: null };
    expect(made.answer(remote, local)).toContain("c=IN IP6 2001:db8::1\r\n");
  });
});
