import type { BridgeId, LegId, RecordingId } from "@svara/kernel";
import type { SoftCall } from "../soft-phone/soft-call.ts";
import type { Originate, Switch, SwitchEvent, SwitchEventBody } from "../switch.ts";
import type { ContractSwitch, SwitchHarness, TestParty } from "./harness.ts";

export const RING_MS = 5_000;
/** Shares of a tone in what was heard. */
export const LOUD = 0.6;
export const FAINT = 0.05;
/** What is to be heard may come late on a busy machine. */
export const HEARING = { timeout: 15_000 };

/** A switch under test, what it has said since the test began, and calls to begin with. */
export class Stage {
  readonly harness: SwitchHarness;
  seen: SwitchEvent[] = [];
  #under: ContractSwitch | undefined;
  #ids = 0;

  constructor(harness: SwitchHarness) {
    this.harness = harness;
  }

  async start(): Promise<void> {
    this.#under = await this.harness.start();
    this.sw.events.on((event) => this.seen.push(event));
  }

  get under(): ContractSwitch {
    if (!this.#under) throw new Error("the stage has not been started");
    return this.#under;
  }

  get sw(): Switch {
    return this.under.switch;
  }

  leg(): LegId {
    return `leg-${++this.#ids}` as LegId;
  }

  bridge(): BridgeId {
    return `bridge-${++this.#ids}` as BridgeId;
  }

  recording(): RecordingId {
    return `rec-${++this.#ids}` as RecordingId;
  }

  /** The first event of a kind since the test began, past or to come. */
  next<T extends SwitchEventBody["type"]>(
    type: T,
    fits: (event: Extract<SwitchEvent, { type: T }>) => boolean = () => true,
  ): Promise<Extract<SwitchEvent, { type: T }>> {
    type Wanted = Extract<SwitchEvent, { type: T }>;
    const found = this.seen.find((e): e is Wanted => e.type === type && fits(e as Wanted));
    if (found) return Promise.resolve(found);
    return new Promise((resolve) => {
      const subscription = this.sw.events.on((event) => {
        if (event.type !== type || !fits(event as Wanted)) return;
        subscription.dispose();
        resolve(event as Wanted);
      });
    });
  }

  ended(legId: LegId) {
    return this.next("leg.ended", (e) => e.legId === legId);
  }

  answered(legId: LegId) {
    return this.next("leg.answered", (e) => e.legId === legId);
  }

  /** What the switch said of a leg. */
  of(legId: LegId): SwitchEvent[] {
    return this.seen.filter((e) => "legId" in e && e.legId === legId);
  }

  async callPhone(phone: TestParty, more: Partial<Originate> = {}): Promise<LegId> {
    const legId = this.leg();
    await this.sw.originate({
      legId,
      target: { kind: "endpoint", endpointId: phone.endpointId },
      ringTimeoutMs: RING_MS,
      ...more,
    });
    return legId;
  }

  /** A phone that is in a call which we made to it. */
  async calledPhone(
    more: Partial<Originate> = {},
  ): Promise<{ legId: LegId; call: SoftCall; phone: TestParty }> {
    const phone = await this.harness.phone();
    await phone.register();
    const legId = await this.callPhone(phone, more);
    const call = await phone.nextCall();
    await call.answer();
    await this.answered(legId);
    return { legId, call, phone };
  }

  /** A customer that called in and was answered. */
  async customer(number = "100"): Promise<{ legId: LegId; call: SoftCall }> {
    const { legId, call } = await this.waiting(number);
    await this.sw.answer(legId);
    await call.whenAnswered();
    await this.answered(legId);
    return { legId, call };
  }

  /** A customer whose leg is on another media host than this one's. */
  async customerElsewhere(legId: LegId): Promise<{ legId: LegId; call: SoftCall }> {
    const here = await this.harness.hostOf(legId);
    for (;;) {
      const found = await this.customer();
      if ((await this.harness.hostOf(found.legId)) !== here) return found;
    }
  }

  /** A customer that called in and is not answered. */
  async waiting(number = "100"): Promise<{ legId: LegId; call: SoftCall }> {
    const outside = await this.harness.outside();
    const call = await outside.call(number, { from: outside.user });
    const { legId } = await this.next("leg.incoming", (e) => e.callerNumber === outside.user);
    return { legId, call };
  }

  /** A bridge of these legs. */
  async bridged(...legs: readonly { legId: LegId }[]): Promise<BridgeId> {
    const bridgeId = this.bridge();
    await this.sw.createBridge(bridgeId);
    for (const { legId } of legs) await this.sw.join(bridgeId, legId);
    return bridgeId;
  }

  /** Has parties hang up, and waits until their legs have ended. */
  async over(...calls: readonly { legId: LegId; call: SoftCall }[]): Promise<void> {
    for (const { call } of calls) call.hangup();
    await Promise.all(calls.map(({ legId }) => this.ended(legId)));
  }
}
