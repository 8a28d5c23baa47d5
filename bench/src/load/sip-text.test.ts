import { makeHa1, parseMessage } from "@svara/sip";
import { describe, expect, it } from "vitest";
import {
  audioPortOf,
  authorise,
  callIdOf,
  contactOf,
  fromUserOf,
  readSip,
  respond,
  sdp,
} from "./sip-text.ts";

const invite = Buffer.from(
  [
    "INVITE sip:desk1@127.0.0.1:40000 SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1",
    'From: "Anna" <sip:+46701740605@127.0.0.1>;tag=a',
    "To: <sip:desk1@127.0.0.1>",
    "Call-ID: one@127.0.0.1",
    "CSeq: 7 INVITE",
    "Contact: <sip:svara@127.0.0.1:5060>",
    "Max-Forwards: 70",
    "Content-Type: application/sdp",
    `Content-Length: ${sdp(4000).length}`,
    "",
    sdp(4000),
  ].join("\r\n"),
);

describe("SIP as text", () => {
  it("reads what the load needs of a request", () => {
    const message = readSip(invite);
    if (!message) throw new Error("not read");
    expect([message.status, message.method, callIdOf(message)]).toEqual([0, "INVITE", "one@127.0.0.1"]);
    expect([fromUserOf(message), contactOf(message), audioPortOf(message)]).toEqual([
      "+46701740605",
      "sip:svara@127.0.0.1:5060",
      4000,
    ]);
  });

  it("answers with a message that our own parser takes", () => {
    const message = readSip(invite);
    if (!message) throw new Error("not read");
    const answer = parseMessage(
      respond(message, "200 OK", "b", ["Content-Type: application/sdp"], sdp(4002)),
    );
    expect(answer.to.params.get("tag")).toBe("b");
    expect(answer.cseq).toMatchObject({ method: "INVITE" });
    expect(answer.body.toString()).toBe(sdp(4002));
  });

  it("takes a keep-alive for no message", () => {
    expect(readSip(Buffer.from("\r\n\r\n"))).toBeUndefined();
  });

  it("authorises by the MD5 challenge among several", () => {
    const challenged = readSip(
      Buffer.from(
        [
          "SIP/2.0 401 Unauthorized",
          'WWW-Authenticate: Digest realm="svara", nonce="n1", algorithm=SHA-256, qop="auth"',
          'WWW-Authenticate: Digest realm="svara", nonce="n2", algorithm=MD5, qop="auth"',
          "CSeq: 1 REGISTER",
          "",
          "",
        ].join("\r\n"),
      ),
    );
    if (!challenged) throw new Error("not read");
    const line = authorise(challenged, { method: "REGISTER", uri: "sip:a", user: "u", password: "p" });
    expect(line).toContain('nonce="n2"');
    expect(line).not.toContain(makeHa1("u", "svara", "p").md5);
  });
});
