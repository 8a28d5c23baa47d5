import { isIP } from "node:net";
import type { Random } from "@svara/kernel";
import { type DnsResolver, locate, parseUri } from "@svara/sip";
import { type Finding, fail, ok, warn, worst } from "./finding.ts";
import { type KnownTrunk, uriOf } from "./trunk-list.ts";

const SLOW_MS = 1_000; // a call waits for it, once in each answer's time
const SHOWN = 4;

/** Whether the carriers' names lead to addresses, by NAPTR, SRV and address records as calls look them up (RFC 3263). */
export async function checkDns(
  trunks: readonly KnownTrunk[],
  { dns, random, now }: { readonly dns: DnsResolver; readonly random: Random; readonly now: () => number },
): Promise<{ readonly finding: Finding; readonly addresses: readonly string[] }> {
  const names = trunks.flatMap((trunk) => trunk.doors.map((door) => ({ trunk, door })));
  const numeric = names.filter(({ door }) => isIP(door.host) !== 0).map(({ door }) => door.host);
  const asked = names.filter(({ door }) => isIP(door.host) === 0);
  if (asked.length === 0) {
    const why = names.length === 0 ? "no trunk takes calls out" : "all trunks are set by number";
    return { finding: ok(`nothing to look up: ${why}`), addresses: numeric };
  }
  const looked = await Promise.all(
    asked.map(async ({ trunk, door }) => {
      const began = now();
      const found = await addressesOf(uriOf(trunk, door), { dns, random });
      return { found, finding: judgeLookUp(trunk.name, door.host, found, now() - began) };
    }),
  );
  return {
    finding: worst(looked.map(({ finding }) => finding)),
    addresses: [...numeric, ...looked.flatMap(({ found }) => ("error" in found ? [] : found.hosts))],
  };
}

type Found = { readonly hosts: readonly string[]; readonly shown: string } | { readonly error: string };

async function addressesOf(uri: string, names: { dns: DnsResolver; random: Random }): Promise<Found> {
  try {
    const found = await locate(parseUri(uri), names);
    const shown = found.slice(0, SHOWN).map(({ protocol, host, port }) => `${protocol} ${host}:${port}`);
    return { hosts: found.map(({ host }) => host), shown: shown.join(", ") };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** What a look-up means for calls over the trunk. */
function judgeLookUp(trunk: string, host: string, found: Found, tookMs: number): Finding {
  if ("error" in found)
    return fail(
      `${host} of the trunk "${trunk}" leads nowhere (${found.error}): a server that runs goes on with the last good address, one that starts now cannot call over it`,
      "correct the trunk's host in the office, or see whether this machine's name servers answer",
    );
  const told = `${host} of the trunk "${trunk}": ${found.shown} in ${Math.round(tookMs)} ms`;
  return tookMs > SLOW_MS
    ? warn(
        `${told}: a call waits so long whenever the answer's time is over`,
        "use nearer name servers (/etc/resolv.conf)",
      )
    : ok(told);
}
