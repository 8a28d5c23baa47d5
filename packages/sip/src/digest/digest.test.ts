import { SeededRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { describe, expect, test } from "vitest";
import { SipHeaders } from "../message/headers.ts";
import { SipRequest, SipResponse } from "../message/message.ts";
import { answerChallenge } from "./answer-challenge.ts";
import { digestResponse, makeHa1, parseDigest } from "./digest.ts";
import { NonceKeeper } from "./nonce-keeper.ts";

describe("digestResponse", () => {
  // RFC 7616 section 3.9.1
  const nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
  const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  const ha1 = makeHa1("Mufasa", "http-auth@example.org", "Circle of Life");
  const common = { sess: false, method: "GET", uri: "/dir/index.html", nonce };
  const qop = { value: "auth", cnonce, nc: "00000001" };

  test("gives the values of the RFC", () => {
    expect(digestResponse({ ...common, algorithm: "MD5", ha1: ha1.md5, qop })).toBe(
      "8ca523f5e9506fed4657c9700eebdbec",
    );
    expect(digestResponse({ ...common, algorithm: "SHA-256", ha1: ha1.sha256, qop })).toBe(
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    );
  });

  test("[SIP65] knows SHA-512-256, -sess and auth-int", () => {
    // The example of RFC 7616 section 3.9.2, whose printed response is wrong (erratum 4897): value by another implementation.
    const doe = makeHa1("Jäsøn Doe", "api@example.org", "Secret, or not?");
    const jason = { sess: false, method: "GET", uri: "/doe.json" } as const;
    const jasonQop = { value: "auth", cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm", nc: "00000001" };
    const jasonNonce = "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK";
    expect(
      digestResponse({
        ...jason,
        algorithm: "SHA-512-256",
        nonce: jasonNonce,
        ha1: doe.sha512256,
        qop: jasonQop,
      }),
    ).toBe("7a4e1192babbba02e91182d2895bfdbf7adafc6e48d4e517ca301974843d840c");
    const bob = {
      algorithm: "MD5",
      ha1: makeHa1("bob", "biloxi.com", "zanzibar").md5,
      method: "INVITE",
      uri: "sip:bob@biloxi.com",
      nonce: "dcd98b7102dd2f0e8b11d0f600bfb0c093",
    } as const;
    const bobQop = { value: "auth", cnonce: "0a4f113b", nc: "00000001" };
    const body = Buffer.from("v=0\r\n");
    expect(digestResponse({ ...bob, sess: false, qop: bobQop })).toBe("89eb0059246c02b2f6ee02c7961d5ea3");
    expect(digestResponse({ ...bob, sess: true, qop: bobQop })).toBe("e4e4ea61d186d07a92c9e1f6919902e9");
    expect(digestResponse({ ...bob, sess: false, qop: { ...bobQop, value: "auth-int" }, body })).toBe(
      "77226bb823dc077c1ad3537415667bae",
    );
  });

  test("knows the form without qop (RFC 2617 section 3.5 without its qop)", () => {
    const old = makeHa1("Mufasa", "testrealm@host.com", "Circle Of Life");
    const nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
    expect(digestResponse({ ...common, nonce, algorithm: "MD5", ha1: old.md5 })).toBe(
      "670fd8c2df070c60b045671b8b24ff02",
    );
  });
});

test("parseDigest refuses other schemes, broken parts and repeated names", () => {
  expect(parseDigest('Digest a="x,\\"y", b=c')).toEqual(
    new Map([
      ["a", 'x,"y'],
      ["b", "c"],
    ]),
  );
  for (const text of ["Basic YTpi", "Digest", "Digest a", 'Digest a="b, c', "Digest a=1, a=2"]) {
    expect(parseDigest(text)).toBeUndefined();
  }
});

describe("NonceKeeper", () => {
  const clock = new ManualClock();
  const keeper = new NonceKeeper({ clock, random: new SeededRandom(1), lifeMs: 60_000, capacity: 2 });

  test("[SIP24] a nonce is good until it is old, and each count once", () => {
    const nonce = keeper.issue("10.0.0.9", "a");
    expect(keeper.standing(nonce, 1, "10.0.0.9")).toBe("fresh");
    keeper.use(nonce, 1);
    expect(keeper.standing(nonce, 1, "10.0.0.9")).toBe("replayed");
    expect(keeper.standing(nonce, 2, "10.0.0.9")).toBe("fresh");
    clock.advance(60_001);
    expect(keeper.standing(nonce, 2, "10.0.0.9")).toBe("expired");
  });

  test("[SIP66] a nonce of another address is foreign", () => {
    expect(keeper.standing(keeper.issue("10.0.0.9", "b"), 1, "10.0.0.8")).toBe("foreign");
  });

  test("a nonce of somebody else is forged", () => {
    const nonce = keeper.issue("10.0.0.9", "c");
    expect(keeper.standing(`${nonce.slice(0, 30)}x${nonce.slice(31)}`, 1, "10.0.0.9")).toBe("forged");
    expect(keeper.standing("", 1, "10.0.0.9")).toBe("forged");
  });

  test("old nonces are forgotten, though not looked for at each login", () => {
    const keeper = new NonceKeeper({ clock, random: new SeededRandom(2), lifeMs: 60_000, capacity: 2 });
    let sweeps = 0;
    for (let i = 0; i < 1_000; i++) {
      const before = keeper.remembered;
      keeper.use(keeper.issue("10.0.0.9", `d${i}`), 1);
      if (keeper.remembered <= before) sweeps++;
      clock.advance(i < 500 ? 100 : 50_000); // first all of them are young
      if (i === 499) expect(sweeps).toBe(0);
    }
    expect(sweeps).toBeGreaterThan(0);
    expect(keeper.remembered).toBeLessThanOrEqual(5);
  });
});

describe("answerChallenge", () => {
  const request = (): SipRequest => new SipRequest("REGISTER", "sip:h", new SipHeaders());
  const challenged = (...values: string[]): SipResponse => {
    const headers = new SipHeaders();
    for (const value of values) headers.add("WWW-Authenticate", value);
    return new SipResponse(401, "Unauthorized", headers);
  };
  const credentials = { username: 'a"b', password: "pw" };
  const md5 = 'Digest realm="r", nonce="n", algorithm=MD5, qop="auth-int,auth", opaque="o"';
  const sha = 'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth"';

  test("[SIP38] prefers SHA-256, keeps opaque, and takes what it knows", () => {
    const one = request();
    expect(answerChallenge(one, challenged(md5, sha), credentials, new SeededRandom(1))).toBe(true);
    expect(parseDigest(one.headers.get("Authorization") ?? "")?.get("algorithm")).toBe("SHA-256");
    const two = request();
    const unknown = 'Digest realm="r", nonce="n", algorithm=TURBO-1';
    expect(answerChallenge(two, challenged(unknown, md5), credentials, new SeededRandom(1))).toBe(true);
    const params = parseDigest(two.headers.get("Authorization") ?? "");
    expect(params?.get("opaque")).toBe("o");
    expect(params?.get("username")).toBe('a"b');
    expect(answerChallenge(request(), challenged(unknown), credentials, new SeededRandom(1))).toBe(false);
  });

  test("[SIP38] gives up when the same credentials are refused, but not when only the nonce was stale", () => {
    const one = request();
    answerChallenge(one, challenged(md5), credentials, new SeededRandom(1));
    expect(answerChallenge(one, challenged(md5), credentials, new SeededRandom(1))).toBe(false);
    expect(answerChallenge(one, challenged(`${md5}, stale=TRUE`), credentials, new SeededRandom(1))).toBe(
      true,
    );
  });

  test("[SIP65] the strongest that is known is taken, wherever it stands, for each realm one", () => {
    const sha512 = sha.replace("SHA-256", "SHA-512-256-sess");
    const other = md5.replace('realm="r"', 'realm="other"');
    const one = request();
    expect(answerChallenge(one, challenged(md5, sha512, sha, other), credentials, new SeededRandom(1))).toBe(
      true,
    );
    const given = one.headers.all("Authorization").map(parseDigest);
    expect(given.map((params) => [params?.get("realm"), params?.get("algorithm")])).toEqual([
      ["r", "SHA-512-256-sess"],
      ["other", "MD5"],
    ]);
    expect(given[0]?.get("cnonce")).not.toBe("");
  });

  test("[SIP65] auth-int is given where nothing else is asked for, and another qop is not answered", () => {
    const one = request();
    one.setBody("application/sdp", "v=0\r\n");
    const integrity = 'Digest realm="r", nonce="n", qop="auth-int"';
    expect(answerChallenge(one, challenged(integrity), credentials, new SeededRandom(1))).toBe(true);
    expect(parseDigest(one.headers.get("Authorization") ?? "")?.get("qop")).toBe("auth-int");
    const strange = 'Digest realm="r", nonce="n", qop="auth-foo"';
    expect(answerChallenge(request(), challenged(strange), credentials, new SeededRandom(1))).toBe(false);
  });

  test("[SIP65] a second hop's realm is added to the first's", () => {
    const one = request();
    answerChallenge(one, challenged(md5), credentials, new SeededRandom(1));
    const other = md5.replace('realm="r"', 'realm="other"');
    expect(answerChallenge(one, challenged(other), credentials, new SeededRandom(1))).toBe(true);
    expect(one.headers.all("Authorization")).toHaveLength(2);
  });

  test("answers with a stored HA1 only for its algorithm", () => {
    const ha1 = { md5: makeHa1("a", "r", "pw").md5 };
    const one = request();
    expect(answerChallenge(one, challenged(sha, md5), { username: "a", ha1 }, new SeededRandom(1))).toBe(
      true,
    );
    expect(parseDigest(one.headers.get("Authorization") ?? "")?.get("algorithm")).toBe("MD5");
  });
});
