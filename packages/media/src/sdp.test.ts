import { SeededRandom } from "@svara/kernel";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LegNegotiation } from "./leg-negotiation.ts";
import { MediaError } from "./media-error.ts";
import type { LegKind } from "./media-host.ts";
import { parseRemoteSdp } from "./sdp.ts";

const endpoint = { port: 20_000, rtcpPort: 20_001, security: null };
const secure = {
  port: 40_000,
  rtcpPort: 40_000,
  security: { iceUfrag: "ufrag", icePwd: "password", fingerprint: "AA:BB" },
};

function negotiation(kind: LegKind = "rtp"): LegNegotiation {
  return new LegNegotiation({
    kind,
    address: "192.0.2.1",
    codecs: ["PCMA", "PCMU"],
    ssrc: 7,
    cname: "c",
    sessionId: 1,
    terms: {},
    random: new SeededRandom(1),
  });
}

function phone(
  lines: { media?: string; address?: string; attributes?: string[]; session?: string[] } = {},
): string {
  return [
    "v=0",
    "o=- 1 1 IN IP4 198.51.100.2",
    "s=-",
    `c=IN IP4 ${lines.address ?? "198.51.100.2"}`,
    "t=0 0",
    ...(lines.session ?? []),
    lines.media ?? "m=audio 5004 RTP/AVP 8 0 101",
    ...(lines.attributes ?? ["a=rtpmap:101 telephone-event/8000"]),
    "",
  ].join("\r\n");
}

const browser = [
  "v=0",
  "o=- 1 2 IN IP4 127.0.0.1",
  "s=-",
  "t=0 0",
  "a=group:BUNDLE 0 1",
  "m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 13 110 126",
  "c=IN IP4 0.0.0.0",
  "a=ice-ufrag:abcd",
  "a=ice-pwd:0123456789012345678901",
  "a=fingerprint:sha-256 aa:bb",
  "a=setup:actpass",
  "a=mid:0",
  "a=sendrecv",
  "a=rtcp-mux",
  "a=rtpmap:111 opus/48000/2",
  "a=rtpmap:9 G722/8000",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:110 telephone-event/48000",
  "a=rtpmap:126 telephone-event/8000",
  "m=video 9 UDP/TLS/RTP/SAVPF 96",
  "c=IN IP4 0.0.0.0",
  "a=mid:1",
  "a=rtpmap:96 VP8/90000",
  "",
].join("\r\n");

function code(task: () => unknown): string {
  try {
    task();
  } catch (error) {
    return error instanceof MediaError ? `${error.code} ${error.sipStatus}` : "another error";
  }
  return "none";
}

describe("an answer", () => {
  it("[ME6] takes the peer's first codec and its number for telephone-event", () => {
    const media = "m=audio 5004 RTP/AVP 18 0 8 96";
    const offer = phone({ media, attributes: ["a=rtpmap:96 telephone-event/8000", "a=rtpmap:18 G729/8000"] });
    const answer = negotiation().answer(parseRemoteSdp(offer, "rtp", "IP4"), endpoint);
    expect(answer).toContain("m=audio 20000 RTP/AVP 0 96\r\n");
    expect(answer).toContain("c=IN IP4 192.0.2.1\r\n");
    expect(answer).toContain("a=rtcp:20001\r\n");
    expect(answer).toContain("a=ptime:20\r\n");
  });

  it("[ME6] gives a peer without telephone-event none", () => {
    const offer = phone({ media: "m=audio 5004 RTP/AVP 8", attributes: [] });
    expect(negotiation().answer(parseRemoteSdp(offer, "rtp", "IP4"), endpoint)).not.toContain(
      "telephone-event",
    );
  });

  it("[ME6] understands a dynamic number for G.711", () => {
    const offer = phone({ media: "m=audio 5004 RTP/AVP 97", attributes: ["a=rtpmap:97 pcma/8000/1"] });
    const made = negotiation();
    expect(made.answer(parseRemoteSdp(offer, "rtp", "IP4"), endpoint)).toContain("a=rtpmap:97 PCMA/8000");
    expect(made.agreement?.codec).toEqual({ codec: "PCMA", payloadType: 97 });
  });

  it("[ME6] refuses every other section and keeps their order", () => {
    const answer = negotiation("webrtc").answer(parseRemoteSdp(browser, "webrtc", "IP4"), secure);
    expect(answer.match(/^m=.*$/gm)).toEqual([
      "m=audio 40000 UDP/TLS/RTP/SAVPF 0 126",
      "m=video 0 UDP/TLS/RTP/SAVPF 96",
    ]);
    expect(answer).toContain("a=group:BUNDLE 0\r\n");
  });

  it("[ME40] to a browser has one candidate, is ICE-lite and makes us the DTLS server", () => {
    const answer = negotiation("webrtc").answer(parseRemoteSdp(browser, "webrtc", "IP4"), secure);
    expect(answer.match(/a=candidate.*/g)).toEqual([
      "a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host",
    ]);
    expect(answer).toContain("a=ice-lite\r\n");
    expect(answer).toContain("a=setup:passive\r\n");
    expect(negotiation("webrtc").offer(secure, "sendrecv")).toContain("a=setup:actpass\r\n");
  });

  it("[ME10] mirrors a hold and a resume", () => {
    const made = negotiation();
    const directions = [
      { direction: "sendonly" },
      { direction: "inactive" },
      { direction: "sendrecv", address: "0.0.0.0" },
      { direction: "recvonly" },
      { direction: "sendrecv" },
    ].map(({ direction, address }) => {
      const offer = phone({ ...(address ? { address } : {}), attributes: [`a=${direction}`] });
      const answer = made.answer(parseRemoteSdp(offer, "rtp", "IP4"), endpoint);
      return [/a=(sendrecv|sendonly|recvonly|inactive)/.exec(answer)?.[1], made.agreement?.remoteHold];
    });
    expect(directions).toEqual([
      ["recvonly", true],
      ["inactive", true],
      ["recvonly", true],
      ["sendonly", false],
      ["sendrecv", false],
    ]);
  });

  it("[ME10] reads a direction that stands above the sections", () => {
    const made = negotiation();
    made.answer(parseRemoteSdp(phone({ session: ["a=sendonly"] }), "rtp", "IP4"), endpoint);
    expect(made.agreement?.remoteHold).toBe(true);
  });

  it("[ME10] goes on holding when the held peer refreshes the session", () => {
    const made = negotiation();
    made.offer(endpoint, "sendrecv");
    made.accept(parseRemoteSdp(phone(), "rtp", "IP4"));
    made.offer(endpoint, "sendonly");
    made.accept(parseRemoteSdp(phone({ attributes: ["a=recvonly"] }), "rtp", "IP4"));
    expect(made.agreement?.remoteHold).toBe(false);
    expect(made.answer(parseRemoteSdp(phone(), "rtp", "IP4"), endpoint)).toContain("a=sendonly");
  });
});

describe("an offer of ours", () => {
  it("[ME9] may be answered twice; the last answer counts", () => {
    const made = negotiation();
    made.offer(endpoint, "sendrecv");
    made.accept(parseRemoteSdp(phone({ address: "198.51.100.7" }), "rtp", "IP4"));
    const second = made.accept(parseRemoteSdp(phone({ address: "198.51.100.8" }), "rtp", "IP4"));
    expect(second.remote.rtp?.address).toBe("198.51.100.8");
  });

  it("[ME11] that is refused changes nothing, and the peer's own offer discards it", () => {
    const made = negotiation();
    made.answer(parseRemoteSdp(phone(), "rtp", "IP4"), endpoint);
    made.offer(endpoint, "sendonly");
    expect(made.agreement?.direction).toBe("sendrecv");
    expect(made.answer(parseRemoteSdp(phone(), "rtp", "IP4"), endpoint)).toContain("a=sendrecv");
    expect(code(() => made.accept(parseRemoteSdp(phone(), "rtp", "IP4")))).toBe("media.wrong_state 491");
  });

  it("[ME9] keeps the session id and raises the version; payload numbers stay as agreed", () => {
    const made = negotiation();
    const media = "m=audio 5004 RTP/AVP 8 96";
    const offer = phone({ media, attributes: ["a=rtpmap:96 telephone-event/8000"] });
    const first = made.answer(parseRemoteSdp(offer, "rtp", "IP4"), endpoint);
    const second = made.offer(endpoint, "sendonly");
    expect(first).toContain("o=svara 1 1 ");
    expect(second).toContain("o=svara 1 2 ");
    expect(second).toContain("a=rtpmap:96 telephone-event/8000");
  });
});

describe("what cannot be used", () => {
  it("[ME7] is refused with its own code", () => {
    const parse = (sdp: string, kind: LegKind = "rtp") => code(() => parseRemoteSdp(sdp, kind, "IP4"));
    expect(parse("")).toBe("media.bad_sdp 400");
    expect(parse("hello")).toBe("media.bad_sdp 400");
    expect(parse("v=0\r\n")).toBe("media.bad_sdp 400");
    expect(parse(phone({ media: "m=audio abc RTP/AVP 8" }))).toBe("media.bad_sdp 400");
    expect(parse(phone({ media: "m=audio 5004 RTP/AVP 18" }))).toBe("media.no_common_codec 488");
    expect(parse(phone({ media: "m=video 5004 RTP/AVP 96" }))).toBe("media.unsupported_sdp 488");
    expect(parse(phone({ media: "m=audio 0 RTP/AVP 8" }))).toBe("media.unsupported_sdp 488");
    expect(parse(phone({ media: "m=audio 5004 RTP/SAVP 8" }))).toBe("media.unsupported_sdp 488");
    expect(parse(phone({ address: "2001:db8::1" }))).toBe("media.unsupported_sdp 488");
    expect(parse(phone({ address: "evil.example.com" }))).toBe("media.unsupported_sdp 488");
    expect(parse(browser.replace(/a=fingerprint.*\r\n/, ""), "webrtc")).toBe("media.unsupported_sdp 488");
    expect(parse(phone(), "webrtc")).toBe("media.unsupported_sdp 488");
  });

  it("[ME7] names of codecs and hashes may look like numbers", () => {
    const parse = (sdp: string, kind: LegKind = "rtp") => code(() => parseRemoteSdp(sdp, kind, "IP4"));
    expect(parse(phone({ media: "m=audio 5004 RTP/AVP 8\r\na=rtpmap:8 1/8000" }))).toBe(
      "media.no_common_codec 488",
    );
    expect(parse(browser.replace("a=fingerprint:sha-256 ", "a=fingerprint:1 "), "webrtc")).not.toBe(
      "another error",
    );
  });

  it("[ME7] never breaks us, however a good SDP is mangled", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(phone(), browser),
        fc.constantFrom<LegKind>("rtp", "webrtc"),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom("", "a=", "m=", " ", "\r\n", "0", "-1", "x")), {
          maxLength: 6,
        }),
        (sdp, kind, edits) => {
          const mangled = edits.reduce((text, [where, put]) => {
            const at = where % (text.length + 1);
            return text.slice(0, at) + put + text.slice(at + 3);
          }, sdp);
          expect(code(() => parseRemoteSdp(mangled, kind, "IP4"))).not.toBe("another error");
        },
      ),
    );
  });
});
