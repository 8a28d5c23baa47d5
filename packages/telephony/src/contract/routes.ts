import { expect, it } from "vitest";
import type { TrunkRoute } from "../switch.ts";
import type { TestCarrier } from "./harness.ts";
import { FAINT, HEARING, LOUD, RING_MS, type Stage } from "./stage.ts";

/** Early media, diversion, replaced legs, auto-answer and calls over several trunks: TE30 to TE32, TE35, TE36, TE43. */
export function provesRoutes(stage: Stage): void {
  const { harness } = stage;
  const over = ({ trunkId, party }: TestCarrier): TrunkRoute => ({ trunkId, number: party.user });
  const callOver = async (first: TestCarrier, ...others: TestCarrier[]) => {
    const legId = stage.leg();
    await stage.sw.originate({
      legId,
      target: { kind: "number", routes: [over(first), ...others.map(over)] },
      ringTimeoutMs: RING_MS * 2,
    });
    return legId;
  };
  const trunksOf = (legId: string): string[] =>
    stage.seen.flatMap((e) => (e.type === "leg.routed" && e.legId === legId ? [e.trunkId] : []));

  it("[TE30] what is played before the answer is heard, and the answer goes on with the same media", async () => {
    const a = await stage.waiting();
    await stage.sw.earlyMedia(a.legId);
    expect((await stage.sw.listLegs()).find((l) => l.legId === a.legId)?.state).toBe("early");
    await a.call.whenEarly();
    await stage.sw.play("early", a.legId, [{ kind: "tone", tone: "dial" }], { loop: true });
    await expect.poll(() => harness.hear(a.call, 425), HEARING).toBeGreaterThan(LOUD);
    expect(a.call.state).toBe("ringing");
    await stage.sw.answer(a.legId);
    await a.call.whenAnswered();
    await expect.poll(() => harness.hear(a.call, 425), HEARING).toBeGreaterThan(LOUD);
    expect(stage.seen.some((e) => e.type === "playback.ended")).toBe(false);
    await stage.over(a);
  });

  it("[TE31] early media of a called network is told, and heard in a bridge before its answer", async () => {
    const a = await stage.customer();
    const carrier = await harness.carrier();
    const legId = await callOver(carrier);
    const call = await carrier.party.nextCall();
    await expect(stage.sw.join(await stage.bridged(a), legId)).rejects.toMatchObject({
      code: "telephony.not_answered",
    });
    await call.playEarly();
    await harness.speak(call, 1330);
    await stage.next("leg.early_media", (e) => e.legId === legId);
    await stage.bridged(a, { legId });
    await expect.poll(() => harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
    expect(stage.of(legId).some((e) => e.type === "leg.answered")).toBe(false);
    await call.answer();
    await stage.answered(legId);
    await expect.poll(() => harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
    await stage.over(a, { legId, call });
  });

  it("[TE32] a diverted call tells from whom, and a call sent on tells the next", async () => {
    const outside = await harness.outside();
    const call = await outside.call("100", { divertedFrom: { number: "0812345", reason: "no-answer" } });
    const incoming = await stage.next("leg.incoming");
    expect(incoming.divertedFrom).toEqual({ number: "0812345", reason: "no-answer" });
    call.hangup();
    await stage.ended(incoming.legId);
    const carrier = await harness.carrier();
    const legId = stage.leg();
    await stage.sw.originate({
      legId,
      target: { kind: "number", routes: [over(carrier)] },
      ringTimeoutMs: RING_MS,
      divertedFrom: { number: "0867890", reason: "user-busy" },
    });
    const sentOn = await carrier.party.nextCall();
    expect(sentOn.divertedFrom).toEqual({ number: "0867890", reason: "user-busy" });
    expect(sentOn.header("history-info")).toContain("0867890");
    sentOn.reject(486);
    await stage.ended(legId);
  });

  it("[TE32] a call with Replaces tells which leg it wants to take the place of", async () => {
    const b = await stage.calledPhone();
    const colleague = await harness.phone();
    await colleague.register();
    const taking = await colleague.call("100", { replaces: b.call });
    const incoming = await stage.next("leg.incoming");
    expect(incoming.replacesLegId).toBe(b.legId);
    await stage.sw.answer(incoming.legId);
    await taking.whenAnswered();
    await stage.over(b, { legId: incoming.legId, call: taking });
  });

  it("[TE32] an attended transfer of a phone's own two calls names both legs", async () => {
    const phone = await harness.phone();
    await phone.register();
    const calls = [];
    for (const number of ["201", "202"]) {
      const call = await phone.call(number);
      const { legId } = await stage.next("leg.incoming", (e) => e.calledNumber === number);
      await stage.sw.answer(legId);
      await call.whenAnswered();
      calls.push({ call, legId });
    }
    const [first, second] = calls as [(typeof calls)[0], (typeof calls)[0]];
    first.call.refer("sip:202@127.0.0.1", second.call);
    const asked = await stage.next("leg.transfer_asked");
    expect(asked).toMatchObject({ legId: first.legId, replacesLegId: second.legId });
    await stage.sw.acceptTransfer(first.legId);
    await stage.over(first, second);
  });

  it("[TE35] a call with auto-answer asks the phone to answer by itself, another does not", async () => {
    const phone = await harness.phone();
    await phone.register();
    const legId = await stage.callPhone(phone, { autoAnswer: true });
    const call = await phone.nextCall();
    expect(call.autoAnswer).toBe(true);
    call.reject(486);
    await stage.ended(legId);
    const plain = await stage.callPhone(phone);
    const second = await phone.nextCall();
    expect(second.autoAnswer).toBe(false);
    second.reject(486);
    await stage.ended(plain);
  });

  it("[TE36] a trunk that fails hands the call to the next, and each attempt is told", async () => {
    const [full, silent, good] = [await harness.carrier(), await harness.carrier(), await harness.carrier()];
    silent.deafen();
    const legId = await callOver(full, silent, good);
    (await full.party.nextCall()).reject(503);
    const call = await good.party.nextCall();
    expect(trunksOf(legId)).toEqual([full.trunkId, silent.trunkId, good.trunkId]);
    await call.answer();
    await stage.answered(legId);
    expect((await stage.sw.listLegs()).find((l) => l.legId === legId)?.party).toEqual({
      kind: "trunk",
      trunkId: good.trunkId,
    });
    expect(stage.sw.figures().legsByTrunk.get(good.trunkId)).toBe(1);
    await stage.over({ legId, call });
    // what failed is tried last from now on
    const again = await callOver(full, good);
    (await good.party.nextCall()).reject(486);
    expect((await stage.ended(again)).end).toMatchObject({ doing: "far_end", cause: "busy" });
    expect(trunksOf(again), "a word of the called party ends the call").toEqual([good.trunkId]);
  });

  it("[TE36] each route says its own caller number, and 408, 480, 500 and 302 go on to the next trunk", async () => {
    const last = await harness.carrier();
    for (const status of [408, 480, 500, 302]) {
      const first = await harness.carrier();
      const legId = stage.leg();
      await stage.sw.originate({
        legId,
        target: {
          kind: "number",
          routes: [
            { ...over(first), callerNumber: "0401" },
            { ...over(last), callerNumber: "+46402" },
          ],
        },
        ringTimeoutMs: RING_MS,
      });
      const tried = await first.party.nextCall();
      expect(tried.callerNumber).toBe("0401");
      tried.reject(status);
      const call = await last.party.nextCall();
      expect(call.callerNumber).toBe("+46402");
      call.reject(603);
      expect((await stage.ended(legId)).end).toMatchObject({ doing: "far_end", cause: "refused" });
    }
  });

  it("[TE36] when no trunk takes the call the leg ends by the carrier's doing", async () => {
    const [one, two] = [await harness.carrier(), await harness.carrier()];
    const legId = await callOver(one, two);
    (await one.party.nextCall()).reject(503);
    (await two.party.nextCall()).reject(503);
    expect((await stage.ended(legId)).end).toMatchObject({
      doing: "carrier",
      cause: "congestion",
      status: 503,
    });
  });

  it("[TE43] a trunk that stops answering is down, and a call that still has media goes on", async () => {
    const carrier = await harness.carrier();
    const a = await stage.customer();
    const legId = await callOver(carrier);
    const call = await carrier.party.nextCall();
    await call.answer();
    await stage.answered(legId);
    await harness.speak(call, 1330);
    await harness.speak(a.call, 620);
    await stage.bridged(a, { legId });
    carrier.deafen();
    await stage.next("trunk.down", (e) => e.trunkId === carrier.trunkId);
    await expect.poll(() => harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
    expect(await harness.hear(a.call, 440)).toBeLessThan(FAINT);
    expect(stage.seen.some((e) => e.type === "leg.ended")).toBe(false);
    await stage.over(a, { legId, call });
  });
}
