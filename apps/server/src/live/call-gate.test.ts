import type { Permission, Scope } from "@svara/contracts";
import type { AgentId, ClientId, TrunkId } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { expect, it } from "vitest";
import { Access } from "../rights/access.ts";
import { CallGate } from "./call-gate.ts";
import { centre } from "./testing/live-rig.ts";

const HOME = "+46701000000";
const OSLO = "+4722123456";

/** What the gate says to an agent who holds the permissions in this scope. */
function gateFor(scope: Scope, ...permissions: Permission[]) {
  const rights = new Access([{ permissions: new Set(permissions), scope }]);
  const model = centre({ profiles: { anna: { rights } }, dialing: { countries: "all" } });
  const gate = new CallGate({
    clock: new ManualClock(),
    model: () => model,
    legsByTrunk: () => new Map<TrunkId, number>(),
    append: () => undefined,
    alerted: () => undefined,
  });
  return (number: string): string => {
    const asked = { number, clientId: "client-1" as ClientId, agentId: "anna" as AgentId, asked: true };
    const verdict = gate.placeCall(asked);
    return verdict.allowed ? "allowed" : verdict.reason;
  };
}

it("a role held in a team or for the client lets one call out, and abroad only where it says so", () => {
  const team: Scope = { kind: "team", id: "team-1" as Extract<Scope, { kind: "team" }>["id"] };
  const inTeam = gateFor(team, "desk.dial_out");
  expect([inTeam(HOME), inTeam(OSLO)]).toEqual(["allowed", "no_right_abroad"]);
  const ofClient = gateFor({ kind: "client", id: "client-1" as ClientId }, "desk.dial_out", "dial.abroad");
  expect([ofClient(HOME), ofClient(OSLO)]).toEqual(["allowed", "allowed"]);
  const ofOther = gateFor({ kind: "client", id: "client-2" as ClientId }, "desk.dial_out");
  expect([ofOther(HOME), ofOther("112")]).toEqual(["no_right", "allowed"]);
});
