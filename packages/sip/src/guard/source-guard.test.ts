import { ManualClock } from "@svara/kernel/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SourceAddress } from "../authority.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import type { Ban, BanEnd } from "./ban.ts";
import { SourceGuard } from "./source-guard.ts";

const BAD = "203.0.113.9";
const OFFICE = "198.51.100.7";
const REGISTER = Buffer.from("REGISTER sip:svara.test SIP/2.0\r\n");
const RESPONSE = Buffer.from("SIP/2.0 200 OK\r\n");

let clock = new ManualClock();
let trunks = new Set<string>();
let guard = newGuard();
let told: (Ban | BanEnd)[] = [];

function newGuard(limits: Partial<typeof DEFAULT_LIMITS> = {}): SourceGuard {
  const made = new SourceGuard({
    clock,
    limits: { ...DEFAULT_LIMITS, ...limits },
    isTrusted: (host) => trunks.has(host),
  });
  made.onBan.on((ban) => told.push(ban));
  made.onUnban.on((end) => told.push(end));
  return made;
}

beforeEach(() => {
  clock = new ManualClock();
  trunks = new Set();
  told = [];
  guard = newGuard();
});

afterEach(() => {
  guard.close();
  expect(clock.pending).toBe(0);
});

function from(host: string, port = 5060): SourceAddress {
  return { protocol: "udp", host, port };
}

function fail(times: number, host = BAD, port = 5060): void {
  for (let i = 0; i < times; i++) guard.loginFailed(from(host, port));
}

function heard(host = BAD, port = 5060): boolean {
  return guard.admits(host, port, REGISTER);
}

describe("wrong passwords", () => {
  test("[SIP60] after ten failures one request a second is heard", () => {
    fail(10);
    expect([heard(), heard()]).toEqual([true, false]);
    clock.advance(1_000);
    expect([heard(), heard()]).toEqual([true, false]);
    expect(guard.admits(BAD, 5060, RESPONSE)).toBe(true);
    clock.advance(DEFAULT_LIMITS.failureMemoryMs);
    expect([heard(), heard(), heard()]).toEqual([true, true, true]);
  });

  test("[SIP60] after twenty nothing is heard, for times that grow, and others do not notice", () => {
    for (const minutes of [5, 20, 80, 320, 1_280, 1_440, 1_440]) {
      fail(20);
      expect(guard.bans()).toMatchObject([
        {
          address: BAD,
          port: undefined,
          reason: "logins",
          failures: 20,
          until: clock.now() + minutes * 60_000,
        },
      ]);
      expect([heard(), guard.admits(BAD, 9, RESPONSE), heard(OFFICE)]).toEqual([false, false, true]);
      clock.advance(minutes * 60_000);
      expect(heard()).toBe(true);
    }
    expect(told.map((event) => ("by" in event ? event.by : event.reason)).slice(0, 4)).toEqual([
      "logins",
      "time",
      "logins",
      "time",
    ]);
  });

  test("[SIP60] the operator takes a ban back, with its history, and may make one", () => {
    fail(20);
    expect(guard.unban(BAD)).toBe(true);
    expect(guard.unban(BAD)).toBe(false);
    expect(heard()).toBe(true);
    fail(20);
    expect(guard.bans()[0]?.until).toBe(clock.now() + DEFAULT_LIMITS.banMs);
    guard.ban(OFFICE, 1_000);
    expect(heard(OFFICE)).toBe(false);
    clock.advance(1_000);
    expect(heard(OFFICE)).toBe(true);
    expect(told).toMatchObject([
      { address: BAD },
      { by: "operator" },
      { address: BAD },
      { address: OFFICE, reason: "operator" },
      { by: "time" },
    ]);
  });

  test("[SIP60] failures far apart are forgotten", () => {
    for (let i = 0; i < 50; i++) {
      fail(1);
      clock.advance(DEFAULT_LIMITS.failureMemoryMs + 1);
    }
    expect(guard.bans()).toEqual([]);
  });

  test("[SIP60] an IPv6 subscriber is banned with the whole of his network", () => {
    fail(20, "2001:db8:1:2::5");
    expect(guard.bans()[0]?.address).toBe("2001:db8:1:2::/64");
    expect([heard("2001:db8:1:2:9:9:9:9"), heard("2001:db8:1:3::5")]).toEqual([false, true]);
    expect(guard.unban("2001:db8:1:2::/64")).toBe(true);
  });
});

describe("an office behind one address", () => {
  test("[SIP61] the phone with the wrong password loses its port, the other forty-nine stay", () => {
    guard.loginSucceeded(from(OFFICE, 6001));
    fail(20, OFFICE, 6050);
    expect(guard.bans()).toMatchObject([{ address: OFFICE, port: 6050, reason: "logins" }]);
    expect(heard(OFFICE, 6050)).toBe(false);
    for (let port = 6001; port < 6050; port++) expect(heard(OFFICE, port)).toBe(true);
  });

  test("[SIP61] it stays so for a day after the last good login, and an early good login forgives what was before", () => {
    fail(19, OFFICE, 6050);
    guard.loginSucceeded(from(OFFICE, 6001));
    fail(19, OFFICE, 6050);
    expect(guard.bans()).toEqual([]);
    clock.advance(86_400_000);
    fail(20, OFFICE, 6050);
    expect(guard.bans()).toMatchObject([{ address: OFFICE, port: undefined }]);
  });

  test("[SIP61] a phone that gets its password right is forgiven", () => {
    guard.loginSucceeded(from(OFFICE, 6001));
    fail(19, OFFICE, 6050);
    guard.loginSucceeded(from(OFFICE, 6050));
    fail(19, OFFICE, 6050);
    expect(guard.bans()).toEqual([]);
  });

  test("[SIP61] a trunk is never banned nor thinned out, known by the authority or by its address", () => {
    trunks.add("192.0.2.1");
    guard.vouchForTrunk("192.0.2.2");
    for (const host of ["192.0.2.1", "192.0.2.2"]) {
      fail(100, host);
      for (let i = 0; i < 2_000; i++) expect(heard(host)).toBe(true);
    }
    expect(guard.bans()).toEqual([]);
  });
});

describe("floods", () => {
  /** How many of `times` are heard. */
  function count(times: number, bytes: Uint8Array, stream = false): number {
    let taken = 0;
    for (let i = 0; i < times; i++) if (guard.admits(BAD, 5060, bytes, stream)) taken++;
    return taken;
  }

  test("[SIP62] an unknown address is thinned to its share, what ends calls much less, responses not", () => {
    expect(count(2_000, REGISTER)).toBe(500);
    clock.advance(2_000);
    expect(count(2_000, REGISTER)).toBe(100);
    expect(count(2_000, RESPONSE)).toBe(2_000);
    clock.advance(10_000);
    expect(count(6_000, Buffer.from("BYE sip:x SIP/2.0"))).toBeGreaterThanOrEqual(4_999);
    expect(heard(OFFICE)).toBe(true);
  });

  test("[SIP62] responses are thinned, too, where a flood of nothing else comes, but for those of trunks and of who is known", () => {
    expect(count(20_000, RESPONSE)).toBe(5_000);
    clock.advance(2_000);
    expect(count(20_000, RESPONSE)).toBe(1_000);
    expect(count(600, REGISTER)).toBe(500);
    guard.vouch(BAD);
    expect(count(20_000, RESPONSE)).toBe(20_000);
    trunks.add("192.0.2.1");
    for (let i = 0; i < 6_000; i++) expect(guard.admits("192.0.2.1", 5060, RESPONSE)).toBe(true);
  });

  test("[SIP62] over a connection a flood that does not stop is banned, over UDP never", () => {
    count(5_000, REGISTER);
    expect(guard.bans()).toEqual([]);
    clock.advance(60_000);
    count(5_000, REGISTER, true);
    expect(guard.bans()).toMatchObject([{ address: BAD, reason: "flood" }]);
  });

  test("[SIP62] a flood over a connection is banned though some of it is taken, an office that overdoes it a little is not", () => {
    for (let i = 0; i < 600 && !guard.isBanned(BAD, 5060); i++) {
      count(10, REGISTER, true); // 1,000 a second
      clock.advance(10);
    }
    expect(guard.bans()).toMatchObject([{ address: BAD, reason: "flood" }]);
    for (let i = 0; i < 6_000; i++) {
      guard.admits(OFFICE, 5060, REGISTER, true); // 67 a second, for a minute and a half
      clock.advance(15);
    }
    expect(guard.isBanned(OFFICE, 5060)).toBe(false);
  });

  test("[SIP62] forged addresses without end do not fill the memory, nor push out who is banned or known", () => {
    const bad = Array.from({ length: 100 }, (_, i) => `203.0.113.${i}`);
    const offices = Array.from({ length: 100 }, (_, i) => `198.51.100.${i}`);
    for (const host of bad) fail(20, host);
    for (const host of offices) guard.loginSucceeded(from(host));
    for (let i = 0; i < 50_000; i++) heard(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
    expect(guard.size).toBe(20_200);
    expect(bad.every((host) => guard.isBanned(host, 5060))).toBe(true);
    expect(offices.every((host) => guard.isKnown(host))).toBe(true);
  });

  test("[SIP62] known addresses are bounded, too: the oldest of them give way", () => {
    for (let i = 0; i < 25_000; i++) guard.loginSucceeded(from(`10.0.${i >> 8}.${i & 255}`));
    expect(guard.size).toBe(20_000);
    expect([guard.isKnown("10.0.0.0"), guard.isKnown("10.0.97.167")]).toEqual([false, true]);
  });

  test("[SIP62] an office of a hundred phones that start together is heard", () => {
    for (let phone = 0; phone < 100; phone++) {
      for (let i = 0; i < 3; i++) expect(heard(OFFICE, 10_000 + phone)).toBe(true);
    }
  });
});
