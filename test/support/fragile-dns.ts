import { createSocket, type Socket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { vi } from "vitest";

const HEADER_BYTES = 12;
const TYPE_A = 1;
const ANSWER_TTL_SECONDS = 1;

/** A name server on loopback that every look-up of this process goes to; it knows one address for all names until it is gone. */
export class FragileDns {
  readonly #socket: Socket;
  readonly #spies: { mockRestore(): void }[] = [];
  #asked = 0;
  #isGone = false;

  private constructor(socket: Socket, port: number) {
    this.#socket = socket;
    const led = new WeakSet<object>();
    for (const method of ["resolve4", "resolve6", "resolveSrv", "resolveNaptr"] as const) {
      const original = Resolver.prototype[method] as (...words: unknown[]) => Promise<never>;
      const spy = vi.spyOn(Resolver.prototype, method).mockImplementation(function (
        this: Resolver,
        ...words: unknown[]
      ) {
        if (!led.has(this)) this.setServers([`127.0.0.1:${port}`]);
        led.add(this);
        return original.apply(this, words);
      } as never);
      this.#spies.push(spy);
    }
  }

  static async open(): Promise<FragileDns> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const dns = new FragileDns(socket, socket.address().port);
    socket.on("message", (question, from) => {
      dns.#asked++;
      if (!dns.#isGone) socket.send(answerTo(question), from.port, from.address);
    });
    return dns;
  }

  /** Questions that came, answered or not. */
  get asked(): number {
    return this.#asked;
  }

  /** From now on nothing is answered. */
  vanish(): void {
    this.#isGone = true;
  }

  close(): void {
    for (const spy of this.#spies) spy.mockRestore();
    this.#socket.close();
  }
}

/** 127.0.0.1 for questions of type A, nothing for others (RFC 1035, section 4.1). */
function answerTo(question: Buffer): Buffer {
  const end = question.indexOf(0, HEADER_BYTES) + 5; // of the name, type and class
  const isA = question.readUInt16BE(end - 4) === TYPE_A;
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(0x8580, 2); // an answer, with authority, recursion available
  head.writeUInt16BE(isA ? 1 : 0, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  if (!isA) return head;
  const record = Buffer.from([
    0xc0,
    HEADER_BYTES,
    0,
    TYPE_A,
    0,
    1,
    0,
    0,
    0,
    ANSWER_TTL_SECONDS,
    0,
    4,
    127,
    0,
    0,
    1,
  ]);
  return Buffer.concat([head, record]);
}
