import { SeededRandom } from "@svara/kernel";
import { afterEach, describe, expect, test } from "vitest";
import { answerChallenge } from "./digest/answer-challenge.ts";
import { type DigestAlgorithm, parseDigest } from "./digest/digest.ts";
import type { SipRequest } from "./message/message.ts";
import { type HeaderLines, respond } from "./message/respond.ts";
import type { TrunkRegistrationChange } from "./registration/trunk-registration.ts";
import { ALICE, BOB, FixedAuthority, RawPeer, rawRequest, sdp, TestPair } from "./testing.ts";

const PASSWORDS = { "101": "right", "102": "other" };

let pair = new TestPair();
let authority = new FixedAuthority();
let seq = 0;

afterEach(async () => {
  expect(await pair.close()).toBe(true);
});

/** Bob is a registrar; what is given back is a phone at 10.0.0.9. */
function phone(limits = {}): RawPeer {
  authority = new FixedAuthority(PASSWORDS);
  pair = new TestPair({ bob: { authority, limits } });
  return new RawPeer(pair.network, "10.0.0.9");
}

interface Login {
  readonly username?: string;
  readonly password?: string;
  readonly algorithm?: DigestAlgorithm;
}

function register(
  options: { user?: string; contact?: string; expires?: number; callId?: string } = {},
): SipRequest {
  const { user = "101", contact = "<sip:101@10.0.0.9>", expires = 600, callId = "reg" } = options;
  const headers = { To: `<sip:${user}@svara.test>`, Expires: String(expires), "Call-ID": callId };
  const request = rawRequest("REGISTER", { uri: "sip:svara.test", seq: ++seq, headers });
  request.headers.remove("Contact");
  if (contact !== "") request.headers.add("Contact", contact);
  return request;
}

/** The same request again, with credentials for the challenge that came. */
function withLogin(raw: RawPeer, request: SipRequest, login: Login = {}): SipRequest {
  const { username = "101", password = "right", algorithm = "MD5" } = login;
  const challenge = raw.last;
  const chosen = challenge.headers
    .all("WWW-Authenticate")
    .filter((v) => v.includes(`algorithm=${algorithm},`));
  challenge.headers.remove("WWW-Authenticate");
  for (const value of chosen) challenge.headers.add("WWW-Authenticate", value);
  const again = rawRequest(request.method, { uri: request.uri, seq: ++seq });
  for (const name of ["To", "Expires", "Call-ID", "Contact"]) {
    again.headers.remove(name);
    for (const value of request.headers.all(name)) again.headers.add(name, value);
  }
  answerChallenge(again, challenge, { username, password }, new SeededRandom(seq));
  return again;
}

/** Registers with challenge; the final status. */
async function login(raw: RawPeer, request: SipRequest, credentials: Login = {}): Promise<number> {
  raw.send(request);
  await pair.pass();
  raw.send(withLogin(raw, request, credentials));
  await pair.pass();
  return raw.last.status;
}

describe("login", () => {
  test("[SIP22] an unknown source gets a challenge for each algorithm", async () => {
    const raw = phone();
    raw.send(register());
    await pair.pass();
    raw.send(rawRequest("INVITE", { body: sdp(1) }));
    await pair.pass();
    expect(raw.statuses).toEqual([401, 401]);
    const algorithms = raw.last.headers.all("WWW-Authenticate").map((v) => parseDigest(v)?.get("algorithm"));
    expect(algorithms).toEqual(["MD5", "SHA-256"]);
  });

  test.each([
    ["baresip v1.0.0 (x86_64/linux)", ["MD5"]],
    ["baresip v3.1.0 (x86_64/linux)", ["MD5", "SHA-256"]],
  ])("[SIP22] %s is asked for what it knows", async (userAgent, asked) => {
    const raw = phone();
    const request = register();
    request.headers.set("User-Agent", userAgent);
    raw.send(request);
    await pair.pass();
    const algorithms = raw.last.headers.all("WWW-Authenticate").map((v) => parseDigest(v)?.get("algorithm"));
    expect(algorithms).toEqual(asked);
  });

  test("[SIP65] SHA-512-256 is offered where it is asked for, and each algorithm lets in", async () => {
    authority = new FixedAuthority(PASSWORDS);
    const digestAlgorithms = ["SHA-512-256", "SHA-256", "MD5"] as const;
    pair = new TestPair({ bob: { authority, digestAlgorithms } });
    const raw = new RawPeer(pair.network, "10.0.0.9");
    for (const algorithm of digestAlgorithms) {
      expect([algorithm, await login(raw, register(), { algorithm })]).toEqual([algorithm, 200]);
    }
  });

  test("[SIP51] a challenge is not repeated, costs nothing, and a copy gets the same", async () => {
    const raw = phone();
    const invite = rawRequest("INVITE", { body: sdp(1) });
    raw.send(invite);
    await pair.pass(100);
    expect(raw.statuses).toEqual([401]);
    expect(pair.bob.stats.serverTransactions).toBe(0);
    const first = raw.last;
    raw.send(invite);
    await pair.pass();
    expect(raw.statuses).toEqual([401, 401]);
    expect(raw.last.toTag).toBe(first.toTag);
    expect(raw.last.list("WWW-Authenticate")).toEqual(first.list("WWW-Authenticate"));
    await pair.pass(9_000);
    raw.send(invite);
    await pair.pass();
    expect(raw.last.list("WWW-Authenticate")).not.toEqual(first.list("WWW-Authenticate"));
  });

  test.each(["MD5", "SHA-256"] as const)("[SIP23] %s lets in", async (algorithm) => {
    const raw = phone();
    expect(await login(raw, register(), { algorithm })).toBe(200);
    expect(raw.last.headers.get("Contact")).toBe("<sip:101@10.0.0.9>;expires=600");
    expect(pair.bob.registrar.bindings("101")).toMatchObject([
      { identity: { kind: "endpoint", id: "phone-101" } },
    ]);
    expect(authority.succeeded).toMatchObject([{ username: "101", method: "REGISTER" }]);
  });

  test("[SIP23] a wrong password and an unknown user look the same, and after the limit 403", async () => {
    const raw = phone({ maxLoginFailures: 3 });
    for (const username of ["101", "nobody"]) {
      const statuses: number[] = [];
      for (let i = 0; i < 4; i++)
        statuses.push(await login(raw, register(), { username, password: "wrong" }));
      expect(statuses).toEqual([401, 401, 403, 403]);
    }
    expect(await login(raw, register())).toBe(403);
    expect(pair.bob.registrar.bindings("101")).toEqual([]);
  });

  test("[SIP27] the authority hears of failures and may lock a name", async () => {
    const raw = phone();
    await login(raw, register(), { password: "wrong" });
    expect(authority.failed).toMatchObject([{ username: "101", failures: 1, source: { host: "10.0.0.9" } }]);
    authority.lockedOut.add("101");
    expect(await login(raw, register())).toBe(403);
  });

  test("[SIP24] used again, credentials are stale; with the next count they are good", async () => {
    const raw = phone();
    const request = register();
    raw.send(request);
    await pair.pass();
    const first = withLogin(raw, request);
    raw.send(first);
    await pair.pass();
    const replay = rawRequest("REGISTER", {
      uri: request.uri,
      seq: ++seq,
      headers: { To: request.headers.get("To") ?? "" },
    });
    replay.headers.set("Authorization", first.headers.get("Authorization") ?? "");
    raw.send(replay);
    await pair.pass();
    expect(raw.statuses).toEqual([401, 200, 401]);
    expect(raw.last.headers.get("WWW-Authenticate")).toContain("stale=true");
  });

  test("[SIP24] an old nonce is stale, and the phone comes again", async () => {
    const raw = phone({ nonceLifeMs: 10_000 });
    const request = register();
    raw.send(request);
    await pair.pass();
    const late = withLogin(raw, request);
    await pair.pass(11_000);
    raw.send(late);
    await pair.pass();
    expect(raw.last.headers.get("WWW-Authenticate")).toContain("stale=true");
    raw.send(withLogin(raw, request));
    await pair.pass();
    expect(raw.last.status).toBe(200);
    expect(authority.failed).toEqual([]);
  });

  test("[SIP25] a phone that calls is known by its login", async () => {
    const raw = phone();
    const callers: unknown[] = [];
    pair.bob.onInvite.on((call) => callers.push(call.caller));
    const invite = rawRequest("INVITE", { uri: "sip:100@svara.test", seq: ++seq });
    raw.send(invite);
    await pair.pass();
    raw.send(withLogin(raw, invite));
    await pair.pass();
    expect(callers).toEqual([{ kind: "endpoint", id: "phone-101" }]);
  });

  test.each([
    ["Basic YTpi"],
    ["Digest"],
    ['Digest username="101'],
    ['Digest username="101", realm="svara.test", nonce="x", uri="sip:svara.test", response=""'],
  ])("[SIP22] %s is challenged again", async (value) => {
    const raw = phone();
    const request = register();
    request.headers.set("Authorization", value);
    raw.send(request);
    await pair.pass();
    expect(raw.statuses).toEqual([401]);
  });
});

describe("registrar", () => {
  test("[SIP22] a phone at a trunk's address is challenged all the same", async () => {
    const raw = phone();
    authority.trunks.set("10.0.0.9", { kind: "trunk", id: "t" });
    expect(await login(raw, register())).toBe(200);
  });

  test("[SIP28] a phone may register its own addresses only", async () => {
    const raw = phone();
    expect(await login(raw, register({ user: "102" }))).toBe(403);
    expect([...pair.bob.registrar.all()]).toEqual([]);
  });

  test("[SIP28] an address of record of another scheme is 400", async () => {
    const raw = phone();
    const request = register();
    request.headers.set("To", "<isbn:2983792873>");
    expect(await login(raw, request)).toBe(400);
  });

  test("[SIP29] several phones, and the oldest gives way", async () => {
    const raw = phone({ maxContactsPerAor: 2 });
    const gone: string[] = [];
    pair.bob.registrar.unregistered.on(({ binding, reason }) =>
      gone.push(`${binding.contact.host} ${reason}`),
    );
    for (const host of ["10.1.0.1", "10.1.0.2", "10.1.0.3"]) {
      await login(raw, register({ contact: `<sip:101@${host}>`, callId: host }));
      await pair.pass(1_000);
    }
    expect(pair.bob.registrar.bindings("101").map(({ contact }) => contact.host)).toEqual([
      "10.1.0.2",
      "10.1.0.3",
    ]);
    expect(gone).toEqual(["10.1.0.1 replaced"]);
  });

  test("[SIP29] the same device at a new address replaces itself", async () => {
    const raw = phone();
    const instance = '+sip.instance="<urn:uuid:1>"';
    await login(raw, register({ contact: `<sip:101@10.1.0.1>;${instance}` }));
    await login(raw, register({ contact: `<sip:101@10.1.0.2>;${instance}` }));
    expect(pair.bob.registrar.bindings("101").map(({ contact }) => contact.host)).toEqual(["10.1.0.2"]);
  });

  test("[SIP30] too brief is 423, too long is cut", async () => {
    const raw = phone({ minExpiresSeconds: 60, maxExpiresSeconds: 900 });
    expect(await login(raw, register({ expires: 30 }))).toBe(423);
    expect(raw.last.headers.get("Min-Expires")).toBe("60");
    expect(await login(raw, register({ expires: 9_999_999 }))).toBe(200);
    expect(raw.last.headers.get("Contact")).toContain("expires=900");
  });

  test("[SIP31] a binding ends by expiry, by removal and by Contact *", async () => {
    const raw = phone();
    const told: string[] = [];
    pair.bob.registrar.registered.on(({ refreshed }) => told.push(refreshed ? "refreshed" : "registered"));
    pair.bob.registrar.unregistered.on(({ reason }) => told.push(reason));
    await login(raw, register({ expires: 100 }));
    await login(raw, register({ expires: 100 }));
    await pair.pass(99_000);
    expect(pair.bob.registrar.bindings("101")).toHaveLength(1);
    await pair.pass(1_100);
    await login(raw, register());
    await login(raw, register({ expires: 0 }));
    await login(raw, register());
    await login(raw, register({ contact: "*", expires: 0 }));
    expect(told).toEqual([
      "registered",
      "refreshed",
      "expired",
      "registered",
      "removed",
      "registered",
      "removed",
    ]);
    expect(await login(raw, register({ contact: "*", expires: 60 }))).toBe(400);
  });

  test("[SIP31] a fetch lists the bindings and changes nothing", async () => {
    const raw = phone();
    await login(raw, register());
    await pair.pass(10_000);
    await login(raw, register({ contact: "" }));
    expect(raw.last.headers.get("Contact")).toContain("expires=590");
  });

  test("a late copy of an older REGISTER changes nothing", async () => {
    const raw = phone();
    const old = register();
    raw.send(old);
    await pair.pass();
    const authorized = withLogin(raw, old);
    await login(raw, register({ expires: 0 }));
    await login(raw, register());
    raw.send(authorized);
    await pair.pass();
    expect(raw.last.status).toBe(500);
  });

  test("[SIP32] a phone behind a router is called where its REGISTER came from", async () => {
    const raw = phone();
    const request = register({ contact: "<sip:101@192.168.7.7:5071>" });
    await login(raw, request);
    pair.bob
      .invite({ kind: "aor", user: "101" }, { offer: sdp(1), from: { user: "100" } })
      .failed.on(() => {});
    await pair.pass();
    const invite = raw.received.at(-1);
    expect(invite).toMatchObject({ method: "INVITE", uri: "sip:101@192.168.7.7:5071" });
  });

  test("[SIP32] a phone that knows its own address is called at the port it names", async () => {
    const raw = phone();
    const listening = new RawPeer(pair.network, "10.0.0.9", 6000);
    await login(raw, register({ contact: "<sip:101@10.0.0.9:6000>" }));
    pair.bob.invite({ kind: "aor", user: "101" }, { offer: sdp(1), from: { user: "100" } });
    await pair.pass();
    expect(listening.received).toMatchObject([{ method: "INVITE" }]);
  });

  test("[SIP36] nobody registered is 480 by us", async () => {
    phone();
    const failures: unknown[] = [];
    pair.bob
      .invite({ kind: "aor", user: "999" }, { offer: sdp(1), from: { user: "1" } })
      .failed.on((f) => failures.push(f));
    await pair.pass();
    expect(failures).toMatchObject([{ by: "local", status: 480 }]);
  });
});

describe("registration with a carrier", () => {
  const options = { registrar: `sip:${BOB}`, user: "101", domain: "svara.test", expiresSeconds: 600 };
  const credentials = { username: "101", password: "right" };

  test("[SIP49] logs in, renews at 80 % of the time, and takes itself back", async () => {
    phone();
    const registration = pair.alice.registerTrunk({ ...options, credentials });
    const changes: TrunkRegistrationChange[] = [];
    registration.changed.on((change) => changes.push(change));
    await pair.pass(100);
    expect(pair.bob.registrar.bindings("101")).toHaveLength(1);
    await pair.pass(480_000);
    expect(changes.map(({ state }) => state)).toEqual(["registered", "registering", "registered"]);
    const stopped = registration.stop();
    await pair.pass(100);
    await stopped;
    expect(pair.bob.registrar.bindings("101")).toEqual([]);
    expect(registration.state).toBe("stopped");
  });

  test("[SIP49] a refusal is tried again at growing intervals", async () => {
    phone();
    const registration = pair.alice.registerTrunk({
      ...options,
      credentials: { username: "101", password: "no" },
    });
    const retries: number[] = [];
    registration.changed.on((change) => {
      if (change.retryInMs !== undefined) retries.push(change.retryInMs);
    });
    await pair.pass(200_000);
    expect(registration.state).toBe("failed");
    expect(retries.length).toBeGreaterThanOrEqual(3);
    expect(retries[0]).toBeLessThanOrEqual(30_000);
    expect(retries[2]).toBeGreaterThanOrEqual(60_000);
  });

  test("[SIP49] times that no timer can hold are a day", async () => {
    phone();
    const carrier = new RawPeer(pair.network, "10.0.0.7");
    const registration = pair.bob.registerTrunk({ ...options, registrar: "sip:10.0.0.7", credentials });
    const retries: (number | undefined)[] = [];
    registration.changed.on(({ state, retryInMs }) => {
      if (state === "failed") retries.push(retryInMs);
    });
    const answer = (status: number, headers: HeaderLines): void => {
      for (const message of carrier.received.splice(0))
        if (message.kind === "request") carrier.send(respond(message, status, { toTag: "c", headers }));
    };
    await pair.pass(100);
    answer(503, [["Retry-After", "4294967295"]]);
    await pair.pass(100);
    expect(retries).toEqual([86_400_000]);
    registration.dispose();
    const other = new RawPeer(pair.network, "10.0.0.8");
    const lasting = pair.bob.registerTrunk({ ...options, registrar: "sip:10.0.0.8", credentials });
    await pair.pass(100);
    const [first] = other.received;
    if (first?.kind !== "request") throw new Error("no REGISTER");
    const headers: HeaderLines = [["Contact", "<sip:101@10.0.0.2>;expires=4294967295"]];
    other.send(respond(first, 200, { toTag: "c", headers }));
    await pair.pass(5_000); // a timer that overflowed would be due at once
    expect(lasting.state).toBe("registered");
    expect(other.received).toHaveLength(1);
    lasting.dispose();
  });

  test("[SIP49] a silent carrier is a failure, too", async () => {
    phone();
    pair.network.fate = (_text, _n, from) => (from === ALICE ? 0 : 1);
    const registration = pair.alice.registerTrunk({ ...options, credentials });
    await pair.pass(33_000);
    expect(registration.state).toBe("failed");
  });

  test("[SIP38] a carrier's challenge of an INVITE is answered, in the dialog as well", async () => {
    phone();
    pair.bob.onInvite.on((call) => void call.answer(sdp(1)));
    const call = pair.alice.invite(
      { kind: "uri", uri: `sip:100@${BOB}` },
      { offer: sdp(2), from: { user: "101" }, credentials },
    );
    const refused = pair.alice.invite(
      { kind: "uri", uri: `sip:100@${BOB}` },
      { offer: sdp(2), from: { user: "101" } },
    );
    const failures: unknown[] = [];
    refused.failed.on((failure) => failures.push(failure));
    await pair.pass(200);
    expect(call.state).toBe("accepted");
    expect(failures).toMatchObject([{ by: "remote", status: 401 }]);
  });

  test("a ping tells whether the carrier lives", async () => {
    phone();
    const alive = pair.alice.ping(`sip:${BOB}`);
    await pair.pass(100);
    expect(await alive).toMatchObject({ kind: "answered", status: 200 });
    const dead = pair.alice.ping("sip:10.9.9.9");
    await pair.pass(33_000);
    expect(await dead).toEqual({ kind: "no_answer", cause: "timeout" });
  });
});
