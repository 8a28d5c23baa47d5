import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";

/** The address of ours that a peer at `remoteHost` can most likely reach, for a socket bound to a wildcard. */
export function localAddressFor(boundHost: string, remoteHost: string): string {
  if (boundHost !== "0.0.0.0" && boundHost !== "::") return boundHost;
  if (isLoopback(remoteHost)) return isIPv6(remoteHost) ? "::1" : "127.0.0.1";
  const family = isIPv6(remoteHost) ? "IPv6" : "IPv4";
  const own = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => entry.family === family && !entry.internal && !entry.address.startsWith("fe80:"));
  const prefix = remoteHost.split(".").slice(0, 3).join(".");
  const near = own.find((entry) => entry.address.startsWith(`${prefix}.`));
  return (near ?? own[0])?.address ?? (family === "IPv6" ? "::1" : "127.0.0.1");
}

export function isLoopback(host: string): boolean {
  return host === "::1" || host.startsWith("127.");
}
