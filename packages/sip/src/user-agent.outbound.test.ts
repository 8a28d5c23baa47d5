import { connect, createServer, type Server, type Socket } from "node:net";
import { SeededRandom, SystemClock } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { afterEach, describe, expect, test } from "vitest";
import { answerChallenge } from "./digest/answer-challenge.ts";
import { SipRequest, type SipResponse } from "./message/message.ts";
import { parseMessage } from "./message/parse-message.ts";
import { FixedAuthority, RawPeer, rawRequest, sdp, TestPair, testAgent } from "./testing.ts";
import type { UserAgent, UserAgentOptions } from "./user-agent.ts";

const INSTANCE = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-000a95a0e128>"';
const LOOPBACK = { host: "127.0.0.1", port: 0 };

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const item of open.splice(0).reverse()) await item.close();
});

let seq = 0;

interface Registration {
  readonly contact: string;
  readonly via?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function register({ contact, via, headers }: Registration): SipRequest {
  const request = rawRequest("REGISTER", { uri: "sip:svara.test", seq: ++seq });
  request.headers.set("To", "<sip:101@svara.test>").set("Contact", contact).set("Expires", "600");
  if (via !== undefined) request.headers.set("Via", via);
  for (const [name, value] of Object.entries(headers ?? {})) request.headers.set(name, value);
  return request;
}

function again(request: SipRequest, challenge: SipResponse): SipRequest {
  const headers = request.headers.clone();
  headers.set("CSeq", `${++seq} REGISTER`);
  headers.set("Via", (headers.get("Via") ?? "").replace(/branch=[^;,]+/, `branch=z9hG4bKagain${seq}`));
  const retry = new SipRequest("REGISTER", request.uri, headers);
  answerChallenge(retry, challenge, { username: "101", password: "right" }, new SeededRandom(seq));
  return retry;
}

describe("devices and their flows", () => {
  function phone(): { pair: TestPair; raw: RawPeer; enter: (what: Registration) => Promise<SipResponse> } {
    const pair = new TestPair({ bob: { authority: new FixedAuthority({ "101": "right" }) } });
    open.push({ close: async () => expect(await pair.close()).toBe(true) });
    const raw = new RawPeer(pair.network, "10.0.0.9");
    const enter = async (what: Registration): Promise<SipResponse> => {
      const request = register(what);
      raw.send(request);
      await pair.pass();
      if (raw.last.status !== 401) return raw.last;
      raw.send(again(request, raw.last));
      await pair.pass();
      return raw.last;
    };
    return { pair, raw, enter };
  }

  test("[SIP58] an instance and reg-id are one binding, whatever its Contact says", async () => {
    const { pair, enter } = phone();
    const gone: string[] = [];
    pair.bob.registrar.unregistered.on(({ reason }) => gone.push(reason));
    await enter({ contact: `<sip:101@10.0.0.9:5060;ob>;${INSTANCE};reg-id=1` });
    const answer = await enter({ contact: `<sip:101@10.0.0.9:7000;ob>;${INSTANCE};reg-id=1` });
    expect(pair.bob.registrar.bindings("101")).toMatchObject([{ regId: 1, contact: { port: 7000 } }]);
    expect(gone).toEqual(["replaced"]);
    expect(answer.headers.get("Require")).toBe("outbound");
    expect(answer.headers.get("Supported")).toContain("outbound");
    expect(answer.headers.get("Flow-Timer")).toBeUndefined(); // UDP: the phone asks by STUN
  });

  test("[SIP58] several flows of a device are kept, and it is rung once, over the newest", async () => {
    const { pair, raw, enter } = phone();
    await enter({ contact: `<sip:one@10.0.0.9;ob>;${INSTANCE};reg-id=1` });
    await enter({ contact: `<sip:two@10.0.0.9;ob>;${INSTANCE};reg-id=2` });
    expect(pair.bob.registrar.bindings("101")).toHaveLength(2);
    pair.bob.invite({ kind: "aor", user: "101" }, { offer: sdp(1), from: { user: "1" } });
    await pair.pass();
    const invites = raw.received.filter((m) => m.kind === "request" && m.method === "INVITE");
    expect(invites).toMatchObject([{ uri: expect.stringContaining("two@") }]);
  });

  test("[SIP58] behind a proxy that keeps no flows the phone is told so", async () => {
    const { pair, enter } = phone();
    const via = "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKp, SIP/2.0/UDP 192.168.1.5;branch=z9hG4bKq";
    const contact = `<sip:101@192.168.1.5;ob>;${INSTANCE};reg-id=1`;
    const refused = await enter({ contact, via, headers: { Supported: "outbound, path" } });
    expect(refused.status).toBe(439);
    const plain = await enter({ contact, via });
    expect(plain.status).toBe(200);
    expect(plain.headers.get("Require")).toBeUndefined();
    expect(pair.bob.registrar.bindings("101")).toMatchObject([{ regId: undefined }]);
  });

  test("[SIP69] a proxy that keeps flows names itself in Path", async () => {
    const { pair, enter } = phone();
    const via = "SIP/2.0/UDP 10.0.0.9;branch=z9hG4bKp, SIP/2.0/UDP 192.168.1.5;branch=z9hG4bKq";
    const path = "<sip:flow7@10.0.0.9;lr;ob>";
    const answer = await enter({
      contact: `<sip:101@192.168.1.5;ob>;${INSTANCE};reg-id=1`,
      via,
      headers: { Supported: "path, outbound", Path: path },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("Path")).toBe(path);
    expect(pair.bob.registrar.bindings("101")).toMatchObject([{ regId: 1, path: [path] }]);
  });

  test("[SIP59] STUN among the datagrams is answered with the address it came from", async () => {
    const { pair } = phone();
    const port = pair.network.open("10.0.0.77", 40_000);
    const seen: Uint8Array[] = [];
    port.sink = (bytes) => seen.push(bytes);
    const request = Buffer.from("000100002112a442b7e7a701bc34d686fa87dfae", "hex");
    port.send(request, "10.0.0.2", 5060, undefined);
    port.send(request.subarray(0, 19), "10.0.0.2", 5060, undefined);
    await pair.pass();
    // XOR-MAPPED-ADDRESS of 10.0.0.77 port 40000 (RFC 8489 section 14.2)
    expect(seen.map((bytes) => Buffer.from(bytes).toString("hex"))).toEqual([
      "0101000c2112a442b7e7a701bc34d686fa87dfae002000080001bd522b12a40f",
    ]);
  });
});

describe("flows over connections", () => {
  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  function agent(options: Partial<UserAgentOptions>): UserAgent {
    const made = testAgent({ clock: new SystemClock(), ...options });
    open.push(made);
    return made;
  }

  test("[SIP59] a phone that is silent beyond its Flow-Timer loses its connection and binding", async () => {
    const clock = new ManualClock();
    const server = agent({ clock, authority: new FixedAuthority({ "101": "right" }) });
    const { port } = await server.listenTcp(LOOPBACK);
    const socket = connect({ port, host: "127.0.0.1" });
    open.push({ close: () => socket.destroy() });
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    const lastAnswer = (): SipResponse => {
      const response = parseMessage(Buffer.from(text.slice(text.lastIndexOf("SIP/2.0 "))));
      if (response.kind !== "response") throw new Error("no response");
      return response;
    };
    const via = "SIP/2.0/TCP 10.0.0.9;branch=z9hG4bKtcp";
    const request = register({ contact: `<sip:101@10.0.0.9;transport=tcp;ob>;${INSTANCE};reg-id=1`, via });
    socket.write(request.toBytes());
    await until(() => text.includes("401 "));
    socket.write(again(request, lastAnswer()).toBytes());
    await until(() => text.includes("200 OK"));
    expect(lastAnswer().headers.get("Flow-Timer")).toBe("120");
    clock.advance(130_000);
    socket.write("\r\n\r\n");
    await until(() => text.endsWith("\r\n\r\n\r\n"));
    clock.advance(139_000);
    expect(server.registrar.bindings("101")).toHaveLength(1);
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    clock.advance(1_001);
    expect(server.registrar.bindings("101")).toEqual([]);
    await closed;
  });

  test("[SIP59] our registration comes again when its connection is lost, and asks it for life meanwhile", async () => {
    const server = agent({ authority: new FixedAuthority({ "101": "right" }) });
    const { port } = await server.listenTcp(LOOPBACK);
    const relay = new Relay(port);
    open.push(relay);
    const clock = new ManualClock();
    const us = agent({ clock });
    const registration = us.registerTrunk({
      registrar: `sip:127.0.0.1:${await relay.listen()};transport=tcp`,
      user: "101",
      credentials: { username: "101", password: "right" },
      outbound: { instanceId: "urn:uuid:1", regId: 1 },
    });
    await until(() => registration.state === "registered");
    expect(server.registrar.bindings("101")).toMatchObject([{ regId: 1, instanceId: "<urn:uuid:1>" }]);
    clock.advance(96_000);
    await until(() => relay.heard.endsWith("\r\n\r\n\r\n\r\n"));
    await until(() => relay.answered.endsWith("\r\n\r\n\r\n"));
    for (const socket of relay.sockets) socket.destroy();
    await until(() => server.registrar.bindings("101").length === 0 && us.stats.connections === 0);
    clock.advance(2_000);
    await until(() => server.registrar.bindings("101").length === 1 && registration.state === "registered");
    // A dead connection that nobody closes is found out by the pong that does not come.
    relay.isDeaf = true;
    clock.advance(96_000);
    expect(us.stats.connections).toBe(1);
    clock.advance(10_000);
    expect(us.stats.connections).toBe(0);
  });

  /** A connection through a box that a test can cut or make deaf. */
  class Relay {
    readonly sockets = new Set<Socket>();
    heard = "";
    answered = "";
    isDeaf = false;
    readonly #to: number;
    readonly #server: Server;

    constructor(to: number) {
      this.#to = to;
      this.#server = createServer((near) => this.#join(near));
    }

    async listen(): Promise<number> {
      await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
      const address = this.#server.address();
      return typeof address === "object" && address !== null ? address.port : 0;
    }

    close(): void {
      this.#server.close();
      for (const socket of this.sockets) socket.destroy();
    }

    #join(near: Socket): void {
      const far = connect({ port: this.#to, host: "127.0.0.1" });
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on("error", () => {});
        socket.on("close", () => {
          this.sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.on("data", (chunk) => {
        if (this.isDeaf) return;
        this.heard += chunk.toString();
        far.write(chunk);
      });
      far.on("data", (chunk) => {
        this.answered += chunk.toString();
        near.write(chunk);
      });
    }
  }
});
