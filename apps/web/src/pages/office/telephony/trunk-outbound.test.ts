import { describe, expect, test } from "vitest";
import { blankOutbound, readPeer, withTransport } from "./trunk-outbound.ts";

describe("a carrier's doors", () => {
  test("are written as host and port, or as a host alone", () => {
    expect(readPeer("sip2.example.net:5080")).toEqual({ host: "sip2.example.net", port: 5080 });
    expect(readPeer(" sip2.example.net ")).toEqual({ host: "sip2.example.net", port: 5060 });
    expect(readPeer("[2001:db8::1]:5061")).toEqual({ host: "[2001:db8::1]", port: 5061 });
    expect(readPeer("two words")).toBeUndefined();
    expect(readPeer("host:99999")).toBeUndefined();
  });

  test("change their usual port with the transport, and only then", () => {
    expect(withTransport(blankOutbound(), "tls")).toMatchObject({ port: 5061, srtp: "optional" });
    expect(withTransport({ ...blankOutbound(), port: 5080 }, "tls").port).toBe(5080);
    expect(
      withTransport({ ...blankOutbound(), port: 5061, transport: "tls", srtp: "required" }, "tcp"),
    ).toMatchObject({
      port: 5060,
      srtp: "off",
    });
  });
});
