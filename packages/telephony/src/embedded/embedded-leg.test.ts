import { createSocket } from "node:dgram";
import { once } from "node:events";
import {
  type BridgeId,
  type EndpointId,
  type LegId,
  SecureRandom,
  Signal,
  SystemClock,
  type TrunkId,
  UuidV7,
} from "@svara/kernel";
import { MediaError, type MediaEvent, type MediaHost, MediaHostPool } from "@svara/media";
import { SILENT_LOG } from "@svara/sip";
import { afterEach, expect, test } from "vitest";
import type { SwitchEvent } from "../switch.ts";
import { EmbeddedSwitch } from "./embedded-switch.ts";

const HOST = "127.0.0.1";
const SDP =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n";

const open: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A switch whose media is scripted, on that many hosts, and a caller that writes its own SIP. */
async function stage(options: { readonly hosts?: number } = {}) {
  const clock = new SystemClock();
  const random = new SecureRandom();
  const events = new Signal<MediaEvent>();
  /** Commands held until they are let go. */
  const held = new Map<string, (() => void)[]>();
  const hold = new Set<string>();
  const refuse = new Set<string>();
  const party = { holds: false };
  /** What is done with a call that comes in. */
  const callee: { take: "answer" | "earlyMedia" } = { take: "answer" };
  /** Commands for which there is no port left. */
  const full = new Set<string>();
  const media = {
    events,
    async request(command: { type: string }) {
      if (hold.has(command.type))
        await new Promise<void>((go) => held.set(command.type, [...(held.get(command.type) ?? []), go]));
      if (full.has(command.type)) throw new MediaError("media.no_ports", "no free RTP port");
      if (refuse.has(command.type)) throw new Error(`${command.type} is refused`);
      return { sdp: SDP, remoteHold: party.holds };
    },
    async close() {},
  } as unknown as MediaHost;
  const { hosts = 1 } = options;
  const onLoopback = { bindAddress: HOST, rtpPorts: { min: 0, max: 0 }, webrtcPort: 0, hosts };
  const pool =
    hosts === 1
      ? media
      : await MediaHostPool.start(onLoopback, {
          clock,
          start: async () => ({ ...media, events: new Signal<MediaEvent>() }),
        });
  const sw = new EmbeddedSwitch({
    switchId: "test",
    clock,
    random,
    ids: new UuidV7(clock, random),
    log: SILENT_LOG,
    directory: {
      realm: "test",
      changed: new Signal<void>(),
      endpoint: (_id: EndpointId) => undefined,
      endpointByUser: () => undefined,
      trunk: () => undefined,
      trunks: () => [{ trunkId: "t" as TrunkId, addresses: [HOST], register: false }],
    },
    media: pool,
    advertisedAddress: HOST,
    trunkPingMs: 0,
  });
  open.push(() => sw.close());
  const { port } = await sw.listenUdp({ host: HOST, port: 0 });
  const seen: SwitchEvent[] = [];
  sw.events.on((event) => {
    seen.push(event);
    if (event.type === "leg.incoming") void sw[callee.take](event.legId);
  });

  const socket = createSocket("udp4");
  open.push(() => new Promise<void>((done) => socket.close(() => done())));
  socket.bind(0, HOST);
  await once(socket, "listening");
  const heard: string[] = [];
  let tell: (() => void) | undefined;
  socket.on("message", (bytes) => {
    heard.push(String(bytes));
    tell?.();
  });
  let n = 0;
  return {
    events,
    hold,
    held,
    refuse,
    party,
    callee,
    full,
    sw,
    seen,
    send(method: string, options: { toTag?: string; seq: number; sdp?: string; call?: string }) {
      const body = options.sdp ?? "";
      const text = [
        `${method} sip:100@${HOST}:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${HOST}:${socket.address().port};branch=z9hG4bK${method === "CANCEL" ? n : ++n};rport`,
        "Max-Forwards: 70",
        `From: <sip:0701@${HOST}>;tag=caller`,
        `To: <sip:100@${HOST}>${options.toTag ? `;tag=${options.toTag}` : ""}`,
        `Call-ID: ${options.call ?? "one-call"}`,
        `CSeq: ${options.seq} ${method}`,
        `Contact: <sip:0701@${HOST}:${socket.address().port}>`,
        ...(body ? ["Content-Type: application/sdp"] : []),
        `Content-Length: ${body.length}`,
        "",
        body,
      ].join("\r\n");
      socket.send(text, port, HOST);
    },
    /** The first message not looked at before that begins so. */
    async until(start: RegExp): Promise<string> {
      for (;;) {
        const at = heard.findIndex((message) => start.test(message));
        const [message] = at < 0 ? [] : heard.splice(at, 1);
        if (message !== undefined) return message;
        await new Promise<void>((ring) => {
          tell = ring;
        });
      }
    },
    /** Answers a request of ours; `toTag` is the switch's. */
    reply(request: string, sdp: string) {
      const kept = request.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
      const lines = ["SIP/2.0 200 OK", ...kept, `Contact: <sip:0701@${HOST}:${socket.address().port}>`];
      const body = ["Content-Type: application/sdp", `Content-Length: ${sdp.length}`, "", sdp];
      socket.send([...lines, ...body].join("\r\n"), port, HOST);
    },
    async untilEvent(type: SwitchEvent["type"]): Promise<SwitchEvent> {
      for (;;) {
        const event = seen.find((e) => e.type === type);
        if (event) return event;
        await new Promise((next) => setImmediate(next));
      }
    },
  };
}

const tagOf = (message: string): string => /^To:.*;tag=([^;\r\n]+)/m.exec(message)?.[1] ?? "";

test("a caller who never acknowledges and stays silent costs its own call only", async () => {
  const { send, until, untilEvent, events } = await stage();
  send("INVITE", { seq: 1, sdp: SDP });
  const answer = await until(/^SIP\/2.0 200/);
  const incoming = await untilEvent("leg.incoming");
  if (incoming.type !== "leg.incoming") return;
  events.emit({ type: "leg.silent", legId: incoming.legId } as MediaEvent);
  expect(await untilEvent("leg.ended")).toMatchObject({ end: { cause: "media_timeout" } });
  send("ACK", { seq: 1, toTag: tagOf(answer) });
  expect(await until(/^BYE /)).toContain("Call-ID: one-call");
});

test("[TE41] a call whose media host dies between its answer and the ACK is not forgotten", async () => {
  const { send, until, untilEvent, events, seen } = await stage();
  send("INVITE", { seq: 1, sdp: SDP });
  const answer = await until(/^SIP\/2.0 200/);
  events.emit({ type: "host.failed", reason: "test", at: 0 });
  send("ACK", { seq: 1, toTag: tagOf(answer) });
  expect(await untilEvent("leg.ended")).toMatchObject({ end: { cause: "failed" } }); // there is no other host
  await until(/^BYE /);
  expect(seen.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["leg.incoming", "leg.answered", "leg.media_lost", "leg.ended"]),
  );
});

test("a call of which the ACK brings an answer that media cannot use is hung up", async () => {
  const { send, until, untilEvent, refuse } = await stage();
  refuse.add("leg.accept");
  send("INVITE", { seq: 1 });
  const answer = await until(/^SIP\/2.0 200/);
  send("ACK", { seq: 1, toTag: tagOf(answer), sdp: "v=0\r\nnonsense\r\n" });
  await until(/^BYE /);
  expect(await untilEvent("leg.ended")).toMatchObject({ end: { doing: "us", cause: "failed" } });
});

test("a re-INVITE that the caller takes back while media thinks about it changes nothing", async () => {
  const { send, until, untilEvent, hold, held } = await stage();
  send("INVITE", { seq: 1, sdp: SDP });
  const toTag = tagOf(await until(/^SIP\/2.0 200/));
  send("ACK", { seq: 1, toTag });
  await untilEvent("leg.answered");
  hold.add("leg.reanswer");
  send("INVITE", { seq: 2, toTag, sdp: SDP });
  await until(/^SIP\/2.0 100/);
  while (!held.has("leg.reanswer")) await new Promise((next) => setImmediate(next));
  send("BYE", { seq: 3, toTag });
  await until(/^SIP\/2.0 200[\s\S]*CSeq: 3 BYE/);
  for (const go of held.get("leg.reanswer") ?? []) go();
  expect(await untilEvent("leg.ended")).toMatchObject({ end: { doing: "far_end" } });
});

test("an answer in the ACK of a re-INVITE that media cannot use leaves the session as it was", async () => {
  const { send, until, untilEvent, refuse, seen } = await stage();
  send("INVITE", { seq: 1, sdp: SDP });
  const toTag = tagOf(await until(/^SIP\/2.0 200/));
  send("ACK", { seq: 1, toTag });
  await untilEvent("leg.answered");
  refuse.add("leg.accept");
  send("INVITE", { seq: 2, toTag });
  await until(/^SIP\/2.0 200[\s\S]*CSeq: 2 INVITE/);
  send("ACK", { seq: 2, toTag, sdp: "v=0\r\n" });
  send("OPTIONS", { seq: 3, toTag });
  await until(/^SIP\/2.0 200[\s\S]*CSeq: 3 OPTIONS/);
  expect(seen.some((event) => event.type === "leg.ended")).toBe(false);
});

test("[TE45] a call for which there is no media port gets 503, and its leg is told and forgotten", async () => {
  const { send, until, untilEvent, full, sw } = await stage();
  full.add("leg.answer");
  send("INVITE", { seq: 1, sdp: SDP });
  await until(/^SIP\/2.0 503/);
  expect(await untilEvent("leg.ended")).toMatchObject({
    end: { doing: "us", cause: "congestion", status: 503 },
  });
  send("ACK", { seq: 1 });
  expect(await sw.listLegs()).toEqual([]);
  expect(sw.figures().legs).toBe(0);
});

/** Two calls on two hosts, the first answered and in a bridge, the second answered or in early media. */
async function moving(take: "answer" | "earlyMedia" = "answer") {
  const stood = await stage({ hosts: 2 });
  const { send, until, untilEvent, seen, sw, callee } = stood;
  send("INVITE", { seq: 1, sdp: SDP, call: "one" });
  send("ACK", { seq: 1, toTag: tagOf(await until(/^SIP\/2.0 200/)), call: "one" });
  await untilEvent("leg.answered");
  callee.take = take;
  send("INVITE", { seq: 1, sdp: SDP, call: "two" });
  const taken = await until(take === "answer" ? /^SIP\/2.0 200/ : /^SIP\/2.0 183/);
  if (take === "answer") send("ACK", { seq: 1, toTag: tagOf(taken), call: "two" });
  const standing = take === "answer" ? 2 : 1;
  while (seen.filter(({ type }) => type === "leg.answered").length < standing)
    await new Promise((next) => setImmediate(next));
  const [first, second] = (await sw.listLegs()).map(({ legId }) => legId) as [LegId, LegId];
  const bridgeId = "b" as BridgeId;
  await sw.createBridge(bridgeId);
  await sw.join(bridgeId, first);
  return { ...stood, first, second, bridgeId };
}

test("[TE42] a party that is on hold by its answer to a move is told as held", async () => {
  const { sw, second, bridgeId, until, reply, untilEvent, party } = await moving();
  const joined = sw.join(bridgeId, second);
  const offer = await until(/^INVITE /);
  party.holds = true;
  reply(offer, SDP);
  await joined;
  expect(await untilEvent("leg.held")).toMatchObject({ legId: second });
});

test("[TE38] what was listened for ends with `unknown` when the leg moves to another host", async () => {
  const { sw, second, bridgeId, until, reply, seen } = await moving();
  await sw.detect(second, "answering_machine", 5_000);
  const joined = sw.join(bridgeId, second);
  reply(await until(/^INVITE /), SDP);
  await joined;
  expect(seen.filter(({ type }) => type === "leg.detected")).toMatchObject([
    { legId: second, what: "unknown" },
  ]);
});

test("[TE42] an early leg keeps its place and its SDP when it joins a bridge: the others come to it", async () => {
  const { sw, second, bridgeId, until, reply } = await moving("earlyMedia");
  const joined = sw.join(bridgeId, second);
  const next = await until(/^INVITE |^SIP\/2.0 183/);
  expect(next).toMatch(/^INVITE [\s\S]*^Call-ID: one\r$/m);
  reply(next, SDP);
  await joined;
});
