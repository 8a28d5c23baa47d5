import type { EndpointId, LegId, TrunkId } from "@svara/kernel";
import { type Binding, type InviteOptions, parseUri, type UserAgent } from "@svara/sip";
import { describe, expect, it } from "vitest";
import type { Originate, TrunkRoute } from "../switch.ts";
import { planCall } from "./call-plan.ts";
import type { TrunkAccount } from "./directory.ts";
import { ListDirectory } from "./testing/list-directory.ts";

function planner(options: { trunks?: TrunkAccount[]; down?: string[]; bindings?: readonly string[] }) {
  const directory = new ListDirectory();
  directory.trunkList = options.trunks ?? [];
  directory.accounts.push({ endpointId: "e" as EndpointId, user: "phone", kind: "phone" });
  const placed: { uri: string; options: InviteOptions }[] = [];
  const reports: string[] = [];
  const agent = {
    invite: (target: { uri?: string; user?: string }, invite: InviteOptions) => {
      placed.push({ uri: target.uri ?? target.user ?? "", options: invite });
      return {};
    },
    registrar: {
      bindings: () =>
        (options.bindings ?? []).map((protocol) => ({ flow: { protocol } }) as unknown as Binding),
    },
  } as unknown as UserAgent;
  const plan = (request: Partial<Originate> & Pick<Originate, "target">) =>
    planCall(
      {
        agent,
        directory,
        advertisedAddress: "192.0.2.1",
        trunks: {
          isDown: (id) => options.down?.includes(id) ?? false,
          worked: (id) => reports.push(`${id} worked`),
          failed: (id, why) => reports.push(`${id} ${why}`),
        },
      },
      { legId: "leg" as LegId, ringTimeoutMs: 1_000, ...request },
    );
  return { plan, placed, reports, directory };
}

const trunk = (id: string, more: Partial<TrunkAccount> = {}): TrunkAccount => ({
  trunkId: id as TrunkId,
  addresses: [],
  register: false,
  peer: { host: "192.0.2.7", port: 5060, transport: "udp" },
  ...more,
});
const to = (...ids: string[]) => {
  const routes = ids.map((id): TrunkRoute => ({ trunkId: id as TrunkId, number: "+46401" }));
  return { kind: "number", routes: routes as [TrunkRoute, ...TrunkRoute[]] } as const;
};

describe("the plan of a call", () => {
  it("[TE36] [TE43] puts trunks that are down last, and tries each peer of a trunk", () => {
    const more = { host: "backup.carrier.test", port: 0, transport: "tcp" } as const;
    const { plan, placed, reports } = planner({
      trunks: [trunk("a"), trunk("b", { morePeers: [more] })],
      down: ["a"],
    });
    const attempts = plan({ target: to("a", "b") });
    expect(attempts.map(({ trunkId }) => trunkId)).toEqual(["b", "b", "a"]);
    expect(attempts.map(({ silenceLimitMs }) => silenceLimitMs)).toEqual([4_000, 12_000, 4_000]);
    for (const attempt of attempts) attempt.place("sdp", 1_000);
    expect(placed.map(({ uri }) => uri)).toEqual([
      "sip:+46401@192.0.2.7:5060;transport=udp",
      "sip:+46401@backup.carrier.test;transport=tcp",
      "sip:+46401@192.0.2.7:5060;transport=udp",
    ]);
    const dead = { by: "transport", status: 503, reason: "no connection" } as const;
    attempts[0]?.report?.(dead);
    expect(reports, "another peer of the trunk is left").toEqual([]);
    attempts[1]?.report?.(dead);
    attempts[2]?.report?.({ by: "remote", status: 500, reason: "once" });
    expect(reports).toEqual(["b 503 no connection"]);
  });

  it("[TE36] follows a redirection to the trunk's own peers only", () => {
    const { plan, placed } = planner({ trunks: [trunk("a")] });
    plan({ target: to("a") })[0]?.place("sdp", 1_000);
    const allow = placed[0]?.options.followRedirects?.allow;
    expect(allow?.(parseUri("sip:+46402@192.0.2.7:5080"))).toBe(true);
    expect(allow?.(parseUri("sip:+23480000@203.0.113.9"))).toBe(false);
  });

  it("[TE48] offers keys over TLS only, to a trunk and to all devices of a phone", () => {
    const tls = { host: "carrier.test", port: 5061, transport: "tls" } as const;
    const { plan } = planner({
      trunks: [trunk("plain"), trunk("safe", { peer: tls, srtp: "required" })],
      bindings: ["tls", "tls"],
    });
    expect(plan({ target: to("plain", "safe") }).map(({ terms }) => terms)).toEqual([
      { srtp: "off", secureSignalling: false },
      { srtp: "required", secureSignalling: true },
    ]);
    const target = { kind: "endpoint", endpointId: "e" as EndpointId } as const;
    expect(plan({ target })[0]?.terms).toEqual({ srtp: "optional", secureSignalling: true });
    const mixed = planner({ bindings: ["tls", "udp"] });
    expect(mixed.plan({ target })[0]?.terms).toEqual({ srtp: "off", secureSignalling: false });
    expect(planner({}).plan({ target }), "nobody registered").toEqual([]);
  });

  it("a route to a trunk that is none is refused by name", () => {
    expect(() => planner({}).plan({ target: to("nowhere") })).toThrow(
      expect.objectContaining({ code: "telephony.unknown_trunk" }),
    );
  });
});
