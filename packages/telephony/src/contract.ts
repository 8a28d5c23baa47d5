import type { BridgeId, EndpointId, LegId, RecordingId, TrunkId } from "@svara/kernel";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SoftCall } from "./soft-phone/soft-call.ts";
import type { Switch, SwitchEvent, SwitchEventBody } from "./switch.ts";

/** A party at the far end of a leg, as the contract sees it. */
export interface TestParty {
  /** Its number or user part. */
  readonly user: string;
  readonly endpointId: EndpointId;
  register(): Promise<void>;
  unregister(): Promise<void>;
  /** Calls a number at the switch. */
  call(number: string, options?: { from?: string | null }): Promise<SoftCall>;
  /** The next call that reaches it. */
  nextCall(): Promise<SoftCall>;
  close(): Promise<void>;
}

/** The switch under test; drivers that can, let the test shorten their media time-out. */
export interface ContractSwitch {
  readonly switch: Switch;
  /** A trunk by which `TestParty.call` without registration comes in, and numbers can be called. */
  readonly trunkId: TrunkId;
  readonly mediaTimeoutMs: number;
}

/** What a driver gives the contract to run on: real sockets, real media. */
export interface SwitchHarness {
  readonly name: string;
  start(): Promise<ContractSwitch>;
  /** A phone with an account of its own; `twin` is a second device of the same account. */
  phone(twin?: TestParty): Promise<TestParty>;
  /** A party behind the trunk; it can call in, and is reached by calling its `user` over the trunk. */
  outside(): Promise<TestParty>;
  /** Has a party speak a tone into its call until it ends. */
  speak(call: SoftCall, hz: number): Promise<void>;
  /** Listens at a party for `ms`, and returns the share of `hz` in what it heard, 0..1. */
  hear(call: SoftCall, hz: number, ms?: number): Promise<number>;
  /** The share of `hz` in a WAV file, and its length. */
  measure(path: string, hz: number): Promise<{ share: number; durationMs: number }>;
  /** Stops all sending from a party, as if its cable were cut. */
  cut(call: SoftCall): Promise<void>;
  /** An empty folder for recordings. */
  folder(): Promise<string>;
  stop(): Promise<void>;
}

const RING_MS = 5_000;
const LOUD = 0.6;
const FAINT = 0.05;

/** Proves that a driver obeys SPEC.md. Call it from a test file of the driver. */
export function runSwitchContract(harness: SwitchHarness): void {
  describe(`the switch contract: ${harness.name}`, () => {
    let under: ContractSwitch;
    let sw: Switch;
    let seen: SwitchEvent[] = [];
    let ids = 0;
    const leg = (): LegId => `leg-${++ids}` as LegId;
    const bridge = (): BridgeId => `bridge-${++ids}` as BridgeId;

    const next = <T extends SwitchEventBody["type"]>(
      type: T,
      fits: (event: Extract<SwitchEvent, { type: T }>) => boolean = () => true,
    ): Promise<Extract<SwitchEvent, { type: T }>> => {
      type Wanted = Extract<SwitchEvent, { type: T }>;
      const found = seen.find((e): e is Wanted => e.type === type && fits(e as Wanted));
      if (found) return Promise.resolve(found);
      return new Promise((resolve) => {
        const subscription = sw.events.on((event) => {
          if (event.type !== type || !fits(event as Wanted)) return;
          subscription.dispose();
          resolve(event as Wanted);
        });
      });
    };
    const ended = (legId: LegId) => next("leg.ended", (e) => e.legId === legId);
    const answered = (legId: LegId) => next("leg.answered", (e) => e.legId === legId);

    /** A phone that is in a call which we made to it. */
    const calledPhone = async (): Promise<{ legId: LegId; call: SoftCall; phone: TestParty }> => {
      const phone = await harness.phone();
      await phone.register();
      const legId = leg();
      await sw.originate({
        legId,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: RING_MS,
      });
      const call = await phone.nextCall();
      await call.answer();
      await answered(legId);
      return { legId, call, phone };
    };
    /** A customer that called in and was answered. */
    const customer = async (number = "100"): Promise<{ legId: LegId; call: SoftCall }> => {
      const outside = await harness.outside();
      const call = await outside.call(number, { from: outside.user });
      const { legId } = await next("leg.incoming", (e) => e.callerNumber === outside.user);
      await sw.answer(legId);
      await call.whenAnswered();
      await answered(legId);
      return { legId, call };
    };

    beforeAll(async () => {
      under = await harness.start();
      sw = under.switch;
      sw.events.on((event) => seen.push(event));
    });
    beforeEach(() => {
      seen = [];
    });
    afterAll(() => harness.stop());

    it("[TE1] a command repeated with its id has no second effect", async () => {
      const { legId, call, phone } = await calledPhone();
      await sw.originate({
        legId,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: RING_MS,
      });
      const bridgeId = bridge();
      await sw.createBridge(bridgeId);
      await sw.createBridge(bridgeId);
      await sw.join(bridgeId, legId);
      await sw.join(bridgeId, legId);
      expect((await sw.listLegs()).filter((l) => l.legId === legId)).toHaveLength(1);
      call.hangup();
      await ended(legId);
      await sw.originate({
        legId,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: RING_MS,
      });
      expect((await sw.listLegs()).some((l) => l.legId === legId)).toBe(false);
    });

    it("[TE2] commands on what has ended resolve without effect", async () => {
      const { legId, call } = await calledPhone();
      call.hangup();
      await ended(legId);
      const bridgeId = bridge();
      await sw.createBridge(bridgeId);
      await sw.join(bridgeId, legId);
      await sw.play("late", legId, [{ kind: "tone", tone: "beep" }]);
      await sw.hangup(legId, "normal");
      await sw.sendDtmf(legId, "1");
      await sw.destroyBridge(bridgeId);
      await sw.leave(bridgeId, legId);
      await sw.destroyBridge(bridgeId);
      expect(seen.filter((e) => e.type === "leg.ended" && e.legId === legId)).toHaveLength(1);
    });

    it("[TE3] commands on what never was are refused by name", async () => {
      await expect(sw.answer("nobody" as LegId)).rejects.toMatchObject({ code: "telephony.unknown_leg" });
      await expect(sw.destroyBridge("nowhere" as BridgeId)).rejects.toMatchObject({
        code: "telephony.unknown_bridge",
      });
      await expect(sw.stopRecording("never" as RecordingId)).rejects.toMatchObject({
        code: "telephony.unknown_recording",
      });
    });

    it("[TE4] events are numbered by one, in order", async () => {
      const { call, legId } = await customer();
      call.hangup();
      await ended(legId);
      const numbers = seen.map((e) => e.n);
      expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
    });

    it("[TE5] [TE15] a party that hangs up ends its leg once, by its own doing", async () => {
      const { call, legId } = await customer();
      call.hangup();
      expect((await ended(legId)).end).toMatchObject({ doing: "far_end", cause: "normal" });
      await sw.hangup(legId, "normal");
      const own = seen.filter((e) => "legId" in e && e.legId === legId && e.type.startsWith("leg."));
      expect(own.filter((e) => e.type === "leg.ended")).toHaveLength(1);
      expect(own.at(-1)?.type).toBe("leg.ended");
    });

    it("[TE6] [TE9] an incoming call that is answered is reported answered once", async () => {
      const { legId, call } = await customer();
      await sw.answer(legId);
      expect(seen.filter((e) => e.type === "leg.answered" && e.legId === legId)).toHaveLength(1);
      call.hangup();
      await ended(legId);
    });

    it("[TE7] [TE9] refusing an incoming call gives the cause's status to the caller", async () => {
      const outside = await harness.outside();
      const call = await outside.call("100");
      const { legId } = await next("leg.incoming", (e) => e.callerNumber === outside.user);
      await sw.hangup(legId, "busy");
      expect(await call.whenEnded()).toMatchObject({ by: "remote", status: 486 });
      expect((await ended(legId)).end).toMatchObject({ doing: "us", status: 486 });
    });

    it("[TE8] an incoming call names the number called and the caller, unless withheld", async () => {
      const outside = await harness.outside();
      const shown = await outside.call("101");
      expect(await next("leg.incoming", (e) => e.callerNumber === outside.user)).toMatchObject({
        calledNumber: "101",
        party: { kind: "trunk", trunkId: under.trunkId },
      });
      shown.hangup();
      const hidden = await outside.call("102", { from: null });
      const event = await next("leg.incoming", (e) => e.calledNumber === "102");
      expect(event.callerNumber).toBeUndefined();
      hidden.hangup();
      expect((await ended(event.legId)).end).toMatchObject({ doing: "far_end", cause: "cancelled" });
    });

    it("[TE10] a called endpoint rings, answers or refuses", async () => {
      const { call, legId } = await calledPhone();
      expect(seen.some((e) => e.type === "leg.ringing" && e.legId === legId)).toBe(true);
      call.hangup();
      const phone = await harness.phone();
      await phone.register();
      const refused = leg();
      await sw.originate({
        legId: refused,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: RING_MS,
      });
      (await phone.nextCall()).reject(486);
      expect((await ended(refused)).end).toMatchObject({ doing: "far_end", cause: "busy" });
    });

    it("[TE11] all devices of an endpoint ring, and the first answer wins", async () => {
      const phone = await harness.phone();
      const twin = await harness.phone(phone);
      await phone.register();
      await twin.register();
      const legId = leg();
      await sw.originate({
        legId,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: RING_MS,
      });
      const [first, second] = [await phone.nextCall(), await twin.nextCall()];
      await second.answer();
      await answered(legId);
      expect(await first.whenEnded()).toMatchObject({ by: "remote" });
      second.hangup();
      await ended(legId);
    });

    it("[TE12] an endpoint that is not registered cannot be called", async () => {
      const phone = await harness.phone();
      const legId = leg();
      await sw.originate({
        legId,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: RING_MS,
      });
      expect((await ended(legId)).end).toMatchObject({ doing: "us", cause: "not_registered" });
    });

    it("[TE13] ringing ends after the ring time", async () => {
      const phone = await harness.phone();
      await phone.register();
      const legId = leg();
      await sw.originate({
        legId,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: 300,
      });
      const call = await phone.nextCall();
      expect((await ended(legId)).end.cause).toBe("no_answer");
      expect(await call.whenEnded()).toMatchObject({ by: "remote" });
    });

    it("[TE14] hanging up while it rings cancels, and a crossing answer comes to nothing", async () => {
      const phone = await harness.phone();
      await phone.register();
      const legId = leg();
      await sw.originate({
        legId,
        target: { kind: "endpoint", endpointId: phone.endpointId },
        ringTimeoutMs: RING_MS,
      });
      const call = await phone.nextCall();
      const answering = call.answer();
      await sw.hangup(legId, "normal");
      await ended(legId);
      await answering;
      await call.whenEnded();
      const after = seen.findIndex((e) => e.type === "leg.ended" && e.legId === legId);
      expect(seen.slice(after).some((e) => e.type === "leg.answered" && e.legId === legId)).toBe(false);
    });

    it("[TE16] [TE17] legs of one bridge hear each other and nobody else", async () => {
      const a = await customer();
      const b = await calledPhone();
      const c = await calledPhone();
      await harness.speak(a.call, 620);
      await harness.speak(b.call, 1330);
      await harness.speak(c.call, 440);
      const one = bridge();
      const two = bridge();
      await sw.createBridge(one);
      await sw.createBridge(two);
      await sw.join(one, a.legId);
      await sw.join(one, b.legId);
      await sw.join(two, c.legId);
      expect(await harness.hear(b.call, 620)).toBeGreaterThan(LOUD);
      expect(await harness.hear(a.call, 1330)).toBeGreaterThan(LOUD);
      expect(await harness.hear(c.call, 620)).toBeLessThan(FAINT);
      await sw.join(two, a.legId);
      expect((await sw.listLegs()).find((l) => l.legId === a.legId)?.bridgeId).toBe(two);
      expect(await harness.hear(a.call, 440)).toBeGreaterThan(LOUD);
      expect(await harness.hear(b.call, 620)).toBeLessThan(FAINT);
      for (const { call } of [a, b, c]) call.hangup();
      await Promise.all([a, b, c].map(({ legId }) => ended(legId)));
      await sw.destroyBridge(one);
      await sw.destroyBridge(two);
    });

    it("[TE18] a playback is heard by its leg and ends once; a loop ends when stopped", async () => {
      const a = await customer();
      await sw.play("once", a.legId, [{ kind: "tone", tone: "beep" }]);
      expect(await next("playback.ended", (e) => e.playbackId === "once")).toMatchObject({ reason: "done" });
      await sw.play("loop", a.legId, [{ kind: "tone", tone: "beep" }], { loop: true });
      expect(await harness.hear(a.call, 0)).toBeGreaterThan(0);
      expect(seen.some((e) => e.type === "playback.ended" && e.playbackId === "loop")).toBe(false);
      await sw.stopPlayback("loop");
      expect(await next("playback.ended", (e) => e.playbackId === "loop")).toMatchObject({
        reason: "stopped",
      });
      a.call.hangup();
      await ended(a.legId);
    });

    it("[TE19] joining a bridge stops the playback, and leaving it is silence", async () => {
      const a = await customer();
      const b = await calledPhone();
      await harness.speak(b.call, 1330);
      await sw.play("hold", a.legId, [{ kind: "tone", tone: "dial" }], { loop: true });
      const one = bridge();
      await sw.createBridge(one);
      await sw.join(one, a.legId);
      await sw.join(one, b.legId);
      await next("playback.ended", (e) => e.playbackId === "hold");
      expect(await harness.hear(a.call, 1330)).toBeGreaterThan(LOUD);
      await sw.leave(one, a.legId);
      expect(await harness.hear(a.call, 1330)).toBeLessThan(FAINT);
      a.call.hangup();
      b.call.hangup();
      await Promise.all([ended(a.legId), ended(b.legId)]);
    });

    it("[TE20] [TE21] digits go both ways", async () => {
      const a = await customer();
      await a.call.press("5#");
      await next("leg.dtmf", (e) => e.digit === "#");
      expect(seen.flatMap((e) => (e.type === "leg.dtmf" ? [e.digit] : []))).toEqual(["5", "#"]);
      const heard: string[] = [];
      const listening = a.call.onDigit((digit) => heard.push(digit));
      await sw.sendDtmf(a.legId, "42");
      await expect.poll(() => heard.join(""), { timeout: 5_000 }).toBe("42");
      listening.dispose();
      a.call.hangup();
      await ended(a.legId);
    });

    it("[TE22] a recording has two tracks of equal length and is stored once", async () => {
      const a = await customer();
      const b = await calledPhone();
      await harness.speak(a.call, 620);
      await harness.speak(b.call, 1330);
      const one = bridge();
      await sw.createBridge(one);
      await sw.join(one, a.legId);
      await sw.join(one, b.legId);
      const recordingId = `rec-${++ids}` as RecordingId;
      await sw.startRecording(recordingId, a.legId, `${await harness.folder()}/${recordingId}`);
      await harness.hear(a.call, 1330, 1_500);
      a.call.hangup();
      await ended(a.legId);
      const { tracks } = await next("recording.stored", (e) => e.recordingId === recordingId);
      await sw.stopRecording(recordingId);
      const said = await harness.measure(tracks.inPath, 620);
      const heard = await harness.measure(tracks.outPath, 1330);
      expect(said.share).toBeGreaterThan(LOUD);
      expect(heard.share).toBeGreaterThan(LOUD);
      expect(said.durationMs).toBe(heard.durationMs);
      expect(said.durationMs).toBeGreaterThan(1_000);
      expect(seen.filter((e) => e.type === "recording.stored" && e.recordingId === recordingId)).toHaveLength(
        1,
      );
      b.call.hangup();
      await ended(b.legId);
    });

    it("[TE22] a recording of a leg that has ended is reported as failed", async () => {
      const a = await customer();
      a.call.hangup();
      await ended(a.legId);
      const recordingId = `rec-${++ids}` as RecordingId;
      await sw.startRecording(recordingId, a.legId, `${await harness.folder()}/${recordingId}`);
      await next("recording.failed", (e) => e.recordingId === recordingId);
      await sw.stopRecording(recordingId);
    });

    it("[TE23] what is said while a recording is paused is not in it", async () => {
      const a = await customer();
      const recordingId = `rec-${++ids}` as RecordingId;
      await sw.startRecording(recordingId, a.legId, `${await harness.folder()}/${recordingId}`);
      await sw.pauseRecording(recordingId);
      await harness.speak(a.call, 620);
      await harness.hear(a.call, 620, 600);
      await a.call.quiet();
      await harness.hear(a.call, 620, 300);
      await sw.resumeRecording(recordingId);
      await sw.stopRecording(recordingId);
      const { tracks } = await next("recording.stored", (e) => e.recordingId === recordingId);
      expect((await harness.measure(tracks.inPath, 620)).share).toBeLessThan(FAINT);
      a.call.hangup();
      await ended(a.legId);
    });

    it("[TE24] being put on hold and taken back is reported", async () => {
      const b = await calledPhone();
      await b.call.hold(true);
      await next("leg.held", (e) => e.legId === b.legId);
      await b.call.hold(false);
      await next("leg.resumed", (e) => e.legId === b.legId);
      b.call.hangup();
      await ended(b.legId);
    });

    it("[TE25] a party that has fallen silent ends with media_timeout", async () => {
      const b = await calledPhone();
      await harness.speak(b.call, 440);
      await next("leg.media", (e) => e.legId === b.legId);
      await harness.cut(b.call);
      expect((await ended(b.legId)).end).toMatchObject({ cause: "media_timeout" });
    });

    it("[TE26] a muted leg is not heard", async () => {
      const a = await customer();
      const b = await calledPhone();
      await harness.speak(b.call, 1330);
      const one = bridge();
      await sw.createBridge(one);
      await sw.join(one, a.legId);
      await sw.join(one, b.legId);
      await sw.mute(b.legId, true);
      expect(await harness.hear(a.call, 1330)).toBeLessThan(FAINT);
      await sw.mute(b.legId, false);
      expect(await harness.hear(a.call, 1330)).toBeGreaterThan(LOUD);
      a.call.hangup();
      b.call.hangup();
      await Promise.all([ended(a.legId), ended(b.legId)]);
    });

    it("[TE27] legs are listed with state and bridge while they live", async () => {
      const a = await customer();
      const one = bridge();
      await sw.createBridge(one);
      await sw.join(one, a.legId);
      expect((await sw.listLegs()).find((l) => l.legId === a.legId)).toMatchObject({
        state: "answered",
        bridgeId: one,
        direction: "inbound",
      });
      a.call.hangup();
      await ended(a.legId);
      expect((await sw.listLegs()).some((l) => l.legId === a.legId)).toBe(false);
    });

    it("[TE29] registrations are reported, the last to go as unregistered", async () => {
      const phone = await harness.phone();
      expect(sw.isRegistered(phone.endpointId)).toBe(false);
      await phone.register();
      await next("endpoint.registered", (e) => e.endpointId === phone.endpointId);
      expect(sw.isRegistered(phone.endpointId)).toBe(true);
      await phone.unregister();
      await next("endpoint.unregistered", (e) => e.endpointId === phone.endpointId);
      expect(sw.isRegistered(phone.endpointId)).toBe(false);
    });

    it("[TE28] a draining switch refuses new calls and keeps the old", async () => {
      const a = await customer();
      sw.drain();
      const outside = await harness.outside();
      const call = await outside.call("100");
      expect(await call.whenEnded()).toMatchObject({ by: "remote", status: 503 });
      expect((await sw.listLegs()).some((l) => l.legId === a.legId)).toBe(true);
      a.call.hangup();
      await ended(a.legId);
    });
  });
}
