import { describe, expect, test } from "vitest";
import { SipParseError } from "../errors.ts";
import { formatNameAddr, parseNameAddr } from "./name-addr.ts";
import { makeUri, parseUri } from "./uri.ts";
import { parseVia } from "./via.ts";

describe("parseUri", () => {
  test("reads every part", () => {
    expect(parseUri("SIP:Al%20ice:pw@Example.COM:5070;transport=TCP;lr?Subject=hi")).toMatchObject({
      scheme: "sip",
      user: "Al ice",
      password: "pw",
      host: "example.com",
      port: 5070,
      params: new Map([
        ["transport", "TCP"],
        ["lr", ""],
      ]),
      headers: "Subject=hi",
    });
  });

  test("[SIP2] escapes are undone once", () => {
    expect(parseUri("sip:sips%3Auser%2540@example.net").user).toBe("sips:user%40");
  });

  test("the user part may hold ; and ?", () => {
    expect(parseUri("sip:a;b?c@h")).toMatchObject({ user: "a;b?c", host: "h" });
  });

  test("IPv6 with port, and with the port fallen inside", () => {
    expect(parseUri("sip:[2001:db8::10]:5070")).toMatchObject({ host: "[2001:db8::10]", port: 5070 });
    expect(parseUri("sip:[2001:db8::10:5070]").port).toBeUndefined();
  });

  test("tel numbers and foreign schemes", () => {
    expect(parseUri("tel:+46-8-123;phone-context=se")).toMatchObject({ scheme: "tel", user: "+46-8-123" });
    expect(parseUri("http://example.com/").scheme).toBe("http");
  });

  test.each([
    "",
    "sip",
    ":x",
    "sip:",
    "sip:a@",
    "sip:a@h:99999",
    "sip:a@h:x",
    "sip:a@[::1",
    "sip:%zz@h",
    "sip:a b@h",
    "sip:a@h;",
    "tel:",
  ])("refuses %j", (text) => {
    expect(() => parseUri(text)).toThrow(SipParseError);
  });

  test("makeUri escapes, and reads back", () => {
    const uri = makeUri({ user: "a b@c", host: "::1", port: 5060, params: { transport: "ws" } });
    expect(uri.text).toBe("sip:a%20b%40c@[::1]:5060;transport=ws");
    expect(parseUri(uri.text)).toMatchObject({ user: "a b@c", host: "[::1]", port: 5060 });
  });
});

describe("parseNameAddr", () => {
  test("parameters without brackets belong to the header", () => {
    const value = parseNameAddr("sip:user@example.com;expires=30", "Contact");
    expect(value.uri.text).toBe("sip:user@example.com");
    expect(value.params.get("expires")).toBe("30");
  });

  test("[SIP5] a display name is written so that it reads back", () => {
    const text = formatNameAddr({ displayName: 'Ann "X" \\ Öst\r\nVia: z', uri: parseUri("sip:a@h") });
    expect(text).not.toContain("\r");
    expect(parseNameAddr(text, "From").displayName).toBe('Ann "X" \\ Öst  Via: z');
  });
});

test("a Via with IPv6 and odd blanks", () => {
  expect(parseVia("SIP / 2.0/ WSS [::1]:443 ;branch=z9hG4bK; received=[::1]")).toMatchObject({
    transport: "WSS",
    host: "[::1]",
    port: 443,
  });
});
