import { expect, it } from "vitest";
import { writeRtpHeader } from "./rtp-packet.ts";
import { SrtpContext, type SrtpMaster } from "./srtp.ts";
import { SrtpSession } from "./srtp-session.ts";

const profile = "AES_CM_128_HMAC_SHA1_80";

function master(octet: number): SrtpMaster {
  return { key: Buffer.alloc(16, octet), salt: Buffer.alloc(14, octet) };
}

function packet(sequence: number): Buffer {
  const bytes = Buffer.alloc(172, 0xab);
  writeRtpHeader(bytes, 0, false, 0, sequence & 0xffff, 0, 1);
  return bytes;
}

it("[ME38] late packets of the old key do not use up the search for the new key's roll-over", () => {
  const session = new SrtpSession();
  const apply = (remote: SrtpMaster): void =>
    session.apply({ profile, local: master(9), remote, remoteMki: null });
  const before = SrtpContext.fromMaster(master(1), profile);
  const after = SrtpContext.fromMaster(master(2), profile);
  const hears = (sender: SrtpContext, sequence: number): boolean => {
    const sealed = sender.protect(packet(sequence));
    return sealed !== null && session.unprotect(sealed) !== null;
  };
  apply(master(1));
  expect(hears(before, 100)).toBe(true);
  apply(master(2));
  for (let sequence = 101; sequence <= 150; sequence++) expect(hears(before, sequence)).toBe(true);
  after.protect(packet(65_535)); // the party used its new key before it came to us
  expect(hears(after, 0)).toBe(true);
  expect(hears(before, 151)).toBe(false);
});
