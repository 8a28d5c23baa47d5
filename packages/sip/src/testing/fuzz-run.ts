import { type Random, SeededRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import type { IncomingCall } from "../call/incoming-call.ts";
import type { Dialog } from "../dialog/dialog.ts";
import { makeHa1 } from "../digest/digest.ts";
import { SILENT_LOG } from "../log.ts";
import { tryParse } from "../message/parse-message.ts";
import type { DatagramPort } from "../transport/datagram-flow.ts";
import { type SipStats, UserAgent } from "../user-agent.ts";
import { DIALOG_REQUESTS, FIRST_REQUESTS, RESPONSES } from "./fuzz-corpus.ts";
import { mutate, pick } from "./mutate.ts";

/** What a fuzzing run is told. */
export interface FuzzOptions {
  readonly seed: number;
  /** Further messages to mutate, as latin-1 text; taken as they are, without templates. */
  readonly samples?: readonly string[];
}

/** What a run found at one of its rests, when every timer ran out. */
export interface FuzzRest {
  readonly messages: number;
  readonly parsed: number;
  readonly sent: number;
  readonly calls: number;
  /** What the stack still holds; all of it should be nothing. */
  readonly stats: SipStats;
  readonly timers: number;
}

/** A call that a further message may belong to. */
interface Thread {
  readonly callId: string;
  readonly tag: string;
  peerTag: string;
  branch: string;
  seq: number;
  rseq: string;
}

const MAX_THREADS = 40;
const SDP =
  "v=0\r\no=- 1 1 IN IP4 10.0.0.2\r\ns=-\r\nc=IN IP4 10.0.0.2\r\nt=0 0\r\nm=audio 5000 RTP/AVP 8\r\n";

/**
 * Pushes mutated messages, and right ones between them so that calls come to stand, through a whole user agent over a
 * datagram port in memory. The same seed gives the same run. A fault inside the stack throws from `push` or `rest`.
 */
export class FuzzRun {
  readonly clock = new ManualClock();
  readonly #random: Random;
  readonly #samples: readonly string[];
  readonly #agent: UserAgent;
  readonly #receive: (bytes: Uint8Array, host: string, port: number) => void;
  readonly #threads: Thread[] = [];
  /** Requests of the stack that wait to be answered. */
  readonly #toAnswer: string[] = [];
  readonly #calls: IncomingCall[] = [];
  readonly #dialogs = new Set<Dialog>();
  #fault: unknown;
  #last = "";
  #messages = 0;
  #parsed = 0;
  #sent = 0;
  #callCount = 0;

  constructor(options: FuzzOptions) {
    this.#random = new SeededRandom(options.seed);
    this.#samples = options.samples ?? [];
    this.#agent = this.#makeAgent();
    this.#receive = this.#agent.attachDatagramPort(this.#port());
  }

  /** The last message pushed, for a report. */
  get last(): string {
    return this.#last;
  }

  /** Pushes one message and now and then lets time pass or the user of the stack do something. */
  async push(): Promise<void> {
    const text = this.#next();
    this.#last = text;
    this.#messages++;
    const bytes = Buffer.from(text, "latin1");
    if (tryParse(bytes).kind === "message") this.#parsed++;
    const host = pick(this.#random, 10) === 0 ? "10.0.0.66" : "10.0.0.9";
    this.#receive(bytes, host, 5060);
    if (pick(this.#random, 4) === 0) await turn();
    if (pick(this.#random, 12) === 0) this.#act();
    if (pick(this.#random, 60) === 0) this.clock.advance(pick(this.#random, 3_000));
    this.#check();
  }

  /** Lets all timers run out, hanging up what lives as long as it likes. */
  async rest(): Promise<FuzzRest> {
    await turn();
    for (const call of this.#calls.splice(0)) {
      if (call.state === "received" || call.state === "ringing") call.reject(480);
    }
    for (const dialog of this.#dialogs) dialog.bye();
    this.#dialogs.clear();
    this.#threads.length = 0;
    this.#toAnswer.length = 0;
    for (let n = 0; n < 400 && this.clock.pending > 0; n++) {
      this.clock.advance(n < 200 ? 1_000 : 3_600_000);
      await turn();
    }
    this.#check();
    const { stats } = this.#agent;
    const counts = {
      messages: this.#messages,
      parsed: this.#parsed,
      sent: this.#sent,
      calls: this.#callCount,
    };
    return { ...counts, stats, timers: this.clock.pending };
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  #next(): string {
    const kind = pick(this.#random, 100);
    const thread = this.#threads[pick(this.#random, this.#threads.length)];
    const waiting = this.#toAnswer.length > 0 ? this.#toAnswer.pop() : undefined;
    let text: string;
    if (waiting !== undefined && kind < 60) text = this.#fillResponse(this.#one(RESPONSES), waiting);
    else if (thread && kind < 60) text = this.#fill(this.#one(DIALOG_REQUESTS), thread);
    else if (this.#samples.length > 0 && kind < 75) text = this.#one(this.#samples);
    else text = this.#fill(this.#one(FIRST_REQUESTS), this.#newThread());
    return pick(this.#random, 3) === 0 ? text : mutate(text, this.#one(FIRST_REQUESTS), this.#random);
  }

  #one(list: readonly string[]): string {
    return list[pick(this.#random, list.length)] ?? "";
  }

  #newThread(): Thread {
    const thread: Thread = {
      callId: `c${this.#messages}-${pick(this.#random, 1e9)}`,
      tag: `t${pick(this.#random, 1e6)}`,
      peerTag: "none",
      branch: "",
      seq: 0,
      rseq: "1",
    };
    this.#threads.push(thread);
    if (this.#threads.length > MAX_THREADS) this.#threads.shift();
    return thread;
  }

  #fill(template: string, thread: Thread): string {
    const same = template.startsWith("ACK") || template.startsWith("CANCEL");
    if (!same) {
      thread.seq++;
      thread.branch = `b${this.#messages}`;
    }
    return template
      .replaceAll("{b}", thread.branch)
      .replaceAll("{c}", thread.callId)
      .replaceAll("{t}", thread.tag)
      .replaceAll("{u}", thread.peerTag)
      .replaceAll("{n}", String(thread.seq))
      .replaceAll("{r}", thread.rseq);
  }

  #fillResponse(template: string, request: string): string {
    const to = lineOf(request, "To");
    return template
      .replaceAll("{via}", lineOf(request, "Via"))
      .replaceAll("{from}", lineOf(request, "From"))
      .replaceAll("{to}", to.includes("tag=") ? to : `${to};tag=f${pick(this.#random, 3)}`)
      .replaceAll("{c}", lineOf(request, "Call-ID"))
      .replaceAll("{cseq}", lineOf(request, "CSeq"))
      .replaceAll("{r}", String(1 + pick(this.#random, 3)));
  }

  /** What the stack sent: learn the tags, and keep requests to be answered. */
  #learn(text: string): void {
    this.#sent++;
    if (!text.startsWith("SIP/2.0 ")) {
      if (!text.startsWith("ACK ")) this.#toAnswer.push(text);
      if (this.#toAnswer.length > MAX_THREADS) this.#toAnswer.shift();
      return;
    }
    const callId = lineOf(text, "Call-ID");
    const thread = this.#threads.find((one) => one.callId === callId);
    const tag = lineOf(text, "To").split(";tag=")[1];
    if (!thread || tag === undefined) return;
    thread.peerTag = tag;
    const rseq = lineOf(text, "RSeq");
    if (rseq !== "") thread.rseq = rseq;
  }

  #act(): void {
    const [dialog] = this.#dialogs;
    const call = this.#calls.shift();
    if (call) this.#decide(call);
    else if (dialog) this.#use(dialog);
    else this.#invite();
  }

  #decide(call: IncomingCall): void {
    void [
      call.anonymous,
      call.redirection,
      call.autoAnswer,
      call.assertedIdentity,
      call.dialledUser,
      call.referredBy,
    ];
    if (call.state !== "received" && call.state !== "ringing") return;
    switch (pick(this.#random, 5)) {
      case 0:
        return call.reject(486);
      case 1:
        call.ring({ sdp: SDP, reliable: true });
        break;
      case 2:
        call.ring();
        break;
      default: {
        void call.answer(SDP);
        if (call.dialog) this.#watch(call.dialog);
        return;
      }
    }
    if (call.dialog) this.#watch(call.dialog);
    this.#calls.push(call);
  }

  #watch(dialog: Dialog): void {
    if (this.#dialogs.has(dialog) || dialog.state === "ended") return;
    this.#dialogs.add(dialog);
    dialog.ended.on(() => this.#dialogs.delete(dialog));
    dialog.reoffer.on((reoffer) => {
      if (pick(this.#random, 3) === 0) reoffer.reject(488);
      else void reoffer.accept(SDP);
    });
    dialog.referred.on((refer) => {
      if (pick(this.#random, 3) === 0) return refer.reject(603);
      refer.accept();
      refer.notify(180);
      refer.notify(pick(this.#random, 2) === 0 ? 200 : 486);
    });
  }

  #use(dialog: Dialog): void {
    this.#dialogs.delete(dialog); // to the end of the queue
    this.#dialogs.add(dialog);
    const guarded = (work: () => unknown): void => {
      try {
        void work();
      } catch (error) {
        if (!(error instanceof Error && error.message.includes("under way"))) {
          if (!(error instanceof Error && error.message.includes("not answered yet"))) throw error;
        }
      }
    };
    switch (pick(this.#random, 6)) {
      case 0:
        return guarded(() => dialog.reinvite(SDP));
      case 1:
        return guarded(() => dialog.update(SDP));
      case 2:
        dialog.refer("sip:5@10.0.0.9");
        return;
      case 3:
        void dialog.infoRequest("text/plain", "x");
        return;
      default:
        return dialog.bye({ q850: 16 });
    }
  }

  #invite(): void {
    const call = this.#agent.invite(
      { kind: "uri", uri: "sip:600@10.0.0.9" },
      {
        offer: SDP,
        from: { user: "100" },
        credentials: { username: "100", password: "x" } as never,
        followRedirects: { allow: ({ host }) => host === "10.0.0.9" },
        timeoutMs: 20_000,
      },
    );
    call.accepted.on(({ dialog }) => this.#watch(dialog));
    call.progress.on(({ dialog }) => {
      if (dialog) this.#watch(dialog);
    });
    if (pick(this.#random, 4) === 0) call.cancel();
  }

  #check(): void {
    if (this.#fault === undefined) return;
    const cause = this.#fault;
    this.#fault = undefined;
    throw new Error(`message ${this.#messages}: ${JSON.stringify(this.#last)}`, { cause });
  }

  #makeAgent(): UserAgent {
    const ha1 = makeHa1("7", "svara.test", "secret");
    const agent = new UserAgent({
      clock: this.clock,
      random: new SeededRandom(1),
      realm: "svara.test",
      userAgentName: "svara-fuzz",
      limits: { maxTransactions: 2_000 },
      log: {
        ...SILENT_LOG,
        warn: (fields) => {
          if ("err" in fields) this.#fault ??= fields.err;
        },
      },
      authority: {
        findAccount: async () => ({ identity: { kind: "endpoint", id: "7" }, ha1, aors: ["7"] }),
        identifyBySource: async ({ host }) => (host === "10.0.0.9" ? { kind: "trunk", id: "t" } : undefined),
        isTrusted: ({ host }) => host === "10.0.0.9",
      },
      resolver: {
        naptr: async () => ({ kind: "none" }),
        srv: async () => ({ kind: "none" }),
        addresses: async () => ({ kind: "none" }),
      },
      loopLoad: () => 0,
    });
    agent.onInvite.on((call) => {
      this.#callCount++;
      this.#calls.push(call);
    });
    return agent;
  }

  #port(): DatagramPort {
    return {
      host: "10.0.0.2",
      port: 5060,
      send: (bytes) => this.#learn(Buffer.from(bytes).toString("latin1")),
      close: async () => {},
    };
  }
}

/** Lets promises and microtasks run. */
async function turn(): Promise<void> {
  for (let i = 0; i < 14; i++) await Promise.resolve();
}

function lineOf(text: string, name: string): string {
  const at = text.indexOf(`\r\n${name}: `);
  if (at < 0) return "";
  return text.slice(at + name.length + 4, text.indexOf("\r\n", at + 2));
}
