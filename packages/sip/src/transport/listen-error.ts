import type { Protocol } from "../authority.ts";
import { SipError } from "../errors.ts";

/** The catalogue's error for a socket that could not be bound; names protocol, host and port. */
export function listenError(
  protocol: Protocol,
  address: { host: string; port: number },
  error: NodeJS.ErrnoException,
): SipError {
  const where = `${protocol.toUpperCase()} port ${address.port} on ${address.host}`;
  if (error.code === "EADDRINUSE") {
    return new SipError("sip.port_taken", `${where} is taken by another program`, { cause: error });
  }
  return new SipError("sip.listen_failed", `${where} cannot be opened: ${error.message}`, { cause: error });
}
