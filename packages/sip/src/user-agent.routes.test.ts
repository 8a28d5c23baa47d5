import { createServer } from "node:net";
import { SystemClock } from "@svara/kernel";
import { afterEach, describe, expect, test } from "vitest";
import type { IncomingCall } from "./call/incoming-call.ts";
import { respond } from "./message/respond.ts";
import { FakeDns, FixedAuthority, RawPeer, sdp, TestPair, testAgent } from "./testing.ts";
import type { UserAgent, UserAgentOptions } from "./user-agent.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

function next<T>(signal: { on(listener: (value: T) => void): { dispose(): void } }): Promise<T> {
  return new Promise((resolve) => {
    const subscription = signal.on((value) => {
      subscription.dispose();
      resolve(value);
    });
  });
}

/** A carrier of two servers, the first of which the network loses everything for unless it is said to answer. */
function carrier(): { pair: TestPair; first: RawPeer; second: RawPeer; dns: FakeDns } {
  const dns = new FakeDns();
  const hosts = ["10.0.1.1", "10.0.1.2"];
  dns.srvRecords.set(
    "_sip._udp.carrier.test",
    hosts.map((name, i) => ({ name, port: 5060, priority: i + 1, weight: 0 })),
  );
  const pair = new TestPair({ bob: { resolver: dns } });
  const [first, second] = hosts.map((host) => new RawPeer(pair.network, host)) as [RawPeer, RawPeer];
  open.push({ close: async () => expect(await pair.close()).toBe(true) });
  return { pair, first, second, dns };
}

/** Lets a peer answer all that it was asked and has not answered yet. */
function answerAll(peer: RawPeer, status: number): void {
  for (const message of peer.received.splice(0)) {
    if (message.kind !== "request") continue;
    const headers = [["Contact", "<sip:101@10.0.0.2>;expires=600"]] as const;
    peer.send(respond(message, status, { toTag: "x", headers }));
  }
}

describe("fail-over", () => {
  test("[SIP56] a ping that one server leaves unanswered goes to the next, and the silent one comes last for a minute", async () => {
    const { pair, first, second } = carrier();
    const ping = pair.bob.ping("sip:carrier.test");
    await pair.pass(3_900);
    expect(second.received).toEqual([]);
    await pair.pass(200);
    expect(second.received).toHaveLength(1);
    answerAll(second, 200);
    expect(await ping).toMatchObject({ kind: "answered", status: 200 });
    const heard = first.received.length;
    const again = pair.bob.ping("sip:carrier.test");
    await pair.pass();
    answerAll(second, 200);
    await again;
    expect(first.received).toHaveLength(heard);
    await pair.pass(60_000);
    const later = pair.bob.ping("sip:carrier.test");
    await pair.pass();
    expect(first.received.length).toBe(heard + 1);
    answerAll(first, 200);
    await later;
  });

  test("[SIP56] a server that says 503 is passed over, and what the last one says counts", async () => {
    const { pair, first, second } = carrier();
    const ping = pair.bob.ping("sip:carrier.test");
    await pair.pass();
    answerAll(first, 503);
    await pair.pass();
    expect(second.received).toHaveLength(1);
    answerAll(second, 503);
    expect(await ping).toMatchObject({ kind: "answered", status: 503 });
  });

  test("[SIP56] a registration stays with the server that took it, and moves when that one falls silent", async () => {
    const { pair, first, second } = carrier();
    const registration = pair.bob.registerTrunk({
      registrar: "sip:carrier.test",
      user: "101",
      credentials: { username: "101", password: "x" },
    });
    await pair.pass(4_100);
    answerAll(second, 200);
    await pair.pass();
    expect(registration.state).toBe("registered");
    first.received.length = 0;
    // Twelve minutes later the first is not thought dead any more.
    for (const _renewal of [1, 2]) {
      await pair.pass(481_000);
      expect(second.received.length).toBeGreaterThan(0);
      answerAll(second, 200);
      await pair.pass();
    }
    expect(first.received).toEqual([]);
    await pair.pass(485_000);
    expect(first.received.length).toBeGreaterThan(0);
    answerAll(first, 200);
    await pair.pass();
    expect(registration.state).toBe("registered");
  });

  test("[SIP57] a carrier is found when DNS is gone, and when nobody ever knew it the failure is told", async () => {
    const { pair, first, dns } = carrier();
    const ping = pair.bob.ping("sip:carrier.test");
    await pair.pass();
    answerAll(first, 200);
    await ping;
    dns.silent = true;
    await pair.pass(3_600_000);
    const again = pair.bob.ping("sip:carrier.test");
    await pair.pass();
    answerAll(first, 200);
    expect(await again).toMatchObject({ kind: "answered" });
    const unknown = pair.bob.ping("sip:unknown.test");
    await pair.pass();
    expect(await unknown).toEqual({ kind: "no_answer", cause: "transport" });
  });

  test("[SIP56] a refused connection leads to the next target at once", async () => {
    const dns = new FakeDns();
    const us = testAgent({ clock: new SystemClock(), resolver: dns });
    const peer = testAgent({ clock: new SystemClock() });
    open.push(us, peer);
    const { port } = await peer.listenTcp(LOOPBACK);
    const closed = await freePort();
    dns.srvRecords.set("_sip._tcp.carrier.test", [
      { name: "127.0.0.1", port: closed, priority: 1, weight: 0 },
      { name: "127.0.0.1", port, priority: 2, weight: 0 },
    ]);
    expect(await us.ping("sip:carrier.test;transport=tcp")).toMatchObject({ kind: "answered", status: 200 });
  });

  /** A TCP port of loopback on which nobody listens. */
  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return typeof address === "object" && address !== null ? address.port : 0;
  }
});

describe("requests too big for a datagram", () => {
  const BIG = `${sdp(4000)}${"a=candidate:1 1 udp 2130706431 10.0.0.1 4000 typ host\r\n".repeat(30)}`;

  /** A peer known by its address that listens to UDP, and to TCP at the same port where told; and us. */
  async function peers(
    tcp: boolean,
  ): Promise<{ us: UserAgent; calls: IncomingCall[]; port: number; peer: UserAgent }> {
    const options: Partial<UserAgentOptions> = { authority: new FixedAuthority({}, { "127.0.0.1": "t" }) };
    const us = testAgent({ clock: new SystemClock(), ...options, realm: "us.test" });
    const { peer, port } = await listening(options, tcp);
    open.push(us, peer);
    await us.listenUdp(LOOPBACK);
    const calls: IncomingCall[] = [];
    peer.onInvite.on((call) => {
      calls.push(call);
      void call.answer(sdp(5000));
    });
    return { us, calls, port, peer };
  }

  /** The port that TCP got may be taken for UDP: then another is asked for. */
  async function listening(
    options: Partial<UserAgentOptions>,
    tcp: boolean,
  ): Promise<{ peer: UserAgent; port: number }> {
    for (;;) {
      const peer = testAgent({ clock: new SystemClock(), ...options });
      const { port } = tcp ? await peer.listenTcp(LOOPBACK) : LOOPBACK;
      const udp = await peer.listenUdp({ ...LOOPBACK, port }).catch(() => undefined);
      if (udp) return { peer, port: udp.port };
      await peer.close();
    }
  }

  async function callBy(us: UserAgent, uri: string, offer: string): Promise<void> {
    const call = us.invite({ kind: "uri", uri }, { offer, from: { user: "1" } });
    const { dialog } = await next(call.accepted);
    dialog.bye();
  }

  test("[SIP67] goes by TCP, a small one by UDP", async () => {
    const { us, calls, port } = await peers(true);
    await callBy(us, `sip:100@127.0.0.1:${port}`, BIG);
    await callBy(us, `sip:100@127.0.0.1:${port}`, sdp(1));
    expect(calls.map(({ source }) => source.protocol)).toEqual(["tcp", "udp"]);
    expect(calls[0]?.request.via.transport).toBe("TCP");
  });

  test("[SIP67] by UDP all the same to a peer that takes no TCP", async () => {
    const { us, calls, port } = await peers(false);
    await callBy(us, `sip:100@127.0.0.1:${port}`, BIG);
    await callBy(us, `sip:100@127.0.0.1:${port}`, BIG);
    expect(calls.map(({ source }) => source.protocol)).toEqual(["udp", "udp"]);
    expect(calls[0]?.request.headers.count("Via")).toBe(1);
  });

  test("[SIP67] by UDP where the URI asks for it", async () => {
    const { us, calls, port } = await peers(true);
    await callBy(us, `sip:100@127.0.0.1:${port};transport=udp`, BIG);
    expect(calls.map(({ source }) => source.protocol)).toEqual(["udp"]);
  });
});
