import { MediaPorts, roomSize, type Speech } from "./media-ports.ts";
import { SipSocket } from "./sip-socket.ts";
import { audioPortOf, callIdOf, contactOf, linesOf, respond, type SipText, sdp } from "./sip-text.ts";

export interface SipServer {
  readonly host: string;
  readonly port: number;
}

export interface CallPlan {
  readonly number: string;
  readonly speech: CallerSpeech;
  /** Hangs up so long after the answer; null: when told. */
  readonly talkMs: number | null;
}

/** Callers' numbers end with 1 to this, and begin anew. */
const lastNumber = 9_999;

/** `room`: bursts or silence by the caller's place among the three of its room, who have numbers in a row. */
export type CallerSpeech = "silent" | "talks" | "room";

/**
 * One call from the caller's side.
 *
 *     inviting --200--> up --our BYE--> leaving --200--> over
 *     inviting --refused, given up--> over        up --their BYE--> over
 */
export interface Call {
  readonly callId: string;
  /** The caller's number, different for all calls that run at once. */
  readonly from: string;
  readonly plan: CallPlan;
  readonly mediaPort: number;
  /** Counts the calls of this process; the last digits of its number. */
  readonly n: number;
  state: "inviting" | "up" | "leaving" | "over";
  readonly invitedAt: number;
  answeredAt: number;
  endedAt: number;
  /** Why it never stood; 0 otherwise. */
  refusal: number;
  ack: Buffer | undefined;
  target: string;
  to: string;
  closeMedia: (() => void) | undefined;
}

/** People who call in. */
export class Callers {
  readonly media = new MediaPorts();
  readonly calls = new Map<string, Call>();
  /** Called when a call is over, however it went. */
  onOver: (call: Call) => void = () => undefined;
  readonly #server: SipServer;
  readonly #run: string;
  #sip: SipSocket | undefined;
  #made = 0;

  /** `run` makes the call ids of this process its own. */
  constructor(server: SipServer, run: string) {
    this.#server = server;
    this.#run = run;
  }

  async open(): Promise<void> {
    this.#sip = await SipSocket.open((message) => this.#receive(message));
  }

  get retransmissions(): number {
    return this.#sip?.retransmissions ?? 0;
  }

  async call(plan: CallPlan): Promise<Call> {
    const sip = this.#socket();
    const n = ++this.#made;
    const mediaPort = await this.media.port();
    const call: Call = {
      callId: `c${n}-${this.#run}`,
      from: `+4670174${String(((n - 1) % lastNumber) + 1).padStart(4, "0")}`,
      plan,
      mediaPort,
      n,
      state: "inviting",
      invitedAt: performance.now(),
      answeredAt: 0,
      endedAt: 0,
      refusal: 0,
      ack: undefined,
      target: this.#uri(plan.number),
      to: `To: <${this.#uri(plan.number)}>`,
      closeMedia: undefined,
    };
    this.calls.set(call.callId, call);
    const invite = this.#request(call, "INVITE", 1, sdp(mediaPort));
    sip.sendUntilSettled(call.callId, invite, this.#server.port, this.#server.host, () =>
      this.#over(call, 408),
    );
    return call;
  }

  hangUp(call: Call): void {
    if (call.state !== "up") return;
    call.state = "leaving";
    call.closeMedia?.();
    const { port, host } = this.#server;
    this.#socket().sendUntilSettled(call.callId, this.#request(call, "BYE", 2), port, host, () =>
      this.#over(call, 0),
    );
  }

  close(): void {
    this.#sip?.close();
    this.media.close();
  }

  #receive(message: SipText): void {
    const call = this.calls.get(callIdOf(message));
    if (message.status === 0) return this.#requested(message, call);
    if (!call) return;
    if (message.method === "BYE") {
      this.#socket().settle(call.callId);
      return this.#over(call, 0);
    }
    if (message.method !== "INVITE") return;
    if (message.status < 200)
      return call.state === "inviting" ? this.#socket().settle(call.callId) : undefined;
    if (message.status < 300) return this.#answered(call, message);
    call.to = linesOf(message, "To");
    this.#send(this.#request(call, "ACK", 1));
    this.#socket().settle(call.callId);
    this.#over(call, message.status);
  }

  #answered(call: Call, message: SipText): void {
    if (call.state !== "inviting") {
      this.#socket().retransmissions++;
      if (call.ack) this.#send(call.ack);
      return;
    }
    call.answeredAt = performance.now();
    call.state = "up";
    call.target = contactOf(message) ?? call.target;
    call.to = linesOf(message, "To");
    call.ack = this.#request(call, "ACK", 1);
    this.#socket().settle(call.callId);
    this.#send(call.ack);
    call.closeMedia = this.media.open(call.mediaPort, audioPortOf(message), speechOf(call));
    if (call.plan.talkMs !== null) setTimeout(() => this.hangUp(call), call.plan.talkMs);
  }

  #requested(message: SipText, call: Call | undefined): void {
    if (message.method === "ACK") return;
    this.#send(respond(message, "200 OK", "load", []));
    if (message.method === "BYE" && call) this.#over(call, 0);
  }

  #over(call: Call, refusal: number): void {
    if (call.state === "over") return;
    call.state = "over";
    call.endedAt = performance.now();
    call.refusal = refusal;
    call.closeMedia?.();
    this.calls.delete(call.callId);
    this.#socket().settle(call.callId);
    this.onOver(call);
  }

  #request(call: Call, method: string, cseq: number, body = ""): Buffer {
    const own = `127.0.0.1:${this.#socket().port}`;
    const lines = [
      `${method} ${call.target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK-${call.callId}-${method === "ACK" && call.answeredAt ? "ack" : cseq}`,
      `From: <sip:${call.from}@127.0.0.1>;tag=${call.callId}`,
      call.to,
      `Call-ID: ${call.callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:${call.from}@${own}>`,
      "Max-Forwards: 70",
      ...(body ? ["Content-Type: application/sdp"] : []),
      `Content-Length: ${body.length}`,
    ];
    return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`, "latin1");
  }

  #uri(user: string): string {
    return `sip:${user}@${this.#server.host}:${this.#server.port}`;
  }

  #send(datagram: Buffer): void {
    this.#socket().send(datagram, this.#server.port, this.#server.host);
  }

  #socket(): SipSocket {
    if (!this.#sip) throw new Error("the callers are not open");
    return this.#sip;
  }
}

function speechOf({ n, plan }: Call): Speech {
  if (plan.speech !== "room") return plan.speech;
  const place = (n - 1) % lastNumber;
  return { room: Math.floor(place / roomSize), bursts: place % roomSize === 0 };
}
