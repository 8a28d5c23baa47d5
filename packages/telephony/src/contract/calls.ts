import { expect, it } from "vitest";
import { RING_MS, type Stage } from "./stage.ts";

/** Calls in and out: TE8 to TE15. */
export function provesCalls(stage: Stage): void {
  it("[TE8] an incoming call names the number called and the caller, unless withheld", async () => {
    const outside = await stage.harness.outside();
    const shown = await outside.call("101");
    expect(await stage.next("leg.incoming", (e) => e.callerNumber === outside.user)).toMatchObject({
      calledNumber: "101",
      party: { kind: "trunk", trunkId: stage.under.trunkId },
    });
    shown.hangup();
    const hidden = await outside.call("102", { from: null });
    const event = await stage.next("leg.incoming", (e) => e.calledNumber === "102");
    expect(event.callerNumber).toBeUndefined();
    hidden.hangup();
    expect((await stage.ended(event.legId)).end).toMatchObject({ doing: "far_end", cause: "cancelled" });
  });

  it("[TE10] a called endpoint rings, answers or refuses", async () => {
    const { call, legId } = await stage.calledPhone();
    expect(stage.seen.some((e) => e.type === "leg.ringing" && e.legId === legId)).toBe(true);
    call.hangup();
    const phone = await stage.harness.phone();
    await phone.register();
    const refused = stage.leg();
    await stage.sw.originate({
      legId: refused,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: RING_MS,
    });
    (await phone.nextCall()).reject(486);
    expect((await stage.ended(refused)).end).toMatchObject({ doing: "far_end", cause: "busy" });
  });

  it("[TE11] all devices of an endpoint ring, and the first answer wins", async () => {
    const phone = await stage.harness.phone();
    const twin = await stage.harness.phone(phone);
    await phone.register();
    await twin.register();
    const legId = stage.leg();
    await stage.sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: RING_MS,
    });
    const [first, second] = [await phone.nextCall(), await twin.nextCall()];
    await second.answer();
    await stage.answered(legId);
    expect(await first.whenEnded()).toMatchObject({ by: "remote" });
    second.hangup();
    await stage.ended(legId);
  });

  it("[TE12] an endpoint that is not registered cannot be called", async () => {
    const phone = await stage.harness.phone();
    const legId = stage.leg();
    await stage.sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: RING_MS,
    });
    expect((await stage.ended(legId)).end).toMatchObject({ doing: "us", cause: "not_registered" });
  });

  it("[TE13] ringing ends after the ring time", async () => {
    const phone = await stage.harness.phone();
    await phone.register();
    const legId = stage.leg();
    await stage.sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: 300,
    });
    const call = await phone.nextCall();
    expect((await stage.ended(legId)).end.cause).toBe("no_answer");
    expect(await call.whenEnded()).toMatchObject({ by: "remote" });
  });

  it("[TE14] hanging up while it rings cancels, and a crossing answer comes to nothing", async () => {
    const phone = await stage.harness.phone();
    await phone.register();
    const legId = stage.leg();
    await stage.sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: RING_MS,
    });
    const call = await phone.nextCall();
    const answering = call.answer();
    await stage.sw.hangup(legId, "normal");
    await stage.ended(legId);
    await answering;
    await call.whenEnded();
    const after = stage.seen.findIndex((e) => e.type === "leg.ended" && e.legId === legId);
    expect(stage.seen.slice(after).some((e) => e.type === "leg.answered" && e.legId === legId)).toBe(false);
  });
}
