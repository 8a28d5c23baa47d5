import { EventEmitter } from "node:events";
import { Signal } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import type { WebSocket } from "ws";
import type { Caller } from "../rights/access.ts";
import { type ConnectionParts, EventConnection } from "./event-connection.ts";

/** A socket whose reader reads when told. */
class StalledSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly readyState = 1;
  bufferedAmount = 0;
  terminated = false;
  readonly sent: { readonly type: string; readonly sub?: string }[] = [];
  #written: (() => void)[] = [];

  send(text: string, done: () => void): void {
    this.sent.push(JSON.parse(text));
    this.bufferedAmount += text.length;
    this.#written.push(done);
  }

  drain(): void {
    this.bufferedAmount = 0;
    for (const done of this.#written.splice(0)) done();
  }

  terminate(): void {
    this.terminated = true;
  }

  ask(message: object): void {
    this.emit("message", JSON.stringify(message), false);
  }
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

function stage() {
  const changed = new Signal<unknown>();
  const office = { changed, revision: 7 };
  const parts = { epoch: 1, clock: new ManualClock(), log: pino({ level: "silent" }), office };
  const socket = new StalledSocket();
  new EventConnection(
    parts as unknown as ConnectionParts,
    socket as unknown as WebSocket,
    { access: { has: () => true } } as unknown as Caller,
  );
  return { socket, changed };
}

test("a reader that asks again and again without reading gets one whole when it has caught up", async () => {
  const { socket } = stage();
  socket.ask({ type: "subscribe", sub: "a", topic: "config" });
  await settled();
  socket.bufferedAmount = 600 * 1024;
  for (let i = 0; i < 1000; i++) {
    socket.ask({ type: "refresh", sub: "a" });
    await Promise.resolve();
  }
  await settled();
  expect(socket.sent.length).toBe(1);
  socket.drain();
  await settled();
  expect(socket.sent.map((message) => message.type)).toEqual(["snapshot", "snapshot"]);
});

test("wholes asked for while one is being read are that one", async () => {
  const { socket } = stage();
  socket.ask({ type: "subscribe", sub: "a", topic: "config" });
  for (let i = 0; i < 10; i++) socket.ask({ type: "refresh", sub: "a" });
  await settled();
  expect(socket.sent.length).toBe(1);
});

test("a reader that never reads is given up", () => {
  const { socket } = stage();
  socket.bufferedAmount = 17 * 1024 * 1024;
  socket.ask({ type: "ping" });
  expect(socket.terminated).toBe(true);
});
