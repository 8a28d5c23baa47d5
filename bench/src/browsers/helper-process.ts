import { type ChildProcess, fork } from "node:child_process";
import type { Answered } from "./browser-command.ts";

/** A process of ours that answers questions. */
export class HelperProcess<Ask> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: unknown) => void; reject: (error: Error) => void }
  >();
  #asked = 0;

  /** `execArgv`: flags of Node's. */
  constructor(file: URL, execArgv: readonly string[] = []) {
    this.#process = fork(file, [], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: [...execArgv],
    });
    this.#process.on("message", (reply: Answered) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("error" in reply) waiting?.reject(new Error(reply.error));
      else waiting?.resolve(reply.answer);
    });
    this.#process.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the process has died"));
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask(ask: Ask): Promise<unknown> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, ask });
    });
  }

  stop(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}
