import { afterEach, describe, expect, test } from "vitest";
import type { IncomingCall } from "./call/incoming-call.ts";
import type { Dialog } from "./dialog/dialog.ts";
import type { ReferProgress } from "./dialog/refer.ts";
import { ALICE, BOB, FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

/** Alice calls Bob, and the call is up; Bob keeps later calls unanswered. */
async function established(): Promise<{ alice: Dialog; bob: Dialog; calls: IncomingCall[] }> {
  pair = new TestPair();
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => {
    calls.push(call);
    if (calls.length === 1) void call.answer(sdp(5000));
  });
  const call = pair.alice.invite({ kind: "uri", uri: `sip:100@${BOB}` }, OFFER);
  await pair.pass(100);
  const bob = calls[0]?.dialog;
  if (!call.dialog || !bob) throw new Error("the call did not come up");
  return { alice: call.dialog, bob, calls };
}

const OFFER = { offer: sdp(4000), from: { user: "7" } };

/** Alice sends an INVITE that wants to replace something of Bob's; its failure, or 0 when it got through. */
async function replacing(target: {
  callId: string;
  toTag: string;
  fromTag: string;
  earlyOnly?: boolean;
}): Promise<number> {
  const call = pair.alice.invite(
    { kind: "uri", uri: `sip:100@${BOB}` },
    { ...OFFER, replaces: { earlyOnly: false, ...target } },
  );
  let status = 0;
  call.failed.on((failed) => {
    status = failed.status;
  });
  await pair.pass(100);
  const before = status;
  call.cancel();
  await pair.pass(100);
  return before;
}

/** A dialog as its owner's Replaces target. */
function nameOf(dialog: Dialog): { callId: string; toTag: string; fromTag: string } {
  return { callId: dialog.callId, toTag: dialog.localTag, fromTag: dialog.remoteTag };
}

describe("an INVITE with Replaces", () => {
  test("[SIP86] a confirmed dialog is handed over; for early-only it is 486", async () => {
    const { bob, calls } = await established();
    expect(await replacing({ ...nameOf(bob), earlyOnly: true })).toBe(486);
    expect(await replacing(nameOf(bob))).toBe(0);
    expect(calls[1]?.replaces).toBe(bob);
  });

  test("[SIP86] a dialog that ended lately is 603, one that never was is 481", async () => {
    const { bob } = await established();
    const name = nameOf(bob);
    bob.bye();
    await pair.pass(100);
    expect(await replacing(name)).toBe(603);
    await pair.pass(33_000);
    expect(await replacing({ ...name, toTag: "never" })).toBe(481);
    expect(await replacing(name)).toBe(481);
  });

  test("[SIP86] a call that somebody else makes and that still rings cannot be taken: 481", async () => {
    pair = new TestPair();
    const calls: IncomingCall[] = [];
    pair.bob.onInvite.on((call) => {
      calls.push(call);
      call.ring();
    });
    const first = pair.alice.invite({ kind: "uri", uri: `sip:100@${BOB}` }, OFFER);
    await pair.pass(100);
    expect(await replacing(nameOf(calls[0]?.dialog as Dialog))).toBe(481);
    first.cancel();
  });

  test("[SIP87] a call of ours that still rings may be taken, also by early-only", async () => {
    pair = new TestPair();
    pair.alice.onInvite.on((call) => call.ring());
    const ringing = pair.bob.invite({ kind: "uri", uri: `sip:1@${ALICE}` }, OFFER);
    let tag = "";
    ringing.progress.on((progress) => {
      tag = progress.tag;
    });
    await pair.pass(100);
    const calls: IncomingCall[] = [];
    pair.bob.onInvite.on((call) => {
      calls.push(call);
      void call.answer(sdp(1));
      call.replacesEarly?.cancel();
    });
    const target = { callId: ringing.callId, toTag: ringing.id, fromTag: tag, earlyOnly: true };
    const call = pair.alice.invite({ kind: "uri", uri: `sip:100@${BOB}` }, { ...OFFER, replaces: target });
    await pair.pass(200);
    expect(calls[0]?.replacesEarly).toBe(ringing);
    expect([call.state, ringing.state]).toEqual(["accepted", "failed"]);
  });

  test("[SIP86] several Replaces, a broken one, or Join beside it are 400", async () => {
    pair = new TestPair({ bob: { authority: new FixedAuthority({}, { "10.0.0.9": "t" }) } });
    const raw = new RawPeer(pair.network, "10.0.0.9");
    const good = "a;to-tag=1;from-tag=2";
    for (const [seq, lines] of [
      [
        1,
        [
          ["Replaces", good],
          ["Replaces", good],
        ],
      ],
      [2, [["Replaces", "a;to-tag=1"]]],
      [
        3,
        [
          ["Replaces", good],
          ["Join", good],
        ],
      ],
    ] as const) {
      const request = rawRequest("INVITE", { seq, body: sdp(1) });
      for (const [name, value] of lines) request.headers.add(name, value);
      raw.send(request);
      await pair.pass();
      raw.send(rawRequest("ACK", { seq, headers: { Via: request.headers.get("Via") ?? "" } }));
    }
    await pair.pass(40_000);
    expect(raw.statuses).toEqual([400, 400, 400]);
  });
});

describe("REFER", () => {
  test("[SIP88] without subscription it is answered 202 with Refer-Sub: false and never told of", async () => {
    const { alice, bob } = await established();
    const wishes: boolean[] = [];
    bob.referred.on((refer) => {
      wishes.push(refer.wantsNotify);
      refer.accept();
      refer.notify(200);
    });
    const seen: ReferProgress[] = [];
    alice.refer(`sip:200@${BOB}`, { subscribe: false }).progress.on((progress) => seen.push(progress));
    await pair.pass(200);
    expect(wishes).toEqual([false]);
    expect(seen).toEqual([{ status: 202, reason: "Accepted", final: true }]);
    expect(pair.network.sentBy(BOB, "NOTIFY")).toEqual([]);
  });

  test("[SIP89] two REFERs at once are told apart by the id of their subscription", async () => {
    const { alice, bob } = await established();
    const asked: { status: number; refer: { notify(status: number): void } }[] = [];
    bob.referred.on((refer) => {
      refer.accept();
      asked.push({ status: refer.targetUser === "200" ? 486 : 200, refer });
    });
    const seen: string[] = [];
    for (const user of ["200", "300"]) {
      alice
        .refer(`sip:${user}@${BOB}`)
        .progress.on(({ status, final }) => final && seen.push(`${user} ${status}`));
    }
    await pair.pass(100);
    for (const { status, refer } of asked.reverse()) refer.notify(status);
    await pair.pass(100);
    expect(seen).toEqual(["300 200", "200 486"]);
  });

  test("[SIP89] a subscription that ends without a word leaves the transfer without outcome", async () => {
    const { alice, bob } = await established();
    bob.referred.on((refer) => refer.accept());
    const seen: ReferProgress[] = [];
    const refer = alice.refer(`sip:200@${BOB}`);
    refer.progress.on((progress) => seen.push(progress));
    await pair.pass(100);
    const headers = [
      ["Event", "refer"],
      ["Subscription-State", "terminated;reason=giveup"],
    ] as const;
    void bob.path.exchange("NOTIFY", { headers });
    await pair.pass(100);
    expect(seen.at(-1)).toEqual({ status: 487, reason: "the subscription ended", final: true });
    expect(refer.isOver).toBe(true);
  });

  test("[SIP89] a NOTIFY for no REFER is 481, one of another event 489", async () => {
    const { alice, bob } = await established();
    const state = ["Subscription-State", "active"] as const;
    const statuses: unknown[] = [];
    for (const event of ["refer", "dialog"]) {
      const result = bob.path.exchange("NOTIFY", { headers: [["Event", event], state] });
      await pair.pass(100);
      statuses.push(((await result) as { status: number }).status);
    }
    expect(statuses).toEqual([481, 489]);
    expect(alice.state).toBe("confirmed");
  });
});
