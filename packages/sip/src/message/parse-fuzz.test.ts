import { type Random, SeededRandom } from "@svara/kernel";
import { expect, test } from "vitest";
import { parseReplaces } from "../dialog/refer.ts";
import { parseDigest } from "../digest/digest.ts";
import { SipParseError } from "../errors.ts";
import { StreamFramer } from "../transport/stream-framer.ts";
import { parseMessage, tryParse } from "./parse-message.ts";
import { respond } from "./respond.ts";
import { sdpOf } from "./sdp-body.ts";

const SEEDS = [
  'INVITE sip:bob%40x;p=1@[2001:db8::1]:5061;transport=tcp?h=v SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKq;rport,\r\n SIP/2.0/WS x.invalid;received=[::1]\r\nf: "A \\"q\\"" <sip:a@b;user=phone>;tag=1\r\nt: c <tel:+4612;phone-context=x>\r\ni: z@h\r\nCSeq: 1 INVITE\r\nm: *\r\nMax-Forwards: 7\r\nContent-Type: multipart/mixed;boundary=b1\r\nContent-Length: 30\r\n\r\n--b1\r\nContent-Type: applicat--b1',
  'REGISTER sip:h SIP/2.0\r\nVia: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: sip:a@h;tag=2\r\nTo: <sip:a@h>\r\nCall-ID: 1\r\nCSeq: 2 REGISTER\r\nContact: <sip:a@1.2.3.4:5>;expires=60;+sip.instance="<urn:uuid:1>", <sip:b@h>;q=0.1\r\nAuthorization: Digest username="a", realm="r", nonce="n", uri="sip:h", response="00", qop=auth, nc=00000001, cnonce="c"\r\nExpires: 60\r\nContent-Length: 0\r\n\r\n',
  "SIP/2.0 183 Session Progress\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK2\r\nRecord-Route: <sip:p1;lr>,<sip:p2;lr>\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: 3\r\nCSeq: 1 INVITE\r\nRequire: 100rel\r\nRSeq: 5\r\nContact: <sip:c@1.1.1.1>\r\nContent-Length: 4\r\n\r\nv=0\r\n",
  "REFER sip:a@h SIP/2.0\r\nVia: SIP/2.0/WSS h;branch=z9hG4bK3\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>;tag=2\r\nCall-ID: 4\r\nCSeq: 9 REFER\r\nRefer-To: <sip:c@h?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>\r\nContact: <sip:a@h>\r\nContent-Length: 0\r\n\r\n",
];

const PIECES = [
  "\r\n",
  "\r\n ",
  '"',
  "<",
  ">",
  ";",
  ",",
  "\0",
  "%",
  "%zz",
  "\xff",
  ":",
  "=",
  "\\",
  "[",
  "]",
  "@",
  "?",
  "/",
  "99999999999",
  "-1",
  " ",
  "\t",
];

function mutate(source: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(source);
  const pick = (n: number): number => Math.floor(random.next() * n);
  for (let k = 1 + pick(4); k > 0 && bytes.length > 0; k--) {
    const at = pick(bytes.length);
    switch (pick(6)) {
      case 0:
        bytes[at] = pick(256);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + pick(30))]);
        break;
      case 2:
        bytes = bytes.subarray(0, at);
        break;
      case 3: {
        const piece = bytes.subarray(at, at + 1 + pick(40));
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          ...Array.from({ length: 1 + pick(8) }, () => piece),
          bytes.subarray(at),
        ]);
        break;
      }
      default: {
        const piece = Buffer.from(PIECES[pick(PIECES.length)] ?? "", "latin1");
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
      }
    }
  }
  return bytes;
}

/** Reads all that the stack reads of a message. */
function readEverything(bytes: Buffer): void {
  const message = parseMessage(bytes);
  void message.contacts;
  sdpOf(message);
  for (const [name, value] of message.headers) {
    message.list(name);
    parseDigest(value);
    parseReplaces(value);
  }
  if (message.kind === "request") parseMessage(respond(message, 200, { toTag: "t" }).toBytes());
}

test("[SIP1] twenty thousand mutated messages throw nothing but SipParseError", () => {
  const random = new SeededRandom(20_261_122);
  const counts = { parsed: 0, refused: 0 };
  for (let i = 0; i < 20_000; i++) {
    const seed = Buffer.from(SEEDS[i % SEEDS.length] ?? "", "latin1");
    const bytes = mutate(seed, random);
    try {
      readEverything(bytes);
      counts.parsed++;
    } catch (error) {
      if (!(error instanceof SipParseError))
        throw new Error(`seed ${i}: ${JSON.stringify(bytes.toString("latin1"))}`, { cause: error });
      expect(error.field).not.toBe("");
      counts.refused++;
    }
  }
  expect(counts.parsed).toBeGreaterThan(2_000);
  expect(counts.refused).toBeGreaterThan(2_000);
});

test("[SIP1] mutated streams, cut anywhere, never throw", () => {
  const random = new SeededRandom(5);
  for (let i = 0; i < 2_000; i++) {
    const framer = new StreamFramer({ maxHeadBytes: 4_096, maxBodyBytes: 4_096 });
    const bytes = Buffer.concat(SEEDS.map((seed) => mutate(Buffer.from(seed, "latin1"), random)));
    for (let at = 0; at < bytes.length; ) {
      const next = at + 1 + Math.floor(random.next() * 200);
      framer.push(bytes.subarray(at, next));
      at = next;
      for (let framed = framer.next(); framed; framed = framer.next()) {
        if (framed.kind === "message") tryParse(framed.bytes);
      }
    }
  }
});
