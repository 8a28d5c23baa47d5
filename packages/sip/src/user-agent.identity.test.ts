import { afterEach, describe, expect, test } from "vitest";
import type { IncomingCall } from "./call/incoming-call.ts";
import type { InviteOptions } from "./call/invite-request.ts";
import type { SipRequest } from "./message/message.ts";
import { FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";

let pair = new TestPair();

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

const AUTHORITY = new FixedAuthority({}, { "10.0.0.9": "trunk-raw" });

/** The call that an INVITE with these headers makes at Bob. */
async function incoming(
  headers: Record<string, string | readonly string[]>,
  uri?: string,
): Promise<IncomingCall> {
  pair = new TestPair({ bob: { authority: AUTHORITY } });
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const calls: IncomingCall[] = [];
  pair.bob.onInvite.on((call) => calls.push(call));
  const request = rawRequest("INVITE", { body: sdp(1), ...(uri === undefined ? {} : { uri }) });
  for (const [name, values] of Object.entries(headers)) {
    request.headers.remove(name);
    for (const value of [values].flat()) request.headers.add(name, value);
  }
  raw.send(request);
  await pair.pass();
  const [call] = calls;
  if (!call) throw new Error(`no call: ${raw.statuses}`);
  call.reject(480);
  return call;
}

/** The INVITE that leaves Bob with these options. */
async function outgoing(options: Partial<InviteOptions>): Promise<SipRequest> {
  pair = new TestPair({ bob: { authority: AUTHORITY } });
  const raw = new RawPeer(pair.network, "10.0.0.9");
  const call = pair.bob.invite(
    { kind: "uri", uri: "sip:7@10.0.0.9" },
    { offer: sdp(1), from: { user: "100" }, ...options },
  );
  await pair.pass();
  call.cancel();
  const [invite] = raw.requests("INVITE");
  if (!invite) throw new Error("no INVITE");
  raw.answer(invite, 404);
  await pair.pass();
  return invite;
}

describe("who calls", () => {
  test("[SIP82] P-Asserted-Identity as SIP URI and telephone number", async () => {
    const call = await incoming({
      "P-Asserted-Identity": ['"Astrid" <sip:+4681@carrier.example>', "<tel:+4681>"],
      "P-Preferred-Identity": "<sip:+4682@carrier.example>",
    });
    expect(call.assertedIdentity).toMatchObject({ displayName: "Astrid", uri: { user: "+4681" } });
    expect(call.assertedIdentities.tel?.uri).toMatchObject({ scheme: "tel", user: "+4681" });
    expect(call.preferredIdentity?.uri.user).toBe("+4682");
    expect([...call.privacy, call.anonymous]).toEqual([false]);
  });

  test("[SIP82] Remote-Party-ID of the calling party, and its wish to be hidden", async () => {
    const call = await incoming({
      "Remote-Party-ID": [
        "<sip:900@x>;party=called",
        '"Ada" <sip:+4683@x>;party=calling;screen=yes;privacy=full',
      ],
    });
    expect(call.remoteParty).toMatchObject({ address: { uri: { user: "+4683" } }, screened: true });
    expect(call.anonymous).toBe(true);
  });

  test.each([
    [{ Privacy: "id" }, true],
    [{ Privacy: "header;user;critical" }, true],
    [{ Privacy: ["session", "id"] }, true],
    [{ Privacy: "none" }, false],
    [{ Privacy: "frobnicate" }, false],
    [{ From: '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=raw' }, true],
    [{ From: "<sip:Anonymous@carrier.example>;tag=raw", Privacy: "none" }, true],
  ])("[SIP82] %o: anonymous %s", async (headers, anonymous) => {
    expect((await incoming(headers)).anonymous).toBe(anonymous);
  });

  test("[SIP82] broken identities say nothing and break nothing", async () => {
    const call = await incoming({
      "P-Asserted-Identity": "<sip:no-end",
      "Remote-Party-ID": "; party",
      Diversion: "<<>>, <sip:ok@x>;counter=999",
      "History-Info": "<sip:a@b>, <sip:c@d>;index=1.x",
      "Referred-By": '"',
      "Alert-Info": '<http://a>;info="',
      "P-Early-Media": "supported, gibberish",
    });
    expect([call.assertedIdentity, call.remoteParty, call.history, call.referredBy, call.autoAnswer]).toEqual(
      [undefined, undefined, [], undefined, undefined],
    );
    expect(call.diversions).toMatchObject([{ counter: 1, reason: "unknown" }]);
  });

  test("[SIP83] ours are written, and anonymity hides From but not what the carrier needs", async () => {
    const invite = await outgoing({
      anonymous: true,
      privacy: ["critical"],
      assertedIdentity: ["<sip:+4681@x>", "<tel:+4681>"],
      preferredIdentity: "<sip:+4682@x>\r\nX: 1",
    });
    expect(invite.from.uri.text).toBe("sip:anonymous@anonymous.invalid");
    expect(invite.headers.all("P-Asserted-Identity")).toEqual(["<sip:+4681@x>", "<tel:+4681>"]);
    expect(invite.headers.get("P-Preferred-Identity")).toBe("<sip:+4682@x>  X: 1");
    expect(invite.headers.get("Privacy")).toBe("id;critical");
  });
});

describe("who sent the call on", () => {
  test("[SIP84] Diversion, the latest first", async () => {
    const call = await incoming({
      Diversion: [
        '"Front desk" <sip:200@x>;reason=no-answer;counter=2;privacy=full',
        "<tel:+4681>;reason=user-busy",
      ],
    });
    expect(call.diversions).toMatchObject([
      { address: { displayName: "Front desk" }, reason: "no-answer", counter: 2, private: true },
      { address: { uri: { user: "+4681" } }, reason: "user-busy", counter: 1, private: false },
    ]);
    expect(call.redirection).toMatchObject({
      first: { address: { uri: { user: "+4681" } }, reason: "user-busy" },
      last: { address: { uri: { user: "200" } }, reason: "no-answer", private: true },
      count: 3,
    });
  });

  test("[SIP84] History-Info tells the same, by the causes in its URIs", async () => {
    const call = await incoming({
      "History-Info": [
        "<sip:100@x?Reason=SIP%3Bcause%3D486>;index=1, <sip:200@x;cause=486?Privacy=history>;index=1.1",
        "<sip:300@x;cause=408>;index=1.1.1;mp=1.1",
      ],
    });
    expect(call.history).toMatchObject([
      { index: "1", leftCause: 486, cause: undefined, private: false },
      { index: "1.1", cause: 486, private: true },
      { index: "1.1.1", cause: 408 },
    ]);
    expect(call.redirection).toMatchObject({
      first: { address: { uri: { user: "100" } }, reason: "user-busy" },
      last: { address: { uri: { user: "200" } }, reason: "no-answer", private: true },
      count: 2,
    });
  });

  test("[SIP84] a history of mere routing diverts nobody", async () => {
    const call = await incoming({ "History-Info": "<sip:1@x>;index=1, <sip:1@y>;index=1.1;rc=1" });
    expect(call.redirection).toBeUndefined();
  });

  test("[SIP84] ours are written, and read back the same", async () => {
    const invite = await outgoing({
      diversions: [{ uri: "sip:200@x", displayName: "Desk", reason: "no-answer", counter: 2, private: true }],
      historyInfo: [
        { uri: "sip:100@x", index: "1", leftCause: 302 },
        { uri: "sip:200@x", index: "1.1", cause: 302, private: true },
      ],
    });
    expect(invite.headers.all("Diversion")).toEqual([
      '"Desk" <sip:200@x>;reason=no-answer;counter=2;privacy=full',
    ]);
    expect(invite.headers.all("History-Info")).toEqual([
      "<sip:100@x?Reason=SIP%3Bcause%3D302>;index=1",
      "<sip:200@x;cause=302?Privacy=history>;index=1.1",
    ]);
  });
});

describe("answering by itself", () => {
  test.each([
    [{ "Alert-Info": "<http://www.example.com>;info=alert-autoanswer;delay=3" }, 3],
    [{ "Alert-Info": "<http://www.example.com>;answer-after=2" }, 2],
    [{ "Call-Info": "<sip:x>;answer-after=0" }, 0],
    [{ "Call-Info": "<http://x/p.jpg>;purpose=icon, <sip:x>;answer-after=999999" }, 60],
    [{ "Answer-Mode": "Auto" }, 0],
    [{ "Priv-Answer-Mode": "auto;require" }, 0],
    [{ "Answer-Mode": "Manual" }, undefined],
    [{ "Alert-Info": "<http://ring/1.wav>" }, undefined],
  ])("[SIP85] %o: after %s s", async (headers, delaySeconds) => {
    expect((await incoming(headers)).autoAnswer?.delaySeconds).toBe(delaySeconds);
  });

  test("[SIP85] the wish goes out in all three ways", async () => {
    const invite = await outgoing({ autoAnswer: { delaySeconds: 0 } });
    expect(invite.headers.get("Alert-Info")).toContain("info=alert-autoanswer;delay=0");
    expect(invite.headers.get("Call-Info")).toContain(";answer-after=0");
    expect(invite.headers.get("Answer-Mode")).toBe("Auto");
  });
});

describe("other facts", () => {
  test("[SIP92] a tel URI is called by its number without separators, and To may be one", async () => {
    const headers = { To: "<tel:+46-8-123.45;ext=1>" };
    const call = await incoming(headers, "tel:+46-8-123.(45);phone-context=x.example");
    expect([call.dialledUser, call.to.uri.scheme]).toEqual(["+46812345", "tel"]);
    expect(call.requestUri.params.get("phone-context")).toBe("x.example");
  });

  test("[SIP92] a tel URI is called through a proxy", async () => {
    pair = new TestPair();
    const raw = new RawPeer(pair.network, "10.0.0.9");
    const options = { offer: sdp(1), from: { user: "1" }, outboundProxy: "sip:10.0.0.9" };
    pair.bob.invite({ kind: "uri", uri: "tel:+4681" }, options).cancel();
    const call = pair.bob.invite({ kind: "uri", uri: "tel:+4681" }, options);
    await pair.pass();
    expect(raw.requests("INVITE")[0]?.uri).toBe("tel:+4681");
    raw.answer(raw.requests("INVITE")[0], 404);
    await pair.pass();
    expect(call.state).toBe("failed");
  });

  test("[SIP93] the hops left are told, and a call that is passed on carries one less", async () => {
    const call = await incoming({ "Max-Forwards": "12" });
    expect(call.maxForwards).toBe(12);
    await pair.close();
    const invite = await outgoing({ maxForwards: call.maxForwards - 1 });
    expect(invite.headers.get("Max-Forwards")).toBe("11");
  });

  test("who transferred the call is told both ways", async () => {
    const call = await incoming({ "Referred-By": '"Boss" <sip:5@x>;cid=1' });
    expect(call.referredBy).toMatchObject({ displayName: "Boss", uri: { user: "5" } });
    await pair.close();
    const invite = await outgoing({ referredBy: "<sip:5@x>" });
    expect(invite.headers.get("Referred-By")).toBe("<sip:5@x>");
  });
});
