import { Worker } from "node:worker_threads";
import { type Clock, Signal, SystemClock } from "@svara/kernel";
import { fromWireError, MediaError } from "./media-error.ts";
import type { MediaCommand, MediaEvent, MediaHost, MediaHostOptions, MediaResult } from "./media-host.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./media-protocol.ts";
import { Outbox } from "./outbox.ts";

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export interface WorkerMediaHostDeps {
  readonly clock?: Clock;
  /** Beyond this its thread is ended, so that a leak costs its calls and not the whole program. Default 1 024. */
  readonly memoryLimitMb?: number;
  /** What the thread runs, when it is not the usual host. */
  readonly entry?: URL;
}

/** Ten times what 3,000 legs with their recordings need. */
const DEFAULT_MEMORY_LIMIT_MB = 1_024;

/**
 * A media host in a thread of its own.
 *
 *    starting --ready--> running --close()--> closing --thread ends--> closed
 *    starting, running --thread dies--> closed (host.failed)
 */
export class WorkerMediaHost implements MediaHost {
  readonly events = new Signal<MediaEvent>();
  readonly #worker: Worker;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  readonly #outbox: Outbox<ToWorker>;
  readonly #exited: Promise<void>;
  #state: "starting" | "running" | "closing" | "closed" = "starting";
  #next = 0;
  #failure = "the thread ended";
  #webrtcPort = 0;

  private constructor(worker: Worker, clock: Clock) {
    this.#worker = worker;
    this.#clock = clock;
    this.#outbox = new Outbox((messages) => worker.postMessage(messages));
    worker.on("error", (error) => {
      this.#failure = error instanceof Error ? error.message : String(error);
    });
    this.#exited = new Promise((resolve) => {
      worker.on("exit", () => {
        this.#onExit();
        resolve();
      });
    });
  }

  /** Starts the thread, which binds the WebRTC port and rehearses a handshake. Errors: when the port is taken. */
  static async start(options: MediaHostOptions, deps: WorkerMediaHostDeps = {}): Promise<WorkerMediaHost> {
    const start: WorkerStart = { options };
    const worker = new Worker(deps.entry ?? new URL("./media-worker.ts", import.meta.url), {
      workerData: start,
      name: "svara-media",
      resourceLimits: { maxOldGenerationSizeMb: deps.memoryLimitMb ?? DEFAULT_MEMORY_LIMIT_MB },
    });
    const host = new WorkerMediaHost(worker, deps.clock ?? new SystemClock());
    await new Promise<void>((resolve, reject) => {
      worker.on("message", (messages: readonly FromWorker[]) => {
        for (const message of messages) host.#onMessage(message, resolve, reject);
      });
      void host.#exited.then(() => reject(new MediaError("media.host_closed", host.#failure)));
    });
    return host;
  }

  /** As `node:worker_threads` counts threads. */
  get threadId(): number {
    return this.#worker.threadId;
  }

  /** The shared UDP port of WebRTC legs. */
  get webrtcPort(): number {
    return this.#webrtcPort;
  }

  request<C extends MediaCommand>(command: C): Promise<MediaResult<C["type"]>> {
    if (this.#state !== "running") {
      return Promise.reject(new MediaError("media.host_closed", "the media host is closed"));
    }
    const sentAt = this.#clock.now();
    return this.#ask({ kind: "request", id: ++this.#next, sentAt, command }) as Promise<
      MediaResult<C["type"]>
    >;
  }

  async close(): Promise<void> {
    if (this.#state === "running") {
      this.#state = "closing";
      await this.#ask({ kind: "close", id: ++this.#next }).catch(() => {});
      await this.#worker.terminate();
    }
    await this.#exited;
  }

  /** Ends the thread without a word: what a crash looks like from outside. */
  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(message: ToWorker): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.set(message.id, { resolve, reject });
      this.#outbox.push(message);
    });
  }

  #onMessage(message: FromWorker, ready: () => void, refused: (error: Error) => void): void {
    switch (message.kind) {
      case "ready":
        this.#webrtcPort = message.webrtcPort;
        this.#state = "running";
        ready();
        return;
      case "refused":
        refused(fromWireError(message.error));
        return;
      case "event":
        this.events.emit(message.event);
        return;
      case "result":
        this.#take(message.id)?.resolve(message.result);
        return;
      case "error":
        this.#take(message.id)?.reject(fromWireError(message.error));
        return;
    }
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #onExit(): void {
    const wasRunning = this.#state === "running";
    this.#state = "closed";
    for (const { reject } of this.#pending.values())
      reject(new MediaError("media.host_closed", this.#failure));
    this.#pending.clear();
    if (wasRunning) this.events.emit({ type: "host.failed", reason: this.#failure, at: this.#clock.now() });
  }
}
