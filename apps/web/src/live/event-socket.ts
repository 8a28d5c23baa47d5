import {
  applyDelta,
  type ClientMessage,
  type Problem,
  type ServerMessage,
  type TopicData,
  type TopicDelta,
  type TopicName,
} from "@svara/contracts";
import { type Clock, type Disposable, type Ids, type Random, Signal } from "@svara/kernel";

/*
 *            start              open                closed, silent for too long
 *   stopped ------> connecting ------> live ------------------------------> waiting
 *                       ^                                                     |
 *                       +---------------------- back-off over, or nudge ------+
 *
 * While not live the topics keep their last data, marked stale. Each connection subscribes every topic anew; a topic
 * is fresh again with its snapshot. A delta counts only when its epoch is the topic's and its number the next one.
 */

export type LinkState = "stopped" | "connecting" | "live" | "waiting";

/** What the client needs of a WebSocket. */
export interface SocketPort {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  opened(): void;
  received(text: string): void;
  /** `code` 4401 says that the session has ended. */
  closed(code: number): void;
}

export interface EventSocketOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  open(listener: SocketListener): SocketPort;
}

/** One topic as a reader sees it. `data` is undefined until the first snapshot. */
export interface TopicView<T extends TopicName> {
  readonly data: TopicData<T> | undefined;
  readonly stale: boolean;
  readonly problem: Problem | undefined;
}

/** A subscription that several readers share. */
interface Subscription {
  readonly sub: string;
  readonly topic: TopicName;
  readonly listeners: Set<() => void>;
  epoch: number;
  n: number;
  fresh: boolean;
  data: TopicData<TopicName> | undefined;
  problem: Problem | undefined;
  view: TopicView<TopicName>;
}

const BACKOFF_FIRST_MS = 400;
/** The desk shows a call again within three seconds of the network's return. */
const BACKOFF_LIMIT_MS = 2_000;
const PING_EVERY_MS = 10_000;
/** Two pings without a word back: the network is gone although the socket does not know. */
const SILENCE_LIMIT_MS = 22_000;
/** The server closed because nobody is signed in any more. */
const CLOSE_NOT_SIGNED_IN = 4401;

const NOTHING: TopicView<TopicName> = { data: undefined, stale: true, problem: undefined };

/** The live connection: topics by snapshot and numbered deltas, kept through reconnects, restarts and gaps. */
export class EventSocket implements Disposable {
  readonly linkChanged = new Signal<LinkState>();
  readonly opened = new Signal<void>();
  readonly signedOut = new Signal<void>();
  readonly #options: EventSocketOptions;
  readonly #subscriptions = new Map<TopicName, Subscription>();
  #link: LinkState = "stopped";
  #socket: SocketPort | undefined;
  #attempt = 0;
  #retry: Disposable | undefined;
  #pulse: Disposable | undefined;
  #heardAt = 0;
  /** Distinguishes the present connection from late callbacks of former ones. */
  #generation = 0;

  constructor(options: EventSocketOptions) {
    this.#options = options;
  }

  get link(): LinkState {
    return this.#link;
  }

  start(): void {
    if (this.#link === "stopped") this.#connect();
  }

  /** The network is said to be back: do not wait for the back-off. */
  nudge(): void {
    if (this.#link === "waiting") this.#connect();
  }

  dispose(): void {
    this.#enter("stopped");
  }

  /** The same object until the topic changes. */
  view<T extends TopicName>(topic: T): TopicView<T> {
    return (this.#subscriptions.get(topic)?.view ?? NOTHING) as TopicView<T>;
  }

  /** Reads a topic until disposed; readers of one topic share one subscription. */
  subscribe(topic: TopicName, listener: () => void): Disposable {
    const subscription = this.#subscriptions.get(topic) ?? this.#open(topic);
    const own = (): void => listener();
    subscription.listeners.add(own);
    return { dispose: () => this.#release(subscription, own) };
  }

  #open(topic: TopicName): Subscription {
    const subscription: Subscription = {
      sub: this.#options.ids.next(),
      topic,
      listeners: new Set(),
      epoch: -1,
      n: -1,
      fresh: false,
      data: undefined,
      problem: undefined,
      view: NOTHING,
    };
    this.#subscriptions.set(topic, subscription);
    if (this.#link === "live") this.#send({ type: "subscribe", sub: subscription.sub, topic });
    return subscription;
  }

  #release(subscription: Subscription, listener: () => void): void {
    if (!subscription.listeners.delete(listener) || subscription.listeners.size > 0) return;
    if (this.#subscriptions.get(subscription.topic) !== subscription) return;
    this.#subscriptions.delete(subscription.topic);
    if (this.#link === "live") this.#send({ type: "unsubscribe", sub: subscription.sub });
  }

  #connect(): void {
    this.#enter("connecting");
    const generation = this.#generation;
    const current = (): boolean => generation === this.#generation;
    this.#socket = this.#options.open({
      opened: () => current() && this.#onOpened(),
      received: (text) => current() && this.#onReceived(text),
      closed: (code) => current() && this.#onClosed(code),
    });
  }

  #onOpened(): void {
    this.#enter("live");
    for (const { sub, topic } of this.#subscriptions.values()) this.#send({ type: "subscribe", sub, topic });
    this.opened.emit();
  }

  #onClosed(code: number): void {
    if (code === CLOSE_NOT_SIGNED_IN) {
      this.#enter("stopped");
      this.signedOut.emit();
    } else {
      this.#enter("waiting");
    }
  }

  #onReceived(text: string): void {
    this.#heardAt = this.#options.clock.now();
    const message = JSON.parse(text) as ServerMessage;
    switch (message.type) {
      case "snapshot":
        return this.#onSnapshot(message);
      case "delta":
        return this.#onDelta(message);
      case "problem":
        return this.#onProblem(message.sub, message.problem);
      case "pong":
        return;
    }
  }

  #onSnapshot(message: Extract<ServerMessage, { type: "snapshot" }>): void {
    const subscription = this.#bySub(message.sub);
    if (!subscription) return;
    subscription.epoch = message.epoch;
    subscription.n = message.n;
    subscription.fresh = true;
    subscription.problem = undefined;
    subscription.data = message.data as TopicData<TopicName>;
    this.#publish(subscription);
  }

  #onDelta(message: Extract<ServerMessage, { type: "delta" }>): void {
    const subscription = this.#bySub(message.sub);
    if (!subscription?.fresh || subscription.data === undefined) return;
    const known = message.epoch === subscription.epoch;
    if (known && message.n <= subscription.n) return; // already in the snapshot
    if (!known || message.n !== subscription.n + 1) {
      subscription.fresh = false;
      this.#publish(subscription);
      this.#send({ type: "refresh", sub: subscription.sub });
      return;
    }
    subscription.n = message.n;
    subscription.data = applyDelta(
      subscription.topic,
      subscription.data,
      message.data as TopicDelta<TopicName>,
    );
    this.#publish(subscription);
  }

  #onProblem(sub: string | undefined, problem: Problem): void {
    const subscription = sub === undefined ? undefined : this.#bySub(sub);
    if (!subscription) return;
    subscription.problem = problem;
    this.#publish(subscription);
  }

  #bySub(sub: string): Subscription | undefined {
    for (const subscription of this.#subscriptions.values())
      if (subscription.sub === sub) return subscription;
    return undefined;
  }

  #publish(subscription: Subscription): void {
    subscription.view = {
      data: subscription.data,
      stale: !subscription.fresh,
      problem: subscription.problem,
    };
    for (const listener of [...subscription.listeners]) listener();
  }

  /** The one door: closes and arms what each state needs. */
  #enter(next: LinkState): void {
    this.#retry?.dispose();
    this.#retry = undefined;
    if (next !== "live") {
      this.#pulse?.dispose();
      this.#pulse = undefined;
      this.#dropSocket();
    }
    this.#link = next;
    if (next === "live") {
      this.#attempt = 0;
      this.#heardAt = this.#options.clock.now();
      this.#beat();
    }
    if (next === "waiting") {
      const delayMs = this.#backOffMs();
      this.#attempt++;
      this.#retry = this.#options.clock.after(delayMs, () => this.#connect());
    }
    this.linkChanged.emit(next);
  }

  #dropSocket(): void {
    this.#generation++;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
    for (const subscription of this.#subscriptions.values()) {
      if (!subscription.fresh) continue;
      subscription.fresh = false;
      this.#publish(subscription);
    }
  }

  /** Full jitter, so that a centre's desks do not all come back in the same instant. */
  #backOffMs(): number {
    const ceiling = Math.min(BACKOFF_LIMIT_MS, BACKOFF_FIRST_MS * 2 ** this.#attempt);
    return Math.round(ceiling * (0.5 + this.#options.random.next() / 2));
  }

  #beat(): void {
    this.#pulse = this.#options.clock.after(PING_EVERY_MS, () => {
      if (this.#options.clock.now() - this.#heardAt >= SILENCE_LIMIT_MS) {
        this.#enter("waiting");
        return;
      }
      this.#send({ type: "ping" });
      this.#beat();
    });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }
}
