import { afterEach, describe, expect, test } from "vitest";
import type { CallEnd, CallFailure } from "./call/call-end.ts";
import type { AnswerOutcome, IncomingCall } from "./call/incoming-call.ts";
import type { CallAccepted, OutgoingCall } from "./call/outgoing-call.ts";
import type { Dialog } from "./dialog/dialog.ts";
import { ALICE, BOB, sdp, settle, TestPair } from "./testing.ts";

const TO_BOB = { kind: "uri", uri: `sip:100@${BOB}` } as const;
const OPTIONS = { offer: sdp(4000), from: { user: "7" } };

let pair = new TestPair();

/** Each test closes what it made, and no timer may be left. */
afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

function start(options: ConstructorParameters<typeof TestPair>[0] = {}): TestPair {
  pair = new TestPair(options);
  return pair;
}

/** What became of a call of Alice's. */
function follow(call: OutgoingCall): { accepted?: CallAccepted; failed?: CallFailure; progress: number[] } {
  const seen: { accepted?: CallAccepted; failed?: CallFailure; progress: number[] } = { progress: [] };
  call.accepted.on((accepted) => {
    seen.accepted = accepted;
  });
  call.failed.on((failed) => {
    seen.failed = failed;
  });
  call.progress.on(({ status }) => seen.progress.push(status));
  return seen;
}

/** Bob answers every call; the calls and outcomes are kept. */
function answering(agent = pair.bob): { calls: IncomingCall[]; outcomes: AnswerOutcome[] } {
  const kept: { calls: IncomingCall[]; outcomes: AnswerOutcome[] } = { calls: [], outcomes: [] };
  agent.onInvite.on((call) => {
    kept.calls.push(call);
    void call.answer(sdp(5000)).then((outcome) => kept.outcomes.push(outcome));
  });
  return kept;
}

/** A call that is up: Alice's and Bob's dialogs. */
async function established(): Promise<{ alice: Dialog; bob: Dialog }> {
  const kept = answering();
  const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
  await pair.pass(50);
  const bob = kept.calls[0]?.dialog;
  if (!seen.accepted || !bob) throw new Error("the call did not come up");
  return { alice: seen.accepted.dialog, bob };
}

describe("retransmissions", () => {
  test("[SIP11] an INVITE that nobody answers is sent at 0, .5, 1.5, 3.5, 7.5, 15.5, 31.5 s and fails by time-out at 32 s", async () => {
    start().network.fate = () => 0;
    const t0 = pair.clock.now();
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(31_900);
    expect(seen.failed).toBeUndefined();
    await pair.pass(200);
    expect(pair.network.sentBy(ALICE, "INVITE", t0)).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(seen.failed).toMatchObject({ by: "timeout", status: 408 });
  });

  test("[SIP11] a BYE that nobody answers is sent 11 times within 32 s", async () => {
    start();
    const { alice } = await established();
    pair.network.fate = () => 0;
    const t0 = pair.clock.now();
    alice.bye();
    await pair.pass(33_000);
    expect(pair.network.sentBy(ALICE, "BYE", t0)).toEqual([
      0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
    ]);
  });

  test("[SIP12] every datagram comes three times, and there is one call", async () => {
    start().network.fate = () => 3;
    const kept = answering();
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(100);
    expect(kept.calls).toHaveLength(1);
    const ended: CallEnd[] = [];
    kept.calls[0]?.dialog?.ended.on((end) => ended.push(end));
    seen.accepted?.dialog.bye();
    await pair.pass(100);
    expect(ended).toEqual([{ by: "remote" }]);
    expect(kept.outcomes).toMatchObject([{ kind: "confirmed" }]);
  });

  test("[SIP13] a refusal is repeated until its ACK arrives", async () => {
    start().network.fate = (text) => (text.startsWith("ACK") && pair.clock.now() - t0 < 3_000 ? 0 : 1);
    const t0 = pair.clock.now();
    pair.bob.onInvite.on((call) => call.reject(486));
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(20_000);
    expect(pair.network.sentBy(BOB, "SIP/2.0 486", t0)).toEqual([0, 500, 1_500, 3_500]);
    expect(seen.failed).toMatchObject({ by: "remote", status: 486 });
  });

  test("[SIP14] a 200 is repeated until its ACK arrives, and the call is then good", async () => {
    start().network.fate = (text) => (text.startsWith("ACK") && pair.clock.now() - t0 < 4_000 ? 0 : 1);
    const t0 = pair.clock.now();
    const kept = answering();
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(20_000);
    const copies = pair.network.log.filter((e) => e.from === BOB && e.line === "SIP/2.0 200 OK");
    expect(copies.map((e) => e.at - t0)).toEqual([0, 500, 1_500, 3_500, 7_500]);
    expect(kept.outcomes).toMatchObject([{ kind: "confirmed" }]);
    expect(seen.accepted?.dialog.state).toBe("confirmed");
  });

  test("[SIP14] without any ACK the callee gives up after 32 s with BYE", async () => {
    start().network.fate = (text) => (text.startsWith("ACK") ? 0 : 1);
    const kept = answering();
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    const ended: CallEnd[] = [];
    await pair.pass(50);
    kept.calls[0]?.dialog?.ended.on((end) => ended.push(end));
    await pair.pass(32_500);
    expect(kept.outcomes).toMatchObject([{ kind: "lost", end: { by: "timeout" } }]);
    expect(ended).toMatchObject([{ by: "timeout" }]);
    expect(seen.accepted?.dialog.state).toBe("ended");
    expect(pair.network.sentBy(BOB, "BYE")).toHaveLength(1);
  });

  test("[SIP47] a callee who hangs up before the ACK says BYE when it came", async () => {
    start().network.fate = (text) => (text.startsWith("ACK") && pair.clock.now() - t0 < 2_000 ? 0 : 1);
    const t0 = pair.clock.now();
    const outcomes: AnswerOutcome[] = [];
    const ends: CallEnd[] = [];
    pair.bob.onInvite.on((call) => {
      void call.answer(sdp(5000)).then((outcome) => outcomes.push(outcome));
      call.dialog?.ended.on((end) => ends.push(end));
      call.dialog?.bye({ q850: 16 });
    });
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(100);
    expect(ends).toEqual([{ by: "local", q850: 16 }]);
    expect(outcomes).toMatchObject([{ kind: "lost", end: { by: "local" } }]);
    expect(pair.network.sentBy(BOB, "BYE")).toEqual([]);
    await pair.pass(5_000);
    expect(pair.network.sentBy(BOB, "BYE", t0)).toEqual([3_500]);
    expect(seen.accepted?.dialog.state).toBe("ended");
    expect(pair.bob.stats.dialogs).toBe(0);
  });

  test("every fourth datagram is lost, and thirty calls come up and end all the same", async () => {
    start({ latencyMs: 30 }).network.fate = (_text, n) => (n % 4 === 0 ? 0 : 1);
    const kept = answering();
    const seen = [];
    for (let i = 0; i < 30; i++) {
      seen.push(follow(pair.alice.invite(TO_BOB, OPTIONS)));
      await pair.pass(150);
    }
    await pair.pass(40_000);
    expect(seen.filter(({ accepted }) => accepted)).toHaveLength(30);
    expect(kept.outcomes.filter(({ kind }) => kind === "confirmed")).toHaveLength(30);
    for (const { accepted } of seen) accepted?.dialog.bye();
    await pair.pass(40_000);
    expect(pair.bob.stats.dialogs).toBe(0);
  });
});

describe("refusing and giving up", () => {
  test("[SIP36] a refusal tells status, reason and Q.850 cause", async () => {
    start();
    pair.bob.onInvite.on((call) =>
      call.reject(480, "Gone Fishing", [["Reason", 'Q.850;cause=20;text="absent"']]),
    );
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass();
    expect(seen.failed).toMatchObject({ by: "remote", status: 480, reason: "Gone Fishing", q850: 20 });
  });

  test("[SIP36] nobody subscribed is 480, an unreachable transport is 503 by transport, a bad URI throws", async () => {
    start();
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    const lost = follow(pair.alice.invite({ kind: "uri", uri: `sip:1@${BOB};transport=ws` }, OPTIONS));
    await pair.pass();
    expect(seen.failed).toMatchObject({ by: "remote", status: 480 });
    expect(lost.failed).toMatchObject({ by: "transport", status: 503 });
    expect(() => pair.alice.invite({ kind: "uri", uri: "sip:" }, OPTIONS)).toThrow("Request-URI");
  });

  test("[SIP16] a cancelled call is withdrawn with its reason", async () => {
    start();
    const ends: CallEnd[] = [];
    pair.bob.onInvite.on((call) => {
      call.withdrawn.on((end) => ends.push(end));
      call.ring();
    });
    const call = pair.alice.invite(TO_BOB, OPTIONS);
    const seen = follow(call);
    await pair.pass(50);
    expect(seen.progress).toEqual([180]);
    call.cancel({ cause: 200, text: "Call completed elsewhere" });
    expect(seen.failed).toMatchObject({ by: "local", status: 487 });
    await pair.pass(50);
    expect(ends).toMatchObject([{ by: "remote", status: 200, reason: "Call completed elsewhere" }]);
    expect(pair.network.sentBy(BOB, "SIP/2.0 487")).toHaveLength(1);
  });

  test("[SIP16] a CANCEL that matches nothing gets 481", async () => {
    start();
    const { alice } = await established();
    const port = pair.network.open("10.0.0.9");
    const got: string[] = [];
    port.sink = (bytes) => got.push(Buffer.from(bytes).toString().split("\r\n", 1)[0] ?? "");
    const lines = [
      `CANCEL sip:100@${BOB} SIP/2.0`,
      "Via: SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKnone",
      `From: <sip:7@x>;tag=${alice.localTag}`,
      `To: <sip:100@${BOB}>`,
      `Call-ID: ${alice.callId}`,
      "CSeq: 1 CANCEL",
    ];
    port.send(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), BOB, 5060, undefined);
    await pair.pass(50);
    expect(got).toEqual(["SIP/2.0 481 Call/Transaction Does Not Exist"]);
    expect(alice.state).toBe("confirmed");
  });

  test("[SIP37] CANCEL waits until a provisional response came", async () => {
    start().network.fate = (_text, _n, from) => (from === BOB && pair.clock.now() - t0 < 2_000 ? 0 : 1);
    const t0 = pair.clock.now();
    pair.bob.onInvite.on((call) => call.ring());
    const call = pair.alice.invite(TO_BOB, OPTIONS);
    await pair.pass(200);
    call.cancel();
    await pair.pass(1_500);
    expect(pair.network.sentBy(ALICE, "CANCEL")).toEqual([]);
    await pair.pass(3_000);
    expect(pair.network.sentBy(ALICE, "CANCEL", t0)).toEqual([3_500]);
    expect(pair.bob.activeCalls).toBe(0);
  });

  test("[SIP37] a 200 that crosses the CANCEL is met with ACK and BYE", async () => {
    start({ latencyMs: 100 });
    const kept = answering();
    const call = pair.alice.invite(TO_BOB, OPTIONS);
    const seen = follow(call);
    await pair.pass(150);
    call.cancel();
    await pair.pass(1_000);
    expect(seen.failed).toMatchObject({ by: "local" });
    expect(kept.outcomes).toMatchObject([{ kind: "confirmed" }]);
    expect(kept.calls[0]?.dialog?.state).toBe("ended");
    expect(pair.network.sentBy(ALICE, "ACK")).toHaveLength(1);
    expect(pair.network.sentBy(ALICE, "BYE")).toHaveLength(1);
  });

  test("[SIP36] a call that rings too long fails by time-out and is cancelled", async () => {
    start();
    pair.bob.onInvite.on((call) => call.ring());
    const seen = follow(pair.alice.invite(TO_BOB, { ...OPTIONS, timeoutMs: 20_000 }));
    await pair.pass(20_100);
    expect(seen.failed).toMatchObject({ by: "timeout", status: 408 });
    expect(pair.bob.activeCalls).toBe(0);
  });

  test("[SIP33] a call is decided once", async () => {
    start();
    const calls: IncomingCall[] = [];
    pair.bob.onInvite.on((call) => calls.push(call));
    follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass();
    const [call] = calls;
    if (!call) throw new Error("no call");
    call.reject(603);
    call.reject(486);
    call.ring();
    expect(await call.answer(sdp(1))).toMatchObject({ kind: "lost", end: { by: "local", status: 603 } });
    expect(pair.network.sentBy(BOB, "SIP/2.0")).toHaveLength(1);
    await pair.pass(50);
    expect(pair.bob.activeCalls).toBe(0);
  });

  test("[SIP97] a 100 goes out only when nothing else does within 200 ms", async () => {
    start();
    const calls: IncomingCall[] = [];
    pair.bob.onInvite.on((call) => calls.push(call));
    follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(150);
    expect(pair.network.sentBy(BOB, "SIP/2.0")).toHaveLength(0);
    await pair.pass(100);
    expect(pair.network.sentBy(BOB, "SIP/2.0 100")).toHaveLength(1);
    calls[0]?.ring();
    await pair.pass(500);
    expect(pair.network.sentBy(BOB, "SIP/2.0 100")).toHaveLength(1);
    calls[0]?.reject(486);
  });

  test("[SIP33] a call that nobody decides is withdrawn by time-out", async () => {
    start({ bob: { limits: { incomingTimeoutMs: 5_000 } } });
    const ends: CallEnd[] = [];
    pair.bob.onInvite.on((call) => call.withdrawn.on((end) => ends.push(end)));
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(5_100);
    expect(ends).toMatchObject([{ by: "timeout", status: 480 }]);
    expect(seen.failed).toMatchObject({ by: "remote", status: 480 });
  });

  test("[SIP50] closing says BYE and CANCEL", async () => {
    start();
    const { bob } = await established();
    const ends: CallEnd[] = [];
    bob.ended.on((end) => ends.push(end));
    await pair.alice.close();
    await settle();
    expect(ends).toEqual([{ by: "remote" }]);
    expect(() => pair.alice.invite(TO_BOB, OPTIONS)).toThrow("closed");
  });

  test("[SIP21] when draining, new calls get 503 with Retry-After and dialogs go on", async () => {
    start();
    const { alice } = await established();
    pair.bob.drain(17);
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(50);
    expect(seen.failed).toMatchObject({ status: 503 });
    expect(await alice.infoRequest("text/plain", "x")).toBe(200);
  });

  test("[SIP21] when draining, calls that are let in come through all the same", async () => {
    start();
    pair.bob.onInvite.on((call) => call.ring());
    pair.bob.drain(17, (uri) => uri.user === "100");
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(50);
    expect(seen.progress).toEqual([180]);
    pair.bob.drain(17, (uri) => uri.user === "112");
    const other = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(50);
    expect(other.failed).toMatchObject({ status: 503 });
  });
});

describe("reliable provisional responses", () => {
  test("[SIP39] a reliable 183 is repeated until PRACK, and the 200 waits for it", async () => {
    start().network.fate = (text) => (text.startsWith("PRACK") && pair.clock.now() - t0 < 1_000 ? 0 : 1);
    const t0 = pair.clock.now();
    const outcomes: AnswerOutcome[] = [];
    pair.bob.onInvite.on((call) => {
      call.ring({ sdp: sdp(6000), reliable: true });
      void call.answer(sdp(6000)).then((outcome) => outcomes.push(outcome));
    });
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(400);
    expect(pair.network.sentBy(BOB, "SIP/2.0 200")).toEqual([]);
    await pair.pass(3_000);
    expect(pair.network.sentBy(BOB, "SIP/2.0 183", t0)).toEqual([0, 500, 1_500]);
    expect(seen.progress).toEqual([183]);
    expect(outcomes).toMatchObject([{ kind: "confirmed" }]);
    expect(seen.accepted?.sdp).toBe(sdp(6000));
    const status = seen.accepted?.dialog.infoRequest("text/plain", "PRACK has counted on");
    await pair.pass(100);
    expect(await status).toBe(200);
    expect(pair.network.seqOf(ALICE, "INFO")).toEqual([3]);
  });

  test("[SIP39] an answer that waits for a PRACK which never comes is lost", async () => {
    start().network.fate = (text) => (text.startsWith("PRACK") ? 0 : 1);
    const outcomes: AnswerOutcome[] = [];
    pair.bob.onInvite.on((call) => {
      call.ring({ sdp: sdp(6000), reliable: true });
      void call.answer(sdp(6000)).then((outcome) => outcomes.push(outcome));
    });
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(33_000);
    expect(outcomes).toMatchObject([{ kind: "lost", end: { by: "timeout", status: 504 } }]);
    expect(seen.failed).toMatchObject({ by: "remote", status: 504 });
    expect(pair.bob.activeCalls).toBe(0);
  });

  test("[SIP39] without PRACK the call is refused after 32 s", async () => {
    start().network.fate = (text) => (text.startsWith("PRACK") ? 0 : 1);
    pair.bob.onInvite.on((call) => call.ring({ reliable: true }));
    const seen = follow(pair.alice.invite(TO_BOB, OPTIONS));
    await pair.pass(33_000);
    expect(seen.failed).toMatchObject({ by: "remote", status: 504 });
  });
});
