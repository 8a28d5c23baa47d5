import type { EndpointId } from "@svara/kernel";
import type { LegTerms } from "@svara/media";
import {
  type Binding,
  type DiversionReason,
  type InviteOptions,
  makeUri,
  type SipUri,
  type UserAgent,
} from "@svara/sip";
import { TelephonyError } from "../errors.ts";
import type { Originate, TrunkRoute } from "../switch.ts";
import type { Attempt } from "./dialling.ts";
import type { Directory, EndpointAccount, TrunkAccount, TrunkPeer } from "./directory.ts";
import type { TrunkKeeper } from "./trunk-keeper.ts";
import { peersOf, peerUri } from "./trunk-peers.ts";

export interface CallPlanDeps {
  readonly agent: Pick<UserAgent, "invite" | "registrar">;
  readonly directory: Directory;
  readonly trunks: Pick<TrunkKeeper, "isDown" | "worked" | "failed">;
  /** The host part of numbers that we write. */
  readonly advertisedAddress: string;
}

/** SPEC TE36. */
const SILENCE_LIMIT_MS = 4_000;
/** A name may have three addresses, of which the stack gives each its four seconds. */
const NAME_SILENCE_LIMIT_MS = 12_000;

/** Where a call of ours shall be sent, in order. Errors: `telephony.unknown_trunk`. */
export function planCall(deps: CallPlanDeps, request: Originate): Attempt[] {
  const { target } = request;
  if (target.kind === "endpoint") return endpointAttempts(deps, request, target.endpointId);
  const known = target.routes.map((route) => ({ route, trunk: trunkOf(deps.directory, route) }));
  // a trunk that is down is tried when no other took the call
  const living = known.filter(({ trunk }) => !deps.trunks.isDown(trunk.trunkId));
  const down = known.filter(({ trunk }) => deps.trunks.isDown(trunk.trunkId));
  return [...living, ...down].flatMap(({ route, trunk }) =>
    peersOf(trunk).map(
      (peer, i, all): Attempt => ({
        ...trunkAttempt(deps, request, route, trunk, peer),
        report: (fault) => {
          if (!fault) deps.trunks.worked(trunk.trunkId);
          else if (i === all.length - 1 && (fault.by !== "remote" || fault.status === 503))
            deps.trunks.failed(trunk.trunkId, `${fault.status} ${fault.reason}`);
        },
      }),
    ),
  );
}

function endpointAttempts(deps: CallPlanDeps, request: Originate, endpointId: EndpointId): Attempt[] {
  const account = deps.directory.endpoint(endpointId);
  const bindings = account ? deps.agent.registrar.bindings(account.user) : [];
  if (!account || bindings.length === 0) return [];
  const { user } = account;
  return [
    {
      terms: termsFor(account, bindings),
      silenceLimitMs: SILENCE_LIMIT_MS,
      place: (offer, timeoutMs) =>
        deps.agent.invite(
          { kind: "aor", user },
          {
            ...commonOptions(deps, request, request.callerNumber),
            offer,
            timeoutMs,
            headers: Object.entries(request.headers ?? {}),
            ...(account.outbound ? { credentials: account.outbound } : {}),
          },
        ),
    },
  ];
}

/** One offer goes to all devices of an endpoint: keys are in it only when all of them are reached over TLS. */
function termsFor(account: EndpointAccount, bindings: readonly Binding[]): LegTerms {
  const secureSignalling = bindings.every(({ flow }) => flow.protocol === "tls" || flow.protocol === "wss");
  return { srtp: account.srtp ?? (secureSignalling ? "optional" : "off"), secureSignalling };
}

function trunkAttempt(
  deps: CallPlanDeps,
  request: Originate,
  route: TrunkRoute,
  trunk: TrunkAccount,
  peer: TrunkPeer,
): Attempt {
  const { trunkId, outbound } = trunk;
  const own = new Set(peersOf(trunk).map(({ host }) => host.toLowerCase()));
  return {
    trunkId,
    terms: { srtp: trunk.srtp ?? "off", secureSignalling: peer.transport === "tls" },
    silenceLimitMs: isName(peer.host) ? NAME_SILENCE_LIMIT_MS : SILENCE_LIMIT_MS,
    place: (offer, timeoutMs) =>
      deps.agent.invite(
        { kind: "uri", uri: peerUri(peer, route.number) },
        {
          ...commonOptions(deps, request, route.callerNumber),
          offer,
          timeoutMs,
          anonymous: route.callerNumber === undefined,
          ...(route.callerNumber === undefined
            ? {}
            : { assertedIdentity: `<${numberUri(deps, route.callerNumber)}>` }),
          // a carrier may send us to another of its servers, and nowhere else
          followRedirects: { allow: (uri: SipUri) => own.has(uri.host.toLowerCase()) },
          ...(outbound ? { credentials: outbound } : {}),
        },
      ),
  };
}

function commonOptions(
  deps: CallPlanDeps,
  request: Originate,
  callerNumber: string | undefined,
): Pick<InviteOptions, "from" | "autoAnswer" | "diversions" | "historyInfo"> {
  const user = callerNumber ?? "anonymous";
  return {
    from: request.callerName ? { user, displayName: request.callerName } : { user },
    ...(request.autoAnswer ? { autoAnswer: { delaySeconds: 0 } } : {}),
    ...diversionOptions(deps, request),
  };
}

/** Diversion for the carriers of RFC 5806, History-Info for those of RFC 7044. */
function diversionOptions(
  deps: CallPlanDeps,
  { divertedFrom, target }: Originate,
): Pick<InviteOptions, "diversions" | "historyInfo"> {
  if (!divertedFrom) return {};
  const uri = numberUri(deps, divertedFrom.number);
  const cause = HISTORY_CAUSE[divertedFrom.reason] ?? 302;
  const to = target.kind === "number" ? numberUri(deps, target.routes[0].number) : undefined;
  return {
    diversions: [{ uri, reason: divertedFrom.reason as DiversionReason }],
    ...(to === undefined
      ? {}
      : {
          historyInfo: [
            { uri, index: "1", leftCause: cause },
            { uri: to, index: "1.1", cause },
          ],
        }),
  };
}

/** RFC 4458, section 2, for the words of RFC 5806. */
const HISTORY_CAUSE: Readonly<Record<string, number>> = {
  "user-busy": 486,
  "no-answer": 408,
  unavailable: 503,
  unconditional: 302,
  deflection: 480,
  unknown: 404,
};

function numberUri({ advertisedAddress }: CallPlanDeps, number: string): string {
  const host = advertisedAddress.includes(":") ? `[${advertisedAddress}]` : advertisedAddress;
  return makeUri({ user: number, host }).text;
}

function trunkOf(directory: Directory, { trunkId }: TrunkRoute): TrunkAccount {
  const trunk = directory.trunk(trunkId);
  if (!trunk) throw new TelephonyError("telephony.unknown_trunk", `no trunk ${trunkId}`);
  return trunk;
}

function isName(host: string): boolean {
  return /[a-z]/i.test(host) && !host.includes(":");
}
