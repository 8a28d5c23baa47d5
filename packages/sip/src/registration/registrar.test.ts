import { Signal } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../limits.ts";
import { SipRequest } from "../message/message.ts";
import { parseMessage } from "../message/parse-message.ts";
import type { Flow } from "../transport/flow.ts";
import { Registrar } from "./registrar.ts";

function register(contact: string): SipRequest {
  const lines = [
    "REGISTER sip:svara.test SIP/2.0",
    "Via: SIP/2.0/TCP 10.0.0.9:5060;branch=z9hG4bKa",
    "Max-Forwards: 70",
    "From: <sip:101@svara.test>;tag=a",
    "To: <sip:101@svara.test>",
    "Call-ID: a",
    "CSeq: 1 REGISTER",
    `Contact: ${contact}`,
    "Supported: outbound",
    "Content-Length: 0",
    "",
    "",
  ];
  const message = parseMessage(Buffer.from(lines.join("\r\n")));
  if (!(message instanceof SipRequest)) throw new Error("a request");
  return message;
}

function connection(): { flow: Flow; close: () => void } {
  const closed = new Signal<void>();
  const flow: Flow = {
    protocol: "tcp",
    reliable: true,
    local: { host: "10.0.0.1", port: 5060 },
    remote: { host: "10.0.0.9", port: 40_000 },
    owner: undefined,
    isOpen: true,
    send: () => undefined,
    onClosed: (listener) => closed.on(listener),
    close: () => undefined,
  };
  return { flow, close: () => closed.emit() };
}

test.each([
  [false, "<sip:101@10.0.0.9:5070;transport=tcp>", 0],
  [true, "<sip:101@10.0.0.9:5070;transport=tcp>", 1],
  [true, '<sip:101@10.0.0.9:5070;transport=tcp>;reg-id=1;+sip.instance="<urn:a>"', 0],
])(
  "[SIP100] bindings outlive connections: %s; after its connection closed %s is bound %i times",
  (outliveConnections, contact, left) => {
    const registrar = new Registrar({ clock: new ManualClock(), limits: DEFAULT_LIMITS, outliveConnections });
    const { flow, close } = connection();
    const caller = { identity: { kind: "endpoint", id: "e" }, aors: ["101"] } as const;
    expect(registrar.register(register(contact), caller, flow).status).toBe(200);
    close();
    expect(registrar.bindings("101")).toHaveLength(left);
    registrar.close();
  },
);
