import { connect, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { SystemClock } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, describe, expect, test } from "vitest";
import type { Dialog } from "./dialog/dialog.ts";
import { parseMessage } from "./message/parse-message.ts";
import { FakeDns, FixedAuthority, rawRequest, sdp, testAgent } from "./testing.ts";
import { OTHER_TEST_CERTIFICATE, TEST_CA, TEST_CERTIFICATE } from "./testing-certificates.ts";
import type { TlsListener } from "./transport/flow.ts";
import type { UserAgent, UserAgentOptions } from "./user-agent.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };
const LOGIN = { username: "101", password: "right" };

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

function agent(options: Partial<UserAgentOptions> = {}): UserAgent {
  const made = testAgent({ clock: new SystemClock(), ...options });
  open.push(made);
  return made;
}

function next<T>(signal: { on(listener: (value: T) => void): { dispose(): void } }): Promise<T> {
  return new Promise((resolve) => {
    const subscription = signal.on((value) => {
      subscription.dispose();
      resolve(value);
    });
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
}

interface Raw {
  readonly socket: Socket;
  text(): string;
  readonly closed: Promise<void>;
}

function collect(socket: Socket): Raw {
  open.push({ close: () => socket.destroy() });
  let got = "";
  socket.on("data", (chunk) => {
    got += chunk.toString();
  });
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return { socket, text: () => got, closed };
}

/** A bare connection to a port of ours, up. */
async function rawTo(protocol: "tcp" | "tls", port: number): Promise<Raw> {
  const raw = collect(
    protocol === "tls"
      ? connectTls({ port, host: "127.0.0.1", ca: TEST_CA })
      : connect({ port, host: "127.0.0.1" }),
  );
  const up = protocol === "tls" ? "secureConnect" : "connect";
  await new Promise<void>((resolve) => raw.socket.once(up, () => resolve()));
  return raw;
}

function options(protocol: string, seq: number, body?: string): string {
  const Via = `SIP/2.0/${protocol.toUpperCase()} 10.0.0.9;branch=z9hG4bKs${seq}`;
  const request = rawRequest("OPTIONS", { uri: "sip:svara.test", seq, headers: { Via } });
  if (body !== undefined) request.setBody("text/plain", body);
  return request.toBytes().toString();
}

function answered(raw: Raw): number {
  return raw.text().match(/SIP\/2\.0 200 OK/g)?.length ?? 0;
}

async function serverWith(
  certificate = TEST_CERTIFICATE,
): Promise<{ server: UserAgent; listener: TlsListener }> {
  const server = agent({ authority: new FixedAuthority({ "101": "right" }, { "10.9.9.9": "t" }) });
  return { server, listener: await server.listenTls({ ...LOOPBACK, ...certificate }) };
}

describe("TLS", () => {
  test("[SIP52] a phone registers, is called over its own connection, talks and hangs up", async () => {
    const { server, listener } = await serverWith();
    const authority = new FixedAuthority({}, { "127.0.0.1": "trunk-server" });
    const trust = { kind: "pinned", ca: TEST_CA } as const;
    const phone = agent({ authority, realm: "phone.test", tlsTrust: () => trust });
    const registered = next(server.registrar.registered);
    const at = `127.0.0.1:${listener.port}`;
    phone.registerTrunk({ registrar: `sip:${at};transport=tls`, user: "101", credentials: LOGIN });
    const { binding } = await registered;
    expect(binding.source.protocol).toBe("tls");
    expect(binding.contact.params.get("transport")).toBe("tls");
    const ringing = next(phone.onInvite);
    const call = server.invite({ kind: "aor", user: "101" }, { offer: sdp(4000), from: { user: "1" } });
    const accepted = next(call.accepted);
    const incoming = await ringing;
    expect(incoming.source.protocol).toBe("tls");
    void incoming.answer(sdp(5000));
    const { dialog } = await accepted;
    const ended = next((incoming.dialog as Dialog).ended);
    dialog.bye();
    expect(await ended).toMatchObject({ by: "remote" });
    expect(server.stats.connections).toBe(1);
  });

  test("[SIP52] what we send says TLS in Via and Contact, and sips where that was asked", async () => {
    const { server: peer, listener } = await serverWith();
    const { port } = listener;
    const seen: { via: string; contact: string }[] = [];
    peer.onInvite.on((call) => {
      seen.push({
        via: call.request.headers.get("Via") ?? "",
        contact: String(call.request.headers.get("Contact")),
      });
      call.reject(486);
    });
    const us = agent({ tlsTrust: () => ({ kind: "pinned", ca: TEST_CA }) });
    const uri = `sip:100@127.0.0.1:${port};transport=tls`;
    const call = us.invite(
      { kind: "uri", uri },
      { offer: sdp(1), from: { user: "101" }, credentials: LOGIN },
    );
    expect(await next(call.failed)).toMatchObject({ status: 486 });
    expect(seen[0]?.via).toMatch(/^SIP\/2\.0\/TLS /);
    expect(seen[0]?.contact).toContain("transport=tls");
  });

  test("[SIP52] a new certificate serves new connections, and open ones stay", async () => {
    const { listener } = await serverWith();
    const nameOf = (raw: Raw): unknown => (raw.socket as TLSSocket).getPeerCertificate().subject.CN;
    const before = await rawTo("tls", listener.port);
    listener.updateCertificate(OTHER_TEST_CERTIFICATE);
    const after = await rawTo("tls", listener.port);
    expect([nameOf(before), nameOf(after)]).toEqual(["first", "second"]);
    before.socket.write(options("tls", 1));
    await until(() => answered(before) === 1);
  });

  test("[SIP52] a certificate that cannot be used is refused by its listener", async () => {
    const bad = { cert: TEST_CERTIFICATE.cert, key: OTHER_TEST_CERTIFICATE.key };
    const error = await agent()
      .listenTls({ ...LOOPBACK, ...bad })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "sip.listen_failed" });
    const { listener } = await serverWith();
    expect(() => listener.updateCertificate(bad)).toThrow("certificate");
  });

  test("[SIP10] a port that is taken is named", async () => {
    const { server, listener } = await serverWith();
    const again = server.listenTls({ ...LOOPBACK, port: listener.port, ...TEST_CERTIFICATE });
    const error: unknown = await again.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "sip.port_taken", message: expect.stringContaining("TLS") });
  });

  test("[SIP52] requests to one server share one connection", async () => {
    const { server, listener } = await serverWith();
    const us = agent({ tlsTrust: () => ({ kind: "unverified" }) });
    const uri = `sip:127.0.0.1:${listener.port};transport=tls`;
    await Promise.all([us.ping(uri), us.ping(uri), us.ping(uri)]);
    expect(await us.ping(uri)).toMatchObject({ kind: "answered", status: 200 });
    expect(server.stats.connections).toBe(1);
  });

  test("[SIP52] plain text and cut handshakes on the TLS port do no harm", async () => {
    const { server, listener } = await serverWith();
    const plain = collect(connect({ port: listener.port, host: "127.0.0.1" }));
    plain.socket.write(options("tcp", 1));
    await plain.closed;
    const cut = collect(connect({ port: listener.port, host: "127.0.0.1" }));
    cut.socket.write(Buffer.from("160301", "hex"));
    cut.socket.end();
    await cut.closed;
    const good = await rawTo("tls", listener.port);
    good.socket.write(options("tls", 2));
    await until(() => answered(good) === 1);
    expect(server.stats.connections).toBe(1);
  });

  test("[SIP64] a handshake that is not finished in time ends", async () => {
    const server = agent({ limits: { tlsHandshakeTimeoutMs: 20 } });
    const { port } = await server.listenTls({ ...LOOPBACK, ...TEST_CERTIFICATE });
    const silent = collect(connect({ port, host: "127.0.0.1" }));
    await silent.closed;
  });

  test("[SIP64] handshakes that are never finished count, too", async () => {
    const server = agent({ limits: { maxConnectionsPerSource: 3 } });
    const { port } = await server.listenTls({ ...LOOPBACK, ...TEST_CERTIFICATE });
    const silent = Array.from({ length: 5 }, () => collect(connect({ port, host: "127.0.0.1" })));
    let closed = 0;
    for (const one of silent) void one.closed.then(() => closed++);
    await until(() => closed === 2);
    for (const one of silent) one.socket.destroy();
    await Promise.all(silent.map((one) => one.closed));
    // Our end may learn a moment later that they are closed.
    for (;;) {
      const again = collect(connectTls({ port, host: "127.0.0.1", ca: TEST_CA }));
      const up = new Promise<boolean>((resolve) => again.socket.once("secureConnect", () => resolve(true)));
      if (await Promise.race([up, again.closed.then(() => false)])) break;
    }
  });

  test("[SIP62] connections of an unknown address are thinned as its requests are", async () => {
    const server = agent({ limits: { floodBurst: 3, floodPerSecond: 0 } });
    const { port } = await server.listenTls({ ...LOOPBACK, ...TEST_CERTIFICATE });
    for (let i = 0; i < 3; i++) {
      const one = await rawTo("tls", port);
      one.socket.destroy();
      await one.closed;
    }
    await collect(connect({ port, host: "127.0.0.1" })).closed;
  });
});

describe("whom TLS connections of ours believe", () => {
  const dns = new FakeDns();
  for (const name of ["sip.test", "other.test"]) dns.hosts.set(name, ["127.0.0.1"]);

  async function pinged(
    name: string,
    certificate: typeof TEST_CERTIFICATE,
    trust: ReturnType<NonNullable<UserAgentOptions["tlsTrust"]>>,
  ): Promise<string> {
    const { listener } = await serverWith(certificate);
    const us = agent({ resolver: dns, tlsTrust: () => trust });
    const outcome = await us.ping(`sip:${name}:${listener.port};transport=tls`);
    return outcome.kind === "answered" ? "answered" : outcome.cause;
  }
  const PINNED = { kind: "pinned", ca: TEST_CA } as const;

  test.each([
    ["nobody trusted issued it", "sip.test", TEST_CERTIFICATE, undefined, "transport"],
    ["its authority is pinned", "sip.test", TEST_CERTIFICATE, PINNED, "answered"],
    ["it names somebody else", "other.test", TEST_CERTIFICATE, PINNED, "transport"],
    ["it names the address that was asked for", "127.0.0.1", TEST_CERTIFICATE, PINNED, "answered"],
    ["it names the domain as a SIP URI", "sip.test", OTHER_TEST_CERTIFICATE, PINNED, "answered"],
    ["checking is off", "other.test", TEST_CERTIFICATE, { kind: "unverified" }, "answered"],
  ] as const)("[SIP53] %s", async (_why, name, certificate, trust, outcome) => {
    expect(await pinged(name, certificate, trust)).toBe(outcome);
  });
});

describe.each(["tcp", "tls"] as const)("framing over %s", (protocol) => {
  async function connected(limits = {}): Promise<Raw & { server: UserAgent }> {
    const server = agent({ limits });
    const listener =
      protocol === "tls"
        ? await server.listenTls({ ...LOOPBACK, ...TEST_CERTIFICATE })
        : await server.listenTcp(LOOPBACK);
    return { ...(await rawTo(protocol, listener.port)), server };
  }

  test("[SIP6] fifty requests in one piece get fifty answers", async () => {
    const raw = await connected();
    raw.socket.write(Array.from({ length: 50 }, (_, i) => options(protocol, i + 1)).join(""));
    await until(() => answered(raw) === 50);
  });

  test("[SIP6] a request octet by octet, and one cut anywhere", async () => {
    const raw = await connected();
    for (const octet of options(protocol, 1)) raw.socket.write(octet);
    await until(() => answered(raw) === 1);
    const text = options(protocol, 2);
    const cuts = [1, 7, 20, 33, 60, text.length - 5, text.length - 3, text.length - 1];
    for (const [i, cut] of cuts.entries()) {
      const one = options(protocol, i + 2);
      raw.socket.write(one.slice(0, cut));
      await new Promise<void>((resolve) => setImmediate(resolve));
      raw.socket.write(one.slice(cut));
      await until(() => answered(raw) === i + 2);
    }
  });

  test("[SIP6] a big body that comes later than its head", async () => {
    const raw = await connected();
    const text = options(protocol, 1, "x".repeat(64_000));
    raw.socket.write(text.slice(0, -64_000));
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(answered(raw)).toBe(0);
    raw.socket.write(text.slice(-64_000));
    await until(() => answered(raw) === 1);
    raw.socket.write(options(protocol, 2));
    await until(() => answered(raw) === 2);
  });

  test("[SIP7] a message without Content-Length is refused, and the connection ends", async () => {
    const raw = await connected();
    raw.socket.write(options(protocol, 1).replace("Content-Length: 0\r\n", "") + options(protocol, 2));
    await raw.closed;
    expect(raw.text().match(/SIP\/2\.0 \d+[^\r]*/g)).toEqual(["SIP/2.0 400 Bad Content-Length"]);
  });

  test("[SIP7] a body over the limit is refused without being read", async () => {
    const raw = await connected({ maxBodyBytes: 1_000 });
    raw.socket.write(options(protocol, 1, "x".repeat(1_001)).slice(0, -1_001));
    await raw.closed;
    expect(raw.text()).toMatch(/^SIP\/2\.0 413 /);
  });

  test("[SIP7] connections cut within a request leave nothing", async () => {
    const raw = await connected();
    const port = raw.socket.remotePort ?? 0;
    for (let i = 0; i < 10; i++) {
      const one = await rawTo(protocol, port);
      one.socket.write(options(protocol, i).slice(0, 30 + i * 20));
      one.socket.destroy();
      await one.closed;
    }
    await until(() => raw.server.stats.connections === 1);
  });

  test("[SIP64] a connection on which nobody says anything is closed", async () => {
    const raw = await connected({ firstMessageTimeoutMs: 30 });
    raw.socket.write("\r\n\r\n"); // a keep-alive is no word
    await raw.closed;
    expect(raw.server.stats.connections).toBe(0);
  });

  test("[SIP64] a slow sender has one limit for the whole message", async () => {
    const raw = await connected({ partialMessageTimeoutMs: 60 });
    const text = options(protocol, 1);
    let at = 0;
    const drip = setInterval(() => raw.socket.write(text[at++] ?? ""), 5);
    open.push({ close: () => clearInterval(drip) });
    await raw.closed;
    expect(answered(raw)).toBe(0);
  });

  test("[SIP64] one address gets its share of connections, and all of them once somebody logged in there", async () => {
    const authority = new FixedAuthority({ "101": "right" });
    const server = agent({ authority, limits: { maxConnectionsPerSource: 2 } });
    const listener =
      protocol === "tls"
        ? await server.listenTls({ ...LOOPBACK, ...TEST_CERTIFICATE })
        : await server.listenTcp(LOOPBACK);
    await rawTo(protocol, listener.port);
    await rawTo(protocol, listener.port);
    await until(() => server.stats.connections === 2);
    const third = collect(connect({ port: listener.port, host: "127.0.0.1" }));
    await third.closed;
    const udp = await server.listenUdp(LOOPBACK);
    const phone = agent();
    await phone.listenUdp(LOOPBACK);
    const registered = next(server.registrar.registered);
    phone.registerTrunk({ registrar: `sip:127.0.0.1:${udp.port}`, user: "101", credentials: LOGIN });
    await registered;
    const fourth = await rawTo(protocol, listener.port);
    fourth.socket.write(options(protocol, 1));
    await until(() => answered(fourth) === 1);
  });

  test("[SIP64] after five minutes a connection ends from whose address nobody has logged in, and no other", async () => {
    const clock = new ManualClock();
    const server = agent({ clock, authority: new FixedAuthority({ "101": "right" }) });
    const listener =
      protocol === "tls"
        ? await server.listenTls({ ...LOOPBACK, ...TEST_CERTIFICATE })
        : await server.listenTcp(LOOPBACK);
    const stranger = await rawTo(protocol, listener.port);
    stranger.socket.write(options(protocol, 1));
    await until(() => answered(stranger) === 1);
    clock.advance(300_000);
    await stranger.closed;
    const office = await rawTo(protocol, listener.port);
    office.socket.write(options(protocol, 2));
    await until(() => answered(office) === 1);
    const udp = await server.listenUdp(LOOPBACK);
    const phone = agent();
    await phone.listenUdp(LOOPBACK);
    const registered = next(server.registrar.registered);
    phone.registerTrunk({ registrar: `sip:127.0.0.1:${udp.port}`, user: "101", credentials: LOGIN });
    await registered;
    clock.advance(300_000);
    office.socket.write(options(protocol, 3));
    await until(() => answered(office) === 2);
  });

  test("[SIP64] a fifth of all connections is kept for addresses where somebody logged in", async () => {
    const authority = new FixedAuthority({ "101": "right" });
    const server = agent({ authority, limits: { maxConnections: 5 } });
    const listener =
      protocol === "tls"
        ? await server.listenTls({ ...LOOPBACK, ...TEST_CERTIFICATE })
        : await server.listenTcp(LOOPBACK);
    for (let i = 0; i < 4; i++) await rawTo(protocol, listener.port);
    await until(() => server.stats.connections === 4);
    await collect(connect({ port: listener.port, host: "127.0.0.1" })).closed;
    const udp = await server.listenUdp(LOOPBACK);
    const phone = agent();
    await phone.listenUdp(LOOPBACK);
    const registered = next(server.registrar.registered);
    phone.registerTrunk({ registrar: `sip:127.0.0.1:${udp.port}`, user: "101", credentials: LOGIN });
    await registered;
    const fifth = await rawTo(protocol, listener.port);
    fifth.socket.write(options(protocol, 1));
    await until(() => answered(fifth) === 1);
    await collect(connect({ port: listener.port, host: "127.0.0.1" })).closed;
  });

  test("[SIP6] an answer reaches a peer in the message it was asked by", async () => {
    const raw = await connected();
    raw.socket.write(options(protocol, 7));
    await until(() => answered(raw) === 1);
    const response = parseMessage(Buffer.from(raw.text()));
    expect(response.via).toMatchObject({ transport: protocol.toUpperCase(), host: "10.0.0.9" });
    expect(response.via.params.get("received")).toBe("127.0.0.1");
  });
});
