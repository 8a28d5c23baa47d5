import { afterEach, expect, test } from "vitest";
import type { IncomingCall } from "./call/incoming-call.ts";
import { FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

/** A carrier at 10.0.0.9 that says what it likes to Bob. */
function carrier(limits = {}): RawPeer {
  pair = new TestPair({ bob: { authority: new FixedAuthority({}, { "10.0.0.9": "trunk-raw" }), limits } });
  return new RawPeer(pair.network, "10.0.0.9");
}

async function statusesOf(message: Parameters<RawPeer["send"]>[0], raw = carrier()): Promise<number[]> {
  raw.send(message);
  await pair.pass();
  return raw.statuses;
}

test.each([
  ["MESSAGE", 405],
  ["SUBSCRIBE", 405],
  ["REFER", 405],
  ["FROBNICATE", 501],
])("[SIP17] %s is %i with Allow", async (method, status) => {
  const raw = carrier();
  expect(await statusesOf(rawRequest(method), raw)).toEqual([status]);
  expect(raw.last.headers.get("Allow")).toContain("INVITE");
});

test.each(["BYE", "INFO", "UPDATE", "PRACK", "NOTIFY"])(
  "[SIP17] %s outside a dialog is 481",
  async (method) => {
    expect(await statusesOf(rawRequest(method))).toEqual([481]);
  },
);

test("[SIP18] another scheme is 416", async () => {
  expect(await statusesOf(rawRequest("INVITE", { uri: "isbn:2983792873" }))).toEqual([416]);
});

test("[SIP18] unknown extensions are 420 and named", async () => {
  const raw = carrier();
  const headers = { Require: "replaces, nothingSupportsThis" };
  expect(await statusesOf(rawRequest("INVITE", { headers }), raw)).toEqual([420]);
  expect(raw.last.headers.get("Unsupported")).toBe("nothingSupportsThis");
});

test("[SIP18] no hops left is 483 for INVITE and no matter for OPTIONS", async () => {
  const headers = { "Max-Forwards": "0" };
  expect(await statusesOf(rawRequest("INVITE", { headers }))).toEqual([483]);
  await pair.close();
  expect(await statusesOf(rawRequest("OPTIONS", { headers }))).toEqual([200]);
});

test("[SIP19] a body of another type, or one that is packed, is 415 with Accept", async () => {
  const raw = carrier();
  raw.send(rawRequest("INVITE", { body: "x", headers: { "Content-Type": "text/html" } }));
  await pair.pass();
  raw.send(rawRequest("INVITE", { seq: 2, body: "x", headers: { "Content-Encoding": "gzip" } }));
  await pair.pass();
  expect(raw.statuses).toEqual([415, 415]);
  expect(raw.last.headers.get("Accept")).toBe("application/sdp");
});

test("[SIP19] a caller who takes no session description is 406", async () => {
  expect(await statusesOf(rawRequest("INVITE", { headers: { Accept: "text/nobody" } }))).toEqual([406]);
});

test("a session description inside a multipart body is found", async () => {
  const raw = carrier();
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => calls.push(call));
  const body = `--b\r\nContent-Type: application/sdp\r\n\r\n${sdp(9)}\r\n--b\r\nContent-Type: x/y\r\n\r\nz\r\n--b--\r\n`;
  raw.send(rawRequest("INVITE", { body, headers: { "Content-Type": 'multipart/mixed; boundary="b"' } }));
  await pair.pass();
  expect(calls[0]?.offer?.trim()).toBe(sdp(9).trim());
});

test("[SIP20] OPTIONS tells what we can", async () => {
  const raw = carrier();
  expect(await statusesOf(rawRequest("OPTIONS"), raw)).toEqual([200]);
  expect(raw.last.headers.get("Accept")).toBe("application/sdp");
  expect(raw.last.headers.get("Supported")).toContain("replaces");
});

test("[SIP3] a malformed request is 400 with the field, a malformed ACK or response silence", async () => {
  const raw = carrier();
  const bad = rawRequest("INVITE").toBytes().toString().replace("Contact: <sip:7@", "Contact: <sip:7 @");
  raw.send(bad);
  raw.send(bad.replaceAll("INVITE", "ACK"));
  raw.send("SIP/2.0 999 What\r\n\r\n");
  await pair.pass();
  expect(raw.statuses).toEqual([400]);
  expect(raw.last.reason).toBe("Bad Contact");
});

test("an INVITE without Contact is 400", async () => {
  const request = rawRequest("INVITE");
  request.headers.remove("Contact");
  expect(await statusesOf(request)).toEqual([400]);
});

test("[SIP9] without rport the answer goes to the port of the Via, with it to the source; received is told", async () => {
  const raw = carrier();
  const other = new RawPeer(pair.network, "10.0.0.9", 7000);
  raw.send(rawRequest("OPTIONS", { headers: { Via: "SIP/2.0/UDP elsewhere.example:7000;branch=z9hG4bKa" } }));
  await pair.pass();
  expect([raw.statuses, other.statuses]).toEqual([[], [200]]);
  expect(other.last.via.params.get("received")).toBe("10.0.0.9");
  const headers = { Via: "SIP/2.0/UDP elsewhere.example:7000;rport;branch=z9hG4bKb" };
  raw.send(rawRequest("OPTIONS", { seq: 2, headers }));
  await pair.pass();
  expect(raw.last.via.params.get("rport")).toBe("5060");
});

test("[SIP15] the same request by another way is 482, and there is one call", async () => {
  const raw = carrier();
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => {
    calls.push(call);
    call.ring();
  });
  raw.send(rawRequest("INVITE", { body: sdp(1) }));
  await pair.pass();
  raw.send(
    rawRequest("INVITE", { body: sdp(1), headers: { Via: "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKway2" } }),
  );
  await pair.pass();
  expect(raw.statuses).toEqual([180, 482]);
  expect(calls).toHaveLength(1);
});

test("[SIP12] requests without the branch of RFC 3261 are told apart by their other fields", async () => {
  const raw = carrier();
  const Via = "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bK";
  raw.send(rawRequest("OPTIONS", { headers: { Via } }));
  raw.send(rawRequest("OPTIONS", { headers: { Via, "Call-ID": "another" } }));
  raw.send(rawRequest("OPTIONS", { headers: { Via } }));
  await pair.pass();
  expect(raw.received.map((message) => message.callId)).toEqual(["raw-call", "another", "raw-call"]);
  expect(new Set(raw.received.map((message) => message.toTag)).size).toBe(2);
});

test("[SIP34] a late offer: ours goes in the 200, the answer comes in the ACK", async () => {
  const raw = carrier();
  const outcomes: unknown[] = [];
  pair.bob.onInvite.on((call) => {
    expect(call.offer).toBeUndefined();
    void call.answer(sdp(5000)).then((outcome) => outcomes.push(outcome));
  });
  raw.send(rawRequest("INVITE"));
  await pair.pass();
  expect(raw.last.body.toString()).toBe(sdp(5000));
  raw.send(rawRequest("ACK", { headers: { To: raw.last.headers.get("To") ?? "" }, body: sdp(77) }));
  await pair.pass();
  expect(outcomes).toMatchObject([{ kind: "confirmed", remoteSdp: sdp(77) }]);
});

test("[SIP25] a trunk known by its address calls without login, and its assertions are read", async () => {
  const raw = carrier();
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => calls.push(call));
  const headers = { "P-Asserted-Identity": '"A" <tel:+46812345>', Privacy: "id;critical" };
  raw.send(rawRequest("INVITE", { body: sdp(1), headers }));
  await pair.pass();
  expect(calls[0]?.caller).toEqual({ kind: "trunk", id: "trunk-raw" });
  expect(calls[0]?.assertedIdentity?.uri.user).toBe("+46812345");
  expect(calls[0]?.anonymous).toBe(true);
  expect(calls[0]?.dialledUser).toBe("100");
});

test("more requests than the limit are 503, without state", async () => {
  const raw = carrier({ maxTransactions: 2 });
  for (let seq = 1; seq <= 4; seq++) raw.send(rawRequest("OPTIONS", { seq }));
  await pair.pass();
  expect(raw.statuses).toEqual([200, 200, 503, 503]);
});
