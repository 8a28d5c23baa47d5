import { afterEach, describe, expect, test } from "vitest";
import type { IncomingCall } from "./call/incoming-call.ts";
import type { CallProgress, OutgoingCall } from "./call/outgoing-call.ts";
import type { Dialog } from "./dialog/dialog.ts";
import { BOB, FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

const AUTHORITY = new FixedAuthority({}, { "10.0.0.9": "trunk-raw" });
const RELIABLE = ["Require", "100rel"] as const;

/** Bob calls a raw callee. */
async function callee(): Promise<{ raw: RawPeer; call: OutgoingCall; progress: CallProgress[] }> {
  pair = new TestPair({ bob: { authority: AUTHORITY } });
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const call = pair.bob.invite(
    { kind: "uri", uri: "sip:7@10.0.0.9" },
    { offer: sdp(4000), from: { user: "100" } },
  );
  const progress: CallProgress[] = [];
  call.progress.on((one) => progress.push(one));
  await pair.pass();
  return { raw, call, progress };
}

/** A raw caller calls Bob, who gets the call unanswered. */
async function caller(
  headers: Record<string, string> = {},
  body: string | null = sdp(1),
): Promise<{ raw: RawPeer; call: IncomingCall; to: () => Record<string, string> }> {
  pair = new TestPair({ bob: { authority: AUTHORITY } });
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => calls.push(call));
  raw.send(rawRequest("INVITE", { ...(body === null ? {} : { body }), headers }));
  await pair.pass();
  const [call] = calls;
  if (!call) throw new Error("no call");
  return { raw, call, to: () => ({ To: raw.last.headers.get("To") ?? "" }) };
}

describe("early media of a callee", () => {
  test("[SIP75] a 183 with session description reaches the caller, and a 200 without takes it over", async () => {
    const { raw, call, progress } = await callee();
    const [invite] = raw.requests("INVITE");
    raw.answer(invite, 183, { sdp: sdp(20) });
    await pair.pass();
    expect(progress).toMatchObject([{ status: 183, sdp: sdp(20), tag: "callee", dialog: undefined }]);
    raw.answer(invite, 200);
    await pair.pass();
    expect(call.dialog?.remoteSdp).toBe(sdp(20));
  });

  test("[SIP75] a 200 with another description than an unreliable 183 counts", async () => {
    const { raw, call } = await callee();
    const [invite] = raw.requests("INVITE");
    raw.answer(invite, 183, { sdp: sdp(20) });
    raw.answer(invite, 200, { sdp: sdp(22) });
    await pair.pass();
    expect(call.dialog?.remoteSdp).toBe(sdp(22));
  });

  test("[SIP75] forked: 180 of one, 183 of another, and the 200 of the other makes the call", async () => {
    const { raw, call, progress } = await callee();
    const [invite] = raw.requests("INVITE");
    raw.answer(invite, 180, { tag: "A" });
    raw.answer(invite, 183, { tag: "B", sdp: sdp(30) });
    raw.answer(invite, 200, { tag: "B", sdp: sdp(30) });
    await pair.pass();
    expect(progress.map(({ tag }) => tag)).toEqual(["A", "B"]);
    expect(call.dialog?.remoteTag).toBe("B");
    call.dialog?.bye();
    await pair.pass();
    expect(raw.requests("BYE").map(({ toTag }) => toTag)).toEqual(["B"]);
  });

  test("[SIP75] early dialogs that were not answered end with the call's answer", async () => {
    const { raw, call, progress } = await callee();
    const [invite] = raw.requests("INVITE");
    raw.answer(invite, 183, { tag: "A", sdp: sdp(30), headers: [RELIABLE, ["RSeq", "5"]] });
    raw.answer(invite, 183, { tag: "B", sdp: sdp(32), headers: [RELIABLE, ["RSeq", "9"]] });
    await pair.pass();
    for (const prack of raw.requests("PRACK")) raw.answer(prack, 200);
    raw.answer(invite, 200, { tag: "B" });
    await pair.pass();
    expect(progress.map(({ dialog }) => dialog?.state)).toEqual(["ended", "confirmed"]);
    expect(progress[1]?.dialog).toBe(call.dialog);
    expect(call.dialog?.remoteSdp).toBe(sdp(32));
    expect(pair.bob.stats.dialogs).toBe(1);
  });

  test("[SIP75] what a reliable response answered stands, whatever the 200 repeats", async () => {
    const { raw, call } = await callee();
    const [invite] = raw.requests("INVITE");
    raw.answer(invite, 183, { sdp: sdp(30), headers: [RELIABLE, ["RSeq", "5"]] });
    await pair.pass();
    raw.answer(raw.requests("PRACK")[0], 200);
    raw.answer(invite, 200, { sdp: sdp(31) });
    await pair.pass();
    expect(call.dialog?.remoteSdp).toBe(sdp(30));
  });

  test("[SIP76] a reliable response makes an early dialog that takes UPDATE and makes it", async () => {
    const { raw, call, progress } = await callee();
    const [invite] = raw.requests("INVITE");
    raw.answer(invite, 183, { sdp: sdp(30), headers: [RELIABLE, ["RSeq", "5"], ["Allow", "UPDATE"]] });
    await pair.pass();
    const [prack] = raw.requests("PRACK");
    expect(prack?.headers.get("RAck")).toBe("5 1 INVITE");
    raw.answer(prack, 200);
    const dialog = progress[0]?.dialog as Dialog;
    dialog.reoffer.on((reoffer) => void reoffer.accept(sdp(4004)));
    const outcome = dialog.update(sdp(4002));
    await pair.pass();
    raw.answer(raw.requests("UPDATE")[0], 200, { sdp: sdp(32) });
    await pair.pass();
    expect(await outcome).toEqual({ kind: "answered", sdp: sdp(32) });
    raw.send(updateOf(dialog, sdp(34)));
    await pair.pass();
    expect([dialog.localSdp, dialog.remoteSdp]).toEqual([sdp(4004), sdp(34)]);
    raw.answer(invite, 200);
    await pair.pass();
    expect([call.dialog?.localSdp, call.dialog?.remoteSdp]).toEqual([sdp(4004), sdp(34)]);
  });

  test("[SIP76] an UPDATE with offer while ours has no answer yet gets 491", async () => {
    const { raw, progress } = await callee();
    raw.answer(raw.requests("INVITE")[0], 180, { headers: [RELIABLE, ["RSeq", "5"]] });
    await pair.pass();
    raw.send(updateOf(progress[0]?.dialog as Dialog, sdp(34)));
    await pair.pass();
    expect(raw.statuses).toEqual([491]);
    expect(() => progress[0]?.dialog?.update(sdp(1))).toThrow("not answered yet");
  });

  test("[SIP39] a reliable response that came too early waits for the one before it", async () => {
    const { raw, progress } = await callee();
    const [invite] = raw.requests("INVITE");
    raw.answer(invite, 180, { headers: [RELIABLE, ["RSeq", "5"]] });
    raw.answer(invite, 183, { headers: [RELIABLE, ["RSeq", "7"]], sdp: sdp(1) });
    raw.answer(invite, 183, { headers: [RELIABLE, ["RSeq", "6"]], sdp: sdp(2) });
    await pair.pass();
    expect(raw.requests("PRACK").map(({ headers }) => headers.get("RAck"))).toEqual([
      "5 1 INVITE",
      "6 1 INVITE",
    ]);
    expect(progress.map(({ sdp: one }) => one)).toEqual([undefined, sdp(2)]);
  });
});

describe("early media of ours", () => {
  test("[SIP78] after early media the answer may leave the description out", async () => {
    const { raw, call } = await caller();
    call.ring({ sdp: sdp(5000) });
    void call.answer();
    await pair.pass();
    expect(raw.statuses).toEqual([183, 200]);
    expect(raw.last.body.toString()).toBe(sdp(5000));
  });

  test("[SIP78] after a reliable 183 the 200 carries none, unless it is given", async () => {
    const { raw, call, to } = await caller({ Require: "100rel" });
    call.ring({ sdp: sdp(5000) });
    await pair.pass();
    raw.send(rawRequest("PRACK", { seq: 2, headers: { ...to(), RAck: rack(raw) } }));
    await pair.pass();
    void call.answer();
    await pair.pass();
    expect([raw.last.status, raw.last.body.length]).toEqual([200, 0]);
    expect(call.dialog?.remoteSdp).toBe(sdp(1));
  });

  test("an answer needs a session description from somewhere", async () => {
    const { call } = await caller();
    expect(() => call.answer()).toThrow("needs a session description");
    call.reject(480);
  });

  test("[SIP96] an ACK for a 200 that waits for its PRACK and never left counts for nothing", async () => {
    const { raw, call, to } = await caller({ Require: "100rel" });
    call.ring({ sdp: sdp(5000) });
    void call.answer();
    await pair.pass();
    raw.send(rawRequest("ACK", { headers: to() }));
    await pair.pass();
    expect(call.state).toBe("answered");
    await pair.pass(40_000);
    expect([raw.last.status, call.state]).toEqual([504, "ended"]);
  });

  test.each(["CANCEL", "BYE", "local"])(
    "[SIP96] %s while the 200 waits for its PRACK ends the INVITE",
    async (how) => {
      const { raw, call, to } = await caller({ Require: "100rel" });
      call.ring({ sdp: sdp(5000) });
      const outcome = call.answer();
      await pair.pass();
      if (how === "CANCEL") raw.send(rawRequest("CANCEL", { headers: { Via: VIA_OF_INVITE } }));
      if (how === "BYE") raw.send(rawRequest("BYE", { seq: 2, headers: to() }));
      if (how === "local") call.dialog?.bye();
      await pair.pass(40_000);
      const finals = raw.received.filter(({ cseq }) => cseq.method === "INVITE");
      expect(finals.at(-1)).toMatchObject({ status: how === "local" ? 480 : 487 });
      expect(raw.requests("BYE")).toEqual([]);
      expect(await outcome).toMatchObject({ kind: "lost" });
    },
  );

  test("[SIP77] a PRACK may bring a new offer, answered in its 200; the call's answer waits for it", async () => {
    const { raw, call, to } = await caller({ Require: "100rel" });
    call.ring({ sdp: sdp(5000) });
    await pair.pass();
    call.dialog?.reoffer.on((reoffer) => {
      expect([reoffer.method, reoffer.offer]).toEqual(["PRACK", sdp(3)]);
      void reoffer.accept(sdp(5002));
    });
    void call.answer(sdp(5002));
    raw.send(rawRequest("PRACK", { seq: 2, body: sdp(3), headers: { ...to(), RAck: rack(raw) } }));
    await pair.pass();
    const finals = raw.received.filter((message) => message.kind === "response" && message.status === 200);
    expect(finals.map(({ cseq }) => cseq.method)).toEqual(["PRACK", "INVITE"]);
    expect(finals[0]?.body.toString()).toBe(sdp(5002));
    expect(call.dialog?.remoteSdp).toBe(sdp(3));
  });

  test("[SIP77] a PRACK's offer that nobody decides on is 488, and the call goes on", async () => {
    const { raw, call, to } = await caller({ Require: "100rel" });
    call.ring({ sdp: sdp(5000) });
    await pair.pass();
    raw.send(rawRequest("PRACK", { seq: 2, body: sdp(3), headers: { ...to(), RAck: rack(raw) } }));
    await pair.pass();
    expect(raw.last.status).toBe(488);
    void call.answer();
    await pair.pass();
    expect(raw.last.status).toBe(200);
  });

  test("[SIP77] our offer in a reliable 183 is answered in PRACK", async () => {
    const { raw, call, to } = await caller({ Require: "100rel" }, null);
    const answers: string[] = [];
    call.earlyAnswer.on((answer) => answers.push(answer));
    call.ring({ sdp: sdp(5000) });
    await pair.pass();
    raw.send(rawRequest("PRACK", { seq: 2, body: sdp(3), headers: { ...to(), RAck: rack(raw) } }));
    await pair.pass();
    const outcome = call.answer();
    await pair.pass();
    raw.send(rawRequest("ACK", { headers: to() }));
    await pair.pass();
    expect(answers).toEqual([sdp(3)]);
    expect(await outcome).toMatchObject({ kind: "confirmed", remoteSdp: sdp(3) });
  });

  test("[SIP76] an UPDATE with offer before ours is settled comes back later, afterwards it is taken", async () => {
    const { raw, call, to } = await caller({ Require: "100rel" });
    call.ring({ sdp: sdp(5000) });
    await pair.pass();
    raw.send(rawRequest("UPDATE", { seq: 2, body: sdp(3), headers: to() }));
    await pair.pass();
    expect(raw.last.status).toBe(500);
    expect(raw.last.headers.get("Retry-After")).toBeDefined();
    call.dialog?.reoffer.on((reoffer) => void reoffer.accept(sdp(5002)));
    raw.send(rawRequest("PRACK", { seq: 3, headers: { ...to(), RAck: rack(raw) } }));
    await pair.pass();
    raw.send(rawRequest("UPDATE", { seq: 4, body: sdp(3), headers: to() }));
    await pair.pass();
    expect([raw.last.status, raw.last.body.toString()]).toEqual([200, sdp(5002)]);
    const outcome = call.dialog?.update(sdp(5004));
    await pair.pass();
    raw.answer(raw.requests("UPDATE")[0], 200, { sdp: sdp(5) });
    await pair.pass();
    expect(await outcome).toEqual({ kind: "answered", sdp: sdp(5) });
    call.reject(480);
  });
});

const VIA_OF_INVITE = rawRequest("INVITE").headers.get("Via") ?? "";

function rack(raw: RawPeer): string {
  const reliable = raw.received.findLast((message) => message.headers.get("RSeq") !== undefined);
  return `${reliable?.headers.get("RSeq")} 1 INVITE`;
}

/** An UPDATE of the callee within an early dialog of Bob's. */
function updateOf(dialog: Dialog, offer: string): ReturnType<typeof rawRequest> {
  return rawRequest("UPDATE", {
    uri: `sip:100@${BOB}`,
    body: offer,
    headers: {
      "Call-ID": dialog.callId,
      From: `<sip:7@10.0.0.9>;tag=${dialog.remoteTag}`,
      To: `<sip:100@${BOB}>;tag=${dialog.localTag}`,
    },
  });
}
