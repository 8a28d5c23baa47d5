import type { ServerMessage, TopicData } from "@svara/contracts";
import { SeededRandom } from "@svara/kernel";
import { CountingIds, ManualClock } from "@svara/kernel/testing";
import { expect, test } from "vitest";
import { EventSocket, type SocketListener } from "./event-socket.ts";

interface FakeSocket {
  readonly sent: Record<string, unknown>[];
  readonly listener: SocketListener;
  closed: boolean;
}

function setUp() {
  const clock = new ManualClock();
  const sockets: FakeSocket[] = [];
  const events = new EventSocket({
    clock,
    random: new SeededRandom(1),
    ids: new CountingIds("sub"),
    open: (listener) => {
      const socket: FakeSocket = { sent: [], listener, closed: false };
      sockets.push(socket);
      return {
        send: (text) => socket.sent.push(JSON.parse(text)),
        close: () => {
          socket.closed = true;
        },
      };
    },
  });
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error("no connection was opened");
    return socket;
  };
  const say = (message: ServerMessage): void => last().listener.received(JSON.stringify(message));
  return { clock, events, sockets, last, say };
}

const revision = (value: number): TopicData<"config"> => ({ revision: value });
const snapshot = (sub: string, epoch: number, n: number, value: number): ServerMessage => ({
  type: "snapshot",
  sub,
  topic: "config",
  epoch,
  n,
  data: revision(value),
});
const delta = (sub: string, epoch: number, n: number, value: number): ServerMessage => ({
  type: "delta",
  sub,
  topic: "config",
  epoch,
  n,
  data: { revision: value, changes: [] },
});

test("a topic is subscribed when the connection opens and follows its deltas", () => {
  const { events, last, say } = setUp();
  const seen: (number | undefined)[] = [];
  events.subscribe("config", () => seen.push(events.view("config").data?.revision));
  events.start();
  last().listener.opened();
  expect(last().sent).toEqual([{ type: "subscribe", sub: "sub-1", topic: "config" }]);
  say(snapshot("sub-1", 7, 10, 1));
  say(delta("sub-1", 7, 11, 2));
  expect(seen).toEqual([1, 2]);
  expect(events.view("config").stale).toBe(false);
});

test("a gap asks for a fresh snapshot and nothing is guessed meanwhile", () => {
  const { events, last, say } = setUp();
  events.subscribe("config", () => undefined);
  events.start();
  last().listener.opened();
  say(snapshot("sub-1", 7, 10, 1));
  say(delta("sub-1", 7, 12, 3));
  expect(last().sent.at(-1)).toEqual({ type: "refresh", sub: "sub-1" });
  expect(events.view("config")).toMatchObject({ data: revision(1), stale: true });
  say(delta("sub-1", 7, 13, 4));
  expect(events.view("config").data).toEqual(revision(1));
  say(snapshot("sub-1", 7, 13, 4));
  expect(events.view("config")).toMatchObject({ data: revision(4), stale: false });
});

test("another epoch asks for a fresh snapshot", () => {
  const { events, last, say } = setUp();
  events.subscribe("config", () => undefined);
  events.start();
  last().listener.opened();
  say(snapshot("sub-1", 7, 10, 1));
  say(delta("sub-1", 8, 11, 2));
  expect(last().sent.at(-1)).toEqual({ type: "refresh", sub: "sub-1" });
});

test("a delta that the snapshot already holds changes nothing", () => {
  const { events, last, say } = setUp();
  events.subscribe("config", () => undefined);
  events.start();
  last().listener.opened();
  say(snapshot("sub-1", 7, 10, 5));
  say(delta("sub-1", 7, 9, 4));
  expect(events.view("config")).toMatchObject({ data: revision(5), stale: false });
});

test("after a lost connection the last state stays in sight, marked stale, until the new snapshot", () => {
  const { clock, events, sockets, last, say } = setUp();
  events.subscribe("config", () => undefined);
  events.start();
  last().listener.opened();
  say(snapshot("sub-1", 7, 10, 1));
  last().listener.closed(1006);
  expect(events.link).toBe("waiting");
  expect(events.view("config")).toMatchObject({ data: revision(1), stale: true });
  clock.advance(10_000);
  expect(sockets.length).toBe(2);
  last().listener.opened();
  expect(last().sent).toEqual([{ type: "subscribe", sub: "sub-1", topic: "config" }]);
  say(snapshot("sub-1", 8, 0, 9));
  expect(events.view("config")).toMatchObject({ data: revision(9), stale: false });
});

test("back-off grows to ten seconds and a nudge connects at once", () => {
  const { clock, events, sockets, last } = setUp();
  events.start();
  for (let attempt = 0; attempt < 8; attempt++) {
    last().listener.closed(1006);
    clock.advance(10_000);
    expect(sockets.length).toBe(attempt + 2);
  }
  last().listener.closed(1006);
  events.nudge();
  expect(sockets.length).toBe(10);
});

test("a connection that says nothing is given up", () => {
  const { clock, events, last, say } = setUp();
  events.start();
  last().listener.opened();
  const first = last();
  clock.advance(10_000);
  expect(first.sent).toEqual([{ type: "ping" }]);
  say({ type: "pong", epoch: 1 } as ServerMessage);
  clock.advance(20_000);
  expect(events.link).toBe("live");
  clock.advance(10_000);
  expect(events.link).toBe("waiting");
  expect(first.closed).toBe(true);
});

test("late words of a former connection are not heard", () => {
  const { events, sockets, last, say } = setUp();
  events.subscribe("config", () => undefined);
  events.start();
  last().listener.opened();
  say(snapshot("sub-1", 7, 10, 1));
  last().listener.closed(1006);
  events.nudge();
  sockets[0]?.listener.received(JSON.stringify(delta("sub-1", 7, 11, 99)));
  sockets[0]?.listener.closed(1006);
  expect(events.link).toBe("connecting");
  expect(events.view("config").data).toEqual(revision(1));
});

test("an ended session stops the client and says so", () => {
  const { clock, events, sockets, last } = setUp();
  let signedOut = 0;
  events.signedOut.on(() => signedOut++);
  events.start();
  last().listener.opened();
  last().listener.closed(4401);
  expect([events.link, signedOut]).toEqual(["stopped", 1]);
  expect(clock.pending).toBe(0);
  clock.advance(60_000);
  expect(sockets.length).toBe(1);
});

test("readers of one topic share a subscription; the last one out ends it", () => {
  const { events, last } = setUp();
  events.start();
  last().listener.opened();
  const one = events.subscribe("config", () => undefined);
  const two = events.subscribe("config", () => undefined);
  one.dispose();
  one.dispose();
  expect(last().sent.map((message) => message.type)).toEqual(["subscribe"]);
  two.dispose();
  expect(last().sent.map((message) => message.type)).toEqual(["subscribe", "unsubscribe"]);
});

test("disposing leaves no timer and no open socket", () => {
  const { clock, events, last } = setUp();
  events.start();
  last().listener.opened();
  events.dispose();
  events.dispose();
  expect(clock.pending).toBe(0);
  expect(last().closed).toBe(true);
});
