import { SeededRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { readRtcp, shortNtp, writeRtcpReport } from "./rtcp.ts";
import { RtcpSession, reportIntervalMs } from "./rtcp-session.ts";
import { newRtpView } from "./rtp-packet.ts";
import { RtpReceiver } from "./rtp-receiver.ts";
import { RtpSender } from "./rtp-sender.ts";

/** One end of a call: what it sends, and when. */
function end(clock: ManualClock, seed: number) {
  const sender = new RtpSender(new SeededRandom(seed));
  const receiver = new RtpReceiver();
  const sent: { at: number; packet: Buffer }[] = [];
  const session = new RtcpSession({
    clock,
    random: new SeededRandom(seed),
    cname: `end-${seed}`,
    sender,
    receiver,
    send: (packet) => sent.push({ at: clock.now(), packet }),
  });
  const speak = (): Buffer => {
    const packet = Buffer.alloc(172);
    sender.stamp(packet, "voice", 8, 160, clock.now());
    return packet;
  };
  const hear = (sequence: number, ssrc = 9): void => {
    receiver.accept(
      { ...newRtpView(), sequence: sequence & 0xffff, timestamp: sequence * 160, ssrc },
      clock.now(),
    );
  };
  return { sender, receiver, sent, session, speak, hear };
}

let clock: ManualClock;
beforeEach(() => {
  clock = new ManualClock();
});

describe("RTCP of a leg", () => {
  it("[ME50] reports at random times between 2 and 6.2 s, the first after half of that", () => {
    const random = new SeededRandom(3);
    const many = Array.from({ length: 5000 }, () => reportIntervalMs(random, false));
    expect(Math.min(...many)).toBeGreaterThanOrEqual(2052);
    expect(Math.max(...many)).toBeLessThanOrEqual(6157);
    const mean = many.reduce((a, b) => a + b, 0) / many.length;
    expect(Math.abs(mean - 5000 / (Math.E - 1.5))).toBeLessThan(60);
    expect(reportIntervalMs(random, true)).toBeLessThanOrEqual(3079);
    const a = end(clock, 1);
    a.session.start();
    a.session.start();
    for (let n = 0; n < 3000; n++) {
      a.speak();
      clock.advance(20);
    }
    const gaps = a.sent.slice(1).map(({ at }, i) => at - (a.sent[i]?.at ?? 0));
    expect(a.sent.length).toBeGreaterThan(8);
    expect(new Set(gaps).size).toBeGreaterThan(5);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2052);
    a.session.dispose();
    expect(clock.pending).toBe(0);
  });

  it("[ME50] says what was sent and heard, who we are, and BYE at the end, once", () => {
    const a = end(clock, 1);
    a.session.start();
    for (const n of [65_534, 65_535, 65_537, 65_538, 65_541]) {
      a.speak();
      a.hear(n);
      clock.advance(20);
    }
    a.session.dispose();
    a.session.dispose();
    expect(a.sent).toHaveLength(1);
    const packet = a.sent[0]?.packet ?? Buffer.alloc(0);
    expect([packet.readUInt8(0), packet.readUInt8(1), packet.readUInt32BE(4)]).toEqual([
      0x81,
      200,
      a.sender.ssrc,
    ]);
    expect([packet.readUInt32BE(20), packet.readUInt32BE(24)]).toEqual([5, 5 * 160]);
    // Eight were due, five came; the cycle stands in the upper half.
    expect(packet.readUInt32BE(28)).toBe(9);
    expect([packet.readUInt8(32), packet.readUIntBE(33, 3)]).toEqual([Math.floor((3 * 256) / 8), 3]);
    expect(packet.readUInt32BE(36)).toBe(65_536 + 5);
    expect([packet.readUInt32BE(44), packet.readUInt32BE(48)]).toEqual([0, 0]);
    expect(packet.subarray(52).readUInt8(1)).toBe(202);
    expect(packet.toString("latin1")).toContain("end-1");
    expect(packet.subarray(-8).toString("hex")).toBe(
      `81cb0001${a.sender.ssrc.toString(16).padStart(8, "0")}`,
    );
    expect(readRtcp(packet)?.bye).toBe(true);
  });

  it("[ME50] is a receiver's report when nothing is sent any more, and nothing when nothing ever was", () => {
    const mute = end(clock, 1);
    mute.session.start();
    clock.advance(20_000);
    mute.session.dispose();
    expect(mute.sent).toHaveLength(0);
    const a = end(clock, 2);
    a.session.start();
    a.speak();
    a.hear(1);
    clock.advance(30_000);
    const types = a.sent.map(({ packet }) => packet.readUInt8(1));
    expect(types[0]).toBe(200);
    expect(types.at(-1)).toBe(201);
  });

  it("[ME51] knows the way there and back from the reports of two ends", () => {
    const [a, b] = [end(clock, 1), end(clock, 2)];
    a.session.start();
    b.session.start();
    const wayMs = 37;
    const onTheWay: { at: number; to: typeof a; packet: Buffer }[] = [];
    const seen = { a: 0, b: 0 };
    for (let ms = 0; ms < 20_000; ms++) {
      if (ms % 20 === 0) {
        a.speak();
        b.speak();
        a.hear(ms / 20);
        b.hear(ms / 20);
      }
      clock.advance(1);
      for (; seen.a < a.sent.length; seen.a++) {
        onTheWay.push({ at: clock.now() + wayMs, to: b, packet: a.sent[seen.a]?.packet ?? Buffer.alloc(0) });
      }
      for (; seen.b < b.sent.length; seen.b++) {
        onTheWay.push({ at: clock.now() + wayMs, to: a, packet: b.sent[seen.b]?.packet ?? Buffer.alloc(0) });
      }
      for (const { to, packet } of onTheWay.filter(({ at }) => at === clock.now())) {
        // A report is about the SSRC that the other end sends with.
        const about = to === a ? a.sender.ssrc : b.sender.ssrc;
        const copy = Buffer.from(packet);
        if ((copy.readUInt8(0) & 31) > 0) copy.writeUInt32BE(about, copy.readUInt8(1) === 200 ? 28 : 8);
        to.session.receive(copy);
      }
    }
    for (const { session } of [a, b]) {
      expect(session.roundTripMs).toBeGreaterThanOrEqual(2 * wayMs - 1);
      expect(session.roundTripMs).toBeLessThanOrEqual(2 * wayMs + 1);
      expect(session.heard).toMatchObject({ fractionLost: 0, lost: 0 });
    }
  });

  it("[ME51] takes a report of reduced size, and a block among others", () => {
    const a = end(clock, 1);
    const about = (ssrc: number, lost: number): Buffer =>
      writeRtcpReport(77, "x", null, {
        ssrc,
        fractionLost: 64,
        lost,
        highestSequence: 100,
        jitter: 80,
        lastSr: shortNtp(clock.now()),
        delaySinceLastSrMs: 500,
      });
    clock.advance(600);
    // Two blocks in one report, without SDES (RFC 5506).
    const both = Buffer.concat([about(5, 3).subarray(0, 32), about(a.sender.ssrc, 9).subarray(8, 32)]);
    both[0] = 0x82;
    both.writeUInt16BE(both.length / 4 - 1, 2);
    both.writeUInt32BE(shortNtp(clock.now() - 600), 32 + 16);
    const doubled = Buffer.from(both.subarray(0, 32));
    doubled.writeUInt32BE(a.sender.ssrc, 8);
    doubled.writeIntBE(-7, 13, 3);
    doubled[0] = 0x81;
    doubled.writeUInt16BE(7, 2);
    a.session.receive(doubled);
    expect(a.session.heard?.lost).toBe(-7); // more came than were sent
    expect(a.session.receive(both)).toBe(true);
    expect(a.session.heard).toMatchObject({ fractionLost: 0.25, lost: 9, highestSequence: 100, jitter: 80 });
    expect(a.session.roundTripMs).toBe(100);
  });

  it("[ME51] does not believe a round trip that cannot be", () => {
    const a = end(clock, 1);
    const report = (lastSr: number): Buffer =>
      writeRtcpReport(77, "x", null, {
        ssrc: a.sender.ssrc,
        fractionLost: 0,
        lost: 0,
        highestSequence: 1,
        jitter: 0,
        lastSr,
        delaySinceLastSrMs: 0,
      });
    a.session.receive(report(0));
    a.session.receive(report(shortNtp(clock.now() - 60_000)));
    a.session.receive(report(shortNtp(clock.now() + 5000)));
    expect(a.session.roundTripMs).toBeNull();
    expect(a.session.receive(Buffer.from("no rtcp"))).toBe(false);
  });

  it("[ME51] takes any bytes without harm", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(3), (bytes, kind) => {
        const a = end(clock, 1);
        const packet = Buffer.from(bytes);
        if (packet.length > 1) packet.set([0x80 | (packet.readUInt8(0) & 31), 200 + kind]);
        a.session.receive(packet);
      }),
    );
  });

  it("[ME48] counts a new source anew, and goes on counting the leg's packets", () => {
    const { receiver, hear } = end(clock, 1);
    for (const n of [1, 2, 5]) hear(n, 1);
    expect(receiver.report()).toMatchObject({ lost: 2, highestSequence: 5 });
    for (const n of [40_000, 40_001, 40_003]) hear(n, 2);
    expect(receiver.ssrc).toBe(2);
    expect(receiver.report()).toMatchObject({ lost: 1, highestSequence: 40_003, fractionLost: 64 });
    expect([receiver.received, receiver.lost, receiver.lossRuns]).toEqual([6, 3, 2]);
  });
});
