import { Signal, type TrunkId } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import { type PingOutcome, SILENT_LOG, type TrunkRegistration, type UserAgent } from "@svara/sip";
import { describe, expect, it } from "vitest";
import type { SwitchEventBody } from "../switch.ts";
import type { TrunkAccount } from "./directory.ts";
import { ListDirectory } from "./testing/list-directory.ts";
import { TrunkKeeper } from "./trunk-keeper.ts";

type Change = TrunkRegistration["changed"] extends Signal<infer T> ? T : never;

/** The part of the SIP stack that the keeper uses. */
class FakeAgent {
  readonly registrations: { uri: string; changed: Signal<Change>; stopped: boolean }[] = [];
  readonly pings: string[] = [];
  answer: PingOutcome | Error = { kind: "answered", status: 200, rttMs: 1 };

  readonly registerTrunk = ((options: { registrar: string }) => {
    if (options.registrar.includes("bad host")) throw new Error("bad uri");
    const made = { uri: options.registrar, changed: new Signal<Change>(), stopped: false };
    this.registrations.push(made);
    return {
      changed: made.changed,
      stop: async () => {
        made.stopped = true;
        throw new Error("the network is away");
      },
    };
  }) as unknown as UserAgent["registerTrunk"];

  readonly ping = (async (uri: string) => {
    this.pings.push(uri);
    if (this.answer instanceof Error) throw this.answer;
    return this.answer;
  }) as UserAgent["ping"];
}

const peer = (host: string) => ({ host, port: 5060, transport: "udp" }) as const;
const registering = (id: string, host = "carrier.test"): TrunkAccount => ({
  trunkId: id as TrunkId,
  peer: peer(host),
  addresses: [],
  outbound: { username: id, password: "secret" },
  register: true,
});
const plain = (id: string, host = "carrier.test"): TrunkAccount => ({
  trunkId: id as TrunkId,
  peer: peer(host),
  addresses: [],
  register: false,
});

function keeperOf(...trunks: TrunkAccount[]) {
  const clock = new ManualClock();
  const agent = new FakeAgent();
  const directory = new ListDirectory();
  directory.trunkList = trunks;
  const events: SwitchEventBody[] = [];
  const keeper = new TrunkKeeper({
    agent,
    clock,
    log: SILENT_LOG,
    directory,
    pingMs: 60_000,
    emit: (event) => events.push(event),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { clock, agent, directory, events, keeper, settle };
}

describe("the trunk keeper", () => {
  it("registers, reports up and down once each, and begins anew only when the account changes", () => {
    const { agent, directory, events, keeper } = keeperOf(registering("a"));
    const [first] = agent.registrations;
    first?.changed.emit({ state: "registered" });
    first?.changed.emit({ state: "registered" });
    first?.changed.emit({ state: "failed", status: 403, reason: "Forbidden" });
    expect(events).toEqual([
      { type: "trunk.up", trunkId: "a" },
      { type: "trunk.down", trunkId: "a", reason: "403 Forbidden" },
    ]);
    directory.trunkList = [{ ...registering("a"), addresses: ["192.0.2.1"] }];
    directory.changed.emit();
    expect(agent.registrations).toHaveLength(1);
    directory.trunkList = [registering("a", "other.test")];
    directory.changed.emit();
    expect(agent.registrations.map((r) => r.stopped)).toEqual([true, false]);
    first?.changed.emit({ state: "registered" });
    expect(events).toHaveLength(2);
    keeper.dispose();
  });

  it("asks peers that do not register whether they live", async () => {
    const { agent, events, keeper, clock, settle } = keeperOf(plain("b"));
    await settle();
    expect(events).toEqual([{ type: "trunk.up", trunkId: "b" }]);
    agent.answer = { kind: "no_answer", cause: "timeout" };
    clock.advance(60_000);
    await settle();
    expect(events, "one lost OPTIONS is no death").toHaveLength(1);
    clock.advance(5_000);
    await settle();
    expect(events.at(-1)).toMatchObject({ type: "trunk.down", trunkId: "b" });
    agent.answer = new Error("bad uri");
    clock.advance(60_000);
    await settle();
    expect(agent.pings).toHaveLength(4);
    expect(keeper.isDown("b" as TrunkId)).toBe(true);
    keeper.dispose();
    expect(clock.pending).toBe(0);
  });

  it("[TE43] is down at a 503, and up again when a call works", async () => {
    const { agent, events, keeper, clock, settle } = keeperOf(plain("b"));
    await settle();
    agent.answer = { kind: "answered", status: 503, rttMs: 1 };
    clock.advance(60_000);
    await settle();
    expect(events.at(-1)).toMatchObject({ type: "trunk.down", reason: "503 to OPTIONS" });
    keeper.worked("b" as TrunkId);
    expect(events.at(-1)).toMatchObject({ type: "trunk.up" });
    expect(keeper.isDown("b" as TrunkId)).toBe(false);
    keeper.dispose();
  });

  it("[TE36] a trunk that failed a call is asked soon, and one that nobody asks gets another chance", async () => {
    const { agent, keeper, clock, settle } = keeperOf(plain("b"), { ...plain("c"), keepAliveMs: 0 });
    await settle();
    for (const id of ["b", "c"]) keeper.failed(id as TrunkId, "no connection");
    expect([keeper.isDown("b" as TrunkId), keeper.isDown("c" as TrunkId)]).toEqual([true, true]);
    const before = agent.pings.length;
    clock.advance(5_000);
    await settle();
    expect(agent.pings).toHaveLength(before + 1);
    expect(keeper.isDown("b" as TrunkId)).toBe(false);
    clock.advance(25_000);
    expect(keeper.isDown("c" as TrunkId)).toBe(false);
    keeper.dispose();
    expect(clock.pending).toBe(0);
  });

  it("a trunk whose address is none is down, and the others work", () => {
    const { agent, events, keeper } = keeperOf(registering("a", "bad host"), registering("b"));
    expect(events).toEqual([{ type: "trunk.down", trunkId: "a", reason: "Error: bad uri" }]);
    expect(agent.registrations).toHaveLength(1);
    keeper.dispose();
  });

  it("a removed trunk is let go, even when that fails", async () => {
    const { agent, directory, keeper, settle } = keeperOf(registering("a"));
    directory.trunkList = [];
    directory.changed.emit();
    await settle();
    expect(agent.registrations.map((r) => r.stopped)).toEqual([true]);
    keeper.dispose();
  });
});
