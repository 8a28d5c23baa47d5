import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";

/** A carrier's border: passes datagrams between the switch and a party, until it is deafened. */
export class DeafCarrier {
  readonly port: number;
  readonly #socket: Socket;
  #isDeaf = false;

  private constructor(socket: Socket, host: string, partyPort: number) {
    this.#socket = socket;
    this.port = socket.address().port;
    let switchPort = 0;
    socket.on("message", (datagram, from) => {
      if (this.#isDeaf) return;
      if (from.port !== partyPort) switchPort = from.port;
      socket.send(datagram, from.port === partyPort ? switchPort : partyPort, host);
    });
  }

  static async open(host: string, partyPort: number): Promise<DeafCarrier> {
    const socket = createSocket("udp4");
    socket.bind(0, host);
    await once(socket, "listening");
    return new DeafCarrier(socket, host, partyPort);
  }

  deafen(): void {
    this.#isDeaf = true;
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }
}
