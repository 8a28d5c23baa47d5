import { expect, it } from "vitest";
import { FAINT, HEARING, LOUD, type Stage } from "./stage.ts";

/** What is heard, recorded and held: TE16 to TE26. */
export function provesMedia(stage: Stage): void {
  it("[TE16] [TE17] legs of one bridge hear each other and nobody else", async () => {
    const a = await stage.customer();
    const b = await stage.calledPhone();
    const c = await stage.calledPhone();
    await stage.harness.speak(a.call, 620);
    await stage.harness.speak(b.call, 1330);
    await stage.harness.speak(c.call, 440);
    const one = stage.bridge();
    const two = stage.bridge();
    await stage.sw.createBridge(one);
    await stage.sw.createBridge(two);
    await stage.sw.join(one, a.legId);
    await stage.sw.join(one, b.legId);
    await stage.sw.join(two, c.legId);
    await expect.poll(() => stage.harness.hear(b.call, 620), HEARING).toBeGreaterThan(LOUD);
    await expect.poll(() => stage.harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
    expect(await stage.harness.hear(c.call, 620)).toBeLessThan(FAINT);
    await stage.sw.join(two, a.legId);
    expect((await stage.sw.listLegs()).find((l) => l.legId === a.legId)?.bridgeId).toBe(two);
    await expect.poll(() => stage.harness.hear(a.call, 440), HEARING).toBeGreaterThan(LOUD);
    expect(await stage.harness.hear(b.call, 620)).toBeLessThan(FAINT);
    for (const { call } of [a, b, c]) call.hangup();
    await Promise.all([a, b, c].map(({ legId }) => stage.ended(legId)));
    await stage.sw.destroyBridge(one);
    await stage.sw.destroyBridge(two);
  });

  it("[TE18] a playback is heard by its leg and ends once; a loop ends when stopped", async () => {
    const a = await stage.customer();
    await stage.sw.play("once", a.legId, [{ kind: "tone", tone: "beep" }]);
    expect(await stage.next("playback.ended", (e) => e.playbackId === "once")).toMatchObject({
      reason: "done",
    });
    await stage.sw.play("loop", a.legId, [{ kind: "tone", tone: "beep" }], { loop: true });
    await expect.poll(() => stage.harness.hear(a.call, 0), HEARING).toBeGreaterThan(0);
    expect(stage.seen.some((e) => e.type === "playback.ended" && e.playbackId === "loop")).toBe(false);
    await stage.sw.stopPlayback("loop");
    expect(await stage.next("playback.ended", (e) => e.playbackId === "loop")).toMatchObject({
      reason: "stopped",
    });
    a.call.hangup();
    await stage.ended(a.legId);
  });

  it("[TE19] joining a bridge stops the playback, and leaving it is silence", async () => {
    const a = await stage.customer();
    const b = await stage.calledPhone();
    await stage.harness.speak(b.call, 1330);
    await stage.sw.play("hold", a.legId, [{ kind: "tone", tone: "dial" }], { loop: true });
    const one = stage.bridge();
    await stage.sw.createBridge(one);
    await stage.sw.join(one, a.legId);
    await stage.sw.join(one, b.legId);
    await stage.next("playback.ended", (e) => e.playbackId === "hold");
    await expect.poll(() => stage.harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
    await stage.sw.leave(one, a.legId);
    expect(await stage.harness.hear(a.call, 1330)).toBeLessThan(FAINT);
    a.call.hangup();
    b.call.hangup();
    await Promise.all([stage.ended(a.legId), stage.ended(b.legId)]);
  });

  it("[TE20] [TE21] digits go both ways", async () => {
    const a = await stage.customer();
    await a.call.press("5#");
    await stage.next("leg.dtmf", (e) => e.digit === "#");
    expect(stage.seen.flatMap((e) => (e.type === "leg.dtmf" ? [e.digit] : []))).toEqual(["5", "#"]);
    const heard: string[] = [];
    const listening = a.call.onDigit((digit) => heard.push(digit));
    await stage.sw.sendDtmf(a.legId, "42");
    await expect.poll(() => heard.join(""), { timeout: 5_000 }).toBe("42");
    listening.dispose();
    a.call.hangup();
    await stage.ended(a.legId);
  });

  it("[TE22] a recording has two tracks of equal length and is stored once", async () => {
    const a = await stage.customer();
    const b = await stage.calledPhone();
    await stage.harness.speak(a.call, 620);
    await stage.harness.speak(b.call, 1330);
    const one = stage.bridge();
    await stage.sw.createBridge(one);
    await stage.sw.join(one, a.legId);
    await stage.sw.join(one, b.legId);
    const recordingId = stage.recording();
    await stage.sw.startRecording(recordingId, a.legId, `${await stage.harness.folder()}/${recordingId}`);
    await stage.harness.hear(a.call, 1330, 1_500);
    a.call.hangup();
    await stage.ended(a.legId);
    const { tracks } = await stage.next("recording.stored", (e) => e.recordingId === recordingId);
    await stage.sw.stopRecording(recordingId);
    const said = await stage.harness.measure(tracks.inPath, 620);
    const heard = await stage.harness.measure(tracks.outPath, 1330);
    expect(said.share).toBeGreaterThan(LOUD);
    expect(heard.share).toBeGreaterThan(LOUD);
    expect(said.durationMs).toBe(heard.durationMs);
    expect(said.durationMs).toBeGreaterThan(1_000);
    expect(
      stage.seen.filter((e) => e.type === "recording.stored" && e.recordingId === recordingId),
    ).toHaveLength(1);
    b.call.hangup();
    await stage.ended(b.legId);
  });

  it("[TE22] a recording of a leg that has ended is reported as failed", async () => {
    const a = await stage.customer();
    a.call.hangup();
    await stage.ended(a.legId);
    const recordingId = stage.recording();
    await stage.sw.startRecording(recordingId, a.legId, `${await stage.harness.folder()}/${recordingId}`);
    await stage.next("recording.failed", (e) => e.recordingId === recordingId);
    await stage.sw.stopRecording(recordingId);
  });

  it("[TE23] what is said while a recording is paused is not in it", async () => {
    const a = await stage.customer();
    const recordingId = stage.recording();
    await stage.sw.startRecording(recordingId, a.legId, `${await stage.harness.folder()}/${recordingId}`);
    await stage.sw.pauseRecording(recordingId);
    await stage.harness.speak(a.call, 620);
    await stage.harness.hear(a.call, 620, 600);
    await a.call.quiet();
    await stage.harness.hear(a.call, 620, 300);
    await stage.sw.resumeRecording(recordingId);
    await stage.sw.stopRecording(recordingId);
    const { tracks } = await stage.next("recording.stored", (e) => e.recordingId === recordingId);
    expect((await stage.harness.measure(tracks.inPath, 620)).share).toBeLessThan(FAINT);
    a.call.hangup();
    await stage.ended(a.legId);
  });

  it("[TE24] being put on hold and taken back is reported", async () => {
    const b = await stage.calledPhone();
    await b.call.hold(true);
    await stage.next("leg.held", (e) => e.legId === b.legId);
    await b.call.hold(false);
    await stage.next("leg.resumed", (e) => e.legId === b.legId);
    b.call.hangup();
    await stage.ended(b.legId);
  });

  it("[TE25] a party that has fallen silent ends with media_timeout", async () => {
    const b = await stage.calledPhone();
    await stage.harness.speak(b.call, 440);
    await stage.next("leg.media", (e) => e.legId === b.legId);
    await stage.harness.cut(b.call);
    expect((await stage.ended(b.legId)).end).toMatchObject({ cause: "media_timeout" });
  });

  it("[TE26] a muted leg is not heard", async () => {
    const a = await stage.customer();
    const b = await stage.calledPhone();
    await stage.harness.speak(b.call, 1330);
    const one = stage.bridge();
    await stage.sw.createBridge(one);
    await stage.sw.join(one, a.legId);
    await stage.sw.join(one, b.legId);
    await stage.sw.mute(b.legId, true);
    expect(await stage.harness.hear(a.call, 1330)).toBeLessThan(FAINT);
    await stage.sw.mute(b.legId, false);
    await expect.poll(() => stage.harness.hear(a.call, 1330), HEARING).toBeGreaterThan(LOUD);
    a.call.hangup();
    b.call.hangup();
    await Promise.all([stage.ended(a.legId), stage.ended(b.legId)]);
  });
}
