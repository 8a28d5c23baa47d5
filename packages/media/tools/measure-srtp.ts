/**
 * CPU of one SRTP packet of 20 ms G.711: `node packages/media/tools/measure-srtp.ts [packets]`. Ours against werift's, in the same
 * run, in turns; prints one JSON line per profile and implementation.
 */
import { randomBytes } from "node:crypto";
import { RtpPacket, SrtpSession } from "werift";
import { rtpHeaderLength, writeRtpHeader } from "../src/rtp-packet.ts";
import { SrtpContext, type SrtpMaster, type SrtpProfile, srtpProfiles } from "../src/srtp.ts";

const packets = Number(process.argv[2] ?? 100_000);
const turns = 5;

interface Ends {
  readonly protect: (packet: Buffer) => Buffer | null;
  readonly unprotect: (packet: Buffer) => unknown;
}

function ours(profile: SrtpProfile, master: SrtpMaster): Ends {
  const sender = SrtpContext.fromMaster(master, profile);
  const receiver = SrtpContext.fromMaster(master, profile);
  return { protect: (p) => sender.protect(p), unprotect: (p) => receiver.unprotect(p) };
}

/** werift takes a parsed header beside the payload, and parses by itself when it decrypts. */
function werifts(profile: 1 | 7, { key, salt }: SrtpMaster): Ends {
  const keys = {
    localMasterKey: key,
    localMasterSalt: salt,
    remoteMasterKey: key,
    remoteMasterSalt: salt,
  };
  const session = new SrtpSession({ profile, keys });
  return {
    protect: (p) => {
      const { header, payload } = RtpPacket.deSerialize(p);
      return session.encrypt(payload, header);
    },
    unprotect: (p) => session.decrypt(p),
  };
}

function packet(n: number): Buffer {
  const bytes = Buffer.alloc(rtpHeaderLength + 160, n & 0xff);
  writeRtpHeader(bytes, 0, false, 0, n & 0xffff, (n * 160) >>> 0, 0x1234_5678);
  return bytes;
}

function cpuUs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function measure(ends: Ends): { protectUs: number; unprotectUs: number } {
  const best = { protectUs: Number.POSITIVE_INFINITY, unprotectUs: Number.POSITIVE_INFINITY };
  const each = Math.ceil(packets / turns);
  let n = 1;
  for (let turn = 0; turn < turns; turn++) {
    const plain = Array.from({ length: each }, () => packet(n++));
    const sealed: (Buffer | null)[] = [];
    const protectUs = cpuUs(() => {
      for (const p of plain) sealed.push(ends.protect(p));
    });
    const received = sealed.map((p) => Buffer.from(p ?? ""));
    const unprotectUs = cpuUs(() => {
      for (const p of received) ends.unprotect(p);
    });
    best.protectUs = Math.min(best.protectUs, protectUs / each);
    best.unprotectUs = Math.min(best.unprotectUs, unprotectUs / each);
  }
  return best;
}

const weriftNumbers: Partial<Record<SrtpProfile, 1 | 7>> = {
  AES_CM_128_HMAC_SHA1_80: 1,
  AEAD_AES_128_GCM: 7,
};

for (const profile of Object.keys(srtpProfiles) as SrtpProfile[]) {
  const shape = srtpProfiles[profile];
  const master = { key: randomBytes(shape.key), salt: randomBytes(shape.salt) };
  const number = weriftNumbers[profile];
  const rivals: [string, Ends][] = [["ours", ours(profile, master)]];
  if (number !== undefined) rivals.push(["werift", werifts(number, master)]);
  for (const [name, ends] of rivals) {
    const { protectUs, unprotectUs } = measure(ends);
    const figures = { protectUs: round(protectUs), unprotectUs: round(unprotectUs) };
    console.log(JSON.stringify({ profile, implementation: name, ...figures }));
  }
}

function round(us: number): number {
  return Math.round(us * 100) / 100;
}
