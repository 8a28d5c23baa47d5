import { afterEach, describe, expect, test } from "vitest";
import type { CallEnd } from "./call/call-end.ts";
import type { IncomingCall } from "./call/incoming-call.ts";
import type { Dialog, InfoMessage } from "./dialog/dialog.ts";
import type { ReferProgress } from "./dialog/refer.ts";
import type { ReinviteOutcome } from "./dialog/reinvite.ts";
import type { Reoffer } from "./dialog/reoffer.ts";
import { ALICE, BOB, FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

async function established(
  options: ConstructorParameters<typeof TestPair>[0] = {},
): Promise<{ alice: Dialog; bob: Dialog }> {
  pair = new TestPair(options);
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => {
    calls.push(call);
    void call.answer(sdp(5000));
  });
  const call = pair.alice.invite(
    { kind: "uri", uri: `sip:100@${BOB}` },
    { offer: sdp(4000), from: { user: "7" } },
  );
  await pair.pass(500);
  const bob = calls[0]?.dialog;
  if (!call.dialog || !bob) throw new Error("the call did not come up");
  return { alice: call.dialog, bob };
}

describe("changing the session", () => {
  test("[SIP41] a re-INVITE that is accepted changes both sides", async () => {
    const { alice, bob } = await established();
    bob.reoffer.on((reoffer) => {
      expect(reoffer.offer).toBe(sdp(4002));
      void reoffer.accept(sdp(5002));
    });
    const outcome = alice.reinvite(sdp(4002));
    await pair.pass(100);
    expect(await outcome).toEqual({ kind: "answered", sdp: sdp(5002) });
    expect([alice.localSdp, alice.remoteSdp]).toEqual([sdp(4002), sdp(5002)]);
    expect([bob.localSdp, bob.remoteSdp]).toEqual([sdp(5002), sdp(4002)]);
  });

  test("[SIP41] a refusal, and nobody there to decide (488), leave the session as it was", async () => {
    const { alice, bob } = await established();
    const first = alice.reinvite(sdp(4002));
    await pair.pass(100);
    expect(await first).toMatchObject({ kind: "refused", status: 488 });
    bob.reoffer.on((reoffer) => reoffer.reject(606, "No Video"));
    const second = alice.reinvite(sdp(4002));
    await pair.pass(100);
    expect(await second).toEqual({ kind: "refused", status: 606, reason: "No Video" });
    expect([alice.localSdp, bob.remoteSdp]).toEqual([sdp(4000), sdp(4000)]);
    expect(alice.state).toBe("confirmed");
  });

  test("[SIP42] when both re-INVITE at once, the owner of the Call-ID comes back later and both get through", async () => {
    const { alice, bob } = await established({ latencyMs: 20 });
    alice.reoffer.on((reoffer) => void reoffer.accept(sdp(4004)));
    bob.reoffer.on((reoffer) => void reoffer.accept(sdp(5004)));
    const outcomes: ReinviteOutcome[] = [];
    const started = pair.clock.now();
    void alice.reinvite(sdp(4002)).then((outcome) => outcomes.push(outcome));
    void bob.reinvite(sdp(5002)).then((outcome) => outcomes.push(outcome));
    await pair.pass(6_000);
    expect(outcomes).toMatchObject([{ kind: "answered" }, { kind: "answered" }]);
    expect(pair.network.log.filter((e) => e.line.includes(" 491 "))).toHaveLength(2);
    const again = pair.network.sentBy(ALICE, "INVITE", started).at(-1) ?? 0;
    expect(again).toBeGreaterThanOrEqual(2_100);
  });

  test("a re-INVITE to a dialog the peer forgot ends ours", async () => {
    const { alice, bob } = await established();
    bob.end({ by: "local" });
    const outcome = alice.reinvite(sdp(4002));
    await pair.pass(100);
    expect(await outcome).toEqual({ kind: "gone" });
    expect(alice.state).toBe("ended");
  });

  test("a second re-INVITE while one is under way is a mistake", async () => {
    const { alice, bob } = await established();
    bob.reoffer.on((reoffer) => void reoffer.accept(sdp(1)));
    void alice.reinvite(sdp(4002));
    expect(() => alice.reinvite(sdp(4004))).toThrow("under way");
    await pair.pass(100);
  });
});

describe("changing the session from both sides", () => {
  test("[SIP42] while the peer's re-INVITE waits for its answer there is none of ours", async () => {
    const { alice, bob } = await established();
    const asked: Reoffer[] = [];
    bob.reoffer.on((reoffer) => asked.push(reoffer));
    alice.reoffer.on((reoffer) => void reoffer.accept(sdp(4004)));
    const outcome = alice.reinvite(sdp(4002));
    await pair.pass(100);
    expect(() => bob.reinvite(sdp(5002))).toThrow("under way");
    void asked[0]?.accept(sdp(5004));
    await pair.pass(100);
    expect(await outcome).toMatchObject({ kind: "answered" });
    const other = bob.reinvite(sdp(5002));
    await pair.pass(100);
    expect(await other).toMatchObject({ kind: "answered", sdp: sdp(4004) });
  });
});

describe("other requests", () => {
  test("[SIP45] INFO is answered and handed on", async () => {
    const { alice, bob } = await established();
    const got: InfoMessage[] = [];
    bob.info.on((info) => got.push(info));
    const status = alice.infoRequest("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n");
    await pair.pass(100);
    expect(await status).toBe(200);
    expect(got).toEqual([{ contentType: "application/dtmf-relay", body: "Signal=5\r\nDuration=160\r\n" }]);
  });

  test("[SIP46] REFER is accepted and its progress told", async () => {
    const { alice, bob } = await established();
    bob.referred.on((refer) => {
      expect(refer.targetUser).toBe("200");
      expect(refer.referredBy).toContain("sip:7@");
      refer.accept();
      refer.notify(180);
      refer.notify(200);
    });
    const seen: ReferProgress[] = [];
    alice.refer(`sip:200@${BOB}`).progress.on((progress) => seen.push(progress));
    await pair.pass(200);
    expect(seen).toEqual([
      { status: 100, reason: "Trying", final: false },
      { status: 180, reason: "Ringing", final: false },
      { status: 200, reason: "OK", final: true },
    ]);
    expect(alice.state).toBe("confirmed");
  });

  test("[SIP46] a REFER that nobody takes is declined", async () => {
    const { alice } = await established();
    const seen: ReferProgress[] = [];
    alice.refer(`sip:200@${BOB}`).progress.on((progress) => seen.push(progress));
    await pair.pass(200);
    expect(seen).toMatchObject([{ status: 603, final: true }]);
  });

  test("[SIP40] an attended transfer names the dialog to replace", async () => {
    const { alice, bob } = await established();
    const got: (Dialog | undefined)[] = [];
    pair.bob.onInvite.on((call) => got.push(call.replaces));
    const headers = [["Replaces", alice.toReplaces()]] as const;
    const options = { offer: sdp(4000), from: { user: "8" } };
    pair.alice.invite({ kind: "uri", uri: `sip:100@${BOB}` }, { ...options, headers });
    await pair.pass(200);
    expect(got).toEqual([bob]);
    const unknown = pair.alice.invite(
      { kind: "uri", uri: `sip:100@${BOB}` },
      { ...options, headers: [["Replaces", "x;to-tag=1;from-tag=2"]] },
    );
    const failed: number[] = [];
    unknown.failed.on(({ status }) => failed.push(status));
    await pair.pass(200);
    expect(failed).toEqual([481]);
  });

  test("[SIP46] a REFER with Replaces is read with its dialog", async () => {
    const { alice, bob } = await established();
    let replaces: unknown;
    bob.referred.on((refer) => {
      replaces = refer.replaces;
      refer.reject(603);
    });
    alice.refer(`sip:200@${BOB}`, { replaces: alice });
    await pair.pass(200);
    expect(replaces).toEqual({
      callId: alice.callId,
      toTag: alice.remoteTag,
      fromTag: alice.localTag,
      earlyOnly: false,
    });
  });
});

describe("the end", () => {
  test("[SIP47] BYE ends both sides once and carries its reason", async () => {
    const { alice, bob } = await established();
    const ends: [string, CallEnd][] = [];
    alice.ended.on((end) => ends.push(["alice", end]));
    bob.ended.on((end) => ends.push(["bob", end]));
    alice.bye({ q850: 16, text: "normal" });
    alice.bye();
    await pair.pass(100);
    expect(ends).toEqual([
      ["alice", { by: "local", q850: 16 }],
      ["bob", { by: "remote", q850: 16, reason: "normal", reasonHeader: 'Q.850;cause=16;text="normal"' }],
    ]);
    expect(await alice.infoRequest("text/plain", "x")).toBe(481);
  });

  test("[SIP47] both hang up at once", async () => {
    const { alice, bob } = await established({ latencyMs: 20 });
    alice.bye();
    bob.bye();
    await pair.pass(1_000);
    expect([alice.state, bob.state]).toEqual(["ended", "ended"]);
  });

  test("[SIP47] a caller who hangs up by BYE while it rings", async () => {
    pair = new TestPair({ bob: { authority: new FixedAuthority({}, { "10.0.0.9": "trunk-raw" }) } });
    const raw = new RawPeer(pair.network, "10.0.0.9");
    const ends: CallEnd[] = [];
    pair.bob.onInvite.on((call) => {
      call.withdrawn.on((end) => ends.push(end));
      call.ring();
    });
    raw.send(rawRequest("INVITE", { body: sdp(1) }));
    await pair.pass(50);
    const To = raw.last.headers.get("To") ?? "";
    raw.send(rawRequest("BYE", { seq: 2, headers: { To } }));
    await pair.pass(50);
    expect(ends).toEqual([{ by: "remote" }]);
    expect(raw.statuses).toEqual([180, 200, 487]);
  });
});

describe("the way of requests", () => {
  /** A call from a raw peer, who is a carrier, over proxies. */
  async function rawCall(headers: Record<string, string>): Promise<{ raw: RawPeer; dialog: Dialog }> {
    pair = new TestPair({ bob: { authority: new FixedAuthority({}, { "10.0.0.9": "trunk-raw" }) } });
    const raw = new RawPeer(pair.network, "10.0.0.9");
    const calls: IncomingCall[] = [];
    pair.bob.onInvite.on((call) => {
      calls.push(call);
      void call.answer(sdp(5000));
    });
    raw.send(rawRequest("INVITE", { body: sdp(1), headers }));
    await pair.pass();
    raw.send(rawRequest("ACK", { headers: { To: raw.last.headers.get("To") ?? "" } }));
    await pair.pass();
    const dialog = calls[0]?.dialog;
    if (!dialog) throw new Error("no dialog");
    return { raw, dialog };
  }

  test("[SIP44] loose routes stand in Route, and the first is the next hop", async () => {
    const { dialog } = await rawCall({ "Record-Route": "<sip:10.0.0.7;lr>, <sip:10.0.0.8;lr>" });
    const proxy = new RawPeer(pair.network, "10.0.0.7");
    dialog.bye();
    await pair.pass();
    const [bye] = proxy.received;
    expect(bye).toMatchObject({ method: "BYE", uri: "sip:7@10.0.0.9" });
    expect(bye?.list("Route")).toEqual(["<sip:10.0.0.7;lr>", "<sip:10.0.0.8;lr>"]);
  });

  test("[SIP44] a strict router gets the request addressed to itself", async () => {
    const { dialog } = await rawCall({ "Record-Route": "<sip:10.0.0.7>, <sip:10.0.0.8;lr>" });
    const proxy = new RawPeer(pair.network, "10.0.0.7");
    dialog.bye();
    await pair.pass();
    const [bye] = proxy.received;
    expect(bye).toMatchObject({ method: "BYE", uri: "sip:10.0.0.7" });
    expect(bye?.list("Route")).toEqual(["<sip:10.0.0.8;lr>", "<sip:7@10.0.0.9>"]);
  });

  test("[SIP44] a re-INVITE moves the target", async () => {
    const { raw, dialog } = await rawCall({});
    dialog.reoffer.on((reoffer) => void reoffer.accept(sdp(5002)));
    const headers = { To: raw.last.headers.get("To") ?? "", Contact: "<sip:moved@10.0.0.6>" };
    raw.send(rawRequest("INVITE", { seq: 2, body: sdp(2), headers }));
    await pair.pass();
    raw.send(rawRequest("ACK", { seq: 2, headers }));
    await pair.pass();
    const moved = new RawPeer(pair.network, "10.0.0.6");
    dialog.bye();
    await pair.pass();
    expect(moved.received).toMatchObject([{ method: "BYE", uri: "sip:moved@10.0.0.6" }]);
  });

  test("[SIP43] an old CSeq is 500, and the dialog stays; a foreign tag is 481", async () => {
    const { raw, dialog } = await rawCall({});
    const To = raw.last.headers.get("To") ?? "";
    raw.send(rawRequest("OPTIONS", { seq: 90, headers: { To } }));
    await pair.pass();
    raw.send(rawRequest("OPTIONS", { seq: 50, headers: { To } }));
    await pair.pass();
    raw.send(rawRequest("OPTIONS", { seq: 91, headers: { To: "<sip:100@x>;tag=other" } }));
    await pair.pass();
    expect(raw.statuses).toEqual([200, 200, 500, 481]);
    expect(dialog.state).toBe("confirmed");
  });

  test("[SIP41] an UPDATE with offer changes the session, one without refreshes the target", async () => {
    const { raw, dialog } = await rawCall({});
    dialog.reoffer.on((reoffer) => void reoffer.accept(sdp(5002)));
    const To = raw.last.headers.get("To") ?? "";
    raw.send(rawRequest("UPDATE", { seq: 2, body: sdp(3), headers: { To } }));
    raw.send(rawRequest("UPDATE", { seq: 3, headers: { To } }));
    await pair.pass();
    expect(raw.statuses.slice(1)).toEqual([200, 200]);
    expect([dialog.localSdp, dialog.remoteSdp]).toEqual([sdp(5002), sdp(3)]);
  });

  test("[SIP44] a Contact that cannot be read leaves the peer's place as it was", async () => {
    const { raw, dialog } = await rawCall({});
    const outcome = dialog.update(sdp(5001));
    await pair.pass();
    raw.answer(raw.requests("UPDATE")[0], 200, {
      headers: [["Contact", "sips:<sip:600@10.0.0.9>"]],
      sdp: sdp(4),
    });
    await pair.pass();
    expect((await outcome).kind).toBe("answered");
    dialog.bye();
    await pair.pass();
    expect(raw.requests("BYE")[0]?.uri).toBe("sip:7@10.0.0.9");
  });

  test("[SIP41] a re-INVITE without offer gets ours, and the answer in the ACK is told", async () => {
    const { raw, dialog } = await rawCall({});
    const answers: (string | undefined)[] = [];
    dialog.reoffer.on((reoffer) => {
      expect(reoffer.offer).toBeUndefined();
      void reoffer.accept(sdp(5006)).then((answer) => answers.push(answer));
    });
    const To = raw.last.headers.get("To") ?? "";
    raw.send(rawRequest("INVITE", { seq: 2, headers: { To } }));
    await pair.pass();
    expect(raw.last.body.toString()).toBe(sdp(5006));
    raw.send(rawRequest("ACK", { seq: 2, headers: { To }, body: sdp(8) }));
    await pair.pass();
    expect(answers).toEqual([sdp(8)]);
    expect(dialog.remoteSdp).toBe(sdp(8));
  });
});
