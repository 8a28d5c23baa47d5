import { expect, it } from "vitest";
import { FAINT, HEARING, LOUD, type Stage } from "./stage.ts";

/** Roles, echo, quality, detection, the beep of a recording and the ways of a key: TE33, TE34, TE37 to TE40. */
export function provesMediaWork(stage: Stage): void {
  const { harness } = stage;

  it("[TE33] a listener hears all and is heard by none, a whisperer is heard by whom it names", async () => {
    const customer = await stage.customer();
    const agent = await stage.calledPhone({ near: customer.legId });
    const supervisor = await stage.calledPhone({ near: customer.legId });
    await harness.speak(customer.call, 620);
    await harness.speak(agent.call, 1330);
    await harness.speak(supervisor.call, 2200);
    const bridgeId = await stage.bridged(customer, agent);
    await stage.sw.join(bridgeId, supervisor.legId, { type: "listen" });
    await expect.poll(() => harness.hear(supervisor.call, 620), HEARING).toBeGreaterThan(0.3);
    await expect.poll(() => harness.hear(supervisor.call, 1330), HEARING).toBeGreaterThan(0.3);
    expect(await harness.hear(customer.call, 2200)).toBeLessThan(FAINT);
    await expect.poll(() => harness.hear(customer.call, 1330), HEARING).toBeGreaterThan(LOUD);
    await stage.sw.join(bridgeId, supervisor.legId, { type: "whisper", to: [agent.legId] });
    await expect.poll(() => harness.hear(agent.call, 2200), HEARING).toBeGreaterThan(0.3);
    expect(await harness.hear(customer.call, 2200)).toBeLessThan(FAINT);
    await stage.sw.join(bridgeId, supervisor.legId, { type: "talk" });
    await expect.poll(() => harness.hear(customer.call, 2200), HEARING).toBeGreaterThan(0.3);
    await expect.poll(() => harness.hear(agent.call, 620), HEARING).toBeGreaterThan(0.3);
    await stage.over(customer, agent, supervisor);
  });

  it("[TE34] with echo a party hears itself, until something else is to be heard", async () => {
    const a = await stage.customer();
    await harness.speak(a.call, 620);
    await stage.sw.echo(a.legId, true);
    await expect.poll(() => harness.hear(a.call, 620), HEARING).toBeGreaterThan(LOUD);
    await stage.sw.play("over-echo", a.legId, [{ kind: "tone", tone: "dial" }], { loop: true });
    expect(await harness.hear(a.call, 620)).toBeLessThan(FAINT);
    await stage.sw.stopPlayback("over-echo");
    await stage.sw.echo(a.legId, false);
    expect(await harness.hear(a.call, 620)).toBeLessThan(FAINT);
    await stage.over(a);
  });

  it("[TE37] quality is told while a leg talks, and once more before its end", async () => {
    const a = await stage.customer();
    await harness.speak(a.call, 620);
    const { quality } = await stage.next("leg.quality", (e) => e.legId === a.legId);
    expect(quality.mos).toBeGreaterThan(3.5);
    expect(quality.codec).toMatch(/^PCM[AU]$/);
    const before = stage.of(a.legId).length;
    await stage.over(a);
    const last = stage
      .of(a.legId)
      .slice(before)
      .map((e) => e.type);
    expect(last.slice(-2)).toEqual(["leg.quality", "leg.ended"]);
  });

  it("[TE38] listening ends with one verdict", async () => {
    const fax = await stage.customer();
    await harness.sendFax(fax.call);
    await stage.sw.detect(fax.legId, "fax", 15_000);
    expect(await stage.next("leg.detected", (e) => e.legId === fax.legId)).toMatchObject({ what: "fax" });
    const mute = await stage.customer();
    await stage.sw.detect(mute.legId, "fax", 500);
    expect(await stage.next("leg.detected", (e) => e.legId === mute.legId)).toMatchObject({
      what: "unknown",
    });
    expect(stage.seen.filter((e) => e.type === "leg.detected")).toHaveLength(2);
    await stage.over(fax, mute);
  });

  it("[TE39] the beep of a recording is heard by both and is in it", async () => {
    const a = await stage.customer();
    const b = await stage.calledPhone({ near: a.legId });
    await stage.bridged(a, b);
    const recordingId = stage.recording();
    const prefix = `${await harness.folder()}/${recordingId}`;
    for (const { call } of [a, b]) await call.say([{ silenceMs: 1_000 }], true);
    await stage.sw.startRecording(recordingId, a.legId, prefix, { beepEveryMs: 400 });
    const [atA, atB] = await Promise.all([
      harness.hear(a.call, 1400, 1_500),
      harness.hear(b.call, 1400, 1_500),
    ]);
    // each beep begins at a phase of its own, so that together they are no pure tone
    expect(atA).toBeGreaterThan(FAINT);
    expect(atB).toBeGreaterThan(FAINT);
    await stage.sw.stopRecording(recordingId);
    const { tracks } = await stage.next("recording.stored");
    expect((await harness.measure(tracks.outPath, 1400)).share).toBeGreaterThan(FAINT);
    await stage.over(a, b);
  });

  it("[TE40] a key is one key, be it an event, an INFO, both, or a tone", async () => {
    const keys = (legId: string): string[] =>
      stage.seen.flatMap((e) => (e.type === "leg.dtmf" && e.legId === legId ? [e.digit] : []));
    const a = await stage.customer();
    await a.call.pressByInfo("1");
    await expect.poll(() => keys(a.legId)).toEqual(["1"]);
    await Promise.all([a.call.press("2"), a.call.pressByInfo("2")]);
    await a.call.pressByInfo("3");
    await expect.poll(() => keys(a.legId)).toEqual(["1", "2", "3"]);
    const phone = await harness.phone();
    await phone.register();
    const tones = await phone.call("100", { keys: "tones" });
    const { legId } = await stage.next("leg.incoming", (e) => e.callerNumber === phone.user);
    await stage.sw.answer(legId);
    await tones.whenAnswered();
    await harness.hear(tones, 0, 300);
    await tones.press("58");
    await expect.poll(() => keys(legId), { timeout: 5_000 }).toEqual(["5", "8"]);
    await stage.over(a, { legId, call: tones });
  });
}
