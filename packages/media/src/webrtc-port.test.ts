import { createSocket, type Socket } from "node:dgram";
import { SecureRandom } from "@svara/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bindingRequestPacket } from "./stun.ts";
import { type IceCredentials, newIceCredentials, WebRtcPort, type WebRtcReceiver } from "./webrtc-port.ts";

class Recorder implements WebRtcReceiver {
  readonly seen: string[] = [];
  onStun(from: { port: number }, nominated: boolean): void {
    this.seen.push(`stun ${from.port}${nominated ? " nominated" : ""}`);
  }
  onDtls(): void {
    this.seen.push("dtls");
  }
  onSrtp(): void {
    this.seen.push("srtp");
  }
}

describe("the shared WebRTC port", () => {
  const random = new SecureRandom();
  let port: WebRtcPort;
  let sockets: Socket[];
  let replies: Map<Socket, Buffer[]>;

  beforeEach(async () => {
    port = await WebRtcPort.open("127.0.0.1", 0);
    sockets = [];
    replies = new Map();
  });
  afterEach(async () => {
    await port.close();
    await Promise.all(sockets.map((s) => new Promise<void>((resolve) => s.close(() => resolve()))));
  });

  async function client(): Promise<Socket> {
    const socket = createSocket("udp4");
    const heard: Buffer[] = [];
    replies.set(socket, heard);
    socket.on("message", (m) => heard.push(m));
    sockets.push(socket);
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    return socket;
  }

  function stun(
    credentials: IceCredentials,
    options: { password?: string | null; ufrag?: string } = {},
  ): Buffer {
    return bindingRequestPacket({
      transactionId: random.bytes(12),
      username: `${options.ufrag ?? credentials.ufrag}:them`,
      password: options.password === undefined ? credentials.pwd : options.password,
      useCandidate: true,
    });
  }

  const send = (from: Socket, datagram: Uint8Array): Promise<void> =>
    new Promise((resolve) => from.send(datagram, port.port, "127.0.0.1", () => resolve()));

  /** Sends a good request of another client and waits for the answer: all that was sent before has been handled. */
  async function settle(credentials: IceCredentials): Promise<void> {
    const probe = await client();
    await new Promise<void>((resolve) => {
      probe.once("message", () => resolve());
      void send(probe, stun(credentials));
    });
  }

  it("[ME36] answers and believes only who knows the password of a leg of ours", async () => {
    const credentials = newIceCredentials(random);
    const other = newIceCredentials(random);
    const leg = new Recorder();
    const witness = new Recorder();
    port.register(credentials, leg);
    port.register(other, witness);
    const attacker = await client();
    await send(attacker, stun(credentials, { password: null }));
    await send(attacker, stun(credentials, { password: "wrong password of the right length!!" }));
    await send(attacker, stun(credentials, { ufrag: "unknown" }));
    await send(attacker, stun(credentials, { password: other.pwd }));
    await send(attacker, Buffer.from([22, 0xfe, 0xfd, 0, 0]));
    await send(attacker, Buffer.alloc(172, 0x80));
    await send(attacker, Buffer.alloc(0));
    await settle(other);
    expect(leg.seen).toEqual([]);
    expect(replies.get(attacker)).toEqual([]);
    expect(port.refused).toBe(7);
  });

  it("[ME36] hands DTLS and SRTP to the leg whose address has proven itself", async () => {
    const credentials = newIceCredentials(random);
    const leg = new Recorder();
    const registration = port.register(credentials, leg);
    const browser = await client();
    await send(browser, stun(credentials));
    await send(browser, Buffer.from([22, 0xfe, 0xfd, 0, 0]));
    await send(browser, Buffer.alloc(172, 0x80));
    const other = newIceCredentials(random);
    port.register(other, new Recorder());
    await settle(other);
    expect(leg.seen).toEqual([`stun ${browser.address().port} nominated`, "dtls", "srtp"]);
    registration.dispose();
    await send(browser, Buffer.alloc(172, 0x80));
    await send(browser, stun(credentials));
    await settle(other);
    expect(leg.seen).toHaveLength(3);
  });

  it("makes credentials that nobody can guess", () => {
    const { ufrag, pwd } = newIceCredentials(random);
    expect(ufrag).toMatch(/^[A-Za-z0-9+/]{16}$/);
    expect(pwd).toMatch(/^[A-Za-z0-9+/]{32}$/);
    expect(newIceCredentials(random).ufrag).not.toBe(ufrag);
  });
});
