/** The process of the load generator: people who call and desk phones that answer. Started by `LoadGenerator`. */
import { setPriority } from "node:os";
import { type Call, Callers, type SipServer } from "./callers.ts";
import { DeskPhones } from "./desk-phones.ts";
import { Histogram } from "./histogram.ts";
import type { LoadAnswer, LoadAsk, LoadCommand, LoadReply, LoadRequest, RushResult } from "./load-command.ts";

/** Nobody waits longer than this for calls that should end. */
const patienceMs = 20_000;

class Load {
  readonly #callers: Callers;
  readonly #phones: DeskPhones;

  private constructor(callers: Callers, phones: DeskPhones) {
    this.#callers = callers;
    this.#phones = phones;
  }

  static async open(server: SipServer): Promise<Load> {
    const callers = new Callers(server, `${process.pid}`);
    const phones = new DeskPhones(server);
    await callers.open();
    await phones.open();
    return new Load(callers, phones);
  }

  get phonesPort(): number {
    return this.#phones.port;
  }

  async register({ phones }: LoadAsk<"register">): Promise<null> {
    for (const phone of phones) await this.#phones.register(phone);
    return null;
  }

  async hold({ number, calls, perSecond, speech }: LoadAsk<"hold">): Promise<LoadAnswer<"hold">> {
    const made: Call[] = [];
    await steadily(
      calls,
      perSecond,
      async () => void made.push(await this.#callers.call({ number, speech, talkMs: null })),
    );
    await until(() => made.every((call) => call.state !== "inviting"), patienceMs);
    const up = made.filter((call) => call.state === "up").length;
    return { up, refused: calls - up };
  }

  async port(): Promise<LoadAnswer<"port">> {
    return { port: await this.#callers.media.port() };
  }

  async attach({ port, serverPort, speech }: LoadAsk<"attach">): Promise<null> {
    this.#callers.media.open(port, serverPort, speech);
    return null;
  }

  async listen({ ms }: LoadAsk<"listen">): Promise<LoadAnswer<"listen">> {
    this.#callers.media.begin();
    this.#phones.delay.reset();
    await sleep(ms);
    const inRooms = this.#callers.media.delay;
    const delay = inRooms.count > 0 ? inRooms : this.#phones.delay;
    return { ...this.#callers.media.end(), oneWayMs: delay.percentiles() };
  }

  async release(): Promise<LoadAnswer<"release">> {
    const calls = [...this.#callers.calls.values()];
    for (const [n, call] of calls.entries()) {
      this.#callers.hangUp(call);
      if (n % 10 === 9) await sleep(10); // a thousand at once would only measure the socket's buffer
    }
    await until(() => this.#callers.calls.size === 0, patienceMs);
    return { released: calls.length - this.#callers.calls.size };
  }

  async rush({ number, calls, perSecond, talkMs }: LoadAsk<"rush">): Promise<RushResult> {
    const byNumber = new Map<string, Call>();
    const toAgent = new Histogram();
    const toOk = new Histogram();
    const before = this.#callers.retransmissions + this.#phones.retransmissions;
    const began = performance.now();
    let refused = 0;
    let over = 0;
    this.#phones.onInvited = (from, at) => {
      const call = byNumber.get(from);
      if (call && byNumber.delete(from)) toAgent.add(at - call.invitedAt);
    };
    this.#callers.onOver = (call) => {
      over++;
      if (call.answeredAt > 0) toOk.add(call.answeredAt - call.invitedAt);
      else refused++;
    };
    await steadily(calls, perSecond, async () => {
      const call = await this.#callers.call({ number, speech: "silent", talkMs });
      byNumber.set(call.from, call);
    });
    await until(() => over === calls, patienceMs);
    this.#phones.onInvited = () => undefined;
    this.#callers.onOver = () => undefined;
    return {
      calls,
      answered: Math.min(toAgent.count, toOk.count),
      refused,
      retransmissions: this.#callers.retransmissions + this.#phones.retransmissions - before,
      seconds: Math.round(performance.now() - began) / 1000,
      toAgentInviteMs: toAgent.percentiles(),
      toCallerOkMs: toOk.percentiles(),
    };
  }

  close(): void {
    this.#callers.close();
    this.#phones.close();
  }
}

let load: Load | undefined;

try {
  setPriority(-10); // telephones have a processor of their own: what comes late shall be the server's doing
} catch {
  // no right to: then what callers see holds the generator's own delays, too
}

process.on("disconnect", () => process.exit());
process.on("message", (request: LoadRequest) => {
  const reply = (message: LoadReply): void => void process.send?.(message);
  answer(request.command, request.ask).then(
    (given) => reply({ id: request.id, answer: given }),
    (error: unknown) => reply({ id: request.id, error: String(error) }),
  );
});

async function answer(command: LoadCommand, ask: LoadAsk<LoadCommand>): Promise<unknown> {
  if (command === "open") {
    load = await Load.open((ask as LoadAsk<"open">).server);
    return { phonesPort: load.phonesPort };
  }
  if (!load) throw new Error("open comes first");
  switch (command) {
    case "register":
      return load.register(ask as LoadAsk<"register">);
    case "hold":
      return load.hold(ask as LoadAsk<"hold">);
    case "port":
      return load.port();
    case "attach":
      return load.attach(ask as LoadAsk<"attach">);
    case "listen":
      return load.listen(ask as LoadAsk<"listen">);
    case "release":
      return load.release();
    case "rush":
      return load.rush(ask as LoadAsk<"rush">);
  }
}

/** Does something `count` times at a steady rate; what is late is made up for. */
async function steadily(count: number, perSecond: number, act: () => Promise<void>): Promise<void> {
  const began = performance.now();
  for (let n = 0; n < count; n++) {
    const due = began + (n * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    await act();
  }
}

async function until(done: () => boolean, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!done() && performance.now() < end) await sleep(20);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
