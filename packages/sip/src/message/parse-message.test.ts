import { describe, expect, test } from "vitest";
import { SipParseError } from "../errors.ts";
import { SipHeaders } from "./headers.ts";
import { SipRequest } from "./message.ts";
import { parseMessage, tryParse } from "./parse-message.ts";
import { respond } from "./respond.ts";

const LINES = [
  "INVITE sip:bob@example.net SIP/2.0",
  "Via: SIP/2.0/UDP host.example.com:5080;branch=z9hG4bKabc",
  "Max-Forwards: 70",
  'From: "Alice" <sip:alice@example.com>;tag=f1',
  "To: <sip:bob@example.net>",
  "Call-ID: c1@host",
  "CSeq: 7 INVITE",
  "Contact: <sip:alice@host.example.com:5080>",
  "Content-Length: 0",
];

function bytes(lines: readonly string[], body = ""): Buffer {
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** The message with the line of that name replaced, or left out. */
function changed(name: string, line?: string): Buffer {
  const at = LINES.findIndex((l) => l.startsWith(name));
  const lines = [...LINES];
  lines.splice(at, 1, ...(line === undefined ? [] : [line]));
  return bytes(lines);
}

function problem(raw: Buffer): { field: string; status: number } {
  try {
    parseMessage(raw);
  } catch (error) {
    if (error instanceof SipParseError) return { field: error.field, status: error.sipStatus };
  }
  throw new Error("it parsed");
}

describe("parseMessage", () => {
  test("reads a plain request", () => {
    const message = parseMessage(bytes(LINES));
    if (message.kind !== "request") throw new Error("a request");
    expect(message.method).toBe("INVITE");
    expect(message.uri).toBe("sip:bob@example.net");
    expect(message.via).toMatchObject({ transport: "UDP", host: "host.example.com", port: 5080 });
    expect(message.from.displayName).toBe("Alice");
    expect(message.fromTag).toBe("f1");
    expect(message.toTag).toBe("");
    expect(message.cseq).toEqual({ seq: 7, method: "INVITE" });
  });

  test("[SIP2] compact, folded, oddly spaced and quoted forms mean the same", () => {
    const message = parseMessage(
      bytes([
        "INVITE sip:bob@example.net SIP/2.0",
        "v  :  SIP  / 2.0 / udp\thost.example.com : 5080 ; branch = z9hG4bKabc , SIP/2.0/TCP second",
        "MAX-FORWARDS:\t70",
        'f: "A. \\"Al\\" Lice; <x>"',
        " <sip:alice@example.com>",
        "\t;tag=f1",
        "T :<sip:bob@example.net>",
        "I: c1@host",
        "cseq: 0007   INVITE",
        "m: <sip:a@h>;q=0.5, sip:b@h;expires=30",
        "l:0",
      ]),
    );
    expect(message.via).toMatchObject({ transport: "UDP", host: "host.example.com", port: 5080 });
    expect(message.via.params.get("branch")).toBe("z9hG4bKabc");
    expect(message.list("Via")).toHaveLength(2);
    expect(message.from.displayName).toBe('A. "Al" Lice; <x>');
    expect(message.fromTag).toBe("f1");
    expect(message.cseq.seq).toBe(7);
    expect(message.contacts).toMatchObject([{ uri: { user: "a" } }, { uri: { user: "b", text: "sip:b@h" } }]);
  });

  test.each([
    ["Via", undefined, "Via"],
    ["Via", "Via: SIP/2.0/UDP host;;;,,", "Via"],
    ["Via", "Via: nonsense", "Via"],
    ["From", undefined, "From"],
    ["From", 'From: "Alice <sip:alice@example.com>;tag=f1', "From"],
    ["From", "From: Bell, A <sip:a@b>;tag=1", "From"],
    ["To", undefined, "To"],
    ["To", "To: <sip:bob@example.net", "To"],
    ["Call-ID", undefined, "Call-ID"],
    ["Call-ID", "Call-ID: a\r\nCall-ID: b", "Call-ID"],
    ["CSeq", "CSeq: 7 BYE", "CSeq"],
    ["CSeq", "CSeq: 99999999999 INVITE", "CSeq"],
    ["CSeq", "CSeq: seven INVITE", "CSeq"],
    ["Contact", "Contact: <sip:a@b>;;;", "Contact"],
    ["Contact", "Contact: sip:a@b?Route=c", "Contact"],
    ["Max-Forwards", "no colon here", "header"],
    ["Content-Length", "Content-Length: -3", "Content-Length"],
    ["Content-Length", "Content-Length: 0\r\nContent-Length: 5", "Content-Length"],
    ["INVITE", "INVITE sip:2001:db8::1 SIP/2.0", "Request-URI"],
    ["INVITE", "INVITE <sip:bob@example.net> SIP/2.0", "Request-URI"],
    ["INVITE", "INVITE sip:bob@example.net; lr SIP/2.0", "Request-Line"],
    ["INVITE", "INVITE  sip:bob@example.net SIP/2.0", "Request-Line"],
  ])("[SIP3] names the field: %s as %s", (name, line, field) => {
    expect(problem(changed(name, line))).toEqual({ field, status: 400 });
  });

  test("[SIP3] another version is 505", () => {
    expect(problem(changed("INVITE", "INVITE sip:bob@example.net SIP/7.0")).status).toBe(505);
  });

  test("[SIP3] a request whose headers can be read is given back with the problem", () => {
    const result = tryParse(changed("CSeq", "CSeq: 7 BYE"));
    expect(result).toMatchObject({ kind: "malformed", request: { method: "INVITE" } });
  });

  test.each(["SIP/2.0 4294967301 x", "SIP/2.0 99 x", "SIP/2.0 20 x", "SIP/1.0 200 OK", "SIP/2.0 2000 x"])(
    "[SIP3] no response: %s",
    (line) => {
      expect(problem(changed("INVITE", line)).field).toBe("Status-Line");
    },
  );

  test("reads a response without reason, and one with letters beyond ASCII", () => {
    expect(parseMessage(changed("INVITE", "SIP/2.0 100 "))).toMatchObject({ status: 100, reason: "" });
    expect(parseMessage(changed("INVITE", "SIP/2.0 200 Väl"))).toMatchObject({ reason: "Väl" });
  });

  test("[SIP4] the length decides about the body of a datagram", () => {
    const withLength = (length: string): Buffer =>
      bytes([...LINES.slice(0, -1), `Content-Length: ${length}`], "0123456789");
    expect(parseMessage(withLength("4")).body.toString()).toBe("0123");
    expect(problem(withLength("11")).field).toBe("Content-Length");
    expect(parseMessage(bytes(LINES.slice(0, -1), "0123456789")).body.toString()).toBe("0123456789");
  });

  test("octets that are no UTF-8 come back as they were", () => {
    const raw = Buffer.from(changed("Call-ID", "Call-ID: c\u00ff1@host").toString("utf8"), "latin1");
    const message = parseMessage(raw);
    if (message.kind !== "request") throw new Error("a request");
    const answer = respond(message, 200).toBytes();
    expect(answer.includes(Buffer.from("c\u00ff1@host", "latin1"))).toBe(true);
  });

  test("a header section without end is refused", () => {
    expect(problem(Buffer.from(LINES.join("\r\n"))).field).toBe("header");
  });
});

describe("respond", () => {
  test("[SIP5] what would end a header line is taken out", () => {
    const message = parseMessage(bytes(LINES));
    if (message.kind !== "request") throw new Error("a request");
    const headers = [["Reason", 'SIP;text="a\r\nX-Evil: 1"']] as const;
    const answer = respond(message, 486, { toTag: "t", reason: "Busy\r\nX-Bad: 1", headers });
    const back = parseMessage(answer.toBytes());
    expect(back.headers.get("X-Evil")).toBeUndefined();
    expect(back.headers.get("X-Bad")).toBeUndefined();
  });

  test("copies Via, From, To with tag, Call-ID and CSeq, and Record-Route below 300", () => {
    const lines = [
      ...LINES.slice(0, 2),
      "Record-Route: <sip:p1;lr>",
      "Via: SIP/2.0/TCP b",
      ...LINES.slice(2),
    ];
    const request = parseMessage(bytes(lines)) as SipRequest;
    const ok = parseMessage(respond(request, 200, { toTag: "t1" }).toBytes());
    expect(ok.list("Via")).toHaveLength(2);
    expect(ok.toTag).toBe("t1");
    expect(ok.headers.get("Record-Route")).toBe("<sip:p1;lr>");
    expect(respond(request, 486).headers.get("Record-Route")).toBeUndefined();
  });
});

test("a message written is the message read", () => {
  const headers = new SipHeaders().add("Via", "SIP/2.0/UDP a;branch=z9hG4bK1").add("f", "<sip:a@b>;tag=1");
  headers.add("To", "<sip:c@d>").add("Call-ID", "x").add("CSeq", "1 MESSAGE");
  const request = new SipRequest("MESSAGE", "sip:c@d", headers);
  request.setBody("text/plain", "grüß");
  const back = parseMessage(request.toBytes());
  expect(back.body.toString()).toBe("grüß");
  expect(back.toBytes()).toEqual(request.toBytes());
});
