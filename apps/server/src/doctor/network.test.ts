import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SecureRandom, SeededRandom, SystemClock, UuidV7 } from "@svara/kernel";
import type { DnsResolver } from "@svara/sip";
import { afterEach, describe, expect, test } from "vitest";
import { askServer, trunksIn } from "./ask-server.ts";
import { judgeDrift, judgeServerClock, judgeSynchronised } from "./clock-check.ts";
import { checkDns } from "./dns-check.ts";
import { judgeLimits, parseLimits } from "./limits-check.ts";
import { isPrivate, judgeNat, type NetworkFacts } from "./nat-check.ts";
import { askStun, mappedAddress, serverOf } from "./stun-question.ts";
import { checkTrunks, judgeTrunk } from "./trunk-check.ts";
import { type KnownTrunk, uriOf } from "./trunk-list.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A UDP server on loopback that answers each datagram. */
async function udpServer(
  answer: (message: Buffer, from: { port: number }) => Buffer | undefined,
): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const reply = answer(message, from);
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  closing.push(() => socket.close());
  return socket.address().port;
}

describe("NAT", () => {
  const facts: NetworkFacts = { own: ["10.0.0.5"], bind: null, mediaAddress: null, peers: [], stun: [] };

  test("addresses that the internet does not route are known", () => {
    for (const address of [
      "10.1.2.3",
      "172.16.0.1",
      "192.168.1.1",
      "100.64.0.1",
      "169.254.1.1",
      "127.0.0.1",
      "fd00::1",
    ])
      expect(isPrivate(address), address).toBe(true);
    for (const address of ["172.32.0.1", "100.128.0.1", "203.0.113.5", "2001:db8::1"])
      expect(isPrivate(address), address).toBe(false);
  });

  test("a private address is fine for a house, and not for a carrier on the internet", () => {
    expect(judgeNat(facts).verdict).toBe("ok");
    expect(judgeNat({ ...facts, peers: ["10.0.0.9"] }).verdict).toBe("ok");
    expect(judgeNat({ ...facts, peers: ["203.0.113.5"] })).toMatchObject({
      verdict: "warn",
      message: expect.stringContaining("10.0.0.5, a private address, but the carrier at 203.0.113.5"),
      remedy: expect.stringContaining("SVARA_MEDIA_ADDRESS"),
    });
    expect(judgeNat({ ...facts, mediaAddress: "203.0.113.9", peers: ["203.0.113.5"] }).verdict).toBe("ok");
    expect(judgeNat({ ...facts, mediaAddress: "10.9.9.9" }).message).toContain("no address of this machine");
    expect(judgeNat({ ...facts, bind: "127.0.0.1", peers: ["203.0.113.5"] }).verdict).toBe("fail");
  });

  test("without a STUN server it says what it cannot know", () => {
    expect(judgeNat(facts).message).toContain("cannot be seen from here");
  });

  test("what STUN servers see is compared with what is announced", () => {
    const seen = (address: string, port: number) =>
      ({ kind: "seen", url: "stun:a", seen: { address, port }, tookMs: 3 }) as const;
    expect(judgeNat({ ...facts, stun: [seen("203.0.113.9", 1)], mediaAddress: "203.0.113.8" })).toMatchObject(
      {
        verdict: "warn",
        remedy: "set SVARA_MEDIA_ADDRESS to 203.0.113.9",
      },
    );
    expect(judgeNat({ ...facts, stun: [seen("203.0.113.9", 1), seen("203.0.113.9", 2)] }).message).toContain(
      "symmetric",
    );
    expect(
      judgeNat({ ...facts, stun: [{ kind: "silent", url: "turn:t", reason: "no answer over UDP" }] }),
    ).toMatchObject({
      verdict: "warn",
      message: expect.stringContaining("turn:t does not answer"),
      remedy: expect.stringContaining("SVARA_TURN_URL"),
    });
  });
});

describe("STUN", () => {
  /** RFC 5769, section 2.2: the IPv4 answer to the sample request, without its padding's meaning. */
  const answer = Buffer.from(
    "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643",
    "hex",
  );

  test("the mapped address of RFC 5769 is read", () => {
    expect(mappedAddress(answer, answer)).toEqual({ address: "192.0.2.1", port: 32853 });
    expect(mappedAddress(answer.subarray(0, 40), answer)).toBeUndefined();
    expect(mappedAddress(answer, Buffer.alloc(20))).toBeUndefined();
  });

  test("a server is asked over UDP, one that is not there is silent", async () => {
    const port = await udpServer((request) => {
      const reply = Buffer.alloc(32);
      reply.writeUInt16BE(0x0101, 0);
      reply.writeUInt16BE(12, 2);
      request.copy(reply, 4, 4, 20);
      reply.set([0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43], 20);
      return reply;
    });
    expect(await askStun([`stun:127.0.0.1:${port}`, "stun:nobody.invalid"])).toMatchObject([
      { kind: "seen", seen: { address: "192.0.2.1", port: 32853 } },
      { kind: "silent", url: "stun:nobody.invalid" },
    ]);
  });

  test("host and port of a URL", () => {
    expect(serverOf("turn:turn.example.org?transport=udp")).toEqual({ host: "turn.example.org", port: 3478 });
    expect(serverOf("stun:[2001:db8::1]:99")).toEqual({ host: "2001:db8::1", port: 99 });
  });
});

const trunk: KnownTrunk = {
  id: "t1",
  name: "Carrier",
  transport: "udp",
  register: false,
  doors: [{ host: "sip.example.org", port: 0 }],
};

describe("DNS", () => {
  const random = new SeededRandom(1);
  /** Each reading of the time is `stepMs` later. */
  const ticking = (stepMs: number) => {
    let ms = 0;
    return () => {
      ms += stepMs;
      return ms;
    };
  };
  const dns: DnsResolver = {
    naptr: async () => ({ kind: "none" }),
    srv: async (name) =>
      name === "_sip._udp.sip.example.org"
        ? { kind: "records", records: [{ priority: 1, weight: 0, port: 5070, name: "a.example.org" }] }
        : { kind: "none" },
    addresses: async (host) =>
      host === "a.example.org" ? { kind: "records", records: ["203.0.113.5"] } : { kind: "none" },
  };

  test("a carrier's name is followed by SRV to its address", async () => {
    const { finding, addresses } = await checkDns([trunk], { dns, random, now: ticking(20) });
    expect(finding).toEqual({
      verdict: "ok",
      message: 'sip.example.org of the trunk "Carrier": udp 203.0.113.5:5070 in 20 ms',
    });
    expect(addresses).toEqual(["203.0.113.5"]);
  });

  test("slow name servers, and a name that leads nowhere", async () => {
    expect((await checkDns([trunk], { dns, random, now: ticking(1_500) })).finding).toMatchObject({
      verdict: "warn",
      remedy: expect.stringContaining("nearer"),
    });
    const lost = { ...trunk, doors: [{ host: "gone.example.org", port: 5060 }] };
    expect((await checkDns([lost], { dns, random, now: ticking(20) })).finding).toMatchObject({
      verdict: "fail",
      message: expect.stringContaining("leads nowhere"),
    });
  });

  test("numbers need no look-up", async () => {
    const numeric = { ...trunk, doors: [{ host: "203.0.113.7", port: 5060 }] };
    const { finding, addresses } = await checkDns([numeric], { dns, random, now: ticking(1) });
    expect(finding.verdict).toBe("ok");
    expect(addresses).toEqual(["203.0.113.7"]);
  });
});

describe("trunks", () => {
  test("the address asked", () => {
    expect(uriOf(trunk, { host: "sip.example.org", port: 0 })).toBe("sip:sip.example.org;transport=udp");
    expect(uriOf({ ...trunk, transport: "tls" }, { host: "2001:db8::1", port: 5061 })).toBe(
      "sip:[2001:db8::1]:5061;transport=tls",
    );
  });

  test("one that answers, one that is not well, one where we are not registered", () => {
    const answered = (status: number) => ({ kind: "answered", status, rttMs: 12 }) as const;
    expect(judgeTrunk(trunk, "a:5060", answered(200), undefined)).toEqual({
      verdict: "ok",
      message: 'the trunk "Carrier" (a:5060) answers 200 in 12 ms',
    });
    expect(judgeTrunk(trunk, "a:5060", answered(503), undefined).verdict).toBe("warn");
    const registering = { ...trunk, register: true };
    expect(judgeTrunk(registering, "a", answered(200), true).message).toMatch(/registered$/);
    expect(judgeTrunk(registering, "a", answered(200), false)).toMatchObject({
      verdict: "fail",
      message: expect.stringContaining("not registered"),
    });
    expect(judgeTrunk(trunk, "a", { kind: "no_answer", cause: "timeout" }, undefined)).toMatchObject({
      verdict: "fail",
      message: expect.stringContaining("calls over it fail"),
    });
  });

  test("a carrier on loopback is asked by OPTIONS", async () => {
    const port = await udpServer((message) => {
      const text = message.toString("latin1");
      if (!text.startsWith("OPTIONS ")) return undefined;
      const echoed = text.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
      const lines = echoed.map((line) => (line.startsWith("To:") ? `${line};tag=x` : line));
      return Buffer.from(
        `SIP/2.0 404 Not Found\r\n${lines.join("\r\n")}\r\nContent-Length: 0\r\n\r\n`,
        "latin1",
      );
    });
    const clock = new SystemClock();
    const random = new SecureRandom();
    const finding = await checkTrunks([{ ...trunk, doors: [{ host: "127.0.0.1", port }] }], {
      clock,
      random,
      ids: new UuidV7(clock, random),
      seen: new Map(),
    });
    expect(finding.verdict).toBe("ok");
    expect(finding.message).toMatch(/answers 404 in \d+ ms$/);
  });
});

describe("the server that runs", () => {
  test("its clock, alarms and trunks are read", async () => {
    const server = createServer((request, response) => {
      response.end(
        request.url === "/metrics"
          ? 'svara_trunk_up{trunk="t1"} 1\nsvara_trunk_up{trunk="t2"} 0\n'
          : JSON.stringify({ status: "ok", now: 5_000, alarms: ["trunk_down"] }),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    const seen = await askServer(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => 2_000);
    expect(seen).toMatchObject({ clockAheadMs: 3_000, alarms: ["trunk_down"] });
    expect([...(seen?.trunks ?? [])]).toEqual([
      ["t1", true],
      ["t2", false],
    ]);
    expect(await askServer("http://127.0.0.1:1", () => 0)).toBeUndefined();
    expect(trunksIn("nothing")).toEqual(new Map());
  });
});

describe("the clock", () => {
  test("steps while the doctor looked, or since the server began, and a clock that nobody sets", () => {
    expect(judgeDrift(10)).toEqual([]);
    expect(judgeDrift(-80)[0]?.message).toContain("jumped by -80 ms");
    expect(judgeServerClock(100)).toEqual([]);
    expect(judgeServerClock(3_600_000)[0]?.message).toContain("stepped back");
    expect(judgeServerClock(-2_500)[0]?.message).toContain("2.5 s early");
    expect(judgeSynchronised(null).verdict).toBe("ok");
    expect(judgeSynchronised(false).verdict).toBe("warn");
  });
});

describe("limits", () => {
  const limits = (files: string, nice: string): string =>
    `Limit Soft Limit Hard Limit Units\nMax open files            1024                 ${files}               files\nMax nice priority         0                    ${nice}\n`;

  test("files and priority are read from the system's tables", () => {
    expect(parseLimits(limits("4096", "0"), "CapEff:\t0000000000000000\n")).toEqual({
      openFiles: 4096,
      mayRaisePriority: false,
    });
    expect(parseLimits(limits("unlimited", "30"), "").mayRaisePriority).toBe(true);
    expect(parseLimits(limits("4096", "0"), "CapEff:\t0000000000800000\n").mayRaisePriority).toBe(true);
  });

  test("few files are told in legs", () => {
    expect(judgeLimits({ openFiles: 1024, mayRaisePriority: true })).toMatchObject({
      verdict: "warn",
      message: expect.stringContaining("enough for 262 phone legs"),
      remedy: expect.stringContaining("LimitNOFILE"),
    });
    expect(judgeLimits({ openFiles: 65_536, mayRaisePriority: false }).message).toContain("may not raise");
    expect(judgeLimits({ openFiles: null, mayRaisePriority: null }).verdict).toBe("ok");
  });
});
