import { afterEach, describe, expect, test } from "vitest";
import type { SipRequest } from "./message/message.ts";
import { parseMessage } from "./message/parse-message.ts";
import { sdpOf } from "./message/sdp-body.ts";
import { parseUri } from "./message/uri.ts";
import { BOB, FixedAuthority, RawPeer, sdp, TestPair } from "./testing.ts";

/*
 * The traits of the SIP torture tests (RFC 4475, and RFC 5118 for IPv6) in messages of our own. Bob takes calls from the
 * sender and is busy: 486 is the sign of an INVITE that was understood.
 */

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

const VIA = "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKtorture";
const MAX = "Max-Forwards: 70";
const FROM = "From: <sip:ada@10.0.0.9>;tag=one";
const TO = "To: <sip:100@10.0.0.2>";
const ID = "Call-ID: torture";
const CONTACT = "Contact: <sip:ada@10.0.0.9>";
const SDP = "Content-Type: application/sdp";

/** A message of lines; lines given replace the usual ones of their name, and an empty one ("X:-") takes it out. */
function message(first: string, lines: readonly string[] = [], body = ""): string {
  const method = first.split(" ", 1)[0] ?? "";
  const names = new Set(lines.map(nameOf));
  const usual = [
    VIA,
    MAX,
    FROM,
    TO,
    ID,
    `CSeq: 1 ${method}`,
    CONTACT,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const kept = usual.filter((line) => !names.has(nameOf(line)));
  return [first, ...kept, ...lines.filter((line) => !line.endsWith(":-")), "", body].join("\r\n");
}

function nameOf(line: string): string {
  const name = line.slice(0, line.indexOf(":")).trim().toLowerCase();
  return { v: "via", f: "from", t: "to", i: "call-id", m: "contact", l: "content-length" }[name] ?? name;
}

const INVITE = "INVITE sip:100@10.0.0.2 SIP/2.0";
const OPTIONS = "OPTIONS sip:100@10.0.0.2 SIP/2.0";
const REGISTER = "REGISTER sip:10.0.0.2 SIP/2.0";

type Row = readonly [
  section: string,
  trait: string,
  octets: string,
  /** The final status, or "silence". */
  outcome: number | "silence",
  facts?: (request: SipRequest) => void,
];

const VALID: readonly Row[] = [
  [
    "3.1.1.1",
    "folds, blanks, compact names, odd case and quoted pairs everywhere",
    message(
      INVITE,
      [
        "v  :  SIP  / 2.0 / UDP \r\n    10.0.0.9  ;\r\n  branch  =\tz9hG4bKtorture ,  SIP/2.0/TCP far.example;branch=390",
        'f : "Ada \\\\\\"Countess\\"" <sip:ada@10.0.0.9>\r\n ;\r\n\ttag = one',
        "t:\r\n <sip:100@10.0.0.2>",
        "MAX-forwards: 0068",
        "cSEQ: 0009\r\n\tINVITE",
        "sUbJeCt:",
        "X-Opaque:\r\n\t;;,,;;,;",
        SDP,
        "l:\t0",
      ],
      "",
    ),
    486,
    (request) => {
      expect(request.cseq).toEqual({ seq: 9, method: "INVITE" });
      expect(request.number("Max-Forwards")).toBe(68);
      expect(request.from).toMatchObject({ displayName: 'Ada \\"Countess"' });
      expect(request.fromTag).toBe("one");
      expect(request.list("Via")).toHaveLength(2);
      expect(request.via).toMatchObject({ transport: "UDP", host: "10.0.0.9" });
      expect(request.headers.get("x-opaque")).toBe(";;,,;;,;");
    },
  ],
  [
    "3.1.1.2",
    "every character that a method, user, tag and Call-ID may be made of",
    message("Do.It-now!%*_+`'~1 sip:a!b~c*(d)'e&f=g+h$i,j;k?l/m:p&=+$,w@10.0.0.2 SIP/2.0", [
      'From: "\\\0\\\x07\\\x7f" <sip:ada@10.0.0.9>;tag=-.!%*_+`\'~',
      "Call-ID: !%*_+`'~-.()<>:\\\"/[]?{}@x",
      "X'y~z: any",
    ]),
    501,
    (request) => {
      expect(request.method).toBe("Do.It-now!%*_+`'~1");
      expect(parseUri(request.uri)).toMatchObject({ user: "a!b~c*(d)'e&f=g+h$i,j;k?l/m", host: "10.0.0.2" });
      expect(request.callId).toBe("!%*_+`'~-.()<>:\\\"/[]?{}@x");
      expect(request.from.displayName).toBe("\0\x07\x7f");
    },
  ],
  [
    "3.1.1.3",
    "escapes are undone once, and only where they may stand",
    message("INVITE sip:sip%3A100%4010.0.0.9@10.0.0.2;p=v%2541 SIP/2.0", ["To: <sip:%31%30%30@10.0.0.2>"]),
    486,
    (request) => {
      const uri = parseUri(request.uri);
      expect(uri.user).toBe("sip:100@10.0.0.9");
      expect(uri.params.get("p")).toBe("v%41");
      expect(request.to.uri.user).toBe("100");
    },
  ],
  [
    "3.1.1.4",
    "an escaped NUL is a character like others",
    message(REGISTER, ["To: <sip:nul-%00@10.0.0.2>", "From: <sip:nul-%00@10.0.0.2>;tag=1"]),
    401,
    (request) => expect(request.to.uri.user).toBe("nul-\0"),
  ],
  [
    "3.1.1.5",
    "a % that is no escape where none can be",
    message("RE%47IST%45R sip:100@10.0.0.2 SIP/2.0", ["From: %Ada <sip:ada@10.0.0.9>;tag=%%1"]),
    501,
    (request) => expect([request.method, request.fromTag]).toEqual(["RE%47IST%45R", "%%1"]),
  ],
  [
    "3.1.1.6",
    "no blank between display name and bracket",
    message(OPTIONS, ["From: ada<sip:ada@10.0.0.9>;tag=1"]),
    200,
    (request) => expect(request.from.displayName).toBe("ada"),
  ],
  [
    "3.1.1.7",
    "very long values and many lines",
    message(
      INVITE,
      [
        `To: "${"long ".repeat(200)}" <sip:${"u".repeat(400)}@10.0.0.2>;p=${"v".repeat(400)}`,
        `Call-ID: ${"id".repeat(300)}`,
        VIA,
        ...Array.from({ length: 30 }, (_, n) => `Via: SIP/2.0/TCP hop${n}.example;branch=z9hG4bK${n}`),
        `Contact: <sip:${"x".repeat(300)}@10.0.0.9>`,
        `X-${"long".repeat(50)}: ${"value ".repeat(100)}`,
      ],
      sdp(1),
    ).replace("Content-Length", `${SDP}\r\nContent-Length`),
    486,
    (request) => expect(request.list("Via")).toHaveLength(31),
  ],
  [
    "3.1.1.8",
    "a second message behind the first in a datagram is not read",
    `${message(OPTIONS)}${message(INVITE, ["Call-ID: second"])}`,
    200,
  ],
  [
    "3.1.1.9",
    "semicolons in the user part belong to it",
    message("OPTIONS sip:user;par=u%40h@10.0.0.2 SIP/2.0"),
    200,
    (request) => {
      expect(parseUri(request.uri)).toMatchObject({ user: "user;par=u@h", host: "10.0.0.2" });
      expect(parseUri(request.uri).params.size).toBe(0);
    },
  ],
  [
    "3.1.1.10",
    "transports that nobody knows, below the top",
    message(OPTIONS, [VIA, "Via: SIP/2.0/SCTP a.example", "Via: SIP/2.0/PIGEON b.example;branch=z9hG4bK2"]),
    200,
  ],
  [
    "3.1.1.11",
    "a multipart body whose first part is the message",
    message(
      INVITE,
      ['Content-Type: multipart/mixed;boundary="--5"'],
      `----5\r\n${SDP}\r\n\r\n${sdp(9)}\r\n----5\r\nContent-Type: application/octet-stream\r\n\r\n\0\xff\r\n----5--\r\n`,
    ),
    486,
    (request) => expect(sdpOf(request)?.startsWith("v=0")).toBe(true),
  ],
  [
    "3.2.1",
    "a branch that is the magic cookie and nothing else",
    message(OPTIONS, ["Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK"]),
    200,
  ],
  [
    "3.3.7",
    "an authorization scheme that nobody knows",
    message(REGISTER, ["Authorization: Pigeon feather=1"]),
    401,
  ],
  ["3.3.11", "no hops left, at the end of the way", message(OPTIONS, ["Max-Forwards: 0"]), 200],
  [
    "3.3.12",
    "a parameter of a Contact without brackets is the header's",
    message(REGISTER, ["Contact: sip:ada@10.0.0.9;odd"]),
    401,
    (request) => {
      const [contact] = request.contacts === "*" ? [] : request.contacts;
      expect([contact?.uri.params.size, contact?.params.has("odd")]).toEqual([0, true]);
    },
  ],
  [
    "3.3.13",
    "a parameter of a Contact within brackets is the URI's",
    message(REGISTER, ["Contact: <sip:ada@10.0.0.9;odd>"]),
    401,
    (request) => {
      const [contact] = request.contacts === "*" ? [] : request.contacts;
      expect([contact?.uri.params.has("odd"), contact?.params.size]).toEqual([true, 0]);
    },
  ],
  [
    "3.3.14",
    "a header within a Contact's URI",
    message(REGISTER, ["Contact: <sip:ada@10.0.0.9?Route=%3Csip:a.example%3E>"]),
    401,
  ],
  [
    "3.4.1",
    "a caller of RFC 2543: no branch, no tag, no length, no hops",
    message(
      INVITE,
      ["Via: SIP/2.0/UDP 10.0.0.9", "From: <sip:ada@10.0.0.9>", "Max-Forwards:-", "Content-Length:-", SDP],
      sdp(3),
    ),
    486,
    (request) => expect([request.fromTag, request.body.toString()]).toEqual(["", sdp(3)]),
  ],
];

const BROKEN: readonly Row[] = [
  [
    "3.1.2.1",
    "the same in the Via, so that no way back is known",
    message(INVITE, [`${VIA};;,;,,`]),
    "silence",
  ],
  ["3.1.2.1", "separators without anything between them", message(INVITE, ["Contact: <sip:a@b>;;;;"]), 400],
  ["3.1.2.2", "more octets announced than came", message(INVITE, ["Content-Length: 9999", SDP], sdp(1)), 400],
  ["3.1.2.3", "a negative length", message(INVITE, ["Content-Length: -999", SDP], sdp(1)), 400],
  ["3.1.2.4", "a CSeq beyond 32 bits", message(OPTIONS, ["CSeq: 36893488147419103232 OPTIONS"]), 400],
  ["3.1.2.6", "a quote that nobody closes", message(INVITE, ['To: "Ada <sip:100@10.0.0.2>']), 400],
  ["3.1.2.7", "a Request-URI in brackets", message("INVITE <sip:100@10.0.0.2> SIP/2.0"), 400],
  ["3.1.2.8", "a blank within the Request-URI", message("INVITE sip:100@10.0.0.2; lr SIP/2.0"), 400],
  [
    "3.1.2.9",
    "two blanks behind the method",
    message("INVITE  sip:100@10.0.0.2 SIP/2.0", ["CSeq: 1 INVITE"]),
    400,
  ],
  ["3.1.2.10", "blanks behind the version", message(`${OPTIONS}  `), 400],
  [
    "3.1.2.11",
    "headers in the Request-URI are passed over",
    message("INVITE sip:100@10.0.0.2?Route=%3Csip:x%3E SIP/2.0"),
    486,
  ],
  [
    "3.1.2.12",
    "a date of another zone does not matter",
    message(INVITE, ["Date: Sun, 22 Nov 2026 10:00:00 EET"]),
    486,
  ],
  [
    "3.1.2.13",
    "a header in a Contact without brackets",
    message(REGISTER, ["Contact: sip:a@10.0.0.9?Route=%3Csip:x%3E"]),
    400,
  ],
  ["3.1.2.14", "blanks within the URI of To", message(OPTIONS, ['To: "A" < sip:100 @10.0.0.2 >']), 400],
  [
    "3.1.2.15",
    "a comma in a display name without quotes",
    message(OPTIONS, ["From: Byron, Ada <sip:ada@10.0.0.9>;tag=1"]),
    400,
  ],
  ["3.1.2.16", "a version to come", message("OPTIONS sip:100@10.0.0.2 SIP/7.0"), 505],
  ["3.1.2.17", "a CSeq of another method", message(OPTIONS, ["CSeq: 1 INVITE"]), 400],
  [
    "3.1.2.18",
    "a CSeq of another method, both unknown",
    message("NEXTTHING sip:100@10.0.0.2 SIP/2.0", ["CSeq: 1 INVITE"]),
    400,
  ],
  ["3.3.1", "no Call-ID, From and To", message(INVITE, ["Call-ID:-", "From:-", "To:-"]), 400],
  ["3.3.2", "a scheme that nobody knows", message("OPTIONS strange:thing SIP/2.0"), 416],
  [
    "3.3.3",
    "a scheme that is known, and is not SIP's",
    message("OPTIONS soap.beep://10.0.0.2:80 SIP/2.0"),
    416,
  ],
  [
    "3.3.4",
    "From and To of other schemes in a registration",
    message(REGISTER, ["From: <http://a.example>;tag=1", "To: <isbn:2983792873>", "Contact: <name:ada>"]),
    401,
  ],
  ["3.3.5", "extensions that nobody knows", message(OPTIONS, ["Require: nothing-known, nor-this"]), 420],
  ["3.3.6", "a body of another type", message(INVITE, ["Content-Type: application/unknown"], "<odd/>"), 415],
  ["3.3.8", "headers twice that may stand once", message(INVITE, [FROM, "From: <sip:b@b>;tag=2"]), 400],
  ["3.3.8", "Call-ID twice", message(OPTIONS, [ID, "Call-ID: other"]), 400],
  [
    "3.3.9",
    "two lengths that differ",
    message(OPTIONS, ["Content-Length: 3", "Content-Length: 5"], "12345"),
    400,
  ],
  [
    "3.3.10",
    "a response to somebody else, for all to hear",
    message("SIP/2.0 200 OK", ["Via: SIP/2.0/UDP 10.0.0.77;branch=z9hG4bKx", "CSeq: 1 INVITE"]),
    "silence",
  ],
  [
    "3.3.15",
    "a caller who takes no session description",
    message(INVITE, [SDP, "Accept: text/odd"], sdp(1)),
    406,
  ],
  [
    "3.1.1.12",
    "a reason phrase of other letters",
    message("SIP/2.0 200 = 2**3 * 5**2 но сто девяносто", ["CSeq: 1 INVITE"]),
    "silence",
  ],
  ["3.1.1.13", "a reason phrase that is empty", message("SIP/2.0 100 ", ["CSeq: 1 INVITE"]), "silence"],
  [
    "3.1.2.5",
    "a response with numbers beyond their range",
    message("SIP/2.0 503 No", [
      "CSeq: 9292394834772304023312 OPTIONS",
      "Retry-After: 949302838503028349304023988",
    ]),
    "silence",
  ],
  [
    "3.1.2.19",
    "a status beyond its range",
    message("SIP/2.0 4294967301 better", ["CSeq: 1 INVITE"]),
    "silence",
  ],
];

const IPV6: readonly Row[] = [
  [
    "5118 4.1",
    "IPv6 in brackets in Request-URI, Via and Contact",
    message("OPTIONS sip:[2001:db8::10] SIP/2.0", [
      VIA,
      "Via: SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3",
      'Contact: "Ada" <sip:ada@[2001:db8::9:1]>',
    ]),
    200,
    (request) => expect(parseUri(request.uri).host).toBe("[2001:db8::10]"),
  ],
  ["5118 4.2", "IPv6 without brackets", message("OPTIONS sip:2001:db8::10 SIP/2.0"), 400],
  [
    "5118 4.3",
    "a port that fell within the brackets is part of the address",
    message("OPTIONS sip:[2001:db8::10:5070] SIP/2.0"),
    200,
    (request) =>
      expect(parseUri(request.uri)).toMatchObject({ host: "[2001:db8::10:5070]", port: undefined }),
  ],
  [
    "5118 4.4",
    "a port behind the brackets is a port",
    message("OPTIONS sip:[2001:db8::10]:5070 SIP/2.0"),
    200,
    (request) => expect(parseUri(request.uri)).toMatchObject({ host: "[2001:db8::10]", port: 5070 }),
  ],
  [
    "5118 4.5",
    "received in brackets",
    message(OPTIONS, [VIA, "Via: SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bK1"]),
    200,
  ],
  [
    "5118 4.5",
    "received without brackets, in the top Via",
    message(OPTIONS, ["Via: SIP/2.0/UDP 10.0.0.9;received=2001:db8::9:255;branch=z9hG4bK1"]),
    200,
    (request) => expect(request.via.params.get("received")).toBe("2001:db8::9:255"),
  ],
  [
    "5118 4.6",
    "IPv6 in the session description",
    message(INVITE, [SDP], sdp(5).replaceAll("IP4 127.0.0.1", "IP6 2001:db8::20")),
    486,
  ],
  [
    "5118 4.7",
    "Vias of both families",
    message(OPTIONS, [
      VIA,
      "Via: SIP/2.0/UDP [2001:db8::9:1]:6050;branch=z9hG4bK1, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2",
      "Via: SIP/2.0/UDP [2001:db8:9::3];received=192.0.2.200;branch=z9hG4bK3",
    ]),
    200,
    (request) => expect(request.list("Via")).toHaveLength(4),
  ],
  [
    "5118 4.8",
    "media of both families",
    message(INVITE, [SDP], `${sdp(5)}m=video 6000 RTP/AVP 97\r\nc=IN IP6 2001:db8::20\r\n`),
    486,
  ],
  [
    "5118 4.9",
    "IPv4 mapped into IPv6",
    message(OPTIONS, ["Contact: <sip:ada@[::ffff:192.0.2.10]:5060>"]),
    200,
    (request) => {
      const [contact] = request.contacts === "*" ? [] : request.contacts;
      expect(contact?.uri).toMatchObject({ host: "[::ffff:192.0.2.10]", port: 5060 });
    },
  ],
  ["5118 4.10", "two colons before the dots", message("OPTIONS sip:100@[2001:db8::192.0.2.1] SIP/2.0"), 200],
];

/** Sends one message to Bob; the final statuses that come back. */
async function finalsOf(octets: string): Promise<number[]> {
  pair = new TestPair({ bob: { authority: new FixedAuthority({}, { "10.0.0.9": "trunk-raw" }) } });
  const finals: number[] = [];
  const port = pair.network.open("10.0.0.9");
  // What is broken comes back as it was, and is not to be parsed again.
  port.sink = (bytes) => {
    const status = Number(Buffer.from(bytes).toString("latin1", 8, 11));
    if (status >= 200) finals.push(status);
  };
  pair.bob.onInvite.on((call) => call.reject(486));
  port.send(Buffer.from(octets), BOB, 5060, undefined);
  await pair.pass();
  return finals;
}

const TABLES = { "RFC 4475, valid": VALID, "RFC 4475, broken": BROKEN, "RFC 5118": IPV6 };

describe.each(Object.entries(TABLES))("%s", (_, rows) => {
  for (const [section, trait, octets, outcome, facts] of rows) {
    test(`[SIP95] ${section} ${trait}`, async () => {
      expect(await finalsOf(octets)).toEqual(outcome === "silence" ? [] : [outcome]);
      if (!facts) return;
      const parsed = parseMessage(Buffer.from(octets));
      if (parsed.kind !== "request") throw new Error("a request was meant");
      facts(parsed);
    });
  }
});

test("the table names at least fifty traits", () => {
  expect(VALID.length + BROKEN.length + IPV6.length).toBeGreaterThanOrEqual(50);
});

test("[SIP95] 3.3.10 a response that we asked for counts only for the branch that we made", async () => {
  pair = new TestPair();
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const call = pair.bob.invite(
    { kind: "uri", uri: "sip:7@10.0.0.9" },
    { offer: sdp(1), from: { user: "1" } },
  );
  await pair.pass();
  const [invite] = raw.requests("INVITE");
  const forged = (invite?.headers.get("Via") ?? "").replace("z9hG4bK", "z9hG4bKx");
  raw.answer(invite, 486, { headers: [] });
  raw.send(message("SIP/2.0 200 OK", [`Via: ${forged}`, "CSeq: 1 INVITE", SDP], sdp(2)));
  await pair.pass();
  expect(call.state).toBe("failed");
});
