import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { type Finding, fail, ok, worst } from "./finding.ts";

/** A port that Svara listens on, and the settings that move it. */
export interface PortUse {
  readonly what: string;
  readonly protocol: "tcp" | "udp";
  readonly host: string;
  readonly port: number;
  readonly settings: { readonly host: string; readonly port: string };
}

/** What trying to listen came to. */
export type PortState = "free" | "taken" | "forbidden" | "no_such_address" | "unknown";

const STATES: Readonly<Record<string, PortState>> = {
  EADDRINUSE: "taken",
  EACCES: "forbidden",
  EPERM: "forbidden",
  EADDRNOTAVAIL: "no_such_address",
  ENOTFOUND: "no_such_address",
  EAI_AGAIN: "no_such_address",
};

/** Whether each port is free, or taken by the Svara that runs here (`svaraRuns`). */
export async function checkPorts(uses: readonly PortUse[], svaraRuns: boolean): Promise<Finding> {
  const findings = [];
  for (const use of uses) findings.push(judgePort(use, await probePort(use), svaraRuns));
  return worst(findings);
}

/** Listens for an instant. */
export async function probePort({
  protocol,
  host,
  port,
}: Pick<PortUse, "protocol" | "host" | "port">): Promise<PortState> {
  try {
    await (protocol === "tcp" ? listenTcp(host, port) : bindUdp(host, port));
    return "free";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return STATES[code] ?? "unknown";
  }
}

async function listenTcp(host: string, port: number): Promise<void> {
  const server = createServer();
  server.listen({ host, port, exclusive: true });
  await once(server, "listening");
  server.close();
  await once(server, "close");
}

async function bindUdp(host: string, port: number): Promise<void> {
  const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4" });
  try {
    socket.bind({ address: host, port, exclusive: true });
    await once(socket, "listening");
  } finally {
    socket.close();
  }
}

/** What the state of a port means for Svara. */
function judgePort(use: PortUse, state: PortState, svaraRuns: boolean): Finding {
  const place = `${use.what} (${use.protocol} ${use.host}:${use.port})`;
  switch (state) {
    case "free":
      return ok(`${place} is free`);
    case "taken":
      return svaraRuns
        ? ok(`${place} is used by this Svara`)
        : fail(
            `${place} is taken by another program`,
            `end that program, or set ${use.settings.port} to a free port`,
          );
    case "forbidden":
      return fail(
        `${place} may not be used by this account`,
        `set ${use.settings.port} to a port from 1024 on`,
      );
    case "no_such_address":
      return fail(
        `${use.host} is not an address of this machine`,
        `set ${use.settings.host} to one of its addresses, or to 0.0.0.0 for all`,
      );
    case "unknown":
      return fail(`${place} cannot be opened`, `look at ${use.settings.host} and ${use.settings.port}`);
  }
}
