import { describe, expect, it } from "vitest";
import { writeRtpHeader } from "./rtp-packet.ts";
import { deriveSessionKeys, deriveSrtpKey, guessIndex, SrtpContext, type SrtpProfile } from "./srtp.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const profiles: SrtpProfile[] = ["AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM"];
const none = { cipher: Buffer.alloc(16), auth: Buffer.alloc(20), salt: Buffer.alloc(12) };

function pair(profile: SrtpProfile): { sender: SrtpContext; receiver: SrtpContext } {
  const master = { key: hex("e1f97a0d3e018be0d64fa32c06de4139"), salt: hex("0ec675ad498afeebb6960b3aabe6") };
  const cut = profile === "AEAD_AES_128_GCM" ? { ...master, salt: master.salt.subarray(0, 12) } : master;
  return { sender: SrtpContext.fromMaster(cut, profile), receiver: SrtpContext.fromMaster(cut, profile) };
}

function packet(sequence: number, ssrc = 1): Buffer {
  const bytes = Buffer.alloc(172, 0xab);
  writeRtpHeader(bytes, 0, false, 0, sequence & 0xffff, (sequence * 160) >>> 0, ssrc);
  return bytes;
}

describe("SRTP", () => {
  it("[ME37] derives keys as RFC 3711, appendix B.3", () => {
    const master = {
      key: hex("E1F97A0D3E018BE0D64FA32C06DE4139"),
      salt: hex("0EC675AD498AFEEBB6960B3AABE6"),
    };
    const keys = deriveSessionKeys(master, 0, "AES_CM_128_HMAC_SHA1_80");
    expect(keys.cipher).toEqual(hex("C61E7A93744F39EE10734AFE3FF7A087"));
    expect(keys.salt).toEqual(hex("30CBBC08863D8C85D49DB34A9AE1"));
    expect(deriveSrtpKey(master, 1, 94)).toEqual(
      hex(`CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE
           E049646C43D9327AD175578EF7227098 6371C10C9A369AC2F94A8C5FBCDDDC25
           6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2`),
    );
  });

  it("[ME37] makes the key stream of RFC 3711, appendix B.2", () => {
    const master = {
      key: hex("2B7E151628AED2A6ABF7158809CF4F3C"),
      salt: hex("F0F1F2F3F4F5F6F7F8F9FAFBFCFD"),
    };
    expect(deriveSrtpKey(master, 0, 48)).toEqual(
      hex(`E03EAD0935C95E80E166B16DD92B4EB4
           D23513162B02D0F72A43A2FE4A5F97AB
           41E95B3BB0A2E8DD477901E4FCA894C0`),
    );
  });

  it("[ME37] seals with HMAC-SHA1-80 as libsrtp's reference packet", () => {
    const { sender, receiver } = pair("AES_CM_128_HMAC_SHA1_80");
    const plain = hex("800f1234decafbadcafebabeabababababababababababababababab");
    const sealed = hex("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb");
    expect(sender.protect(plain)).toEqual(sealed);
    expect(receiver.unprotect(Buffer.from(sealed))).toEqual(plain);
  });

  it("[ME37] seals with AES-128-GCM as RFC 7714, section 16.1.1", () => {
    const rtp = {
      ...none,
      cipher: hex("000102030405060708090a0b0c0d0e0f"),
      salt: hex("517569642070726f2071756f"),
    };
    const plain = hex(`8040f17b8041f8d35501a0b2
      47616c6c696120657374206f6d6e697320646976697361 20696e207061727465732074726573`);
    const sealed = hex(`8040f17b8041f8d35501a0b2
      f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833
      899d7f27beb16a9152cf765ee4390cce`);
    const context = (): SrtpContext => new SrtpContext({ rtp, rtcp: none }, "AEAD_AES_128_GCM");
    expect(context().protect(plain)).toEqual(sealed);
    expect(context().unprotect(Buffer.from(sealed))).toEqual(plain);
  });

  it("[ME37] seals RTCP with AES-128-GCM as RFC 7714, section 17.1", () => {
    const rtcp = {
      ...none,
      cipher: hex("000102030405060708090a0b0c0d0e0f"),
      salt: hex("517569642070726f2071756f"),
    };
    const plain = hex(`81c8000d4d617273
      4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef`);
    const sealed = hex(`81c8000d4d617273
      63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b
      c84aa45896cf4d2fc5abf87245d9eade 800005d4`);
    const context = new SrtpContext({ rtp: none, rtcp }, "AEAD_AES_128_GCM");
    expect(context.unprotectRtcp(Buffer.from(sealed))).toEqual(plain);
  });

  it.each(profiles)(
    "[ME38] refuses what is forged or replayed and takes what is out of order (%s)",
    (profile) => {
      const { sender, receiver } = pair(profile);
      const sealed = [1, 2, 3].map((n) => sender.protect(packet(n)) ?? Buffer.alloc(0));
      const [first = Buffer.alloc(0), second = Buffer.alloc(0), third = Buffer.alloc(0)] = sealed;
      const forged = Buffer.from(first);
      forged[20] = (forged[20] ?? 0) ^ 1;
      expect(receiver.unprotect(forged)).toBeNull();
      expect(receiver.unprotect(Buffer.from(third))).toEqual(packet(3));
      expect(receiver.unprotect(Buffer.from(second))).toEqual(packet(2));
      expect(receiver.unprotect(Buffer.from(second))).toBeNull();
      expect(receiver.unprotect(Buffer.from(first))).toEqual(packet(1));
      expect(receiver.unprotect(Buffer.alloc(13, 0x80))).toBeNull();
    },
  );

  it.each(profiles)("[ME38] goes on after 400 packets lost around the roll-over (%s)", (profile) => {
    const { sender, receiver } = pair(profile);
    for (let n = 65_100; n < 66_000; n++) {
      const sealed = sender.protect(packet(n));
      const lost = n >= 65_336 && n < 65_736;
      if (!lost) expect(receiver.unprotect(sealed ?? Buffer.alloc(0)), `packet ${n}`).toEqual(packet(n));
    }
  });

  it.each(profiles)("[ME38] keeps a roll-over counter for each SSRC (%s)", (profile) => {
    const { sender, receiver } = pair(profile);
    const pass = (n: number, ssrc: number): Buffer | null => {
      const sealed = sender.protect(packet(n, ssrc));
      return sealed && receiver.unprotect(sealed);
    };
    for (let n = 65_530; n < 65_540; n++) expect(pass(n, 1)).toEqual(packet(n, 1));
    expect(pass(5, 2)).toEqual(packet(5, 2));
    expect(pass(65_540, 1)).toEqual(packet(65_540, 1));
  });

  it.each(profiles)("[ME91] understands a sender that has used its key before (%s)", (profile) => {
    const { sender, receiver } = pair(profile);
    let last: Buffer | null = null;
    for (let n = 1; n < 3 * 65_536; n += 20_000) last = sender.protect(packet(n));
    const late = Array.from({ length: 3 }, (_, i) => sender.protect(packet(180_010 + i)) ?? Buffer.alloc(0));
    expect(last).not.toBeNull();
    expect(late.map((sealed) => receiver.unprotect(sealed))).toEqual(
      [180_010, 180_011, 180_012].map((n) => packet(n)),
    );
    const strange = Buffer.from(late[0] ?? "");
    for (let n = 0; n < 40; n++) expect(receiver.unprotect(Buffer.from(strange))).toBeNull();
  });

  it.each(profiles)("[ME38] never seals two packets under one number (%s)", (profile) => {
    const { sender } = pair(profile);
    expect(sender.protect(packet(9))).not.toBeNull();
    expect(sender.protect(packet(9))).toBeNull();
  });

  it.each(profiles)("[ME38] carries RTCP and refuses it replayed or forged (%s)", (profile) => {
    const { sender, receiver } = pair(profile);
    const plain = hex("80c9000100000007");
    const sealed = sender.protectRtcp(plain);
    const forged = Buffer.from(sealed);
    forged[4] = (forged[4] ?? 0) ^ 1;
    expect(receiver.unprotectRtcp(forged)).toBeNull();
    expect(receiver.unprotectRtcp(Buffer.from(sealed))).toEqual(plain);
    expect(receiver.unprotectRtcp(Buffer.from(sealed))).toBeNull();
  });

  it("[ME38] guesses the index as RFC 3711, appendix A", () => {
    expect(guessIndex(-1, 40_000)).toBe(40_000);
    expect(guessIndex(65_535, 3)).toBe(65_539);
    expect(guessIndex(65_539, 65_530)).toBe(65_530);
    expect(guessIndex(3 * 65_536 + 10, 65_000)).toBe(2 * 65_536 + 65_000);
  });
});
