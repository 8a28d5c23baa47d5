import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { encodeG711 } from "./g711.ts";
import type { LegTerms } from "./media-host.ts";
import { writeRtpHeader } from "./rtp-packet.ts";
import { SrtpContext, type SrtpProfile, srtpProfiles } from "./srtp.ts";
import { startTestHost, type TestHost } from "./test-host.ts";
import { goertzel, RtpPhone, sine } from "./testing.ts";

const profiles = Object.keys(srtpProfiles) as SrtpProfile[];

describe("a phone with SDES keys", () => {
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

  async function open(): Promise<RtpPhone> {
    const phone = await RtpPhone.open(phones.length + 1);
    phones.push(phone);
    return phone;
  }

  const inline = (profile: SrtpProfile, fill: number): Buffer =>
    Buffer.alloc(srtpProfiles[profile].key + srtpProfiles[profile].salt, fill);

  function secureSdp(phone: RtpPhone, profile: SrtpProfile, fill = 9, rest = ""): string {
    const line = `a=crypto:1 ${profile} inline:${inline(profile, fill).toString("base64")}${rest}`;
    return phone
      .sdp({ codecs: ["PCMU"] })
      .replace("RTP/AVP", "RTP/SAVP")
      .replace("a=sendrecv", `${line}\r\na=sendrecv`);
  }

  function context(profile: SrtpProfile, bytes: Buffer): SrtpContext {
    const { key } = srtpProfiles[profile];
    return SrtpContext.fromMaster({ key: bytes.subarray(0, key), salt: bytes.subarray(key) }, profile);
  }

  /** The context for what we (the host) send, from our SDP. */
  function ours(sdp: string, profile: SrtpProfile): SrtpContext {
    const text = new RegExp(`a=crypto:1 ${profile} inline:(\\S+)`).exec(sdp)?.[1] ?? "";
    return context(profile, Buffer.from(text, "base64"));
  }

  let sequence = 100;
  function packets(count: number, hz = 1000, ssrc = 0x77): Buffer[] {
    const bytes = encodeG711(sine(hz, count * 20, 8000), "PCMU");
    return Array.from({ length: count }, (_, i) => {
      const packet = Buffer.concat([Buffer.alloc(12), bytes.subarray(i * 160, (i + 1) * 160)]);
      writeRtpHeader(packet, 0, false, 0, ++sequence, sequence * 160, ssrc);
      return packet;
    });
  }

  async function say(
    phone: RtpPhone,
    sender: SrtpContext,
    plain: Buffer[],
    change = (b: Buffer): Buffer => b,
  ): Promise<void> {
    for (const packet of plain) await phone.sendRaw(change(sender.protect(packet) ?? Buffer.alloc(0)));
  }

  async function bridged(
    phone: RtpPhone,
    remoteSdp: string,
    terms: LegTerms = {},
  ): Promise<{ sdp: string; other: RtpPhone }> {
    const answer = await t.host.request({ type: "leg.answer", legId: "s", kind: "rtp", remoteSdp, terms });
    expect(answer.encrypted).toBe(true);
    phone.aim(answer.sdp);
    const other = await open();
    const plain = {
      type: "leg.answer",
      legId: "p",
      kind: "rtp",
      remoteSdp: other.sdp({ codecs: ["PCMU"] }),
    } as const;
    other.aim((await t.host.request(plain)).sdp);
    await t.host.request({ type: "bridge.create", bridgeId: "b" });
    for (const legId of ["s", "p"]) await t.host.request({ type: "bridge.join", bridgeId: "b", legId });
    return { sdp: answer.sdp, other };
  }

  async function counts(legId: string): Promise<[number, number]> {
    const { legs } = await t.host.request({ type: "stats" });
    const leg = legs.find((l) => l.legId === legId);
    return [leg?.packetsReceived ?? -1, leg?.packetsDropped ?? -1];
  }

  it.each(profiles)("[ME74] is heard and hears, encrypted both ways (%s)", async (profile) => {
    const phone = await open();
    const { sdp, other } = await bridged(phone, secureSdp(phone, profile));
    await say(phone, context(profile, inline(profile, 9)), packets(10));
    await other.hears(10);
    expect(goertzel(other.samples(), 1000, 8000)).toBeGreaterThan(0.99);
    const received: Buffer[] = [];
    phone.socket.on("message", (packet) => received.push(packet));
    await other.say(sine(440, 100, 8000), "PCMU");
    while (received.length < 5) await new Promise((resolve) => setImmediate(resolve));
    const receiver = ours(sdp, profile);
    const plain = received.map((packet) => receiver.unprotect(packet));
    expect(plain.map((packet) => packet?.length)).toEqual([172, 172, 172, 172, 172]);
  });

  it("[ME74] with wrong keys or none is not heard, and each packet is counted", async () => {
    const phone = await open();
    const profile = "AES_CM_128_HMAC_SHA1_80";
    const { other } = await bridged(phone, secureSdp(phone, profile));
    await say(phone, context(profile, inline(profile, 8)), packets(5));
    for (const packet of packets(5)) await phone.sendRaw(packet);
    const right = context(profile, inline(profile, 9));
    const [once = Buffer.alloc(0)] = packets(1);
    const sealed = right.protect(once) ?? Buffer.alloc(0);
    await phone.sendRaw(sealed);
    await phone.sendRaw(sealed); // a replay
    await other.hears(1);
    await t.received("s", 12);
    expect(await counts("s")).toEqual([1, 11]);
    expect(other.heard).toHaveLength(1);
  });

  it("[ME74] with an MKI in its packets is heard", async () => {
    const phone = await open();
    for (const profile of ["AES_CM_128_HMAC_SHA1_32", "AEAD_AES_256_GCM"] as const) {
      const remoteSdp = secureSdp(phone, profile, 9, "|2^31|258:2");
      const { other } = await bridged(phone, remoteSdp);
      const behind = srtpProfiles[profile].gcm ? 0 : srtpProfiles[profile].tag;
      await say(phone, context(profile, inline(profile, 9)), packets(3), (sealed) => {
        const at = sealed.length - behind;
        return Buffer.concat([sealed.subarray(0, at), Buffer.of(1, 2), sealed.subarray(at)]);
      });
      await other.hears(3);
      await t.host.request({ type: "leg.close", legId: "s" });
      await t.host.request({ type: "leg.close", legId: "p" });
    }
  });

  it("[ME73] changes its key by a new offer: both are heard until the new one is, then the old is not", async () => {
    const phone = await open();
    const profile = "AES_CM_128_HMAC_SHA1_80";
    const { sdp, other } = await bridged(phone, secureSdp(phone, profile));
    const old = context(profile, inline(profile, 9));
    await say(phone, old, packets(2));
    const again = { type: "leg.reanswer", legId: "s", remoteSdp: secureSdp(phone, profile, 10) } as const;
    const answer = await t.host.request(again);
    expect(answer.encrypted).toBe(true);
    expect(/inline:(\S+)/.exec(answer.sdp)?.[1]).not.toBe(/inline:(\S+)/.exec(sdp)?.[1]);
    await say(phone, old, packets(1)); // was under way
    await other.hears(3);
    await say(phone, context(profile, inline(profile, 10)), packets(2));
    await other.hears(5);
    await say(phone, old, packets(3));
    await t.received("s", 8);
    expect(await counts("s")).toEqual([5, 3]);
  });

  it("[ME75] is followed at once when it comes from another address than its SDP says", async () => {
    const phone = await open();
    const profile = "AEAD_AES_128_GCM";
    const remoteSdp = secureSdp(phone, profile).replace("c=IN IP4 127.0.0.1", "c=IN IP4 10.1.2.3");
    const { sdp, other } = await bridged(phone, remoteSdp);
    phone.aim(sdp);
    await say(phone, context(profile, inline(profile, 9)), packets(1));
    await other.hears(1);
    await other.say(sine(440, 40, 8000), "PCMU");
    await phone.hears(2);
  });

  it("[ME70] called by us, chooses one of our keys", async () => {
    const phone = await open();
    const terms = { srtp: "required", secureSignalling: true } as const;
    const { sdp } = await t.host.request({ type: "leg.offer", legId: "s", kind: "rtp", terms });
    phone.aim(sdp);
    const profile = "AES_CM_128_HMAC_SHA1_80";
    const remoteSdp = secureSdp(phone, profile);
    const accepted = await t.host.request({ type: "leg.accept", legId: "s", remoteSdp });
    expect(accepted).toMatchObject({ codec: "PCMU", encrypted: true });
    await say(phone, context(profile, inline(profile, 9)), packets(2));
    await t.received("s", 2);
    expect(await counts("s")).toEqual([2, 0]);
    const held = await t.host.request({ type: "leg.reoffer", legId: "s", direction: "sendonly" });
    expect(held.sdp.match(/a=crypto:.*/g)).toHaveLength(1);
    expect(held.sdp).toContain("RTP/SAVP");
  });
});
