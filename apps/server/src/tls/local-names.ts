import { isIPv4 } from "node:net";
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import type { CertifiedNames } from "./certificate.ts";

/** What the machine is called and where it is reached. */
export interface MachineNames {
  readonly hostname: string;
  readonly interfaces: Readonly<
    Record<string, readonly Pick<NetworkInterfaceInfo, "address" | "internal">[] | undefined>
  >;
}

/**
 * The names under which browsers and phones of the local network reach this machine: localhost, its host name (also as
 * `.local`), its addresses, and what is given in `extra`. Link-local IPv6 is left out, as no address bar takes its zone.
 */
export function localNames(
  extra: readonly string[] = [],
  machine: MachineNames = { hostname: hostname(), interfaces: networkInterfaces() },
): CertifiedNames {
  const addresses = Object.values(machine.interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
    .map(({ address }) => address);
  const name = machine.hostname.toLowerCase();
  const ownNames = /^[a-z0-9.-]+$/.test(name) ? [name, ...(name.includes(".") ? [] : [`${name}.local`])] : [];
  return {
    dns: unique([
      "localhost",
      ...ownNames,
      ...extra.filter((each) => !isAddress(each)).map((each) => each.toLowerCase()),
    ]),
    ip: unique(["127.0.0.1", "::1", ...addresses, ...extra.filter(isAddress)]),
  };
}

function isAddress(name: string): boolean {
  return isIPv4(name) || name.includes(":");
}

function unique(items: readonly string[]): string[] {
  return [...new Set(items)];
}
