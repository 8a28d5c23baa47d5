import { type ChildProcess, fork } from "node:child_process";
import type { SipServer } from "./callers.ts";
import type { LoadAnswer, LoadAsk, LoadCommand, LoadReply } from "./load-command.ts";

/** The load generator in a process of its own, so that the server's figures are the server's alone. */
export class LoadGenerator {
  readonly #process: ChildProcess;
  #phonesPort = 0;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: unknown) => void; reject: (error: Error) => void }
  >();
  #asked = 0;

  private constructor(child: ChildProcess) {
    this.#process = child;
    child.on("message", (reply: LoadReply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ("error" in reply) waiting?.reject(new Error(reply.error));
      else waiting?.resolve(reply.answer);
    });
    child.on("exit", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("the load generator has died"));
      this.#waiting.clear();
    });
  }

  static async start(server: SipServer): Promise<LoadGenerator> {
    const file = new URL("./load-process.ts", import.meta.url).pathname;
    const load = new LoadGenerator(fork(file, [], { stdio: ["ignore", "inherit", "inherit", "ipc"] }));
    load.#phonesPort = (await load.ask("open", { server })).phonesPort;
    return load;
  }

  /** Where all desk phones are reached. */
  get phonesPort(): number {
    return this.#phonesPort;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  ask<C extends LoadCommand>(command: C, ask: LoadAsk<C>): Promise<LoadAnswer<C>> {
    const id = ++this.#asked;
    return new Promise<LoadAnswer<C>>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (answer) => resolve(answer as LoadAnswer<C>), reject });
      this.#process.send({ id, command, ask });
    });
  }

  stop(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}
