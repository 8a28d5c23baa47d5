import type { EndpointId, TrunkId } from "@svara/kernel";
import type { Authority, DigestAccount, Identity, SipRequest, SourceAddress } from "@svara/sip";
import type { Directory, TrunkAccount } from "./directory.ts";

/** Tells the SIP stack who a request is from: phones and trunks by digest, trunks by source address. */
export function directoryAuthority(
  directory: Directory,
  onFailure?: (username: string, source: SourceAddress) => void,
): Authority {
  return {
    async findAccount(username): Promise<DigestAccount | undefined> {
      const endpoint = directory.endpointByUser(username);
      if (endpoint?.kind === "phone" && endpoint.ha1) {
        const { endpointId, ha1, user, maxDevices } = endpoint;
        return {
          identity: endpointIdentity(endpointId),
          ha1,
          aors: [user],
          ...(maxDevices === undefined ? {} : { maxContacts: maxDevices }),
        };
      }
      const trunk = directory.trunks().find((t) => t.inbound?.username === username);
      if (!trunk?.inbound) return undefined;
      return { identity: trunkIdentity(trunk.trunkId), ha1: trunk.inbound.ha1, aors: [] };
    },
    async identifyBySource(source, request): Promise<Identity | undefined> {
      // A phone may share its address with a trunk (a gateway that also has handsets): phones sign in by digest.
      if (claimsToBeEndpoint(directory, request)) return undefined;
      const trunk = trunkAt(directory, source);
      return trunk && trunkIdentity(trunk.trunkId);
    },
    isTrusted: (source) => trunkAt(directory, source) !== undefined,
    loginFailed(attempt) {
      onFailure?.(attempt.username, attempt.source);
    },
  };
}

export function endpointIdentity(id: EndpointId): Identity {
  return { kind: "endpoint", id: id as string };
}

function trunkIdentity(id: TrunkId): Identity {
  return { kind: "trunk", id: id as string };
}

function trunkAt(
  directory: Directory,
  source: Pick<SourceAddress, "host" | "port">,
): TrunkAccount | undefined {
  const withPort = `${source.host}:${source.port}`;
  const trunks = directory.trunks();
  return (
    trunks.find((t) => t.addresses.includes(withPort)) ??
    trunks.find((t) => t.addresses.includes(source.host))
  );
}

function claimsToBeEndpoint(directory: Directory, request: SipRequest): boolean {
  const user = request.from?.uri.user;
  return user !== undefined && directory.endpointByUser(user) !== undefined;
}
