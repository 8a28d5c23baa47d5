import { Signal, type TrunkId } from "@svara/kernel";
import { ManualClock } from "@svara/kernel/testing";
import type { CallAccepted, CallFailure, CallProgress, OutgoingCall } from "@svara/sip";
import { describe, expect, it } from "vitest";
import type { LegEnd } from "../switch.ts";
import { type Attempt, Dialling, isRouteFault } from "./dialling.ts";

class FakeCall {
  readonly progress = new Signal<CallProgress>();
  readonly accepted = new Signal<CallAccepted>();
  readonly failed = new Signal<CallFailure>();
  heard = false;
  cancelled = false;
  timeoutMs = 0;

  cancel(): void {
    this.cancelled = true;
  }

  rings(): void {
    this.heard = true;
    this.progress.emit({ status: 180 } as CallProgress);
  }

  fails(status: number, more: Partial<CallFailure> = {}): void {
    this.heard = true;
    this.failed.emit({ by: "remote", status, reason: "", ...more });
  }
}

async function dialling(...trunks: string[]) {
  const clock = new ManualClock();
  const calls = new Map<string, FakeCall>();
  const reports: string[] = [];
  const routed: string[] = [];
  const ends: LegEnd[] = [];
  const offers: string[] = [];
  const attempts = trunks.map(
    (name): Attempt => ({
      trunkId: name as TrunkId,
      terms: { srtp: name === "tls" ? "required" : "off" },
      silenceLimitMs: 4_000,
      place: (_offer, timeoutMs) => {
        const call = new FakeCall();
        call.timeoutMs = timeoutMs;
        calls.set(name, call);
        return call as unknown as OutgoingCall;
      },
      report: (fault) => reports.push(`${name} ${fault?.status ?? "works"}`),
    }),
  );
  const made = new Dialling({
    clock,
    attempts,
    ringTimeoutMs: 20_000,
    offer: async (terms) => {
      offers.push(terms.srtp ?? "");
      return "sdp";
    },
    routed: (trunkId) => routed.push(trunkId),
    progress: () => undefined,
    accepted: () => undefined,
    failed: (end) => ends.push(end),
  });
  await made.start();
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const call = (name: string): FakeCall => calls.get(name) as FakeCall;
  return { clock, made, call, calls, reports, routed, ends, offers, settle };
}

describe("dialling", () => {
  it("[TE36] gives up a place that has not said a word in 4 s, and hears it no more", async () => {
    const { clock, call, routed, ends, reports, settle, offers } = await dialling("a", "tls");
    clock.advance(4_000);
    await settle();
    expect(call("a").cancelled).toBe(true);
    expect(routed).toEqual(["a", "tls"]);
    expect(offers, "each trunk by its own terms").toEqual(["off", "required"]);
    expect(call("tls").timeoutMs, "the ring time is one for all").toBe(16_000);
    call("a").fails(486);
    expect(ends).toEqual([]);
    call("tls").rings();
    call("tls").fails(486);
    expect(ends).toMatchObject([{ doing: "far_end", cause: "busy" }]);
    expect(reports).toEqual(["a 408", "tls works", "tls works"]);
    expect(clock.pending).toBe(0);
  });

  it("[TE36] waits on for a place that has said that it tries, and for the last one", async () => {
    const { clock, call, calls, settle } = await dialling("a", "b");
    call("a").heard = true;
    clock.advance(10_000);
    await settle();
    expect(calls.size).toBe(1);
    call("a").fails(500);
    await settle();
    clock.advance(10_000);
    expect(call("b").cancelled).toBe(false);
  });

  it("[TE36] tries no other place once one has rung", async () => {
    const { call, calls, ends } = await dialling("a", "b");
    call("a").rings();
    call("a").fails(503);
    expect(calls.size).toBe(1);
    expect(ends).toMatchObject([{ doing: "carrier", cause: "congestion" }]);
  });

  it("[TE14] a call given up between two places goes to neither", async () => {
    const { made, call, calls, ends, settle } = await dialling("a", "b");
    call("a").fails(503);
    made.cancel();
    await settle();
    expect(calls.size).toBe(1);
    expect(ends).toEqual([]);
  });

  it("[TE36] knows the network's failures from the words of the called party", () => {
    const fault = (status: number, more: Partial<CallFailure> = {}): boolean =>
      isRouteFault({ by: "remote", status, reason: "", ...more });
    for (const status of [302, 401, 407, 408, 480, 500, 502, 503, 504])
      expect(fault(status), String(status)).toBe(true);
    for (const status of [403, 404, 484, 486, 488, 600, 603, 604])
      expect(fault(status), String(status)).toBe(false);
    expect(fault(480, { reasonHeader: "Q.850;cause=19" })).toBe(false);
    expect(isRouteFault({ by: "transport", status: 503, reason: "" })).toBe(true);
    expect(isRouteFault({ by: "local", status: 487, reason: "" })).toBe(false);
  });
});
