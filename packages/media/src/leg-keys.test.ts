import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dtmfSamples } from "./dtmf-tones.ts";
import { decodeG711 } from "./g711.ts";
import { KeyMerge } from "./leg-ears.ts";
import type { LegTerms } from "./media-host.ts";
import { joined, silence } from "./synthetic-speech.ts";
import { startTestHost, type TestHost } from "./test-host.ts";
import { goertzel, RtpPhone, sine } from "./testing.ts";

describe("the ears of a leg", () => {
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

  async function connect(legId: string, events: boolean, terms: LegTerms = {}): Promise<RtpPhone> {
    const phone = await RtpPhone.open(phones.length + 1);
    phones.push(phone);
    const sdp = phone.sdp({ codecs: ["PCMU"] });
    const remoteSdp = events ? sdp : sdp.replace(/a=(rtpmap|fmtp):101.*\r\n/g, "").replace(" 0 101", " 0");
    const answer = await t.host.request({ type: "leg.answer", legId, kind: "rtp", remoteSdp, terms });
    phone.aim(answer.sdp);
    return phone;
  }

  const keys = (legId: string): string =>
    t.events.flatMap((e) => (e.type === "leg.dtmf" && e.legId === legId ? [e.digit] : [])).join("");
  const tones = (digits: string): Int16Array =>
    joined([...digits].flatMap((digit) => [dtmfSamples(digit, 80), silence(80)]));

  async function event(phone: RtpPhone, code: number): Promise<void> {
    const { timestamp } = phone;
    for (const [duration, end] of [
      [160, 0],
      [320, 0],
      [480, 0x80],
    ] as const) {
      await phone.send(101, Uint8Array.of(code, end | 10, duration >> 8, duration & 255), { timestamp });
    }
    phone.timestamp += 1000;
  }

  it("[ME83] hear keys as tones from a party without telephone-event only", async () => {
    const without = await connect("a", false);
    const withEvents = await connect("b", true);
    await without.say(tones("159#"), "PCMU");
    await withEvents.say(tones("159#"), "PCMU");
    await t.received("a", 32);
    await t.received("b", 32);
    expect([keys("a"), keys("b")]).toEqual(["159#", ""]);
  });

  it("[ME83] take a key that comes as event and as tone for one press", async () => {
    const phone = await connect("a", true, { keys: "tones" });
    for (const code of [1, 1, 5]) {
      await event(phone, code);
      await phone.say(tones(String(code)), "PCMU");
      t.clock.advance(400);
    }
    await phone.say(tones("7"), "PCMU");
    await event(phone, 7);
    await t.received("a", 4 * 3 + 4 * 8);
    expect(keys("a")).toBe("1157");
  });

  it("[ME83] let every second press through that comes by both ways, however fast they are", () => {
    const merge = new KeyMerge();
    const presses = [0, 200, 400, 600].flatMap((at) => [
      merge.accept("event", "1", at),
      merge.accept("tone", "1", at + 60),
    ]);
    expect(presses).toEqual([true, false, true, false, true, false, true, false]);
    expect(merge.accept("tone", "1", 2000)).toBe(true);
  });

  it("[ME82] a party without telephone-event gets keys as tones, ours and those of whom it speaks with", async () => {
    const phone = await connect("a", false);
    const other = await connect("b", true);
    const sent = t.host.request({ type: "dtmf.send", legId: "a", digits: "5", durationMs: 100 });
    await t.host.request({ type: "stats" }); // the digits are under way
    t.clock.advance(300);
    await sent;
    await phone.hears(9);
    expect(goertzel(phone.samples().subarray(80, 720), 770, 8000)).toBeGreaterThan(0.3);
    expect(goertzel(phone.samples().subarray(80, 720), 1336, 8000)).toBeGreaterThan(0.5);
    await t.host.request({ type: "bridge.create", bridgeId: "x" });
    for (const legId of ["a", "b"]) await t.host.request({ type: "bridge.join", bridgeId: "x", legId });
    await event(other, 9);
    await t.received("b", 3);
    t.clock.advance(300);
    await phone.hears(9 + 10);
    const tone = decodeG711(Buffer.concat(phone.heard.slice(9, 14).map((p) => p.payload)), "PCMU");
    expect(goertzel(tone, 1477, 8000)).toBeGreaterThan(0.5);
    expect(keys("b")).toBe("9");
  });

  it("[ME87] tell one verdict for each question, at the latest when its time is over", async () => {
    const phone = await connect("a", true);
    const detect = { type: "leg.detect", legId: "a", what: "fax", withinMs: 5000 } as const;
    await t.host.request(detect);
    t.clock.advance(5000);
    await t.host.request(detect);
    await phone.say(joined([silence(200), sine(1100, 500, 8000), silence(200)]), "PCMU");
    await t.next("leg.detected", 2);
    t.clock.advance(10_000);
    const said = t.events.flatMap((e) => (e.type === "leg.detected" ? [e.what] : []));
    expect(said).toEqual(["unknown", "fax"]);
  });

  it("[ME87] know nothing of a leg that is closed", async () => {
    await connect("a", true);
    await t.host.request({ type: "leg.detect", legId: "a", what: "answering_machine", withinMs: 5000 });
    await t.host.request({ type: "leg.close", legId: "a" });
    t.clock.advance(10_000);
    expect(t.events.filter((e) => e.type === "leg.detected")).toEqual([]);
  });
});
