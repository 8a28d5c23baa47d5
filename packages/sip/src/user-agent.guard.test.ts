import { SeededRandom } from "@svara/kernel";
import { afterEach, describe, expect, test } from "vitest";
import { answerChallenge } from "./digest/answer-challenge.ts";
import type { Ban } from "./guard/ban.ts";
import type { SipRequest } from "./message/message.ts";
import { ALICE, BOB, FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";
import type { UserAgentOptions } from "./user-agent.ts";

const TO_BOB = { kind: "uri", uri: `sip:100@${BOB}` } as const;

let pair = new TestPair();
let authority = new FixedAuthority();
let seq = 0;

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

/** Bob knows Alice as a trunk and two hundred phones; all their passwords are "right". */
function start(bob: Partial<UserAgentOptions> = {}): { told: Ban[] } {
  const passwords = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [String(100 + i), "right"]));
  authority = new FixedAuthority(passwords, { [ALICE]: "trunk-alice" });
  pair = new TestPair({ bob: { authority, ...bob } });
  pair.bob.onInvite.on((call) => void call.answer(sdp(2)));
  const told: Ban[] = [];
  pair.bob.onBan.on((ban) => told.push(ban));
  return { told };
}

/** One REGISTER of `user` with challenge and answer; the last status that came. */
async function register(raw: RawPeer, user: string, password: string): Promise<number | undefined> {
  const request = (): SipRequest => {
    const made = rawRequest("REGISTER", { uri: "sip:svara.test", seq: ++seq });
    made.headers
      .set("To", `<sip:${user}@svara.test>`)
      .set("Contact", `<sip:${user}@10.0.0.9>`)
      .set("Expires", "600");
    made.headers.set("Via", `SIP/2.0/UDP 192.168.1.5;rport;branch=z9hG4bK${seq}`);
    made.headers.set("Call-ID", `reg-${user}-${seq}`);
    return made;
  };
  raw.received.length = 0;
  raw.send(request());
  await pair.pass();
  if (raw.statuses.at(-1) !== 401) return raw.statuses.at(-1);
  const again = request();
  answerChallenge(again, raw.last, { username: user, password }, new SeededRandom(seq));
  raw.send(again);
  await pair.pass();
  return raw.statuses.at(-1);
}

/** Guesses at many names, as fast as is heard when it is slowed down. */
async function guess(raw: RawPeer, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await register(raw, String(900 + i), "guess");
    await pair.pass(2_000);
  }
}

describe("guesses at passwords", () => {
  test("[SIP60] their address is banned and told, all others register and call, and it is heard again later", async () => {
    const { told } = start();
    const guesser = new RawPeer(pair.network, "10.0.0.66");
    await guess(guesser, 20);
    expect(told).toMatchObject([{ address: "10.0.0.66", reason: "logins", failures: 20 }]);
    const received = pair.bob.stats.received;
    expect(await register(guesser, "101", "right")).toBeUndefined();
    expect(pair.bob.stats.received).toBe(received); // dropped unread
    expect(await register(new RawPeer(pair.network, "10.0.0.9"), "101", "right")).toBe(200);
    const call = pair.alice.invite(TO_BOB, { offer: sdp(1), from: { user: "1" } });
    await pair.pass();
    expect(call.state).toBe("accepted");
    expect(pair.bob.bans()).toHaveLength(1);
    await pair.pass(300_000);
    expect(pair.bob.bans()).toEqual([]);
    expect(await register(guesser, "101", "right")).toBe(200);
  });

  test("[SIP61] in an office of fifty phones one has a wrong password, and the others never notice", async () => {
    const { told } = start();
    const phones = Array.from({ length: 50 }, (_, i) => new RawPeer(pair.network, "10.0.0.50", 6_000 + i));
    const wrong = phones[49];
    if (!wrong) throw new Error("no phone");
    for (let round = 0; round < 40 && told.length === 0; round++) {
      for (let i = 0; i < 5; i++) await register(wrong, "149", "wrong");
      for (const [i, one] of phones.slice(0, 49).entries()) {
        if (round % 5 === 0) expect(await register(one, String(100 + i), "right")).toBe(200);
      }
      await pair.pass(61_000);
    }
    expect(told).toMatchObject([{ address: "10.0.0.50", port: 6_049 }]);
    expect(await register(wrong, "149", "right")).toBeUndefined();
    const call = pair.bob.invite({ kind: "aor", user: "100" }, { offer: sdp(1), from: { user: "1" } });
    await pair.pass();
    expect(phones[0]?.received.at(-1)).toMatchObject({ method: "INVITE" });
    call.cancel();
    await pair.pass(40_000);
  });

  test("[SIP61] wrong passwords from a trunk's address lock the name and not the trunk", async () => {
    const { told } = start();
    const call = pair.alice.invite(TO_BOB, { offer: sdp(1), from: { user: "1" } });
    await pair.pass();
    expect(call.state).toBe("accepted");
    const beside = new RawPeer(pair.network, ALICE, 6_000);
    await guess(beside, 40);
    expect(told).toEqual([]);
    const later = pair.alice.invite(TO_BOB, { offer: sdp(1), from: { user: "1" } });
    await pair.pass();
    expect(later.state).toBe("accepted");
  });

  test("[SIP66] failures with a nonce that was given to another address are nobody's", async () => {
    const { told } = start();
    const guesser = new RawPeer(pair.network, "10.0.0.66");
    const victim = new RawPeer(pair.network, "10.0.0.50");
    const first = rawRequest("REGISTER", { uri: "sip:svara.test", seq: ++seq });
    guesser.send(first);
    await pair.pass();
    const challenge = guesser.last;
    for (let i = 0; i < 30; i++) {
      const forged = rawRequest("REGISTER", { uri: "sip:svara.test", seq: ++seq });
      answerChallenge(forged, challenge, { username: String(900 + i), password: "x" }, new SeededRandom(i));
      victim.send(forged); // as if sent by the guesser with the victim's address
      await pair.pass(1_000);
    }
    expect(told).toEqual([]);
    expect(authority.failed).toEqual([]);
    expect(victim.last.headers.get("WWW-Authenticate")).toContain("stale=true");
    expect(await register(victim, "101", "right")).toBe(200);
  });
});

describe("floods", () => {
  test("[SIP62] a flood of INVITEs is thinned, and calls that are up end as they should", async () => {
    start();
    const call = pair.alice.invite(TO_BOB, { offer: sdp(1), from: { user: "1" } });
    await pair.pass();
    const flood = new RawPeer(pair.network, "10.0.0.66");
    for (let i = 0; i < 3_000; i++) {
      flood.send(rawRequest("INVITE", { seq: ++seq, body: sdp(1), headers: { "Call-ID": `flood-${i}` } }));
    }
    await pair.pass();
    expect(flood.statuses).toHaveLength(500);
    expect(pair.bob.stats.serverTransactions).toBeLessThan(20);
    const dialog = call.dialog;
    expect(await Promise.all([dialog?.infoRequest("text/plain", "x"), pair.pass(100)])).toEqual([
      200,
      undefined,
    ]);
    dialog?.bye();
    await pair.pass();
    expect(pair.bob.stats.dialogs).toBe(0);
  });

  test("[SIP63] a full house answers new calls with 503 and Retry-After, and serves those that are up", async () => {
    start({ limits: { busyTransactions: 1 } });
    const call = pair.alice.invite(TO_BOB, { offer: sdp(1), from: { user: "1" } });
    await pair.pass();
    expect([call.state, pair.bob.stats.serverTransactions]).toEqual(["accepted", 1]);
    const raw = new RawPeer(pair.network, "10.0.0.9");
    raw.send(rawRequest("INVITE", { seq: ++seq, body: sdp(1) }));
    await pair.pass();
    expect(raw.last).toMatchObject({ status: 503 });
    expect(raw.last.headers.get("Retry-After")).toBe("5");
    expect(await register(raw, "101", "right")).toBe(200);
    const updated = call.dialog?.reinvite(sdp(3));
    await pair.pass(100);
    expect((await updated)?.kind).not.toBe("gone");
    call.dialog?.bye();
    await pair.pass();
    expect(pair.bob.stats.dialogs).toBe(0);
  });
});
