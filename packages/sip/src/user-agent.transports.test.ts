import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { SystemClock } from "@svara/kernel";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { IncomingCall } from "./call/incoming-call.ts";
import type { OutgoingCall } from "./call/outgoing-call.ts";
import type { Dialog } from "./dialog/dialog.ts";
import { SipError } from "./errors.ts";
import { parseMessage } from "./message/parse-message.ts";
import { FixedAuthority, rawRequest, sdp, testAgent } from "./testing.ts";
import type { Flow } from "./transport/flow.ts";
import type { WebSocketPeer } from "./transport/websocket-flow.ts";
import type { UserAgent } from "./user-agent.ts";

const LOOPBACK = { host: "127.0.0.1", port: 0 };
const PASSWORDS = { "101": "right" };
const LOGIN = { username: "101", password: "right" };

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

function agent(options: Parameters<typeof testAgent>[0] | Record<string, never> = {}): UserAgent {
  const made = testAgent({ clock: new SystemClock(), ...options });
  open.push(made);
  return made;
}

/** The next value of a signal. */
function next<T>(signal: { on(listener: (value: T) => void): { dispose(): void } }): Promise<T> {
  return new Promise((resolve) => {
    const subscription = signal.on((value) => {
      subscription.dispose();
      resolve(value);
    });
  });
}

/** What a call comes to: its dialog, or the status of its failure. */
function outcome(call: OutgoingCall): Promise<Dialog | number> {
  return new Promise((resolve) => {
    call.accepted.on(({ dialog }) => resolve(dialog));
    call.failed.on(({ status }) => resolve(status));
  });
}

async function dialogOf(call: OutgoingCall): Promise<Dialog> {
  const result = await outcome(call);
  if (typeof result === "number") throw new Error(`failed with ${result}`);
  return result;
}

describe.each(["udp", "tcp"] as const)("over %s", (protocol) => {
  /** A server and a phone that registers there, on sockets of this machine. */
  async function pair(): Promise<{ server: UserAgent; phone: UserAgent; at: string }> {
    const server = agent({ clock: new SystemClock(), authority: new FixedAuthority(PASSWORDS) });
    const listen = protocol === "udp" ? server.listenUdp(LOOPBACK) : server.listenTcp(LOOPBACK);
    const { port } = await listen;
    const authority = new FixedAuthority({}, { "127.0.0.1": "trunk-server" });
    const phone = agent({ clock: new SystemClock(), authority, realm: "phone.test" });
    await (protocol === "udp" ? phone.listenUdp(LOOPBACK) : phone.listenTcp(LOOPBACK));
    return { server, phone, at: `127.0.0.1:${port};transport=${protocol}` };
  }

  test("[SIP32] a phone registers, is called over its flow, talks and hangs up", async () => {
    const { server, phone, at } = await pair();
    const registered = next(server.registrar.registered);
    phone.registerTrunk({ registrar: `sip:${at}`, user: "101", credentials: LOGIN });
    const { binding } = await registered;
    expect(binding.source.protocol).toBe(protocol);
    const ringing = next(phone.onInvite);
    const options = { offer: sdp(4000), from: { user: "46812345", displayName: "Åsa" } };
    const call = server.invite({ kind: "aor", user: "101" }, options);
    const incoming: IncomingCall = await ringing;
    expect(incoming.from).toMatchObject({ displayName: "Åsa", uri: { user: "46812345" } });
    expect(incoming.offer).toBe(sdp(4000));
    const progress = next(call.progress);
    incoming.ring();
    expect((await progress).status).toBe(180);
    const accepted = next(call.accepted);
    const answered = incoming.answer(sdp(5000));
    const { dialog, sdp: answer, binding: who } = await accepted;
    expect(answer).toBe(sdp(5000));
    expect(who?.identity).toEqual({ kind: "endpoint", id: "phone-101" });
    expect((await answered).kind).toBe("confirmed");
    const ended = next((incoming.dialog as Dialog).ended);
    dialog.bye({ q850: 16 });
    expect(await ended).toMatchObject({ by: "remote", q850: 16 });
  });

  test("[SIP100] a phone whose connection has closed is called at its Contact, where its binding stays", async () => {
    const { server, phone, at } = await pair();
    const registered = next(server.registrar.registered);
    phone.registerTrunk({ registrar: `sip:${at}`, user: "101", credentials: LOGIN });
    const { binding } = await registered;
    const flow = Object.create(binding.flow, { isOpen: { value: false } }) as Flow;
    const ringing = next(phone.onInvite);
    const options = { offer: sdp(4000), from: { user: "46812345" } };
    const call = server.invite({ kind: "binding", binding: { ...binding, flow } }, options);
    const incoming: IncomingCall = await ringing;
    expect(incoming.offer).toBe(sdp(4000));
    call.cancel();
  });

  test("[SIP23] a phone calls with its password, and with a wrong one gets nowhere", async () => {
    const { server, phone, at } = await pair();
    const calls: IncomingCall[] = [];
    server.onInvite.on((call) => {
      calls.push(call);
      void call.answer(sdp(5000));
    });
    const target = { kind: "uri", uri: `sip:100@${at}` } as const;
    const base = { offer: sdp(4000), from: { user: "101" } };
    expect(await outcome(phone.invite(target, { ...base, credentials: { ...LOGIN, password: "x" } }))).toBe(
      401,
    );
    const dialog = await dialogOf(phone.invite(target, { ...base, credentials: LOGIN }));
    expect(calls.map(({ caller }) => caller.id)).toEqual(["phone-101"]);
    expect(calls[0]?.source).toMatchObject({ protocol, host: "127.0.0.1" });
    const ended = next(dialog.ended);
    calls[0]?.dialog?.bye();
    expect(await ended).toMatchObject({ by: "remote" });
  });

  test("[SIP50] the peer of a call hears BYE when we close", async () => {
    const { server, phone, at } = await pair();
    server.onInvite.on((call) => void call.answer(sdp(5000)));
    const target = { kind: "uri", uri: `sip:100@${at}` } as const;
    const dialog = await dialogOf(
      phone.invite(target, { offer: sdp(4000), from: { user: "101" }, credentials: LOGIN }),
    );
    const ended = next(dialog.ended);
    await server.close();
    expect(await ended).toMatchObject({ by: "remote" });
  });

  test("[SIP10] a port that is taken is named", async () => {
    const { server, at } = await pair();
    const port = Number(at.slice(10, at.indexOf(";")));
    const again =
      protocol === "udp" ? server.listenUdp({ ...LOOPBACK, port }) : server.listenTcp({ ...LOOPBACK, port });
    const error: unknown = await again.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SipError);
    expect(error).toMatchObject({ code: "sip.port_taken", message: expect.stringContaining(String(port)) });
  });
});

describe("streams", () => {
  /** A server, and a bare connection to it. */
  async function connected(
    limits = {},
  ): Promise<{ server: UserAgent; socket: Socket; text: () => string; closed: Promise<void> }> {
    const server = agent({ clock: new SystemClock(), limits });
    const { port } = await server.listenTcp(LOOPBACK);
    const socket = connect({ port, host: "127.0.0.1" });
    open.push({ close: () => socket.destroy() });
    let got = "";
    socket.on("data", (chunk) => {
      got += chunk.toString();
    });
    socket.on("error", () => {});
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    return { server, socket, text: () => got, closed };
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  const options = (seq: number): string => {
    const Via = `SIP/2.0/TCP 10.0.0.9;branch=z9hG4bKs${seq}`;
    return rawRequest("OPTIONS", { uri: "sip:svara.test", seq, headers: { Via } }).toBytes().toString();
  };

  test("[SIP6] two requests at once get two answers, and a ping its pong", async () => {
    const { socket, text } = await connected();
    socket.write(`${options(1)}${options(2)}\r\n\r\n`);
    await until(() => text().endsWith("\r\n\r\n\r\n"));
    expect(text().match(/SIP\/2\.0 200 OK/g)).toHaveLength(2);
  });

  test("[SIP7] a wrong Content-Length is answered 400, the rest is not read, and the connection ends", async () => {
    const { socket, text, closed } = await connected();
    socket.write(options(1).replace("Content-Length: 0", "Content-Length: five") + options(2));
    await closed;
    expect(text().match(/SIP\/2\.0 \d+/g)).toEqual(["SIP/2.0 400"]);
  });

  test("[SIP7] an endless header ends the connection, and so does a message that is not finished in time", async () => {
    const endless = await connected();
    endless.socket.write(`OPTIONS sip:x SIP/2.0\r\nX: ${"a".repeat(100_000)}`);
    await endless.closed;
    const slow = await connected({ partialMessageTimeoutMs: 20 });
    slow.socket.write("OPTIONS sip:x SI");
    await slow.closed;
    expect(slow.text()).toBe("");
  });

  test("[SIP7] no more connections than the limit", async () => {
    const { server, socket, text } = await connected({ maxConnections: 1 });
    socket.write(options(1));
    await until(() => text() !== "");
    const second = connect({ port: socket.remotePort ?? 0, host: "127.0.0.1" });
    second.on("error", () => {});
    await new Promise<void>((resolve) => second.once("close", () => resolve()));
    expect(server.stats.connections).toBe(1);
  });
});

describe("WebSockets", () => {
  const BROWSER = { kind: "endpoint", id: "browser-1" } as const;

  /** A server whose upgrades belong to browser-1, registered as 201. */
  async function desk(
    limits = {},
    peer: Partial<WebSocketPeer> = {},
  ): Promise<{ server: UserAgent; url: string }> {
    const server = agent({ clock: new SystemClock(), limits });
    const http = createServer();
    const sockets = new WebSocketServer({ server: http, handleProtocols: () => "sip" });
    sockets.on("connection", (socket) => {
      const source = { host: "127.0.0.1", port: 1 };
      server.attachWebSocket(socket, { owner: { identity: BROWSER, aors: ["201"] }, source, ...peer });
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    open.push({
      close: () =>
        new Promise<void>((resolve) => {
          sockets.close();
          for (const client of sockets.clients) client.terminate();
          http.close(() => resolve());
        }),
    });
    const address = http.address();
    return { server, url: `ws://127.0.0.1:${typeof address === "object" ? address?.port : 0}/` };
  }

  /** A browser's end of the socket, which answers as a test tells it. */
  class Page {
    readonly socket: WebSocket;
    readonly messages: string[] = [];
    onRequest: (text: string) => void = () => {};

    constructor(url: string) {
      this.socket = new WebSocket(url, "sip");
      this.socket.on("message", (data) => {
        const text = data.toString();
        this.messages.push(text);
        if (!text.startsWith("SIP/2.0")) this.onRequest(text);
      });
      this.socket.on("error", () => {});
      open.push({ close: () => this.socket.terminate() });
    }

    async register(user = "201", seq = 1): Promise<string> {
      const Via = `SIP/2.0/WS x.invalid;branch=z9hG4bKr${seq}${user}`;
      const headers = { Via, To: `<sip:${user}@svara.test>`, Contact: "<sip:page@x.invalid;transport=ws>" };
      const before = this.messages.length;
      this.socket.send(rawRequest("REGISTER", { uri: "sip:svara.test", seq, headers }).toBytes());
      while (this.messages.length === before) await new Promise<void>((resolve) => setImmediate(resolve));
      return this.messages[before] ?? "";
    }

    respond(request: string, status: number, body = ""): void {
      const message = parseMessage(Buffer.from(request));
      const lines = [
        `SIP/2.0 ${status} X`,
        ...message.headers.all("Via").map((v) => `Via: ${v}`),
        `From: ${message.headers.get("From")}`,
        `To: ${message.headers.get("To")}${message.toTag === "" ? ";tag=page" : ""}`,
        `Call-ID: ${message.callId}`,
        `CSeq: ${message.headers.get("CSeq")}`,
        "Contact: <sip:page@x.invalid;transport=ws>",
        "Content-Type: application/sdp",
      ];
      this.socket.send(`${lines.join("\r\n")}\r\n\r\n${body}`);
    }
  }

  async function page(url: string): Promise<Page> {
    const made = new Page(url);
    await new Promise<void>((resolve) => made.socket.once("open", () => resolve()));
    return made;
  }

  test("[SIP26] the owner registers without challenge, as nobody else", async () => {
    const { server, url } = await desk();
    const browser = await page(url);
    expect(await browser.register("202")).toContain("SIP/2.0 403");
    expect(await browser.register("201", 2)).toContain("SIP/2.0 200");
    expect(server.registrar.bindings("201")).toMatchObject([{ identity: BROWSER }]);
  });

  test("[SIP26] a call from the page is the owner's, whatever its From says", async () => {
    const { server, url } = await desk();
    const browser = await page(url);
    const ringing = next(server.onInvite);
    const headers = { Via: "SIP/2.0/WS x.invalid;branch=z9hG4bKc", From: "<sip:boss@svara.test>;tag=1" };
    browser.socket.send(rawRequest("INVITE", { body: sdp(1), headers }).toBytes());
    const call = await ringing;
    expect(call.caller).toEqual(BROWSER);
    const withdrawn = next(call.withdrawn);
    browser.socket.terminate();
    expect(await withdrawn).toMatchObject({ by: "transport" });
  });

  test("[SIP8] binary and text messages are taken alike", async () => {
    const { url } = await desk();
    const browser = await page(url);
    const request = rawRequest("OPTIONS", { headers: { Via: "SIP/2.0/WS x.invalid;branch=z9hG4bKo" } });
    browser.socket.send(request.toBytes(), { binary: true });
    browser.socket.send("\r\n\r\n");
    while (browser.messages.length < 2) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(browser.messages[0]).toContain("SIP/2.0 200");
    expect(browser.messages[1]).toBe("\r\n");
  });

  test.each([
    [false, "WS"],
    [true, "WSS"],
  ])(
    "[SIP54] with TLS beneath %s our Via says %s, and Contact ws at the web server's name",
    async (secure, via) => {
      const { server, url } = await desk({}, { secure, local: { host: "desk.test", port: 443 } });
      const browser = await page(url);
      await browser.register();
      const asked = new Promise<string>((resolve) => {
        browser.onRequest = resolve;
      });
      const call = server.invite({ kind: "aor", user: "201" }, { offer: sdp(1), from: { user: "1" } });
      const invite = parseMessage(Buffer.from(await asked));
      expect(invite.via).toMatchObject({ transport: via, host: "desk.test", port: 443 });
      expect(invite.headers.get("Contact")).toContain("@desk.test:443;transport=ws>");
      call.cancel();
    },
  );

  test("[SIP31] the binding goes with its socket", async () => {
    const { server, url } = await desk();
    const browser = await page(url);
    await browser.register();
    const gone = next(server.registrar.unregistered);
    browser.socket.terminate();
    expect(await gone).toMatchObject({ reason: "socket_closed", binding: { user: "201" } });
    expect(server.registrar.bindings("201")).toEqual([]);
  });

  test("[SIP31] a socket that answers no ping is closed", async () => {
    const { server, url } = await desk({ webSocketPingMs: 30 });
    const browser = new WebSocket(url, "sip", { autoPong: false });
    browser.on("error", () => {});
    await new Promise<void>((resolve) => browser.once("close", () => resolve()));
    expect(server.stats.connections).toBe(0);
  });

  test("[SIP48] a page that comes back on another socket is reached there, in the same dialog", async () => {
    const { server, url } = await desk();
    const first = await page(url);
    await first.register();
    first.onRequest = (text) => {
      if (text.startsWith("INVITE")) first.respond(text, 200, sdp(9));
    };
    const dialog = await dialogOf(
      server.invite({ kind: "aor", user: "201" }, { offer: sdp(1), from: { user: "1" } }),
    );
    const lost = next(dialog.flowLost);
    first.socket.terminate();
    await lost;
    expect(dialog.state).toBe("confirmed");
    const second = await page(url);
    await second.register("201", 2);
    const asked = new Promise<string>((resolve) => {
      second.onRequest = (text) => {
        resolve(text);
        second.respond(text, 200);
      };
    });
    expect(await dialog.infoRequest("text/plain", "still there?")).toBe(200);
    expect(await asked).toContain("INFO sip:page@x.invalid");
  });

  test("[SIP35] all phones ring, the first wins, the others are told so, and a late 200 is met with BYE", async () => {
    const { server, url } = await desk();
    const pages = [await page(url), await page(url), await page(url)] as const;
    const seen: string[][] = [[], [], []];
    const invites: string[] = [];
    for (const [i, one] of pages.entries()) {
      one.onRequest = (text) => {
        seen[i]?.push(text);
        if (text.startsWith("ACK")) return;
        if (text.startsWith("INVITE")) {
          invites[i] = text;
          one.respond(text, 180);
        } else one.respond(text, 200);
      };
      const headers = {
        Via: `SIP/2.0/WS x.invalid;branch=z9hG4bKf${i}`,
        To: "<sip:201@svara.test>",
        "Call-ID": `reg-${i}`,
        Contact: `<sip:page${i}@x${i}.invalid;transport=ws>`,
      };
      one.socket.send(rawRequest("REGISTER", { uri: "sip:svara.test", headers }).toBytes());
      await next(server.registrar.registered);
    }
    const call = server.invite({ kind: "aor", user: "201" }, { offer: sdp(1), from: { user: "1" } });
    const until = async (condition: () => boolean): Promise<void> => {
      while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
    };
    await until(() => invites.filter(Boolean).length === 3 && call.state === "ringing");
    const won = outcome(call);
    pages[1].respond(invites[1] ?? "", 200, sdp(9));
    await won;
    await until(() => seen[0]?.some((text) => text.startsWith("CANCEL")) === true);
    expect(seen[0]?.find((text) => text.startsWith("CANCEL"))).toContain("Call completed elsewhere");
    pages[0].respond(invites[0] ?? "", 200, sdp(9));
    pages[2].respond(invites[2] ?? "", 487);
    await until(() => seen[0]?.some((text) => text.startsWith("BYE")) === true);
    expect(seen[0]?.map((text) => text.split(" ", 1)[0])).toEqual(["INVITE", "CANCEL", "ACK", "BYE"]);
    expect(seen[1]?.map((text) => text.split(" ", 1)[0])).toEqual(["INVITE", "ACK"]);
    expect(server.stats.dialogs).toBe(1);
  });
});

test("[SIP50] nothing is left open after close", async () => {
  const one = agent();
  await one.listenUdp(LOOPBACK);
  await one.listenTcp(LOOPBACK);
  await one.close();
  await one.close();
  expect(one.stats).toMatchObject({ connections: 0, clientTransactions: 0, serverTransactions: 0 });
  await expect(one.ping("sip:127.0.0.1:1")).resolves.toMatchObject({ kind: "no_answer" });
});
