import type { BridgeId, LegId, RecordingId } from "@svara/kernel";
import { expect, it } from "vitest";
import { RING_MS, type Stage } from "./stage.ts";

/** Ids, ends and numbers: TE1 to TE7. */
export function provesCommands(stage: Stage): void {
  it("[TE1] a command repeated with its id has no second effect", async () => {
    const { legId, call, phone } = await stage.calledPhone();
    await stage.sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: RING_MS,
    });
    const bridgeId = stage.bridge();
    await stage.sw.createBridge(bridgeId);
    await stage.sw.createBridge(bridgeId);
    await stage.sw.join(bridgeId, legId);
    await stage.sw.join(bridgeId, legId);
    expect((await stage.sw.listLegs()).filter((l) => l.legId === legId)).toHaveLength(1);
    call.hangup();
    await stage.ended(legId);
    await stage.sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: RING_MS,
    });
    expect((await stage.sw.listLegs()).some((l) => l.legId === legId)).toBe(false);
  });

  it("[TE2] commands on what has ended resolve without effect", async () => {
    const { legId, call } = await stage.calledPhone();
    call.hangup();
    await stage.ended(legId);
    const bridgeId = stage.bridge();
    await stage.sw.createBridge(bridgeId);
    await stage.sw.join(bridgeId, legId);
    await stage.sw.play("late", legId, [{ kind: "tone", tone: "beep" }]);
    await stage.sw.hangup(legId, "normal");
    await stage.sw.sendDtmf(legId, "1");
    await stage.sw.destroyBridge(bridgeId);
    await stage.sw.leave(bridgeId, legId);
    await stage.sw.destroyBridge(bridgeId);
    expect(stage.seen.filter((e) => e.type === "leg.ended" && e.legId === legId)).toHaveLength(1);
  });

  it("[TE3] commands on what never was are refused by name", async () => {
    await expect(stage.sw.answer("nobody" as LegId)).rejects.toMatchObject({ code: "telephony.unknown_leg" });
    await expect(stage.sw.destroyBridge("nowhere" as BridgeId)).rejects.toMatchObject({
      code: "telephony.unknown_bridge",
    });
    await expect(stage.sw.stopRecording("never" as RecordingId)).rejects.toMatchObject({
      code: "telephony.unknown_recording",
    });
  });

  it("[TE4] events are numbered by one, in order", async () => {
    const { call, legId } = await stage.customer();
    call.hangup();
    await stage.ended(legId);
    const numbers = stage.seen.map((e) => e.n);
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
  });

  it("[TE5] [TE15] a party that hangs up ends its leg once, by its own doing", async () => {
    const { call, legId } = await stage.customer();
    call.hangup();
    expect((await stage.ended(legId)).end).toMatchObject({ doing: "far_end", cause: "normal" });
    await stage.sw.hangup(legId, "normal");
    const own = stage.seen.filter((e) => "legId" in e && e.legId === legId && e.type.startsWith("leg."));
    expect(own.filter((e) => e.type === "leg.ended")).toHaveLength(1);
    expect(own.at(-1)?.type).toBe("leg.ended");
  });

  it("[TE6] [TE9] an incoming call that is answered is reported answered once", async () => {
    const { legId, call } = await stage.customer();
    await stage.sw.answer(legId);
    expect(stage.seen.filter((e) => e.type === "leg.answered" && e.legId === legId)).toHaveLength(1);
    call.hangup();
    await stage.ended(legId);
  });

  it("[TE7] [TE9] refusing an incoming call gives the cause's status to the caller", async () => {
    const outside = await stage.harness.outside();
    const call = await outside.call("100");
    const { legId } = await stage.next("leg.incoming", (e) => e.callerNumber === outside.user);
    await stage.sw.hangup(legId, "busy");
    expect(await call.whenEnded()).toMatchObject({ by: "remote", status: 486 });
    expect((await stage.ended(legId)).end).toMatchObject({ doing: "us", status: 486 });
  });
}
