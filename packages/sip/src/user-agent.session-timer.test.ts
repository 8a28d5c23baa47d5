import { afterEach, describe, expect, test } from "vitest";
import type { CallEnd } from "./call/call-end.ts";
import type { IncomingCall } from "./call/incoming-call.ts";
import type { InviteOptions } from "./call/invite-request.ts";
import type { Dialog } from "./dialog/dialog.ts";
import { ALICE, BOB, FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

const AUTHORITY = new FixedAuthority({}, { "10.0.0.9": "trunk-raw" });

/** Alice calls Bob, and both are this stack. */
async function ours(options: Partial<InviteOptions> = {}): Promise<{ alice: Dialog; bob: Dialog }> {
  pair = new TestPair();
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => {
    calls.push(call);
    void call.answer(sdp(5000));
  });
  const call = pair.alice.invite(
    { kind: "uri", uri: `sip:100@${BOB}` },
    { offer: sdp(4000), from: { user: "7" }, ...options },
  );
  await pair.pass(100);
  const bob = calls[0]?.dialog;
  if (!call.dialog || !bob) throw new Error("the call did not come up");
  return { alice: call.dialog, bob };
}

/** A raw caller whose INVITE has these headers; Bob answers. */
async function rawCaller(headers: Record<string, string>): Promise<{ raw: RawPeer; call: IncomingCall }> {
  pair = new TestPair({ bob: { authority: AUTHORITY } });
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => {
    calls.push(call);
    void call.answer(sdp(5000));
  });
  raw.send(rawRequest("INVITE", { body: sdp(1), headers }));
  await pair.pass();
  const [call] = calls;
  if (!call) throw new Error("no call");
  raw.send(rawRequest("ACK", { headers: { To: raw.last.headers.get("To") ?? "" } }));
  await pair.pass();
  return { raw, call };
}

/** Bob calls a raw callee, which answers with these headers. */
async function rawCallee(
  headers: readonly (readonly [string, string])[],
  options: Partial<InviteOptions> = {},
): Promise<{ raw: RawPeer; dialog: Dialog; ends: CallEnd[] }> {
  pair = new TestPair({ bob: { authority: AUTHORITY } });
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const call = pair.bob.invite(
    { kind: "uri", uri: "sip:7@10.0.0.9" },
    { offer: sdp(4000), from: { user: "100" }, ...options },
  );
  await pair.pass();
  raw.answer(raw.requests("INVITE")[0], 200, { headers, sdp: sdp(9) });
  await pair.pass();
  if (!call.dialog) throw new Error("no dialog");
  const ends: CallEnd[] = [];
  call.dialog.ended.on((end) => ends.push(end));
  return { raw, dialog: call.dialog, ends };
}

describe("what is agreed", () => {
  test("[SIP70] 1,800 s by default; the callee of ours takes the refreshing upon itself", async () => {
    const { alice, bob } = await ours();
    expect(alice.sessionTimer).toEqual({ seconds: 1_800, weRefresh: false, mutual: true });
    expect(bob.sessionTimer).toEqual({ seconds: 1_800, weRefresh: true, mutual: true });
  });

  test("[SIP70] a call may ask for another interval and refresher, or for none", async () => {
    const asked = await ours({ sessionTimer: { expiresSeconds: 300, refresher: "us" } });
    expect(asked.alice.sessionTimer).toMatchObject({ seconds: 300, weRefresh: true });
    await pair.close();
    pair = new TestPair({ bob: { sessionTimer: { enabled: false } } });
    const dialogs: (Dialog | undefined)[] = [];
    pair.bob.onInvite.on((call) => {
      void call.answer(sdp(1));
      dialogs.push(call.dialog);
    });
    const options = { offer: sdp(2), from: { user: "7" }, sessionTimer: { enabled: false } };
    const call = pair.alice.invite({ kind: "uri", uri: `sip:100@${BOB}` }, options);
    await pair.pass(100);
    expect([call.dialog?.sessionTimer, dialogs[0]?.sessionTimer]).toEqual([undefined, undefined]);
  });

  test.each([
    ["90;refresher=uac", "timer", "90;refresher=uac", "timer"],
    ["90;refresher=uas", "timer", "90;refresher=uas", undefined],
    ["3600", "timer", "1800;refresher=uas", undefined],
    ["600;refresher=uac", "x-other", "600;refresher=uas", undefined],
  ])("[SIP70] Session-Expires %s with Supported %s gets %s", async (asked, supported, told, required) => {
    const { raw } = await rawCaller({ "Session-Expires": asked, Supported: supported });
    expect(raw.last.headers.get("Session-Expires")).toBe(told);
    expect(raw.last.headers.get("Require")).toBe(required);
  });

  test("[SIP71] an interval that is too short gets 422 with the least we take", async () => {
    pair = new TestPair({ bob: { authority: AUTHORITY } });
    const raw = new RawPeer(pair.network, "10.0.0.9");
    pair.bob.onInvite.on((call) => void call.answer(sdp(1)));
    const headers = { "Session-Expires": "60", Supported: "timer" };
    raw.send(rawRequest("INVITE", { body: sdp(1), headers }));
    await pair.pass();
    expect(raw.last).toMatchObject({ status: 422 });
    expect(raw.last.headers.get("Min-SE")).toBe("90");
  });

  test("[SIP71] a 422 brings the INVITE again with the interval it wants", async () => {
    pair = new TestPair({ bob: { sessionTimer: { minSeconds: 400 } } });
    pair.bob.onInvite.on((call) => void call.answer(sdp(1)));
    const call = pair.alice.invite(
      { kind: "uri", uri: `sip:100@${BOB}` },
      { offer: sdp(4000), from: { user: "7" }, sessionTimer: { expiresSeconds: 120 } },
    );
    await pair.pass(100);
    expect(call.dialog?.sessionTimer).toMatchObject({ seconds: 400 });
    expect(pair.network.seqOf(ALICE, "INVITE")).toEqual([1, 2]);
  });
});

describe("refreshing", () => {
  test("[SIP72] by UPDATE at half time where the peer takes it, for hours", async () => {
    const { alice, bob } = await ours({ sessionTimer: { expiresSeconds: 600 } });
    await pair.pass(3 * 3_600_000);
    expect([alice.state, bob.state]).toEqual(["confirmed", "confirmed"]);
    expect(pair.network.sentBy(BOB, "UPDATE")).toHaveLength(36);
    expect(pair.network.sentBy(ALICE, "UPDATE")).toHaveLength(0);
  });

  test("[SIP72] by re-INVITE with the same session where it does not, and another answer is told", async () => {
    const { raw, dialog } = await rawCallee([
      ["Session-Expires", "90;refresher=uac"],
      ["Allow", "INVITE, ACK, BYE, CANCEL"],
    ]);
    const answers: string[] = [];
    dialog.answerChanged.on((answer) => answers.push(answer));
    await pair.pass(45_500);
    const again = raw.requests("INVITE")[1];
    expect(again?.body.toString()).toBe(sdp(4000));
    expect(again?.headers.get("Session-Expires")).toBe("90;refresher=uac");
    raw.answer(again, 200, { headers: [["Session-Expires", "90;refresher=uac"]], sdp: sdp(11) });
    await pair.pass();
    expect(answers).toEqual([sdp(11)]);
    expect(raw.requests("ACK")).toHaveLength(2);
    await pair.pass(30_000);
    expect(dialog.state).toBe("confirmed");
  });

  test("[SIP72] an UPDATE that the peer does not take after all is followed by a re-INVITE", async () => {
    const { raw } = await rawCallee([
      ["Session-Expires", "90;refresher=uac"],
      ["Allow", "INVITE, UPDATE"],
    ]);
    await pair.pass(45_100);
    raw.answer(raw.requests("UPDATE")[0], 405);
    await pair.pass();
    expect(raw.requests("INVITE")).toHaveLength(2);
  });

  test("[SIP71] a refresh that is refused as too short comes again with the longer interval", async () => {
    const { raw, dialog } = await rawCallee([
      ["Session-Expires", "90;refresher=uac"],
      ["Allow", "UPDATE"],
    ]);
    await pair.pass(45_100);
    raw.answer(raw.requests("UPDATE")[0], 422, { headers: [["Min-SE", "200"]] });
    await pair.pass();
    const again = raw.requests("UPDATE")[1];
    expect(again?.headers.get("Session-Expires")).toBe("200;refresher=uac");
    expect(again?.headers.get("Min-SE")).toBe("200");
    raw.answer(again, 200, { headers: [["Session-Expires", "200;refresher=uac"]] });
    await pair.pass();
    expect(dialog.sessionTimer).toMatchObject({ seconds: 200 });
  });

  test("[SIP72] an offer of ours that meets a refresh under way waits for it", async () => {
    const { raw, dialog } = await rawCallee([["Session-Expires", "90;refresher=uac"]]);
    await pair.pass(45_100);
    const outcome = dialog.reinvite(sdp(4002));
    raw.answer(raw.requests("INVITE")[1], 200, { sdp: sdp(9) });
    await pair.pass();
    expect(raw.requests("INVITE")[2]?.body.toString()).toBe(sdp(4002));
    raw.answer(raw.requests("INVITE")[2], 200, { sdp: sdp(12) });
    await pair.pass();
    expect(await outcome).toEqual({ kind: "answered", sdp: sdp(12) });
  });

  test("[SIP72] the peer's UPDATE without offer refreshes and is told the interval", async () => {
    const { raw, call } = await rawCaller({ "Session-Expires": "90;refresher=uac", Supported: "timer" });
    await pair.pass(50_000);
    const To = raw.last.headers.get("To") ?? "";
    const headers = { To, "Session-Expires": "90;refresher=uac", Supported: "timer" };
    raw.send(rawRequest("UPDATE", { seq: 2, headers }));
    await pair.pass();
    expect(raw.last.headers.get("Session-Expires")).toBe("90;refresher=uac");
    await pair.pass(50_000);
    expect(call.dialog?.state).toBe("confirmed");
  });
});

describe("the end of a session", () => {
  test("[SIP73] the peer who should refresh and does not gets BYE a third of the time before the end", async () => {
    const { raw, call } = await rawCaller({ "Session-Expires": "90;refresher=uac", Supported: "timer" });
    await pair.pass(59_900);
    expect(raw.requests("BYE")).toHaveLength(0);
    await pair.pass(200);
    expect(raw.requests("BYE")).toHaveLength(1);
    expect(call.dialog?.state).toBe("ended");
  });

  test("[SIP73] a refresh of ours that nobody answers ends the call with BYE", async () => {
    const { raw, ends } = await rawCallee([["Session-Expires", "90;refresher=uac"]]);
    await pair.pass(62_000);
    expect(ends).toMatchObject([{ by: "timeout", status: 408 }]);
    expect(raw.requests("BYE").length).toBeGreaterThan(0);
  });

  test("[SIP74] a callee without session timers is refreshed by us, and any answer shows that it lives", async () => {
    const { raw, dialog } = await rawCallee([], { sessionTimer: { expiresSeconds: 90 } });
    expect(dialog.sessionTimer).toEqual({ seconds: 90, weRefresh: true, mutual: false });
    await pair.pass(45_100);
    raw.answer(raw.requests("INVITE")[1], 488);
    await pair.pass(40_000);
    expect(dialog.state).toBe("confirmed");
    await pair.pass(5_100);
    raw.answer(raw.requests("INVITE")[2], 481);
    await pair.pass();
    expect(dialog.state).toBe("ended");
  });

  test("[SIP74] so is a caller without session timers", async () => {
    const { raw, call } = await rawCaller({});
    expect(raw.last.headers.get("Session-Expires")).toBe("1800;refresher=uas");
    await pair.pass(899_500);
    expect(raw.requests("INVITE")).toHaveLength(0);
    await pair.pass(500);
    raw.answer(raw.requests("INVITE")[0], 200, { sdp: sdp(1) });
    await pair.pass(20_000);
    expect(call.dialog?.state).toBe("confirmed");
  });
});
