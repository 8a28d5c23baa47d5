import { SeededRandom } from "@svara/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRtcp, writeRtcpReport } from "./rtcp.ts";
import { newRtpView, parseRtp, type RtpView, writeRtpHeader } from "./rtp-packet.ts";
import { RtpReceiver } from "./rtp-receiver.ts";
import { RtpSender } from "./rtp-sender.ts";

function packet(sequence: number, timestamp = sequence * 160, ssrc = 1): Buffer {
  const bytes = Buffer.alloc(172);
  writeRtpHeader(bytes, 0, false, 0, sequence & 0xffff, timestamp >>> 0, ssrc);
  return bytes;
}

function view(sequence: number, timestamp = sequence * 160, ssrc = 1): RtpView {
  const result = newRtpView();
  parseRtp(packet(sequence, timestamp, ssrc), result);
  return result;
}

describe("an RTP packet", () => {
  it("[ME3] is read with CSRC list, extension and padding", () => {
    const bytes = Buffer.concat([
      Buffer.from("b2" + "80" + "0102" + "00000003" + "00000004", "hex"),
      Buffer.from("0000000a0000000b", "hex"),
      Buffer.from("bede000112345678", "hex"),
      Buffer.from("aabbcc" + "000003", "hex"),
    ]);
    const read = newRtpView();
    expect(parseRtp(bytes, read)).toBe(true);
    expect(read).toEqual({
      marker: true,
      payloadType: 0,
      sequence: 0x0102,
      timestamp: 3,
      ssrc: 4,
      payloadStart: 28,
      payloadEnd: 31,
    });
  });

  it("[ME3] is refused when it is no RTP", () => {
    const read = newRtpView();
    const broken = {
      short: "8000000100000001000000",
      "version 1": "4000000100000001000000010000",
      "CSRC beyond the end": "8f00000100000001000000010000",
      "extension beyond the end": "900000010000000100000001bede00ff",
      "padding of nothing": "a00000010000000100000001aa00",
      "padding beyond the header": "a00000010000000100000001aaff",
    };
    for (const [name, hex] of Object.entries(broken)) {
      expect(parseRtp(Buffer.from(hex, "hex"), read), name).toBe(false);
    }
  });

  it("[ME3] never breaks the parser, whatever it is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const read = newRtpView();
        if (parseRtp(bytes, read)) expect(read.payloadEnd).toBeGreaterThanOrEqual(read.payloadStart);
        readRtcp(Buffer.from(bytes));
      }),
    );
  });
});

describe("the receiver", () => {
  it("[ME4] drops duplicates and what comes far too late, and takes what is only out of order", () => {
    const receiver = new RtpReceiver();
    const arrivals = [1, 2, 4, 3, 3, 20, 12, 9, 20].map((n) => receiver.accept(view(n), n * 20));
    expect(arrivals).toEqual([
      "new_stream",
      "in_stream",
      "in_stream",
      "in_stream",
      "duplicate",
      "in_stream",
      "in_stream",
      "late",
      "duplicate",
    ]);
  });

  it("[ME4] counts loss across the wrap of the sequence number", () => {
    const receiver = new RtpReceiver();
    for (const n of [65_533, 65_534, 65_536, 65_537, 65_540]) receiver.accept(view(n), n * 20);
    expect(receiver.received).toBe(5);
    expect(receiver.lost).toBe(3);
  });

  it("[ME4] follows a sender that begins anew after two packets in a row, not after a stray", () => {
    const receiver = new RtpReceiver();
    receiver.accept(view(100), 0);
    expect(receiver.accept(view(30_000), 20)).toBe("late");
    expect(receiver.accept(view(101), 40)).toBe("in_stream");
    expect(receiver.accept(view(40_000), 60)).toBe("late");
    expect(receiver.accept(view(40_001), 80)).toBe("new_stream");
    expect(receiver.accept(view(40_002), 100)).toBe("in_stream");
  });

  it("measures jitter as RFC 3550 does", () => {
    const receiver = new RtpReceiver();
    for (let n = 0; n < 400; n++) receiver.accept(view(n), n * 20 + (n % 2) * 8);
    expect(receiver.jitterMs).toBeGreaterThan(7);
    expect(receiver.jitterMs).toBeLessThan(9);
  });
});

describe("the sender", () => {
  const read = (bytes: Uint8Array, at = 0): RtpView => {
    const result = newRtpView();
    parseRtp(bytes.subarray(at), result);
    return result;
  };

  it("[ME100] goes on at the host's time when the host has stood still", () => {
    const sender = new RtpSender(new SeededRandom(5));
    const packet = Buffer.alloc(172);
    const view = newRtpView();
    const at = (now: number): { timestamp: number; marker: boolean } => {
      sender.stamp(packet, "music", 0, 160, now);
      parseRtp(packet, view);
      return { timestamp: view.timestamp, marker: view.marker };
    };
    const first = at(0).timestamp;
    expect(at(115)).toEqual({ timestamp: first + 160, marker: false }); // late, and the ticker catches up
    expect(at(115)).toEqual({ timestamp: first + 320, marker: false });
    expect(at(365)).toEqual({ timestamp: first + 320 + 2000, marker: true }); // skipped
  });

  it("[ME5] goes on across a change of source: next number, time that passed, a marker", () => {
    const sender = new RtpSender(new SeededRandom(1));
    const frame = Buffer.alloc(172);
    sender.stamp(frame, "music", 8, 160, 1000);
    const first = read(frame);
    sender.stamp(frame, "music", 8, 160, 1020);
    const second = read(frame);
    expect(second.marker).toBe(false);
    expect(second.timestamp - first.timestamp).toBe(160);

    const relayed = packet(777, 999_999, 42);
    expect(sender.relay(relayed, read(relayed), "stream", 8, 1100)).toBe(0);
    const third = read(relayed);
    expect(third).toMatchObject({ marker: true, sequence: (second.sequence + 1) & 0xffff, ssrc: first.ssrc });
    expect(third.timestamp - second.timestamp).toBe(80 * 8);
  });

  it("[ME5] keeps the gaps and the order of a relayed stream", () => {
    const sender = new RtpSender(new SeededRandom(2));
    const out = [10, 11, 14, 13].map((n) => {
      const bytes = packet(n);
      sender.relay(bytes, read(bytes), "stream", 0, n * 20);
      return read(bytes);
    });
    const base = (out[0]?.sequence ?? 0) - 10;
    expect(out.map((v) => v.sequence - base)).toEqual([10, 11, 14, 13]);
    expect(out.map((v) => v.timestamp - (out[0]?.timestamp ?? 0))).toEqual([0, 160, 640, 480]);
  });

  it("[ME5] drops a straggler of before the change, whose number was used", () => {
    const sender = new RtpSender(new SeededRandom(3));
    const frame = Buffer.alloc(172);
    sender.stamp(frame, "music", 0, 160, 0);
    const newer = packet(50);
    expect(sender.relay(newer, read(newer), "stream", 0, 20)).toBe(0);
    const older = packet(49);
    expect(sender.relay(older, read(older), "stream", 0, 21)).toBe(-1);
  });

  it("[ME5] never uses a number twice, whatever sends in whatever order", () => {
    const step = fc.oneof(
      fc.constant({ kind: "frame" as const }),
      fc.record({ kind: fc.constant("relay" as const), ahead: fc.integer({ min: -8, max: 40 }) }),
      fc.record({ kind: fc.constant("jump" as const), to: fc.integer({ min: 0, max: 65_535 }) }),
      fc.constant({ kind: "event" as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const sender = new RtpSender(new SeededRandom(4));
        const receiver = new RtpReceiver();
        const used: number[] = [];
        let position = 1000;
        let stream = {};
        let now = 0;
        for (const s of steps) {
          now += 20;
          const bytes = packet(0);
          let at = 0;
          if (s.kind === "frame") sender.stamp(bytes, "music", 0, 160, now);
          else if (s.kind === "event") sender.stampEvent(bytes, 101, 0, false, now);
          else {
            position = s.kind === "jump" ? s.to : position + s.ahead;
            writeRtpHeader(bytes, 0, false, 0, position & 0xffff, (position * 160) >>> 0, 9);
            const arrival = receiver.accept(read(bytes), now);
            if (arrival === "late" || arrival === "duplicate") continue;
            if (arrival === "new_stream") stream = {};
            at = sender.relay(bytes, read(bytes), stream, 0, now);
          }
          if (at >= 0) used.push(read(bytes).sequence);
        }
        expect(new Set(used).size).toBe(used.length);
      }),
    );
  });
});

describe("RTCP", () => {
  it("writes a report that reads back", () => {
    const report = writeRtcpReport(
      7,
      "leg",
      { now: 1_700_000_000_500, rtpTimestamp: 160, packets: 10, octets: 1600 },
      {
        ssrc: 9,
        fractionLost: 3,
        lost: 4,
        highestSequence: 5,
        jitter: 6,
        lastSr: 8,
        delaySinceLastSrMs: 1000,
      },
    );
    expect(report.readUInt8(1)).toBe(200);
    expect(report.length % 4).toBe(0);
    const seconds = 1_700_000_000 + 2_208_988_800;
    expect(readRtcp(report)).toEqual({
      bye: false,
      heard: null,
      srTime: (((seconds & 0xffff) << 16) | 0x8000) >>> 0,
    });
  });

  it("sees a BYE behind other packets", () => {
    const bye = Buffer.from("81cb000100000007", "hex");
    expect(readRtcp(Buffer.concat([writeRtcpReport(7, "leg", null, null), bye]))?.bye).toBe(true);
  });
});
