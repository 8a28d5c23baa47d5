import {
  type ClientMessage,
  clientMessage,
  type Permission,
  type ServerMessage,
  type TopicName,
  topics,
} from "@svara/contracts";
import type { Clock } from "@svara/kernel";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { forbidden, invalid } from "../http/http-error.ts";
import { problemOf } from "../http/problem-of.ts";
import { readJson } from "../http/read-json.ts";
import { fieldProblems } from "../http/validate.ts";
import type { Caller } from "../rights/access.ts";
import { type OpenTopic, openTopic, type TopicParts } from "./topic-sources.ts";

/** Unsent bytes from which on changes are dropped and a fresh whole is sent once the reader has caught up. */
const SLOW_BYTES = 512 * 1024;
/** Unsent bytes from which on a reader is given up: it asks and never reads. */
const LOST_BYTES = 16 * 1024 * 1024;
const MAX_SUBSCRIPTIONS = 32;

interface Subscription {
  readonly sub: string;
  readonly topic: TopicName;
  readonly source: OpenTopic;
  n: number;
  /** Changes are not sent but dropped: a whole is on its way or due. */
  state: "opening" | "live" | "stale";
  /** Changes that came while the whole was being read. */
  pending: unknown[];
}

export interface ConnectionParts extends TopicParts {
  readonly epoch: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** One reader of the event socket: for each subscription a whole, then changes numbered without gaps. */
export class EventConnection {
  readonly #parts: ConnectionParts;
  readonly #socket: WebSocket;
  readonly #caller: Caller;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(parts: ConnectionParts, socket: WebSocket, caller: Caller) {
    this.#parts = parts;
    this.#socket = socket;
    this.#caller = caller;
    socket.on("message", (data, binary) => this.#receive(binary ? undefined : String(data)));
    socket.on("close", () => this.#end());
    socket.on("error", () => socket.terminate());
  }

  get caller(): Caller {
    return this.#caller;
  }

  /** Ends the connection; the reader comes again and is looked at anew. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Keeps the connection alive and finds out when it is dead. */
  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #receive(text: string | undefined): void {
    let sub: string | undefined;
    try {
      const message = parse(text);
      sub = "sub" in message ? message.sub : undefined;
      void this.#handle(message).catch((error: unknown) => this.#tell(sub, error));
    } catch (error) {
      this.#tell(sub, error);
    }
  }

  async #handle(message: ClientMessage): Promise<void> {
    switch (message.type) {
      case "subscribe":
        return this.#subscribe(message.sub, message.topic);
      case "unsubscribe":
        return this.#unsubscribe(message.sub);
      case "refresh": {
        const subscription = this.#subscriptions.get(message.sub);
        // one that is being read already is as fresh as the next
        return subscription && subscription.state !== "opening" ? this.#snapshot(subscription) : undefined;
      }
      case "ping":
        return this.#send({ type: "pong", epoch: this.#parts.epoch, now: this.#parts.clock.now() });
    }
  }

  async #subscribe(sub: string, topic: TopicName): Promise<void> {
    const { access } = topics[topic];
    if (access !== "signed_in" && !this.#caller.access.has(access as Permission)) throw forbidden(access);
    this.#unsubscribe(sub);
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS)
      throw invalid([
        { field: "sub", code: "too_big", message: `at most ${MAX_SUBSCRIPTIONS} subscriptions` },
      ]);
    const source = openTopic(this.#parts, topic, this.#caller, (delta) => this.#push(subscription, delta));
    const subscription: Subscription = { sub, topic, source, n: 0, state: "opening", pending: [] };
    this.#subscriptions.set(sub, subscription);
    await this.#snapshot(subscription);
  }

  #unsubscribe(sub: string): void {
    this.#subscriptions.get(sub)?.source.dispose();
    this.#subscriptions.delete(sub);
  }

  /** Sends the whole, then what changed while it was being read: those changes replace, so that twice is harmless. */
  async #snapshot(subscription: Subscription): Promise<void> {
    subscription.state = "opening";
    subscription.pending = [];
    const data = await subscription.source.read();
    if (this.#subscriptions.get(subscription.sub) !== subscription) return;
    if (this.#socket.bufferedAmount > SLOW_BYTES) {
      subscription.state = "stale"; // sent when the reader has caught up, however often it asks
      subscription.pending = [];
      return;
    }
    subscription.n++;
    this.#send({ type: "snapshot", ...this.#numbered(subscription), data });
    subscription.state = "live";
    for (const delta of subscription.pending.splice(0)) this.#push(subscription, delta);
  }

  #push(subscription: Subscription, delta: unknown): void {
    if (subscription.state === "opening") {
      subscription.pending.push(delta);
      return;
    }
    if (subscription.state === "stale") return;
    if (this.#socket.bufferedAmount > SLOW_BYTES) {
      subscription.state = "stale";
      return;
    }
    subscription.n++;
    this.#send({ type: "delta", ...this.#numbered(subscription), data: delta });
  }

  #numbered({ sub, topic, n }: Subscription) {
    return { sub, topic, epoch: this.#parts.epoch, n };
  }

  #send(message: ServerMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > LOST_BYTES) return this.#socket.terminate();
    this.#socket.send(JSON.stringify(message), () => this.#caughtUp());
  }

  /** A reader that was slow gets fresh wholes in place of what was dropped. */
  #caughtUp(): void {
    if (this.#socket.bufferedAmount > SLOW_BYTES / 4) return;
    for (const subscription of this.#subscriptions.values())
      if (subscription.state === "stale")
        void this.#snapshot(subscription).catch((error: unknown) => this.#tell(subscription.sub, error));
  }

  #tell(sub: string | undefined, error: unknown): void {
    const problem = problemOf(error);
    if (problem.status >= 500) this.#parts.log.error({ err: error }, "an event subscription failed");
    this.#send({ type: "problem", ...(sub !== undefined && { sub }), problem });
  }

  #end(): void {
    for (const subscription of this.#subscriptions.values()) subscription.source.dispose();
    this.#subscriptions.clear();
  }
}

function parse(text: string | undefined): ClientMessage {
  if (text === undefined)
    throw invalid([{ field: "message", code: "wrong_type", message: "text is expected, not bytes" }]);
  const result = clientMessage.safeParse(readJson(text));
  if (result.success) return result.data;
  throw invalid(fieldProblems(result.error.issues));
}
