import { SeededRandom } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { type Dialog, SILENT_LOG, UserAgent } from "@svara/sip";
import { type CaseResult, rounded } from "./bench-case.ts";

const CALLER = "192.0.2.10";
const AGENT = "192.0.2.30";
const US = "192.0.2.20";
/** Calls begin this far apart, so that the transactions of the last 32 s are alive as they are at this rate. */
const CALLS_PER_SECOND = 340;
const WARM_UP_CALLS = 3_000;
const CALLS = 3_000;

const SDP = [
  "v=0",
  `o=- 3942017 3942017 IN IP4 ${CALLER}`,
  "s=-",
  `c=IN IP4 ${CALLER}`,
  "t=0 0",
  "m=audio 40110 RTP/AVP 8 0 101",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-16",
  "a=sendrecv",
  "",
].join("\r\n");

/**
 * The signalling of a queue call and nothing else: a carrier's INVITE is answered, an agent's phone is called and answers,
 * the carrier hangs up and we hang up on the agent. Fifteen messages over UDP, the network in memory, its peers mere text.
 */
export async function sipCall(): Promise<CaseResult> {
  const rig = new Rig();
  await rig.calls(WARM_UP_CALLS);
  const before = process.cpuUsage();
  const messagesBefore = rig.messages;
  await rig.calls(CALLS);
  const { user, system } = process.cpuUsage(before);
  const perCall = (rig.messages - messagesBefore) / CALLS;
  const alive = rig.transactions;
  await rig.close();
  const conditions = `${perCall} messages a call, ${CALLS_PER_SECOND} calls/s of simulated time, ${alive} transactions alive`;
  return {
    group: {
      title: "SIP signalling of a call",
      figures: [
        {
          id: "sip.call_cpu",
          what: "CPU of one queue call through the SIP stack, both legs",
          value: rounded((user + system) / 1_000 / CALLS, 3),
          unit: "ms",
          better: "lower",
          conditions,
        },
      ],
    },
    detail: null,
  };
}

class Rig {
  readonly #clock = new ManualClock();
  readonly #agent: UserAgent;
  readonly #receive: (bytes: Uint8Array, host: string, port: number) => void;
  #n = 0;
  #ended = 0;
  messages = 0;

  constructor() {
    this.#agent = new UserAgent({
      clock: this.#clock,
      random: new SeededRandom(1),
      log: SILENT_LOG,
      realm: "centre.example",
      userAgentName: "Svara",
      loopLoad: () => 0,
      authority: {
        findAccount: async () => undefined,
        identifyBySource: async () => ({ kind: "trunk", id: "carrier" }),
        isTrusted: () => true,
      },
    });
    this.#receive = this.#agent.attachDatagramPort({
      host: US,
      port: 5060,
      send: (bytes, host) => {
        this.messages++;
        const text = Buffer.from(bytes).toString("latin1");
        queueMicrotask(() => this.#reply(text, host));
      },
      close: async () => {},
    });
    this.#agent.onInvite.on((call) => {
      const done = call.answer(SDP);
      const incoming = call.dialog;
      const out = this.#agent.invite(
        { kind: "uri", uri: `sip:agent@${AGENT}` },
        { offer: SDP, from: { user: "+46701740601", displayName: "Astrid Holm" } },
      );
      out.accepted.on(({ dialog }) => this.#joined(incoming, dialog));
      void done;
    });
  }

  get transactions(): number {
    return this.#agent.stats.serverTransactions + this.#agent.stats.clientTransactions;
  }

  async calls(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.#deliver(invite(++this.#n), CALLER);
      while (this.#ended < this.#n) await null;
      this.#clock.advance(1_000 / CALLS_PER_SECOND);
    }
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  #joined(incoming: Dialog | undefined, outgoing: Dialog): void {
    incoming?.ended.on(() => {
      outgoing.bye({ q850: 16 });
      this.#ended++;
    });
    if (incoming) this.#deliver(inDialog("BYE", 2, incoming), CALLER);
  }

  #deliver(text: string, host: string): void {
    this.messages++;
    this.#receive(Buffer.from(text, "latin1"), host, 5060);
  }

  /** What caller and agent say to a message of ours. */
  #reply(text: string, host: string): void {
    if (text.startsWith("INVITE")) {
      this.#deliver(answer(text, "100 Trying", ""), host);
      this.#deliver(answer(text, "180 Ringing", ""), host);
      this.#deliver(answer(text, "200 OK", SDP), host);
    } else if (text.startsWith("BYE")) this.#deliver(answer(text, "200 OK", ""), host);
    else if (text.startsWith("SIP/2.0 200") && line(text, "CSeq").endsWith("INVITE")) {
      this.#deliver(ackOf(text), host);
    }
  }
}

function invite(n: number): string {
  return [
    `INVITE sip:+46101740000@${US}:5060 SIP/2.0`,
    `Via: SIP/2.0/UDP ${CALLER}:5060;branch=z9hG4bK4b43c2ff8.${n};rport`,
    `Via: SIP/2.0/UDP 192.0.2.11:5060;branch=z9hG4bKnashds${n};received=192.0.2.11`,
    `Record-Route: <sip:${CALLER};lr>`,
    "Max-Forwards: 69",
    `From: "Astrid Holm" <sip:+46701740601@carrier.example>;tag=a73kszlfl${n}`,
    "To: <sip:+46101740000@centre.example>",
    `Call-ID: 1j9FpLxk3uxtm8tn${n}@${CALLER}`,
    "CSeq: 1 INVITE",
    `Contact: <sip:+46701740601@${CALLER}:5060;transport=udp>`,
    "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE",
    "Supported: 100rel, timer, replaces",
    "P-Asserted-Identity: <sip:+46701740601@carrier.example>",
    "Content-Type: application/sdp",
    `Content-Length: ${SDP.length}`,
    "",
    SDP,
  ].join("\r\n");
}

function inDialog(method: string, seq: number, { callId, localTag, remoteTag }: Dialog): string {
  return [
    `${method} sip:+46101740000@${US}:5060 SIP/2.0`,
    `Via: SIP/2.0/UDP ${CALLER}:5060;branch=z9hG4bK${method}${remoteTag};rport`,
    "Max-Forwards: 69",
    `From: "Astrid Holm" <sip:+46701740601@carrier.example>;tag=${remoteTag}`,
    `To: <sip:+46101740000@centre.example>;tag=${localTag}`,
    `Call-ID: ${callId}`,
    `CSeq: ${seq} ${method}`,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

function ackOf(ok: string): string {
  return [
    `ACK sip:+46101740000@${US}:5060 SIP/2.0`,
    `Via: SIP/2.0/UDP ${CALLER}:5060;branch=z9hG4bKack${line(ok, "Call-ID")};rport`,
    "Max-Forwards: 69",
    `From: ${line(ok, "From")}`,
    `To: ${line(ok, "To")}`,
    `Call-ID: ${line(ok, "Call-ID")}`,
    "CSeq: 1 ACK",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

function answer(request: string, status: string, body: string): string {
  return [
    `SIP/2.0 ${status}`,
    `Via: ${line(request, "Via")};received=${US}`,
    `From: ${line(request, "From")}`,
    `To: ${line(request, "To")}${request.startsWith("INVITE") ? ";tag=agent" : ""}`,
    `Call-ID: ${line(request, "Call-ID")}`,
    `CSeq: ${line(request, "CSeq")}`,
    `Contact: <sip:agent@${AGENT}:5060>`,
    "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, NOTIFY, UPDATE",
    ...(body === "" ? [] : ["Content-Type: application/sdp"]),
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}

function line(text: string, name: string): string {
  const at = text.indexOf(`\r\n${name}: `) + name.length + 4;
  return text.slice(at, text.indexOf("\r\n", at));
}
