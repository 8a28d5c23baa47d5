import { describe, expect, test } from "vitest";
import { type Framed, StreamFramer } from "./stream-framer.ts";

const LIMITS = { maxHeadBytes: 500, maxBodyBytes: 100 };

function message(body: string, length: string | undefined = String(body.length)): string {
  const line = length === undefined ? "" : `l: ${length}\r\n`;
  return `OPTIONS sip:a SIP/2.0\r\nCall-ID: x\r\n${line}\r\n${body}`;
}

function framed(...chunks: string[]): Framed[] {
  const framer = new StreamFramer(LIMITS);
  const out: Framed[] = [];
  for (const chunk of chunks) {
    framer.push(Buffer.from(chunk));
    for (let next = framer.next(); next; next = framer.next()) out.push(next);
  }
  return out;
}

describe("StreamFramer", () => {
  const three = message("abc") + message("") + message("\r\n\r\n");

  test("[SIP6] several messages in one piece", () => {
    expect(framed(three).map((f) => f.kind === "message" && f.bytes.toString())).toEqual([
      message("abc"),
      message(""),
      message("\r\n\r\n"),
    ]);
  });

  test("[SIP6] octet by octet", () => {
    expect(framed(...three)).toEqual(framed(three));
  });

  test("[SIP6] cut in two anywhere", () => {
    for (let at = 1; at < three.length; at++) {
      expect(framed(three.slice(0, at), three.slice(at))).toEqual(framed(three));
    }
  });

  test("[SIP6] double CRLF between messages is a ping, single ones are skipped", () => {
    const kinds = framed(`\r\n${message("a")}\r\n\r\n\r\n${message("b")}`).map((f) => f.kind);
    expect(kinds).toEqual(["message", "ping", "message"]);
  });

  test.each([undefined, "-1", "five", "99999999999999999999", "3\r\nl: 4"])(
    "[SIP7] Content-Length %s breaks the stream, and nothing behind is read",
    (length) => {
      const out = framed(message("abc", length === undefined ? undefined : length) + message(""));
      if (length === undefined)
        expect(framed(`OPTIONS sip:a SIP/2.0\r\nCall-ID: x\r\n\r\n`)).toMatchObject([
          { kind: "broken", status: 400 },
        ]);
      else expect(out).toMatchObject([{ kind: "broken", status: 400 }]);
    },
  );

  test("[SIP7] a head or body over its limit breaks the stream", () => {
    expect(framed(`OPTIONS sip:a SIP/2.0\r\nX: ${"a".repeat(600)}`)).toMatchObject([
      { kind: "broken", status: 513 },
    ]);
    expect(framed(message("", "101"))).toMatchObject([{ kind: "broken", status: 413 }]);
  });
});
