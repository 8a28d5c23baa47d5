import { SeededRandom } from "@svara/kernel";
import { describe, expect, it } from "vitest";
import { LegNegotiation } from "./leg-negotiation.ts";
import { MediaError } from "./media-error.ts";
import type { LegTerms } from "./media-host.ts";
import { parseCryptoAttribute, SdesExchange, writeCryptoAttribute } from "./sdes.ts";
import { parseRemoteSdp } from "./sdp.ts";

const key = Buffer.alloc(30, 7).toString("base64");
const endpoint = { port: 20_000, rtcpPort: 20_001, security: null };

function negotiation(terms: LegTerms): LegNegotiation {
  return new LegNegotiation({
    kind: "rtp",
    address: "192.0.2.1",
    codecs: ["PCMA", "PCMU"],
    ssrc: 7,
    cname: "c",
    sessionId: 1,
    terms,
    random: new SeededRandom(3),
  });
}

function sdp(...sections: string[][]): string {
  const head = ["v=0", "o=- 1 1 IN IP4 198.51.100.2", "s=-", "c=IN IP4 198.51.100.2", "t=0 0"];
  return `${[...head, ...sections.flat()].join("\r\n")}\r\n`;
}

const crypto = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${key}`;
const plain = ["m=audio 5004 RTP/AVP 8"];
const plainWithKeys = ["m=audio 5004 RTP/AVP 8", crypto];
const secure = ["m=audio 5006 RTP/SAVP 8", crypto];
const secureWithoutKeys = ["m=audio 5006 RTP/SAVP 8"];

/** `RTP/SAVP encrypted`, or the error. */
function answered(terms: LegTerms, ...sections: string[][]): string {
  try {
    const { srtp = "optional", secureSignalling } = terms;
    const remote = parseRemoteSdp(sdp(...sections), "rtp", "IP4", { srtp, secureSignalling });
    const made = negotiation(terms);
    const answer = made.answer(remote, endpoint);
    const used = answer.match(/^m=audio [1-9].*$/m)?.[0]?.split(" ")[2];
    return `${used}${made.agreement?.encrypted ? " encrypted" : ""}${answer.includes("a=crypto:") ? " with keys" : ""}`;
  } catch (error) {
    return error instanceof MediaError ? `${error.code} ${error.sipStatus}` : String(error);
  }
}

const refused = "media.unsupported_sdp 488";

describe("keys in an SDP", () => {
  it.each([
    ["off", plain, "RTP/AVP"],
    ["off", plainWithKeys, "RTP/AVP"],
    ["off", secure, refused],
    ["optional", plain, "RTP/AVP"],
    ["optional", plainWithKeys, "RTP/AVP encrypted with keys"],
    ["optional", secure, "RTP/SAVP encrypted with keys"],
    ["optional", secureWithoutKeys, refused],
    ["required", plain, refused],
    ["required", plainWithKeys, "RTP/AVP encrypted with keys"],
    ["required", secure, "RTP/SAVP encrypted with keys"],
  ] as const)("[ME70] %s: an offer of %j gives %s", (srtp, section, expected) => {
    expect(answered({ srtp }, [...section])).toBe(expected);
  });

  it("[ME70] of two sections take the encrypted one where that may be", () => {
    expect(answered({ srtp: "optional" }, plain, secure)).toBe("RTP/SAVP encrypted with keys");
    expect(answered({ srtp: "off" }, secure, plain)).toBe("RTP/AVP");
  });

  it("[ME71] do not count when others could read them", () => {
    const terms = { srtp: "optional", secureSignalling: false } as const;
    expect(answered(terms, secure)).toBe(refused);
    expect(answered(terms, plainWithKeys)).toBe("RTP/AVP");
    expect(answered({ ...terms, secureSignalling: true }, secure)).toBe("RTP/SAVP encrypted with keys");
    expect(negotiation(terms).offer(endpoint, "sendrecv")).not.toContain("crypto");
    expect(() => negotiation({ ...terms, srtp: "required" }).offer(endpoint, "sendrecv")).toThrow(/others/);
  });

  it("[ME70] of our offers stand on RTP/SAVP when required, on RTP/AVP when optional, nowhere when off", () => {
    const offer = (terms: LegTerms): string => negotiation(terms).offer(endpoint, "sendrecv");
    expect(offer({ srtp: "required" })).toMatch(/m=audio 20000 RTP\/SAVP 8 0 101\r\n/);
    expect(offer({ srtp: "optional" })).toMatch(/m=audio 20000 RTP\/AVP 8 0 101\r\n/);
    expect(offer({ srtp: "off" })).not.toContain("crypto");
    expect(
      [...offer({ srtp: "required" }).matchAll(/a=crypto:(\d) (\S+)/g)].map((m) => `${m[1]} ${m[2]}`),
    ).toEqual([
      "1 AES_CM_128_HMAC_SHA1_80",
      "2 AES_CM_128_HMAC_SHA1_32",
      "3 AEAD_AES_128_GCM",
      "4 AEAD_AES_256_GCM",
    ]);
  });

  it("[ME70] of an answer choose the line of our offer by its tag; none of ours is refused", () => {
    const accept = (srtp: "optional" | "required", ...section: string[]): string => {
      const made = negotiation({ srtp });
      made.offer(endpoint, "sendrecv");
      try {
        const agreement = made.accept(parseRemoteSdp(sdp(section), "rtp", "IP4", { srtp }));
        return agreement.keys?.profile ?? "plain";
      } catch (error) {
        return error instanceof MediaError ? error.code : String(error);
      }
    };
    const gcmKey = Buffer.alloc(28, 1).toString("base64");
    const savp = "m=audio 5004 RTP/SAVP 8";
    expect(accept("required", savp, `a=crypto:3 AEAD_AES_128_GCM inline:${gcmKey}`)).toBe("AEAD_AES_128_GCM");
    expect(accept("required", savp, `a=crypto:9 AEAD_AES_128_GCM inline:${gcmKey}`)).toBe(
      "media.unsupported_sdp",
    );
    expect(accept("optional", "m=audio 5004 RTP/AVP 8", crypto)).toBe("AES_CM_128_HMAC_SHA1_80");
    expect(accept("optional", "m=audio 5004 RTP/AVP 8")).toBe("plain");
    expect(accept("required", "m=audio 5004 RTP/AVP 8")).toBe("media.unsupported_sdp");
  });

  it("[ME72] are read with lifetime, MKI and hints, and not when anything else changes the packets", () => {
    const read = (rest: string): string => {
      const line = parseCryptoAttribute(`1 AES_CM_128_HMAC_SHA1_80 inline:${rest}`);
      return line === null ? "refused" : (line.mki?.toString("hex") ?? "no mki");
    };
    expect(read(key)).toBe("no mki");
    expect(read(`${key}|2^20`)).toBe("no mki");
    expect(read(`${key}|2^31|1:4`)).toBe("00000001");
    expect(read(`${key}|66051:4`)).toBe("00010203");
    expect(read(`${key}|1048576|1:1;inline:${key}|2:1`)).toBe("01");
    expect(read(`${key} WSH=128 -FOO`)).toBe("no mki");
    expect(read(`${key} UNENCRYPTED_SRTP`)).toBe("refused");
    expect(read(`${key} KDR=1`)).toBe("refused");
    expect(read(`${key}|2^49`)).toBe("refused");
    expect(read(`${key}|0`)).toBe("refused");
    expect(read(`${key}|300:1`)).toBe("refused");
    expect(read(`${key}|1:200`)).toBe("refused");
    expect(read("c2hvcnQ=")).toBe("refused");
    expect(parseCryptoAttribute(`1 F8_128_HMAC_SHA1_80 inline:${key}`)).toBeNull();
    expect(parseCryptoAttribute(`1 toString inline:${key}`)).toBeNull();
    expect(parseCryptoAttribute("")).toBeNull();
  });

  it("[ME73] of ours stay while the peer's stay, and are new for a peer that brings new ones", () => {
    const line = (fill: number): NonNullable<ReturnType<typeof parseCryptoAttribute>> => {
      const text = `1 AES_CM_128_HMAC_SHA1_80 inline:${Buffer.alloc(30, fill).toString("base64")}`;
      const parsed = parseCryptoAttribute(text);
      if (parsed === null) throw new Error(text);
      expect(writeCryptoAttribute(parsed)).toBe(text);
      return parsed;
    };
    const exchange = new SdesExchange(new SeededRandom(1));
    const ours = (fill: number): string =>
      exchange.answer([line(fill)])?.line.master.key.toString("hex") ?? "";
    const first = ours(1);
    expect(ours(1)).toBe(first);
    expect(ours(2)).not.toBe(first);
    expect(exchange.offer()).toHaveLength(1);
  });
});
