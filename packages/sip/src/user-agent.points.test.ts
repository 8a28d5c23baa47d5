import { afterEach, describe, expect, test } from "vitest";
import type { AnswerOutcome, IncomingCall } from "./call/incoming-call.ts";
import type { Dialog, InfoMessage } from "./dialog/dialog.ts";
import { BOB, FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";
import type { DnsAnswer, DnsResolver } from "./transport/dns-resolver.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

/** A carrier calls Bob, who gets the call. */
async function caller(
  body?: string,
): Promise<{ raw: RawPeer; call: IncomingCall; to: () => Record<string, string> }> {
  pair = new TestPair({ bob: { authority: new FixedAuthority({}, { "10.0.0.9": "trunk-raw" }) } });
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => calls.push(call));
  raw.send(rawRequest("INVITE", body === undefined ? {} : { body }));
  await pair.pass();
  const [call] = calls;
  if (!call) throw new Error("no call");
  return { raw, call, to: () => ({ To: raw.last.headers.get("To") ?? "" }) };
}

/** The same, answered and acknowledged. */
async function standing(): Promise<{ raw: RawPeer; dialog: Dialog; to: Record<string, string> }> {
  const { raw, call, to } = await caller(sdp(1));
  void call.answer(sdp(5000));
  await pair.pass();
  raw.send(rawRequest("ACK", { headers: to() }));
  await pair.pass();
  return { raw, dialog: call.dialog as Dialog, to: to() };
}

describe("late offers", () => {
  test("[SIP90] an ACK that leaves our offer without answer ends the call with BYE", async () => {
    const { raw, call, to } = await caller();
    const outcomes: AnswerOutcome[] = [];
    void call.answer(sdp(5000)).then((outcome) => outcomes.push(outcome));
    await pair.pass();
    raw.send(rawRequest("ACK", { headers: to() }));
    await pair.pass();
    expect(outcomes).toMatchObject([{ kind: "lost", end: { by: "remote", status: 488 } }]);
    expect(raw.requests("BYE")[0]?.headers.get("Reason")).toContain("cause=488");
  });

  test("a re-INVITE that comes before the ACK of our late offer is 491", async () => {
    const { raw, call, to } = await caller();
    void call.answer(sdp(5000));
    await pair.pass();
    raw.send(rawRequest("INVITE", { seq: 2, headers: to(), body: sdp(3) }));
    await pair.pass();
    expect(raw.last.status).toBe(491);
    raw.send(rawRequest("ACK", { seq: 2, headers: to() }));
    raw.send(rawRequest("ACK", { headers: to(), body: sdp(2) }));
    await pair.pass();
    expect(call.state).toBe("confirmed");
  });
});

describe("bodies", () => {
  test("[SIP91] a re-INVITE's session description is found in a multipart body", async () => {
    const { raw, dialog, to } = await standing();
    const offers: (string | undefined)[] = [];
    dialog.reoffer.on((reoffer) => {
      offers.push(reoffer.offer);
      void reoffer.accept(sdp(5002));
    });
    const inner = `--in\r\nContent-Type: text/plain\r\n\r\nx\r\n--in\r\nContent-Type: application/sdp\r\n\r\n${sdp(7)}--in--\r\n`;
    const body = `--out\r\nContent-Type: multipart/alternative;boundary=in\r\n\r\n${inner}--out\r\nContent-Type: application/isup;version=itu\r\n\r\n\x01\x02\r\n--out--\r\n`;
    const headers = { ...to, "Content-Type": "multipart/mixed;boundary=out" };
    raw.send(rawRequest("INVITE", { seq: 2, body, headers }));
    await pair.pass();
    raw.send(rawRequest("ACK", { seq: 2, headers: to }));
    await pair.pass();
    expect(offers).toEqual([sdp(7)]);
  });

  test("[SIP91] a packed body in a re-INVITE is 415, an unknown one that is optional does not count", async () => {
    const { raw, dialog, to } = await standing();
    const offers: (string | undefined)[] = [];
    dialog.reoffer.on((reoffer) => {
      offers.push(reoffer.offer);
      void reoffer.accept(sdp(5002));
    });
    raw.send(rawRequest("UPDATE", { seq: 2, body: "x", headers: { ...to, "Content-Encoding": "gzip" } }));
    await pair.pass();
    expect(raw.last.status).toBe(415);
    expect(raw.last.headers.get("Accept-Encoding")).toBe("identity");
    const headers = { "Content-Type": "text/x-odd", "Content-Disposition": "render; handling=optional" };
    raw.send(rawRequest("INVITE", { seq: 3, body: "odd", headers: { ...to, ...headers } }));
    await pair.pass();
    raw.send(rawRequest("ACK", { seq: 3, headers: to, body: sdp(4) }));
    await pair.pass();
    expect(offers).toEqual([undefined]);
    expect(dialog.remoteSdp).toBe(sdp(4));
  });
});

describe("requests in a dialog", () => {
  test("[SIP98] an INFO of a package that we never named is taken all the same", async () => {
    const { raw, dialog, to } = await standing();
    const got: InfoMessage[] = [];
    dialog.info.on((info) => got.push(info));
    const headers = { ...to, "Info-Package": "infoDtmf", "Content-Type": "application/dtmf-relay" };
    raw.send(rawRequest("INFO", { seq: 2, headers, body: "Signal=1" }));
    await pair.pass();
    expect(raw.last.status).toBe(200);
    expect(got).toMatchObject([{ body: "Signal=1" }]);
  });

  test.each([
    ["MESSAGE", 405],
    ["SUBSCRIBE", 405],
    ["FROBNICATE", 501],
  ])("[SIP99] %s is %i with Allow, and the call goes on", async (method, status) => {
    const { raw, dialog, to } = await standing();
    raw.send(rawRequest(method, { seq: 2, headers: to }));
    await pair.pass();
    expect(raw.last.status).toBe(status);
    expect(raw.last.headers.get("Allow")).toContain("INVITE");
    expect(dialog.state).toBe("confirmed");
  });

  test("[SIP99] Proxy-Require is none of our business", async () => {
    const { raw, to } = await standing();
    raw.send(rawRequest("OPTIONS", { seq: 2, headers: { ...to, "Proxy-Require": "foo" } }));
    await pair.pass();
    expect(raw.last.status).toBe(200);
  });
});

test("[SIP96] a re-INVITE that the peer holds for ever is cancelled, and given up", async () => {
  const { raw, dialog } = await standing();
  const outcome = dialog.reinvite(sdp(5002));
  await pair.pass();
  raw.answer(raw.requests("INVITE")[0], 183);
  await pair.pass(61_000);
  expect(raw.requests("CANCEL")).not.toHaveLength(0);
  raw.answer(raw.requests("CANCEL")[0], 200);
  await pair.pass(33_000);
  expect(await outcome).toMatchObject({ kind: "refused", status: 503 });
  expect(dialog.state).toBe("confirmed");
});

describe("ways of an INVITE of ours", () => {
  /** Bob calls a name that leads to two places. */
  async function twoWays(): Promise<{ first: RawPeer; second: RawPeer; state: () => string }> {
    const records = <T>(...found: T[]): Promise<DnsAnswer<T>> =>
      Promise.resolve({ kind: "records", records: found });
    const resolver: DnsResolver = {
      naptr: async () => ({ kind: "none" }),
      srv: (name) =>
        name.startsWith("_sip._udp")
          ? records(
              { name: "one.example", port: 5060, priority: 1, weight: 1 },
              { name: "two.example", port: 5060, priority: 2, weight: 1 },
            )
          : Promise.resolve({ kind: "none" }),
      addresses: (name) => records(name === "one.example" ? "10.0.0.31" : "10.0.0.32"),
    };
    pair = new TestPair({ bob: { resolver } });
    const first = new RawPeer(pair.network, "10.0.0.31");
    const second = new RawPeer(pair.network, "10.0.0.32");
    const call = pair.bob.invite(
      { kind: "uri", uri: "sip:7@carrier.example" },
      { offer: sdp(1), from: { user: "100" } },
    );
    await pair.pass(100); // the look-ups take many turns
    return { first, second, state: () => call.state };
  }

  test("[SIP94] a 503 sends it on to the next place", async () => {
    const { first, second, state } = await twoWays();
    first.answer(first.requests("INVITE")[0], 503);
    await pair.pass();
    second.answer(second.requests("INVITE")[0], 200, { sdp: sdp(2) });
    await pair.pass();
    expect(state()).toBe("accepted");
    expect(second.requests("INVITE")[0]?.callId).toBe(first.requests("INVITE")[0]?.callId);
  });

  test("[SIP94] silence does, too, and an answer that comes too late is met with ACK and BYE", async () => {
    const { first, second, state } = await twoWays();
    await pair.pass(5_000);
    second.answer(second.requests("INVITE")[0], 200, { sdp: sdp(2) });
    await pair.pass();
    first.answer(first.requests("INVITE")[0], 180, { tag: "late" });
    await pair.pass();
    expect(first.requests("CANCEL")).toHaveLength(1);
    first.answer(first.requests("CANCEL")[0], 200);
    first.answer(first.requests("INVITE")[0], 200, { tag: "late", sdp: sdp(3) });
    await pair.pass();
    expect(first.requests("ACK").map(({ toTag }) => toTag)).toEqual(["late"]);
    expect(first.requests("BYE").map(({ toTag }) => toTag)).toEqual(["late"]);
    expect(state()).toBe("accepted");
  });
});

test("a request that came round and round is known by its Call-ID, and by its hops at last", async () => {
  const { raw } = await caller(sdp(1));
  const again = rawRequest("INVITE", { body: sdp(1), uri: `sip:200@${BOB}` });
  again.headers.set("Via", "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKother");
  raw.send(again);
  await pair.pass();
  expect(raw.last.status).toBe(482);
});
