import { expect, it } from "vitest";
import type { MediaFault } from "./harness.ts";
import { FAINT, HEARING, LOUD, type Stage } from "./stage.ts";

const FAULTS: readonly MediaFault[] = ["throws", "eats_memory", "terminated"];

/** The death of media hosts, and legs that have to be on one of them: TE41, TE42. */
export function provesFaults(stage: Stage): void {
  const { harness } = stage;

  it("[TE42] legs of two media hosts hear each other once they are joined", async () => {
    const a = await stage.customer();
    const b = await stage.customerElsewhere(a.legId);
    await harness.speak(a.call, 620);
    await harness.speak(b.call, 1330);
    const recordingId = stage.recording();
    await stage.sw.startRecording(recordingId, b.legId, `${await harness.folder()}/${recordingId}`);
    await stage.bridged(a, b);
    expect(await harness.hostOf(a.legId)).toBe(await harness.hostOf(b.legId));
    expect(b.call.reoffers).toBe(1);
    await expect.poll(() => harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
    await expect.poll(() => harness.hear(b.call, 620), HEARING).toBeGreaterThan(LOUD);
    await stage.sw.stopRecording(recordingId);
    const { tracks } = await stage.next("recording.stored");
    expect((await harness.measure(tracks.inPath, 1330)).share, "recorded across the move").toBeGreaterThan(
      LOUD,
    );
    await stage.over(a, b);
  });

  it("[TE42] a leg called near another needs no move", async () => {
    const a = await stage.customer();
    const b = await stage.calledPhone({ near: a.legId });
    await stage.bridged(a, b);
    expect(a.call.reoffers + b.call.reoffers).toBe(0);
    await stage.over(a, b);
  });

  it.each(FAULTS)(
    "[TE41] legs of a host that dies (%s) are carried over, and others are untouched",
    async (fault) => {
      const a = await stage.customer();
      const b = await stage.calledPhone({ near: a.legId });
      const alone = await stage.calledPhone({ near: a.legId });
      const other = await stage.customerElsewhere(a.legId);
      const unanswered = await stage.waiting();
      await harness.speak(a.call, 620);
      await harness.speak(b.call, 1330);
      // a party that sends nothing would be taken for dead
      for (const { call } of [alone, other]) await harness.speak(call, 2200);
      const bridgeId = await stage.bridged(a, b);
      await stage.sw.play(`music-${fault}`, alone.legId, [{ kind: "tone", tone: "dial" }], { loop: true });
      await stage.sw.play(`others-${fault}`, other.legId, [{ kind: "tone", tone: "dial" }], { loop: true });
      const recordingId = stage.recording();
      const prefix = `${await harness.folder()}/${recordingId}`;
      await stage.sw.startRecording(recordingId, a.legId, prefix);
      await harness.hear(a.call, 1330, 1_200);

      await harness.breakMedia(a.legId, fault);

      for (const { legId } of [a, b, alone]) {
        await stage.next("leg.media_lost", (e) => e.legId === legId);
        await stage.next("leg.media_restored", (e) => e.legId === legId);
      }
      expect(await stage.next("playback.ended")).toMatchObject({
        playbackId: `music-${fault}`,
        reason: "failed",
      });
      expect(await stage.next("recording.failed")).toMatchObject({ recordingId, legId: a.legId });
      expect((await stage.sw.listLegs()).find((l) => l.legId === a.legId)?.bridgeId).toBe(bridgeId);
      await expect.poll(() => harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
      await expect.poll(() => harness.hear(b.call, 620), HEARING).toBeGreaterThan(LOUD);
      await expect
        .poll(async () => (await harness.measure(`${prefix}-in.wav`, 620)).share, { timeout: 5_000 })
        .toBeGreaterThan(LOUD);
      // a new playback and an unanswered call find a living host
      await stage.sw.play(`again-${fault}`, alone.legId, [{ kind: "tone", tone: "dial" }], { loop: true });
      await expect.poll(() => harness.hear(alone.call, 425), HEARING).toBeGreaterThan(LOUD);
      await stage.sw.answer(unanswered.legId);
      await unanswered.call.whenAnswered();
      await harness.speak(unanswered.call, 2200);
      await expect.poll(() => harness.hear(other.call, 425), HEARING).toBeGreaterThan(LOUD);
      expect(await harness.hear(other.call, 1330)).toBeLessThan(FAINT);
      expect(stage.of(other.legId).some((e) => e.type === "leg.media_lost" || e.type === "leg.ended")).toBe(
        false,
      );
      await expect
        .poll(() => stage.sw.figures().mediaHosts, { timeout: 5_000 })
        .toEqual({ running: 2, of: 2 });
      await stage.over(a, b, alone, other, unanswered);
      await stage.sw.destroyBridge(bridgeId);
    },
  );

  it("[TE41] a leg that rings while its host dies talks when it is answered", async () => {
    const phone = await harness.phone();
    await phone.register();
    const legId = await stage.callPhone(phone);
    const call = await phone.nextCall();
    await harness.breakMedia(legId, "terminated");
    await call.answer();
    await stage.answered(legId);
    await stage.next("leg.media_restored", (e) => e.legId === legId);
    await stage.sw.play("late", legId, [{ kind: "tone", tone: "dial" }], { loop: true });
    await expect.poll(() => harness.hear(call, 425), HEARING).toBeGreaterThan(LOUD);
    await stage.over({ legId, call });
  });
}
