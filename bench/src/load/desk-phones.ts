import type { SipServer } from "./callers.ts";
import { Histogram } from "./histogram.ts";
import { EchoPorts } from "./media-ports.ts";
import { SipSocket } from "./sip-socket.ts";
import { authorise, callIdOf, fromUserOf, respond, type SipText, sdp } from "./sip-text.ts";

export interface PhoneAccount {
  readonly user: string;
  readonly password: string;
}

/** Desk phones that answer at once and never hang up, all at one address. What they hear they send back. */
export class DeskPhones {
  /** Called when a phone is invited, with the number that calls. */
  onInvited: (from: string, at: number) => void = () => undefined;
  /** How long callers' packets were on their way. */
  readonly delay = new Histogram();
  readonly #server: SipServer;
  readonly #echo = new EchoPorts(this.delay);
  readonly #answers = new Map<string, Buffer>();
  readonly #registering = new Map<string, (message: SipText) => void>();
  #sip: SipSocket | undefined;

  constructor(server: SipServer) {
    this.#server = server;
  }

  async open(): Promise<void> {
    this.#sip = await SipSocket.open((message, from) => void this.#receive(message, from));
  }

  get port(): number {
    return this.#socket().port;
  }

  get retransmissions(): number {
    return this.#sip?.retransmissions ?? 0;
  }

  /** Registers by digest. @throws Error when the account is refused */
  async register(phone: PhoneAccount): Promise<void> {
    const first = await this.#registerOnce(phone, 1, undefined);
    if (first.status !== 401)
      throw new Error(`REGISTER of ${phone.user}: ${first.status} instead of a challenge`);
    const uri = `sip:${this.#server.host}`;
    const credentials = authorise(first, { method: "REGISTER", uri, ...phone });
    const second = await this.#registerOnce(phone, 2, credentials);
    if (second.status !== 200) throw new Error(`REGISTER of ${phone.user}: ${second.status}`);
  }

  close(): void {
    this.#sip?.close();
    this.#echo.close();
  }

  #registerOnce(phone: PhoneAccount, cseq: number, credentials: string | undefined): Promise<SipText> {
    const own = `127.0.0.1:${this.#socket().port}`;
    const callId = `r-${phone.user}-${own}`;
    const address = `<sip:${phone.user}@${this.#server.host}>`;
    const lines = [
      `REGISTER sip:${this.#server.host} SIP/2.0`,
      `Via: SIP/2.0/UDP ${own};rport;branch=z9hG4bK-${callId}-${cseq}`,
      `From: ${address};tag=${callId}`,
      `To: ${address}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: <sip:${phone.user}@${own}>;expires=3600`,
      "Max-Forwards: 70",
      ...(credentials ? [credentials] : []),
      "Content-Length: 0",
    ];
    const request = Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
    return new Promise((resolve, reject) => {
      this.#registering.set(callId, resolve);
      const { port, host } = this.#server;
      const givenUp = (): void => reject(new Error(`REGISTER of ${phone.user} is not answered`));
      this.#socket().sendUntilSettled(callId, request, port, host, givenUp);
    });
  }

  async #receive(message: SipText, from: { address: string; port: number }): Promise<void> {
    const callId = callIdOf(message);
    if (message.status > 0) {
      if (message.status < 200 || message.method !== "REGISTER") return;
      this.#socket().settle(callId);
      return this.#registering.get(callId)?.(message);
    }
    switch (message.method) {
      case "INVITE":
        return this.#invited(message, callId, from);
      case "ACK":
        return this.#socket().settle(callId);
      case "BYE":
        this.#answers.delete(callId);
        this.#socket().settle(callId);
    }
    this.#socket().send(respond(message, "200 OK", "agent", []), from.port, from.address);
  }

  async #invited(message: SipText, callId: string, from: { address: string; port: number }): Promise<void> {
    const again = this.#answers.get(callId);
    if (again) {
      this.#socket().retransmissions++;
      return this.#socket().send(again, from.port, from.address);
    }
    this.onInvited(fromUserOf(message), performance.now());
    const contact = `Contact: <sip:agent@127.0.0.1:${this.#socket().port}>`;
    const body = sdp(await this.#echo.port());
    const answer = respond(message, "200 OK", `a${callId}`, [contact, "Content-Type: application/sdp"], body);
    this.#answers.set(callId, answer);
    this.#socket().sendUntilSettled(callId, answer, from.port, from.address, () => undefined);
  }

  #socket(): SipSocket {
    if (!this.#sip) throw new Error("the phones are not open");
    return this.#sip;
  }
}
