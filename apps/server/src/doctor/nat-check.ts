import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { type Finding, fail, ok, warn, worst } from "./finding.ts";
import { askStun, type StunAnswer } from "./stun-question.ts";

/** What the network looks like from here. */
export interface NetworkFacts {
  /** Addresses of this machine that others can reach, without loopback. */
  readonly own: readonly string[];
  /** SVARA_SIP_BIND, or null. */
  readonly bind: string | null;
  /** SVARA_MEDIA_ADDRESS, or null. */
  readonly mediaAddress: string | null;
  /** Addresses of carriers, by number. */
  readonly peers: readonly string[];
  readonly stun: readonly StunAnswer[];
}

/** Whether sound from outside finds its way here. Asks the STUN and TURN servers that are set. */
export async function checkNat(settings: {
  readonly sipBind: string | null;
  readonly mediaAddress: string | null;
  readonly turn: { readonly urls: readonly string[] } | null;
  readonly peers: readonly string[];
}): Promise<Finding> {
  const overUdp = (settings.turn?.urls ?? []).filter(
    (url) => /^(turn|stun):/.test(url) && !url.endsWith("tcp"),
  );
  return judgeNat({
    own: ownAddresses(),
    bind: settings.sipBind,
    mediaAddress: settings.mediaAddress,
    peers: settings.peers,
    stun: await askStun(overUdp),
  });
}

export function judgeNat(facts: NetworkFacts): Finding {
  return worst([judgeAnnounced(facts), ...judgeStun(facts)]);
}

/** The address in our SDP. */
function announcedOf({ own, bind, mediaAddress }: NetworkFacts): string {
  if (mediaAddress !== null) return mediaAddress;
  if (bind !== null && bind !== "0.0.0.0" && bind !== "::") return bind;
  return own[0] ?? "127.0.0.1";
}

function judgeAnnounced(facts: NetworkFacts): Finding {
  const { own, mediaAddress, peers } = facts;
  const announced = announcedOf(facts);
  const told = `media is announced at ${announced}`;
  const outside = peers.find((peer) => !isPrivate(peer));
  if (isLoopback(announced)) {
    if (peers.every(isLoopback)) return ok(`${told}: only this machine is served`);
    return fail(
      `${told}: carriers and phones hear nothing`,
      "set SVARA_MEDIA_ADDRESS to the address they reach",
    );
  }
  if (isPrivate(announced) && outside !== undefined) {
    return warn(
      `${told}, a private address, but the carrier at ${outside} is on the internet: it may send its sound nowhere`,
      "set SVARA_MEDIA_ADDRESS to this site's public address, and forward SVARA_RTP_PORTS (UDP) to this machine",
    );
  }
  if (mediaAddress !== null && !own.includes(mediaAddress)) {
    if (isPrivate(mediaAddress))
      return warn(
        `${told}, which is no address of this machine (${own.join(", ") || "it has none"})`,
        "set SVARA_MEDIA_ADDRESS to the address at which phones and carriers reach this machine",
      );
    return ok(
      `${told}, the address of a router; whether it forwards SIP and media ports to this machine cannot be seen from here`,
    );
  }
  const others = mediaAddress === null ? own.filter((address) => address !== announced) : [];
  return ok(others.length > 0 ? `${told} (this machine has ${others.join(", ")}, too)` : told);
}

function judgeStun(facts: NetworkFacts): Finding[] {
  const { stun } = facts;
  if (stun.length === 0)
    return [ok("no STUN or TURN server is set, so how routers translate addresses cannot be seen from here")];
  const silent = stun.filter((answer) => answer.kind === "silent");
  const seen = stun.filter((answer) => answer.kind === "seen");
  const findings: Finding[] = silent.map(({ url, reason }) =>
    warn(
      `${url} does not answer (${reason}): agents behind strict routers hear nothing`,
      "see whether that server runs and SVARA_TURN_URL names it rightly",
    ),
  );
  const [first] = seen;
  if (!first) return findings;
  const { address, port } = first.seen;
  const other = seen.find((answer) => answer.seen.port !== port && answer.seen.address === address);
  if (other)
    findings.push(
      warn(
        "the router gives each connection another port (symmetric NAT): carriers must send sound to where ours comes from",
        "forward SVARA_RTP_PORTS (UDP) one to one, and set SVARA_MEDIA_ADDRESS to the public address",
      ),
    );
  const announced = announcedOf(facts);
  const fromOutside = !isPrivate(address);
  if (fromOutside && address !== announced && !isPrivate(announced))
    findings.push(
      warn(
        `the internet sees this machine as ${address}, but media is announced at ${announced}`,
        `set SVARA_MEDIA_ADDRESS to ${address}`,
      ),
    );
  else findings.push(ok(`${first.url} sees this machine as ${address}, in ${first.tookMs} ms`));
  return findings;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || address === "localhost";
}

/** Not routed on the internet (RFC 1918, RFC 6598, RFC 3927, RFC 4193). */
export function isPrivate(address: string): boolean {
  if (isLoopback(address)) return true;
  if (!isIPv4(address)) return /^(f[cd]|fe[89ab])/i.test(address);
  const [a = 0, b = 0] = address.split(".").map(Number);
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  );
}
