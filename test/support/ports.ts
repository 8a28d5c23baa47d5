import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** Below the system's ephemeral range, so that nobody is given one of these by chance. */
const LEAST = 15_000;
const MOST = 31_000;

/** A port of loopback that is free for UDP and TCP at this moment. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  for (;;) {
    const port = LEAST + Math.floor(Math.random() * (MOST - LEAST));
    if ((await udpIsFree(host, port)) && (await tcpIsFree(host, port))) return port;
  }
}

/** A range for RTP that no other test of this run is likely to use. */
export function portRange(size: number): { readonly min: number; readonly max: number } {
  const min = LEAST + 2 * Math.floor((Math.random() * (MOST - LEAST - size)) / 2);
  return { min, max: min + size - 1 };
}

function udpIsFree(host: string, port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  return new Promise((resolve) => {
    socket.once("error", () => resolve(false));
    socket.bind(port, host, () => socket.close(() => resolve(true)));
  });
}

function tcpIsFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
